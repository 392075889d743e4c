"""Edits and stories as a person sees them: diff, story and show, on the owner's pages and what was made of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests import retold
from tests.commands import ROOT, diemtin

SEEN = re.compile(r"seen \d\d/\d\d/\d{4} \d\d:\d\d")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("retold")
    retold.story(folder / "pages")
    for after in (False, True):
        retold.edited(folder / "edited", after=after)
        assert diemtin(folder / "home", "reprocess", folder / "edited").status == 0
    assert diemtin(folder / "home", "reprocess", folder / "pages").out == "4 pages: 3 new, 1 copy\n"
    return folder / "home"


def is_what_readme_shows(printed: str, first: str) -> None:
    """README's sample that begins with this line is what is printed, where `[…]` stands for lines that it leaves out."""
    readme = SEEN.sub("seen", (ROOT / "README.md").read_text(encoding="utf-8")).split("```\n")
    (sample,) = [block for block in readme if block.startswith(first)]
    printed = SEEN.sub("seen", printed)
    position = 0
    for line in sample.strip("\n").split("\n"):
        if line.strip() != "[…]":
            position = printed.index(line + "\n", position)


def test_a_diff_as_readme_shows_it(home: Path) -> None:
    printed = diemtin(home, "diff", "1").out
    assert "[-807-]{+870+}" in printed
    assert "[-Bên cạnh đó-]{+Ngoài ra+}, Lào cũng {+góp phần+} thúc đẩy" in printed
    is_what_readme_shows(printed, "Lan toả")


def test_a_spread_as_readme_shows_it(home: Path) -> None:
    printed = diemtin(home, "story", "2").out
    assert printed.startswith("Story of 4 articles. First, as far as is known: Báo Thế giới và Việt Nam (sure).\n")
    assert "3 h 33 min later" in printed
    assert "retitled" in printed
    assert f"+ {retold.OWN[0][:40]}" in printed
    is_what_readme_shows(printed, "Story of 4")


def test_show_prints_versions_with_their_kinds_the_diff_and_the_story(home: Path) -> None:
    said = diemtin(home, "show", "1").out
    assert re.search(
        r"version  2 of \d\d/\d\d/\d{4} \d\d:\d\d, \d+ words: number, removed, reworded \(35 words\) \(current\)", said
    )
    assert "From version 1 to 2, 35 words changed:" in said
    assert "[-34%-]{+43%+}" in said
    other = diemtin(home, "show", "3").out
    assert "Story of 4 articles." in other
    record = json.loads(diemtin(home, "show", "1", "--format", "json").out)
    assert record["versions"][1]["edit"]["kinds"] == ["number", "removed", "reworded"]
    assert record["diff"]["words"] == 35
    assert record["story"] is None


def test_a_diff_and_a_story_as_pages_that_run_nothing(home: Path, tmp_path: Path) -> None:
    for words in (("diff", "1"), ("story", "4")):
        path = tmp_path / f"{words[0]}.html"
        assert diemtin(home, *words, "--format", "html", "--output", path).out == ""
        page = path.read_text(encoding="utf-8")
        assert "default-src 'none'" in page
        assert not re.search(r"<script|<img|<iframe| on\w+=|src=", page)
        assert "<ins>" in page
        assert "<del>" in page


def test_a_diff_names_the_versions_and_their_order_is_the_persons(home: Path) -> None:
    back = json.loads(diemtin(home, "diff", "1", "2", "1", "--format", "json").out)
    forth = json.loads(diemtin(home, "diff", "1", "1", "2", "--format", "json").out)
    assert (back["words"], forth["words"]) == (35, 35)
    assert [line["old"] for line in back["lines"]] == [line["new"] for line in forth["lines"]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("diff", "2"), "article 2: has one version; there is nothing to compare it with"),
        (("diff", "1", "3", "1"), "version 3 of article 1: is not in the store"),
        (("diff", "99"), "article 99: is not in the store"),
        (("story", "1"), "article 1: is in no story: no other article has its text, or most of it"),
        (("story", "99"), "article 99: is not in the store"),
    ],
)
def test_what_cannot_be_shown_is_said_in_one_line(home: Path, words: tuple[str, ...], said: str) -> None:
    ended = diemtin(home, *words)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith(f"diemtin: {said}")
    assert ended.err.count("\n") == 1


def test_colours_are_for_terminals_alone(home: Path) -> None:
    assert "\x1b" not in diemtin(home, "diff", "1").out
    assert "\x1b" not in diemtin(home, "show", "1").out
