"""How the store and its sources stand, told: as lines for a terminal, and as values for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import text
from model import Run, SourceStatus, Status, Tally

Paused = tuple[str, datetime, str | None]  # a host, until when it is left alone, and why


def lines(home: Path, now: Status, sources: Sequence[SourceStatus], paused: Sequence[Paused], zone: ZoneInfo) -> Iterator[str]:
    """One line each, safe for a terminal; times in this zone."""
    for line in _lines(home, now, sources, paused, zone):
        yield text.printable(line)


def _lines(home: Path, now: Status, sources: Sequence[SourceStatus], paused: Sequence[Paused], zone: ZoneInfo) -> Iterator[str]:
    told = f"{now.last_digest.astimezone(zone):%d/%m/%Y %H:%M}" if now.last_digest else "never"
    yield _titled("data folder", str(home))
    yield _titled("captures", f"{now.captures.total} ({counts(now.captures)}), {now.archive_bytes:,} bytes in the archive")
    yield _titled("articles", f"{now.articles} in {now.versions} versions; flagged: {counts(now.flags)}")
    yield _titled("last digest", f"{told}; {now.untold} not told yet")
    if now.removals.total:
        yield _titled("removals", f"{counts(now.removals)}: articles that cannot be had at present")
    for site, pages in now.doubtful.counts:
        yield _titled("doubtful", f"{pages} of the newest versions from {site}: its layout may have changed")
    for source in sources:
        yield from _of_source(source, zone)
    for host, until, reason in paused:
        yield _titled("left alone", f"{host} until {until.astimezone(zone):%d/%m/%Y %H:%M}: {reason}")
    for run in now.last_runs:
        yield _titled("run", _of_run(run, zone))
        yield from (_below(problem) for problem in run.problems[:5])


def _titled(title: str, said: str) -> str:
    return f"{title:>12}  {said}"


def _below(said: str) -> str:
    return f"{'':>12}    {said}"


def _of_source(source: SourceStatus, zone: ZoneInfo) -> Iterator[str]:
    verdict = source.verdict
    state = f"DRIFTING, {verdict.cause}" if verdict and verdict.drifting else verdict.cause if verdict else "not looked at yet"
    looks = [("last look", source.last.at if source.last else None), ("next", source.next_look), ("retries", source.next_retry)]
    when = "; ".join(f"{what} {at.astimezone(zone):%d/%m %H:%M}" for what, at in looks if at)
    yield _titled("source", f"{source.name}: {state}" + (f"; {when}" if when else ""))
    if verdict and verdict.drifting:
        yield _below(verdict.reason)
    if source.last and source.last.reason:
        yield _below(f"{source.last.page}: {source.last.reason}")
    if source.found:
        lost = source.found - source.standings.total
        yield _below(f"{source.found} found: {counts(source.standings)}" + (f"; {lost} ARE NOT ACCOUNTED FOR" if lost else ""))
    if source.recent.total:
        yield _below(f"today and yesterday: {counts(source.recent)}")


def _of_run(run: Run, zone: ZoneInfo) -> str:
    ended = f"{(run.ended - run.started).total_seconds():.0f} s" if run.ended else "no end: it runs, or was killed"
    return f"{run.started.astimezone(zone):%d/%m/%Y %H:%M} {run.kind} ({ended}): {counts(run.totals)}"


def counts(tally: Tally) -> str:
    """A tally in words."""
    return ", ".join(f"{count} {state}" for state, count in tally.counts) or "none"


def record(now: Status, sources: Sequence[SourceStatus], paused: Sequence[Paused]) -> dict[str, Any]:
    """The status for programs; docs/formats.md describes it."""
    return {
        "captures": dict(now.captures.counts),
        "archive_bytes": now.archive_bytes,
        "articles": now.articles,
        "versions": now.versions,
        "untold": now.untold,
        "flags": dict(now.flags.counts),
        "last_digest": now.last_digest,
        "doubtful": dict(now.doubtful.counts),
        "removals": {"suspect": now.removals["suspect"], "gone": now.removals["gone"]},
        "sources": [_source_record(source) for source in sources],
        "left_alone": [{"host": host, "until": until, "reason": reason} for host, until, reason in paused],
        "runs": [asdict(run) | {"totals": dict(run.totals.counts)} for run in now.last_runs],
    }


def _source_record(source: SourceStatus) -> dict[str, Any]:
    return {
        "name": source.name,
        "health": asdict(source.verdict) if source.verdict else None,
        "last_look": asdict(source.last) if source.last else None,
        "next_look": source.next_look,
        "next_retry": source.next_retry,
        "found": source.found,
        "standings": dict(source.standings.counts),
        "accounted": source.found == source.standings.total,
        "recent": dict(source.recent.counts),
    }
