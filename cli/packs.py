"""Evidence for others: `export`, `verify`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import text
from model import DeliveryError

if TYPE_CHECKING:
    pass

from cli import common


@common.commands.command(
    short_help="Pack all that is held of an article into one file for others.",
    epilog=common.example("export 3", "export 3 --output evidence.zip"),
)
@common.ARTICLE
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.zip",
    help="The pack to write.  [default: article-ID.zip, where there is none yet]",
)
@click.pass_context
def export(context: click.Context, article_id: int, output: Path | None) -> None:
    """Pack all that is held of article ID into one zip: each capture as it lies in the archive, every version and what it
    changed, copies, the story, flags with their reasons, events; index.html shows it all without a network.

    Keep the digest that is printed apart from the pack: `diemtin verify` holds the pack against it.
    """
    from evidence import gather

    settings, now = common.settings_of(context), common.now()
    path = output or Path(f"article-{article_id}.zip")
    if output is None and path.exists():
        raise DeliveryError("is there already; name another file with --output", subject=str(path))
    with common.work(settings, "export", writes=False) as books, books.snapshot():
        kept = common.kept(books, article_id)
        story = common.story(books, kept.story) if kept.story is not None else None
        with _whole_file(path) as file:
            packed = gather.write(books, kept, story, file, now, settings.timezone)
    for one in packed.dossier.exhibits:
        if one.record is None:
            common.tell(f"capture {one.taken.capture_id} is not in the pack: {one.problem}")
    exhibits, steps = packed.dossier.exhibits, packed.dossier.steps
    counts = f"{text.counted(len(exhibits), 'capture')}, {text.counted(len(steps), 'version')}"
    print(f"{text.printable(str(path))}: {counts}, {text.counted(packed.files, 'file')}, {packed.size:,} bytes")
    print("Digest of its manifest, to be kept apart from it:")
    print(packed.digest)


@contextmanager
def _whole_file(path: Path) -> Iterator[Any]:
    """A file of bytes to write: it is at its place, and on disk, once all of it was written, else nothing is."""
    path = path.resolve()
    part = common.part_of(path)
    try:
        try:
            if path.exists() and not path.is_file():
                raise DeliveryError("is no plain file; a pack needs one", subject=str(path))
            with part.open("w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise DeliveryError(f"cannot be written: {error.strerror}", subject=str(path)) from error


class _Digest(click.ParamType[str]):
    name = "digest"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> str:
        given = str(value).strip().lower().removeprefix("sha256:")
        if not re.fullmatch("[0-9a-f]{64}", given):
            self.fail(f"{value!r} is no digest; it has 64 digits of 0-9 and a-f", param, context)
        return given


@common.commands.command(
    short_help="Check a pack that `diemtin export` made, anywhere.",
    epilog=common.example("verify article-3.zip --digest 9f86d081884c7d65…"),
)
@click.argument("pack", type=click.Path(path_type=Path))
@click.option("--digest", type=_Digest(), metavar="HEX", help="What its export printed: the manifest must have this digest.")
@click.option("--no-read", is_flag=True, help="Do not read its captures again.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as one JSON object.")
def verify(pack: Path, digest: str | None, no_read: bool, as_json: bool) -> int:
    """Check PACK: every file against its manifest, files against each other, and whether the texts follow from the captures,
    which are read again where the reader here is the one that read them. No data folder is needed, and nothing is unpacked.

    What was altered, is missing, was added or renamed is named. The exit status is 1 if anything is wrong.
    """
    import evidence

    report = evidence.verify(pack, digest, reads=not no_read)
    if as_json:
        print(text.to_json(evidence.words.record(report)))
    else:
        for line in evidence.words.lines(report):
            print(text.printable(line))
    return int(not report.is_good)
