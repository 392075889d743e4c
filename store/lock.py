"""The lock on a data folder: one process writes, and the lock file names it. Held as long as the process lives, by the system."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model import StoreError

FILE = "lock"
DIGEST = "digest.lock"  # held by the one digest that is being told
_INHERITED = "DIEMTIN_LOCK_FD"  # a daemon's children write under its lock: it names the open file they inherit
_ORPHAN_SECONDS = 1.0  # how soon a child notices that the daemon is gone


@contextmanager
def hold(home: Path, holder: str, file: str = FILE) -> Iterator[int]:
    """Hold a lock of the folder; yields its file descriptor, to be passed on to children with `inherit`.

    Raises StoreError, which names the holder, where another process has it.
    """
    inherited = _inherited(home / file)
    if inherited is not None:
        threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
        yield inherited
        return
    try:
        home.mkdir(parents=True, exist_ok=True)
        handle = os.open(home / file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"cannot be locked: {error.strerror}", subject=str(home)) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError(_in_use(os.pread(handle, 200, 0).decode("utf-8", "replace")), subject=str(home)) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{holder} (process {os.getpid()})\n".encode(), 0)
        yield handle
    finally:
        os.close(handle)


def _in_use(said: str) -> str:
    holder = said.strip() or "another process"
    named = re.search(r"process (\d+)", holder)
    if named and not _lives(int(named[1])):
        return f"in use by what {holder} has left running; it ends by itself in a moment"
    return f"in use by {holder}; wait for it to end, or stop it"


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def inherit(handle: int) -> dict[str, str]:
    """The environment entry that lets a child, which must be given `pass_fds=[handle]`, write under this lock."""
    return {_INHERITED: str(handle)}


def _inherited(path: Path) -> int | None:
    """The lock that a parent holds for us: the named descriptor is this lock file, and open."""
    named = os.environ.get(_INHERITED, "")
    try:
        ours, file = os.fstat(int(named)), path.stat()
    except (ValueError, OSError):
        return None
    return int(named) if (ours.st_dev, ours.st_ino) == (file.st_dev, file.st_ino) else None


def _end_with_parent(parent: int) -> None:
    """A child whose daemon was killed ends as if it had been asked to: nobody else would."""
    while os.getppid() == parent:
        time.sleep(_ORPHAN_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
