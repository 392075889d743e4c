"""What an article costs in a store of ten thousand, a hundred thousand and a million. See README.md."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # instead of this folder, where `store` is another one

import digest  # noqa: E402 - found by the line above, like those below
import extract  # noqa: E402
import pipeline  # noqa: E402
import store  # noqa: E402
import text  # noqa: E402
from model import Article, Block, BlockKind, Capture, Certainty, DateClaim, DateSource  # noqa: E402
from store import values  # noqa: E402
from store.stories import SKETCHES, months  # noqa: E402
from tests import syndication  # noqa: E402
from track import changes, copies, judge, sketches, stories  # noqa: E402

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
MONTHS = 12  # over which the articles are spread, evenly
BATCH = 50  # articles in one transaction, as the pipeline has it
AT_ONCE = 20_000  # articles made before they are written
ZIPF = 0.9  # weights of words are their numbers in the repository's texts to this power
SHARED = 0.3  # of the articles have a passage that others of their days have too
CARRIED = 6  # articles that carry a passage, on average
PASSAGES = 50_000  # different ones at most


@dataclass(frozen=True)
class Language:
    """Words with their weights; what others are made of."""

    words: np.ndarray  # as they are written
    hashes: np.ndarray  # of each as it is folded
    summed: np.ndarray
    passages: list[np.ndarray]  # numbers of words

    def draw(self, rng: np.random.Generator, count: int) -> np.ndarray:
        return np.searchsorted(self.summed, rng.random(count) * self.summed[-1])


def language(rng: np.random.Generator) -> Language:
    """The syllables of the repository's texts. A word that folds to two, or none, is left out: texts are hashed as they are."""
    counts: Counter[str] = Counter()
    for said in syndication.texts():
        counts.update(text.plain_key(said).split())
    counts = Counter({word: count for word, count in counts.items() if len(text.words(word)) == 1})
    words = sorted(counts)
    weights = np.array([counts[word] ** ZIPF for word in words])
    hashes = np.array([sketches._hash(text.words(word)[0]) for word in words], np.uint64)
    made = Language(words=np.array(words, object), hashes=hashes, summed=np.cumsum(weights), passages=[])
    made.passages.extend(made.draw(rng, 60) for _ in range(PASSAGES))
    return made


@dataclass(frozen=True)
class Made:
    """An article that was invented, and what is known of it without reading."""

    article: Article
    sketch: tuple[int, ...]
    seen: datetime


def invented(rng: np.random.Generator, known: Language, number: int, seen: datetime) -> Made:
    """An article of about 430 syllables, log-normal, in paragraphs of about 60."""
    numbers = known.draw(rng, max(60, int(rng.lognormal(6.0, 0.45))))
    if rng.random() < SHARED:
        place = int(number * SHARED / CARRIED + rng.geometric(0.2))  # those of the days before and after
        passage = known.passages[place % PASSAGES]
        numbers = np.concatenate([numbers[:50], passage, numbers[50:]])
    said = known.words[numbers].tolist()
    blocks = tuple(
        Block(kind=BlockKind.PARAGRAPH, text=" ".join(said[start : start + 60]) + ".") for start in range(0, len(said), 60)
    )
    site = f"bao{number % 40}.example"
    article = Article(
        identity=f"{site}/{number}",
        url=f"https://{site}/tin-{number}.htm",
        site=site,
        outlet=f"Báo {number % 40}",
        title=" ".join(known.words[known.draw(rng, 11)].tolist()),
        blocks=blocks,
        has_lead=True,
        published_claims=(DateClaim(moment=seen, source=DateSource.META, certainty=Certainty.SURE),),
        section="Thời sự",
        breadcrumb=("Thời sự",),
        reader="hemera",
        container="div.article__body",
    )
    return Made(article=article, sketch=sketches.sample(sketches.mixed(known.hashes[numbers])), seen=seen)


def build(home: Path, known: Language, count: int) -> float:
    """A store of `count` articles, written in bulk. Bytes of samples an article."""
    rng = np.random.default_rng(20261120)
    step = timedelta(days=30 * MONTHS) / count
    with store.open_store(home) as books:
        connection = books._connection
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = OFF")  # rows that refer to each other are written table by table
        rows: dict[str, list[np.ndarray]] = {}
        for start in range(0, count, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, count))
            batch = [invented(rng, known, number, NOW - step * (count - number)) for number in numbers]
            with books.transaction():
                _write(books, batch, start + 1)
            for place, one in enumerate(batch, start + 1):
                pairs = np.empty((len(one.sketch), 2), np.int64)
                pairs[:, 0], pairs[:, 1] = one.sketch, place
                rows.setdefault(months(one.seen)[0], []).append(pairs)
        before = _size(connection)
        for month, pairs in rows.items():
            _sample(books, month, np.concatenate(pairs))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("ANALYZE")
        return (_size(connection) - before) / count


def _write(books: store.Store, batch: Sequence[Made], first: int) -> None:
    connection = books._connection
    captures, articles, versions = [], [], []
    for number, one in enumerate(batch, first):
        seen, article = values.moment(one.seen), one.article
        key = f"{number:064x}"
        captures.append((number, article.identity, article.url, seen, key, 58_000, "x.warc.gz", number, 9, number, seen))
        articles.append((number, article.identity, seen, seen, number, number, seen, SKETCHES))
        versions.append((number, number, number, seen, article.title, values.from_article(article), 430, key, key, "2 hemera x"))
    connection.executemany(
        "INSERT INTO captures(id, identity, url, captured_at, sha256, bytes, file, offset, length, article_id, read_at, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'new')",
        captures,
    )
    connection.executemany(
        "INSERT INTO articles(id, identity, first_seen, last_seen, version_id, told_version_id, published, sketched)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        articles,
    )
    connection.executemany(
        "INSERT INTO versions(id, article_id, capture_id, seen, title, article, words, edit_hash, copy_hash, reader)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        versions,
    )


def _sample(books: store.Store, month: str, pairs: np.ndarray) -> None:
    ordered = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    with books.transaction():
        books.stories._make(month)
        books._connection.executemany(f"INSERT OR IGNORE INTO sketches_{month} VALUES (?, ?)", ordered.tolist())  # noqa: S608


def _size(connection: object) -> int:
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]  # type: ignore[attr-defined]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


class Stages:
    """CPU and wall time by stage, in ms an article."""

    def __init__(self) -> None:
        self.cpu: Counter[str] = Counter()
        self.wall: Counter[str] = Counter()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        self.cpu[name] += 1000 * (time.process_time() - cpu)
        self.wall[name] += 1000 * (time.perf_counter() - wall)


def ingest(home: Path, known: Language, count: int, fresh: int) -> Stages:
    """New articles, one in ten a copy of a recent one, through the pipeline's own steps."""
    rng, draw = np.random.default_rng(7), Random(7)  # noqa: S311 - invented news
    stages = Stages()
    with store.open_store(home) as books:
        given = list(_fresh(books, rng, draw, known, count, fresh))
        for one in given[:BATCH]:  # what is read and compiled at first use is, by now
            _ = books.known(one, changes.fingerprint(one), 0, None, NOW)
        for start in range(0, len(given), BATCH):
            batch = given[start : start + BATCH]
            captured = [
                Capture(
                    identity=one.identity, body=one.text.encode(), captured_at=NOW, captured_exactly=True, url=one.url, status=200
                )
                for one in batch
            ]
            with stages.stage("archive"):
                archived = books.archive(captured)
            with stages.stage("sketch"):  # with both hashes
                marks = [changes.fingerprint(one) for one in batch]
            with books.transaction():
                for one, mark, item in zip(batch, marks, archived, strict=True):
                    with stages.stage("lookup"):
                        found = books.known(one, mark, item.capture_id, copies.series_key(one), NOW)
                    with stages.stage("compare"):
                        update = judge.judge(one, mark, (), extract.signature(one), found, item.capture_id, NOW)
                    with stages.stage("insert"):
                        article_id = books.apply(update)
                    with stages.stage("story"):
                        if update.story and (story := books.stories.story_of(article_id)) is not None:
                            pipeline._set_root(books, story, NOW)
                commit = stages.stage("insert")
                commit.__enter__()
            commit.__exit__(None, None, None)
    return stages


def _fresh(
    books: store.Store, rng: np.random.Generator, draw: Random, known: Language, count: int, fresh: int
) -> Iterator[Article]:
    """Articles that the store does not have; every tenth is a recent one of another site, with a sentence less."""
    recent = count // MONTHS
    for number in range(count, count + fresh):
        if number % 10:
            yield invented(rng, known, number, NOW).article
            continue
        row = books._connection.execute("SELECT article FROM versions WHERE id = ?", (count - draw.randrange(recent),)).fetchone()
        other = values.to_article(row["article"])
        place = f"chep.example/{number}"
        yield replace(other, identity=place, url=f"https://{place}", site="chep.example", blocks=other.blocks[1:])


def questions(home: Path) -> dict[str, float]:
    """Wall ms: a digest of what is untold, what a day told, the largest story."""
    took: dict[str, float] = {}

    def clock(name: str, start: float) -> None:
        took[name] = 1000 * (time.perf_counter() - start)

    with store.open_store(home) as books:
        for _ in range(2):  # the second time counts
            start = time.perf_counter()
            news = books.untold()
            built = digest.build(news, now=NOW, timezone="Asia/Ho_Chi_Minh", notices=books.untold_notices())
            digest.render(built, "html")
            clock(f"digest of {len(news)} articles", start)
            start = time.perf_counter()
            looked = books.between(NOW - timedelta(hours=6), None)
            clock(f"looking back at {len(looked)}", start)
            start = time.perf_counter()
            row = books._connection.execute("SELECT max(story) FROM articles WHERE story IS NOT NULL").fetchone()
            members = books.stories.members(row[0])
            texts = {one.article_id: books.kept(one.article_id).article for one in members}  # type: ignore[union-attr]
            stories.spread(row[0], members, texts, books.stories.links(members[0].article_id))
            clock(f"story of {len(members)}", start)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what an article costs in stores of several sizes.")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--fresh", type=int, default=1000, help="articles that are stored on top, and measured")
    parser.add_argument("--folder", help="where the stores are made; a million takes 6 GB")
    options = parser.parse_args()
    known = language(np.random.default_rng(1))
    base: float | None = None
    for size in map(int, options.sizes.split(",")):
        home = Path(tempfile.mkdtemp(dir=options.folder))
        try:
            start = time.perf_counter()
            sample = build(home, known, size)
            built = time.perf_counter() - start
            whole = (home / store.DATABASE).stat().st_size / size
            stages = ingest(home, known, size, options.fresh)
            cpu, wall = (sum(found.values()) / options.fresh for found in (stages.cpu, stages.wall))
            base = base or cpu
            print(f"\n{size:,} articles, made in {built:.0f} s: {whole:,.0f} bytes each, of it {sample:.0f} of samples")
            for name in stages.cpu:
                print(f"  {name:<10}{stages.cpu[name] / options.fresh:>7.2f} ms CPU{stages.wall[name] / options.fresh:>8.2f} ms")
            print(f"  {'whole':<10}{cpu:>7.2f} ms CPU{wall:>8.2f} ms; {cpu / base:.2f} times that of the smallest")
            both = (stages.cpu["lookup"] + stages.cpu["insert"]) / options.fresh
            print(f"  lookup and insert {both:.2f} ms CPU (at most 3), samples {sample:.0f} bytes (at most 450)")
            for name, took in questions(home).items():
                print(f"  {name:<28}{took:>8.1f} ms")
        finally:
            shutil.rmtree(home)


if __name__ == "__main__":
    main()
