"""How well the shipped rules flag 318 labelled texts, a third of which were written before the rules and kept from them. Floors.

The labels are ours: core, the text is about ASEAN; related, it has a part in it beside something else; mention, it is named; sport.
"""

from __future__ import annotations

import time

import pytest

from bench import topics as bench
from track import topics

ASEAN = topics.load((bench.ROOT / "topics" / "asean.toml").read_text(encoding="utf-8"), "asean.toml")
LEVELS = {"core", "related", "mention", "sport", "none"}
GROUPS = "politics economy sport weather advert bilateral sea abbreviation unaccented english culture"


def test_the_texts_are_what_they_say() -> None:
    sets = [bench.texts(name) for name in bench.SETS]
    rows = [row for one in sets for row in one]
    assert len(rows) >= 300
    assert len(sets[1]) * 3 >= len(rows)
    assert {row["level"] for row in rows} == LEVELS
    for one in sets:
        assert {row["group"] for row in one} == set(GROUPS.split())
    assert len({row["title"] for row in rows}) == len({row["text"] for row in rows}) == len(rows)
    said = " ".join(row["title"] + row["text"] for row in rows if row["level"] != "core")
    assert all(word in said for word in ("AFF", "AEC", "ACB", "AIA", "ATM", "COC", "DOC", "SOM", "TAC", "ABAC"))


def test_the_fresh_texts_are_of_every_level_and_none_is_an_older_one() -> None:
    rows = [row for name in bench.FRESH for row in bench.texts(name)]
    assert len(rows) >= 80
    assert all({row["level"] for row in bench.texts(name)} == LEVELS for name in bench.FRESH)
    older = {row["title"] for name in bench.SETS for row in bench.texts(name)}
    assert len({row["title"] for row in rows} - older) == len(rows)
    assert {row["group"] for row in rows} <= set(GROUPS.split())


@pytest.mark.parametrize("name", bench.SETS)
def test_core_is_found_and_nothing_else_is_taken_for_it(name: str) -> None:
    pairs = bench.judged(bench.texts(name), ASEAN)
    precision, recall = bench.core(pairs)
    assert precision >= 0.97
    assert recall >= 0.97
    assert sum(a == b for a, b in pairs) / len(pairs) >= 0.95


def test_an_article_of_700_words_takes_less_than_a_millisecond() -> None:
    assert sum(rule.spelled for rule in ASEAN.rules) >= 500
    lines = [line for row in bench.texts("tuned") for line in row["text"].split("\n")]
    article = bench.article({"title": "ASEAN", "text": "\n".join(lines[:45]), "published": "2025-10-01"})
    assert len(article.text.split()) > 700
    best = 1.0
    for _ in range(40):
        start = time.process_time()
        for _ in range(5):
            topics.flag(article, [ASEAN])
        best = min(best, (time.process_time() - start) / 5)
    assert best < 0.001
