"""Which texts are alike: samples of texts by which such are found, the likenesses that were judged, and stories.

A sample lies in the table of the month in which its article was first seen: what is asked for most is small whatever the archive
holds, since copies come within days. A text that is copied after months is found only where it is copied whole.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import urls
from model import Article, Certainty, Confidence, Likely, Likeness, LikenessKind, Link, Member
from store import values
from store.guard import guarded

SKETCHES = 1  # raised when samples are taken in another way: articles with older ones are compared anew when they are read again
_MONTHS = 3  # that are searched
_SHARED = 2  # hashes that two texts must have in common
_LIKELY = 30  # articles compared with one, those with most hashes in common
_TWINS = 3  # of them such as have the same text: whoever is compared with more learns nothing
_SERIES = 3  # articles of one family of titles on one site that make a series
_WEAK = 5  # likenesses of each other kind that are kept of an article


class Stories:
    """The tables behind one connection. Writes belong into a transaction of the store that owns it."""

    def __init__(self, path: object, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._changed: set[int] = set()  # stories that another article may have had first now

    # ------------------------------------------------------------ finding

    @guarded
    def likely(
        self, own: int | None, sketch: tuple[int, ...], copy_hash: str, series: str | None, months: Iterable[str]
    ) -> tuple[Likely, ...]:
        """Articles whose text may be like one of this sample and this copy hash: twins first, then those with most in common."""
        twins = [row[0] for row in self._connection.execute(_TWINS_OF, (copy_hash, own, _TWINS))]
        shared: Counter[int] = Counter()
        for month in months:
            shared.update(self._sharing(month, sketch))
        for known in (own, *twins):
            shared.pop(known, None)
        near = [article_id for article_id, _ in shared.most_common(_LIKELY)]
        is_series = series is not None and self._connection.execute(_SERIES_SIZE, (series, own)).fetchone()[0] >= _SERIES - 1
        return tuple(self._likely(article_id, series if is_series else None) for article_id in (*twins, *near))

    def _sharing(self, month: str, sketch: tuple[int, ...]) -> dict[int, int]:
        """The articles that share enough hashes of a month's, and how many."""
        if not sketch or not self._has(month):
            return {}
        ask = _SHARING.format(table=_table(month))
        return {row[0]: row[1] for row in self._connection.execute(ask, (json.dumps(sketch), _SHARED, _LIKELY))}

    def _likely(self, article_id: int, series: str | None) -> Likely:
        row = self._connection.execute(_LIKELY_ROW, (article_id,)).fetchone()
        return Likely(
            article_id=article_id,
            article=values.to_article(row["article"]),
            story=row["story"],
            is_root=row["root"] == article_id,
            in_series=series is not None and row["series"] == series,
        )

    # ------------------------------------------------------------ samples

    @guarded
    def sample(self, article_id: int, month: str, before: tuple[int, ...], sketch: tuple[int, ...]) -> None:
        """Put a text's sample in the place of the one before."""
        gone = set(before) - set(sketch)
        self._make(month)
        table = _table(month)
        if gone:
            drop = f"DELETE FROM {table} WHERE hash = ? AND article_id = ?"  # noqa: S608 - the name is made of digits
            self._connection.executemany(drop, [(one, article_id) for one in gone])
        put = f"INSERT OR IGNORE INTO {table} VALUES (?, ?)"  # noqa: S608
        self._connection.executemany(put, [(one, article_id) for one in sketch])

    def _has(self, month: str) -> bool:
        sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
        return self._connection.execute(sql, (_table(month),)).fetchone() is not None

    def _make(self, month: str) -> None:
        if not self._has(month):
            self._connection.execute(
                f"CREATE TABLE {_table(month)} (hash INTEGER NOT NULL, article_id INTEGER NOT NULL,"
                " PRIMARY KEY (hash, article_id)) WITHOUT ROWID"
            )

    # ------------------------------------------------------------ likenesses

    @guarded
    def link(self, article_id: int, links: Iterable[Link]) -> None:
        """Put what an article's text is like in the place of what it was like before."""
        self._connection.execute("DELETE FROM likenesses WHERE one = ?", (article_id,))
        self._connection.execute("DELETE FROM likenesses WHERE other = ?", (article_id,))
        self._connection.executemany(
            "INSERT INTO likenesses VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    article_id,
                    link.article_id,
                    link.likeness.kind,
                    link.likeness.one_in_other,
                    link.likeness.other_in_one,
                    link.likeness.jaccard,
                    link.likeness.numbers_replaced,
                    link.likeness.numbers_kept,
                )
                for link in _kept(links)
            ],
        )

    @guarded
    def links(self, article_id: int) -> tuple[Link, ...]:
        """What an article's text is like, nearest first: seen from it, whichever of the two was compared."""
        sql = (
            "SELECT other, kind, one_in_other, other_in_one, jaccard, numbers_replaced, numbers_kept FROM likenesses"
            " WHERE one = :id UNION ALL SELECT one, kind, other_in_one, one_in_other, jaccard, numbers_replaced, numbers_kept"
            " FROM likenesses WHERE other = :id"
        )
        found = [_link(row) for row in self._connection.execute(sql, {"id": article_id})]
        return tuple(sorted(found, key=lambda link: (_ORDER[link.likeness.kind], -link.likeness.containment, link.article_id)))

    @guarded
    def missing_origins(self, most: int = 1000) -> list[str]:
        """Addresses from which articles say that they were copied, and that were never met; of the newest articles first."""
        return [row[0] for row in self._connection.execute(_MISSING, (most,))]

    # ------------------------------------------------------------ stories

    @guarded
    def story_of(self, article_id: int) -> int | None:
        row = self._connection.execute("SELECT story FROM articles WHERE id = ?", (article_id,)).fetchone()
        return row["story"] if row else None

    @guarded
    def root_of(self, story: int) -> int:
        """The article that had it first, as far as is known."""
        row = self._connection.execute("SELECT root FROM stories WHERE id = ?", (story,)).fetchone()
        root: int = row["root"]
        return root

    @guarded
    def set_root(self, story: int, root: int, confidence: Confidence) -> None:
        self._connection.execute("UPDATE stories SET root = ?, confidence = ? WHERE id = ?", (root, confidence, story))

    @guarded
    def confidence(self, story: int) -> Confidence:
        """How sure it is who had it first."""
        row = self._connection.execute("SELECT confidence FROM stories WHERE id = ?", (story,)).fetchone()
        return Confidence(row["confidence"])

    @guarded
    def members(self, story: int) -> tuple[Member, ...]:
        """The articles of a story, in the order in which they were stored."""
        return tuple(_member(row) for row in self._connection.execute(_MEMBERS, (story,)))

    @guarded
    def join(self, article_id: int, beside: int, brings: Iterable[int] = ()) -> int:
        """Put an article into the story of another one, which founds it if it is in none; what it brings comes with its story."""
        story = self.story_of(beside)
        if story is None:
            story = self._connection.execute("INSERT INTO stories(root) VALUES (?)", (beside,)).lastrowid or 0
            self._put(beside, story)
        self._put(article_id, story)
        self._changed.add(story)
        for one in brings:
            other = self.story_of(one)
            if other is None:
                self._put(one, story)
            elif other != story:
                self._connection.execute("UPDATE articles SET story = ? WHERE story = ?", (story, other))
                self._connection.execute("DELETE FROM stories WHERE id = ?", (other,))
        return story

    @guarded
    def leave(self, article_id: int) -> None:
        """Take an article out of its story."""
        story = self.story_of(article_id)
        if story is not None:
            self._put(article_id, None)
            self.settle(story)

    @guarded
    def settle(self, story: int) -> None:
        """What is like none of a story's articles any more is in it no more; others that are alike make one of their own."""
        members = [row[0] for row in self._connection.execute("SELECT id FROM articles WHERE story = ? ORDER BY id", (story,))]
        parts = sorted(_connected(members, self._strong(members)), key=len, reverse=True)
        for part in parts[1:] if parts and len(parts[0]) > 1 else parts:
            for one in part:
                self._put(one, None)
            if len(part) > 1:
                for one in part[1:]:
                    self.join(one, part[0])
        if not parts or len(parts[0]) < 2:
            self._connection.execute("DELETE FROM stories WHERE id = ?", (story,))
            return
        self._changed.add(story)
        if self.root_of(story) not in parts[0]:
            self.set_root(story, parts[0][0], Confidence.DOUBTFUL)

    def _strong(self, members: Sequence[int]) -> list[tuple[int, int]]:
        """Pairs of these whose texts make a story."""
        rows = self._connection.execute(_STRONG, (json.dumps(list(members)),) * 2)
        return [(row[0], row[1]) for row in rows]

    @guarded
    def changed(self) -> tuple[int, ...]:
        """Stories whose articles changed since this was asked last, or in which one is dated anew."""
        known = self._connection.execute(
            "SELECT id FROM stories WHERE id IN (SELECT value FROM json_each(?))", (json.dumps([*self._changed]),)
        )
        changed, self._changed = tuple(row[0] for row in known), set()
        return changed

    @guarded
    def touch(self, story: int) -> None:
        """Who had it first is to be judged anew."""
        self._changed.add(story)

    @guarded
    def set_copies(self, article_id: int, one_text: Iterable[int], copy_hash: str) -> None:
        """Which later articles have the text of this one. Those that had its text before, and still do, are copies of the
        first of themselves."""
        still = set(one_text)
        orphans = self._connection.execute(_COPIES_OF, (article_id,)).fetchall()
        for row in orphans:
            if row["id"] not in still and row["copy_hash"] != copy_hash:
                first = self._connection.execute(_FIRST_TWIN, (row["copy_hash"], row["id"])).fetchone()[0]
                self._connection.execute("UPDATE articles SET copy_of = ? WHERE id = ?", (first, row["id"]))
        self._connection.executemany(
            "UPDATE articles SET copy_of = ? WHERE id = ? AND id > ? AND copy_of IS NULL",
            [(article_id, one, article_id) for one in still],
        )

    def _put(self, article_id: int, story: int | None) -> None:
        self._connection.execute("UPDATE articles SET story = ? WHERE id = ?", (story, article_id))


def months(moment: datetime) -> tuple[str, ...]:
    """The months in which a text like one that was first seen then is looked for: `2026_11`, and those before it."""
    last = moment.year * 12 + moment.month - 1
    return tuple(f"{number // 12:04}_{number % 12 + 1:02}" for number in range(last, last - _MONTHS, -1))


def latest(first_seen: datetime, now: datetime) -> datetime:
    """A time in whose months texts stand that would look for one that was first seen then: they may be made of it."""
    number = first_seen.year * 12 + first_seen.month - 1 + _MONTHS - 1
    return min(now, first_seen.replace(year=number // 12, month=number % 12 + 1, day=1))


_TWINS_OF = (
    "SELECT a.id FROM versions v JOIN articles a ON a.id = v.article_id AND a.version_id = v.id"
    " WHERE v.copy_hash = ? AND a.id IS NOT ?"
    " ORDER BY a.id LIMIT ?"
)
_FIRST_TWIN = (
    "SELECT min(a.id) FROM versions v JOIN articles a ON a.id = v.article_id AND a.version_id = v.id"
    " WHERE v.copy_hash = ? AND a.id < ?"
)
_COPIES_OF = "SELECT a.id, v.copy_hash FROM articles a JOIN versions v ON v.id = a.version_id WHERE a.copy_of = ? ORDER BY a.id"
_STRONG = (
    "SELECT one, other FROM likenesses WHERE kind IN ('exact', 'same', 'near')"
    " AND one IN (SELECT value FROM json_each(?)) AND other IN (SELECT value FROM json_each(?))"
)
_SERIES_SIZE = f"SELECT count(*) FROM (SELECT 1 FROM articles WHERE series = ? AND id IS NOT ? LIMIT {_SERIES})"  # noqa: S608
_LIKELY_ROW = (
    "SELECT v.article, a.story, a.series, s.root FROM articles a JOIN versions v ON v.id = a.version_id"
    " LEFT JOIN stories s ON s.id = a.story WHERE a.id = ?"
)
_MEMBERS = (
    "SELECT a.id, a.identity, a.first_seen, a.published, a.origin, v.article"
    " FROM articles a JOIN versions v ON v.id = a.version_id WHERE a.story = ? ORDER BY a.id"
)
_SHARING = (
    "SELECT article_id, count(*) AS shared FROM {table} WHERE hash IN (SELECT value FROM json_each(?))"
    " GROUP BY article_id HAVING shared >= ? ORDER BY shared DESC, article_id DESC LIMIT ?"
)
_MISSING = (
    "SELECT DISTINCT json_extract(v.article, '$.origin_url') FROM articles a JOIN versions v ON v.id = a.version_id"
    " WHERE a.origin IS NOT NULL AND NOT EXISTS (SELECT 1 FROM articles o WHERE o.identity = a.origin)"
    " AND NOT EXISTS (SELECT 1 FROM frontier f WHERE f.key = a.origin) ORDER BY a.id DESC LIMIT ?"
)
_ORDER = {kind: place for place, kind in enumerate(LikenessKind)}


def _connected(members: Sequence[int], pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The members in groups of those that hang together, each in order."""
    group = {one: {one} for one in members}
    for one, other in pairs:
        if group[one] is not group[other]:
            joined = group[one] | group[other]
            group.update(dict.fromkeys(joined, joined))
    return [list(found) for found in dict.fromkeys(tuple(sorted(one)) for one in group.values())]


def _table(month: str) -> str:
    return f"sketches_{month}"


def _kept(links: Iterable[Link]) -> Iterator[Link]:
    """All that make a story, and of the others the nearest: an issue of a daily template is like a hundred others."""
    counts: Counter[LikenessKind] = Counter()
    for link in sorted(links, key=lambda link: (-link.likeness.containment, link.article_id)):
        kind = link.likeness.kind
        counts[kind] += 1
        if link.likeness.makes_story or counts[kind] <= _WEAK:
            yield link


def _link(row: sqlite3.Row) -> Link:
    other, kind, one_in_other, other_in_one, jaccard, replaced, kept = row
    likeness = Likeness(
        kind=LikenessKind(kind),
        one_in_other=one_in_other,
        other_in_one=other_in_one,
        jaccard=jaccard,
        numbers_replaced=replaced,
        numbers_kept=kept,
    )
    return Link(article_id=other, likeness=likeness)


def _member(row: sqlite3.Row) -> Member:
    article = values.to_article(row["article"])
    published = datetime.fromisoformat(row["published"]) if row["published"] else article.published
    return Member(
        article_id=row["id"],
        identity=row["identity"],
        url=article.url,
        site=article.site,
        outlet=article.outlet,
        title=article.title,
        published=published,
        is_sure=_is_sure(article),
        first_seen=values.from_moment(row["first_seen"]),
        credit=article.credit,
        origin=row["origin"],
    )


def _is_sure(article: Article) -> bool:
    return bool(article.published_claims) and article.published_claims[0].certainty is not Certainty.DOUBTFUL


def origin_of(article: Article) -> str | None:
    """The identity of the page that an article says it was copied from, if that is another one."""
    if not article.origin_url or not urls.is_web(article.origin_url):
        return None
    identity = urls.identity(article.origin_url)
    return None if identity == article.identity else identity
