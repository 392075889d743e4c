"""do: the commands, and the only place that wires the rooms together.

Heavy rooms are imported by the commands that need them, so that `diemtin --help` answers at once.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

import click

import config
import text
import urls
from model import (
    Archived,
    Capture,
    ConfigError,
    DeliveryError,
    DiemtinError,
    Diff,
    Digest,
    ExtractError,
    Failure,
    FindingKind,
    Held,
    InputError,
    Kept,
    Learning,
    Outcome,
    Reread,
    Settings,
    Source,
    SourceReport,
    Standing,
    StoreError,
    Story,
    Tally,
    Verified,
)

if TYPE_CHECKING:
    from crawler.saved import Page, Passed, SavedFile, Unreadable
    from pipeline import Done, Line, Reading
    from store import Store
    from watch import Watch

_T = TypeVar("_T")
_LONGEST_LINE = 600  # characters of a message: an address in it may have thousands


def main() -> NoReturn:
    """The console script. Errors of ours are one line on stderr; a traceback is a bug."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - closed by the caller: nobody listens
    if sys.stdout is None:  # what cannot be shown must not be marked as told
        _tell("standard output is closed; open it, or send it to /dev/null")
        sys.exit(1)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C: workers too, and what is done is kept
    try:
        status = commands.main(prog_name="diemtin", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except ConfigError as error:
        status = _complain(error, 2)
    except DiemtinError as error:
        status = _complain(error, 1)
    except (KeyboardInterrupt, click.Abort):
        _tell("stopped; what was done is kept")
        status = 130
    except BrokenPipeError:  # the reader of our output went away: nothing more can be said to it
        _let_go_of_output()
        status = 141
    except OSError as error:  # the disk or device that takes our output
        _tell(f"the output cannot be written: {error.strerror or error}")
        _let_go_of_output()
        status = 1
    for number in (signal.SIGINT, signal.SIGTERM):  # all is done: a signal now could only spoil the exit status
        signal.signal(number, signal.SIG_IGN)
    sys.exit(status if isinstance(status, int) else 0)


def _let_go_of_output() -> None:
    """What is still buffered goes nowhere: the interpreter would complain of it once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(error: DiemtinError, status: int) -> int:
    _tell(str(error))
    return status


def _tell(line: str) -> None:
    """One line for the person, on stderr; safe for a terminal whatever it quotes."""
    clear = "\r\033[K" if _has_terminal() else ""  # the progress bar's line
    print(
        f"{clear}diemtin:", text.shorten(" ".join(text.printable(line).split("\n")), _LONGEST_LINE), file=sys.stderr, flush=True
    )


def _has_terminal() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") not in (None, "", "dumb")


def _now() -> datetime:
    return datetime.now(UTC)


def _example(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  diemtin {line}" for line in lines)


# ---------------------------------------------------------------- the command group


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


def _settings(context: click.Context) -> Settings:
    home: Path = context.obj
    return config.load(home)


@contextmanager
def _work(settings: Settings, kind: str, *, writes: bool = True) -> Iterator[Store]:
    """The store of the data folder, under its lock where the command writes articles."""
    import store

    if not writes:
        with store.open_store(settings.home) as books:
            yield books
        return
    with store.lock.hold(settings.home, f"diemtin {kind}"), store.open_store(settings.home) as books:
        yield books


# ---------------------------------------------------------------- reprocess


@commands.command(
    short_help="Read saved pages into the store, or the archive again.",
    epilog=_example(
        *("reprocess saved-pages/", "reprocess page.html notes.txt.gz pages.zip", "reprocess wget.warc.gz"),
        *("reprocess --dry-run", "reprocess --dry-run --format html --output review.html", "reprocess"),
    ),
)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--dry-run", "is_dry", is_flag=True, help="Without PATH: say what would change, and change nothing.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "json"]),
    default="text",
    show_default=True,
    help="Without PATH: how to print what changes.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Without PATH: write that to a file.")
@click.option("--workers", type=click.IntRange(0, 256), help="Processes that read pages.  [default: as diemtin.toml says]")
@click.option("--json", "as_json", is_flag=True, help="Print the totals and failures as one JSON object.")
@click.pass_context
def reprocess(
    context: click.Context,
    paths: tuple[str, ...],
    is_dry: bool,
    form: str,
    output: Path | None,
    workers: int | None,
    as_json: bool,
) -> int:
    """Read saved pages into the store; without PATH, read the archive again with today's reader and rules.

    PATH is a file, or a folder whose .txt, .html, .htm and .warc files (also .gz) and .zip files are read. A WARC file may be any
    program's; its HTML and text pages with status 200 are read, each with its own address and time. A .zip holds saved pages as a
    folder does. Files that are stored already change nothing.

    The archive is read again into a file beside the database; after a stop or a kill the next run goes on from there. What
    differs is then written at once, all or nothing, or with --dry-run only told; the same command without it has nothing to read
    again. It is never told as the publisher's edit.
    """
    import pipeline

    settings = _settings(context)
    rules = _rule_files(settings)
    workers = settings.workers if workers is None else workers
    if not paths:
        report, said = _reread(settings, rules, workers, is_dry=is_dry, form="json" if as_json else form, output=output)
        if as_json:
            said = text.to_json({**report.facts(), "review": json.loads(said)})
        _deliver(said, output)
        return report.status
    if is_dry or form != "text" or output:
        raise click.UsageError("--dry-run, --format and --output are for the archive; they take no PATH")
    with _work(settings, "reprocess") as books, _run(books, "reprocess") as report:
        intake = _Intake(books, report, list(_found(paths)))
        learned = books.learnings()
        for source, repeated in _recurring(paths).items():
            books.learn(replace(learned.get(source) or Learning(site=source), repeated=repeated))
        with pipeline.Readers[Archived](workers, rules) as readers:
            done = pipeline.run(books, intake.archived(), readers, _now)
            for item in _progress(done, intake.count):
                report.done(item, intake.names.pop(item.archived.capture_id, None))
    print(report.as_json() if as_json else report.line("pages"))
    return report.status


def _reread(
    settings: Settings, rules: tuple[tuple[str, str], ...], workers: int, *, is_dry: bool, form: str, output: Path | None
) -> tuple[_Report, str]:
    """The archive read again: into the stage, then at once into the store, or not. (totals, what is to be said of it)."""
    import pipeline
    import reread
    import store
    from digest import review as told

    with ExitStack() as stack:
        books = stack.enter_context(_work(settings, "reprocess"))
        report = _Report() if is_dry else stack.enter_context(_run(books, "reprocess"))
        if not is_dry:  # what was never read is no part of what is read again
            with pipeline.Readers[Archived](workers, rules) as readers:
                for item in _progress(pipeline.run(books, books.pending(), readers, _now), None):
                    report.done(item)
        elif books.pending(0, 1):
            _tell("pages that were never read are no part of this; the run without --dry-run reads them first")
        stage = stack.enter_context(store.open_stage(settings.home, reread.key_of(rules)))
        if held := stage.count():
            _tell(f"{held:,} pages were read already, by this reader and these rules; going on from there")
        with pipeline.Readers[reread.Key](workers, rules) as readers_again:
            for _ in _progress(reread.fill(books, stage, readers_again), reread.missing(books, stage)):
                pass
        if differing := stage.differing_count():
            _tell(f"{'comparing' if is_dry else 'writing'} {differing:,} pages that are not stored as they are read now")
        found = reread.judge_all(books, stage, _now(), commits=not is_dry, told=None if is_dry else report.reread)
        failed = stage.failed_count()
        if not is_dry:
            stage.drop()
        report.totals = _with_rereads(report.totals, found.read, failed, len(report.failures))
    said = told.render(found, form, is_dry=is_dry, colour=_with_colours() and output is None)
    if form == "text" and not is_dry:
        said = report.line("pages") + "\n" + ("" if found.is_empty else "\n" + said)
    return report, said


def _with_rereads(totals: Tally, read: int, failed: int, told: int) -> Tally:
    """With what was read again. Failures that were told are counted already."""
    for state, count in (("reread", read - failed), ("failed", max(0, failed - told))):
        totals = totals.plus(state, count) if count else totals
    return totals


def _rule_files(settings: Settings) -> tuple[tuple[str, str], ...]:
    """The topic files, each checked here: a mistake in one is told before any work is begun."""
    from track import topics

    files = config.topic_files(settings)
    for name, source in files:
        topics.load(source, name)
    return files


def _found(paths: Sequence[str]) -> Iterator[SavedFile | Unreadable]:
    """The files that paths stand for; a folder that holds none is told like a file that cannot be read."""
    from crawler import saved

    for path in paths:
        empty = True
        for file in saved.find([path]):
            empty = False
            yield file
        if empty:
            error = InputError("holds no .txt, .html or .htm files, and no .warc or .zip", subject=path, kind="empty_folder")
            yield saved.Unreadable(name=path, by_name=True, error=error)


def _recurring(paths: Sequence[str]) -> dict[str, frozenset[str]]:
    """What the text dumps among these files have in common, by source: read once before they are read as articles."""
    import pipeline
    from crawler import saved

    def dumps() -> Iterator[Capture]:
        for file in saved.find(paths):
            if isinstance(file, saved.SavedFile):
                yield from saved.dumps(file)

    return pipeline.recurring(dumps())


class _Report:
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
        _tell(f"{name}: {failure.message}")

    def problem(self, name: str, message: str, *, by_name: bool) -> None:
        """Something went wrong that is no page."""
        self.others.append(f"{name}: {message}")
        self.status = self.status or int(by_name)
        _tell(self.others[-1])

    def done(self, done: Done, named: tuple[str, bool] | None = None) -> None:
        name, by_name = named or (done.archived.subject, False)
        if done.failure:
            self.fail(name, done.failure, by_name=by_name)
            return
        self.count(done.state)
        for note in done.notes:
            _tell(f"{name}: {note}")

    def reread(self, pair: Reread) -> None:
        """A page of the archive that was read otherwise: it may be one that cannot be read any more."""
        if pair.error_after and (pair.error_before is None or pair.error_before.kind != pair.error_after.kind):
            self.fail(pair.subject, pair.error_after, by_name=False)

    def line(self, what: str) -> str:
        parts = ", ".join(f"{count} {state}" for state, count in self.totals.counts)
        return f"{self.totals.total} {what}: {parts or 'nothing to do'}"

    def problems(self) -> list[str]:
        return [*self.others, *(f"{name}: {failure.message}" for name, failure in self.failures[:100])]

    def facts(self) -> dict[str, Any]:
        failed = [{"path": name, "error": {"kind": f.kind, "message": f.message}} for name, f in self.failures]
        return {"total": self.totals.total, "totals": dict(self.totals.counts), "failed": failed}

    def as_json(self) -> str:
        return text.to_json(self.facts())


_INDEX_SECONDS = 20.0  # of a run, at its start, for articles that were stored before there was a search


@contextmanager
def _run(books: Store, kind: str) -> Iterator[_Report]:
    """A run in the log: one that is killed stays without an end."""
    report = _Report()
    run_id = books.start_run(kind, _now())
    try:
        for finding in books.mend():  # what a kill has left: told once, since it is gone now
            report.problem("archive", str(finding), by_name=False)
        for _ in _indexed(books, _INDEX_SECONDS):
            pass
        yield report
    except BaseException as error:
        books.end_run(run_id, report.totals, [*report.problems(), f"stopped: {error or type(error).__name__}"], _now())
        raise
    books.end_run(run_id, report.totals, report.problems(), _now())


class _Intake:
    """Saved files on their way into the archive. One file stands for one page: two that would be the same page are told.

    A record of a WARC file is a page at a time of its own: there may be many of one page, but each is taken in once.
    """

    def __init__(self, books: Store, report: _Report, files: Sequence[SavedFile | Unreadable]) -> None:
        self._books = books
        self._report = report
        self.files = files
        # Of the captures being read: the file's name, and whether it was asked for by name.
        self.names: dict[int, tuple[str, bool]] = {}
        # By identity: digest and name of the file of this run that has it.
        self._met: dict[str, tuple[str, str]] = {}

    @property
    def count(self) -> int | None:
        """How many pages there will be; None: it is not known."""
        from crawler import saved

        found = [file for file in self.files if isinstance(file, saved.SavedFile)]
        is_known = self.files and not any(saved.is_warc(file) or saved.is_zip(file) for file in found)
        return len(self.files) if is_known else None

    def archived(self) -> Iterator[Archived]:
        """The captures to read: new ones, once they are on disk, and known ones that were not read so far."""
        import pipeline

        waiting: list[Page] = []

        def captures() -> Iterator[Capture]:
            for page in _loaded(self.files, self._report):
                if not page.is_record and not self._is_first(page):
                    continue
                known = self._books.seen(page.capture) or (self._books.holds(page.capture) if page.is_record else None)
                if known is None:
                    waiting.append(page)
                    yield page.capture
                elif self._books.state(known) in ("pending", "failed"):
                    again.append((page.name, page.by_name, known))
                else:
                    self._report.count("unchanged")

        again: list[tuple[str, bool, Archived]] = []
        for archived in pipeline.archive(self._books, captures()):
            page = waiting.pop(0)
            self.names[archived.capture_id] = (page.name, page.by_name)
            yield archived
        for name, by_name, archived in again:
            self.names[archived.capture_id] = (name, by_name)
            yield archived

    def _is_first(self, file: Page) -> bool:
        """No other file of this run is the same page. The same bytes twice are nothing new; other bytes are two pages."""
        capture = file.capture
        if capture.identity not in self._met:
            self._met[capture.identity] = capture.sha256, file.name
            return True
        digest, name = self._met[capture.identity]
        if digest == capture.sha256:
            self._report.count("unchanged")
        else:
            message = f"would be stored as the same page as {name} ({capture.identity}); read the folder above both"
            self._report.fail(file.name, Failure(kind="same_page", message=message), by_name=True)
        return False


def _loaded(files: Iterable[SavedFile | Unreadable], report: _Report) -> Iterator[Page]:
    """The pages of each file; what cannot be loaded, or is no page, goes to the report."""
    from crawler import saved

    for page in _pages(files):
        if isinstance(page, saved.Passed):
            report.count(page.why)
        elif isinstance(page, saved.Unreadable):
            report.fail(page.name, Failure(kind=page.error.kind, message=page.error.message), by_name=page.by_name)
        else:
            yield page


def _pages(files: Iterable[SavedFile | Unreadable]) -> Iterator[Page | Passed | Unreadable]:
    from crawler import saved

    for file in files:
        if isinstance(file, saved.Unreadable):
            yield file
        else:
            yield from saved.pages(file)


_PLAIN_SECONDS = 10.0  # between two lines of progress where there is no terminal


def _progress(items: Iterable[_T], length: int | None) -> Iterator[_T]:
    """The items, with a bar on a terminal and a plain line now and then elsewhere."""
    if _has_terminal():
        with click.progressbar(items, length=length, file=sys.stderr, label="reading", show_pos=True) as bar:
            yield from bar
        return
    began = told = time.monotonic()
    for number, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if now - told > _PLAIN_SECONDS:
            told = now
            left = _time_left((now - began) / number * (length - number)) if length and number < length else ""
            _tell(f"{number} of {length} read{left}" if length else f"{number} read")


def _time_left(seconds: float) -> str:
    minutes = round(seconds / 60)
    hours = f"{minutes // 60} h " if minutes >= 60 else ""
    return f", about {hours}{minutes % 60} min left" if minutes else ", less than a minute left"


# ---------------------------------------------------------------- extract


@commands.command(
    short_help="Read saved pages and print their articles.",
    epilog=_example("extract page.html", "extract saved-pages/ --format jsonl > articles.jsonl"),
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True, help="How to print it."
)
@click.option(
    "--workers", type=click.IntRange(0, 256), default=0, help="Processes that read pages.  [default: one for each core]"
)
@click.pass_context
def extract(context: click.Context, paths: tuple[str, ...], form: str, workers: int) -> int:
    """Read saved pages and print their articles. Nothing is stored.

    jsonl prints one JSON object a line for each file; docs/formats.md describes it.
    """
    import pipeline
    from crawler import saved

    write = _write_jsonl if form == "jsonl" else _write_text
    report = _Report()
    rules = _rule_files(config.peek(context.obj))

    def jobs() -> Iterator[tuple[tuple[str, bool], Capture | Failure]]:
        for page in _pages(_found(paths)):
            if isinstance(page, saved.Unreadable):
                yield (page.name, page.by_name), Failure(kind=page.error.kind, message=page.error.message)
            elif isinstance(page, saved.Page):
                yield (page.name, page.by_name), page.capture

    with pipeline.Readers[tuple[str, bool]](workers, rules) as readers:
        for (name, by_name), answer in pipeline.look(jobs(), readers, _recurring(paths)):
            if isinstance(answer, Failure):
                report.fail(name, answer, by_name=by_name)
            else:
                for note in answer.article.notes:
                    _tell(f"{name}: {note}")
            write(name, answer)
    return report.status


def _write_jsonl(name: str, answer: Reading | Failure) -> None:
    from digest import article

    if isinstance(answer, Failure):
        row: dict[str, Any] = {"path": name, "error": {"kind": answer.kind, "message": answer.message}}
    else:
        row = {"path": name, **article.record(answer.article, answer.flags)}
    print(text.to_json(row))


def _write_text(name: str, answer: Reading | Failure) -> None:
    from digest import article

    if not isinstance(answer, Failure):
        print(article.to_text(answer.article, answer.flags, [("file", name)]), end="\n\n")


# ---------------------------------------------------------------- crawl and run


@commands.command(
    short_help="Ask for all that is due, and read it.",
    epilog=_example("crawl", "crawl baoquocte", "crawl https://baoquocte.vn/a-371204.html"),
)
@click.argument("what", nargs=-1, metavar="[SOURCE | URL]...")
@click.option("--stay", is_flag=True, hidden=True, help="Go on until a signal: what `diemtin run` keeps running.")
@click.option("--every", type=click.FloatRange(min=0.01), hidden=True)
@click.pass_context
def crawl(context: click.Context, what: tuple[str, ...], stay: bool, every: float | None) -> int:
    """Ask for all that is due, until nothing is, and read it: lists that may have gained articles, new articles, and known ones
    that may have changed. When that is follows from what was seen of them; `diemtin status` says when it is next.

    SOURCE: look at the lists of these sources now, due or not. URL: read these pages now, and nothing else.
    Pages are fetched from each host as robots.txt allows, one at a time.
    """
    import pipeline
    from crawler.crawl import crawl as go
    from watch import Watch

    settings = _settings(context)
    _check_selectors(settings)
    pages = [one for one in what if "://" in one]
    names = [one for one in what if "://" not in one]
    if names and pages:
        raise click.UsageError("name sources or pages, not both")
    sources = _chosen(settings, names, pages)
    rules = _rule_files(settings)
    limits = replace(settings.crawl, every_minutes=every) if every else settings.crawl
    with ExitStack() as held:
        books = held.enter_context(_work(settings, "crawl"))
        watch = Watch(books, sources, limits, _now, only={page: _source_of(settings, page).name for page in pages})
        watch.begin((*settings.sources, *sources), look_now=bool(names))
        if not stay and not books.pending(most=1) and (said := _nothing_due(watch, books, settings)):
            _tell(said)
            return 0
        report = held.enter_context(_run(books, "crawl"))
        with pipeline.Readers[Archived](settings.workers, rules) as readers:
            line = pipeline.Line(books, readers, _now)
            turn = _Turn(line, watch, report, stay=stay)
            stopped = go(sources, limits, watch, _now, stay=stay, turn=turn)
            for done in () if stopped else _progress(line.drain(), None):
                report.done(done)
        _tell_reports(watch, report, by_name=bool(names))
        for page in pages:
            _tell_page(books, page, report)
        if stopped and not stay:
            _tell("stopped; what was fetched is kept and will be read by the next run")
    print(report.line("pages"))
    return 130 if stopped and not stay else report.status


class _Turn:
    """What is done between two requests: pages that were fetched are read and kept, and a sign of life is given."""

    def __init__(self, line: Line, watch: Watch, report: _Report, *, stay: bool) -> None:
        self._line, self._watch, self._report, self._stay = line, watch, report, stay
        self._beat = int(os.environ["DIEMTIN_BEAT_FD"]) if stay and "DIEMTIN_BEAT_FD" in os.environ else None
        self._told = time.monotonic()

    def __call__(self) -> bool:
        for done in self._line.turn():
            self._report.done(done)
        for line in self._watch.news() if self._stay else ():
            _tell(line)
        now = time.monotonic()
        if now - self._told > _PLAIN_SECONDS:
            self._told = now
            if self._beat is not None:
                with suppress(OSError):  # nobody listens: the daemon is gone, and this process soon will be
                    os.write(self._beat, b".")
            elif not self._stay:
                _tell(f"{sum(one.outcomes.total for one in self._watch.reports())} asked for, {self._report.totals.total} read")
        return self._line.is_busy


def _nothing_due(watch: Watch, books: Store, settings: Settings) -> str | None:
    """What to say where nothing is due now; None: something is."""
    found = watch.next_due()
    if found is None:
        return "nothing is due, and nothing will be: diemtin.toml names no sources"
    due, source = found
    if due <= _now():
        return None
    when = f"{due.astimezone(ZoneInfo(settings.timezone)):%d/%m/%Y %H:%M}"
    for host, until, reason in books.frontier.paused(_now()):
        if until == due:
            return f"nothing of {source} can be asked for before {when}: {host} is left alone until then ({reason})"
    return f"nothing is due before {when}, of {source}; name a source to look at it now"


def _check_selectors(settings: Settings) -> None:
    """Each source's `links` is a CSS selector: told before any round, by file and key."""
    from crawler import lists

    for number, source in enumerate(settings.sources, 1):
        if source.links and (wrong := lists.selector_error(source.links)):
            message = f"is {source.links!r}; it takes a CSS selector ({wrong})"
            raise ConfigError(message, subject=f"{settings.home / config.FILE}: source[{number}].links")


_BY_HAND = "by-hand"  # the source of pages whose site is no source's


def _chosen(settings: Settings, names: Sequence[str], pages: Sequence[str]) -> tuple[Source, ...]:
    """The sources that are named, and those of the pages; all of them where nothing is named."""
    known = {source.name: source for source in settings.sources}
    for name in names:
        if name not in known:
            message = f"no source is named {name!r}; known are: {', '.join(known) or 'none'}"
            raise ConfigError(message, subject=str(settings.home / config.FILE))
    for page in pages:
        if not urls.is_web(page):
            raise InputError("is no address of a page; it begins with https:// or http://", subject=page)
    if not names and not pages:
        return settings.sources
    return tuple(dict.fromkeys([*(known[name] for name in names), *(_source_of(settings, page) for page in pages)]))


def _source_of(settings: Settings, page: str) -> Source:
    own = next((source for source in settings.sources if urls.same_site(source.home, page)), None)
    return own or Source(name=_BY_HAND, home=page, pages=())


def _tell_page(books: Store, page: str, report: _Report) -> None:
    """What became of a page that was asked for by its address."""
    target = books.frontier.get(urls.identity(page))
    article_id = books.article_of(target.key) if target else None
    if target and target.standing in (Standing.STORED, Standing.COPY, Standing.ALIAS) and article_id:
        _tell(f"{page}: {target.standing}; `diemtin show {article_id}` prints it")
    elif target:
        report.status = 1
        paused = {host: f"{host} is left alone: {reason}" for host, _, reason in books.frontier.paused(_now())}
        reason = target.reason or paused.get(target.host)
        _tell(f"{page}: {target.standing}" + (f": {reason}" if reason else ""))


def _tell_reports(watch: Watch, report: _Report, *, by_name: bool) -> None:
    """What became of the lists and pages that were asked for, by source."""
    from digest.standing import counts

    for source in watch.reports():
        for outcome, count in source.outcomes.counts:
            if outcome != Outcome.CAPTURED and count:
                report.totals = report.totals.plus(outcome, count)
        if source.looks:
            asked = f": {counts(source.outcomes)}" if source.outcomes.total else ""
            _tell(f"{source.name}: {source.listed} listed, {source.fresh} of them new{asked}")
        if problem := source.problem or (source.looks and _nothing_fetched(source)):
            report.problem(source.name, problem, by_name=by_name and (not source.listed or source.problem is None))


def _nothing_fetched(source: SourceReport) -> str | None:
    """A site that lists articles and gives none is blocked or broken, which must not look like a day without news."""
    from digest.standing import counts

    refused = (Outcome.BLOCKED, Outcome.ROBOTS, Outcome.FAILED, Outcome.PRIVATE)
    asked = source.outcomes.total
    if asked and sum(source.outcomes[outcome] for outcome in refused) == asked:
        return f"none of its articles could be fetched: {counts(source.outcomes)}"
    return None


@commands.command(short_help="Stay, and ask for whatever comes due.", epilog=_example("run", "run --every 10"))
@click.option(
    "--every", type=click.FloatRange(min=0.01), metavar="MINUTES", help="Leave no list longer without a look than this."
)
@click.pass_context
def run(context: click.Context, every: float | None) -> None:
    """Stay and ask for whatever comes due, until SIGTERM or Ctrl-C.

    How often each list and article is looked at follows from what was seen of it, within requests_per_hour of each host.
    """
    import scheduler

    settings = _settings(context)
    _rule_files(settings)
    _check_selectors(settings)
    _ask_for_contact(settings)
    scheduler.serve(settings, every)


def _ask_for_contact(settings: Settings) -> None:
    if settings.crawl.contact is None and settings.sources:
        _tell(f"{settings.home / config.FILE}: crawl.contact is empty; say there where the sites can reach you")


# ---------------------------------------------------------------- digest


class _Moment(click.ParamType[datetime]):
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


@commands.command(
    short_help="Tell what is new since the last digest, ASEAN first.",
    epilog=_example("digest", "digest --format html --output today.html", "digest --since 2026-11-20 --until 2026-11-22"),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "html", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@click.option("--since", type=_Moment(), help="Look back from this time (reader's zone) and mark nothing.")
@click.option("--until", type=_Moment(), help="Look back up to this time and mark nothing.")
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

    settings = _settings(context)
    zone = ZoneInfo(settings.timezone)
    start, end = (moment if moment is None or moment.tzinfo else moment.replace(tzinfo=zone) for moment in (since, until))
    if start and end and start >= end:
        raise click.UsageError("--since must be before --until")
    looks_back = start is not None or end is not None
    with ExitStack() as held:
        books = held.enter_context(_work(settings, "digest", writes=False))
        if not looks_back:  # of two at once, one tells
            held.enter_context(_digest_lock(settings.home))
        news = books.between(start, end) if looks_back else books.untold()
        notices = books.notices_between(start, end) if looks_back else books.untold_notices()
        built = telling.build(news, now=_now(), timezone=settings.timezone, since=start, until=end, notices=notices)
        is_empty = not news and not notices
        last = books.last_digest() if repeat and is_empty and not looks_back else None
        content = telling.render(telling.load(last) if last else built, form)
        if is_empty or looks_back:
            _deliver(content, output)
            return
        # All that takes time or can fail comes before the first byte is told, and marking comes right after the last.
        mark = telling.dump(built)
        kept = _keep_digest(settings, built)
        try:
            _deliver(content, output)
        except BaseException:
            kept.unlink(missing_ok=True)
            raise
        books.tell(mark, built.versions, built.made, [notice.event.event_id for notice in built.notices])


@contextmanager
def _digest_lock(home: Path) -> Iterator[None]:
    import store

    with store.lock.hold(home, "diemtin digest", store.lock.DIGEST):
        yield


def _deliver(content: str, output: Path | None) -> None:
    """Write it, and be sure that it is written."""
    if output is None:
        print(content, end="" if content.endswith("\n") else "\n", flush=True)
        return
    _write_file(output, content)


def _write_file(path: Path, content: str) -> None:
    """The whole file or none of it, on disk when this returns. A pipe or a device is written to, never replaced."""
    path = path.resolve()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
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
    _write_file(path, telling.render(built, "html"))
    return path


# ---------------------------------------------------------------- the archive


@commands.group(
    short_help="Check the archive of raw pages, or free space in it.",
    epilog=_example("archive verify", "archive prune --keep 12m"),
)
def archive() -> None:
    """Check the archive of raw pages, or free space in it."""


@archive.command("verify", short_help="Read all of it again, and check it.", epilog=_example("archive verify"))
@click.option("--json", "as_json", is_flag=True, help="Print what was found as one JSON object.")
@click.pass_context
def archive_verify(context: click.Context, as_json: bool) -> int:
    """Read the whole archive again: every record, its digests, and whether each capture's record lies where it should.

    A torn end, which a crash leaves, is cut back to the last whole record, unless another process is writing. The exit status is
    1 if something is broken or was cut.
    """
    import store

    settings = _settings(context)
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
    epilog=_example("archive prune --keep 90d --dry-run", "archive prune --keep 12m"),
)
@click.option("--keep", required=True, type=_Keep(), metavar="TIME", help="How long to keep them: 90d, 12m, or all.")
@click.option("--dry-run", is_flag=True, help="Only say what it would free.")
@click.pass_context
def archive_prune(context: click.Context, keep: tuple[int, str] | None, dry_run: bool) -> int:
    """Drop the bodies of captures older than TIME that showed nothing new.

    The body of every version is kept, and of every page that could not be read or was not read yet. What was captured when stays
    in the database.
    """
    settings, now = _settings(context), _now()
    with _work(settings, "archive prune", writes=not dry_run) as books:
        done = books.prune(_kept_from(now, keep) if keep else None, now, dry=dry_run)
    for finding in done.findings:
        _tell(str(finding))
    said = "would be dropped" if dry_run else "dropped"
    print(f"{done.captures} bodies {said}, {done.freed:,} bytes {'to be ' if dry_run else ''}freed in {done.files} files")
    return int(bool(done.findings))


# ---------------------------------------------------------------- golden pages


@commands.group(
    short_help="Make golden pages of a checkout: what the reader is tested with.",
    epilog=_example("golden add saved/page.html"),
)
def golden() -> None:
    """Make golden pages of a checkout of diemtin: saved pages whose reading the tests hold against what a person checked."""


@golden.command(
    "add",
    short_help="Make a golden page of a saved one.",
    epilog=_example("golden add saved.html --as baoquocte/interview --url https://baoquocte.vn/a-371204.html"),
)
@click.argument("file")
@click.option("--as", "name", metavar="SITE/CASE", help="What to call it.  [default: the page's site / the file's name]")
@click.option("--url", help="The page's address.  [default: as the file or its sidecar says]")
@click.option("--captured", type=_Moment(), help="When it was saved (reader's zone).  [default: as its sidecar or file says]")
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


# ---------------------------------------------------------------- looking


_ARTICLE = click.argument("article_id", metavar="ID", type=click.IntRange(min=1, max=2**63 - 1))


def _kept(books: Store, article_id: int, number: int | None = None) -> Kept:
    kept = books.kept(article_id, number)
    if kept is None:
        what = f"version {number} of article {article_id}" if number else f"article {article_id}"
        raise InputError("is not in the store; `diemtin status` says how many articles there are", subject=what)
    return kept


def _with_colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") not in (None, "", "dumb")


@commands.command(
    short_help="Print a stored article: versions, last edit, story, flags.",
    epilog=_example("show 3", "show 3 --version 1", "show 3 --format json"),
)
@_ARTICLE
@click.option(
    "--version", "number", type=click.IntRange(min=1), help="Which version, counted from 1.  [default: the current one]"
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it.")
@click.pass_context
def show(context: click.Context, article_id: int, number: int | None, form: str) -> None:
    """Print a stored article: its versions and what kind of edit each was, what else happened to it, what the version shown
    changed, the story that it belongs to, and the reasons of its flags. Digests name the ID.
    """
    from digest import article, changes
    from digest import story as told

    settings = _settings(context)
    with _work(settings, "show", writes=False) as books:
        kept = _kept(books, article_id, number)
        found = _diff(books, kept, kept.shown, kept.shown + 1) if kept.shown else None
        story = _story(books, kept.story) if kept.story is not None else None
    if form == "json":
        facts = {"story": story and told.record(story), "diff": found and changes.record(found)}
        print(text.to_json({**article.kept_record(kept), **facts}, indent=2))
        return
    print(article.kept_text(kept, ZoneInfo(settings.timezone)))
    if found:
        print(f"\nFrom version {kept.shown} to {kept.shown + 1}, {changes.counted(found)}:")
        for line in changes.to_text(found, colour=_with_colours()):
            print(line)
    if story:
        print()
        for line in told.lines(story, settings.timezone, whole=False):
            print(line)


def _diff(books: Store, kept: Kept, old: int, new: int) -> Diff:
    """What differs between two versions, counted from 1."""
    from track import diff

    before, after = (
        kept.article if number == kept.shown + 1 else _kept(books, kept.article_id, number).article for number in (old, new)
    )
    return diff.compare(before, after)


_MOST_MEMBERS = 200  # of a story that are compared with the first


def _story(books: Store, story_id: int) -> Story:
    from track import stories

    members = books.stories.members(story_id)[:_MOST_MEMBERS]
    texts = {one.article_id: _kept(books, one.article_id).article for one in members}
    return stories.spread(story_id, members, texts, books.stories.links(stories.origin(members).article_id))


@commands.command(
    short_help="Print what differs between two versions of an article.",
    epilog=_example("diff 3", "diff 3 1 4", "diff 3 --format html --output diff.html"),
)
@_ARTICLE
@click.argument("old", required=False, type=click.IntRange(min=1))
@click.argument("new", required=False, type=click.IntRange(min=1))
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "json"]), default="text", show_default=True, help="How to print it."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of standard output.")
@click.pass_context
def diff(context: click.Context, article_id: int, old: int | None, new: int | None, form: str, output: Path | None) -> None:
    """Print what differs between version OLD of an article and version NEW, counted from 1: by default the last two.

    Sentences are compared, then the words of those that changed. What is never an edit (spaces, quotes, dashes, the place of a
    tone mark, paragraphs) is not shown.
    """
    from digest import changes

    settings = _settings(context)
    with _work(settings, "diff", writes=False) as books:
        kept = _kept(books, article_id, new)
        old = kept.shown if old is None else old
        if old < 1:
            raise InputError("has one version; there is nothing to compare it with", subject=f"article {article_id}")
        found = _diff(books, kept, old, kept.shown + 1)
    title = kept.article.title or "(no title)"
    about = f"Version {old} and version {kept.shown + 1} of article {article_id}: {changes.counted(found)}"
    if form == "json":
        said = text.to_json(changes.record(found), indent=2) + "\n"
    elif form == "html":
        said = changes.page(found, title, about)
    else:
        colour = _with_colours() and output is None
        said = "\n".join([text.printable(title), about, *changes.to_text(found, colour=colour)]) + "\n"
    _deliver(said, output)


@commands.command(
    short_help="Print the story of an article: who had it first, who copied it.",
    epilog=_example("story 3", "story 3 --format html --output story.html"),
)
@_ARTICLE
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "json"]), default="text", show_default=True, help="How to print it."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of standard output.")
@click.pass_context
def story(context: click.Context, article_id: int, form: str, output: Path | None) -> None:
    """Print the story that article ID belongs to: who had the text first and how sure that is, and of each other article how much
    later it came, how much of the text it keeps, and what it cut, added or retitled.
    """
    from digest import story as told

    settings = _settings(context)
    with _work(settings, "story", writes=False) as books:
        kept = _kept(books, article_id)
        if kept.story is None:
            raise InputError("is in no story: no other article has its text, or most of it", subject=f"article {article_id}")
        found = _story(books, kept.story)
    _deliver(told.render(found, form, settings.timezone), output)


# ---------------------------------------------------------------- evidence


@commands.command(
    short_help="Pack all that is held of an article into one file for others.",
    epilog=_example("export 3", "export 3 --output evidence.zip"),
)
@_ARTICLE
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

    settings, now = _settings(context), _now()
    path = output or Path(f"article-{article_id}.zip")
    if output is None and path.exists():
        raise DeliveryError("is there already; name another file with --output", subject=str(path))
    with _work(settings, "export", writes=False) as books, books.snapshot():
        kept = _kept(books, article_id)
        story = _story(books, kept.story) if kept.story is not None else None
        with _whole_file(path) as file:
            packed = gather.write(books, kept, story, file, now, settings.timezone)
    for one in packed.dossier.exhibits:
        if one.record is None:
            _tell(f"capture {one.taken.capture_id} is not in the pack: {one.problem}")
    counts = f"{len(packed.dossier.exhibits)} captures, {len(packed.dossier.steps)} versions"
    print(f"{text.printable(str(path))}: {counts}, {packed.files} files, {packed.size:,} bytes")
    print("Digest of its manifest, to be kept apart from it:")
    print(packed.digest)


@contextmanager
def _whole_file(path: Path) -> Iterator[Any]:
    """A file of bytes to write: it is at its place, and on disk, once all of it was written, else nothing is."""
    path = path.resolve()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
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


@commands.command(
    short_help="Check a pack that `diemtin export` made, anywhere.",
    epilog=_example("verify article-3.zip --digest 9f86d081884c7d65…"),
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


# ---------------------------------------------------------------- topics


@commands.group(
    "topics",
    invoke_without_command=True,
    short_help="List the topics, explain a flag, or try and adopt edited rules.",
    epilog=_example("topics", "topics explain 3", "topics try my-asean.toml", "topics adopt my-asean.toml"),
)
@click.pass_context
def topics_(context: click.Context) -> None:
    """List the topics by which articles are flagged, and what was adopted last; each file is checked."""
    if context.invoked_subcommand:
        return
    from digest import reasons
    from track import topics

    settings = _settings(context)
    with _work(settings, "topics", writes=False) as books:
        adoptions = books.adoptions()
    for name, source in config.topic_files(settings):
        topic = topics.load(source, name)
        last = next((one for one in adoptions if one.topic == topic.name), None)
        phrases = sum(rule.spelled for rule in topic.rules)
        terms = sum(rule.kind == topics.Kind.TERM for rule in topic.rules)
        for line in reasons.listed(topic.name, name, topic.version, terms, phrases, last, ZoneInfo(settings.timezone)):
            print(line)


_RULES = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
_TEXT_OR_JSON = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it."
)


@topics_.command(
    "try",
    short_help="Say which stored articles edited rules would flag otherwise.",
    epilog=_example("topics try my-asean.toml", "topics try my-asean.toml --since 2026-11-01 --format json"),
)
@_RULES
@click.option("--since", type=_Moment(), help="Only articles first seen from this time on (reader's zone).")
@_TEXT_OR_JSON
@click.pass_context
def topics_try(context: click.Context, file: Path, since: datetime | None, form: str) -> None:
    """Say which stored articles would gain or lose their flag, or change its level, by the rules in FILE, and why.

    Nothing is changed. FILE is an edited copy of a topic file; which topic it stands for is told by its name, or the file's.
    """
    from digest import reasons
    from track import topics

    settings = _settings(context)
    edited = _Edited(settings, file)
    if since is not None and since.tzinfo is None:
        since = since.replace(tzinfo=ZoneInfo(settings.timezone))
    teller = reasons.Trial(edited.topic, edited.in_force, edited.version, as_json=form == "json")
    with _work(settings, "topics try", writes=False) as books:
        for held in _progress(_held(books, since), None):
            for line in teller.lines(topics.compare(held, edited.before, edited.after)):
                print(line)
    for line in teller.end():
        print(line)


@topics_.command(
    "adopt", short_help="Take over edited rules, and flag the store by them.", epilog=_example("topics adopt my-asean.toml")
)
@_RULES
@click.option("--json", "as_json", is_flag=True, help="Print what moved as one JSON object.")
@click.pass_context
def topics_adopt(context: click.Context, file: Path, as_json: bool) -> None:
    """Copy FILE into topics/ of the data folder and flag every stored version by it, all of it or nothing.

    What moved is kept, and told by `diemtin topics`. No digest tells an article again because of it.
    """
    from track import topics

    settings = _settings(context)
    edited = _Edited(settings, file)
    with _work(settings, "topics adopt") as books, _run(books, "topics adopt") as report, ExitStack() as undo:
        with books.transaction():
            adoption = books.adopt(edited.topic, edited.version, edited.in_force, _now())
            for held in _progress(_held(books, whole=True), None):
                found = topics.explain(held.article, edited.after, held.captured.date(), whole=False).flag
                kept = next((flag for flag in held.flags if flag.topic == edited.topic), None)
                if found != kept:
                    books.reflag(held.version_id, edited.topic, found)
                if held.is_current:
                    before, after = kept.level if kept else "none", found.level if found else "none"
                    books.adopted(adoption, held.article_id, before, after)
                    report.count("same" if before == after else f"{before} → {after}")
            _put(edited.target, edited.source, undo)
        undo.pop_all()  # committed
    if edited.is_new:
        _tell(f"{edited.target}: name it in `topics` of {settings.home / config.FILE}, or nothing new is flagged by it")
    print(report.as_json() if as_json else f"{edited.target}: rules {edited.version}\n{report.line('articles')}")


def _put(target: Path, source: str, undo: ExitStack) -> None:
    """Write a topic file; `undo` puts back what was there."""
    before = target.read_bytes() if target.exists() else None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DeliveryError(f"cannot be made: {error.strerror or error}", subject=str(target.parent)) from error
    undo.callback(lambda: target.unlink(missing_ok=True) if before is None else target.write_bytes(before))
    _write_file(target, source)


@topics_.command(
    "explain",
    short_help="Print how an article was judged: terms, places, scores, near misses.",
    epilog=_example("topics explain 3", "topics explain 3 --rules my-asean.toml"),
)
@_ARTICLE
@click.option("--rules", "file", type=click.Path(path_type=Path), help="By this topic file.  [default: all topics in force]")
@_TEXT_OR_JSON
@click.pass_context
def topics_explain(context: click.Context, article_id: int, file: Path | None, form: str) -> None:
    """Print how each topic judges the current version of an article: what was matched where and what it is worth, what was seen
    and does not count, the score beside the thresholds, and what kept it from the next level.
    """
    from digest import reasons
    from track import topics

    settings = _settings(context)
    chosen = (
        [_Edited(settings, file).after] if file else [topics.load(source, name) for name, source in config.topic_files(settings)]
    )
    with _work(settings, "topics explain", writes=False) as books:
        kept = _kept(books, article_id)
        day = books.captured(kept.versions[kept.shown].version_id).date()
    found = [topics.explain(kept.article, topic, day) for topic in chosen]
    if form == "json":
        print(text.to_json(reasons.record(kept, found), indent=2))
        return
    for line in reasons.explained(kept, found):
        print(line)


class _Edited:
    """A topic file that somebody edited, and the topic that it stands for."""

    def __init__(self, settings: Settings, file: Path) -> None:
        from track import topics

        try:
            self.source = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            said = error.strerror if isinstance(error, OSError) else str(error)
            raise InputError(f"cannot be read: {said}", subject=str(file)) from error
        self.after = topics.load(self.source, str(file))
        self.topic, self.version = self.after.name, self.after.version
        in_force = {
            key: topics.load(*reversed(one)) for key, one in zip(settings.topics, config.topic_files(settings), strict=True)
        }
        name = next((key for key, topic in in_force.items() if topic.name == self.topic), file.stem)
        self.before = in_force.get(name)
        self.is_new = self.before is None
        self.in_force = self.before.version if self.before else None
        if self.before is not None and self.before.name != self.topic:
            message = (
                f"is named {self.topic!r}, and topic {name!r} {self.before.name!r}; keep the name, or give the file another one"
            )
            raise ConfigError(message, subject=f"{file}: name")
        if not re.fullmatch(r"[\w-]+", name):
            raise InputError("is no name for a topic; letters, digits, - and _ are", subject=str(file))
        self.target = settings.home / "topics" / f"{name}.toml"


def _held(books: Store, since: datetime | None = None, *, whole: bool = False) -> Iterator[Held]:
    """The stored versions, a few in memory at once."""
    after = (0, 0)
    while rows := books.held(after, since, whole=whole):
        yield from rows
        after = rows[-1].article_id, rows[-1].version_id


# ---------------------------------------------------------------- sources
_MINUS = "\0"  # stands for the minus of a word; nothing on a command line has it


class _Search(click.Command):
    """A command whose words may begin with a minus, as `-cup` does: only its own options are options."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        own = {name for option in self.get_params(context) for name in option.opts}
        words, takes_next = [], False
        for place, arg in enumerate(args):
            if arg == "--":
                words += args[place:]
                break
            is_word = re.match(r"-[^-\s]", arg) and arg not in own and not takes_next
            takes_next = not takes_next and arg in ("--limit", "--format")
            words.append(_MINUS + arg[1:] if is_word else arg)
        return super().parse_args(context, words)


def _query(words: Sequence[str]) -> str:
    """The query that the shell took apart: of several arguments one with a blank in it was a phrase."""
    said = [f"-{word[1:]}" if word.startswith(_MINUS) else word for word in words]
    if len(said) == 1:
        return said[0]
    return " ".join(word if '"' in word else re.sub(r"^(-?(?:[a-z]+:)?)(.*\s.*)$", r'\1"\2"', word, flags=re.S) for word in said)


@commands.command(
    cls=_Search,
    short_help="Find articles by their words, typed with or without marks.",
    epilog=_example(
        "search bien dong",
        "search 'title:\"hội nghị cấp cao\" outlet:vnexpress -malaysia'",
        "search asean level:core after:2026-11-01 --limit 5",
        "search 5.000 --history",
    ),
)
@click.argument("query", nargs=-1, required=True, metavar="QUERY...")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Articles at most.")
@click.option("--relevance", is_flag=True, help="The most relevant of the newest 300 first, instead of the newest.")
@click.option(
    "--history", is_flag=True, help="Search what was edited away: said by an older version, and not by the current one."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it.")
@click.pass_context
def search(context: click.Context, query: tuple[str, ...], limit: int, relevance: bool, history: bool, form: str) -> None:
    """Find articles that have all the words of QUERY: first those where words typed side by side stand side by side, of them
    the newest (stored last).

    A word typed without marks is found with any, and with đ for d; one typed with marks only with these. "two words": a phrase.
    -word: without it. A OR B: one of them. title:word, outlet:name, topic:name, level:core, after:2026-11-20, before:2026-12
    (published, or else first seen; the day itself is after, and not before).
    """
    from digest import hits
    from track import queries

    settings = _settings(context)
    said = _query(query)
    asked = queries.parse(said, ZoneInfo(settings.timezone))
    matcher = queries.Matcher(asked)
    with _work(settings, "search", writes=False) as books:
        _catch_up(settings, books)
        found = books.search.find(asked, matcher, limit, relevance=relevance, history=history)
    shown = []
    for hit in found.found:
        title, snippet = matcher.show(hit.searched, together=hit.is_together)
        shown.append(hits.Shown(hit=hit, title=title, snippet=snippet))
    order = "most relevant first" if relevance and asked.clauses else "newest first"
    if form == "json":
        print(text.to_json(hits.record(found, shown, said, order, history=history), indent=2))
    else:
        for line in hits.lines(shown, said, order, settings.timezone, colour=_with_colours()):
            print(line)
    if not found.found and found.other_marks and not asked.without:
        _tell(f"{found.other_marks} have these letters with other marks; type the words without marks to see them")
    if not found.is_whole:
        _tell("of the articles with these letters only the newest were looked at; before: asks for older ones")
    if found.is_near:
        _tell('words side by side were looked for among the newest articles that have them all; "in quotation marks" in all')
    if found.behind:
        _tell(f"{found.behind} articles are not in the index yet, while another process writes; each crawl puts some there")


def _catch_up(settings: Settings, books: Store) -> None:
    """Articles that were stored before there was a search are put into its index, unless another process writes."""
    import store

    behind = books.search.behind()
    if not behind:
        return
    with ExitStack() as held:
        try:
            held.enter_context(store.lock.hold(settings.home, "diemtin search"))
        except StoreError:
            return
        _tell(f"{behind} articles are put into the index, once, the newest first; what is done stays done if it is stopped")
        for _ in _progress(_indexed(books), behind):
            pass


def _indexed(books: Store, seconds: float | None = None) -> Iterator[int]:
    """One for each article that was put into the index, until all are, or the time is over."""
    until = None if seconds is None else time.monotonic() + seconds
    while until is None or time.monotonic() < until:
        with books.transaction():
            count = books.search.catch_up()
        if not count:
            return
        yield from range(count)


@commands.group(
    invoke_without_command=True,
    short_help="List the sources, or try them.",
    epilog=_example("sources", "sources check baoquocte"),
)
@click.pass_context
def sources(context: click.Context) -> None:
    """List the sources of diemtin.toml, and check the file."""
    if context.invoked_subcommand:
        return
    settings = _settings(context)
    _rule_files(settings)
    _check_selectors(settings)
    for source in settings.sources:
        for page in source.pages:
            print(f"{source.name:<24} {page.kind:<8} {page.url}")
    print(f"{len(settings.sources)} sources in {settings.home / config.FILE}")


@sources.command("check", short_help="Fetch from the sources now, and say what looks wrong.", epilog=_example("sources check"))
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one JSON object.")
@click.pass_context
def sources_check(context: click.Context, names: tuple[str, ...], as_json: bool) -> int:
    """Fetch each list of the sources (all, or those named) and a sample article of each, and give a verdict.

    Nothing is stored. `good`: all is as it should be; `doubtful`: something should be looked at; `broken`: it brings nothing. The
    exit status is 1 if a source is broken.
    """
    import trial

    settings = _settings(context)
    _check_selectors(settings)
    _ask_for_contact(settings)
    chosen = _chosen(settings, names, ())
    found = trial.run(chosen, settings, _rule_files(settings), _now)
    if as_json:
        print(text.to_json({"sources": [asdict(one) for one in found]}, indent=2))
    else:
        for one in found:
            for line in (
                f"{one.name}: {one.verdict}",
                *(f"  {line}" for line in one.lines),
                *(f"  ! {line}" for line in one.wrong),
            ):
                print(text.printable(line))
    return int(any(one.verdict == "broken" for one in found))


@commands.command(
    short_help="Say how the store and each source stand, and how the last runs went.", epilog=_example("status", "status --json")
)
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON object.")
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Say how the store stands: what was captured, read, flagged and told; how each source does, and when it is looked at next;
    and how the last runs went.

    A source that drifts brings less than it used to; its line says why that is likely so.
    """
    from digest import standing

    settings, moment = _settings(context), _now()
    with _work(settings, "status", writes=False) as books:
        now = books.status()
        known = dict.fromkeys([*(source.name for source in settings.sources), *books.frontier.found()])
        sources = books.frontier.statuses(known, moment)
        paused = books.frontier.paused(moment)
    if as_json:
        print(text.to_json(standing.record(now, sources, paused), indent=2))
        return
    for line in standing.lines(settings.home, now, sources, paused, ZoneInfo(settings.timezone)):
        print(line)


if __name__ == "__main__":
    main()
