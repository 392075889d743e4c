"""What is new: `digest`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from model import DeliveryError, Digest, Settings

if TYPE_CHECKING:
    pass

from cli import common


@common.commands.command(
    short_help="Tell what is new since the last digest, ASEAN first.",
    epilog=common.example("digest", "digest --format html --output today.html", "digest --since 2026-11-20 --until 2026-11-22"),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "html", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@click.option("--since", type=common.Moment(), help="Look back from this time (reader's zone) and mark nothing.")
@click.option("--until", type=common.Moment(), help="Look back up to this time and mark nothing.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of standard output.")
@click.option("--repeat", is_flag=True, help="Where nothing is new, print the last digest again.")
@click.pass_context
def digest(
    context: click.Context, form: str, since: datetime | None, until: datetime | None, output: Path | None, repeat: bool
) -> None:
    """Tell what is new or edited since the last digest, ASEAN first, and mark it as told.

    What was told is marked only after all of it was written. A copy of each digest is kept in digests/ as HTML.
    """
    import digest as telling

    settings = common.settings_of(context)
    zone = ZoneInfo(settings.timezone)
    start, end = (moment if moment is None or moment.tzinfo else moment.replace(tzinfo=zone) for moment in (since, until))
    if start and end and start >= end:
        raise click.UsageError("--since must be before --until")
    looks_back = start is not None or end is not None
    with ExitStack() as held:
        books = held.enter_context(common.work(settings, "digest", writes=False))
        if not looks_back:  # of two at once, one tells
            held.enter_context(_digest_lock(settings.home))
            books.await_writers(lambda: common.tell("another process is writing to the store; the digest waits for its end"))
        news = books.between(start, end) if looks_back else books.untold()
        notices = books.notices_between(start, end) if looks_back else books.untold_notices()
        built = telling.build(news, now=common.now(), timezone=settings.timezone, since=start, until=end, notices=notices)
        is_empty = not news and not notices
        last = books.last_digest() if repeat and is_empty and not looks_back else None
        content = telling.render(telling.load(last) if last else built, form)
        if is_empty or looks_back:
            common.deliver(content, output)
            return
        # All that takes time or can fail comes before the first byte is told, and marking comes right after the last.
        mark = telling.dump(built)
        kept = _keep_digest(settings, built)
        try:
            common.deliver(content, output)
        except BaseException:
            kept.unlink(missing_ok=True)
            raise
        books.await_writers(lambda: common.tell("it is marked as told once another process has written to the store"))
        books.tell(mark, built.versions, built.made, [notice.event.event_id for notice in built.notices])


@contextmanager
def _digest_lock(home: Path) -> Iterator[None]:
    import store

    with store.lock.hold(home, "diemtin digest", store.lock.DIGEST):
        yield


def _keep_digest(settings: Settings, built: Digest) -> Path:
    """The digest as a page in digests/; its name is its time."""
    import digest as telling

    folder = settings.home / "digests"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise DeliveryError(f"cannot be made: {error.strerror}", subject=str(folder)) from error
    made = built.made.astimezone(ZoneInfo(settings.timezone))
    path = folder / f"{made:%Y-%m-%d-%H%M%S}.html"
    if path.exists():  # two in one second
        path = folder / f"{made:%Y-%m-%d-%H%M%S-%f}.html"
    common.write_file(path, telling.render(built, "html"))
    return path
