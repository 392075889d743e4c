"""A story, told: who had a text first, and what each of the others made of it. As text, one HTML page, or JSON.

Safe to pass on, as a digest is: what comes from the web is clean text, escaped in the page, and links are http and https alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from textwrap import wrap
from typing import Any

import text
from digest.pages import pages
from digest.view import Address, Clock, Moment, address_of
from model import Carrying, Confidence, Story
from text import clean, shorten

__all__ = ["FORMATS", "View", "lines", "record", "render", "view"]

FORMATS = ("text", "html", "json")
WIDTH = 96  # columns
_SENTENCE = 160  # code points of a sentence that was cut or added

_SURE = {
    Confidence.SURE: "sure",
    Confidence.LIKELY: "likely",
    Confidence.DOUBTFUL: "doubtful",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One article of the story, in words."""

    article_id: int
    outlet: str
    title: str
    address: Address | None
    time: Moment
    delay: str | None  # None: it is the first
    made: str  # what it made of the text
    named: str | None
    cut: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A story in words."""

    origin: str
    evidence: tuple[str, ...]
    rows: tuple[Row, ...]


def view(story: Story, timezone: str) -> View:
    """What the HTML pages show of a story."""
    clock = Clock(timezone)
    return View(origin=_origin(story), evidence=tuple(_evidence(story)), rows=tuple(_row(one, clock) for one in story.carriers))


def render(story: Story, form: str, timezone: str) -> str:
    """The story in one of `FORMATS`. Raises ValueError for any other."""
    if form == "json":
        return text.to_json(record(story), indent=2) + "\n"
    if form == "text":
        return "\n".join(lines(story, timezone)) + "\n"
    if form != "html":
        raise ValueError(f"no story format {form!r}; one of {', '.join(FORMATS)}")
    seen = view(story, timezone)
    return (
        pages()
        .get_template("story.html")
        .render(title=seen.rows[0].title, timezone=clean(timezone), origin=seen.origin, evidence=seen.evidence, rows=seen.rows)
    )


def record(story: Story) -> dict[str, Any]:
    """The stable contract of docs/formats.md; fields are only ever added."""
    return asdict(story)


def lines(story: Story, timezone: str, *, whole: bool = True) -> list[str]:
    """The story for a terminal; not `whole`: without the sentences that were cut and added."""
    clock = Clock(timezone)
    rows = [_row(one, clock) for one in story.carriers]
    said = [f"Story of {len(rows)} articles. {_origin(story)}"]
    said += [f"  {one}" for one in _evidence(story)]
    for number, row in enumerate(rows, 1):
        said.append("")
        said += _wrapped(f"{number:>2}. {row.outlet} · {row.time}" + (f" · {row.delay}" if row.delay else " · first"), "    ")
        said += _wrapped(f"    {row.title} (article {row.article_id})", "    ")
        said += _wrapped(f"    {row.made}", "    ") if row.made else []
        said += _wrapped(f"    names {row.named} as its source", "    ") if row.named else []
        if whole:
            said += [line for one in row.cut for line in _wrapped(f"    - {one}", "      ")]
            said += [line for one in row.added for line in _wrapped(f"    + {one}", "      ")]
        said += [f"    {row.address.shown}"] if row.address else []
    return text.printable("\n".join(said)).split("\n")


def _wrapped(line: str, rest: str) -> list[str]:
    first = line[: len(line) - len(line.lstrip())]
    return wrap(line.strip(), WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)


def _origin(story: Story) -> str:
    """`First, as far as is known: Báo A (likely).`"""
    first = story.carriers[0]
    named = f" The texts name {clean(story.origin.declared)}, which was not captured." if story.origin.declared else ""
    return f"First, as far as is known: {clean(first.outlet)} ({_SURE[story.origin.confidence]}).{named}"


def _evidence(story: Story) -> list[str]:
    return [clean(line) for line in story.origin.evidence]


def _row(one: Carrying, clock: Clock) -> Row:
    return Row(
        article_id=one.article_id,
        outlet=clean(one.outlet),
        title=clean(one.title or "") or "(no title)",
        address=address_of(one.url),
        time=clock.show(one.published or one.first_seen, "" if one.published else "seen"),
        delay=_delay(one),
        made=_made(one),
        named=clean(one.named) if one.named else None,
        cut=_some(one.cut_said, one.cut),
        added=_some(one.added_said, one.added),
    )


def _delay(one: Carrying) -> str | None:
    if one.delay is None:
        return None
    minutes = round(abs(one.delay) / 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{days} d" if days else "", f"{hours} h" if hours else "", f"{minutes} min" if minutes and not days else ""]
    said = " ".join(part for part in parts if part)
    if not said:
        return "at the same time"
    return f"{'seen ' if one.is_by_sight else ''}{said} {'later' if one.delay > 0 else 'earlier'}"


def _made(one: Carrying) -> str:
    """`keeps 82 % of it; retitled; 3 sentences cut, 1 added, 2 changed; 10 % its own`."""
    if one.delay is None:
        return ""
    counts = [f"{count} {what}" for count, what in ((one.cut, "cut"), (one.added, "added"), (one.changed, "changed")) if count]
    parts = [
        "the same text" if one.one_text and not counts else f"keeps {_percent(one.kept)} of it",
        "retitled" if one.retitled else "",
        f"sentences: {', '.join(counts)}" if counts else "",
        f"{_percent(one.own)} of it its own" if one.own >= _WORTH else "",
    ]
    return "; ".join(part for part in parts if part)


_WORTH = 0.005


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _some(said: tuple[str, ...], count: int) -> tuple[str, ...]:
    shown = tuple(shorten(clean(one), _SENTENCE) for one in said)
    return (*shown, f"({count - len(shown)} more)") if count > len(shown) else shown
