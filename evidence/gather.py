"""What the store holds of an article, into a pack. Calls things in order and decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import IO, Any

import extract
import pipeline
import store
from digest import article, changes, dossier
from digest import story as told
from evidence import form
from evidence.pack import Writer
from model import Copy, Dossier, Exhibit, Kept, Place, Step, StoreError, Story, Taken, Wording
from track import diff

_READ_BY = ("lxml", "trafilatura", "htmldate", "charset-normalizer")  # what a reading may depend on


@dataclass(frozen=True, kw_only=True, slots=True)
class Packed:
    """What was written."""

    digest: str  # of the manifest, SHA-256
    files: int
    size: int  # of these, bytes
    dossier: Dossier


def write(books: store.Store, kept: Kept, story: Story | None, file: IO[bytes], now: datetime, timezone: str) -> Packed:
    """Write all that is held of an article. The same store and the same moment give the same bytes."""
    packing = Writer(file)
    try:
        return _write(books, kept, story, packing, now.astimezone(UTC), timezone)
    except BaseException:
        packing.abandon()
        raise


def _write(books: store.Store, kept: Kept, story: Story | None, packing: Writer, now: datetime, timezone: str) -> Packed:
    taken = books.holdings.captures(kept.article_id)
    wordings = books.holdings.wordings(kept.article_id)
    original, copies = books.copies(kept.article_id)
    made = {wording.capture_id: number for number, wording in enumerate(wordings, 1)}
    gathered = Dossier(
        made=now,
        program=version("diemtin"),
        kept=kept,
        exhibits=tuple(_exhibit(books, packing, one, taken, made.get(one.capture_id)) for one in taken),
        steps=tuple(_steps(wordings)),
        story=story,
        original=original,
        copies=copies,
    )
    packing.add_json("article.json", article.kept_record(kept))
    for step in gathered.steps:
        said = _version_record(kept.article_id, step)
        packing.add_json(form.version_name(step.number, "json"), said)
        packing.add(form.version_name(step.number, "txt"), form.plain(said))
    for step in gathered.steps:
        if step.diff and step.before:
            edit = step.wording.edit and article.edit_record(step.wording.edit)
            facts = {"from": step.before, "to": step.number, "edit": edit}
            packing.add_json(form.diff_name(step.before, step.number), {**facts, **changes.record(step.diff)})
    packing.add_json("flags.json", [flag for step in gathered.steps for flag in _flag_records(step)])
    packing.add_json("events.json", article.kept_record(kept)["events"])
    packing.add_json("copies.json", {"original": _copy(original), "copies": [_copy(copy) for copy in copies]})
    packing.add_json("story.json", story and told.record(story))
    sites = dict.fromkeys(map(_site, taken))
    packing.add_json(form.LEARNINGS, {site: taught for site in sites if (taught := books.holdings.learning(site))})
    packing.add(form.INDEX, dossier.page(gathered, timezone))
    digest = packing.finish(_manifest(gathered))
    return Packed(digest=digest, files=len(packing.files) + 1, size=packing.size, dossier=gathered)


def _site(one: Taken) -> str:
    """What the readings of a capture are learned from and for."""
    return pipeline.source_of(one.url or one.identity.removeprefix("saved:"))


def _exhibit(books: store.Store, packing: Writer, one: Taken, taken: tuple[Taken, ...], number: int | None) -> Exhibit:
    """Put a capture's record into the pack, byte for byte as it lies in the archive. One that is not there is told as such."""
    if one.pruned:
        return Exhibit(taken=one, problem=f"its bytes were dropped from the archive on {one.pruned:%Y-%m-%d}", version=number)
    body = next((other.place for other in taken if other.capture_id == one.refers_to), None)
    place = Place(file=one.place.file, offset=one.place.offset, length=one.place.length, body=body)
    try:
        raw = store.archive.raw(books.archive_folder, place)
        capture = store.archive.read(books.archive_folder, place)
    except StoreError as error:
        return Exhibit(taken=one, problem=error.message, version=number)
    name = form.record_name(one.capture_id)
    packing.add(name, raw)
    return Exhibit(
        taken=one,
        record=name,
        captured_exactly=capture.captured_exactly,
        url_asked=capture.url_asked,
        status=capture.status,
        headers=capture.headers,
        version=number,
    )


def _steps(wordings: tuple[Wording, ...]) -> Iterator[Step]:
    """The versions, each with what it changed: against the one that it was edited from, or the one before it."""
    numbers = {wording.version_id: number for number, wording in enumerate(wordings, 1)}
    for number, wording in enumerate(wordings, 1):
        before = numbers.get(wording.follows or 0) or number - 1 or None
        found = diff.compare(wordings[before - 1].article, wording.article) if before else None
        yield Step(number=number, wording=wording, before=before, diff=found)


# ---------------------------------------------------------------- records


def _version_record(article_id: int, step: Step) -> dict[str, Any]:
    wording = step.wording
    facts = {
        "article_id": article_id,
        "version": step.number,
        "capture_id": wording.capture_id,
        "seen": wording.seen,
        "reader_signature": wording.reader,
        "notes": list(wording.article.notes),
    }
    return {**facts, **article.record(wording.article, wording.flags)}


def _flag_records(step: Step) -> Iterator[dict[str, Any]]:
    for flag in step.wording.flags:
        facts = {"version": step.number, "topic": flag.topic, "level": flag.level, "score": flag.score, "rules": flag.rules}
        yield {**facts, "evidence": article.evidence_records(flag)}


def _copy(one: Copy | None) -> dict[str, Any] | None:
    if one is None:
        return None
    facts = {"article_id": one.article_id, "title": one.title, "outlet": one.outlet, "url": one.url}
    return {**facts, "first_seen": one.first_seen}


def _manifest(file: Dossier) -> dict[str, Any]:
    said = file.kept.article
    return {
        "format": form.FORMAT,
        "made": file.made,
        "diemtin": file.program,
        "reader": extract.VERSION,
        "packages": packages(),
        "article": {
            "article_id": file.kept.article_id,
            "identity": said.identity,
            "url": said.url,
            "title": said.title,
            "outlet": said.outlet,
            "site": said.site,
            "first_seen": file.kept.first_seen,
            "current": file.kept.shown + 1,
            "copy_of": file.kept.copy_of,
            "story": file.kept.story,
        },
        "captures": [_capture_record(one) for one in file.exhibits],
        "versions": [_version_row(step) for step in file.steps],
    }


def packages() -> dict[str, str | None]:
    """The packages on which a reading may depend, and their versions here."""
    return {name: _installed(name) for name in _READ_BY}


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _capture_record(one: Exhibit) -> dict[str, Any]:
    row = one.taken
    return {
        "capture_id": row.capture_id,
        "file": one.record,
        "captured_at": row.captured_at,
        "captured_exactly": one.captured_exactly,
        "url_asked": one.url_asked,
        "url": row.url,
        "status": one.status,
        "sha256": row.sha256,
        "bytes": row.size,
        "identity": row.identity,
        "source": row.source,
        "learned_from": _site(row),
        "state": row.state,
        "read_at": row.read_at,
        "error": row.error,
        "version": one.version,
        "refers_to": row.refers_to,
        "pruned": row.pruned,
        "problem": one.problem,
    }


def _version_row(step: Step) -> dict[str, Any]:
    wording = step.wording
    return {
        "version": step.number,
        "capture_id": wording.capture_id,
        "seen": wording.seen,
        "reader": wording.reader,
        "rules": {flag.topic: flag.rules for flag in wording.flags},
        "edit_hash": wording.edit_hash,
        "copy_hash": wording.copy_hash,
        "json": form.version_name(step.number, "json"),
        "text": form.version_name(step.number, "txt"),
        "diff": form.diff_name(step.before, step.number) if step.before else None,
    }
