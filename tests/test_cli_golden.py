"""`diemtin golden add`: a saved page becomes a golden page of a checkout, and every mistake is told in one line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from extract import golden
from tests.commands import ROOT, SEEDS, Ended, diemtin

URL = "https://a.example.vn/tin/hoi-nghi-ve-nuoc-ngot-hop-tai-hue-88.html"
PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Hội nghị về nước ngọt họp tại Huế</title></head>
<body><article><h1>Hội nghị về nước ngọt họp tại Huế</h1>
<p>Sáng 8/5, đại biểu của mười tỉnh bàn cách chia sẻ nước ngọt giữa các hồ chứa trong những tháng khô nhất của năm.</p>
<p>Các tỉnh đồng ý gửi số liệu mực nước cho nhau mỗi sáng, và lập một nhóm trực chung từ tháng Sáu đến hết tháng Tám.</p>
</article></body></html>"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with tests/pages, and a saved page in it."""
    (tmp_path / "tests" / "pages").mkdir(parents=True)
    (tmp_path / "saved.html").write_text(PAGE, encoding="utf-8")
    return tmp_path


def add(checkout: Path, *words: str | Path) -> Ended:
    return diemtin(checkout / "home", "golden", "add", *words, cwd=checkout)


def test_it_has_help_with_an_example_and_stands_in_the_readme(tmp_path: Path) -> None:
    assert "diemtin golden add" in diemtin(tmp_path, "golden", "add", "--help").out.partition("Examples:")[2]
    for page in ("README.md", "CONTRIBUTING.md"):
        assert "diemtin golden add" in (ROOT / page).read_text(encoding="utf-8")


def test_a_saved_page_becomes_a_golden_page(checkout: Path) -> None:
    ended = add(checkout, "saved.html", "--as", "a/water", "--url", URL, "--captured", "2026-05-09T07:00")
    assert (ended.status, ended.err) == (0, "")
    assert "tests/pages/a/water: wrote page.html, page.html.json and article.json" in ended.out
    assert "Hold article.json against the page" in ended.out
    folder = checkout / "tests" / "pages" / "a" / "water"
    assert (folder / "page.html").read_text(encoding="utf-8") == PAGE
    sidecar = json.loads((folder / "page.html.json").read_text(encoding="utf-8"))
    assert sidecar == {"url": URL, "captured_at": "2026-05-09T07:00:00+07:00"}
    (case,) = golden.cases(checkout / "tests" / "pages")
    assert (case.name, case.error) == ("a/water", None)
    assert case.fields is not None
    assert list(case.fields) == list(golden.FIELDS)
    assert (case.fields["url"], case.fields["title"]) == (URL, "Hội nghị về nước ngọt họp tại Huế")
    (row,) = diemtin(checkout / "home", "extract", folder / "page.html", "--format", "jsonl").rows
    assert golden.differences(case.fields, row) == {}
    assert not (checkout / "home").exists()


def test_a_name_comes_from_the_address_and_the_file(checkout: Path) -> None:
    (checkout / "saved.html.json").write_text(json.dumps({"url": URL}), encoding="utf-8")
    assert add(checkout, "saved.html").status == 0
    assert [case.name for case in golden.cases(checkout / "tests" / "pages")] == ["a.example.vn/saved"]


def test_a_page_without_an_address_is_known_by_its_own_name(checkout: Path) -> None:
    packed = checkout / "dump.txt.gz"
    packed.write_bytes(gzip.compress((SEEDS / "003_a47c50ef6b43496d.txt").read_bytes()))
    assert add(checkout, packed, "--as", "plain/dump").status == 0
    (case,) = golden.cases(checkout / "tests" / "pages")
    assert case.fields is not None
    assert (case.page.name, case.fields["identity"], case.fields["url"]) == ("page.txt", "saved:page.txt", None)
    assert case.page.read_bytes() == (SEEDS / "003_a47c50ef6b43496d.txt").read_bytes()


def test_a_page_that_is_no_article_is_expected_to_fail(checkout: Path) -> None:
    (checkout / "empty.html").write_text("<html><body><p>Hết.</p></body></html>", encoding="utf-8")
    ended = add(checkout, "empty.html", "--as", "a/empty")
    assert ended.status == 0
    assert "reads as no article: no_article" in ended.out
    (case,) = golden.cases(checkout / "tests" / "pages")
    assert (case.fields, case.error) == (None, "no_article")


def test_a_golden_page_is_replaced_only_by_force(checkout: Path) -> None:
    assert add(checkout, "saved.html", "--as", "a/b").status == 0
    (checkout / "saved.html").write_text("<html><body><p>Hết.</p></body></html>", encoding="utf-8")
    refused = add(checkout, "saved.html", "--as", "a/b")
    assert refused.status == 1
    assert refused.err == "diemtin: tests/pages/a/b: is there already; --force replaces it\n"
    assert golden.cases(checkout / "tests" / "pages")[0].fields is not None
    assert add(checkout, "saved.html", "--as", "a/b", "--force").status == 0
    assert golden.cases(checkout / "tests" / "pages")[0].error == "no_article"


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("nothing.html", "--as", "a/b"), 1, "nothing.html: cannot be read"),
        (("tests", "--as", "a/b"), 1, "tests: is a folder"),
        (("saved.html",), 2, "the page names no address"),
        (("saved.html", "--as", "only-one"), 2, "'only-one' is no name"),
        (("saved.html", "--as", "../up/b"), 2, "'../up/b' is no name"),
        (("saved.html", "--as", "a/b", "--url", "a.example.vn"), 2, "'a.example.vn' is no web address"),
        (("saved.html", "--as", "a/b", "--captured", "yesterday"), 2, "'yesterday' is no time"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(checkout: Path, words: tuple[str, ...], status: int, told: str) -> None:
    ended = add(checkout, *words)
    assert (ended.status, ended.out) == (status, "")
    assert told in ended.err.splitlines()[-1]
    assert list((checkout / "tests" / "pages").iterdir()) == []


def test_outside_a_checkout_it_says_so(checkout: Path) -> None:
    (checkout / "tests" / "pages").rmdir()
    ended = add(checkout, "saved.html", "--as", "a/b")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "diemtin: tests/pages: is not here; run this in a checkout of diemtin\n"
