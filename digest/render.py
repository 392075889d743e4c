"""A Digest as text for a terminal, Markdown, one self-contained HTML page, or JSON.

All four are safe to pass on: what comes from the web can neither reach a terminal as a control sequence nor become markup, and
only http and https addresses become links.

The JSON is a contract for other programs; fields are added, never renamed or dropped:

    {"made", "timezone", "since", "until",
     "counts": {"articles", "core", "related", "mention", "rest", "copies", "minor", "edited"},
     "groups": [{"name", "items": [
        {"article_id", "title", "outlet", "site", "url", "published", "first_seen", "changed", "edited", "old_title",
         "lead", "section", "level", "score",
         "flags": [{"topic", "level", "score", "rules", "why", "near",
                    "evidence": [{"rule", "text", "field", "start", "end"}]}],
         "credit": {"name", "domain"} | null, "origin_url", "copy_of",
         "copies": [{"article_id", "title", "outlet", "url", "first_seen"}],
         "edits": [{"kinds", "score", "material", "words", "proofs": [{"kind", "before", "after"}]}],
         "story": {"story_id", "articles", "first", "share", "confidence"} | null}]}],
     "events": [{"article_id", "event", "at", "before", "after", "said", "title", "outlet", "url", "level"}]}

Times are ISO 8601 to the second, with the offset of `timezone` (an IANA name); `published` is null where the page bears no
date, `since` where the digest goes on from the last one. Groups come as core, related, mention, rest, copies, minor, empty ones
left out; `copies` holds copies of articles told before, `minor` articles of which only something small was edited, and
counts.articles is all groups but these two. `edits` says what was edited since it was told, `story` which articles carry most of
its text (`first` is null where this one had it first). `level` is the strongest of
the flags (core, related, mention) and `score` the highest score at that level, both null without a flag. `start` and `end` are
code points into the `field` (title, lead, text). `lead` is whole here, and shortened in the other formats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from textwrap import wrap
from typing import Any

import text
from digest.article import edit_record, evidence_records
from digest.build import COPIES, GROUPS, MINOR, best_level
from digest.pages import pages
from digest.view import Address, Carrier, Clock, Entry, Happened, Origin, Part, View, view
from model import Copy, Digest, Flag, Kin, News, Notice

__all__ = ["FORMATS", "render"]

FORMATS = ("text", "markdown", "html", "json")
WIDTH = 96  # columns of the text format
HAPPENED = "Gone, back, and where it came from"


def render(digest: Digest, format: str) -> str:
    """The digest in one of `FORMATS`, ending in a newline. Raises ValueError for any other format."""
    writers: dict[str, Callable[[Digest], str]] = {"text": _text, "markdown": _markdown, "html": _html, "json": _json}
    if format not in writers:
        raise ValueError(f"no digest format {format!r}; one of {', '.join(FORMATS)}")
    return writers[format](digest)


# ---------------------------------------------------------------- text


def _text(digest: Digest) -> str:
    seen = view(digest)
    lines = [*_wrapped(f"{seen.title} · digest of {seen.made} ({seen.timezone})"), *_wrapped(_summary(seen))]
    for part in seen.parts:
        heading = f"{part.heading} ({len(part.entries)})"
        lines += ["", heading, "=" * len(heading)]
        for entry in part.entries:
            lines += _text_folded(entry) if part.folded else _text_entry(entry)
    if seen.happened:
        lines += ["", HAPPENED, "=" * len(HAPPENED)]
        for one in seen.happened:
            lines += _wrapped(_event(one), "  - ", "    ")
    if seen.small:
        lines += ["", *_wrapped(_small(seen), "", "  ")]
    # Everything is clean already; this stands guard over what a later hand adds above.
    return text.printable("\n".join(lines)) + "\n"


def _summary(seen: View) -> str:
    return seen.summary if seen.is_empty else f"{seen.summary} ({seen.window})"


def _event(one: Happened) -> str:
    said = f": {one.said}" if one.said else ""
    return f"{one.title} ({one.outlet}, article {one.article_id}) {one.what}{said} · {one.time} · {one.address.shown}"


def _small(seen: View) -> str:
    """Everything small in one line."""
    named = "; ".join(f"“{one.title}” ({one.what}; article {one.article_id})" for one in seen.small)
    more = seen.small_count - len(seen.small)
    return f"{_small_heading(seen)}: {named}" + (f"; +{more} more" if more else "")


def _small_heading(seen: View) -> str:
    return "1 small change" if seen.small_count == 1 else f"{seen.small_count} small changes"


def _wrapped(line: str, first: str = "", rest: str = "") -> list[str]:
    return wrap(line, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False) or [
        first.rstrip()
    ]


def _text_entry(entry: Entry) -> list[str]:
    pad = "    "
    lines = ["", *_wrapped(entry.title, f"{entry.number:>2}. ", pad), *_wrapped(f"{entry.outlet} · {_about(entry)}", pad, pad)]
    if entry.old_title:
        lines += _wrapped(f"was: “{entry.old_title}”", pad, pad)
    if entry.lead:
        lines += _wrapped(entry.lead, pad, pad)
    for label, line in _facts(entry):
        lines += _wrapped(f"{label}: {line}", pad, pad + "  ")
    return lines if entry.address.shown == entry.outlet else [*lines, *_wrapped(entry.address.shown, pad, pad)]


def _text_folded(entry: Entry) -> list[str]:
    return _wrapped(f"{entry.title} · {_carried(entry)} · {entry.address.shown}", f"{entry.number:>2}. ", "    ")


def _about(entry: Entry) -> str:
    return " · ".join(str(part) for part in (entry.time, entry.section, entry.edited, f"article {entry.article_id}") if part)


def _carried(entry: Entry) -> str:
    about = [f"also carried by {entry.outlet}", str(entry.time), *([entry.level] if entry.level else [])]
    return " · ".join([*about, *(f"and by {carrier.outlet}" for carrier in entry.carriers)])


def _facts(entry: Entry) -> list[tuple[str, str]]:
    facts = [("changed", f"{entry.kinds}")] if entry.kinds else []
    facts += [("  " + kind, words) for kind, words in (change.split(": ", 1) for change in entry.changes)]
    facts += [("why", str(reason)) for reason in entry.reasons]
    if entry.related:
        facts.append(("story", str(entry.related)))
    if entry.origin:
        facts.append(("copied from", _origin(entry.origin)))
    return [*facts, *(("also in", _carrier(carrier)) for carrier in entry.carriers)]


def _origin(origin: Origin) -> str:
    return " · ".join(part for part in (origin.name, origin.address and origin.address.shown) if part)


def _carrier(carrier: Carrier) -> str:
    title = carrier.title and f"“{carrier.title}”"
    return " · ".join(part for part in (carrier.outlet, title, carrier.address and carrier.address.shown) if part)


# ---------------------------------------------------------------- Markdown

_MD_MARKS = re.compile(r"([\\`*_{}\[\]#|~$@!])")
# What GitHub's Markdown makes a link without being asked: a scheme, a bare www.
_MD_AUTOLINK = re.compile(r"(?<=[^\W\d_]):(?=\S)|(?<=www)\.", re.IGNORECASE)
# Only at the start of a line: lists, rules, underlines of headings.
_MD_START = re.compile(r"^(\d*)([-+=.)])")
_MD_ENTITY = re.compile(r"&(?=#?\w+;)")
_MD_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def _md(line: str) -> str:
    """One line of text as Markdown that means just this text, wherever it is put. CommonMark 0.31, and GitHub's extensions."""
    marked = _MD_AUTOLINK.sub(r"\\\g<0>", _MD_MARKS.sub(r"\\\1", line))
    return _MD_START.sub(r"\1\\\2", marked).translate(_MD_HTML)


def _md_link(shown: str, address: Address | None) -> str:
    if address is None or address.href is None:
        return _md(shown)
    return f"[{_md(shown)}]({_MD_ENTITY.sub('&amp;', address.href)})"


def _markdown(digest: Digest) -> str:
    seen = view(digest)
    blocks = [f"# {_md(seen.title)}", f"Digest of {seen.made} ({_md(seen.timezone)})", _md(_summary(seen))]
    for part in seen.parts:
        blocks.append(f"## {_md(part.heading)} ({len(part.entries)})")
        blocks += _md_folded(part) if part.folded else [block for entry in part.entries for block in _md_entry(entry)]
    if seen.happened:
        blocks += [f"## {HAPPENED}", "\n".join(f"- {_md(_event(one))}" for one in seen.happened)]
    if seen.small:
        blocks.append(_md(_small(seen)))
    return "\n\n".join(blocks) + "\n"


def _md_folded(part: Part) -> list[str]:
    return ["\n".join(f"- {_md_link(entry.title, entry.address)} · {_md(_carried(entry))}" for entry in part.entries)]


def _md_entry(entry: Entry) -> Iterable[str]:
    yield f"### {entry.number}. {_md_link(entry.title, entry.address)}"
    yield f"**{_md(entry.outlet)}** · {_md(_about(entry))}"
    if entry.old_title:
        yield f"Was: “{_md(entry.old_title)}”"
    if entry.lead:
        yield _md(entry.lead)
    if facts := list(_md_facts(entry)):
        yield "\n".join(facts)


def _md_facts(entry: Entry) -> Iterable[str]:
    if entry.kinds:
        yield f"- changed: {_md(entry.kinds)}"
    for change in entry.changes:
        yield f"  - {_md(change)}"
    for reason in entry.reasons:
        yield f"- why: {_md(str(reason))}"
    if entry.related:
        yield f"- story: {_md(str(entry.related))}"
    if entry.origin:
        yield f"- copied from: {_md_origin(entry.origin)}"
    for carrier in entry.carriers:
        title = f" · “{_md(carrier.title)}”" if carrier.title else ""
        shown = f" · {_md(carrier.address.shown)}" if carrier.address and not carrier.address.href else ""
        yield f"- also in: {_md_link(carrier.outlet, carrier.address)}{title}{shown}"
    if entry.unlinked:
        yield f"- {_md(entry.unlinked)}"


def _md_origin(origin: Origin) -> str:
    if origin.address and origin.address.href:
        return _md_link(origin.name or origin.address.shown, origin.address)
    return _md(_origin(origin))


# ---------------------------------------------------------------- HTML


def _html(digest: Digest) -> str:
    seen = view(digest)
    return pages().get_template("digest.html").render(seen=seen, happened=HAPPENED, small_heading=_small_heading(seen))


# ---------------------------------------------------------------- JSON


def _json(digest: Digest) -> str:
    clock = Clock(digest.timezone)
    return text.to_json(_json_digest(digest, clock), indent=2) + "\n"


def _json_digest(digest: Digest, clock: Clock) -> dict[str, Any]:
    return {
        "made": clock.iso(digest.made),
        "timezone": digest.timezone,
        "since": digest.since and clock.iso(digest.since),
        "until": digest.until and clock.iso(digest.until),
        "counts": _json_counts(digest),
        "groups": [{"name": group.name, "items": [_json_news(one, clock) for one in group.items]} for group in digest.groups],
        "events": [_json_notice(one, clock) for one in digest.notices],
    }


def _json_counts(digest: Digest) -> dict[str, int]:
    counts = {str(name): 0 for name in GROUPS} | {group.name: len(group.items) for group in digest.groups}
    articles = sum(count for name, count in counts.items() if name not in (COPIES, MINOR))
    edited = sum(one.edited for group in digest.groups for one in group.items)
    return {"articles": articles, **counts, "edited": edited}


def _json_news(news: News, clock: Clock) -> dict[str, Any]:
    level = best_level(news)
    return {
        "article_id": news.article_id,
        "title": news.title,
        "outlet": news.outlet,
        "site": news.site,
        "url": news.url,
        "published": news.published and clock.iso(news.published),
        "first_seen": clock.iso(news.first_seen),
        "changed": clock.iso(news.changed),
        "edited": news.edited,
        "old_title": news.old_title,
        "lead": news.lead,
        "section": news.section,
        "level": level,
        "score": max((flag.score for flag in news.flags if flag.level is level), default=None),
        "flags": [_json_flag(flag) for flag in news.flags],
        "credit": news.credit and {"name": news.credit.name, "domain": news.credit.domain},
        "origin_url": news.origin_url,
        "copy_of": news.copy_of,
        "copies": [_json_copy(copy, clock) for copy in news.copies],
        "edits": [edit_record(edit) for edit in news.edits],
        "story": news.kin and _json_kin(news.kin, clock),
    }


def _json_kin(kin: Kin, clock: Clock) -> dict[str, Any]:
    first = kin.first and _json_copy(kin.first, clock)
    return {"story_id": kin.story_id, "articles": kin.articles, "first": first, "share": kin.share, "confidence": kin.confidence}


def _json_notice(notice: Notice, clock: Clock) -> dict[str, Any]:
    event = notice.event
    return {
        "article_id": event.article_id,
        "event": event.kind,
        "at": clock.iso(event.at),
        "before": event.before,
        "after": event.after,
        "said": event.said,
        "title": notice.title,
        "outlet": notice.outlet,
        "url": notice.url,
        "level": notice.level,
    }


def _json_flag(flag: Flag) -> dict[str, Any]:
    return {
        "topic": flag.topic,
        "level": flag.level,
        "score": flag.score,
        "rules": flag.rules,
        "why": list(flag.why),
        "near": list(flag.near),
        "evidence": evidence_records(flag),
    }


def _json_copy(copy: Copy, clock: Clock) -> dict[str, Any]:
    return {
        "article_id": copy.article_id,
        "title": copy.title,
        "outlet": copy.outlet,
        "url": copy.url,
        "first_seen": clock.iso(copy.first_seen),
    }
