"""The database and the archive of one data folder, behind one object. Every method raises StoreError where they refuse."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

import urls
from model import (
    Adoption,
    Archived,
    Article,
    Capture,
    ChangeKind,
    Copy,
    Dates,
    Earlier,
    Edit,
    Event,
    EventKind,
    Failure,
    Finding,
    Fingerprint,
    Flag,
    Held,
    Kept,
    Kin,
    Known,
    Learning,
    Level,
    Likely,
    News,
    Notice,
    Place,
    Pruned,
    Run,
    Status,
    StoreError,
    Tally,
    Text,
    Update,
    Verified,
    Version,
)
from store import upkeep, values
from store.archive import Archive
from store.frontier import Frontier
from store.guard import guarded, ours
from store.holdings import Holdings
from store.schema import migrations
from store.search import Search
from store.stories import SKETCHES, Stories, months, origin_of

DATABASE = "diemtin.db"
ARCHIVE = "archive"
_CACHE_KB = 32_000  # of the database in memory, where it has so much: indexes of a million articles are asked all over
_LATE = timedelta(hours=1)  # from being made to being stored: such a capture comes from an archive
_BUSY_SECONDS = 30.0  # how long a write waits for another process's short transaction
_PATIENT_SECONDS = 2.0  # after so long a person is told what is waited for


def open_store(home: Path) -> Store:
    """The store of a data folder, its tables brought up to date. Raises StoreError."""
    path = home / DATABASE
    with ours(path):
        home.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        db = Database(connection)
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")  # what was told stays told, also when the power fails
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        if migrations.pending(db):
            connection.execute("BEGIN IMMEDIATE")  # of two that start on a new folder, one makes the tables
            migrations.apply(db)
            connection.execute("COMMIT")
        known = {migration.name for migration in migrations.pending(Database(memory=True))}
        newer = {migration.name for migration in migrations.applied(db)} - known
    if newer:
        raise StoreError("was written by a newer diemtin; update this one", subject=str(path))
    return Store(home, db)


def _use_wal(connection: sqlite3.Connection) -> None:
    """Write-ahead logging. The change of mode does not wait for another connection by itself."""
    for tries in range(50, -1, -1):
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or not tries:
                raise
            time.sleep(0.1)


class Store:
    """One connection to a data folder. Bound to the thread that opened it."""

    def __init__(self, home: Path, db: Database) -> None:
        self.path = home / DATABASE
        self.archive_folder = home / ARCHIVE
        self._db = db
        self._connection = db.conn
        self.frontier = Frontier(self.path, db.conn)
        self.stories = Stories(self.path, db.conn)
        self.holdings = Holdings(self.path, db.conn)
        self.search = Search(self.path, db.conn)
        self._archive = Archive(self.archive_folder, lambda name: upkeep.end_of(self._connection, name))

    def close(self) -> None:
        self._archive.close()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A short write transaction; nested ones join it. It takes the write lock at once, so that what is read stays true."""
        if self._connection.in_transaction:
            yield
            return
        with ours(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with ours(self.path):
                self._connection.execute("COMMIT")
        except BaseException:
            self._connection.rollback()
            raise

    def await_writers(self, told: Callable[[], None]) -> None:
        """Return once no other process writes: a re-reading may, for minutes. `told` is called once, where that takes seconds."""
        wait = _PATIENT_SECONDS
        while True:
            self._connection.execute(f"PRAGMA busy_timeout = {int(1000 * wait)}")
            try:
                with ours(self.path):
                    self._connection.execute("BEGIN IMMEDIATE")
                    self._connection.rollback()
                return
            except StoreError as error:
                if not isinstance(error.__cause__, sqlite3.OperationalError) or "locked" not in str(error.__cause__):
                    raise
            finally:
                self._connection.execute(f"PRAGMA busy_timeout = {int(1000 * _BUSY_SECONDS)}")
            if wait == _PATIENT_SECONDS:
                told()
            wait = _BUSY_SECONDS

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read within is of one moment, whoever writes meanwhile; nobody is kept from writing."""
        with ours(self.path):
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.rollback()

    def _rows(self, sql: str, *args: Any) -> list[sqlite3.Row]:
        return self._connection.execute(sql, args).fetchall()

    def _row(self, sql: str, *args: Any) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(sql, args).fetchone()
        return row

    # ------------------------------------------------------------ captures

    @guarded
    def archive(self, captures: Sequence[Capture]) -> list[Archived]:
        """Put captures on disk, then into the table as `pending`. One fsync and one transaction for all of them.

        One whose body is that of the newest capture of its identity becomes a revisit of it; where that one made or showed an
        article, it is known to be `unchanged`, and need not be read.
        """
        held = [self._held(capture) for capture in captures]
        places = self._archive.append(captures, [_archived(row).place if row else None for row in held])
        with self.transaction():
            return [self._insert(*one) for one in zip(captures, places, held, strict=True)]

    def _held(self, capture: Capture) -> sqlite3.Row | None:
        """The capture whose record holds the body of this one, which is that of the newest capture of its identity."""
        newest = self._row(_NEWEST, capture.identity)
        if newest is None or newest["sha256"] != capture.sha256:
            return None
        return self._row(_CAPTURES + " WHERE c.id = ? AND c.pruned IS NULL", newest["refers_to"] or newest["id"])

    def _insert(self, capture: Capture, place: Place, held: sqlite3.Row | None) -> Archived:
        original = held["id"] if held and place.body else None
        article = held["article_id"] if held and place.body else None
        target = urls.identity(capture.url_asked) if capture.url_asked and capture.url and not capture.is_list else None
        row = self._connection.execute(
            "INSERT INTO captures(identity, url, source, captured_at, sha256, bytes, file, offset, length, refers_to, article_id,"
            " state, target) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                capture.identity,
                capture.url,
                capture.source,
                values.moment(capture.captured_at),
                capture.sha256,
                len(capture.body),
                place.file,
                place.offset,
                place.length,
                original,
                article,
                "list" if capture.is_list else "pending" if article is None else "unchanged",
                target,
            ),
        )
        subject = _subject(capture.url, capture.identity)
        is_same = article is not None
        return Archived(capture_id=row.lastrowid or 0, place=place, subject=subject, target=target, is_same=is_same)

    @guarded
    def seen(self, capture: Capture) -> Archived | None:
        """The newest capture of this identity, if its bytes are the same. An older one may be a text that was taken back."""
        row = self._row(_NEWEST, capture.identity)
        return _archived(row) if row and row["sha256"] == capture.sha256 else None

    @guarded
    def state(self, archived: Archived) -> str:
        """What became of a capture: pending, failed, or a ChangeKind."""
        row = self._row("SELECT state FROM captures WHERE id = ?", archived.capture_id)
        return row["state"] if row else "pending"

    @guarded
    def pending(self, after: int = 0, most: int = -1) -> list[Archived]:
        """Captures that nobody has read yet, from an id on: what was just fetched, and after a kill what it left."""
        chosen = " WHERE c.state = 'pending' AND c.id > ? ORDER BY c.id LIMIT ?"
        return [_archived(row) for row in self._rows(_CAPTURES + chosen, after, most)]

    @guarded
    def readable(self) -> list[Archived]:
        """Captures worth reading again: pending, failed, and those that made a version."""
        return [_archived(row) for row in self._rows(_CAPTURES + _READABLE)]

    @guarded
    def fail(self, capture_id: int, failure: Failure, now: datetime) -> None:
        """Keep why a capture could not be read. One that was read before keeps its article."""
        with self.transaction():
            self._connection.execute(
                "UPDATE captures SET state = CASE WHEN article_id IS NULL THEN 'failed' ELSE state END,"
                " error_kind = ?, error = ?, read_at = ? WHERE id = ?",
                (failure.kind, failure.message, values.moment(now), capture_id),
            )

    @guarded
    def holds(self, capture: Capture) -> Archived | None:
        """This very capture, made at the same moment: a WARC file that is taken in again brings it again."""
        sql = _CAPTURES + " WHERE c.identity = ? AND c.sha256 = ? AND c.captured_at = ?"
        row = self._row(sql, capture.identity, capture.sha256, values.moment(capture.captured_at))
        return _archived(row) if row else None

    # ------------------------------------------------------------ the archive's upkeep

    @guarded
    def mend(self) -> list[Finding]:
        """Bring to an end what a kill has cut off: torn tails are cut, half-rewritten files are done with. Under the lock."""
        return upkeep.mend(self._connection, self.archive_folder)

    @guarded
    def verify(self, *, may_cut: bool) -> Verified:
        """Read the whole archive again. `may_cut` (under the lock): cut back what is torn."""
        self._archive.close()
        return upkeep.verify(self._connection, self.archive_folder, may_cut=may_cut)

    @guarded
    def prune(self, before: datetime | None, now: datetime, *, dry: bool = False) -> Pruned:
        """Drop the bodies of unchanged captures made before a time (None: of none); `dry` only counts. Under the lock."""
        self._archive.close()
        limit = values.moment(before) if before else None
        return upkeep.prune(self._connection, self.transaction, self.archive_folder, limit, values.moment(now), dry=dry)

    # ------------------------------------------------------------ articles

    @guarded
    def known(self, article: Article, fingerprint: Fingerprint, capture_id: int, series: str | None, now: datetime) -> Known:
        """What is stored about the article that a capture shows, and, where its text is new, the articles that it may be like.

        `series`: the family of titles that it belongs to.
        """
        own = self._row("SELECT article_id, id FROM versions WHERE capture_id = ?", capture_id)
        asked = self._row("SELECT identity FROM captures WHERE id = ?", capture_id)
        second_hand = bool(asked and asked["identity"] != article.identity and self._is_met_directly(article.identity))
        by, key = ("id", own["article_id"]) if own else ("identity", article.identity)
        head = self._row(f"SELECT * FROM articles WHERE {by} = ?", key)  # noqa: S608 - one of two names
        if head is None or head["version_id"] is None:
            article_id = head["id"] if head else None
            likely = self._likely(article_id, fingerprint, series, now, now)
            return Known(article_id=article_id, second_hand=second_hand, likely=likely)
        rows = self._rows(
            "SELECT id, edit_hash, words, follows, reader FROM versions WHERE article_id = ? ORDER BY id", head["id"]
        )
        edits = [(row["id"], row["edit_hash"]) for row in rows]
        version_id = own["id"] if own else head["version_id"]
        place = next(n for n, (one, _) in enumerate(edits) if one == version_id)
        is_other = edits[place][1] != fingerprint.edit and (own is not None or not second_hand)
        is_current = version_id == head["version_id"]
        outdated = own is None and self._is_outdated(head["id"], capture_id, now)
        compares = is_current and not outdated and (is_other or head["sketched"] != SKETCHES)
        first_seen = values.from_moment(head["first_seen"])
        return Known(
            article_id=head["id"],
            edit=edits[place][1],
            words=rows[place]["words"],
            reader=rows[place]["reader"] or "",
            own=self._text(version_id).article if own else None,
            reread=own is not None,
            second_hand=second_hand,
            outdated=outdated,
            past=tuple(edits[:place] + edits[place + 1 :]),
            text=self._text(version_id) if is_other else None,
            before=self._text(rows[place]["follows"]) if own and is_other and rows[place]["follows"] else None,
            after=tuple(self._text(row["id"]) for row in rows if own and is_other and row["follows"] == version_id),
            stale=tuple(self._text(one) for one, edit in edits if is_other and edit[:2] != fingerprint.edit[:2]),
            is_current=is_current,
            restored=tuple(event.at for event in self.events(head["id"]) if event.kind is EventKind.RESTORED),
            dates=Dates(published=_date(head["published"]), modified=_date(head["modified"])),
            story=head["story"],
            likely=self._likely(head["id"], fingerprint, series, first_seen, now) if compares else None,
        )

    def _is_outdated(self, article_id: int, capture_id: int, now: datetime) -> bool:
        """The capture was made a while ago, and before another one of the article: it is of an older archive.

        One that was made just now is none: a clock that was set back must not hide an edit.
        """
        mine = self._row("SELECT captured_at FROM captures WHERE id = ?", capture_id)
        if mine is None or now - values.from_moment(mine[0]) < _LATE:
            return False
        sql = "SELECT 1 FROM captures WHERE article_id = ? AND id <> ? AND captured_at > ? LIMIT 1"
        return self._row(sql, article_id, capture_id, mine[0]) is not None

    def _likely(
        self, own: int | None, fingerprint: Fingerprint, series: str | None, first_seen: datetime, now: datetime
    ) -> tuple[Likely, ...]:
        searched = dict.fromkeys((*months(now), *months(first_seen)))
        return self.stories.likely(own, fingerprint.sketch, fingerprint.copy, series, searched)

    def _text(self, version_id: int) -> Text:
        row = self._connection.execute("SELECT edit_hash, article, reader FROM versions WHERE id = ?", (version_id,)).fetchone()
        article = values.to_article(row["article"])
        return Text(version_id=version_id, edit=row["edit_hash"], article=article, reader=row["reader"] or "")

    @guarded
    def earlier(self, archived: Archived) -> Earlier | None:
        """The capture that gave the article of this one its text, as far as the article can be told before reading."""
        row = self._row(_EARLIER, archived.capture_id)
        if row is None:
            return None
        capture = self._row(_CAPTURES + " WHERE c.id = ? AND c.pruned IS NULL", row["capture_id"])
        return Earlier(capture_id=capture["id"], place=_archived(capture).place, reader=row["reader"]) if capture else None

    def _is_met_directly(self, identity: str) -> bool:
        """The article was captured at its own address too, and made a version there."""
        sql = "SELECT 1 FROM captures c JOIN versions v ON v.capture_id = c.id WHERE c.identity = ? LIMIT 1"
        return self._row(sql, identity) is not None

    @guarded
    def apply(self, update: Update) -> int:
        """Write all that one capture means, or nothing. The article's id."""
        with self.transaction():
            article_id = update.known.article_id
            kind = update.change.kind
            if article_id is None:
                article_id = self._insert_article(update)
            rekeyed = [(old.edit, old.version_id) for old in update.known.stale]
            self._connection.executemany("UPDATE versions SET edit_hash = ? WHERE id = ?", rekeyed)
            if kind is ChangeKind.REREAD:
                self._replace_version(update)
            elif kind is ChangeKind.RESTORED:
                self._restore_version(article_id, update)
            elif kind is ChangeKind.OLDER:
                self._add_older(article_id, update)
            elif kind is not ChangeKind.UNCHANGED:
                self._add_version(article_id, update)
            now = values.moment(update.now)
            self._connection.execute(
                "UPDATE articles SET last_seen = CASE ? WHEN 'reread' THEN last_seen ELSE ? END, published = ?, modified = ?"
                " WHERE id = ?",
                (kind, now, _iso(update.dates.published), _iso(update.dates.modified), article_id),
            )
            if kind is not ChangeKind.UNCHANGED:
                self.search.keep(article_id, update.article if update.known.edit is None else None)
            if update.links is not None:
                self._relate(article_id, update)
            for event in update.events:
                self.note(replace(event, article_id=article_id))
            self._connection.execute(
                "UPDATE captures SET state = CASE ? WHEN 'reread' THEN state ELSE ? END, article_id = ?, read_at = ?,"
                " error_kind = NULL, error = NULL WHERE id = ?",
                (kind, kind, article_id, now, update.capture_id),
            )
        return article_id

    def _relate(self, article_id: int, update: Update) -> None:
        """What the article's text is like, the sample by which others find it, and the story that follows from that."""
        row = self._connection.execute("SELECT first_seen FROM articles WHERE id = ?", (article_id,)).fetchone()
        month = months(values.from_moment(row["first_seen"]))[0]
        self.stories.sample(article_id, month, update.sketch_before, update.fingerprint.sketch)
        self.stories.link(article_id, update.links or ())
        self._connection.execute(
            "UPDATE articles SET sketched = ?, series = ?, origin = ?, copy_of = ? WHERE id = ?",
            (SKETCHES, update.series, origin_of(update.article), update.change.copy_of, article_id),
        )
        one_text = [link.article_id for link in update.links or () if link.likeness.is_one_text]
        self.stories.set_copies(article_id, one_text, update.fingerprint.copy)
        if update.story is not None:
            if update.story.beside is None or self.stories.story_of(update.story.beside) != update.known.story:
                self.stories.leave(article_id)
            if update.story.beside is not None:
                self.stories.join(article_id, update.story.beside, update.story.brings)
        if update.known.story is not None:
            self.stories.settle(update.known.story)

    def _insert_article(self, update: Update) -> int:
        now = values.moment(update.now)
        row = self._connection.execute(
            "INSERT INTO articles(identity, first_seen, last_seen) VALUES (?, ?, ?)", (update.article.identity, now, now)
        )
        return row.lastrowid or 0

    def _add_version(self, article_id: int, update: Update) -> None:
        row = self._connection.execute(
            "INSERT INTO versions(article_id, capture_id, seen, title, article, words, edit_hash, copy_hash, reader, edit,"
            " follows) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, version_id FROM articles WHERE id = ?",
            (
                *(article_id, update.capture_id, values.moment(update.now), *_version(update)),
                *(values.from_edit(update.edit), article_id),
            ),
        )
        self._connection.execute("UPDATE articles SET version_id = ? WHERE id = ?", (row.lastrowid, article_id))
        self._set_flags(row.lastrowid or 0, update.flags)

    def _add_older(self, article_id: int, update: Update) -> None:
        """A version beside the others: the article says what it said, and nothing is to be told."""
        row = self._connection.execute(
            "INSERT INTO versions(article_id, capture_id, seen, title, article, words, edit_hash, copy_hash, reader, told)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            (article_id, update.capture_id, values.moment(update.now), *_version(update)),
        )
        self._set_flags(row.lastrowid or 0, update.flags)

    def _restore_version(self, article_id: int, update: Update) -> None:
        """The text of an earlier version is the article's again. If that was told, it is what the reader is to go by again."""
        version_id = update.change.version_id
        self._connection.execute("UPDATE articles SET version_id = ? WHERE id = ?", (version_id, article_id))
        self._connection.execute(
            "UPDATE articles SET told_version_id = version_id WHERE id = ? AND (SELECT told FROM versions WHERE id = version_id)",
            (article_id,),
        )

    def _replace_version(self, update: Update) -> None:
        """The same capture, read by another reader: its version says what it should have said. Not an edit, and not told."""
        row = self._row("SELECT id FROM versions WHERE capture_id = ?", update.capture_id)
        version_id = row["id"] if row else 0
        self._connection.execute(
            "UPDATE versions SET title = ?, article = ?, words = ?, edit_hash = ?, copy_hash = ?, reader = ? WHERE id = ?",
            (*_version(update), version_id),
        )
        if update.known.text is not None:  # it says something else than it did
            set_edit = "UPDATE versions SET edit = ? WHERE id = ?"
            if not update.keeps_edit:
                self._connection.execute(set_edit, (values.from_edit(update.edit), version_id))
            self._connection.executemany(set_edit, [(values.from_edit(edit), after) for after, edit in update.edits_after])
        self._connection.execute("DELETE FROM flags WHERE version_id = ?", (version_id,))
        self._set_flags(version_id, update.flags)

    def _set_flags(self, version_id: int, flags: Sequence[Flag]) -> None:
        self._connection.executemany(
            "INSERT INTO flags(version_id, topic, level, score, rules, evidence, reasons) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(version_id, f.topic, f.level, f.score, f.rules, values.from_evidence(f), values.from_reasons(f)) for f in flags],
        )

    @guarded
    def kept(self, article_id: int, version: int | None = None) -> Kept | None:
        """An article with its versions, oldest first; `version` counts them from 1, None is the one that it shows now."""
        head = self._row("SELECT * FROM articles WHERE id = ?", article_id)
        rows = self._rows(f"SELECT v.*, {_IS_OLDER} AS is_older FROM versions v WHERE v.article_id = ? ORDER BY v.id", article_id)  # noqa: S608
        if head is None or not rows or (version is not None and not 1 <= version <= len(rows)):
            return None
        current = next(n for n, row in enumerate(rows) if row["id"] == head["version_id"])
        shown = current if version is None else version - 1
        return Kept(
            article_id=article_id,
            article=values.to_article(rows[shown]["article"]),
            flags=self._flags(rows[shown]["id"]),
            first_seen=values.from_moment(head["first_seen"]),
            copy_of=head["copy_of"],
            versions=tuple(
                Version(
                    version_id=r["id"],
                    seen=values.from_moment(r["seen"]),
                    title=r["title"],
                    words=r["words"],
                    edit=values.to_edit(r["edit"]),
                    follows=r["follows"],
                    is_older=bool(r["is_older"]),
                )
                for r in rows
            ),
            shown=shown,
            current_id=head["version_id"],
            events=self.events(article_id),
            story=head["story"],
        )

    @guarded
    def copies(self, article_id: int) -> tuple[Copy | None, tuple[Copy, ...]]:
        """(the article whose text this one copies, those that copy this one)."""
        head = self._row("SELECT copy_of FROM articles WHERE id = ?", article_id)
        original = self._row(_COPY + " WHERE a.id = ?", head["copy_of"]) if head else None
        return _copy(original) if original else None, self._copies(article_id)

    @guarded
    def article_of(self, target: str) -> int | None:
        """The article that this target of the frontier showed last, whatever stood there since."""
        sql = "SELECT article_id FROM captures WHERE target = ? AND article_id IS NOT NULL ORDER BY id DESC LIMIT 1"
        row = self._row(sql, target)
        return row["article_id"] if row else None

    @guarded
    def addresses(self, article_id: int) -> list[str]:
        """The targets of the frontier that ever showed an article."""
        sql = "SELECT DISTINCT target FROM captures WHERE article_id = ? AND target IS NOT NULL ORDER BY target"
        return [row["target"] for row in self._rows(sql, article_id)]

    @guarded
    def removal(self, article_id: int) -> str | None:
        """What speaks for an article's removal, as its judge keeps it; None: nothing."""
        row = self._row("SELECT removal FROM articles WHERE id = ?", article_id)
        return row["removal"] if row else None

    @guarded
    def save_removal(self, article_id: int, removal: str | None) -> None:
        self._connection.execute("UPDATE articles SET removal = ? WHERE id = ?", (removal, article_id))

    @guarded
    def article_at(self, identity: str) -> Article | None:
        """The newest version of the article of this identity."""
        sql = "SELECT v.article FROM articles a JOIN versions v ON v.id = a.version_id WHERE a.identity = ?"
        row = self._row(sql, identity)
        return values.to_article(row["article"]) if row else None

    @guarded
    def shown_at(self, identity: str) -> list[str]:
        """The targets of the frontier that gave an article its versions, in that order."""
        rows = self._rows(
            "SELECT c.target FROM articles a JOIN versions v ON v.article_id = a.id JOIN captures c ON c.id = v.capture_id"
            " WHERE a.identity = ? AND c.target IS NOT NULL ORDER BY v.id",
            identity,
        )
        return list(dict.fromkeys(row["target"] for row in rows))

    def _flags(self, version_id: int) -> tuple[Flag, ...]:
        return tuple(values.to_flag(dict(row)) for row in self._rows("SELECT * FROM flags WHERE version_id = ?", version_id))

    # ------------------------------------------------------------ topics

    @guarded
    def held(
        self, after: tuple[int, int] = (0, 0), since: datetime | None = None, *, whole: bool = False, most: int = 200
    ) -> list[Held]:
        """The current versions of articles that were first seen from a time on; `whole`: all their versions.

        In the order of articles, those behind one of (article, version), so that a store is read in steps, in flat memory.
        """
        chosen = "" if whole else " AND v.id = a.version_id"
        rows = self._rows(_HELD + chosen + _IN_STEPS, *after, values.moment(since or datetime(1, 1, 2, tzinfo=UTC)), most)
        return [
            Held(
                article_id=row["article_id"],
                version_id=row["id"],
                is_current=row["id"] == row["version_id"],
                captured=values.from_moment(row["captured_at"]),
                article=values.to_article(row["article"]),
                flags=self._flags(row["id"]),
            )
            for row in rows
        ]

    @guarded
    def captured(self, version_id: int) -> datetime:
        """When the capture was made that a version is of."""
        sql = "SELECT c.captured_at FROM versions v JOIN captures c ON c.id = v.capture_id WHERE v.id = ?"
        return values.from_moment(self._connection.execute(sql, (version_id,)).fetchone()["captured_at"])

    @guarded
    def reflag(self, version_id: int, topic: str, flag: Flag | None) -> None:
        """Put a topic's flag of a version in the place of the one that it has. No digest tells the article again for it."""
        with self.transaction():
            self._connection.execute("DELETE FROM flags WHERE version_id = ? AND topic = ?", (version_id, topic))
            self._set_flags(version_id, [flag] if flag else [])

    @guarded
    def flagged_by(self, topic: str) -> str | None:
        """The rules that the oldest flag of a topic is by. An adoption flags all at once, so that one row says it: the others
        are by the same, or of articles that came later."""
        row = self._row("SELECT rules FROM flags WHERE topic = ? ORDER BY version_id LIMIT 1", topic)
        return row["rules"] if row else None

    @guarded
    def adopt(self, topic: str, rules: str, before: str | None, now: datetime) -> int:
        """Keep that a topic file is taken over. The adoption's id; what moves and how many were judged is added to it."""
        with self.transaction():
            row = self._connection.execute(
                "INSERT INTO adoptions(at, topic, rules, before, articles) VALUES (?, ?, ?, ?, 0)",
                (values.moment(now), topic, rules, before),
            )
        return row.lastrowid or 0

    @guarded
    def adopted(self, adoption: int, article_id: int, before: str, after: str) -> None:
        """Keep that an adoption judged an article, and whether that moved it from a level to another one."""
        with self.transaction():
            self._connection.execute("UPDATE adoptions SET articles = articles + 1 WHERE id = ?", (adoption,))
            if before != after:
                self._connection.execute("INSERT INTO adoption_moves VALUES (?, ?, ?, ?)", (adoption, article_id, before, after))

    @guarded
    def adoptions(self) -> list[Adoption]:
        """What was adopted, newest first."""
        return [
            Adoption(
                at=values.from_moment(row["at"]),
                topic=row["topic"],
                rules=row["rules"],
                before=row["before"],
                articles=row["articles"],
                moved=Tally(
                    counts=tuple((f"{one['before']} → {one['after']}", one["n"]) for one in self._rows(_MOVED, row["id"]))
                ),
            )
            for row in self._rows("SELECT * FROM adoptions ORDER BY id DESC")
        ]

    # ------------------------------------------------------------ events

    @guarded
    def note(self, event: Event) -> None:
        """Keep that something happened to an article. It is not to be told where nobody was told of the article before."""
        subject = int(event.before) if event.kind is EventKind.REROOTED and event.before else event.article_id
        known = self._row("SELECT told_version_id, version_id FROM articles WHERE id = ?", subject)
        told = event.told or known is None or known["told_version_id"] is None
        if event.kind is EventKind.RESTORED and known and known["told_version_id"] != known["version_id"]:
            told = True  # the version that it shows again was never told, and is told as an edit
        self._connection.execute(
            "INSERT INTO events(article_id, kind, at, before, after, said, told) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (event.article_id, event.kind, values.moment(event.at), event.before, event.after, event.said, told),
        )

    @guarded
    def events(self, article_id: int) -> tuple[Event, ...]:
        """What happened to an article, oldest first."""
        return tuple(map(_event, self._rows("SELECT * FROM events WHERE article_id = ? ORDER BY id", article_id)))

    # ------------------------------------------------------------ telling

    @guarded
    def untold(self) -> list[News]:
        """Articles whose current version no digest has told, in the order they were stored."""
        return [self._news(row) for row in self._rows(_NEWS + _UNTOLD)]

    @guarded
    def between(self, since: datetime | None, until: datetime | None) -> list[News]:
        """Articles with a version stored in [since, until), each as it stood at the end of that time; told or not."""
        low = values.moment(since or datetime(1, 1, 2, tzinfo=UTC))
        high = values.moment(until or datetime(9999, 12, 30, tzinfo=UTC))
        touched = self._rows(
            f"SELECT article_id FROM versions v WHERE seen >= ?1 AND seen < ?2 AND NOT {_IS_OLDER} UNION"  # noqa: S608 - of ours
            " SELECT article_id FROM events WHERE kind = 'restored' AND at >= ?1 AND at < ?2 ORDER BY article_id",
            *(low, high),
        )
        found = ((row["article_id"], self._standing(row["article_id"], low)) for row in touched)
        return [
            self._news(self._rows(_NEWS + " WHERE v.id = ?", now)[0], before=was)
            for article_id, was in found
            if (now := self._standing(article_id, high)) and now != was
        ]

    def _standing(self, article_id: int, moment: str) -> int:
        """The version that an article showed right before a moment; 0: it was not there."""
        rows = self._rows(_STANDING, article_id, moment)
        made = [row for row in rows if not row["is_older"]]
        back = self._row(
            "SELECT after FROM events WHERE article_id = ? AND kind = 'restored' AND at < ? AND at >= ? ORDER BY id DESC",
            *(article_id, moment, max((row["seen"] for row in made), default=None)),
        )
        if back:
            return int(rows[int(back["after"].removeprefix("version ")) - 1]["id"])
        return made[-1]["id"] if made else 0

    def _news(self, row: sqlite3.Row, before: int | None = None) -> News:
        """`before`: id of the version that it is compared with; None: with what was told."""
        article = values.to_article(row["article"])
        told = self._row("SELECT id, title FROM versions WHERE id = ?", row["told_version_id"] if before is None else before)
        published = _date(row["published"]) or article.published
        return News(
            article_id=row["article_id"],
            version_id=row["version_id"],
            identity=row["identity"],
            url=article.url,
            site=article.site,
            outlet=article.outlet,
            title=article.title,
            lead=article.lead,
            section=article.section,
            published=published,
            first_seen=values.from_moment(row["first_seen"]),
            changed=values.from_moment(row["seen"]),
            edited=told is not None,
            old_title=told["title"] if told and told["title"] != article.title else None,
            credit=article.credit,
            origin_url=article.origin_url,
            flags=self._flags(row["version_id"]),
            copy_of=row["copy_of"],
            copies=self._copies(row["article_id"]),
            edits=self._edits(row["article_id"], told["id"], row["version_id"]) if told else (),
            kin=self._kin(row["article_id"], row["story"]) if row["story"] is not None else None,
        )

    def _edits(self, article_id: int, told: int, current: int) -> tuple[Edit, ...]:
        """The edits that lead from the version that was told to the current one, oldest first; none where one is not known."""
        versions = {
            row["id"]: row for row in self._rows("SELECT id, edit, follows FROM versions WHERE article_id = ?", article_id)
        }
        edits: list[Edit] = []
        while current != told and (row := versions.pop(current, None)):
            edits += [edit] if (edit := values.to_edit(row["edit"])) else []
            current = row["follows"]
        return tuple(reversed(edits)) if current == told else ()

    def _kin(self, article_id: int, story: int) -> Kin:
        root = self.stories.root_of(story)
        first = None if root == article_id else self._row(_COPY + " WHERE a.id = ?", root)
        link = next((one for one in self.stories.links(article_id) if one.article_id == root), None)
        count = self._row("SELECT count(*) FROM articles WHERE story = ?", story)
        return Kin(
            story_id=story,
            articles=count[0] if count else 0,
            first=_copy(first) if first else None,
            share=link.likeness.one_in_other if link else None,
            confidence=self.stories.confidence(story),
        )

    def _copies(self, article_id: int) -> tuple[Copy, ...]:
        return tuple(_copy(row) for row in self._rows(_COPY + " WHERE a.copy_of = ? ORDER BY a.id", article_id))

    @guarded
    def untold_notices(self) -> list[Notice]:
        """What happened to articles, and no digest has told."""
        return [self._notice(row) for row in self._rows(_NOTICE + " WHERE e.told = 0 ORDER BY e.id")]

    @guarded
    def notices_between(self, since: datetime | None, until: datetime | None) -> list[Notice]:
        """What happened to articles in [since, until), told or not."""
        low = values.moment(since or datetime(1, 1, 2, tzinfo=UTC))
        high = values.moment(until or datetime(9999, 12, 30, tzinfo=UTC))
        return [self._notice(row) for row in self._rows(_NOTICE + " WHERE e.at >= ? AND e.at < ? ORDER BY e.id", low, high)]

    def _notice(self, row: sqlite3.Row) -> Notice:
        copy = _copy(row)
        levels = {flag.level for flag in self._flags(row["version_id"])}
        return Notice(
            event=_event(row, event_id=row["event_id"]),
            title=copy.title,
            outlet=copy.outlet,
            url=copy.url,
            level=next((level for level in Level if level in levels), None),
        )

    @guarded
    def tell(self, content: str, versions: Sequence[int], now: datetime, events: Sequence[int] = ()) -> None:
        """Mark versions and events as told and keep the digest that told them. A newer version stored meanwhile stays untold."""
        with self.transaction():
            self._connection.execute("INSERT INTO digests(made, content) VALUES (?, ?)", (values.moment(now), content))
            self._connection.executemany(
                # nor is one told that has gone back to an earlier text meanwhile
                "UPDATE articles SET told_version_id = :v WHERE id = (SELECT article_id FROM versions WHERE id = :v)"
                " AND (version_id = :v OR ((told_version_id IS NULL OR told_version_id < :v) AND version_id > :v))",
                [{"v": version} for version in versions],
            )
            self._connection.executemany("UPDATE versions SET told = 1 WHERE id = ?", [(version,) for version in versions])
            self._connection.executemany("UPDATE events SET told = 1 WHERE id = ?", [(event,) for event in events])

    @guarded
    def last_digest(self) -> str | None:
        """The content of the digest told last."""
        row = self._row("SELECT content FROM digests ORDER BY id DESC LIMIT 1")
        return row["content"] if row else None

    # ------------------------------------------------------------ what sources teach

    @guarded
    def learnings(self) -> dict[str, Learning]:
        """What the pages of each site have taught, by site."""
        return {row["site"]: values.to_learning(row["site"], row["learning"]) for row in self._rows("SELECT * FROM layouts")}

    @guarded
    def last_capture(self) -> int:
        """The number of the newest capture; 0: there is none."""
        row = self._row("SELECT max(id) FROM captures")
        return int(row[0] or 0) if row else 0

    @guarded
    def learn(self, learning: Learning) -> None:
        """Keep what a site has taught."""
        self._connection.execute("INSERT OR REPLACE INTO layouts VALUES (?, ?)", (learning.site, values.from_learning(learning)))

    # ------------------------------------------------------------ the log

    @guarded
    def start_run(self, kind: str, now: datetime) -> int:
        with self.transaction():
            row = self._connection.execute("INSERT INTO runs(kind, started) VALUES (?, ?)", (kind, values.moment(now)))
            return row.lastrowid or 0

    @guarded
    def end_run(self, run_id: int, totals: Tally, problems: Sequence[str], now: datetime) -> None:
        with self.transaction():
            self._connection.execute(
                "UPDATE runs SET ended = ?, totals = ?, problems = ? WHERE id = ?",
                (values.moment(now), values.dump(totals.counts), values.dump(list(problems)), run_id),
            )

    @guarded
    def status(self) -> Status:
        """How the store stands now."""

        def count(sql: str) -> int:
            row = self._row(sql)
            return int(row[0] or 0) if row else 0

        def tally(sql: str) -> Tally:
            return Tally(counts=tuple((row[0], row[1]) for row in self._rows(sql)))

        last = self._row("SELECT max(made) AS made FROM digests")
        return Status(
            captures=tally("SELECT state, count(*) FROM captures GROUP BY state ORDER BY state"),
            articles=count("SELECT count(*) FROM articles"),
            versions=count("SELECT count(*) FROM versions"),
            untold=count("SELECT count(*) FROM articles WHERE version_id IS NOT told_version_id"),
            flags=tally("SELECT f.level, count(*) FROM flags f JOIN articles a ON a.version_id = f.version_id GROUP BY f.level"),
            archive_bytes=count("SELECT sum(length) FROM captures"),
            last_runs=tuple(_run(row) for row in self._rows("SELECT * FROM runs ORDER BY id DESC LIMIT 5")),
            last_digest=values.from_moment(last["made"]) if last and last["made"] else None,
            doubtful=tally(_DOUBTFUL),
            removals=tally(_REMOVALS),
        )


# Of the newest versions those whose template named no place, or whose readers did not agree.
_DOUBTFUL = (
    "SELECT json_extract(article, '$.site') AS site, count(*) FROM (SELECT article FROM versions ORDER BY id DESC LIMIT 2000)"
    " WHERE json_extract(article, '$.agreement') < 0.8 OR instr(article, 'the site may have changed')"
    " GROUP BY site HAVING site IS NOT NULL ORDER BY count(*) DESC LIMIT 5"
)
_REMOVALS = (
    "SELECT CASE WHEN json_extract(removal, '$.gone') IS NULL THEN 'suspect' ELSE 'gone' END AS verdict, count(*)"
    " FROM articles WHERE removal IS NOT NULL GROUP BY verdict ORDER BY verdict DESC"
)
# With the place of the body (o), where the record is a revisit.
_CAPTURES = (
    "SELECT c.id, c.file, c.offset, c.length, c.url, c.identity, c.sha256, c.refers_to, c.article_id, c.target,"
    " o.file AS body_file, o.offset AS body_offset, o.length AS body_length"
    " FROM captures c LEFT JOIN captures o ON o.id = c.refers_to"
)
_NEWEST = _CAPTURES + " WHERE c.identity = ? ORDER BY c.id DESC LIMIT 1"
_READABLE = (
    " WHERE c.pruned IS NULL AND (c.state IN ('pending', 'failed') OR c.id IN (SELECT capture_id FROM versions)) ORDER BY c.id"
)
# Not of a capture that made a version itself: that is read again, and compared with nothing.
_EARLIER = (
    "SELECT v.capture_id, coalesce(v.reader, '') AS reader FROM captures c JOIN articles a ON a.id = coalesce("
    " (SELECT id FROM articles WHERE identity = c.identity),"
    # found at another address than its own
    " (SELECT article_id FROM captures b WHERE b.identity = c.identity AND b.id < c.id AND b.article_id IS NOT NULL"
    " ORDER BY b.id DESC LIMIT 1))"
    " JOIN versions v ON v.id = a.version_id WHERE c.id = ? AND NOT EXISTS (SELECT 1 FROM versions WHERE capture_id = c.id)"
)
_NEWS = (
    "SELECT a.id AS article_id, a.identity, a.first_seen, a.copy_of, a.told_version_id, a.published, a.story,"
    " v.id AS version_id, v.seen, v.article"
    " FROM articles a JOIN versions v ON v.article_id = a.id"
)
_IS_OLDER = "EXISTS (SELECT 1 FROM captures oc WHERE oc.id = v.capture_id AND oc.state = 'older')"  # of a version `v`
_STANDING = f"SELECT id, seen, {_IS_OLDER} AS is_older FROM versions v WHERE article_id = ? AND seen < ? ORDER BY id"  # noqa: S608
_HELD = (
    "SELECT v.id, v.article_id, v.article, a.version_id, c.captured_at FROM versions v JOIN articles a ON a.id = v.article_id"
    " JOIN captures c ON c.id = v.capture_id WHERE (v.article_id, v.id) > (?, ?) AND a.first_seen >= ?"
)
_MOVED = (
    "SELECT before, after, count(*) AS n FROM adoption_moves WHERE adoption_id = ? GROUP BY before, after ORDER BY before, after"
)
_IN_STEPS = " ORDER BY v.article_id, v.id LIMIT ?"
_COPY = "SELECT a.id, a.identity, a.first_seen, v.article FROM articles a JOIN versions v ON v.id = a.version_id"
_NOTICE = (
    "SELECT a.id, a.identity, a.first_seen, a.version_id, v.article, e.id AS event_id, e.article_id, e.kind, e.at, e.before,"
    " e.after, e.said, e.told FROM events e JOIN articles a ON a.id = e.article_id JOIN versions v ON v.id = a.version_id"
)
# Where both say the same, as they are read today, nothing is to be told.
_UNTOLD = (
    " WHERE v.id = a.version_id AND a.version_id IS NOT a.told_version_id AND NOT EXISTS"
    " (SELECT 1 FROM versions t WHERE t.id = a.told_version_id AND t.edit_hash = v.edit_hash) ORDER BY a.id"
)


def _subject(url: str | None, identity: str) -> str:
    return url or identity.removeprefix("saved:")


def _archived(row: sqlite3.Row) -> Archived:
    body = row["body_file"] and Place(file=row["body_file"], offset=row["body_offset"], length=row["body_length"])
    place = Place(file=row["file"], offset=row["offset"], length=row["length"], body=body or None)
    return Archived(capture_id=row["id"], place=place, subject=_subject(row["url"], row["identity"]), target=row["target"])


def _version(update: Update) -> tuple[str | None, str, int, str, str, str]:
    article, marks = update.article, update.fingerprint
    words = len(article.text.split())
    return article.title, values.from_article(article), words, marks.edit, marks.copy, update.reader


def _iso(moment: datetime | None) -> str | None:
    """A date of a page in the publisher's zone, which is part of what the page said."""
    return moment.isoformat() if moment else None


def _date(raw: str | None) -> datetime | None:
    return datetime.fromisoformat(raw) if raw else None


def _copy(row: sqlite3.Row) -> Copy:
    article = values.to_article(row["article"])
    return Copy(
        article_id=row["id"],
        title=article.title,
        outlet=article.outlet or article.site or "saved file",
        url=article.url,
        first_seen=values.from_moment(row["first_seen"]),
    )


def _event(row: sqlite3.Row, event_id: int | None = None) -> Event:
    return Event(
        article_id=row["article_id"],
        kind=EventKind(row["kind"]),
        at=values.from_moment(row["at"]),
        before=row["before"],
        after=row["after"],
        said=row["said"],
        event_id=row["id"] if event_id is None else event_id,
        told=bool(row["told"]),
    )


def _run(row: sqlite3.Row) -> Run:
    return Run(
        kind=row["kind"],
        started=values.from_moment(row["started"]),
        ended=values.from_moment(row["ended"]) if row["ended"] else None,
        totals=values.to_tally(row["totals"]),
        problems=tuple(json.loads(row["problems"])),
    )
