"""The archive read again, as a review: what today's reader and rules would change, before they change it.

    captures of the store ──▶ workers ──▶ the stage: what differs, by capture (hours; goes on after a kill)
                                              │
    Review ◀── track.review ◀── pairs ◀── one transaction: each is held against what is stored, and written
                                              │
                                     committed whole, or rolled back whole

A dry run takes the same way as far as copies and stories follow from the texts, and then rolls back.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeAlias

import extract
import pipeline
import store
import urls
import watch
from model import Article, Failure, Learning, Regrouped, Reread, Review, Stored, Update
from pipeline import Reading
from store import Content, Rereading, Stage, Staged
from track import copies, judge, removal, review, stories

_BATCH = 50  # captures in one transaction of the stage
# What a reading is made of, beside what a site has taught.
_CODE = (
    *("model.py", "pipeline.py", "reread.py", "text.py", "urls.py"),
    *("extract/*.py", "extract/*.toml", "track/*.py", "store/*.py"),
)
_PACKAGES = (
    "lxml",
    "lxml-html-clean",
    "trafilatura",
    "htmldate",
    "charset-normalizer",
    "ahocorasick-rs",
    "numpy",
    "rapidfuzz",
    "xxhash",
)


Key: TypeAlias = tuple[Stored, str]  # a capture, and what its site had taught, as a digest


class _RolledBack(Exception):
    """Ends a transaction of which nothing is to stay."""


def key_of(rules: Sequence[tuple[str, str]]) -> str:
    """What reads: a digest of the reader's code and tables, of the packages that it goes by, and of the rules."""
    here = Path(__file__).parent
    found = hashlib.sha256(f"{sys.version_info[:3]} {extract.VERSION}".encode())
    for pattern in _CODE:
        for path in sorted(here.glob(pattern)):
            found.update(hashlib.sha256(path.read_bytes()).digest())
    for name in _PACKAGES:
        found.update(f"{name} {_version(name)}".encode())
    for name, source in rules:
        found.update(hashlib.sha256(f"{name}\n{source}".encode()).digest())
    return found.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


# ---------------------------------------------------------------- reading


def missing(books: store.Store, stage: Stage) -> int:
    """About how many captures are still to be read."""
    return max(0, Rereading(books).count() - stage.count())


def fill(books: store.Store, stage: Stage, readers: pipeline.Readers[Key]) -> Iterator[None]:
    """Read all that the stage does not hold. Yields for each capture, once it is read; an end loses a batch at most."""
    taught = books.learnings()
    digests: dict[str, str] = {}
    waiting: list[Staged] = []
    for (stored, learned), answer in readers.map(_jobs(books, stage, taught, digests)):
        waiting.append(_staged(stored, learned, answer))
        if len(waiting) >= _BATCH:
            stage.put(waiting)
            waiting = []
        yield
    stage.put(waiting)


def _jobs(
    books: store.Store, stage: Stage, taught: Mapping[str, Learning], digests: dict[str, str]
) -> Iterator[tuple[Key, Callable[..., Reading | Failure], tuple[object, ...]]]:
    for stored in Rereading(books).captures():
        site = pipeline.source_of(stored.archived.subject)
        learning = taught.get(site)
        if site not in digests:
            digests[site] = _learned(learning)
        if not stage.holds(stored.archived.capture_id, digests[site], store.digest(stored)):
            taught_then = pipeline.as_of(learning, stored.archived.capture_id)
            job = (books.archive_folder, stored.archived.place, taught_then, stored.reader)
            yield (stored, digests[site]), pipeline.read_stored, job


def _learned(learning: Learning | None) -> str:
    """What of all that a site has taught decides how its pages are read, as a digest."""
    if learning is None or not (learning.paths or learning.repeated):
        return ""
    said = repr((learning.paths, sorted(learning.repeated.items())))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _staged(stored: Stored, learned: str, answer: Reading | Failure) -> Staged:
    seen = store.digest(stored)
    content: Content | Failure | None = answer if isinstance(answer, Failure) else _content(stored, answer)
    is_same = content == stored.error if isinstance(content, Failure) else content and _digest(stored, content) == seen
    return Staged(
        capture_id=stored.archived.capture_id,
        taught=learned,
        seen=seen,
        content=None if is_same else content,
        failed=isinstance(content, Failure),
    )


def _content(stored: Stored, answer: Reading) -> Content:
    flags = tuple(sorted(answer.flags, key=lambda flag: flag.topic))
    return Content(article=_settled(stored, answer.article), fingerprint=answer.fingerprint, flags=flags)


def _settled(stored: Stored, article: Article) -> Article:
    """Which article a capture is of was decided when it made its version; where that is the address at which it was found, it
    stays so."""
    if stored.version_id is None:
        return article
    identity = store.values.to_article(stored.raw).identity
    if article.identity == identity:
        return article
    subject = stored.archived.subject
    if urls.is_web(subject) and urls.identity(subject) == identity:
        return replace(article, identity=identity, url=subject)
    return replace(article, identity=identity)


def _digest(stored: Stored, content: Content) -> str:
    """What `store.digest` would be, were this written."""
    return store.digest(
        replace(
            stored,
            raw=store.values.from_article(content.article),
            edit=content.fingerprint.edit,
            copy=content.fingerprint.copy,
            reader=extract.signature(content.article),
            flags=content.flags,
            is_sketched=True,
            error=None,
        )
    )


# ---------------------------------------------------------------- holding it against the store, and writing it


def judge_all(
    books: store.Store,
    stage: Stage,
    now: datetime,
    *,
    commits: bool,
    told: Callable[[Reread], None] | None = None,
    passing: Callable[[Iterator[Staged]], Iterable[Staged]] = iter,
) -> Review:
    """What differs, all of it written to the store at once if it `commits`. `told` is given each capture; all that is staged goes
    through `passing`, which may say how far it has come."""
    read = stage.count()
    kept: list[Review] = []
    try:
        with books.transaction():
            kept.append(review.build(_Writer(books, stage, now, told, is_dry=not commits).pairs(passing), read))
            if not commits:
                raise _RolledBack
    except _RolledBack:
        Rereading(books).checkpoint()
    return kept[0]


class _Writer:
    """Writes what a stage holds, inside a transaction."""

    def __init__(
        self, books: store.Store, stage: Stage, now: datetime, told: Callable[[Reread], None] | None, *, is_dry: bool
    ) -> None:
        self._books, self._stage, self._now, self._told = books, stage, now, told
        self._is_dry = is_dry  # nothing is written but what others follow from
        self._table = Rereading(books)
        self._stories: set[int] = set()  # in which it may be another article that was first

    def pairs(self, passing: Callable[[Iterator[Staged]], Iterable[Staged]]) -> Iterator[Reread | Regrouped]:
        self._table.begin()
        for staged in passing(self._stage.differing()):
            stored = self._table.one(staged.capture_id)
            if stored is not None and staged.content is not None and not _is_written(stored, staged.content):
                pair = self._written(stored, staged.content)
                if self._told:
                    self._told(pair)
                yield pair
        for article_id in self._table.regrouped():
            yield self._table.group(article_id)
        self._table.end()
        for story in () if self._is_dry else sorted(self._stories):
            if members := self._books.stories.members(story):
                found = stories.origin(members)
                self._books.stories.set_root(story, found.article_id, found.confidence)

    def _written(self, stored: Stored, content: Content | Failure) -> Reread:
        before = store.values.to_article(stored.raw) if stored.version_id is not None else None
        pair = Reread(
            capture_id=stored.archived.capture_id,
            article_id=stored.article_id,
            subject=stored.archived.subject,
            before=before,
            after=None,
            flags_before=stored.flags,
            error_before=stored.error,
        )
        if isinstance(content, Failure):
            return self._failed(pair, content)
        if before is None:
            return self._first(pair, stored, content)
        self._again(stored, before, content)
        return replace(pair, after=content.article, flags_after=content.flags)

    def _failed(self, pair: Reread, failure: Failure) -> Reread:
        if not self._is_dry:
            self._books.fail(pair.capture_id, failure, self._now)
        return replace(pair, error_after=failure)

    def _again(self, stored: Stored, before: Article, content: Content) -> None:
        """A capture that made a version: that one says what is read now."""
        article, marks = content.article, content.fingerprint
        is_text = marks.edit == stored.edit and marks.copy == stored.copy and stored.is_sketched
        if is_text and self._is_dry:
            return
        if article == before and is_text and extract.signature(article) == stored.reader:
            self._table.flag(stored, content.flags, self._now)
            return
        assert stored.article_id is not None  # noqa: S101 - it has a version
        near = self._table.near(stored.article_id, self._now)
        update = self._judged(stored, content, near, self._now)
        self._keep(replace(update, dates=self._table.dates(stored, article), events=()))

    def _first(self, pair: Reread, stored: Stored, content: Content) -> Reread:
        """A capture that failed, and can be read now. It may be an older one than those that the article is known by."""
        article = pipeline.as_found(self._books, stored.archived, content.article)
        content = replace(content, article=article)
        update = self._judged(stored, content, self._now, self._now)
        words = len(article.text.split())
        if removal.is_emptied(update.known.words, words):
            return self._failed(pair, pipeline.emptied(update.known.words, words))
        identities = sorted({article.identity, self._table.identity(pair.capture_id)})
        if update.known.article_id is not None and self._table.is_outdated(identities, pair.capture_id):
            known = replace(update.known, second_hand=True, likely=None, text=None)
            update = judge.judge(article, content.fingerprint, content.flags, update.reader, known, pair.capture_id, self._now)
        article_id = self._keep(update)
        if not self._is_dry:
            watch.read(self._books, stored.archived, update.change.kind, article, content.flags)
        return replace(pair, article_id=article_id, after=article, flags_after=content.flags)

    def _judged(self, stored: Stored, content: Content, near: datetime, now: datetime) -> Update:
        article, capture_id = content.article, stored.archived.capture_id
        known = self._books.known(article, content.fingerprint, capture_id, copies.series_key(article), near)
        return judge.judge(article, content.fingerprint, content.flags, extract.signature(article), known, capture_id, now)

    def _keep(self, update: Update) -> int:
        """Who had a story first is asked at the end: it is no news of the press that a better reader finds another one."""
        article_id = self._books.apply(update)
        if update.known.story is not None:
            self._stories.add(update.known.story)
        story = self._books.stories.story_of(article_id)
        if story is not None:
            self._stories.add(story)
        return article_id


def _is_written(stored: Stored, content: Content | Failure) -> bool:
    """The store holds it already: the run that was to write it came to its end, and was killed before it could say so."""
    if isinstance(content, Failure):
        return stored.error == content
    return stored.version_id is not None and _digest(stored, content) == store.digest(stored)
