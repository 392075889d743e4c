"""Whether the texts of a pack follow from its captures: these are read again, in processes that a hostile page may take down."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import extract
import pipeline
import text
from digest import article as records_of
from evidence import check, form, gather
from model import Capture, Failure, Flaw, FlawKind, Follows, Judged, Learning
from store import records, values

MOST = 500  # versions that are read again: a pack may name any number of pages that take long
SECONDS = 300.0  # by the clock, after which no more is begun
PAGE_SECONDS = pipeline.PAGE_SECONDS
_WORKERS = 2
_NAMED = 8  # fields in one flaw
_AT_ONCE = 16  # versions, after which the clock is asked
_HERE = {"too_slow", "too_costly"}  # failures that say as much of this machine as of the page
_TOGETHER = 40_000_000  # bytes of pages that are in memory at once


@dataclass(frozen=True, kw_only=True, slots=True)
class _Page:
    """What one version was read from, and what it says in the pack."""

    version: int
    capture: Capture
    learning: Learning
    told: Mapping[str, Any]  # its JSON
    row: Mapping[str, Any]  # of the manifest
    settled: Mapping[str, tuple[str | None, ...]]  # what else than the page may say what the article's address and identity are


def judge(pack: check.Pack, flaws: tuple[Flaw, ...]) -> tuple[tuple[Judged, ...], tuple[Flaw, ...]]:
    """(each version, what of them does not follow)."""
    rows = (pack.manifest or {})["versions"]
    judged = {one["version"]: _judged(one, Follows.OTHER, _other(one)) for one in rows if _other(one)}
    waiting = [one for one in reversed(rows) if one["version"] not in judged]  # the newest first: not all may be
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
    with pipeline.Readers[int](min(_WORKERS, len(waiting)), (), PAGE_SECONDS) as readers:
        together: list[_Page] = []
        end = time.monotonic() + SECONDS
        for number, one in enumerate(waiting):
            if time.monotonic() > end:
                yield from (
                    _judged(left, Follows.UNREAD, f"reading took {SECONDS:g} seconds by then") for left in waiting[number:]
                )
                break
            page = _page(pack, one, unfit, learnings)
            if isinstance(page, str):
                yield _judged(one, Follows.UNREAD, page)
                continue
            together.append(page)
            if len(together) >= _AT_ONCE or sum(len(page.capture.body) for page in together) > _TOGETHER:
                yield from _read_together(together, readers, made, _packages(pack))
                together = []
        yield from _read_together(together, readers, made, _packages(pack))


def _read_together(pages: list[_Page], readers: pipeline.Readers[int], made: datetime, packages: str) -> Iterator[Judged]:
    """By what the site had taught when a page was captured first, then by what it had taught when the pack was made: a page may
    have been read again meanwhile. `packages`: which others the pack was made with."""
    wrong = _differing([(page, page.capture) for page in pages], readers)
    again = [page for page in pages if wrong.get(page.version, (Follows.YES, ""))[0] is Follows.NO]
    still = _differing([(page, replace(page.capture, captured_at=made)) for page in again], readers)
    for page in pages:
        follows, said = wrong.get(page.version, (Follows.YES, ""))
        if follows is Follows.NO and page.version not in still:
            follows = Follows.YES
        if follows is Follows.NO and packages:
            follows, said = Follows.OTHER, f"it {said}; but {packages}"
        if follows is Follows.YES:
            said = f"read again by reader {extract.VERSION}"
        yield Judged(version=page.version, follows=follows, said=said)


def _differing(pages: list[tuple[_Page, Capture]], readers: pipeline.Readers[int]) -> dict[int, tuple[Follows, str]]:
    """By version why it does not follow, or cannot be read here; those that do are left out."""
    of = {page.version: page for page, _ in pages}
    wrong = {}
    for number, answer in pipeline.again([(page.version, capture, page.learning) for page, capture in pages], readers):
        if isinstance(answer, Failure):
            follows = Follows.UNREAD if answer.kind in _HERE else Follows.NO
            where = " here" if answer.kind in _HERE else ""
            wrong[number] = follows, f"its capture cannot be read again{where} ({answer.kind}: {answer.message})"
        elif said := _difference(of[number], answer):
            wrong[number] = Follows.NO, said
    return wrong


def _difference(page: _Page, answer: pipeline.Reading) -> str:
    """What a version says that its capture does not say; empty: nothing. All fields that the reader gives are compared.

    Address and identity may have been settled by the store, by a redirect or another page; where another place on the page was
    read, the same text may have another reader, agreement and notes. Flags follow from rules, which are not in the pack.
    """
    article = values.to_article(values.from_article(answer.article))  # as the store gives it back
    found = check.table(text.to_json({"notes": list(article.notes), **records_of.record(article, ())}).encode())
    left = {"flags", "url", "identity"}
    if extract.signature(article) != page.row["reader"]:
        left |= {"reader", "agreement", "notes"}
    other = [key for key in found if key not in left and page.told.get(key) != found[key]]
    other += [key for key, may in page.settled.items() if page.told.get(key) not in (found[key], *may)]
    if other:
        what = ", ".join(sorted(other)[:_NAMED])
        return f"is not what its capture says, read again by the same reader: {what}"
    hashes = (("edit_hash", answer.fingerprint.edit), ("copy_hash", answer.fingerprint.copy))
    if page.row["edit_hash"].partition(":")[0] == answer.fingerprint.edit.partition(":")[0]:  # else another key made both
        return next((f"has another {name} than the manifest says" for name, here in hashes if page.row.get(name) != here), "")
    return ""


def _packages(pack: check.Pack) -> str:
    """How the packages that read the versions differ from those here; empty: they do not."""
    told = (pack.manifest or {}).get("packages")
    if not isinstance(told, dict):
        return "the pack does not say which packages read it"
    here = gather.packages()
    other = [name for name in here if told.get(name) != here[name]]
    return f"it was read with other packages than those here ({', '.join(other)})" if other else ""


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
    except (ValueError, KeyError, TypeError) as error:
        return f"its capture cannot be taken from its record ({type(error).__name__})"
    site, told = row["learned_from"] or "", check.version(pack, one)  # which was found to be one
    head = (pack.manifest or {})["article"]
    settled = {key: (row[key], head.get(key)) for key in ("url", "identity")}
    learning = pipeline.as_of(learnings.get(site), one["capture_id"]) or Learning(site=site)
    return _Page(version=one["version"], capture=capture, learning=learning, told=told, row=one, settled=settled)


def _held(pack: check.Pack, row: Mapping[str, Any], unfit: frozenset[str]) -> bytes | None:
    """The body to which a revisit refers. Raises ValueError where it is not there."""
    if row["refers_to"] is None:
        return None
    other = next(capture for capture in (pack.manifest or {})["captures"] if capture["capture_id"] == row["refers_to"])
    if other["file"] is None or other["file"] in unfit:
        raise ValueError("the body is not there")
    return check.record(pack.read(other["file"], form.RECORD_BYTES)).body
