"""The raw archive: every capture as a WARC record, before anything is read from it. Append only.

A record is one gzip member, written and fsynced before its row exists; it is found again by file, offset and length, so that
a torn tail (a kill in the middle of a write) can never be taken for a record. A file is appended to by one process at a time,
and ends with the day (UTC) or at a size.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from model import Capture, Place, StoreError
from store import records, scan

SUFFIX = ".warc.gz"
_FILE_BYTES = 1_000_000_000  # a file is not begun anew below it: what other tools, copies and mails of archives still handle well


class Archive:
    """The writer of one process. Its file is opened at the first append.

    `end_of` says how far a file is known to be written: the end of the last record that a row refers to, None if there is none.
    """

    def __init__(self, folder: Path, end_of: Callable[[str], int | None] = lambda name: None) -> None:
        self._folder = folder
        self._end_of = end_of
        self._file: BinaryIO | None = None
        self._name = ""
        self._end = 0

    def append(self, captures: Sequence[Capture], held: Sequence[Place | None] = ()) -> list[Place]:
        """Where the captures lie; all of them are on disk when this returns. Raises OSError.

        `held` names for each the place of an earlier record that may hold its body: it then becomes a revisit of that.
        """
        if not captures:
            return []
        out = self._open()
        before = self._end
        try:
            places = [self._write(out, c, p) for c, p in zip(captures, held or [None] * len(captures), strict=True)]
            os.fsync(out.fileno())
        except BaseException:
            with suppress(OSError):  # else the next one that opens it cuts it
                os.ftruncate(out.fileno(), before)
            self.close()
            raise
        return places

    def _write(self, out: BinaryIO, capture: Capture, held: Place | None) -> Place:
        original = self._original(capture, held) if held else None
        record, request = records.pack(capture, original)
        write(out, record + request)
        place = Place(file=self._name, offset=self._end, length=len(record), body=held if original else None)
        self._end += len(record) + len(request)
        return place

    def _original(self, capture: Capture, held: Place) -> records.Original | None:
        """The record at a place, if it is there, whole, and has the body of the capture."""
        with suppress(OSError, ValueError, KeyError):
            record = records.parse(_record(self._folder, held))
            if not records.is_revisit(record) and records.to_capture(record).body == capture.body:
                return records.original(record)
        return None

    def _open(self) -> BinaryIO:
        today = f"{datetime.now(UTC):%Y%m%d}"
        if self._file is not None and (self._end >= _FILE_BYTES or not self._name.startswith(today)):
            self.close()
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = self._resume(today) or self._begin()
        return self._file

    def _resume(self, today: str) -> BinaryIO | None:
        """The newest file of the day, if nobody else writes to it, it has room and it ends with a whole record."""
        name = max((path.name for path in self._folder.glob(f"{today}T*{SUFFIX}")), default=None)
        known = self._end_of(name) if name else None
        if name is None or known is None:
            return None
        file = (self._folder / name).open("r+b", buffering=0)
        if not seize(file) or not known <= file.seek(0, os.SEEK_END) < _FILE_BYTES or _is_torn(file, known):
            file.close()
            return None
        self._name, self._end = name, file.seek(0, os.SEEK_END)
        return file

    def _begin(self) -> BinaryIO:
        self._name = name_at(f"{datetime.now(UTC):%Y%m%dT%H%M%S}")
        file = create(self._folder, self._name)
        head = records.warcinfo()
        write(file, head)
        self._end = len(head)
        return file

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _is_torn(file: BinaryIO, start: int) -> bool:
    return any(member.raw is None for member in scan.members(file, start))


def name_at(stamp: str) -> str:
    """A name for a file begun at a time: text order is time order."""
    return f"{stamp}-{secrets.token_hex(4)}{SUFFIX}"


def create(folder: Path, name: str) -> BinaryIO:
    """A new file, held by us and unbuffered."""
    file = (folder / name).open("xb", buffering=0)
    seize(file)
    sync_folder(folder)
    return file


def write(file: BinaryIO, content: bytes) -> None:
    """All of it, to an unbuffered file: nothing of a write that failed can turn up later."""
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


def seize(file: BinaryIO) -> bool:
    """Become the one writer of a file, until it is closed. False if another is."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(folder: Path, place: Place) -> Capture:
    """The capture at a place. Raises StoreError where the archive does not hold it whole."""
    subject = f"{place.file} at {place.offset}"
    try:
        record = records.parse(_record(folder, place))
        if not records.is_revisit(record):
            return records.to_capture(record)
        if place.body is None:
            raise ValueError("it is a revisit, and what it refers to is not known")
        return records.to_capture(record, read(folder, place.body).body)
    except ValueError as error:
        raise StoreError(f"the archived record is damaged ({error}); restore the archive from a copy", subject=subject) from error
    except (OSError, KeyError) as error:
        raise StoreError(f"the archived record cannot be read ({error})", subject=subject) from error


def raw(folder: Path, place: Place) -> bytes:
    """The record at a place as it lies there, a gzip member. Raises StoreError where it is not there whole."""
    subject = f"{place.file} at {place.offset}"
    try:
        packed = _packed(folder, place)
        records.parse(records.unpack(packed))
    except ValueError as error:
        raise StoreError(f"the archived record is damaged ({error}); restore the archive from a copy", subject=subject) from error
    except OSError as error:
        raise StoreError(f"the archived record cannot be read ({error.strerror})", subject=subject) from error
    return packed


def _packed(folder: Path, place: Place) -> bytes:
    with (folder / place.file).open("rb") as file:
        file.seek(place.offset)
        return file.read(place.length)


def _record(folder: Path, place: Place) -> bytes:
    return records.unpack(_packed(folder, place))
