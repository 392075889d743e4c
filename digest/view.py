"""What a digest says, in words and still without a form: the text, Markdown and HTML renderings are three layouts of this.

Everything here that comes from the web is one clean line: no control, format or lone surrogate characters, no line ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

import text
import urls
from digest.build import COPIES, GROUPS, MINOR, best_level, outlet_of, told_at
from model import (
    Confidence,
    Copy,
    Credit,
    Digest,
    Edit,
    EditKind,
    EditProof,
    Event,
    EventKind,
    Evidence,
    Field,
    Flag,
    Group,
    Kin,
    Level,
    News,
    Notice,
)
from text import clean, shorten

__all__ = [
    "Address",
    "Carrier",
    "Clock",
    "Entry",
    "Origin",
    "Part",
    "View",
    "address_of",
    "kinds_of",
    "reason_of",
    "said_event",
    "said_proof",
    "view",
]

HOME_TOPIC = "ASEAN"  # what a digest is about that says nothing else
TITLE = "in the Vietnamese press"
NAMED = 3  # topics that a heading names before it only says how many
LEAD_LENGTH = 300  # code points
TERMS = 6  # matches that a reason names before it says how many more there are
CHANGES = 4  # places that are named of an edit
WORDS_LENGTH = 80  # code points of what stood at such a place
SMALL = 6  # small edits that are named before it is said how many more there are

_HEADINGS = {
    "core": "core",
    "related": "related",
    "mention": "mentions",
    "rest": "Other news",
    COPIES: "Copies of earlier articles",
}
_COUNTED = {"core": "core", "related": "related", "mention": "mention", "rest": "other"}
_PLACES = tuple(Field)  # from the strongest place to the weakest
# What stands for itself in an address; a bracket, a quote or a backslash could end it where it is put.
_URL_SAFE = "/%:@!$&*+,;=~-._?#"


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A time: what it is the time of (empty: of publishing), how it is shown, and ISO 8601."""

    label: str
    shown: str
    iso: str

    def __str__(self) -> str:
        return f"{self.label} {self.shown}" if self.label else self.shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where a text is: as shown, and as put behind a link (None: no web address, never a link)."""

    shown: str
    href: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """What one rule matched: the words as they first stand in the strongest place, that place, how often in all."""

    words: str
    place: Field
    count: int

    def __str__(self) -> str:
        place = f" ({self.place})" if self.place is not Field.TEXT else ""
        return f"“{self.words}”{place}" + (f" ×{self.count}" if self.count > 1 else "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Where one rule matched the same words, one line for each field: `text 120–125, 300–305`, offsets in code points."""

    rule: str
    words: str
    places: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why an article was flagged."""

    topic: str | None  # None: the digest tells of ours alone
    level: str
    score: str
    rules: str
    terms: tuple[Term, ...]
    more: int  # rules that matched and are not among the terms
    spans: tuple[Span, ...]
    matches: int

    def __str__(self) -> str:
        head = f"{self.topic}: {self.level} {self.score}" if self.topic else f"{self.level} {self.score}"
        found = [*map(str, self.terms), *([f"+{self.more} more"] if self.more else [])]
        return f"{head}: {', '.join(found)}" if found else head


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where an article was copied from: the outlet that it names, and the address."""

    name: str | None
    address: Address | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Carrier:
    """Another place that carries the text; the title only where it is another one."""

    outlet: str
    title: str | None
    address: Address | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Related:
    """The story that an article belongs to: how many articles it has, and who had it first (None: this one)."""

    story_id: int
    articles: int
    first: Carrier | None
    share: str | None  # of this text that stands in that of the first: `82 %`
    is_clear: bool  # who had it first

    def __str__(self) -> str:
        count = f"{self.articles} articles"
        if self.first is None:
            return f"{count}, this one first" if self.is_clear else f"{count}; who had it first is not clear"
        share = f", which has {self.share} of this text" if self.share else ""
        return f"{count}, first in {self.first.outlet}{'' if self.is_clear else ' (doubtful)'}{share}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Small:
    """An edit, a date or a text that was put back, told in half a line."""

    article_id: int
    title: str
    what: str
    address: Address


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """Something that happened to an article."""

    article_id: int
    title: str
    outlet: str
    address: Address
    time: Moment
    what: str
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One article of the digest."""

    number: int  # from 1, through all groups
    article_id: int
    title: str
    address: Address
    outlet: str
    time: Moment
    section: str | None
    level: str | None
    edited: Moment | None
    kinds: str | None  # of the edit: `number, name`
    changes: tuple[str, ...]  # places that show it: `number: 320 → 230`
    related: Related | None
    old_title: str | None
    lead: str | None
    reasons: tuple[Reason, ...]
    origin: Origin | None
    carriers: tuple[Carrier, ...]

    @property
    def unlinked(self) -> str | None:
        """Where it is, in words, where no link says it and the outlet does not either."""
        return None if self.address.href or self.address.shown == self.outlet else self.address.shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One group. `folded`: each entry is only one line."""

    name: str
    heading: str
    entries: tuple[Entry, ...]
    folded: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A digest in words."""

    title: str
    made: Moment
    timezone: str
    window: str
    summary: str  # how many of what; for an empty digest, that nothing is new
    parts: tuple[Part, ...]
    happened: tuple[Happened, ...]
    small: tuple[Small, ...]  # the first few
    small_count: int

    @property
    def is_empty(self) -> bool:
        return not (self.parts or self.happened or self.small)


class Clock:
    """Shows times in the reader's zone. Raises zoneinfo.ZoneInfoNotFoundError for a zone that there is not."""

    def __init__(self, timezone: str) -> None:
        self.zone = ZoneInfo(timezone)

    def local(self, moment: datetime) -> datetime:
        """The time in the reader's zone; as it is where that would leave the calendar (a page may be dated to year 1)."""
        try:
            return moment.astimezone(self.zone)
        except OverflowError:
            return moment

    def iso(self, moment: datetime) -> str:
        """ISO 8601 with offset, to the second."""
        return self.local(moment).isoformat(timespec="seconds")

    def show(self, moment: datetime, label: str = "") -> Moment:
        """As a person in Viet Nam writes it: 18/06/2024 09:47."""
        return Moment(label=label, shown=f"{self.local(moment):%d/%m/%Y %H:%M}", iso=self.iso(moment))


def view(digest: Digest) -> View:
    """The digest in words."""
    clock = Clock(digest.timezone)
    window = _window(digest, clock)
    minor = [news for group in digest.groups if group.name == MINOR for news in group.items]
    happened = [notice for notice in digest.notices if notice.event.kind not in _QUIET]
    small = [
        *map(_small_edit, minor),
        *(_small_event(notice, clock) for notice in digest.notices if notice.event.kind in _QUIET),
    ]
    groups = [group for group in digest.groups if group.name != MINOR]
    topics = _topics(news.flags for group in groups for news in group.items)
    return View(
        title=f"{_named(topics)} {TITLE}",
        made=clock.show(digest.made),
        timezone=clean(digest.timezone),
        window=window,
        summary=_summary(groups, len(happened), len(small)) or f"Nothing is new {window}.",
        parts=_parts(groups, topics != [HOME_TOPIC], clock),
        happened=tuple(_happened(notice, clock) for notice in happened),
        small=tuple(small[: SMALL if len(small) > SMALL + 1 else len(small)]),
        small_count=len(small),
    )


def _window(digest: Digest, clock: Clock) -> str:
    since = f"since {clock.show(digest.since)}" if digest.since else "since the last digest"
    return f"{since}, until {clock.show(digest.until)}" if digest.until else since


def _summary(groups: Iterable[Group], happened: int, small: int) -> str:
    """`5 articles: 4 core, 1 mention; 2 copies of earlier articles; 3 small changes`; empty where there is nothing."""
    counts = {group.name: len(group.items) for group in groups}
    copies = counts.pop(COPIES, 0)
    names = [text.counted(n, "mention") if name == "mention" else f"{n} {_COUNTED.get(name, name)}" for name, n in counts.items()]
    parts = [f"{text.counted(sum(counts.values()), 'article')}: {', '.join(names)}"] if names else []
    if copies:
        parts.append("1 copy of an earlier article" if copies == 1 else f"{copies} copies of earlier articles")
    if happened:
        parts.append(text.counted(happened, "event"))
    if small:
        parts.append(text.counted(small, "small change"))
    return clean("; ".join(parts))


def _parts(groups: Sequence[Group], names_topics: bool, clock: Clock) -> tuple[Part, ...]:
    parts: list[Part] = []
    number = 1
    for group in groups:
        entries = tuple(_entry(news, number + at, names_topics, clock) for at, news in enumerate(group.items))
        number += len(entries)
        name = group.name if group.name in GROUPS else "other"  # it becomes an anchor
        heading = _HEADINGS.get(group.name, clean(group.name))
        if group.name in tuple(Level):
            flags = ([flag for flag in news.flags if flag.level == group.name] for news in group.items)
            heading = f"{_named(_topics(flags))}: {heading}"
        parts.append(Part(name=name, heading=heading, entries=entries, folded=group.name == COPIES))
    return tuple(parts)


def _topics(flags: Iterable[Iterable[Flag]]) -> list[str]:
    """The topics of these flags, ours first; ours alone where there are none."""
    found = {clean(flag.topic) for some in flags for flag in some} or {HOME_TOPIC}
    return sorted(found, key=lambda topic: (topic != HOME_TOPIC, topic))


def _named(topics: Sequence[str]) -> str:
    return ", ".join(topics) if len(topics) <= NAMED else text.counted(len(topics), "topic")


def _entry(news: News, number: int, names_topics: bool, clock: Clock) -> Entry:
    level = best_level(news)
    flags = sorted(news.flags, key=lambda flag: (flag.level != level, -flag.score))
    return Entry(
        number=number,
        article_id=news.article_id,
        title=_title(news),
        address=_place(news),
        outlet=_outlet(news),
        time=clock.show(told_at(news), "" if news.published else "no date; first seen"),
        section=clean(news.section or "") or None,
        level=level and str(level),
        edited=clock.show(news.changed, "edited") if news.edited else None,
        kinds=", ".join(kinds_of(news.edits)) or None,
        changes=_changes(news.edits),
        related=_related(news.kin, _title(news)) if news.kin else None,
        old_title=clean(news.old_title or "") or None,
        lead=shorten(clean(news.lead or ""), LEAD_LENGTH) or None,
        reasons=tuple(_reason(flag, names_topics) for flag in flags),
        origin=_origin(None if _is_own(news) else news.credit, news.origin_url),
        carriers=tuple(_carrier(copy, _title(news)) for copy in news.copies),
    )


# ---------------------------------------------------------------- edits, and what else happened

_QUIET = (EventKind.REDATED, EventKind.RESTORED)
_HAPPENED = {
    EventKind.GONE: "cannot be had any more",
    EventKind.RETURNED: "is there again",
    EventKind.UNSTABLE: "is unstable",
    EventKind.REROOTED: "had its story first",
    EventKind.REDATED: "has another date",
    EventKind.RESTORED: "shows an earlier text again",
}


def kinds_of(edits: Iterable[Edit]) -> list[str]:
    """What kinds of edits these are, the most material first."""
    kinds = {kind for edit in edits for kind in edit.kinds}
    return [str(kind) for kind in EditKind if kind in kinds]


def _changes(edits: Iterable[Edit]) -> tuple[str, ...]:
    """The places that show an edit, of the most material kinds; a headline is shown as it was by itself."""
    order = list(EditKind)
    proofs = sorted((proof for edit in edits for proof in edit.proofs), key=lambda proof: order.index(proof.kind))
    return tuple(said_proof(proof) for proof in proofs if proof.kind is not EditKind.HEADLINE)[:CHANGES]


def said_proof(proof: EditProof) -> str:
    """`number: “320” → “230”`; what was added or taken out has one side."""
    before, after = (shorten(clean(words), WORDS_LENGTH) for words in (proof.before, proof.after))
    if not before:
        return f"{proof.kind}: + “{after}”"
    return f"{proof.kind}: “{before}” → “{after}”" if after else f"{proof.kind}: − “{before}”"


def _related(kin: Kin, title: str) -> Related:
    share = f"{kin.share:.0%}".replace("%", " %") if kin.share is not None else None
    return Related(
        story_id=kin.story_id,
        articles=kin.articles,
        first=_carrier(kin.first, title) if kin.first else None,
        share=share,
        is_clear=kin.confidence is not Confidence.DOUBTFUL,
    )


def _small_edit(news: News) -> Small:
    what = f"edited: {', '.join(kinds_of(news.edits))}"
    return Small(article_id=news.article_id, title=_title(news), what=what, address=_place(news))


def _small_event(notice: Notice, clock: Clock) -> Small:
    return Small(
        article_id=notice.event.article_id,
        title=clean(notice.title or "") or "(no title)",
        what=said_event(notice.event, clock),
        address=_place_of(notice),
    )


def said_event(event: Event, clock: Clock) -> str:
    """What happened, in half a line."""
    if event.kind not in _QUIET:
        return f"{_HAPPENED[event.kind]}: {clean(event.said)}" if event.said else _HAPPENED[event.kind]
    if event.kind is EventKind.RESTORED:
        return f"shows {clean(event.after or 'an earlier version')} again"
    before, after = (_date(raw, clock) for raw in (event.before, event.after))
    return f"{clean(event.said) or 'date'}: {before} → {after}"


def _date(raw: str | None, clock: Clock) -> str:
    try:
        return clock.show(datetime.fromisoformat(raw or "")).shown
    except ValueError:
        return "?"


def _happened(notice: Notice, clock: Clock) -> Happened:
    return Happened(
        article_id=notice.event.article_id,
        title=clean(notice.title or "") or "(no title)",
        outlet=clean(notice.outlet),
        address=_place_of(notice),
        time=clock.show(notice.event.at),
        what=_HAPPENED[notice.event.kind],
        said=clean(notice.event.said),
    )


def _place_of(notice: Notice) -> Address:
    return address_of(notice.url) or Address(shown=clean(notice.outlet), href=None)


# ---------------------------------------------------------------- names and addresses


def _title(news: News) -> str:
    return clean(news.title or "") or "(no title)"


def _saved(identity: str) -> str:
    kind, _, name = identity.partition(":")
    return clean(f"saved file {name}" if kind == "saved" else identity)


def _outlet(news: News) -> str:
    """Who published it; for a saved file that names no address, whom its own text credits, or else the file."""
    named = clean(outlet_of(news) or "")
    credited = clean(news.credit.name) if news.credit else ""
    return named or (f"{credited} (as credited)" if credited else _saved(news.identity))


def _place(news: News) -> Address:
    return address_of(news.url) or Address(shown=_saved(news.identity), href=None)


def _href(url: str) -> str | None:
    """The address fit to be put behind a link, or None: only http and https, with whatever could break out encoded."""
    return quote(url, safe=_URL_SAFE) if urls.is_web(url) else None


def address_of(url: str | None) -> Address | None:
    """An address to be shown, and put behind a link where it is a web address; None: there is none."""
    shown = clean(url or "")
    return Address(shown=shown, href=_href(shown)) if shown else None


def _is_own(news: News) -> bool:
    """The outlet that the text names is the one that published it: `(Chinhphu.vn) -` on its own site."""
    domain = news.credit.domain if news.credit else None
    return bool(domain) and f".{news.site}".endswith(f".{domain}")


def _origin(credit: Credit | None, origin_url: str | None) -> Origin | None:
    name, domain = (clean(credit.name), clean(credit.domain or "")) if credit else ("", "")
    if domain and domain.casefold() != name.casefold():
        name = f"{name} ({domain})" if name else domain
    address = address_of(origin_url)
    return Origin(name=name or None, address=address) if name or address else None


def _carrier(copy: Copy, title: str) -> Carrier:
    own = clean(copy.title or "")
    return Carrier(outlet=clean(copy.outlet), title=own if own and own != title else None, address=address_of(copy.url))


# ---------------------------------------------------------------- why


def reason_of(flag: Flag) -> Reason:
    """Why an article was flagged, with the topic's name."""
    return _reason(flag, True)


def _reason(flag: Flag, names_topics: bool) -> Reason:
    terms = _terms(flag.evidence)
    # One left over is not worth the words that say so.
    shown = terms if len(terms) == TERMS + 1 else terms[:TERMS]
    return Reason(
        topic=clean(flag.topic) if names_topics else None,
        level=str(flag.level),
        score=f"{flag.score:.1f}",
        rules=clean(flag.rules),
        terms=shown,
        more=len(terms) - len(shown),
        spans=_spans(flag.evidence),
        matches=len(flag.evidence),
    )


def _terms(evidence: Iterable[Evidence]) -> tuple[Term, ...]:
    """One for each rule that matched, strongest place first, then the most frequent."""
    by_rule: dict[str, list[Evidence]] = {}
    for one in evidence:
        by_rule.setdefault(one.rule, []).append(one)
    firsts = [(min(found, key=_position), len(found)) for found in by_rule.values()]
    firsts.sort(key=lambda pair: (_PLACES.index(pair[0].field), -pair[1], pair[0].start))
    return tuple(Term(words=clean(first.text), place=first.field, count=count) for first, count in firsts)


def _position(one: Evidence) -> tuple[int, int, int]:
    return _PLACES.index(one.field), one.start, one.end


def _spans(evidence: Iterable[Evidence]) -> tuple[Span, ...]:
    found: dict[tuple[str, str], dict[Field, list[str]]] = {}
    for one in sorted(evidence, key=_position):
        places = found.setdefault((clean(one.rule), clean(one.text)), {})
        places.setdefault(one.field, []).append(f"{one.start}–{one.end}")
    return tuple(
        Span(rule=rule, words=words, places=tuple(f"{field} {', '.join(offsets)}" for field, offsets in places.items()))
        for (rule, words), places in found.items()
    )
