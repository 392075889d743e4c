"""A source tried out: its lists and a sample of its articles, fetched and read now into a store that is thrown away after it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pipeline
import store
import urls
from crawler.crawl import crawl
from model import Archived, Article, Look, Settings, Source, Standing, Target
from watch import Watch

_SAMPLES = 2  # articles of each list: the newest may be a picture or a video
_SHORT = 60  # words: an article of fewer is hardly one


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What was found of one source."""

    name: str
    verdict: str  # good, doubtful or broken
    lines: tuple[str, ...]  # what was found, for a person
    wrong: tuple[str, ...]  # what looks wrong


def run(
    sources: Sequence[Source], settings: Settings, rules: Sequence[tuple[str, str]], now: Callable[[], datetime]
) -> list[Checked]:
    """Try these sources, all in one crawl. Runs once in a process, like a crawl; a signal that ends it is raised again."""
    limits = replace(settings.crawl, backlog=_SAMPLES)
    with tempfile.TemporaryDirectory(prefix="diemtin-") as folder, store.open_store(Path(folder)) as books:
        watch = Watch(books, sources, limits, now)
        watch.begin(sources, look_now=True)
        if crawl(sources, limits, watch, now):
            raise KeyboardInterrupt  # a verdict on what was not asked for would be wrong
        with pipeline.Readers[Archived](settings.workers, rules) as readers:
            for _ in pipeline.run(books, books.pending(), readers, now):
                pass
        listed = {report.name: report.listed for report in watch.reports()}
        found = [target for source in sources for target in _samples(books, source)]
        return [_checked(books, source, found if listed[source.name] else []) for source in sources]


def _samples(books: store.Store, source: Source) -> list[Target]:
    return [target for target in books.frontier.of(source.name) if target.standing is not Standing.BACKLOG]


def _checked(books: store.Store, source: Source, found: Sequence[Target]) -> Checked:
    """`found`: the samples of all sources, if this one's lists name articles: an article is of the source that named it first."""
    looks = books.frontier.looks(source.name)
    lists = [(page.url, looks.get(page.url)) for page in source.pages]
    lines = [_list_line(url, look) for url, look in lists]
    wrong = [f"{url}: {look.reason}" for url, look in lists if look and look.reason]
    samples = _samples(books, source)
    if not samples and (samples := [target for target in found if urls.same_site(target.url, source.home)]):
        lines.append("its articles are in the lists of other sources too, and were tried with these")
    articles = 0
    for target in samples:
        kept = _article(books, target.key)
        if kept is None:
            wrong.append(f"{target.url}: {target.standing}: {target.reason or 'not asked for'}")
            continue
        articles += 1
        lines.append(f"read {target.url}: {kept.title!r}, {len(kept.text.split())} words, {_dated(kept)}, by {kept.reader}")
        wrong += [f"{target.url}: {said}" for said in doubts(kept)]
    answered = [look for _, look in lists if look and look.status == "ok"]
    if not samples and answered:
        wrong.append("its lists name no article that could be tried")
    verdict = "broken" if not answered or not articles else "doubtful" if wrong else "good"
    return Checked(name=source.name, verdict=verdict, lines=tuple(lines), wrong=tuple(wrong))


def _list_line(url: str, look: Look | None) -> str:
    if look is None:
        return f"{url}: was not looked at; its host is left alone"
    robots = "" if "robots.txt" in (look.reason or "") else "; robots.txt allows it"
    return f"{url}: {look.status}, {look.links} links{robots}"


def _article(books: store.Store, key: str) -> Article | None:
    article_id = books.article_of(key)
    kept = books.kept(article_id) if article_id else None
    return kept.article if kept else None


def _dated(article: Article) -> str:
    return f"{article.published:%d/%m/%Y %H:%M}" if article.published else "no date"


def doubts(article: Article) -> list[str]:
    """What looks wrong with an article, in a line each."""
    found = list(article.notes)
    if article.title is None:
        found.append("no title was found")
    if article.published is None:
        found.append("no date of publication was found")
    if len(article.text.split()) < _SHORT:
        found.append("the text is very short")
    return found
