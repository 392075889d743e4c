"""One article, told: as the JSON that other programs rely on (docs/formats.md), and as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import text
from digest.view import Clock, said_event
from model import Article, BlockKind, DateClaim, Edit, Event, Flag, Kept, Version

__all__ = ["edit_record", "evidence_records", "kept_record", "kept_text", "nearly", "record", "to_text"]


def evidence_records(flag: Flag) -> list[dict[str, Any]]:
    """The matches of a flag, as every JSON output has them."""
    return [{"rule": e.rule, "text": e.text, "field": e.field, "start": e.start, "end": e.end} for e in flag.evidence]


def record(article: Article, flags: Sequence[Flag]) -> dict[str, Any]:
    """The stable contract of docs/formats.md; fields are only ever added."""
    return {
        "url": article.url,
        "title": article.title,
        "lead": article.lead,
        "section": article.section,
        "published": article.published.isoformat() if article.published else None,
        "modified": article.modified.isoformat() if article.modified else None,
        "authors": list(article.authors),
        "credit": {"name": article.credit.name, "domain": article.credit.domain} if article.credit else None,
        "origin_url": article.origin_url,
        "language": article.language,
        "blocks": [{"kind": block.kind, "text": block.text} for block in article.blocks],
        "text": article.text,
        "captions": article.captions,
        "flags": [
            {
                "topic": flag.topic,
                "level": flag.level,
                "score": flag.score,
                "evidence": evidence_records(flag),
                "rules": flag.rules,
                "why": list(flag.why),
                "near": list(flag.near),
            }
            for flag in flags
        ],
        "identity": article.identity,
        "site": article.site,
        "outlet": article.outlet,
        "tags": list(article.tags),
        "signature": article.signature,
        "kicker": article.kicker,
        "byline": article.byline,
        "breadcrumb": list(article.breadcrumb),
        "images": [{"url": image.url, "caption": image.caption} for image in article.images],
        "published_claims": _claims(article.published_claims),
        "modified_claims": _claims(article.modified_claims),
        "reader": article.reader,
        "agreement": article.agreement,
    }


def _claims(claims: Sequence[DateClaim]) -> list[dict[str, Any]]:
    return [{"date": c.moment.isoformat(), "source": c.source, "certainty": c.certainty} for c in claims]


def to_text(article: Article, flags: Sequence[Flag], facts: Iterable[tuple[str, str | None]], zone: tzinfo | None = None) -> str:
    """An article for a terminal: what is known of it, then its text."""

    def when(moment: datetime | None) -> str | None:
        return (moment.astimezone(zone) if zone else moment).strftime("%d/%m/%Y %H:%M %Z").strip() if moment else None

    lines = [*filter(None, [article.kicker]), article.title or "(no title)", ""]
    known = (
        *facts,
        ("address", article.url),
        ("outlet", article.outlet or article.site),
        ("section", " › ".join(article.breadcrumb) or article.section),
        ("published", when(article.published)),
        ("modified", when(article.modified)),
        ("authors", ", ".join(article.authors)),
        ("credit", article.credit.name if article.credit else None),
        ("copied from", article.origin_url),
        ("signed", article.signature),
        *(("flag", f"{flag.topic}: {flag.level} ({flag.score:g})") for flag in flags),
    )
    lines += [f"{name:>12}  {value}" for name, value in known if value]
    for block in article.blocks:
        mark = {BlockKind.HEADING: "## ", BlockKind.CAPTION: "[picture] ", BlockKind.QUOTE: "> "}.get(block.kind, "")
        lines += ["", mark + block.text]
    return text.printable("\n".join(lines))


def kept_record(kept: Kept) -> dict[str, Any]:
    """A stored article: its record, and which version of which article it is."""
    facts = {
        "article_id": kept.article_id,
        "first_seen": kept.first_seen.isoformat(),
        "copy_of": kept.copy_of,
        "version": kept.shown + 1,
        "versions": [
            {
                "seen": v.seen.isoformat(),
                "title": v.title,
                "words": v.words,
                "edit": v.edit and edit_record(v.edit),
                "older": v.is_older,
            }
            for v in kept.versions
        ],
        "events": [
            {"event": e.kind, "at": e.at.isoformat(), "before": e.before, "after": e.after, "said": e.said} for e in kept.events
        ],
    }
    return {**facts, **record(kept.article, kept.flags)}


def edit_record(edit: Edit) -> dict[str, Any]:
    """What an edit did, as every JSON output has it."""
    proofs = [{"kind": proof.kind, "before": proof.before, "after": proof.after} for proof in edit.proofs]
    return {"kinds": list(edit.kinds), "score": edit.score, "material": edit.material, "words": edit.changed, "proofs": proofs}


def kept_text(kept: Kept, zone: ZoneInfo) -> str:
    """A stored article for a terminal, with its versions, what happened to it, and the reasons of its flags."""
    clock = Clock(zone.key)
    facts = [
        ("article", f"{kept.article_id}, version {kept.shown + 1} of {len(kept.versions)}"),
        ("first seen", f"{kept.first_seen.astimezone(zone):%d/%m/%Y %H:%M}"),
        ("copy of", f"article {kept.copy_of}" if kept.copy_of else None),
        *(("version", _version_line(number, one, kept, zone)) for number, one in enumerate(kept.versions, 1)),
        *(("event", _event_line(event, clock)) for event in kept.events),
    ]
    reasons = [line for flag in kept.flags for line in _reasons(flag)]
    return to_text(kept.article, kept.flags, facts, zone) + text.printable(
        "\n\n" + "\n".join(["Why:", *reasons]) if reasons else ""
    )


def _reasons(flag: Flag) -> Iterator[str]:
    yield f"  {flag.topic} {flag.level} ({flag.score:g}), by rules {flag.rules}"
    yield from (f"  {line}" for line in flag.why)
    yield from (f"  not {nearly(flag.level)}: {line}" for line in flag.near)
    yield from (f"    {one.rule}: “{one.text}” in {one.field} at {one.start}" for one in flag.evidence)


def nearly(level: str) -> str:
    """The level above one."""
    return {"related": "core", "mention": "related"}.get(level, "mention")


def _version_line(number: int, one: Version, kept: Kept, zone: ZoneInfo) -> str:
    """`2 of 24/11/2026 10:15, 512 words: number, name (material)`."""
    head = f"{number} of {one.seen.astimezone(zone):%d/%m/%Y %H:%M}, {one.words} words"
    current = " (current)" if one.version_id == kept.current_id and len(kept.versions) > 1 else ""
    if one.edit is None:
        return head + (": an older text, stored later" if one.is_older else "") + current
    small = "" if one.edit.material else ", small"
    return f"{head}: {', '.join(one.edit.kinds)} ({one.edit.changed} words{small}){current}"


def _event_line(event: Event, clock: Clock) -> str:
    return f"{clock.show(event.at)}: {said_event(event, clock)}"
