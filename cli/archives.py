"""Raw pages: `archive verify`, `archive prune`."""

from __future__ import annotations

import re
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

import text
from model import FindingKind, StoreError, Verified

if TYPE_CHECKING:
    pass

from cli import common


@common.commands.group(
    short_help="Check the archive of raw pages, or free space in it.",
    epilog=common.example("archive verify", "archive prune --keep 12m"),
)
def archive() -> None:
    """Check the archive of raw pages, or free space in it."""


@archive.command("verify", short_help="Read all of it again, and check it.", epilog=common.example("archive verify"))
@click.option("--json", "as_json", is_flag=True, help="Print what was found as one JSON object.")
@click.pass_context
def archive_verify(context: click.Context, as_json: bool) -> int:
    """Read the whole archive again: every record, its digests, and whether each capture's record lies where it should.

    A torn end, which a crash leaves, is cut back to the last whole record, unless another process is writing. The exit status is
    1 if something is broken or was cut.
    """
    import store

    settings = common.settings_of(context)
    with ExitStack() as held:
        try:
            held.enter_context(store.lock.hold(settings.home, "diemtin archive verify"))
            may_cut = True
        except StoreError:
            may_cut = False
        found = held.enter_context(store.open_store(settings.home)).verify(may_cut=may_cut)
    if as_json:
        findings = [{"kind": f.kind, "file": f.file, "offset": f.offset, "message": f.message} for f in found.findings]
        counts = {"files": found.files, "records": found.records, "captures": found.captures, "pruned": found.pruned}
        print(text.to_json({**counts, "bytes": found.size, "findings": findings}))
    else:
        for finding in found.findings:
            print(text.printable(f"{finding.kind}: {finding}"))
        print(f"{found.files} files, {found.size:,} bytes: {found.records} whole records, {_pages_of(found)}")
    return int(any(finding.kind is not FindingKind.STRAY for finding in found.findings))


def _pages_of(found: Verified) -> str:
    return f"{found.captures} captures in their place" + (f", {found.pruned} pruned" if found.pruned else "")


class _Keep(click.ParamType[Any]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """A rule by which the present moment gives the moment from which on all is kept; None: all is."""
        if value == "all":
            return None
        match = re.fullmatch(r"([1-9]\d{0,4})([dm])", value) if isinstance(value, str) else None
        if match is None:
            self.fail(f"{value!r} is no time to keep; write it like 90d (days), 12m (months) or all", param, context)
        return int(match[1]), match[2]


def _kept_from(now: datetime, rule: tuple[int, str]) -> datetime:
    count, unit = rule
    if unit == "d":
        return now - timedelta(days=count)
    years, month = divmod(now.year * 12 + now.month - 1 - count, 12)
    return now.replace(year=max(years, 1), month=month + 1, day=min(now.day, 28))


@archive.command(
    "prune",
    short_help="Drop bodies of old captures that made no version.",
    epilog=common.example("archive prune --keep 90d --dry-run", "archive prune --keep 12m"),
)
@click.option("--keep", required=True, type=_Keep(), metavar="TIME", help="How long to keep them: 90d, 12m, or all.")
@click.option("--dry-run", is_flag=True, help="Only say what it would free.")
@click.pass_context
def archive_prune(context: click.Context, keep: tuple[int, str] | None, dry_run: bool) -> int:
    """Drop the bodies of captures older than TIME that showed nothing new.

    The body of every version is kept, and of every page that could not be read or was not read yet. What was captured when stays
    in the database.
    """
    settings, now = common.settings_of(context), common.now()
    with common.work(settings, "archive prune", writes=not dry_run) as books:
        done = books.prune(_kept_from(now, keep) if keep else None, now, dry=dry_run)
    for finding in done.findings:
        common.tell(str(finding))
    said = "would be dropped" if dry_run else "dropped"
    print(f"{done.captures} bodies {said}, {done.freed:,} bytes {'to be ' if dry_run else ''}freed in {done.files} files")
    return int(bool(done.findings))
