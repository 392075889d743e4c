"""Pages into the store and the archive read again: `reprocess`, `extract`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import config
import text
from model import Archived, Capture, Failure, InputError, Learning, Settings, Tally

if TYPE_CHECKING:
    from crawler.saved import Page, Passed, SavedFile, Unreadable
    from pipeline import Reading
    from store import Store

from cli import common


@common.commands.command(
    short_help="Read saved pages into the store, or the archive again.",
    epilog=common.example(
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

    settings = common.settings_of(context)
    rules = common.rule_files(settings)
    workers = settings.workers if workers is None else workers
    if not paths:
        report, said = _reread(settings, rules, workers, is_dry=is_dry, form="json" if as_json else form, output=output)
        if as_json:
            said = text.to_json({**report.facts(), "review": json.loads(said)})
        common.deliver(said, output)
        return report.status
    if is_dry or form != "text" or output:
        raise click.UsageError("--dry-run, --format and --output are for the archive; they take no PATH")
    with common.work(settings, "reprocess") as books, common.run(books, "reprocess") as report:
        intake = _Intake(books, report, list(_found(paths)))
        learned, last = books.learnings(), books.last_capture()
        for source, repeated in _recurring(paths).items():
            before = learned.get(source) or Learning(site=source)
            books.learn(replace(before, repeated={**dict.fromkeys(repeated, last), **before.repeated}))
        with pipeline.Readers[Archived](workers, rules) as readers:
            done = pipeline.run(books, intake.archived(), readers, common.now)
            for item in common.progress(done, intake.count):
                report.done(item, intake.names.pop(item.archived.capture_id, None))
    print(report.as_json() if as_json else report.line("page"))
    return report.status


def _reread(
    settings: Settings, rules: tuple[tuple[str, str], ...], workers: int, *, is_dry: bool, form: str, output: Path | None
) -> tuple[common.Report, str]:
    """The archive read again: into the stage, then at once into the store, or not. (totals, what is to be said of it)."""
    import pipeline
    import reread
    import store
    from digest import review as told

    if output is not None:
        common.try_file(output)
    with ExitStack() as stack:
        books = stack.enter_context(common.work(settings, "reprocess"))
        report = common.Report() if is_dry else stack.enter_context(common.run(books, "reprocess"))
        if not is_dry:  # what was never read is no part of what is read again
            with pipeline.Readers[Archived](workers, rules) as readers:
                for item in common.progress(pipeline.run(books, books.pending(), readers, common.now), None):
                    report.done(item)
        elif books.pending(0, 1):
            common.tell("pages that were never read are no part of this; the run without --dry-run reads them first")
        stage = stack.enter_context(store.open_stage(settings.home, reread.key_of(rules)))
        if held := stage.count():
            common.tell(f"{held:,} pages were read already, by this reader and these rules; going on from there")
        with pipeline.Readers[reread.Key](workers, rules) as readers_again:
            for _ in common.progress(reread.fill(books, stage, readers_again), reread.missing(books, stage)):
                pass
        if differing := stage.differing_count():
            common.tell(f"{'comparing' if is_dry else 'writing'} {differing:,} pages that are not stored as they are read now")
        words = ("comparing", "compared") if is_dry else ("writing", "written")
        found = reread.judge_all(
            books,
            stage,
            common.now(),
            commits=not is_dry,
            told=None if is_dry else report.reread,
            passing=lambda staged: common.progress(staged, differing, *words),
        )
        failed = stage.failed_count()
        if not is_dry:
            stage.drop()
        report.totals = _with_rereads(report.totals, found.read, failed, len(report.failures))
    said = told.render(found, form, is_dry=is_dry, colour=common.with_colours() and output is None)
    if form == "text" and not is_dry:
        said = report.line("page") + "\n" + ("" if found.is_empty else "\n" + said)
    return report, said


def _with_rereads(totals: Tally, read: int, failed: int, told: int) -> Tally:
    """With what was read again. Failures that were told are counted already."""
    for state, count in (("reread", read - failed), ("failed", max(0, failed - told))):
        totals = totals.plus(state, count) if count else totals
    return totals


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


class _Intake:
    """Saved files on their way into the archive. One file stands for one page: two that would be the same page are told.

    A record of a WARC file is a page at a time of its own: there may be many of one page, but each is taken in once.
    """

    def __init__(self, books: Store, report: common.Report, files: Sequence[SavedFile | Unreadable]) -> None:
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


def _loaded(files: Iterable[SavedFile | Unreadable], report: common.Report) -> Iterator[Page]:
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


@common.commands.command(
    short_help="Read saved pages and print their articles.",
    epilog=common.example("extract page.html", "extract saved-pages/ --format jsonl > articles.jsonl"),
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
    report = common.Report()
    rules = common.rule_files(config.peek(context.obj))

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
                    common.tell(f"{name}: {note}")
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
