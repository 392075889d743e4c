"""What the reader is tested with, in a checkout: `golden add`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

import config
import text
import urls
from model import Capture, DeliveryError, ExtractError, Failure, InputError

if TYPE_CHECKING:
    from pipeline import Reading

from cli import common


@common.commands.group(
    short_help="Make golden pages of a checkout: what the reader is tested with.",
    epilog=common.example("golden add saved/page.html"),
)
def golden() -> None:
    """Make golden pages of a checkout of diemtin: saved pages whose reading the tests hold against what a person checked."""


@golden.command(
    "add",
    short_help="Make a golden page of a saved one.",
    epilog=common.example("golden add saved.html --as baoquocte/interview --url https://baoquocte.vn/a-371204.html"),
)
@click.argument("file")
@click.option("--as", "name", metavar="SITE/CASE", help="What to call it.  [default: the page's site / the file's name]")
@click.option("--url", help="The page's address.  [default: as the file or its sidecar says]")
@click.option(
    "--captured", type=common.Moment(), help="When it was saved (reader's zone).  [default: as its sidecar or file says]"
)
@click.option("--force", is_flag=True, help="Replace a golden page of this name.")
@click.pass_context
def golden_add(
    context: click.Context, file: str, name: str | None, url: str | None, captured: datetime | None, force: bool
) -> None:
    """Read a saved page and write it, with what it reads as, to tests/pages/SITE/CASE of the checkout you stand in.

    The expectation is what today's reader gives: check it by eye, and correct it, before you commit it.
    """
    import pipeline

    if url is not None and not urls.is_web(url):
        raise click.BadParameter(f"{text.printable(url)!r} is no web address", param_hint="--url")
    if captured is not None and captured.tzinfo is None:
        captured = captured.replace(tzinfo=ZoneInfo(config.peek(context.obj).timezone))
    capture, page = _golden_page(file, url, captured)
    folder = _golden_folder(name or _golden_name(file, capture.url), force)
    answer = pipeline.read(capture, [])
    if isinstance(answer, Failure) and answer.kind == "bug":
        raise ExtractError(answer.message, subject=file, kind=answer.kind)
    _write_golden(folder, page, capture, answer)


def _golden_page(file: str, url: str | None, captured: datetime | None) -> tuple[Capture, str]:
    """(the capture that the golden page will give, the name of its file)."""
    from crawler import saved
    from extract import golden as expected

    if Path(file).is_dir():
        raise InputError("is a folder; name one page in it", subject=file)
    (found,) = saved.find([file])
    if isinstance(found, saved.Unreadable):
        raise found.error
    capture, page = saved.load(found), expected.page_name(file)
    address = url or capture.url
    return replace(
        capture,
        identity=urls.identity(address) if address else f"saved:{page}",
        url=address,
        url_asked=address,
        captured_at=captured or capture.captured_at,
        captured_exactly=True,
    ), page


def _golden_name(file: str, url: str | None) -> str:
    if url is None:
        raise click.UsageError("the page names no address: say --as SITE/CASE, or --url")
    stem = Path(file.removesuffix(".gz")).stem
    return f"{urls.site(url)}/{re.sub(r'[^a-z0-9._-]+', '-', stem.lower()).strip('-.')}"


def _golden_folder(name: str, force: bool) -> Path:
    """The folder to write into. Raises where it may not be written."""
    from extract import golden as expected

    if not expected.is_name(name):
        raise click.BadParameter(
            f"{text.printable(name)!r} is no name; it takes SITE/CASE in small letters, digits and . - _", param_hint="--as"
        )
    pages = Path("tests", "pages")
    if not pages.is_dir():
        raise InputError("is not here; run this in a checkout of diemtin", subject=str(pages))
    folder = pages / name
    if folder.exists() and not folder.is_dir():
        raise InputError("is no folder", subject=str(folder))
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise InputError("is there already; --force replaces it", subject=str(folder))
    return folder


def _write_golden(folder: Path, page: str, capture: Capture, answer: Reading | Failure) -> None:
    from digest import article
    from extract import golden as expected

    address = {"url": capture.url} if capture.url else {}
    sidecar = {**address, "captured_at": capture.captured_at.isoformat()}
    if isinstance(answer, Failure):
        told, value = expected.ERROR, {"kind": answer.kind}
    else:
        told, value = expected.ARTICLE, expected.expectation(article.record(answer.article, answer.flags))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in (*folder.glob("page.*"), folder / expected.ARTICLE, folder / expected.ERROR):
            old.unlink(missing_ok=True)
        (folder / page).write_bytes(capture.body)
        (folder / f"{page}.json").write_text(text.to_json(sidecar) + "\n", encoding="utf-8")
        (folder / told).write_text(text.to_json(value, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise DeliveryError(f"cannot be written: {error.strerror or error}", subject=str(folder)) from error
    print(f"{folder}: wrote {page}, {page}.json and {told}")
    if isinstance(answer, Failure):
        print(f"It reads as no article: {answer.kind} ({answer.message}). Is that true?")
    else:
        print(f"Hold {told} against the page, field by field, and correct it: it is the expectation from then on.")
