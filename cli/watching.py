"""Sites: `crawl`, `run`, `sources`, `status`."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

import config
import text
import urls
from model import Archived, ConfigError, InputError, Outcome, Settings, Source, SourceReport, Standing

if TYPE_CHECKING:
    from pipeline import Line
    from store import Store
    from watch import Watch

from cli import common


@common.commands.command(
    short_help="Ask for all that is due, and read it.",
    epilog=common.example("crawl", "crawl baoquocte", "crawl https://baoquocte.vn/a-371204.html"),
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

    settings = common.settings_of(context)
    _check_selectors(settings)
    pages = [one for one in what if "://" in one]
    names = [one for one in what if "://" not in one]
    if names and pages:
        raise click.UsageError("name sources or pages, not both")
    sources = _chosen(settings, names, pages)
    rules = common.rule_files(settings)
    limits = replace(settings.crawl, every_minutes=every) if every else settings.crawl
    with ExitStack() as held:
        books = held.enter_context(common.work(settings, "crawl"))
        watch = Watch(books, sources, limits, common.now, only={page: _source_of(settings, page).name for page in pages})
        watch.begin((*settings.sources, *sources), look_now=bool(names))
        if not stay and not books.pending(most=1) and (said := _nothing_due(watch, books, settings)):
            common.tell(said)
            return 0
        report = held.enter_context(common.run(books, "crawl"))
        with pipeline.Readers[Archived](settings.workers, rules) as readers:
            line = pipeline.Line(books, readers, common.now)
            turn = _Turn(line, watch, report, stay=stay)
            stopped = go(sources, limits, watch, common.now, stay=stay, turn=turn)
            for done in () if stopped else common.progress(line.drain(), None):
                report.done(done)
        _tell_reports(watch, report, by_name=bool(names))
        for page in pages:
            _tell_page(books, page, report)
        if stopped and not stay:
            common.tell("stopped; what was fetched is kept and will be read by the next run")
    print(report.line("page"))
    return 130 if stopped and not stay else report.status


class _Turn:
    """What is done between two requests: pages that were fetched are read and kept, and a sign of life is given."""

    def __init__(self, line: Line, watch: Watch, report: common.Report, *, stay: bool) -> None:
        self._line, self._watch, self._report, self._stay = line, watch, report, stay
        self._beat = int(os.environ["DIEMTIN_BEAT_FD"]) if stay and "DIEMTIN_BEAT_FD" in os.environ else None
        self._told = time.monotonic()

    def __call__(self) -> bool:
        for done in self._line.turn():
            self._report.done(done)
        for line in self._watch.news() if self._stay else ():
            common.tell(line)
        now = time.monotonic()
        if now - self._told > common.PLAIN_SECONDS:
            self._told = now
            if self._beat is not None:
                with suppress(OSError):  # nobody listens: the daemon is gone, and this process soon will be
                    os.write(self._beat, b".")
            elif not self._stay:
                common.tell(
                    f"{sum(one.outcomes.total for one in self._watch.reports())} asked for, {self._report.totals.total} read"
                )
        return self._line.is_busy


def _nothing_due(watch: Watch, books: Store, settings: Settings) -> str | None:
    """What to say where nothing is due now; None: something is."""
    found = watch.next_due()
    if found is None:
        return "nothing is due, and nothing will be: diemtin.toml names no sources"
    due, source = found
    if due <= common.now():
        return None
    when = f"{due.astimezone(ZoneInfo(settings.timezone)):%d/%m/%Y %H:%M}"
    for host, until, reason in books.frontier.paused(common.now()):
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


def _tell_page(books: Store, page: str, report: common.Report) -> None:
    """What became of a page that was asked for by its address."""
    target = books.frontier.get(urls.identity(page))
    article_id = books.article_of(target.key) if target else None
    if target and target.standing in (Standing.STORED, Standing.COPY, Standing.ALIAS) and article_id:
        common.tell(f"{page}: {target.standing}; `diemtin show {article_id}` prints it")
    elif target:
        report.status = 1
        paused = {host: f"{host} is left alone: {reason}" for host, _, reason in books.frontier.paused(common.now())}
        reason = target.reason or paused.get(target.host)
        common.tell(f"{page}: {target.standing}" + (f": {reason}" if reason else ""))


def _tell_reports(watch: Watch, report: common.Report, *, by_name: bool) -> None:
    """What became of the lists and pages that were asked for, by source."""
    from digest.standing import counts

    for source in watch.reports():
        for outcome, count in source.outcomes.counts:
            if outcome != Outcome.CAPTURED and count:
                report.totals = report.totals.plus(outcome, count)
        if source.looks:
            asked = f": {counts(source.outcomes)}" if source.outcomes.total else ""
            common.tell(f"{source.name}: {source.listed} listed, {source.fresh} of them new{asked}")
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


@common.commands.command(short_help="Stay, and ask for whatever comes due.", epilog=common.example("run", "run --every 10"))
@click.option(
    "--every", type=click.FloatRange(min=0.01), metavar="MINUTES", help="Leave no list longer without a look than this."
)
@click.pass_context
def run(context: click.Context, every: float | None) -> None:
    """Stay and ask for whatever comes due, until SIGTERM or Ctrl-C.

    How often each list and article is looked at follows from what was seen of it, within requests_per_hour of each host.
    """
    import scheduler

    settings = common.settings_of(context)
    common.rule_files(settings)
    _check_selectors(settings)
    _ask_for_contact(settings)
    scheduler.serve(settings, every)


def _ask_for_contact(settings: Settings) -> None:
    if settings.crawl.contact is None and settings.sources:
        common.tell(f"{settings.home / config.FILE}: crawl.contact is empty; say there where the sites can reach you")


@common.commands.group(
    invoke_without_command=True,
    short_help="List the sources, or try them.",
    epilog=common.example("sources", "sources check baoquocte"),
)
@click.pass_context
def sources(context: click.Context) -> None:
    """List the sources of diemtin.toml, and check the file."""
    if context.invoked_subcommand:
        return
    settings = common.settings_of(context)
    common.rule_files(settings)
    _check_selectors(settings)
    for source in settings.sources:
        for page in source.pages:
            print(f"{source.name:<24} {page.kind:<8} {page.url}")
    print(f"{len(settings.sources)} sources in {settings.home / config.FILE}")


@sources.command(
    "check", short_help="Fetch from the sources now, and say what looks wrong.", epilog=common.example("sources check")
)
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one JSON object.")
@click.pass_context
def sources_check(context: click.Context, names: tuple[str, ...], as_json: bool) -> int:
    """Fetch each list of the sources (all, or those named) and a sample article of each, and give a verdict.

    Nothing is stored. `good`: all is as it should be; `doubtful`: something should be looked at; `broken`: it brings nothing. The
    exit status is 1 if a source is broken.
    """
    import trial

    settings = common.settings_of(context)
    _check_selectors(settings)
    _ask_for_contact(settings)
    chosen = _chosen(settings, names, ())
    found = trial.run(chosen, settings, common.rule_files(settings), common.now)
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


@common.commands.command(
    short_help="Say how the store and each source stand, and how the last runs went.",
    epilog=common.example("status", "status --json"),
)
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON object.")
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Say how the store stands: what was captured, read, flagged and told; how each source does, and when it is looked at next;
    and how the last runs went.

    A source that drifts brings less than it used to; its line says why that is likely so.
    """
    from digest import standing

    settings, moment = common.settings_of(context), common.now()
    with common.work(settings, "status", writes=False) as books:
        now = books.status()
        known = dict.fromkeys([*(source.name for source in settings.sources), *books.frontier.found()])
        sources = books.frontier.statuses(known, moment)
        paused = books.frontier.paused(moment)
    if as_json:
        print(text.to_json(standing.record(now, sources, paused), indent=2))
        return
    for line in standing.lines(settings.home, now, sources, paused, ZoneInfo(settings.timezone)):
        print(line)
