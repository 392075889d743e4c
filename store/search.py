"""Which articles have words: the texts that are searched, their index, and what is asked of it.

The index (FTS5, unicode61) holds words without marks but keeps đ: a word typed without marks is asked for in all readings that
some text has, and what has other marks than those typed is passed over by whoever looks at the text. Rows come newest first,
which costs nothing: their numbers grow with time. Where filters leave few articles (a topic, a month), these are asked for one by
one.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice, product
from math import prod
from typing import Any, Protocol

import text
from model import READ_AT_ONCE, Article, Hit, Hits, InputError, Query, Searched, Term
from store import values
from store.guard import guarded
from store.schema import DATED

_LOOKED = 1_000  # articles at most whose texts are looked at for their marks; more where very many are to be shown
_LOOKED_FOR_EACH = 10
_RANKED = 200  # of them such as are looked at for some with just the marks typed, which come first
_WINDOWS = (2_000, 50_000)  # newest articles in which words are looked for side by side, the next where the last has few
_SPARSE = 1_000  # where fewer than so many of the newest have all words, these are rare enough to be looked for in all
_RELEVANT = 300  # newest articles among which relevance is told
_FEW = 1_000  # articles that filters leave, and whose texts are looked at without asking the index
_PARTS, _READ_IN_PART = 4, 8  # of a term with very many readings so many parts are asked for, in so many readings each
_BLOCK = 4  # times as many as are to be shown are put in order by their dates at once

_COLUMNS = "title, lead, body, outlet"


class Matcher(Protocol):
    """Holds texts against a query (`track.queries.Matcher`)."""

    def judge(self, searched: Searched, *, together: bool, vouched: bool) -> bool | None:
        """Whether a text has the words with just the marks typed; None: not at all. `vouched`: it has the letters."""

    def relevance(self, searched: Searched, *, together: bool) -> float:
        """How much of a text is about the words."""


_Said = tuple[str, str, str, str]  # title, lead, body, outlet
_Found = tuple[int, Searched, bool]  # row, its text, and whether it has just the marks typed


@dataclass(frozen=True, slots=True)
class _Table:
    """A searched table: its index, and how a row of it leads to its article."""

    texts: str
    index: str
    article: str  # the column that holds the article's id


_CURRENT = _Table("article_text", "article_search", "id")
_HISTORY = _Table("edited_away", "edited_away_search", "article_id")


class _Taken:
    """Rows that are to be shown, as they come: one of each article."""

    def __init__(self, ask: _Ask, limit: int, looked: int) -> None:
        self._ask = ask
        self.limit = limit
        self._looked = looked  # so many are looked at, where most have other marks
        self.found: dict[int, _Found] = {}  # by the number of the article
        self.passed = 0  # with other marks than those typed
        self.is_cut = False  # there were so many of them that not all were looked at

    def add(self, key: int, searched: Searched, is_exact: bool) -> None:
        """Of several versions of an article the newest stands for it, or the newest with just the marks typed."""
        article_id = self._ask.article_of(key)
        held = self.found.get(article_id)
        if held is None or (is_exact and not held[2]):
            self.found[article_id] = key, searched, is_exact

    def take(self, rows: Iterable[tuple[int, Searched]], judge: Callable[[Searched], bool | None], known: Container[int]) -> None:
        exact: set[int] = set()
        for looked, (key, searched) in enumerate(rows, 1):
            article_id = self._ask.article_of(key)
            verdict = None if article_id in known else judge(searched)
            if verdict is not None:
                self.add(key, searched, verdict)
                if verdict:
                    exact.add(article_id)
            elif article_id not in known:
                self.passed += 1
            if len(exact) >= self.limit or (looked >= _RANKED and len(self.found) >= self.limit):
                return
            if looked >= self._looked and self.passed:
                self.is_cut = True
                return

    def best(self, score: Callable[..., float] | None, *, together: bool) -> list[_Found]:
        """Those with just the marks typed first; then the newest, or those that score most."""
        some = self._ask.in_order(self.found.values())
        if score is None:
            return sorted(some, key=lambda one: not one[2])
        return sorted(some, key=lambda one: (not one[2], -score(one[1], together=together)))


class Search:
    """The tables behind one connection. Writes belong into a transaction of the store that owns it."""

    def __init__(self, path: object, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def _rows(self, sql: str, *args: Any) -> list[Any]:
        return self._connection.execute(sql, args).fetchall()

    # ------------------------------------------------------------ the index

    @guarded
    def keep(self, article_id: int, only: Article | None = None) -> None:
        """Bring the index up to what an article says now; what is the same is not written. `only`: its one version.

        An edit costs what the two versions and what was edited away before take to be looked through, however many versions there
        are; where a text came back, or was read anew, all of them are.
        """
        if only is not None:
            self._put(_CURRENT, article_id, article_id, _texts(only))
            return
        row = self._connection.execute(_SHOWN, (article_id,)).fetchone()
        if row is None:
            return
        now, before = _texts(values.to_article(row["article"])), None
        if row["previous"] is not None:  # the current one is the newest, and follows it
            said = self._rows(f"SELECT {_COLUMNS} FROM article_text WHERE id = ?", article_id)  # noqa: S608 - names of ours
            before = _texts(values.to_article(row["previous"]))
            if [tuple(one) for one in said] != [before]:  # it is not the one whose text is in the index
                before = None
        self._put(_CURRENT, article_id, article_id, now)
        if before is None:
            self._tell_all(article_id, row["id"], now)
        else:
            self._tell_edit(article_id, row["follows"], before, now)

    def _tell_edit(self, article_id: int, version_id: int, before: _Said, now: _Said) -> None:
        """The history after one more edit: what that took away is added, what it brought back is history no more."""
        keys = _Keys()
        there = keys.of(now)
        gone = keys.without(before, set(there))
        if any(gone[:3]):
            self._put(_HISTORY, version_id, article_id, gone)
        came = there - keys.of(before)
        if not came:
            return
        shapes = set(map(_shape, came))
        sql = f"SELECT id, {_COLUMNS} FROM edited_away WHERE article_id = ? AND id <> ?"  # noqa: S608 - names of ours
        for key, *said in self._rows(sql, article_id, version_id):
            if any("(" in one or not shapes.isdisjoint(map(_shape, _SENTENCE.split(one))) for one in said[:3]):
                left = keys.without(said, set(came))
                if left != tuple(said):
                    self._put_or_drop(key, article_id, left)

    def _tell_all(self, article_id: int, shown: int, now: _Said) -> None:
        """The history of all versions: each sentence once, of the newest version that had it."""
        keys = _Keys()
        there = keys.of(now)
        known = {row[0] for row in self._rows("SELECT id FROM edited_away WHERE article_id = ?", article_id)}
        ids = [row[0] for row in self._rows("SELECT id FROM versions WHERE article_id = ? ORDER BY id DESC", article_id)]
        for version_id in ids:
            if version_id == shown:
                gone: _Said = ("", "", "", "")
            else:
                (row,) = self._rows("SELECT article FROM versions WHERE id = ?", version_id)
                gone = keys.without(_texts(values.to_article(row["article"])), there)
            if any(gone[:3]) or version_id in known:
                self._put_or_drop(version_id, article_id, gone)

    def _put_or_drop(self, version_id: int, article_id: int, gone: _Said) -> None:
        if any(gone[:3]):
            self._put(_HISTORY, version_id, article_id, gone)
        else:
            self._connection.execute("DELETE FROM edited_away WHERE id = ?", (version_id,))

    def _put(self, table: _Table, key: int, article_id: int, said: _Said) -> None:
        owner = {} if table.article == "id" else {table.article: article_id}
        names = ["id", *owner, *_COLUMNS.split(", ")]
        self._connection.execute(
            f"INSERT INTO {table.texts}({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - names of ours
            " ON CONFLICT (id) DO UPDATE SET title = excluded.title, lead = excluded.lead, body = excluded.body,"
            " outlet = excluded.outlet WHERE title IS NOT excluded.title OR lead IS NOT excluded.lead"
            " OR body IS NOT excluded.body OR outlet IS NOT excluded.outlet",
            (key, *owner.values(), *said),
        )

    @guarded
    def behind(self) -> int:
        """Articles that were stored before there was an index, and are not in it yet."""
        due = self._connection.execute("SELECT max(up_to) FROM search_due").fetchone()[0]
        return 0 if due is None else int(self._rows("SELECT count(*) FROM articles WHERE id <= ?", due)[0][0])

    @guarded
    def catch_up(self, most: int = 500) -> int:
        """Put so many of them into the index, the newest first. How many were put: a kill between two calls loses nothing."""
        due = self._connection.execute("SELECT max(up_to) FROM search_due").fetchone()[0]
        if due is None:
            return 0
        ids = [row[0] for row in self._rows("SELECT id FROM articles WHERE id <= ? ORDER BY id DESC LIMIT ?", due, most)]
        for article_id in reversed(ids):
            self.keep(article_id)
        if len(ids) < most:
            self._connection.execute("DELETE FROM search_due")
        else:
            self._connection.execute("UPDATE search_due SET up_to = ?", (ids[-1] - 1,))
        return len(ids)

    # ------------------------------------------------------------ asking

    @guarded
    def find(self, query: Query, matcher: Matcher, limit: int, *, relevance: bool = False, history: bool = False) -> Hits:
        """The best articles for a query: words side by side first, then just the marks typed, then the newest: of those stored
        last, four times as many as are to be shown, by their dates of publication.

        `relevance`: of the newest 300 those that are most about it. FTS5's own bm25() counts each word in the whole index before
        it tells the first: 60 to 600 ms in a million articles. `history`: among what older versions said and the current one
        does not.
        """
        query = self._known_topics(query)
        topics = tuple(self._topics()) if query.levels and not query.topics else query.topics
        many = max(limit, _RELEVANT) if relevance else limit
        ask = _Ask(self._connection, query, topics, _HISTORY if history else _CURRENT, _BLOCK * limit)
        looked = max(_LOOKED, _LOOKED_FOR_EACH * limit)
        near, apart = _Taken(ask, many, looked), _Taken(ask, many, looked)  # words typed side by side stand so; they do not
        is_near = False
        if ask.is_few:
            for key, searched in ask.rows(query.clauses):
                if query.together and (exact := matcher.judge(searched, together=True, vouched=False)) is not None:
                    near.add(key, searched, exact)
                elif (exact := matcher.judge(searched, together=False, vouched=False)) is not None:
                    apart.add(key, searched, exact)
            apart.found = {number: one for number, one in apart.found.items() if number not in near.found}
        elif not ask.has_words:
            apart.take(ask.rows(()), lambda searched: matcher.judge(searched, together=False, vouched=False), ())
        else:
            if query.together:
                rows, is_near = ask.side_by_side(max(many, limit * 4) if query.has_marks else many)
                near.take(rows, lambda searched: matcher.judge(searched, together=True, vouched=True), ())
            if len(near.found) < limit:
                apart.limit = many - len(near.found)
                rows = ask.rows(query.clauses)
                apart.take(rows, lambda searched: matcher.judge(searched, together=False, vouched=True), near.found)
        score = matcher.relevance if relevance else None
        best = [(*found, True) for found in near.best(score, together=True)]
        best += [(*found, not query.together) for found in apart.best(score, together=False)]
        shown = [self._hit(ask.table, *one) for one in best[:limit]]
        if not query.has_marks:
            shown = [replace(hit, is_exact=None) for hit in shown]
        if history:
            keys = [one[0] for one in best]
            shown = [replace(hit, more_versions=self._more(ask, matcher, key)) for key, hit in zip(keys, shown, strict=False)]
        return Hits(
            found=tuple(shown),
            is_whole=not (near.is_cut or apart.is_cut) or len(best) >= limit,
            is_near=is_near and len(near.found) < limit,
            other_marks=near.passed + apart.passed if ask.has_words else 0,
            behind=self.behind(),
        )

    def _more(self, ask: _Ask, matcher: Matcher, key: int) -> int:
        """Other versions of the article that said the words, and were edited away."""
        rows = self._rows("SELECT id FROM edited_away WHERE article_id = ? AND id <> ?", ask.article_of(key), key)
        texts = ask.texts(row[0] for row in rows)
        return sum(matcher.judge(searched, together=False, vouched=False) is not None for _, searched in texts)

    def _known_topics(self, query: Query) -> Query:
        """The query with its topics as flags name them."""
        if not query.topics and not query.not_topics:
            return query
        known = {topic.casefold(): topic for topic in self._topics()}
        for topic in (*query.topics, *query.not_topics):
            if topic.casefold() not in known:
                said = f"no article is flagged with it; known are: {', '.join(known.values()) or 'none'}"
                raise InputError(said, subject=f"topic:{topic}", kind="query")
        return replace(
            query,
            topics=tuple(known[topic.casefold()] for topic in query.topics),
            not_topics=tuple(known[topic.casefold()] for topic in query.not_topics),
        )

    def _topics(self) -> Iterator[str]:
        """The topics of all flags, each found in the index by the one before it."""
        topic = ""
        while (row := self._connection.execute("SELECT min(topic) FROM flags WHERE topic > ?", (topic,)).fetchone())[0]:
            topic = row[0]
            yield topic

    def _hit(self, table: _Table, key: int, searched: Searched, exact: bool, together: bool) -> Hit:
        row = self._connection.execute(_HIT_OLDER if table is _HISTORY else _HIT, (key,)).fetchone()
        ids = [one[0] for one in self._rows("SELECT id FROM versions WHERE article_id = ? ORDER BY id", row["id"])]
        flags = self._rows("SELECT topic, level FROM flags WHERE version_id = ? ORDER BY topic", row["version_id"])
        published = row["published"] or row["claimed"]
        return Hit(
            article_id=row["id"],
            version=ids.index(row["shown"]) + 1,
            versions=len(ids),
            seen=values.from_moment(row["seen"]),
            outlet=row["outlet"],
            site=row["site"],
            url=row["url"],
            title=row["title"],
            published=datetime.fromisoformat(published) if published else None,
            first_seen=values.from_moment(row["first_seen"]),
            copy_of=row["copy_of"],
            flags=tuple((flag[0], flag[1]) for flag in flags),
            searched=searched,
            is_together=together,
            is_exact=exact,
        )


# What an article says, and, where that is its newest version, what the one before said.
_SHOWN = (
    "SELECT v.id, v.article, v.follows, (SELECT p.article FROM versions p WHERE p.id = v.follows"
    " AND v.id = (SELECT max(n.id) FROM versions n WHERE n.article_id = a.id)) AS previous"
    " FROM articles a JOIN versions v ON v.id = a.version_id WHERE a.id = ?"
)
_HIT_COLUMNS = (
    "SELECT a.id, a.version_id, a.first_seen, a.published, a.copy_of, c.title, v.id AS shown, v.seen,"
    " json_extract(c.article, '$.outlet') AS outlet, json_extract(c.article, '$.site') AS site,"
    " json_extract(c.article, '$.url') AS url, json_extract(c.article, '$.published_claims[0][0]') AS claimed"
)
_HIT = _HIT_COLUMNS + " FROM articles a JOIN versions c ON c.id = a.version_id JOIN versions v ON v.id = c.id WHERE a.id = ?"
_HIT_OLDER = (
    _HIT_COLUMNS + " FROM versions v JOIN articles a ON a.id = v.article_id JOIN versions c ON c.id = a.version_id WHERE v.id = ?"
)


# ---------------------------------------------------------------- texts


def _texts(article: Article) -> _Said:
    """(title, lead, the rest of the text, outlet and site)."""
    lead = article.lead or ""
    body = article.text
    if article.has_lead:
        body = body[len(lead) :].lstrip("\n")
    return article.title or "", lead, body, " ".join(filter(None, [article.outlet, article.site]))


_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n")


_NO_DIGITS = bytes(code for code in range(128) if not chr(code).isdigit())
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())


def _shape(sentence: str) -> tuple[int, bytes]:
    """What of a sentence its key leaves as it is but for an hour in brackets, told in less time: how many letters and digits
    without marks it has (a tone mark only moves), and its digits."""
    plain = sentence.encode("ascii", "ignore").translate(None, _NO_LETTERS)
    return len(plain), plain.translate(None, _NO_DIGITS)


class _Keys:
    """The sentences of texts by what is the same in them however it is written; each is looked at once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def _sentences(self, said: str) -> Iterator[tuple[str, str]]:
        for sentence in _SENTENCE.split(said):
            if sentence.strip():
                if sentence not in self._known:
                    self._known[sentence] = text.edit_key(sentence)
                yield self._known[sentence], sentence

    def of(self, said: Sequence[str]) -> set[str]:
        """Of title, lead and body."""
        return {key for part in said[:3] for key, _ in self._sentences(part)}

    def without(self, said: Sequence[str], there: set[str]) -> _Said:
        """What stands not there, sentence by sentence; the outlet stays. Its keys are there then."""
        found = ["\n".join(self._new(part, there)) for part in said[:3]]
        return found[0], found[1], found[2], said[3]

    def _new(self, said: str, there: set[str]) -> Iterator[str]:
        for key, sentence in self._sentences(said):
            if key not in there:
                there.add(key)
                yield sentence


# ---------------------------------------------------------------- one question


class _Ask:
    """A query as SQL. What a person typed is in it as words of letters and digits, or bound."""

    def __init__(self, connection: sqlite3.Connection, query: Query, topics: Sequence[str], table: _Table, block: int) -> None:
        self.table = table
        self._block = block
        self._dates: dict[int, int] = {}
        self._topics = topics  # in which flags of the levels asked for are found
        self._connection = connection
        self._query = query
        self._where, self._bound = _conditions(query)
        self._few = self._find_few() if self._where else None
        self._ends = self._find_ends() if self._few is None else (None, None)
        self._heard: dict[str, bool] = {}  # of readings: some text has them
        self.has_words = self._match(query.clauses) is not None
        self.is_few = self._few is not None

    def rows(self, clauses: Sequence[tuple[Term, ...]]) -> Iterator[tuple[int, Searched]]:
        """The rows that have the words of these clauses, or may have them (`is_few`), in order, as they are asked for."""
        return self.texts(key for key, *_ in self._connection.execute(*self._plan(clauses)))

    def texts(self, keys: Iterable[int]) -> Iterator[tuple[int, Searched]]:
        # A question of its own for each, since a join loses the order of its parts.
        read = f"SELECT title, lead, body, outlet FROM {self.table.texts} WHERE id = ?"  # noqa: S608 - a name of ours
        for key in self._by_date(iter(keys)):
            title, lead, body, outlet = self._connection.execute(read, (key,)).fetchone()
            yield key, Searched(title=title, lead=lead, body=body, outlet=outlet)

    def article_of(self, key: int) -> int:
        if self.table is _CURRENT:
            return key
        return int(self._connection.execute("SELECT article_id FROM edited_away WHERE id = ?", (key,)).fetchone()[0])

    def _by_date(self, keys: Iterator[int]) -> Iterator[int]:
        """Rows that come stored last first, block by block in the order of publication: what was published long ago and stored
        now is no news. An index over dates and words would be another index of all texts. Of the history the order stays."""
        if self.table is _HISTORY:
            yield from keys
            return
        sql = f"SELECT a.id, {_of_article(DATED)} FROM json_each(?) j CROSS JOIN articles a ON a.id = j.value"  # noqa: S608
        while block := list(islice(keys, self._block)):
            dates = dict(self._connection.execute(sql, (json.dumps(block),)).fetchall())
            self._dates |= {key: date or 0 for key, date in dates.items()}
            yield from sorted(block, key=lambda key: -(dates[key] or 0))  # of one date those stored last first, as they came

    def in_order(self, found: Iterable[_Found]) -> list[_Found]:
        """What was found, the newest first."""
        return sorted(found, key=lambda one: -self._dates.get(one[0], 0))

    def side_by_side(self, wanted: int) -> tuple[Iterator[tuple[int, Searched]], bool]:
        """(rows that have words side by side as typed, in order; whether only the newest were looked at for that).

        FTS5 goes on to the next place of a phrase, however far away: a window is asked for from its old end to the newest row.
        """
        clauses = self._query.together
        match = self._match(clauses)
        if match is None:
            return self.rows(clauses), False
        last = self._ends[1] or self._connection.execute(f"SELECT max(id) FROM {self.table.texts}").fetchone()[0] or 0  # noqa: S608
        for window in _WINDOWS:
            low = last - window
            if low <= (self._ends[0] or 0):
                break
            sql, bound = self._of_all(match, low)
            keys = [row[0] for row in self._connection.execute(f"{sql} ORDER BY s.rowid", bound)]
            if len(keys) >= wanted:
                return self.texts(reversed(keys)), False
        else:
            if not self._is_sparse(last - _WINDOWS[-1]):
                return self.texts(reversed(keys)), True
        return self.rows(clauses), False

    def _is_sparse(self, low: int) -> bool:
        """Hardly any of the rows from `low` on have all words, side by side or not."""
        sql, bound = self._of_all(self._match(self._query.clauses) or "", low)
        return len(self._connection.execute(f"{sql} LIMIT ?", [*bound, _SPARSE]).fetchall()) < _SPARSE

    def _plan(self, clauses: Sequence[tuple[Term, ...]]) -> tuple[str, list[Any]]:
        if self._few is not None:
            return "SELECT value AS id FROM json_each(?) ORDER BY key", [json.dumps(self._few)]
        match = self._match(clauses)
        if match is None:
            key = f"t.{self.table.article}"
            keys = f"SELECT t.id FROM {self.table.texts} t CROSS JOIN articles a ON a.id = {key} WHERE {self._where or '1'}"  # noqa: S608
            return f"{keys} ORDER BY t.id DESC", list(self._bound)
        keys, bound = self._of_all(match, self._ends[0])
        return f"{keys} ORDER BY s.rowid DESC", bound

    def _match(self, clauses: Sequence[tuple[Term, ...]]) -> str | None:
        return _expression(clauses, self._query, self._exists)

    def _exists(self, reading: str) -> bool:
        """Some text has it. Hardly any of the readings of a word do: telling so takes less than asking for all at once."""
        if reading not in self._heard:
            sql = f"SELECT 1 FROM {self.table.index} WHERE {self.table.index} MATCH ? LIMIT 1"  # noqa: S608 - names of ours
            self._heard[reading] = self._connection.execute(sql, (f'"{reading}"',)).fetchone() is not None
        return self._heard[reading]

    def _of_all(self, match: str, low: int | None) -> tuple[str, list[Any]]:
        """Of the rows that have the words those that filters leave, from the row `low` on; in no order yet."""
        table = self.table
        source = f"{table.index} s"
        limits = [(sign, end) for sign, end in (("<=", self._ends[1]), (">=", low)) if end is not None]
        condition = "".join(f" AND s.rowid {sign} ?" for sign, _ in limits)
        bound: list[Any] = [match, *(end for _, end in limits)]
        if self._where:
            if table.article != "id":
                source += f" CROSS JOIN {table.texts} t ON t.id = s.rowid"
            source += f" CROSS JOIN articles a ON a.id = {'s.rowid' if table.article == 'id' else f't.{table.article}'}"
            condition += f" AND {self._where}"
            bound += self._bound
        sql = f"SELECT s.rowid AS id FROM {source} WHERE {table.index} MATCH ?{condition}"  # noqa: S608
        return sql, bound

    def _find_few(self) -> list[int] | None:
        """The rows that filters leave, newest first; None: too many to look at each.

        The index is not asked for one row: it would look for the next that has the words, however far away.
        """
        query, table = self._query, self.table
        if not (query.topics or query.levels or query.after or query.before):
            return None
        if self._topics:
            source = "flags f JOIN articles a ON a.version_id = f.version_id"
            first = f"f.topic IN ({_marks(self._topics)})" + (f" AND f.level IN ({_marks(query.levels)})" if query.levels else "")
            bound: list[Any] = [*self._topics, *query.levels]
        else:
            source, first, bound = "articles a", "1", []
        key = "a.id" if table.article == "id" else "t.id"
        joined = "" if table.article == "id" else f" JOIN {table.texts} t ON t.article_id = a.id"
        # So many of a topic, or of a time, are looked at; whoever has more has to be met among those that have the words.
        count = f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {first} AND {_dated(query)} LIMIT {_FEW + 1})"  # noqa: S608
        days = [int(moment.timestamp()) for moment in (query.after, query.before) if moment]
        if self._connection.execute(count, [*bound, *days]).fetchone()[0] > _FEW:
            return None
        sql = f"SELECT DISTINCT {key} FROM {source}{joined} WHERE {first} AND {self._where} ORDER BY 1 DESC"  # noqa: S608
        return [row[0] for row in self._connection.execute(sql, [*bound, *self._bound])]

    def _find_ends(self) -> tuple[int | None, int | None]:
        """The first and the last row of the days asked for: a number of an article, so of the index of current texts alone."""
        if self.table is _HISTORY or not self._query.before:  # without an end the newest rows are the first that are met
            return None, None
        days = [int(moment.timestamp()) for moment in (self._query.after, self._query.before) if moment]
        sql = f"SELECT min(id), max(id) FROM articles a WHERE {_dated(self._query)}"  # noqa: S608 - names of ours
        low, high = self._connection.execute(sql, days).fetchone()
        return (low, high) if low is not None else (1, 0)


def _marks(some: Sequence[object]) -> str:
    return ", ".join("?" * len(some))


def _of_article(name: str) -> str:
    return re.sub(r"\b(published|first_seen)\b", r"a.\1", name)


def _dated(query: Query) -> str:
    dated = _of_article(DATED)
    return " AND ".join([*([f"{dated} >= ?"] if query.after else []), *([f"{dated} < ?"] if query.before else [])]) or "1"


def _conditions(query: Query) -> tuple[str, list[Any]]:
    """What must be true of an article `a` beside its words, and what is bound to it."""
    found: list[str] = []
    bound: list[Any] = []

    def flagged(topics: Sequence[str], levels: Sequence[str], *, is_not: bool = False) -> None:
        where = "".join(f" AND f.{name} IN ({_marks(some)})" for name, some in (("topic", topics), ("level", levels)) if some)
        if where:
            sql = f"EXISTS (SELECT 1 FROM flags f WHERE f.version_id = a.version_id{where})"  # noqa: S608 - names of ours
            found.append("NOT " + sql if is_not else sql)
            bound.extend([*topics, *levels])

    flagged(query.topics, query.levels)
    flagged(query.not_topics, (), is_not=True)
    flagged((), query.not_levels, is_not=True)
    if query.after or query.before:
        found.append(_dated(query))
        bound += [int(moment.timestamp()) for moment in (query.after, query.before) if moment]
    return " AND ".join(found), bound


Exists = Callable[[str], bool]


def _expression(clauses: Iterable[tuple[Term, ...]], query: Query, exists: Exists) -> str | None:
    """The query in the language of FTS5; None: it names no words. All that stands in quotes are letters and digits."""
    parts = [_any(_said(term, exists) for term in clause) for clause in dict.fromkeys(clauses)]
    if query.outlets:
        parts.append(_any(f"outlet : {_phrases(term, exists)}" for term in query.outlets))
    if not parts:
        return None
    # What is asked for in parts, and what has marks, is left to whoever looks at the text.
    barred = [term for term in query.without if not any(word.is_marked for word in term.words) and not term.is_long]
    without = [_said(term, exists) for term in barred]
    without += [f"outlet : {_phrases(term, exists)}" for term in query.not_outlets]
    wanted = " AND ".join(parts)
    return f"({wanted}) NOT {_any(without)}" if without else wanted


def _any(some: Iterable[str]) -> str:
    return "(" + " OR ".join(some) + ")"


def _said(term: Term, exists: Exists) -> str:
    return f"{'title' if term.in_title else '{title lead body}'} : {_phrases(term, exists)}"


def _phrases(term: Term, exists: Exists) -> str:
    """A term in all its readings. Of one that has too many the first parts are asked for: whoever looks at the text tells."""
    units = _units(term, exists)
    most = READ_AT_ONCE if prod(map(len, units)) <= READ_AT_ONCE else _READ_IN_PART
    parts: list[list[Sequence[str]]] = [[]]
    for unit in units:
        if parts[-1] and len(unit) * prod(map(len, parts[-1])) > most:
            parts.append([])
        parts[-1].append(unit)
    said = list(dict.fromkeys(_any(f'"{" ".join(words)}"' for words in product(*part)) for part in parts))[:_PARTS]
    return "(" + " AND ".join(said) + ")" if len(said) > 1 else said[0]


def _units(term: Term, exists: Exists) -> list[list[str]]:
    """Of each word those of its readings that some text has; words tied by an apostrophe also as the one that it may be."""
    units: list[list[str]] = []
    for word in term.words:
        some = [one for one in word.readings if exists(one)] if len(word.readings) > 1 else []
        some = some or [word.readings[0]]
        if word.is_tied and units:
            pairs = list(product(units.pop(), some))
            tied = [f"{one}ʼ{other}" for one, other in pairs if " " not in one]
            some = [*(f"{one} {other}" for one, other in pairs), *filter(exists, tied)][:READ_AT_ONCE]
        units.append(some)
    return units
