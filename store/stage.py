"""What a re-reading of the archive found so far: a file of its own beside the database, `reprocess.db`.

Reading takes hours and one transaction of the database must not. So each capture's reading is put here first, by its id; a run
that is killed goes on with those that are missing, and what differs is then written to the database at once. It is all of one
reader and of one set of rules: where either is another, it is thrown away. A capture that is read as it is stored has no content.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from model import Article, Failure, Fingerprint, Flag, StoreError
from store import values
from store.guard import guarded, ours

FILE = "reprocess.db"
_SHAPE = "1"  # of the tables: part of the key


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What a capture gave."""

    article: Article
    fingerprint: Fingerprint
    flags: tuple[Flag, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Staged:
    """One capture, read again."""

    capture_id: int
    taught: str  # what its site had taught, as a digest: by another the capture would be read another way
    seen: str  # digest of what the store held of it
    content: Content | Failure | None  # None: what the store held
    failed: bool  # it cannot be read


def open_stage(home: Path, key: str) -> Stage:
    """The stage of a data folder for a reader and rules, begun anew where it is another's. Raises StoreError."""
    path = home / FILE
    stage = _opened(path)
    if stage is None or stage.key() != f"{_SHAPE} {key}":
        if stage is not None:
            stage.close()
        _remove(path)
        stage = _opened(path)
        if stage is None:
            raise AssertionError("a new file is a database")
        stage.begin(f"{_SHAPE} {key}")
    return stage


def _opened(path: Path) -> Stage | None:
    """None: it is no database of ours."""
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            connection.close()
            return None
    except sqlite3.OperationalError:
        with ours(path):
            raise
    except sqlite3.DatabaseError:
        return None
    return Stage(path, connection)


def _remove(path: Path) -> None:
    for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        with ours(path):
            name.unlink(missing_ok=True)


class Stage:
    """The file, open. It may be thrown away at any time: all that is in it can be read again."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def drop(self) -> None:
        """All of it was written to the database: the file goes."""
        self.close()
        _remove(self.path)

    def key(self) -> str | None:
        """The reader and the rules that it is of; None: a file that is not ours, or that was only begun."""
        with suppress(sqlite3.DatabaseError):
            row = self._connection.execute("SELECT key FROM stage").fetchone()
            return row[0] if row else None
        return None

    @guarded
    def begin(self, key: str) -> None:
        self._connection.execute("BEGIN")
        self._connection.execute("CREATE TABLE stage (key TEXT NOT NULL)")
        self._connection.execute(
            "CREATE TABLE readings (capture_id INTEGER PRIMARY KEY, taught TEXT NOT NULL, seen TEXT NOT NULL, content TEXT,"
            " failed INTEGER NOT NULL)"
        )
        self._connection.execute("CREATE INDEX readings_that_differ ON readings(capture_id) WHERE content IS NOT NULL")
        self._connection.execute("INSERT INTO stage VALUES (?)", (key,))
        self._connection.execute("COMMIT")

    @guarded
    def count(self) -> int:
        row = self._connection.execute("SELECT count(*) FROM readings").fetchone()
        return int(row[0])

    @guarded
    def differing_count(self) -> int:
        """How many of them were read otherwise than the store held them."""
        row = self._connection.execute("SELECT count(*) FROM readings WHERE content IS NOT NULL").fetchone()
        return int(row[0])

    @guarded
    def failed_count(self) -> int:
        """How many of them cannot be read."""
        row = self._connection.execute("SELECT count(*) FROM readings WHERE failed").fetchone()
        return int(row[0])

    @guarded
    def holds(self, capture_id: int, taught: str, seen: str) -> bool:
        """The capture was read, and nothing has changed since then that would make it read, or compared, another way."""
        row = self._connection.execute("SELECT taught, seen, content IS NULL FROM readings WHERE capture_id = ?", (capture_id,))
        found = row.fetchone()
        return found is not None and found[0] == taught and (not found[2] or found[1] == seen)

    @guarded
    def put(self, rows: Sequence[Staged]) -> None:
        self._connection.execute("BEGIN")
        self._connection.executemany(
            "INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?)",
            [(row.capture_id, row.taught, row.seen, _packed(row.content), row.failed) for row in rows],
        )
        self._connection.execute("COMMIT")

    def differing(self) -> Iterator[Staged]:
        """What differed from what the store held when it was read, by capture. Lazy."""
        last = 0
        while rows := self._page(last):
            yield from rows
            last = rows[-1].capture_id

    @guarded
    def _page(self, last: int) -> list[Staged]:
        sql = "SELECT * FROM readings WHERE content IS NOT NULL AND capture_id > ? ORDER BY capture_id LIMIT 100"
        rows = self._connection.execute(sql, (last,)).fetchall()
        try:
            return [
                Staged(capture_id=row[0], taught=row[1], seen=row[2], content=_unpacked(row[3]), failed=bool(row[4]))
                for row in rows
            ]
        except (ValueError, KeyError, TypeError) as error:
            message = "is damaged; delete it: all that is in it can be read again"
            raise StoreError(message, subject=str(self.path)) from error


def _packed(content: Content | Failure | None) -> str | None:
    if content is None:
        return None
    if isinstance(content, Failure):
        return values.dump({"error": [content.kind, content.message]})
    marks = content.fingerprint
    return values.dump(
        {
            "article": values.from_article(content.article),
            "marks": [marks.edit, marks.copy, marks.sketch],
            "flags": flag_rows(content.flags),
        }
    )


def _unpacked(raw: str) -> Content | Failure:
    fields = json.loads(raw)
    if "error" in fields:
        return Failure(kind=fields["error"][0], message=fields["error"][1])
    edit, copy, sketch = fields["marks"]
    return Content(
        article=values.to_article(fields["article"]),
        fingerprint=Fingerprint(edit=edit, copy=copy, sketch=tuple(sketch)),
        flags=tuple(values.to_flag(row) for row in fields["flags"]),
    )


def flag_rows(flags: Iterable[Flag]) -> list[dict[str, object]]:
    """Flags as their table has them."""
    return [
        {
            "topic": f.topic,
            "level": f.level,
            "score": f.score,
            "rules": f.rules,
            "evidence": values.from_evidence(f),
            "reasons": values.from_reasons(f),
        }
        for f in sorted(flags, key=lambda flag: flag.topic)
    ]
