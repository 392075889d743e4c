"""What a search costs in a store of a hundred thousand articles and of a million, and what the index costs. See README.md."""

from __future__ import annotations

import argparse
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # instead of this folder, where `store` is another one

import store as keeping  # noqa: E402 - found by the line above, like those below
from bench import store as stored  # noqa: E402
from store import values  # noqa: E402
from store.search import _texts  # noqa: E402
from track import queries  # noqa: E402

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CORE = 30  # of so many articles one is about ASEAN
LIMIT = 50
WHOLE = "whole"  # a file that says that a store was made to its end
AT_ONCE = 10_000  # articles made before they are written
FLAGGED = "INSERT INTO flags(version_id, topic, level, score, rules, evidence) VALUES (?, ?, ?, ?, ?, ?)"
EDITED = (
    "INSERT INTO versions(id, article_id, capture_id, seen, title, article, words, edit_hash, copy_hash, reader, edit, follows)"
    " SELECT ?, article_id, ?, seen, title, ?, words, edit_hash, copy_hash, reader, edit, id FROM versions WHERE id = ?"
)


def build(home: Path, known: stored.Language, count: int) -> tuple[float, float, float]:
    """A store of `count` articles with its index; one that was cut off goes on. (bytes of index, bytes of texts, seconds of
    indexing) an article."""
    step = timedelta(days=30 * stored.MONTHS) / count
    took = 0.0
    with keeping.open_store(home) as books:
        connection = books._connection
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("INSERT INTO article_search(article_search, rank) VALUES ('hashsize', 67108864)")  # merges less
        made = connection.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()[0]
        for start in range(made, count, AT_ONCE):
            rng = np.random.default_rng((20261120, start))
            numbers = range(start, min(start + AT_ONCE, count))
            batch = [stored.invented(rng, known, number, NOW - step * (count - number)) for number in numbers]
            rows = [(number, *_texts(one.article)) for number, one in enumerate(batch, start + 1)]
            with books.transaction():
                stored._write(books, batch, start + 1)
                flags = [(number, "ASEAN", "core", 3.0, "v1", "[]") for number in numbers if number and not number % CORE]
                connection.executemany(FLAGGED, flags)
                began = time.perf_counter()
                connection.executemany("INSERT INTO article_text VALUES (?, ?, ?, ?, ?)", rows)  # the trigger indexes it
            took += time.perf_counter() - began
        connection.execute("INSERT INTO article_search(article_search, rank) VALUES ('hashsize', 1048576)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("ANALYZE")
        sql = "SELECT sum(length(block)) + 12 * count(*) FROM article_search_data"
        index = (
            connection.execute(sql).fetchone()[0]
            + connection.execute("SELECT sum(length(sz)) + 8 * count(*) FROM article_search_docsize").fetchone()[0]
        )
        sql = "SELECT avg(length(CAST(title || lead || body || outlet AS BLOB))) FROM article_text WHERE id % 1000 = 0"
        texts = connection.execute(sql).fetchone()[0]
    return index / count, texts, took / max(1, count - made)


def drawn(books: keeping.Store, known: stored.Language, count: int, each: int) -> Iterator[tuple[str, list[str]]]:
    """Kinds of searches by name."""
    draw = Random(11)  # noqa: S311 - invented searches
    weights = np.diff(known.summed, prepend=0)
    order = np.argsort(-weights)
    common = [str(known.words[number]) for number in order[:40]]
    middle = [str(known.words[number]) for number in order[100:600]]

    def text() -> list[str]:
        row = books._connection.execute("SELECT body FROM article_text WHERE id = ?", (draw.randrange(1, count + 1),)).fetchone()
        return queries._WORD.findall(row[0])

    def from_text(words: int) -> str:
        said = text()
        place = draw.randrange(len(said) - words)
        return " ".join(said[place : place + words])

    def plain(said: str) -> str:
        return queries.bare(said)

    yield "one common word", common
    for words in (1, 2, 3):
        yield f"{words} of a text", [from_text(words) for _ in range(each)]
        yield f"{words} of a text, no marks", [plain(from_text(words)) for _ in range(each)]
    yield "2 common", [" ".join(draw.sample(common, 2)) for _ in range(each)]
    yield "3 common", [" ".join(draw.sample(common, 3)) for _ in range(each)]
    yield "2 of middling ones", [" ".join(draw.sample(middle, 2)) for _ in range(each)]
    yield "3 of middling ones", [" ".join(draw.sample(middle, 3)) for _ in range(each)]
    yield "a phrase of 2", [f'"{from_text(2)}"' for _ in range(each)]
    yield "2 with level:", [f"level:core {from_text(2)}" for _ in range(each)]
    yield "2 in an old month", [f"after:2026-02 before:2026-03 {from_text(2)}" for _ in range(each)]


def ask(books: keeping.Store, said: str, *, relevance: bool = False) -> int:
    """What `diemtin search` does between reading the query and printing. How many it found."""
    query = queries.parse(said, ZONE)
    matcher = queries.Matcher(query)
    hits = books.search.find(query, matcher, LIMIT, relevance=relevance)
    for hit in hits.found:
        matcher.show(hit.searched, together=hit.is_together)
    return len(hits.found)


@dataclass
class Took:
    """ms of searches: by the clock, and of CPU, which other work on the cores leaves alone."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    found: int = 0

    def line(self, name: str) -> str:
        def at(some: list[float], share: float) -> float:
            return sorted(some)[int(share * (len(some) - 1))]

        figures = [at(some, share) for some in (self.wall, self.cpu) for share in (0.5, 0.95)]
        return f"  {name:<26}" + "".join(f"{one:>9.1f}" for one in [*figures, max(self.cpu), self.found / len(self.wall)])


def measure(books: keeping.Store, said: Sequence[str], every: Took, *, relevance: bool = False) -> Took:
    took = Took()
    for one in said:
        wall, cpu = time.perf_counter(), time.process_time()
        found = ask(books, one, relevance=relevance)
        for some in (took, every):
            some.cpu.append(1000 * (time.process_time() - cpu))
            some.wall.append(1000 * (time.perf_counter() - wall))
            some.found += found
    return took


def ingest(books: keeping.Store, known: stored.Language, count: int, fresh: int) -> float:
    """CPU ms to put one more article into the index, in transactions of 50."""
    rng = np.random.default_rng(7)
    given = [stored.invented(rng, known, number, NOW) for number in range(count, count + fresh)]
    took = 0.0
    for start in range(0, fresh, stored.BATCH):
        batch = given[start : start + stored.BATCH]
        with books.transaction():
            stored._write(books, batch, count + start + 1)
            began = time.process_time()
            for number, one in enumerate(batch, count + start + 1):
                books.search.keep(number, one.article)
            took -= began
        took += time.process_time()
    return 1000 * took / fresh


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what searches cost.")
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--each", type=int, default=100, help="searches of each kind")
    parser.add_argument("--folder", help="where the stores are made; a million takes 10 GB")
    parser.add_argument("--keep", action="store_true", help="leave the stores there, and use those that are")
    options = parser.parse_args()
    known = stored.language(np.random.default_rng(1))
    for size in map(int, options.sizes.split(",")):
        home = (
            Path(options.folder or tempfile.gettempdir(), f"search-{size}")
            if options.keep
            else Path(tempfile.mkdtemp(dir=options.folder))
        )
        try:
            if not (home / WHOLE).exists():
                began = time.perf_counter()
                index, texts, seconds = build(home, known, size)
                print(f"\n{size:,} articles, made in {time.perf_counter() - began:.0f} s")
                (home / WHOLE).touch()
                print(f"  index {index:,.0f} bytes an article, texts {texts:,.0f}, {1000 * seconds:.2f} ms to write both in bulk")
            if options.each:
                report(home, known, size, options.each)
        finally:
            if not options.keep:
                shutil.rmtree(home)


def edit(books: keeping.Store, articles: int) -> str:
    """What it costs that articles are edited, and what a search of all older versions would cost that had no index."""
    connection, cpu, scanned = books._connection, 0.0, 0.0
    before, capture = (connection.execute(f"SELECT max(id) FROM {table}").fetchone()[0] for table in ("versions", "captures"))  # noqa: S608
    for article_id in range(1, articles + 1):
        row = connection.execute(
            "SELECT article, id FROM versions WHERE article_id = ? ORDER BY id DESC", (article_id,)
        ).fetchone()
        began = time.process_time()
        other = values.to_article(row["article"])
        queries.bare(other.text).find("khong co")
        scanned += time.process_time() - began
        head, *rest = other.blocks
        now = values.from_article(replace(other, blocks=(replace(head, text=head.text.replace(" ", " thêm ", 1)), *rest)))
        with books.transaction():
            connection.execute(
                "INSERT INTO captures(id, identity, captured_at, sha256, bytes, file, offset, length)"
                " VALUES (?, ?, '', '', 0, 'x', ?, 9)",
                (capture + article_id, other.identity, capture + article_id),
            )
            connection.execute(EDITED, (before + article_id, capture + article_id, now, row["id"]))
            connection.execute("UPDATE articles SET version_id = ? WHERE id = ?", (before + article_id, article_id))
            began = time.process_time()
            books.search.keep(article_id)
            cpu += time.process_time() - began
    sql = "SELECT avg(length(CAST(title || lead || body || outlet AS BLOB))) FROM edited_away"
    size = connection.execute(sql).fetchone()[0]
    return (
        f"  one more edit {1000 * cpu / articles:.2f} ms CPU, {size:.0f} bytes of what was edited away;"
        f" without an index a search would look at each older version for {1000 * scanned / articles:.2f} ms"
    )


def report(home: Path, known: stored.Language, size: int, each: int) -> None:
    with keeping.open_store(home) as books:
        books._connection.execute("PRAGMA foreign_keys = OFF")  # rows that refer to each other are written table by table
        print(f"\n{size:,} articles, SQLite {sqlite3.sqlite_version}; ms for {LIMIT} articles with their snippets")
        print(f"  {'':<26}" + "".join(f"{name:>9}" for name in ("p50", "p95", "p50 CPU", "p95 CPU", "most CPU", "found")))
        words, ranked, others = Took(), Took(), Took()
        for name, said in drawn(books, known, size, each):
            is_words = not re.search("phrase|level|month", name)
            print(measure(books, said, words if is_words else others).line(name), flush=True)
            if is_words:
                print(measure(books, said, ranked, relevance=True).line("  by relevance"), flush=True)
        print(words.line("words, newest first"))
        print(ranked.line("words, by relevance"))
        last = books._connection.execute("SELECT max(id) FROM captures").fetchone()[0]
        print(f"  indexing one more article {ingest(books, known, last, 500):.2f} ms CPU (at most 1)")
        print(edit(books, 500))


if __name__ == "__main__":
    main()
