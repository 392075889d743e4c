"""An evidence pack's page: all that is held of an article, on one page that runs nothing and asks nobody for anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from markupsafe import Markup

from digest import changes
from digest import story as told
from digest.pages import pages
from digest.view import Address, Carrier, Clock, Moment, Reason, address_of, reason_of, said_event, said_proof
from model import BlockKind, Copy, Dossier, Exhibit, Step
from text import clean, clean_lines

__all__ = ["page"]

WHOLE = 40  # versions whose text is shown; of more the first and the last ones, the others are files beside the page


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One version, in words."""

    number: int
    is_current: bool
    seen: Moment
    words: int
    title: str
    lead: tuple[tuple[str, str], ...]  # what is known of it: name and value
    capture_id: int
    reader: str
    edit: str | None  # kinds, and how much it matters
    proofs: tuple[str, ...]
    before: int | None
    counted: str | None
    diff: Markup
    reasons: tuple[Reason, ...]
    text: tuple[Paragraph, ...]  # empty: it is only a file of the pack
    file: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Taking:
    """One capture, in words."""

    capture_id: int
    time: Moment
    exactly: bool
    asked: Address | None
    answered: Address | None
    status: str
    size: str
    sha256: str
    became: str
    record: str | None
    problem: str | None
    headers: tuple[tuple[str, str], ...]


def page(dossier: Dossier, timezone: str) -> str:
    """The page as HTML. Files beside it are linked by their names in the pack."""
    clock = Clock(timezone)
    kept = dossier.kept
    steps = [_row(dossier, step, clock) for step in dossier.steps]
    absent = [one for one in dossier.exhibits if one.record is None]
    return (
        pages()
        .get_template("dossier.html")
        .render(
            title=clean(kept.article.title or "") or "(no title)",
            address=address_of(kept.article.url),
            article_id=kept.article_id,
            identity=clean(kept.article.identity),
            outlet=clean(kept.article.outlet or kept.article.site or "") or "saved file",
            made=clock.show(dossier.made),
            first_seen=clock.show(kept.first_seen),
            program=clean(dossier.program),
            timezone=clean(ZoneInfo(timezone).key),
            rows=steps,
            captures=[_taking(one, clock) for one in dossier.exhibits],
            absent=len(absent),
            events=[(clock.show(event.at), said_event(event, clock), clean(event.said)) for event in kept.events],
            story=told.view(dossier.story, timezone) if dossier.story else None,
            original=_carrier(dossier.original) if dossier.original else None,
            copies=[_carrier(one) for one in dossier.copies],
        )
    )


def _carrier(copy: Copy) -> Carrier:
    return Carrier(outlet=clean(copy.outlet), title=clean(copy.title or "") or None, address=address_of(copy.url))


def _row(dossier: Dossier, step: Step, clock: Clock) -> Row:
    wording = step.wording
    article, edit = wording.article, wording.edit
    is_current = wording.version_id == dossier.kept.current_id
    is_shown = len(dossier.steps) <= WHOLE or is_current or not WHOLE // 2 < step.number <= len(dossier.steps) - WHOLE // 2
    return Row(
        number=step.number,
        is_current=is_current,
        seen=clock.show(wording.seen),
        words=len(article.text.split()),
        title=clean(article.title or "") or "(no title)",
        lead=tuple(_known(step, clock)),
        capture_id=wording.capture_id,
        reader=clean(wording.reader or "") or "not known",
        edit=f"{', '.join(edit.kinds)}; matters {edit.score:.2f} of 1{'' if edit.material else ', small'}" if edit else None,
        proofs=tuple(said_proof(proof) for proof in edit.proofs) if edit else (),
        before=step.before,
        counted=changes.counted(step.diff) if step.diff else None,
        diff=changes.to_html(step.diff) if step.diff else Markup(),
        reasons=tuple(reason_of(flag) for flag in wording.flags),
        text=tuple(_paragraphs(step)) if is_shown else (),
        file=f"versions/{step.number:04}.txt",
    )


def _known(step: Step, clock: Clock) -> Iterator[tuple[str, str]]:
    article = step.wording.article
    claims = (("published", article.published_claims), ("modified", article.modified_claims))
    yield from (
        (name, f"{clock.show(claim.moment)} ({claim.source}, {claim.certainty})") for name, found in claims for claim in found
    )
    for name, said in (
        ("authors", ", ".join(article.authors)),
        ("byline", article.byline),
        ("section", " › ".join(article.breadcrumb) or article.section),
        ("credit", article.credit.name if article.credit else None),
        ("copied from", article.origin_url),
        ("signed", article.signature),
        ("tags", ", ".join(article.tags)),
        ("the reader guessed", "; ".join(article.notes)),
    ):
        if said:
            yield name, clean(said)


def _paragraphs(step: Step) -> Iterator[Paragraph]:
    article = step.wording.article
    if article.kicker:
        yield Paragraph(kind="kicker", lines=(clean(article.kicker),))
    for number, block in enumerate(article.blocks):
        kind = "lead" if article.has_lead and not number else str(block.kind)
        many = block.kind in (BlockKind.LIST, BlockKind.TABLE)
        yield Paragraph(kind=kind, lines=tuple(clean_lines(block.text).split("\n")) if many else (clean(block.text),))


def _taking(one: Exhibit, clock: Clock) -> Taking:
    row = one.taken
    made = f"made version {one.version}" if one.version else None
    same = f"the same bytes as capture {row.refers_to}" if row.refers_to else None
    return Taking(
        capture_id=row.capture_id,
        time=clock.show(row.captured_at),
        exactly=one.captured_exactly is not False,
        asked=address_of(one.url_asked),
        answered=address_of(row.url),
        status="" if one.status is None else str(one.status),
        size=f"{row.size:,}",
        sha256=row.sha256,
        became=clean("; ".join(filter(None, (row.state, made, same, row.error)))),
        record=one.record,
        problem=clean(one.problem or "") or None,
        headers=tuple((clean(name), clean(value)) for name, value in one.headers),
    )
