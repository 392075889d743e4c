"""How well topics/asean.toml flags the labelled texts of tests/topics, and what it costs. See README.md.

python bench/topics.py [--terms 500] [--words 700] [--wrong] [--rules FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from model import Article, Block, BlockKind, Certainty, DateClaim, DateSource  # noqa: E402
from track import topics  # noqa: E402

SETS = ("tuned", "held_out")
FRESH = ("fresh", "fresh_held")  # written after the rules: one half to mend them by, one that they were never held against


def texts(name: str) -> list[dict[str, Any]]:
    lines = (ROOT / "tests" / "topics" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def article(row: dict[str, Any]) -> Article:
    """A labelled text as the reader would give it: its first line is the lead."""
    published = datetime.fromisoformat(f"{row['published']}T08:00:00+07:00")
    return Article(
        identity="x",
        url=None,
        site=row.get("site"),
        outlet=None,
        title=row["title"],
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in row["text"].split("\n")),
        has_lead=True,
        section=row.get("section"),
        published_claims=(DateClaim(moment=published, source=DateSource.META, certainty=Certainty.SURE),),
    )


def judged(rows: Iterable[dict[str, Any]], topic: topics.Topic) -> list[tuple[str, str]]:
    """(level as labelled, as judged) of each text."""
    return [(row["level"], topics.explain(article(row), topic, whole=False).verdict) for row in rows]


def core(pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """(precision, recall) of the level core."""
    right = sum(a == b == "core" for a, b in pairs)
    return right / max(1, sum(b == "core" for _, b in pairs)), right / max(1, sum(a == "core" for a, _ in pairs))


def _quality(topic: topics.Topic, sets: Sequence[str], *, wrong: bool) -> None:
    for name in sets:
        rows = texts(name)
        pairs = judged(rows, topic)
        precision, recall = core(pairs)
        same = sum(a == b for a, b in pairs) / len(pairs)
        flagged = [(a in ("core", "related", "mention"), b in ("core", "related", "mention")) for a, b in pairs]
        lost, gained = sum(a and not b for a, b in flagged), sum(b and not a for a, b in flagged)
        print(
            f"{name}: {len(pairs)} texts; core precision {precision:.3f}, recall {recall:.3f}; the level as labelled {same:.3f};"
            f" flags missed {lost}, too many {gained}"
        )
        if wrong and name in ("tuned", "fresh"):  # what is held out is never looked at
            for row, (labelled, verdict) in zip(rows, pairs, strict=True):
                if labelled != verdict:
                    found = topics.explain(article(row), topic)
                    print(f"  {labelled} -> {verdict} {found.score:g}: {row['title']}")
                    print(f"      why: {'; '.join(found.why)}; near: {'; '.join(found.near)}")
                    print(f"      {[(m.evidence.rule, m.evidence.text, m.place, m.passing) for m in found.matched]}")
        print("  " + ", ".join(f"{a} as {b} {n}" for (a, b), n in sorted(Counter(pairs).items()) if a != b))


def _cost(source: str, terms: int, words: int) -> None:
    """CPU of judging one article, with so many phrases in the file."""
    topic = topics.load(source, "asean.toml")
    random = Random(1)  # noqa: S311 - invented articles
    syllables = sorted({word for row in texts("tuned") for word in row["text"].split() if word.isalpha()})
    more = [f'"{" ".join(random.choices(syllables, k=3))}"' for _ in range(max(0, terms - count(topic)))]
    if more:
        topic = topics.load(source + f'\n[[term]]\nrule = "more"\nweight = 1\nphrases = [{", ".join(more)}]\n', "asean.toml")
    rows = texts("tuned")
    articles = []
    for _ in range(200):
        lines: list[str] = []
        while sum(len(line.split()) for line in lines) < words:
            lines += random.choice(rows)["text"].split("\n")
        articles.append(article({"title": random.choice(rows)["title"], "text": "\n".join(lines), "published": "2025-10-01"}))
    best = 1e9
    for _ in range(7):
        start = time.process_time()
        for one in articles:
            topics.flag(one, [topic], date(2025, 10, 1))
        best = min(best, time.process_time() - start)
    whole = time.process_time()
    for one in articles:
        topics.explain(one, topic, date(2025, 10, 1))
    whole = time.process_time() - whole
    hits = sum(len(topics.explain(one, topic).matched) for one in articles) / len(articles)
    print(
        f"{count(topic)} phrases, articles of {words} words with {hits:.0f} matches:"
        f" {best / len(articles) * 1000:.2f} ms an article, explained {whole / len(articles) * 1000:.2f} ms"
    )


def count(topic: topics.Topic) -> int:
    return sum(rule.spelled for rule in topic.rules)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--terms", type=int, default=500)
    parser.add_argument("--words", type=int, default=700)
    parser.add_argument(
        "--wrong", action="store_true", help="name the texts that are judged wrong; of those held out only how many"
    )
    parser.add_argument(
        "--only", choices=SETS + FRESH, help="one set of texts alone: what is held out is not to be run while rules are tuned"
    )
    parser.add_argument("--rules", type=Path, default=ROOT / "topics" / "asean.toml")
    arguments = parser.parse_args()
    source = arguments.rules.read_text(encoding="utf-8")
    _quality(
        topics.load(source, arguments.rules.name), [arguments.only] if arguments.only else SETS + FRESH, wrong=arguments.wrong
    )
    _cost(source, arguments.terms, arguments.words)


if __name__ == "__main__":
    main()
