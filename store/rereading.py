"""What of the store is read again, and how what it gives is written: of one transaction, from `begin` to `end`.

Written is what differs. The version that a capture made says something else then, and its flags are others; what was told stays
told, whatever the press did stays as it is, and no event is made.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from model import Article, Dates, Failure, Flag, Regrouped, Stored
from store import stage, values
from store.database import _CAPTURES, Store, _archived, _date
from store.guard import guarded
from store.stories import SKETCHES, latest

_PAGE = 100  # captures at a time: their versions are in memory


class Rereading:
    """The captures of a store that are worth reading again, and the writing of what they give."""

    def __init__(self, books: Store) -> None:
        self.path = books.path
        self._books = books
        self._connection = books._connection

    # ------------------------------------------------------------ reading

    @guarded
    def count(self) -> int:
        """How many captures there are."""
        row = self._connection.execute(
            "SELECT (SELECT count(*) FROM versions) + (SELECT count(*) FROM captures WHERE state = 'failed' AND pruned IS NULL)"
        ).fetchone()
        return int(row[0])

    def captures(self) -> Iterator[Stored]:
        """All of them, in the order in which they came. Lazy, and each page is read by itself: nothing is held up by it."""
        last = 0
        while rows := self._page(last):
            yield from rows
            last = rows[-1].archived.capture_id

    @guarded
    def _page(self, last: int) -> list[Stored]:
        return [self._stored(row) for row in self._connection.execute(_PAGES, (last, _PAGE))]

    @guarded
    def one(self, capture_id: int) -> Stored | None:
        """A capture as it stands now. None: it is there no more."""
        row = self._connection.execute(_ONE, (capture_id,)).fetchone()
        return self._stored(row) if row else None

    def _stored(self, row: sqlite3.Row) -> Stored:
        is_current = row["version_id"] is not None and row["version_id"] == row["current"]
        flags = self._connection.execute("SELECT * FROM flags WHERE version_id = ? ORDER BY topic", (row["version_id"],))
        return Stored(
            archived=_archived(row),
            article_id=row["owner"],
            version_id=row["version_id"],
            raw=row["article"] or "",
            edit=row["edit_hash"] or "",
            copy=row["copy_hash"] or "",
            reader=row["reader"] or "",
            flags=tuple(values.to_flag(dict(flag)) for flag in flags) if row["version_id"] is not None else (),
            is_sketched=not is_current or row["sketched"] == SKETCHES,
            error=Failure(kind=row["error_kind"], message=row["error"] or "") if row["error_kind"] else None,
        )

    @guarded
    def is_outdated(self, identities: Sequence[str], capture_id: int) -> bool:
        """A later capture of one of these identities showed an article."""
        sql = "SELECT 1 FROM captures WHERE identity = ? AND id > ? AND article_id IS NOT NULL LIMIT 1"
        return any(self._connection.execute(sql, (identity, capture_id)).fetchone() for identity in identities)

    @guarded
    def identity(self, capture_id: int) -> str:
        """Of a capture, as far as it was known before reading."""
        row = self._connection.execute("SELECT identity FROM captures WHERE id = ?", (capture_id,)).fetchone()
        return str(row[0])

    @guarded
    def near(self, article_id: int, now: datetime) -> datetime:
        """A time by which texts like that of an article are looked for before it was first seen, and after."""
        row = self._connection.execute("SELECT first_seen FROM articles WHERE id = ?", (article_id,)).fetchone()
        return latest(values.from_moment(row[0]), now)

    # ------------------------------------------------------------ writing

    @guarded
    def begin(self) -> None:
        """From here on it is kept whose copy an article was, and in which story, where that changes."""
        execute = self._connection.execute
        execute("CREATE TEMP TABLE groups_before (article_id INTEGER PRIMARY KEY, copy_of INTEGER, story INTEGER)")
        execute("CREATE TEMP TABLE newest_before AS SELECT coalesce(max(id), 0) AS id FROM articles")
        execute(
            "CREATE TEMP TRIGGER regrouped AFTER UPDATE OF copy_of, story ON main.articles"
            " WHEN OLD.copy_of IS NOT NEW.copy_of OR OLD.story IS NOT NEW.story BEGIN"
            " INSERT OR IGNORE INTO groups_before VALUES (OLD.id, OLD.copy_of, OLD.story); END"
        )

    @guarded
    def regrouped(self) -> list[int]:
        """The articles that were there before and are grouped another way now, by id."""
        return [row[0] for row in self._connection.execute(_REGROUPED)]

    @guarded
    def group(self, article_id: int) -> Regrouped:
        """How one of them was grouped, and is."""
        sql = (
            "SELECT b.copy_of, b.story, a.copy_of, a.story FROM groups_before b JOIN articles a ON a.id = b.article_id"
            " WHERE b.article_id = ?"
        )
        old_copy, old_story, copy, story = self._connection.execute(sql, (article_id,)).fetchone()
        own = self._article(article_id)
        return Regrouped(
            article_id=article_id,
            title=own.title if own else None,
            outlet=_outlet(own),
            before=self._named(old_copy),
            after=self._named(copy),
            joined=old_story is None and story is not None,
            left=old_story is not None and story is None,
        )

    def _named(self, original: int | None) -> str | None:
        return None if original is None else f"copy of article {original} ({_outlet(self._article(original))})"

    def _article(self, article_id: int) -> Article | None:
        sql = "SELECT v.article FROM articles a JOIN versions v ON v.id = a.version_id WHERE a.id = ?"
        row = self._connection.execute(sql, (article_id,)).fetchone()
        return values.to_article(row[0]) if row else None

    @guarded
    def end(self) -> None:
        """What `begin` keeps is of no use any more."""
        for what in ("TRIGGER regrouped", "TABLE groups_before", "TABLE newest_before"):
            self._connection.execute(f"DROP {what}")

    @guarded
    def flag(self, stored: Stored, flags: Sequence[Flag], now: datetime) -> None:
        """Other flags of a version that says what it said."""
        self._connection.execute("DELETE FROM flags WHERE version_id = ?", (stored.version_id,))
        self._books._set_flags(stored.version_id or 0, flags)
        self._connection.execute(
            "UPDATE captures SET error_kind = NULL, error = NULL, read_at = ? WHERE id = ?",
            (values.moment(now), stored.archived.capture_id),
        )

    @guarded
    def dates(self, stored: Stored, found: Article) -> Dates:
        """When the article was published and changed. A later look may have found other dates with the same text: those stay."""
        row = self._connection.execute(
            "SELECT published, modified, version_id FROM articles WHERE id = ?", (stored.article_id,)
        ).fetchone()
        held = Dates(published=_date(row["published"]), modified=_date(row["modified"]))
        if row["version_id"] != stored.version_id:
            return held
        said = values.to_article(stored.raw)
        return Dates(
            published=found.published or held.published if held.published in (None, said.published) else held.published,
            modified=found.modified or held.modified if held.modified in (None, said.modified) else held.modified,
        )

    def checkpoint(self) -> None:
        """Give back the room of what was rolled back, if nobody reads at the moment."""
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def digest(stored: Stored) -> str:
    """What a version, its flags and the error of its capture are, in short."""
    parts = (stored.raw, stored.edit, stored.copy, stored.reader, stage.flag_rows(stored.flags), stored.is_sketched)
    error = [stored.error.kind, stored.error.message] if stored.error else None
    return hashlib.sha256(values.dump([*parts, error]).encode("utf-8", "surrogatepass")).hexdigest()


def _outlet(article: Article | None) -> str:
    return (article.outlet or article.site or "saved file") if article else "unknown"


_SELECTED = _CAPTURES.replace(
    " FROM captures c",
    ", c.error_kind, c.error, v.id AS version_id, v.article_id AS owner, v.article, v.edit_hash, v.copy_hash, v.reader,"
    " a.version_id AS current, a.sketched FROM captures c LEFT JOIN versions v ON v.capture_id = c.id"
    " LEFT JOIN articles a ON a.id = v.article_id",
)
_WORTH = " WHERE c.pruned IS NULL AND (c.state = 'failed' OR v.id IS NOT NULL)"
_PAGES = _SELECTED + _WORTH + " AND c.id > ? ORDER BY c.id LIMIT ?"
_ONE = _SELECTED + _WORTH + " AND c.id = ?"
_REGROUPED = (
    "SELECT b.article_id FROM groups_before b JOIN articles a ON a.id = b.article_id"
    " WHERE (b.copy_of IS NOT a.copy_of OR b.story IS NOT a.story) AND a.id <= (SELECT id FROM newest_before)"
    " ORDER BY b.article_id"
)
