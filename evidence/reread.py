"""Whether the texts of a pack follow from its captures: these are read again, in processes that a hostile page may take down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import extract
import pipeline
from evidence import check, form
from model import Article, Block, BlockKind, Capture, Failure, Flaw, FlawKind, Follows, Judged, Learning
from store import records, values
from track import changes

MOST = 500  # versions that are read again: a pack may name any number of pages that take long
_WORKERS = 2

_TOGETHER = 40_000_000  # bytes of pages that are in memory at once


@dataclass(frozen=True, kw_only=True, slots=True)
class _Page:
    """What one version was read from, and what it says in the pack."""

    version: int
    capture: Capture
    learning: Learning
    edit: str  # hash of the text


def judge(pack: check.Pack, flaws: tuple[Flaw, ...]) -> tuple[tuple[Judged, ...], tuple[Flaw, ...]]:
    """(each version, what of them does not follow)."""
    rows = (pack.manifest or {})["versions"]
    judged = {one["version"]: _judged(one, Follows.OTHER, _other(one)) for one in rows if _other(one)}
    waiting = [one for one in rows if one["version"] not in judged]
    judged |= {one["version"]: _judged(one, Follows.UNREAD, f"no more than {MOST} are") for one in waiting[MOST:]}
    if waiting:
        judged |= {one.version: one for one in _read(pack, waiting[:MOST], check.flawed(flaws))}
    wrong = [one for one in rows if judged[one["version"]].follows is Follows.NO]
    found = (Flaw(kind=FlawKind.DIFFERS, file=one["json"], message=judged[one["version"]].said) for one in wrong)
    return tuple(judged[one["version"]] for one in rows), tuple(found)


def _judged(one: Mapping[str, Any], follows: Follows, said: str) -> Judged:
    return Judged(version=one["version"], follows=follows, said=said)


def _other(one: Mapping[str, Any]) -> str:
    """Which other reader read a version; empty: the one that is here."""
    reader = (one["reader"] or "").partition(" ")[0]
    return "" if reader == str(extract.VERSION) else f"read by reader {reader or '(not known)'}; here is {extract.VERSION}"


def _read(pack: check.Pack, waiting: list[dict[str, Any]], unfit: frozenset[str]) -> Iterator[Judged]:
    """Versions whose captures were read again, a few at a time."""
    learnings, made = _learnings(pack, unfit), _moment((pack.manifest or {})["made"])
    with pipeline.Readers[int](min(_WORKERS, len(waiting)), ()) as readers:
        together: list[_Page] = []
        for one in waiting:
            page = _page(pack, one, unfit, learnings)
            if isinstance(page, str):
                yield _judged(one, Follows.UNREAD, page)
                continue
            together.append(page)
            if sum(len(page.capture.body) for page in together) > _TOGETHER:
                yield from _read_together(together, readers, made)
                together = []
        yield from _read_together(together, readers, made)


def _read_together(pages: list[_Page], readers: pipeline.Readers[int], made: datetime) -> Iterator[Judged]:
    """By what the site had taught when a page was captured first, then by what it had taught when the pack was made: a page may
    have been read again meanwhile."""
    wrong = _differing([(page, page.capture) for page in pages], readers)
    still = _differing([(page, replace(page.capture, captured_at=made)) for page in pages if page.version in wrong], readers)
    for page in pages:
        said = wrong[page.version] if page.version in still else ""
        follows = Follows.NO if said else Follows.YES
        yield Judged(version=page.version, follows=follows, said=said or f"read again by reader {extract.VERSION}")


def _differing(pages: list[tuple[_Page, Capture]], readers: pipeline.Readers[int]) -> dict[int, str]:
    """By version why its text does not follow; those whose text does are left out."""
    edits = {page.version: page.edit for page, _ in pages}
    wrong = {}
    for number, answer in pipeline.again([(page.version, capture, page.learning) for page, capture in pages], readers):
        if isinstance(answer, Failure):
            wrong[number] = f"its capture cannot be read again ({answer.kind}: {answer.message})"
        elif answer.fingerprint.edit != edits[number]:
            wrong[number] = "is not what its capture says, read again by the same reader"
    return wrong


def _moment(said: str) -> datetime:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return datetime.now(UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _learnings(pack: check.Pack, unfit: frozenset[str]) -> dict[str, Learning]:
    """What the sites of the captures had taught, as the pack has it; nothing where that is no such thing."""
    if form.LEARNINGS not in pack.entries or form.LEARNINGS in unfit:
        return {}
    try:
        told = check.table(pack.read(form.LEARNINGS, form.MANIFEST_BYTES))
        return {site: values.to_learning(site, said) for site, said in told.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _page(pack: check.Pack, one: Mapping[str, Any], unfit: frozenset[str], learnings: Mapping[str, Learning]) -> _Page | str:
    """What to read again, or why that cannot be."""
    row = next(capture for capture in (pack.manifest or {})["captures"] if capture["capture_id"] == one["capture_id"])
    if row["file"] is None:
        return row["problem"] or "its capture is not in the pack"
    if {row["file"], one["json"]} & unfit:
        return "its capture or its text is not as it should be"
    try:
        held = _held(pack, row, unfit)
        capture = records.to_capture(records.parse(records.unpack(pack.read(row["file"], form.RECORD_BYTES))), held)
        edit = changes.fingerprint(_article(check.version(pack, one))).edit
    except (ValueError, KeyError, TypeError) as error:
        return f"its capture cannot be taken from its record ({type(error).__name__})"
    site = row["learned_from"] or ""
    learning = pipeline.as_of(learnings.get(site), one["capture_id"]) or Learning(site=site)
    return _Page(version=one["version"], capture=capture, learning=learning, edit=edit)


def _held(pack: check.Pack, row: Mapping[str, Any], unfit: frozenset[str]) -> bytes | None:
    """The body to which a revisit refers. Raises ValueError where it is not there."""
    if row["refers_to"] is None:
        return None
    other = next(capture for capture in (pack.manifest or {})["captures"] if capture["capture_id"] == row["refers_to"])
    if other["file"] is None or other["file"] in unfit:
        raise ValueError("the body is not there")
    return check.record(pack.read(other["file"], form.RECORD_BYTES)).body


def _article(told: Mapping[str, Any]) -> Article:
    """As much of an article as its edit hash covers."""
    blocks = tuple(Block(kind=BlockKind(block["kind"]), text=block["text"]) for block in told["blocks"])
    return Article(identity="", url=None, site=None, outlet=None, title=told["title"], blocks=blocks, has_lead=False)
