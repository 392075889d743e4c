"""What several commands share: the group they hang in, the data folder, what a run reports, progress, and how things are said."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

import config
import text
from model import DeliveryError, Failure, InputError, Kept, Reread, Settings, Story, Tally

if TYPE_CHECKING:
    from pipeline import Done
    from store import Store


_T = TypeVar("_T")
_LONGEST_LINE = 600  # characters of a message: an address in it may have thousands


def tell(line: str) -> None:
    """One line for the person, on stderr; safe for a terminal whatever it quotes."""
    clear = "\r\033[K" if _has_terminal() else ""  # the progress bar's line
    print(
        f"{clear}diemtin:", text.shorten(" ".join(text.printable(line).split("\n")), _LONGEST_LINE), file=sys.stderr, flush=True
    )


def _has_terminal() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") not in (None, "", "dumb")


def now() -> datetime:
    return datetime.now(UTC)


def example(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  diemtin {line}" for line in lines)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="The data folder holds diemtin.toml (settings), diemtin.db, archive/ and digests/; nothing is kept elsewhere.",
)
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="The data folder.  [default: $DIEMTIN_HOME, else the platform's user data folder]",
)
@click.version_option(version("diemtin"), prog_name="diemtin")
@click.pass_context
def commands(context: click.Context, home: Path | None) -> None:
    """Watch Vietnamese news sites, keep every version, flag what is about ASEAN, and tell what is new."""
    if home is not None and not home.name:
        raise click.BadParameter("is empty; name a folder", param_hint="--home")
    context.obj = (home or config.default_home()).expanduser().absolute()


def settings_of(context: click.Context) -> Settings:
    home: Path = context.obj
    return config.load(home)


@contextmanager
def work(settings: Settings, kind: str, *, writes: bool = True) -> Iterator[Store]:
    """The store of the data folder, under its lock where the command writes articles."""
    import store

    if not writes:
        with store.open_store(settings.home) as books:
            yield books
        return
    with store.lock.hold(settings.home, f"diemtin {kind}"), store.open_store(settings.home) as books:
        yield books


def rule_files(settings: Settings) -> tuple[tuple[str, str], ...]:
    """The topic files, each checked here: a mistake in one is told before any work is begun."""
    from track import topics

    files = config.topic_files(settings)
    for name, source in files:
        topics.load(source, name)
    return files


class Report:
    """What a run did: counts by state, and a line for each failure as it happens."""

    def __init__(self) -> None:
        self.totals = Tally()
        self.failures: list[tuple[str, Failure]] = []
        self.others: list[str] = []
        self.status = 0

    def count(self, state: str) -> None:
        self.totals = self.totals.plus(state)

    def fail(self, name: str, failure: Failure, *, by_name: bool) -> None:
        self.count("failed")
        self.failures.append((name, failure))
        self.status = self.status or int(by_name)
        tell(f"{name}: {failure.message}")

    def problem(self, name: str, message: str, *, by_name: bool) -> None:
        """Something went wrong that is no page."""
        self.others.append(f"{name}: {message}")
        self.status = self.status or int(by_name)
        tell(self.others[-1])

    def done(self, done: Done, named: tuple[str, bool] | None = None) -> None:
        name, by_name = named or (done.archived.subject, False)
        if done.failure:
            self.fail(name, done.failure, by_name=by_name)
            return
        self.count(done.state)
        for note in done.notes:
            tell(f"{name}: {note}")

    def reread(self, pair: Reread) -> None:
        """A page of the archive that was read otherwise: it may be one that cannot be read any more."""
        if pair.error_after and (pair.error_before is None or pair.error_before.kind != pair.error_after.kind):
            self.fail(pair.subject, pair.error_after, by_name=False)

    def line(self, what: str) -> str:
        parts = ", ".join(f"{count} {state}" for state, count in self.totals.counts)
        return f"{text.counted(self.totals.total, what)}: {parts or 'nothing to do'}"

    def problems(self) -> list[str]:
        return [*self.others, *(f"{name}: {failure.message}" for name, failure in self.failures[:100])]

    def facts(self) -> dict[str, Any]:
        failed = [{"path": name, "error": {"kind": f.kind, "message": f.message}} for name, f in self.failures]
        return {"total": self.totals.total, "totals": dict(self.totals.counts), "failed": failed}

    def as_json(self) -> str:
        return text.to_json(self.facts())


_INDEX_SECONDS = 20.0  # of a run, at its start, for articles that were stored before there was a search


@contextmanager
def run(books: Store, kind: str) -> Iterator[Report]:
    """A run in the log: one that is killed stays without an end."""
    report = Report()
    run_id = books.start_run(kind, now())
    try:
        for finding in books.mend():  # what a kill has left: told once, since it is gone now
            report.problem("archive", str(finding), by_name=False)
        for _ in indexed(books, _INDEX_SECONDS):
            pass
        yield report
    except BaseException as error:
        books.end_run(run_id, report.totals, [*report.problems(), f"stopped: {error or type(error).__name__}"], now())
        raise
    books.end_run(run_id, report.totals, report.problems(), now())


PLAIN_SECONDS = 10.0  # between two lines of progress where there is no terminal


def progress(items: Iterable[_T], length: int | None, doing: str = "reading", done: str = "read") -> Iterator[_T]:
    """The items, with a bar on a terminal and a plain line now and then elsewhere."""
    if _has_terminal():
        with click.progressbar(items, length=length, file=sys.stderr, label=doing, show_pos=True) as bar:
            yield from bar
        return
    began = told = time.monotonic()
    for number, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if now - told > PLAIN_SECONDS:
            told = now
            left = _time_left((now - began) / number * (length - number)) if length and number < length else ""
            tell(f"{number} of {length} {done}{left}" if length else f"{number} {done}")


def _time_left(seconds: float) -> str:
    minutes = round(seconds / 60)
    hours = f"{minutes // 60} h " if minutes >= 60 else ""
    return f", about {hours}{minutes % 60} min left" if minutes else ", less than a minute left"


class Moment(click.ParamType[datetime]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
            if not 1900 <= moment.year <= 9000:
                raise ValueError("no year of ours")
            return moment
        except ValueError:
            self.fail(f"{value!r} is no time; write it like 2026-11-22 or 2026-11-22T07:30", param, context)


def deliver(content: str, output: Path | None) -> None:
    """Write it, and be sure that it is written."""
    if output is None:
        print(content, end="" if content.endswith("\n") else "\n", flush=True)
        return
    write_file(output, content)


def part_of(path: Path) -> Path:
    """Where a file is written before it is whole, beside its place."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def try_file(path: Path) -> None:
    """Raises DeliveryError, where a file could not be written; to be asked before what cannot be done twice."""
    part = part_of(path.resolve())
    try:
        if path.is_file() or not path.exists():
            part.touch()
            part.unlink()
    except OSError as error:
        raise DeliveryError(f"cannot be written: {error.strerror}", subject=str(path)) from error


def write_file(path: Path, content: str) -> None:
    """The whole file or none of it, on disk when this returns. A pipe or a device is written to, never replaced."""
    path = path.resolve()
    part = part_of(path)
    try:
        is_plain = path.is_file() or not path.exists()
        with (part if is_plain else path).open("w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(content)
            file.flush()
            if is_plain:
                os.fsync(file.fileno())
        if is_plain:
            if path.exists():
                part.chmod(path.stat().st_mode & 0o7777)
            part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise DeliveryError(f"cannot be written: {error.strerror}", subject=str(path)) from error


ARTICLE = click.argument("article_id", metavar="ID", type=click.IntRange(min=1, max=2**63 - 1))


def kept(books: Store, article_id: int, number: int | None = None) -> Kept:
    kept = books.kept(article_id, number)
    if kept is None:
        what = f"version {number} of article {article_id}" if number else f"article {article_id}"
        raise InputError("is not in the store; `diemtin status` says how many articles there are", subject=what)
    return kept


def with_colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") not in (None, "", "dumb")


_MOST_MEMBERS = 200  # of a story that are compared with the first


def story(books: Store, story_id: int) -> Story:
    from track import stories

    members = books.stories.members(story_id)[:_MOST_MEMBERS]
    texts = {one.article_id: kept(books, one.article_id).article for one in members}
    return stories.spread(story_id, members, texts, books.stories.links(stories.origin(members).article_id))


def indexed(books: Store, seconds: float | None = None) -> Iterator[int]:
    """One for each article that was put into the index, until all are, or the time is over."""
    until = None if seconds is None else time.monotonic() + seconds
    while until is None or time.monotonic() < until:
        with books.transaction():
            count = books.search.catch_up()
        if not count:
            return
        yield from range(count)
