"""Golden pages: a folder each under tests/pages/SITE/CASE/, page and expectation; adding one touches no Python file."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import pipeline
from crawler import saved
from digest import article
from extract import golden
from model import Failure

CASES = {case.name: case for case in golden.cases(Path(__file__).parents[1] / "pages")}
ARTICLES = [(name, field) for name, case in CASES.items() for field in case.fields or ()]
ERRORS = [name for name, case in CASES.items() if case.error]


@cache
def found(name: str) -> dict[str, Any] | Failure:
    """What the page reads as: its record, or the failure. Each page is read once."""
    (file,) = saved.find([str(CASES[name].page)])
    assert isinstance(file, saved.SavedFile)
    answer = pipeline.read(saved.load(file), [])
    return answer if isinstance(answer, Failure) else article.record(answer.article, answer.flags)


@pytest.mark.parametrize(("name", "field"), ARTICLES, ids=[f"{name}-{field}" for name, field in ARTICLES])
def test_a_golden_page_reads_as_expected(name: str, field: str) -> None:
    expected, read = CASES[name].fields, found(name)
    assert expected is not None
    assert not isinstance(read, Failure), read
    assert json.loads(json.dumps(read[field])) == expected[field]


@pytest.mark.parametrize("name", ERRORS)
def test_a_golden_page_that_is_no_article_is_refused(name: str) -> None:
    read = found(name)
    assert isinstance(read, Failure), f"was read as {read['title']!r}"
    assert read.kind == CASES[name].error


FAMILIES = {
    "MasterCMS": {"baoquocte", "thoidai", "congthuong", "thoibaonganhang", "thoibaotaichinh"},
    "VCCorp": {"baochinhphu", "xaydungchinhsach", "tuoitre", "thanhnien"},
    "hemera": {"nhandan", "vietnamplus", "tienphong", "plo"},
    "Next.js": {"vietnam.vn"},
    "others": {"vnexpress", "qdnd", "vov", "vovworld", "mofa", "baotintuc", "asean.org", "aseanvietnam", "phutrachnoidung"},
    "none": {"generic", "plain"},
}


@pytest.mark.parametrize("family", FAMILIES)
def test_there_are_golden_pages_of_each_family(family: str) -> None:
    assert {name.partition("/")[0] for name in CASES} >= FAMILIES[family]


def test_there_are_many_golden_pages_and_of_each_kind() -> None:
    assert len(CASES) >= 60
    kinds = Counter(case.error for case in CASES.values())
    assert set(kinds) >= {None, "list", "tag", "search", "video", "photo", "login", "error", "challenge", "spam", "no_article"}
    assert kinds["list"] >= 2
    assert kinds["challenge"] >= 2
    assert {case.page.suffix for case in CASES.values()} == {".html", ".txt"}


def test_no_two_golden_pages_share_a_paragraph() -> None:
    said = Counter(
        block["text"]
        for case in CASES.values()
        for block in (case.fields or {}).get("blocks", ())
        if block["kind"] == "paragraph"
    )
    assert [text for text, times in said.items() if times > 1] == []


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.fields])
def test_an_expectation_agrees_with_itself(name: str) -> None:
    fields = CASES[name].fields
    assert fields is not None
    texts = [block["text"] for block in fields["blocks"]]
    captions = [block["text"] for block in fields["blocks"] if block["kind"] == "caption"]
    assert fields["lead"] == texts[0]
    assert [image["caption"] for image in fields["images"] if image["caption"]] == captions
    assert fields["section"] == (fields["breadcrumb"][-1] if fields["breadcrumb"] else None)
    assert bool(fields["byline"]) or not fields["authors"]
    assert all(author.casefold() in fields["byline"].casefold() for author in fields["authors"])
    if claims := fields.get("published_claims"):
        assert fields["published"] == claims[0]["date"]


def test_differences_name_what_was_expected_and_found() -> None:
    record = {"title": "A", "tags": ("x", "y"), "lead": None}
    assert golden.differences({"title": "A", "tags": ["x", "y"]}, record) == {}
    assert golden.differences({"title": "B", "lead": None, "kicker": "K"}, record) == {"title": ("B", "A"), "kicker": ("K", None)}


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("baoquocte/amp", True),
        ("asean.org/a-1", True),
        ("amp", False),
        ("a/b/c", False),
        ("../x", False),
        ("A/b", False),
        ("a/", False),
        ("a/b\n", False),
    ],
)
def test_a_case_has_a_name_of_two_words(name: str, good: bool) -> None:
    assert golden.is_name(name) is good


def test_a_case_that_is_not_whole_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "page.html").write_text("<p>x</p>", encoding="utf-8")
    with pytest.raises(ValueError, match="needs one page"):
        golden.cases(tmp_path)
    (folder / "article.json").write_text('{"title": "x", "titel": "x"}', encoding="utf-8")
    with pytest.raises(ValueError, match="titel"):
        golden.cases(tmp_path)
