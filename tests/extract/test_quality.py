"""Floors under the reading of the golden pages: with the table of templates, and without it, as pages of sites never seen.

F1, precision and recall are over 4-grams of words, each page weighing the same. A false edit: the links outside the article say
something else, as they do on every visit, and the text read is not the same. A floor is raised, never lowered.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

import extract
from extract import families, golden
from extract.decode import decode
from model import Capture, ExtractError

PAGES = Path(__file__).parents[1] / "pages"
CASES = [case for case in golden.cases(PAGES) if case.fields and case.page.suffix == ".html"]
WORD = re.compile(r"\w+")
FLOORS = {"with": (0.999, 0.999, 0.999, 0.0), "without": (0.967, 0.958, 0.976, 0.03)}  # F1, precision, recall; most false edits


@pytest.fixture(params=FLOORS)
def table(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The table of templates as it ships, or one that knows no site."""
    if request.param == "without":
        known = families.load()
        unknown = families.Table(families=(), any=known.any, never=known.never, no_article=known.no_article)
        monkeypatch.setattr(families, "load", lambda: unknown)
    return str(request.param)


@cache
def page(number: int) -> str:
    return decode(CASES[number].page.read_bytes()).text


def truth(number: int) -> str:
    fields = CASES[number].fields
    assert fields is not None
    return "\n".join(block["text"] for block in fields["blocks"] if block["kind"] != "caption")


def text_of(page: str, url: str | None) -> str:
    captured = datetime(2026, 11, 22, tzinfo=UTC)
    try:
        return extract.read(Capture(identity="x", body=page.encode(), captured_at=captured, captured_exactly=True, url=url)).text
    except ExtractError:
        return ""


def grams(said: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(said)
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3)))


def scrambled(page: str, said: str) -> str:
    """The page with other words in its links, but for those inside the article."""
    tree = etree.fromstring(page.encode(), parser=etree.HTMLParser(encoding="utf-8"))
    inside = " ".join(WORD.findall(said))
    for link in tree.iter("a"):
        block = next(link.iterancestors("p", "li", "td", "h2", "h3", "blockquote", "div"), link)
        around = " ".join(WORD.findall(" ".join(block.itertext())))
        if around and around in inside:
            continue
        for node in link.iter(etree.Element):
            node.text = WORD.sub(lambda m: m[0][::-1].lower() + "q", node.text or "")
    return etree.tostring(tree, encoding="unicode", method="html", doctype="<!DOCTYPE html>")


def test_the_floors_hold(table: str) -> None:
    precision, recall, edits = [], [], []
    for number in range(len(CASES)):
        fields = CASES[number].fields or {}
        url = fields.get("url") if table == "with" else None
        found, expected = text_of(page(number), url), truth(number)
        mine, theirs = grams(expected), grams(found)
        shared = (mine & theirs).total()
        precision.append(shared / max(1, theirs.total()))
        recall.append(shared / max(1, mine.total()))
        edits.append(WORD.findall(text_of(scrambled(page(number), expected), url)) != WORD.findall(found))
    p, r = statistics.mean(precision), statistics.mean(recall)
    f1_floor, precision_floor, recall_floor, most_edits = FLOORS[table]
    told = f"F1 {2 * p * r / (p + r):.4f}, precision {p:.4f}, recall {r:.4f}, false edits {statistics.mean(edits):.3f}"
    assert 2 * p * r / (p + r) >= f1_floor, told
    assert p >= precision_floor, told
    assert r >= recall_floor, told
    assert statistics.mean(edits) <= most_edits, told
