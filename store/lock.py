"""The lock on a data folder: one process writes, and the lock file names it. Held as long as the process lives, by the system."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model import StoreError

FILE = "lock"
_INHERITED = "DIEMTIN_LOCK_FD"  # a daemon's children write under its lock: it names the open file they inherit


@contextmanager
def hold(home: Path, holder: str) -> Iterator[int]:
    """Hold the folder's lock; yields its file descriptor, to be passed on to children with `inherit`.

    Raises StoreError, which names the holder, where another process has it.
    """
    inherited = _inherited(home)
    if inherited is not None:
        yield inherited
        return
    try:
        home.mkdir(parents=True, exist_ok=True)
        handle = os.open(home / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"cannot be locked: {error.strerror}", subject=str(home)) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            said = os.pread(handle, 200, 0).decode("utf-8", "replace").strip() or "another process"
            raise StoreError(f"in use by {said}; wait for it to end, or stop it", subject=str(home)) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{holder} (process {os.getpid()})\n".encode(), 0)
        yield handle
    finally:
        os.close(handle)


def inherit(handle: int) -> dict[str, str]:
    """The environment entry that lets a child, which must be given `pass_fds=[handle]`, write under this lock."""
    return {_INHERITED: str(handle)}


def _inherited(home: Path) -> int | None:
    """The lock that a parent holds for us: the named descriptor is this folder's lock file, and open."""
    named = os.environ.get(_INHERITED, "")
    try:
        ours, file = os.fstat(int(named)), (home / FILE).stat()
    except (ValueError, OSError):
        return None
    return int(named) if (ours.st_dev, ours.st_ino) == (file.st_dev, file.st_ino) else None
