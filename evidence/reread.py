"""Whether the texts of a pack follow from its captures: these are read again, in processes that a hostile page may take down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
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

_Job = tuple[int, Capture, Learning]  # number of the version


def judge(pack: check.Pack, flaws: tuple[Flaw, ...]) -> tuple[tuple[Judged, ...], tuple[Flaw, ...]]:
    """(each version, what of them does not follow)."""
    manifest = pack.manifest or {}
    unfit = check.flawed(flaws)
    judged: dict[int, Judged] = {}
    jobs: dict[int, tuple[Capture, Learning, str]] = {}  # with the edit hash of the text in the pack
    learnings = _learnings(pack, unfit)
    for one in manifest["versions"]:
        number, reader = one["version"], one["reader"]
        if (reader or "").partition(" ")[0] != str(extract.VERSION):
            said = f"read by reader {(reader or '').partition(' ')[0] or '(not known)'}; here is {extract.VERSION}"
            judged[number] = Judged(version=number, follows=Follows.OTHER, said=said)
        elif len(jobs) >= MOST:
            judged[number] = Judged(version=number, follows=Follows.UNREAD, said=f"more than {MOST} are not read again")
        elif isinstance(found := _job(pack, one, unfit, learnings), str):
            judged[number] = Judged(version=number, follows=Follows.UNREAD, said=found)
        else:
            jobs[number] = found
    for number, said in _answers(jobs, _moment(manifest["made"])):
        follows = Follows.NO if said else Follows.YES
        judged[number] = Judged(version=number, follows=follows, said=said or f"read again by reader {extract.VERSION}")
    versions = tuple(judged[one["version"]] for one in manifest["versions"])
    files = {one["version"]: one["json"] for one in manifest["versions"]}
    wrong = [one for one in versions if one.follows is Follows.NO]
    return versions, tuple(Flaw(kind=FlawKind.DIFFERS, file=files[one.version], message=one.said) for one in wrong)


def _answers(jobs: Mapping[int, tuple[Capture, Learning, str]], made: datetime) -> Iterator[tuple[int, str]]:
    """(version, why its text does not follow; empty: it does).

    By what the site had taught when a page was captured first, then by what it had taught when the pack was made: a page may
    have been read again meanwhile.
    """
    if not jobs:
        return
    left = dict(jobs)
    with pipeline.Readers[int](min(_WORKERS, len(jobs)), ()) as readers:
        for by_now in (False, True):
            again: Iterator[_Job] = (
                (number, replace(capture, captured_at=made) if by_now else capture, learning)
                for number, (capture, learning, _) in left.items()
            )
            wrong: dict[int, str] = {}
            for number, answer in pipeline.again(list(again), readers):
                if isinstance(answer, Failure):
                    wrong[number] = f"its capture cannot be read again ({answer.kind}: {answer.message})"
                elif answer.fingerprint.edit != jobs[number][2]:
                    wrong[number] = "is not what its capture says, read again by the same reader"
            yield from ((number, "") for number in left if number not in wrong)
            left = {number: jobs[number] for number in wrong}
            if not left:
                return
    yield from wrong.items()


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
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def _job(
    pack: check.Pack, one: Mapping[str, Any], unfit: frozenset[str], learnings: Mapping[str, Learning]
) -> tuple[Capture, Learning, str] | str:
    """What to read again, or why that cannot be."""
    row = next(capture for capture in (pack.manifest or {})["captures"] if capture["capture_id"] == one["capture_id"])
    if row["file"] is None:
        return row["problem"] or "its capture is not in the pack"
    if {row["file"], one["json"]} & unfit:
        return "its capture or its text is not as it should be"
    try:
        held = _held(pack, row, unfit)
        found = records.to_capture(records.parse(records.unpack(pack.read(row["file"], form.RECORD_BYTES))), held)
        edit = changes.fingerprint(_article(check.version(pack, one))).edit
    except (ValueError, KeyError, TypeError) as error:
        return f"its capture cannot be taken from its record ({type(error).__name__})"
    site = row["learned_from"] or ""
    return found, learnings.get(site) or Learning(site=site), edit


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
