"""The frontier's tables: every address that was found, the hosts, and the looks at lists. Decides nothing; see watch.py.

A target that is handed out carries a lease until some moment; one whose lease has run out is handed out again. So what a kill
has left out comes back by itself, and what was taken back in was saved together with what it brought.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import urls
from model import Look, SourceKind, SourceStatus, Standing, Tally, Target, Validators, Verdict
from store.guard import guarded
from store.values import dump, from_moment, moment


class Frontier:
    """The tables behind one connection. Writes belong into a transaction of the store that owns it."""

    def __init__(self, path: object, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    # ------------------------------------------------------------ targets

    @guarded
    def add(self, targets: Iterable[Target]) -> None:
        """Put in those whose key is not there."""
        self._connection.executemany("INSERT OR IGNORE" + _INTO, map(_row, targets))

    @guarded
    def save(self, target: Target) -> None:
        """Write a target back; its lease ends."""
        self._connection.execute("REPLACE" + _INTO, _row(target))

    @guarded
    def amend(self, target: Target) -> None:
        """Write back what others than its own answer teach of a target: not while it is out, or it would be asked for twice."""
        sql = "UPDATE frontier SET url = ?, host = ?, due = ?, weight = ?, memory = ?, room = ? WHERE key = ? AND leased IS NULL"
        due = target.due and moment(target.due)
        self._connection.execute(sql, (target.url, target.host, due, target.weight, target.memory, target.room, target.key))

    @guarded
    def get(self, key: str) -> Target | None:
        row = self._connection.execute("SELECT * FROM frontier WHERE key = ?", (key,)).fetchone()
        return _target(row) if row else None

    @guarded
    def get_all(self, keys: Collection[str]) -> dict[str, Target]:
        """Those of the keys that are there."""
        sql = "SELECT * FROM frontier WHERE key IN (SELECT value FROM json_each(?))"
        return {row["key"]: _target(row) for row in self._connection.execute(sql, (json.dumps(list(keys)),))}

    @guarded
    def drop(self, key: str) -> None:
        self._connection.execute("DELETE FROM frontier WHERE key = ?", (key,))

    @guarded
    def of(self, source: str) -> list[Target]:
        """The articles that a source found first, in the order in which it did."""
        sql = "SELECT * FROM frontier WHERE source = ? AND kind IS NULL ORDER BY found"
        return [_target(row) for row in self._connection.execute(sql, (source,))]

    @guarded
    def below(self, parent: str) -> list[Target]:
        """The further pages of a section, or the sitemaps of an index, that were met so far."""
        rows = self._connection.execute("SELECT * FROM frontier WHERE kind IS NOT NULL AND parent = ?", (parent,))
        return [_target(row) for row in rows]

    @guarded
    def lists(self) -> list[Target]:
        """Every list, further pages and sitemaps below others too."""
        return [_target(row) for row in self._connection.execute("SELECT * FROM frontier WHERE kind IS NOT NULL")]

    @guarded
    def watching(self, url: str) -> str | None:
        """The source that has a list on the site of this address; None: nobody watches it."""
        rows = self._connection.execute("SELECT source, url FROM frontier WHERE kind IS NOT NULL AND parent IS NULL ORDER BY key")
        return next((row["source"] for row in rows if urls.same_site(row["url"], url)), None)

    @guarded
    def orphans(self, known: Iterable[str]) -> list[tuple[str, str]]:
        """(source, host) of articles whose source is none of these."""
        sql = "SELECT DISTINCT source, host FROM frontier WHERE source NOT IN (SELECT value FROM json_each(?))"
        return [(row["source"], row["host"]) for row in self._connection.execute(sql, (json.dumps(list(known)),))]

    @guarded
    def adopt(self, source: str, host: str, parent: str) -> None:
        """The articles that a source found on a host are another's from now on, in the accounts too."""
        sql = "UPDATE frontier SET source = ? WHERE source = ? AND host = ? AND kind IS NULL"
        count = self._connection.execute(sql, (parent, source, host)).rowcount
        self.count_found(parent, count)
        self.count_found(source, -count)

    # ------------------------------------------------------------ leases

    @guarded
    def lease(self, room: dict[str, int], most: int, sources: Collection[str], now: datetime, until: datetime) -> list[Target]:
        """Hand out what is due of each host that is not paused: `most`, or as many as `room` says for the host."""
        names, time = json.dumps(list(sources)), moment(now)
        hosts = [row["host"] for row in self._connection.execute(_AWAKE, (time,))]
        rows = [
            row
            for host in hosts
            if (count := room.get(host, most)) > 0
            for row in self._connection.execute(_DUE, (host, time, time, names, count))
        ]
        sql = "UPDATE frontier SET leased = ? WHERE key = ?"
        self._connection.executemany(sql, [(moment(until), row["key"]) for row in rows])
        return [_target(row) for row in rows]

    @guarded
    def unread(self, host: str, due: datetime, found: datetime) -> list[Target]:
        """Articles of a host that were found before `found`, were never read, and are due and not out."""
        sql = "SELECT * FROM frontier WHERE host = ? AND rank = 1 AND due <= ? AND leased IS NULL AND found < ?"
        return [_target(row) for row in self._connection.execute(sql, (host, moment(due), moment(found)))]

    @guarded
    def take(self, keys: Collection[str], now: datetime, until: datetime) -> list[Target]:
        """Hand out these, due or not; but nothing of a host that is left alone."""
        asleep = {host for host, _, _ in self.paused(now)}
        found = [target for target in self.get_all(keys).values() if target.host not in asleep]
        sql = "UPDATE frontier SET leased = ? WHERE key = ?"
        self._connection.executemany(sql, [(moment(until), target.key) for target in found])
        return found

    @guarded
    def release(self, keys: Iterable[str]) -> None:
        """Take targets back as they were."""
        self._connection.executemany("UPDATE frontier SET leased = NULL WHERE key = ?", [(key,) for key in keys])

    @guarded
    def release_all(self) -> None:
        """No target is out: for the one process that may hand them out, when it starts."""
        self._connection.execute("UPDATE frontier SET leased = NULL WHERE leased IS NOT NULL")

    @guarded
    def next_due(self, sources: Collection[str]) -> tuple[datetime, str] | None:
        """When the next target is due, and its source; hosts that are paused count from the end of their pause."""
        row = self._connection.execute(_NEXT, (json.dumps(list(sources)),)).fetchone()
        return (from_moment(row["at"]), row["source"]) if row and row["at"] else None

    # ------------------------------------------------------------ hosts and sites

    @guarded
    def meet(self, host: str) -> None:
        """A host that may be asked from now on."""
        self._connection.execute("INSERT OR IGNORE INTO hosts(host) VALUES (?)", (host,))

    @guarded
    def count_asked(self, host: str, asked: int) -> None:
        self._connection.execute("UPDATE hosts SET asked = asked + ? WHERE host = ?", (asked, host))

    @guarded
    def pause(self, host: str, until: datetime, reason: str | None) -> None:
        """Hand out nothing of this host before `until`."""
        sql = "UPDATE hosts SET paused = ?, reason = ? WHERE host = ?"
        self._connection.execute(sql, (moment(until), reason, host))

    @guarded
    def recall(self, now: datetime, look: datetime, pause: datetime) -> None:
        """Lists that are due later than `look` are due now, and no host is left alone for longer than until `pause`."""
        self._connection.execute("UPDATE frontier SET due = ? WHERE kind IS NOT NULL AND due > ?", (moment(now), moment(look)))
        self._connection.execute("UPDATE hosts SET paused = NULL WHERE paused > ?", (moment(pause),))

    @guarded
    def paused(self, now: datetime) -> list[tuple[str, datetime, str | None]]:
        """(host, until when, why) of those that are left alone now."""
        rows = self._connection.execute("SELECT * FROM hosts WHERE paused > ? ORDER BY host", (moment(now),))
        return [(row["host"], from_moment(row["paused"]), row["reason"]) for row in rows]

    @guarded
    def hosts(self) -> list[tuple[str, str | None, int]]:
        """(host, what the policy keeps of it, how often it was asked since that was written)."""
        return [(row["host"], row["memory"], row["asked"]) for row in self._connection.execute("SELECT * FROM hosts")]

    @guarded
    def host(self, host: str) -> str | None:
        row = self._connection.execute("SELECT memory FROM hosts WHERE host = ?", (host,)).fetchone()
        return row["memory"] if row else None

    @guarded
    def save_host(self, host: str, memory: str) -> None:
        """Keep what the policy says of a host; counting what it is asked begins anew."""
        self._connection.execute("UPDATE hosts SET memory = ?, asked = 0 WHERE host = ?", (memory, host))

    @guarded
    def life(self, host: str) -> str | None:
        """What a host shows of itself, as the judge of removals keeps it."""
        row = self._connection.execute("SELECT life FROM hosts WHERE host = ?", (host,)).fetchone()
        return row["life"] if row else None

    @guarded
    def save_life(self, host: str, life: str) -> None:
        self._connection.execute("UPDATE hosts SET life = ? WHERE host = ?", (life, host))

    @guarded
    def site(self, site: str) -> tuple[str | None, str | None]:
        """What the policy keeps of a site: its week, and what its articles taught."""
        row = self._connection.execute("SELECT * FROM sites WHERE site = ?", (site,)).fetchone()
        return (row["week"], row["articles"]) if row else (None, None)

    @guarded
    def save_site(self, site: str, *, week: str | None = None, articles: str | None = None) -> None:
        """Keep what is given of a site."""
        self._connection.execute(
            "INSERT INTO sites VALUES (:site, :week, :articles) ON CONFLICT DO UPDATE SET"
            " week = coalesce(:week, week), articles = coalesce(:articles, articles)",
            {"site": site, "week": week, "articles": articles},
        )

    # ------------------------------------------------------------ accounts

    @guarded
    def count_found(self, source: str, count: int) -> None:
        """A source has found so many addresses more."""
        sql = "INSERT INTO sources(name, found) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET found = found + ?2"
        self._connection.execute(sql, (source, count))

    @guarded
    def found(self) -> dict[str, int]:
        """How many addresses each source has found, as counted when they were."""
        return {row["name"]: row["found"] for row in self._connection.execute("SELECT * FROM sources")}

    @guarded
    def standings(self) -> dict[str, Tally]:
        """How many addresses of each source stand where."""
        found: dict[str, Tally] = {}
        sql = "SELECT source, standing, count(*) FROM frontier WHERE kind IS NULL GROUP BY source, standing"
        for source, standing, count in self._connection.execute(sql):
            found[source] = found.get(source, Tally()).plus(standing, count)
        return found

    @guarded
    def due_of(self, source: str) -> tuple[datetime | None, datetime | None]:
        """When a list of the source is looked at next, and when a failed article is tried next."""
        sql = (
            "SELECT min(CASE WHEN kind IS NOT NULL THEN due END) AS look,"
            " min(CASE WHEN kind IS NULL AND (standing = 'will_retry' OR tries > 0) THEN due END) AS retry"
            " FROM frontier WHERE source = ? AND due IS NOT NULL"
        )
        row = self._connection.execute(sql, (source,)).fetchone()
        return row["look"] and from_moment(row["look"]), row["retry"] and from_moment(row["retry"])

    @guarded
    def look(self, look: Look) -> None:
        """Keep a look at a list, in place of the one before."""
        self._connection.execute(
            "REPLACE INTO looks(source, page, at, status, links, fresh, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (look.source, look.page, moment(look.at), look.status, look.links, look.fresh, look.reason),
        )

    @guarded
    def looks(self, source: str) -> dict[str, Look]:
        """The last look at each of a source's lists, by address."""
        rows = self._connection.execute("SELECT * FROM looks WHERE source = ?", (source,))
        return {row["page"]: _look(row) for row in rows}

    @guarded
    def habit(self, source: str) -> str | None:
        """What the judge of sources remembers of one."""
        row = self._connection.execute("SELECT habit FROM sources WHERE name = ?", (source,)).fetchone()
        return row["habit"] if row else None

    @guarded
    def judged(self, source: str, habit: str, verdict: Verdict) -> None:
        """Keep it, and what follows from it."""
        sql = "INSERT INTO sources(name, habit, health) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET habit = ?2, health = ?3"
        since = verdict.since and moment(verdict.since)
        self._connection.execute(sql, (source, habit, dump([verdict.cause, verdict.reason, since, verdict.drifting])))

    @guarded
    def untold(self) -> list[tuple[str, Verdict]]:
        """Sources that began to drift, or ceased to, since the last call: each is told once."""
        rows = self._connection.execute("SELECT name, health, told FROM sources WHERE health IS NOT NULL").fetchall()
        found = [(row["name"], _verdict(row["health"]), row["told"]) for row in rows]
        news = [(name, verdict) for name, verdict, told in found if (verdict.cause if verdict.drifting else None) != told]
        told = [(verdict.cause if verdict.drifting else None, name) for name, verdict in news]
        self._connection.executemany("UPDATE sources SET told = ? WHERE name = ?", told)
        return news

    @guarded
    def count(self, source: str, outcome: str, at: datetime, count: int = 1) -> None:
        """So many articles of a source ended like this."""
        sql = "INSERT INTO tallies VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET count = count + ?4"
        self._connection.execute(sql, (source, moment(at)[:10], outcome, count))

    @guarded
    def statuses(self, sources: Iterable[str], now: datetime) -> list[SourceStatus]:
        """How these sources stand."""
        found, standings = self.found(), self.standings()
        return [self._status(name, found.get(name, 0), standings.get(name, Tally()), now) for name in sources]

    def _status(self, name: str, found: int, standings: Tally, now: datetime) -> SourceStatus:
        row = self._connection.execute("SELECT health FROM sources WHERE name = ?", (name,)).fetchone()
        last = self._connection.execute("SELECT * FROM looks WHERE source = ? ORDER BY at DESC LIMIT 1", (name,)).fetchone()
        look, retry = self.due_of(name)
        return SourceStatus(
            name=name,
            verdict=_verdict(row["health"]) if row and row["health"] else None,
            last=_look(last) if last else None,
            next_look=look,
            next_retry=retry,
            found=found,
            standings=standings,
            recent=self._recent(name, now),
        )

    def _recent(self, source: str, now: datetime) -> Tally:
        sql = "SELECT outcome, sum(count) FROM tallies WHERE source = ? AND day >= ? GROUP BY outcome ORDER BY 2 DESC"
        rows = self._connection.execute(sql, (source, moment(now - timedelta(days=1))[:10]))
        return Tally(counts=tuple((row[0], row[1]) for row in rows))


def _verdict(raw: str) -> Verdict:
    cause, reason, since, drifting = json.loads(raw)
    return Verdict(cause=cause, reason=reason, since=since and from_moment(since), drifting=drifting)


_INTO = (
    " INTO frontier(key, url, host, source, kind, standing, reason, found, published, due, rank, looked, tries, etag,"
    " last_modified, same, weight, memory, parent, page, depth, room)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_AWAKE = "SELECT host FROM hosts WHERE paused IS NULL OR paused <= ?"
# All ranks are named, or what is due in months would be walked through each time to find what is due now.
_DUE = (
    "SELECT * FROM frontier WHERE host = ? AND rank IN (0, 1, 2) AND due <= ? AND (leased IS NULL OR leased <= ?)"
    " AND source IN (SELECT value FROM json_each(?)) ORDER BY rank, due LIMIT ?"
)
_NEXT = (
    "SELECT max(f.due, coalesce(h.paused, '')) AS at, f.source FROM frontier f JOIN hosts h USING (host)"
    " WHERE f.due IS NOT NULL AND f.source IN (SELECT value FROM json_each(?)) ORDER BY at LIMIT 1"
)


def _row(target: Target) -> tuple[object, ...]:
    known = target.validators
    return (
        target.key,
        target.url,
        target.host,
        target.source,
        target.kind,
        target.standing,
        target.reason,
        moment(target.found),
        target.published and moment(target.published),
        target.due and moment(target.due),
        target.rank,
        target.looked and moment(target.looked),
        target.tries,
        known.etag if known else None,
        known.last_modified if known else None,
        target.same,
        target.weight,
        target.memory,
        target.parent,
        target.page,
        target.depth,
        target.room,
    )


def _target(row: sqlite3.Row) -> Target:
    known = row["etag"] or row["last_modified"]
    return Target(
        key=row["key"],
        url=row["url"],
        host=row["host"],
        source=row["source"],
        kind=SourceKind(row["kind"]) if row["kind"] else None,
        standing=Standing(row["standing"]),
        reason=row["reason"],
        found=from_moment(row["found"]),
        published=row["published"] and from_moment(row["published"]),
        due=row["due"] and from_moment(row["due"]),
        looked=row["looked"] and from_moment(row["looked"]),
        tries=row["tries"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]) if known else None,
        same=row["same"],
        weight=row["weight"],
        memory=row["memory"],
        parent=row["parent"],
        page=row["page"],
        depth=row["depth"],
        room=row["room"],
    )


def _look(row: sqlite3.Row) -> Look:
    return Look(
        source=row["source"],
        page=row["page"],
        at=from_moment(row["at"]),
        status=row["status"],
        links=row["links"],
        fresh=row["fresh"],
        reason=row["reason"],
    )
