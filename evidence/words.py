"""What checking a pack gave, in lines for a person and as a record for programs. Standard library only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import text
from model import Follows, PackReport

SHOWN = 40  # flaws that are named

_SAID = {
    Follows.YES: "follows from its capture",
    Follows.NO: "does not follow from its capture",
    Follows.OTHER: "was not read again",
    Follows.UNREAD: "was not read again",
}


def lines(report: PackReport) -> Iterator[str]:
    """The flaws first, then what was checked, then the verdict."""
    yield from map(str, report.flaws[:SHOWN])
    if len(report.flaws) > SHOWN:
        yield f"… and {len(report.flaws) - SHOWN} more"
    if report.made:
        yield f"article {report.article_id}: {text.clean(report.title or '') or '(no title)'}"
        yield f"packed {text.clean(report.made)[:40]} by diemtin {text.clean(report.program or '')[:40]}"
    if report.files:
        yield f"{text.counted(report.files, 'file')}, {report.size:,} bytes"
    if report.digest:
        compared = (
            "compared with the one given" if report.compared else "compare it with the one that the export printed (--digest)"
        )
        yield f"digest of the manifest: {report.digest}; {compared}"
    if report.captures:
        absent = f"; of {report.absent} the record is not in the pack, as its manifest says" if report.absent else ""
        yield f"{text.counted(report.captures, 'capture')}{absent}"
    for one in report.versions:
        yield f"version {one.version}: {_SAID[one.follows]} ({one.said})"
    unread = sum(one.follows in (Follows.OTHER, Follows.UNREAD) for one in report.versions)
    if unread:
        yield f"{unread:,} of {text.counted(len(report.versions), 'version')} not read again"
    yield "good" if report.is_good else f"not good: {text.counted(len(report.flaws), 'flaw')}"


def record(report: PackReport) -> dict[str, Any]:
    """The stable contract of docs/formats.md; fields are only ever added."""
    return {
        "good": report.is_good,
        "digest": report.digest,
        "compared": report.compared,
        "article_id": report.article_id,
        "title": report.title,
        "made": report.made,
        "diemtin": report.program,
        "files": report.files,
        "bytes": report.size,
        "captures": report.captures,
        "absent": report.absent,
        "versions": [{"version": one.version, "follows": one.follows, "said": one.said} for one in report.versions],
        "flaws": [{"kind": flaw.kind, "file": flaw.file, "message": flaw.message} for flaw in report.flaws],
    }
