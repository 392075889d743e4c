"""Golden pages: a folder each under tests/pages/SITE/CASE/, page and expectation; adding one touches no Python file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import pipeline
from crawler import saved
from digest import article
from track import topics

ROOT = Path(__file__).parents[2]
CASES = sorted(path.parent for path in (ROOT / "tests" / "pages").rglob("article.json"))
RULES = [topics.load((ROOT / "topics" / "asean.toml").read_text(encoding="utf-8"), "asean.toml")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: "/".join(case.parts[-2:]))
def test_a_golden_page_reads_as_expected(case: Path) -> None:
    (page,) = (path for path in case.iterdir() if path.name.startswith("page.") and not path.name.endswith(".json"))
    (file,) = saved.find([str(page)])
    assert isinstance(file, saved.SavedFile)
    answer = pipeline.read(saved.load(file), RULES)
    assert isinstance(answer, pipeline.Reading), answer
    found = json.loads(json.dumps(article.record(answer.article, answer.flags)))
    expected = json.loads((case / "article.json").read_text(encoding="utf-8"))
    for name in expected.keys() - {"path"}:
        assert found[name] == expected[name], name


def test_there_are_golden_pages_of_each_family() -> None:
    assert {case.parts[-2] for case in CASES} >= {"baoquocte", "baochinhphu", "nhandan", "vietnam.vn", "plain"}
