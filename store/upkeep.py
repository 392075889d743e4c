"""The archive's upkeep: verify reads all of it again, mend ends what a kill cut off, prune drops bodies that made no version.

All of it goes by the rows: what a row refers to is never cut and never dropped here.

A file is pruned by writing a new one. First `rewrites` says what will take the place of what; then come the new file and its
fsync, the rows in one transaction, and the end of the old file. A kill leaves one file too many, and `rewrites` says which.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from model import Finding, FindingKind, Pruned, StoreError, Verified
from store import records, scan
from store.archive import SUFFIX, create, name_at, seize, sync_folder, write

_NAMED = 5  # captures that one finding names


def end_of(connection: sqlite3.Connection, name: str) -> int | None:
    """Where the last record to which a row refers ends in a file; None: no row refers to the file."""
    row = connection.execute(
        "SELECT offset + length FROM captures WHERE file = ? ORDER BY offset DESC LIMIT 1", (name,)
    ).fetchone()
    return None if row is None else int(row[0])


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


# ---------------------------------------------------------------- mend


def mend(connection: sqlite3.Connection, folder: Path) -> list[Finding]:
    """Cut torn tails off the files that rows refer to, and end rewritings that were killed. Only under the writer's lock."""
    _end_rewrites(connection, folder)
    found: list[Finding] = []
    for path in _files(folder):
        end = end_of(connection, path.name)
        if end is None or path.stat().st_size <= end:
            continue
        with path.open("rb") as file:
            for member in scan.members(file, end):
                tail = member
        if tail.raw is None and (cut := _cut(path, tail)):
            found.append(cut)
    return found


def _cut(path: Path, tail: scan.Member) -> Finding | None:
    """Cut a torn tail off. None where another process is writing it just now."""
    with path.open("r+b", buffering=0) as file:
        if not seize(file):
            return None
        file.truncate(tail.offset)
        if not tail.offset:
            path.unlink()
            sync_folder(path.parent)
        os.fsync(file.fileno())
    message = f"the last {tail.length:,} bytes were no whole record and no capture's: cut off"
    return Finding(kind=FindingKind.CUT, file=path.name, offset=tail.offset, message=message)


def _end_rewrites(connection: sqlite3.Connection, folder: Path) -> None:
    for old, new, done in connection.execute("SELECT old, new, done FROM rewrites").fetchall():
        _remove(folder, old if done else new)
        connection.execute("DELETE FROM rewrites WHERE old = ?", (old,))


def _remove(folder: Path, name: str) -> None:
    if name:
        (folder / name).unlink(missing_ok=True)
        sync_folder(folder)


# ---------------------------------------------------------------- verify


@dataclass(kw_only=True, slots=True)
class _Count:
    records: int = 0
    captures: int = 0
    size: int = 0
    findings: list[Finding] = field(default_factory=list)

    def find(self, kind: FindingKind, file: str, offset: int, message: str) -> None:
        self.findings.append(Finding(kind=kind, file=file, offset=offset, message=message))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """A capture, as far as its record goes."""

    id: int
    offset: int
    length: int
    sha256: str
    refers_to: int | None
    held_sha256: str | None  # of the capture to which a revisit refers, if that one has its body


def _rows(connection: sqlite3.Connection, name: str) -> dict[int, _Row]:
    """The captures that lie in a file, by offset."""
    rows = connection.execute(
        "SELECT c.id, c.offset, c.length, c.sha256, c.refers_to, o.sha256 AS held_sha256 FROM captures c"
        " LEFT JOIN captures o ON o.id = c.refers_to AND o.refers_to IS NULL AND o.pruned IS NULL"
        " WHERE c.file = ? AND c.pruned IS NULL ORDER BY c.offset",
        (name,),
    )
    return {row["offset"]: _Row(**dict(row)) for row in rows}


def verify(connection: sqlite3.Connection, folder: Path, *, may_cut: bool) -> Verified:
    """Every file from its first byte to its last, and every row against its record."""
    if may_cut:
        _end_rewrites(connection, folder)
    count = _Count()
    named = {row[0] for row in connection.execute("SELECT DISTINCT file FROM captures WHERE file != ''")}
    paths = _files(folder)
    for path in paths:
        _verify_file(connection, path, count, may_cut=may_cut)
    for name in sorted(named - {path.name for path in paths}):
        if lost := _rows(connection, name):
            count.find(FindingKind.MISSING, name, 0, f"the file is not there; {_captures(list(lost.values()))} lay in it")
    pruned = connection.execute("SELECT count(*) FROM captures WHERE pruned IS NOT NULL").fetchone()[0]
    return Verified(
        files=len(paths),
        records=count.records,
        captures=count.captures,
        pruned=pruned,
        size=count.size,
        findings=tuple(count.findings),
    )


def _verify_file(connection: sqlite3.Connection, path: Path, count: _Count, *, may_cut: bool) -> None:
    rows = _rows(connection, path.name)  # first: what is appended while we read is no row of ours
    if not path.name.endswith(SUFFIX):
        count.find(FindingKind.STRAY, path.name, 0, "is no file of the archive")
        return
    try:
        with path.open("rb") as file:
            for member in scan.members(file):
                count.size += member.length
                _verify_member(path, member, rows, count, may_cut=may_cut)
    except FileNotFoundError:  # pruned while we read
        return
    for row in (row for row in rows.values() if not _was_moved(connection, path, row)):
        count.find(FindingKind.MISSING, path.name, row.offset, f"the record of {_captures([row])} is not there")
    if end_of(connection, path.name) is None and path.exists():
        count.find(FindingKind.STRAY, path.name, 0, "no capture refers to it")


def _verify_member(path: Path, member: scan.Member, rows: dict[int, _Row], count: _Count, *, may_cut: bool) -> None:
    """One stretch of a file. Rows that were met are taken out of `rows`."""
    row = rows.pop(member.offset, None)
    if member.raw is None:
        within = [rows.pop(offset) for offset in sorted(rows) if member.offset < offset < member.end]
        lost = [row, *within] if row else within
        _broken(path, member, lost, count, may_cut=may_cut)
        return
    count.records += 1
    if wrong := _wrong(member, row):
        whose = f" ({_captures([row])})" if row else ""
        count.find(FindingKind.DAMAGED, path.name, member.offset, f"the record is damaged: {wrong}{whose}")
    elif row:
        count.captures += 1


def _broken(path: Path, member: scan.Member, lost: Sequence[_Row], count: _Count, *, may_cut: bool) -> None:
    """Bytes that are no member. At the end of a file, and with no row, they are what a kill leaves."""
    is_tail = not lost and member.end >= path.stat().st_size
    if not is_tail:
        whose = f"; {_captures(lost)} lay there" if lost else ""
        count.find(FindingKind.DAMAGED, path.name, member.offset, f"{member.length:,} bytes are no whole record{whose}")
    elif may_cut and (cut := _cut(path, member)):
        count.findings.append(cut)
    elif not _is_written(path):
        message = f"the last {member.length:,} bytes are no whole record, and no capture's"
        count.find(FindingKind.TORN, path.name, member.offset, message)


def _is_written(path: Path) -> bool:
    with path.open("rb") as file:
        return not seize(file)


def _wrong(member: scan.Member, row: _Row | None) -> str | None:
    """What is wrong with a record, and with what its row says of it."""
    try:
        record = records.parse(member.raw or b"")
        if not records.is_capture(record):
            return "it is not the capture's" if row else None
        capture = records.to_capture(record)
    except (ValueError, KeyError) as error:
        return str(error)
    if row is None:
        return None
    if row.length != member.length:
        return "it is not of the length that was noted"
    if records.is_revisit(record) != (row.refers_to is not None):
        return "it is not the capture's"
    if (row.held_sha256 if row.refers_to else capture.sha256) != row.sha256:
        return "what it refers to is not there" if row.refers_to else "its body is not the capture's"
    return None


def _was_moved(connection: sqlite3.Connection, path: Path, row: _Row) -> bool:
    """The capture's record was moved or dropped by a pruning while we read."""
    now = connection.execute("SELECT file, offset FROM captures WHERE id = ?", (row.id,)).fetchone()
    return (now["file"], now["offset"]) != (path.name, row.offset)


def _captures(rows: Sequence[_Row]) -> str:
    said = ", ".join(str(row.id) for row in rows[:_NAMED]) + (f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else "")
    return f"capture {said}" if len(rows) == 1 else f"captures {said}"


# ---------------------------------------------------------------- prune

# Captures that made no version, are older than asked for, and hold no body to which one that stays refers.
_DROPPED = (
    "WITH old AS (SELECT id FROM captures WHERE state IN ('unchanged', 'list') AND captured_at < ? AND pruned IS NULL"
    " AND id NOT IN (SELECT capture_id FROM versions)) SELECT id, file, offset FROM captures WHERE id IN (SELECT id FROM old)"
    " AND id NOT IN (SELECT refers_to FROM captures WHERE refers_to IS NOT NULL AND id NOT IN (SELECT id FROM old))"
)
_LEFT = (
    "SELECT id, file, offset FROM captures WHERE pruned IS NOT NULL AND file != ''"  # marked, and killed before it was dropped
)
_Transaction = Callable[[], AbstractContextManager[None]]


def prune(
    connection: sqlite3.Connection, transaction: _Transaction, folder: Path, before: str | None, now: str, *, dry: bool
) -> Pruned:
    """Mark what is to be dropped, in one transaction; then rewrite the files in which it lies, one by one."""
    findings = [] if dry else mend(connection, folder)
    chosen = connection.execute(_DROPPED, (before,)).fetchall() if before else []
    dropped: dict[str, set[int]] = {}
    for row in [*connection.execute(_LEFT), *chosen]:
        dropped.setdefault(row["file"], set()).add(row["offset"])
    if not dry:
        with transaction():
            marks = [(now, row["id"]) for row in chosen]
            connection.executemany("UPDATE captures SET pruned = ?, refers_to = NULL WHERE id = ?", marks)
    files = freed = 0
    for name, offsets in sorted(dropped.items()):
        try:
            freed += _rewrite(connection, transaction, folder, name, offsets, dry=dry)
            files += 1
        except (ValueError, FileNotFoundError) as error:
            message = f"was left as it is, because it is damaged ({error}); `diemtin archive verify` says where"
            findings.append(Finding(kind=FindingKind.DAMAGED, file=name, offset=0, message=message))
    return Pruned(captures=len(chosen), files=files, freed=freed, findings=tuple(findings))


def _rewrite(
    connection: sqlite3.Connection, transaction: _Transaction, folder: Path, name: str, dropped: set[int], *, dry: bool
) -> int:
    """A file without the dropped records; how many bytes that frees. Raises ValueError where the file is damaged."""
    with (folder / name).open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        staying = {offset for offset in _rows(connection, name) if offset not in dropped}
        kept = _kept(file, dropped, staying)
        after = sum(length for _, length in kept)
        if dry:
            return size - after
        new = name_at(name.partition("-")[0]) if kept else ""
        connection.execute("INSERT INTO rewrites(old, new) VALUES (?, ?)", (name, new))
        try:
            places = _copy(file, kept, folder, new) if kept else []
            with transaction():
                _move(connection, name, new, places)
        except BaseException:
            _end_rewrites(connection, folder)
            raise
    _end_rewrites(connection, folder)
    return size - after


def _kept(file: BinaryIO, dropped: set[int], staying: set[int]) -> list[tuple[int, int]]:
    """(offset, length) of every record but the dropped ones, and the requests that led to them."""
    kept, gone, met, is_empty = [], set(), set(), True
    for member in scan.members(file):
        if member.raw is None:
            raise ValueError(f"at {member.offset} is no whole record")
        record = records.parse(member.raw)
        if member.offset in dropped:
            gone.add(record.headers["WARC-Record-ID"])
        elif record.headers.get("WARC-Concurrent-To") not in gone:
            kept.append((member.offset, member.length))
            met.add(member.offset)
            is_empty = is_empty and records.is_warcinfo(record)
    if lost := staying - met:
        raise ValueError(f"at {min(lost)} is no record")
    return [] if is_empty else kept


def _copy(old: BinaryIO, kept: Sequence[tuple[int, int]], folder: Path, name: str) -> list[tuple[int, int]]:
    """Write the new file; (new offset, old offset) of each record. It is on disk when this returns."""
    places = []
    with create(folder, name) as new:
        end = 0
        for offset, length in kept:
            old.seek(offset)
            write(new, old.read(length))
            places.append((end, offset))
            end += length
        os.fsync(new.fileno())
    return places


def _move(connection: sqlite3.Connection, old: str, new: str, places: Sequence[tuple[int, int]]) -> None:
    connection.execute("UPDATE captures SET file = '', offset = 0, length = 0 WHERE file = ? AND pruned IS NOT NULL", (old,))
    connection.executemany(
        "UPDATE captures SET file = ?, offset = ? WHERE file = ? AND offset = ?", [(new, to, old, at) for to, at in places]
    )
    if connection.execute("SELECT 1 FROM captures WHERE file = ?", (old,)).fetchone():
        raise StoreError("has captures that were not found in it; `diemtin archive verify` says which", subject=old)
    connection.execute("UPDATE rewrites SET done = 1 WHERE old = ?", (old,))
