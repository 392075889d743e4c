"""What a search found, told: for a terminal, and as JSON (docs/formats.md). What comes from the web is clean text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import text
import urls
from digest.view import Clock, address_of
from model import Hit, Hits, Level, Snippet

__all__ = ["Shown", "lines", "record"]

_BOLD, _PLAIN = "\033[1m", "\033[0m"
Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A hit with what of it is to be shown."""

    hit: Hit
    title: tuple[Span, ...]  # of the title that was searched
    snippet: Snippet | None


def lines(found: Sequence[Shown], said: str, order: str, timezone: str, *, colour: bool, is_whole: bool = True) -> Iterator[str]:
    """For a terminal, safe whatever pages say; what was found is bold with colours, else between « and ».

    `is_whole`: no more of them would be found by looking further.
    """
    clock = Clock(timezone)
    count = text.counted(len(found), "article") if found else "nothing found"
    ordered = f", {order}" if len(found) > 1 else ""
    part = "" if is_whole else "; of all with these letters only the newest were looked at, more with before:"
    yield text.printable(f"{_line(said)}: {count}{ordered}{part}")
    together = exact = True
    for number, one in enumerate(found, 1):
        is_other = one.hit.is_exact is False
        if together and not one.hit.is_together:
            together = False
            yield from ("", "The words apart:")
        if exact and is_other:
            exact = False
            yield from ("", "With other marks:")
        exact = exact or not is_other
        yield ""
        yield from _entry(number, one, clock, colour=colour)


def _entry(number: int, one: Shown, clock: Clock, *, colour: bool) -> Iterator[str]:
    hit = one.hit
    indent = " " * (len(str(number)) + 2)
    is_old = hit.searched.title != (hit.title or "")
    title = _marked(hit.title or "(no title)", () if is_old else one.title, colour=colour)
    yield f"{number}. {title}"
    if is_old and hit.searched.title:
        yield f"{indent}was: {_marked(hit.searched.title, one.title, colour=colour)}"
    outlet = _line(hit.outlet or hit.site or urls.site(hit.url or "") or "saved file")
    when = clock.show(hit.published) if hit.published else clock.show(hit.first_seen, "first seen")
    flags = [f"{_line(topic)}: {level}" for topic, level in hit.flags]
    copy = [f"copy of article {hit.copy_of}"] if hit.copy_of else []
    older = [f"version {hit.version} of {hit.versions}, of {clock.show(hit.seen)}"] if is_old else []
    more = [f"and in {hit.more_versions} more of its versions"] if hit.more_versions else []
    yield indent + " · ".join([f"{outlet}, {when}", *flags, f"article {hit.article_id}", *older, *more, *copy])
    address = address_of(hit.url)
    if address:
        yield indent + text.printable(address.shown)
    if one.snippet:
        before, after = ("… " if one.snippet.is_cut[0] else ""), (" …" if one.snippet.is_cut[1] else "")
        yield indent + before + _marked(one.snippet.text, one.snippet.spans, colour=colour) + after


def _marked(said: str, spans: Iterable[Span], *, colour: bool) -> str:
    opens, closes = (_BOLD, _PLAIN) if colour else ("«", "»")
    parts, last = [], 0
    for start, end in spans:
        parts += [_line(said[last:start]), opens, _line(said[start:end]), closes]
        last = end
    return "".join([*parts, _line(said[last:])])


def _line(said: str) -> str:
    """On one line, safe for a terminal, with blanks where they stood."""
    return text.printable(said).replace("\n", " ")


def record(hits: Hits, found: Sequence[Shown], said: str, order: str, *, history: bool) -> dict[str, Any]:
    """The stable contract of docs/formats.md."""
    return {
        "query": said,
        "order": order,
        "history": history,
        "whole": hits.is_whole,
        "near": hits.is_near,
        "other_marks": hits.other_marks,
        "not_indexed": hits.behind,
        "results": [_result(one) for one in found],
    }


def _result(one: Shown) -> dict[str, Any]:
    hit = one.hit
    is_old = hit.searched.title != (hit.title or "")
    levels = [level for level in Level if any(level == held for _, held in hit.flags)]
    return {
        "article_id": hit.article_id,
        "version": hit.version,
        "versions": hit.versions,
        "seen": hit.seen.isoformat(),
        "title": hit.title,
        "title_spans": [] if is_old else [list(span) for span in one.title],
        "old_title": (hit.searched.title or None) if is_old else None,
        "outlet": hit.outlet,
        "site": hit.site,
        "url": hit.url,
        "published": hit.published.isoformat() if hit.published else None,
        "first_seen": hit.first_seen.isoformat(),
        "copy_of": hit.copy_of,
        "level": levels[0] if levels else None,
        "flags": [{"topic": topic, "level": level} for topic, level in hit.flags],
        "together": hit.is_together,
        "exact": hit.is_exact,
        "more_versions": hit.more_versions,
        "snippet": one.snippet and _snippet(one.snippet),
    }


def _snippet(snippet: Snippet) -> dict[str, Any]:
    spans = [list(span) for span in snippet.spans]
    return {
        "field": snippet.field,
        "start": snippet.start,
        "text": snippet.text,
        "spans": spans,
        "cut": list(snippet.is_cut),
    }
