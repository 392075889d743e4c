"""evidence/: prove. What is held of an article as one file for others, and whether such a file is still what it was.

    pack     a Dossier and its records -> a zip with a manifest, the same bytes for the same store and moment
    gather   the store -> Dossier
    check    a pack -> its flaws. Needs Python's standard library and nothing else: every pack is hostile until it was checked
    reread   whether the texts of a pack follow from its captures, read again by the reader that is here

`python -m evidence PACK` checks a pack where diemtin is not installed.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from evidence import check, words
from model import PackReport

__all__ = ["verify", "words"]


def verify(path: Path, digest: str | None = None, *, reads: bool = True) -> PackReport:
    """Check a pack; `digest` is what its export printed, `reads`: its captures are read again."""
    with check.opened(path) as pack:
        report = check.examine(pack, digest)
        if not reads or pack is None or pack.manifest is None:
            return report
        from evidence import reread  # heavy, and not there without diemtin

        versions, flaws = reread.judge(pack, report.flaws)
    return replace(report, versions=versions, flaws=(*report.flaws, *flaws))
