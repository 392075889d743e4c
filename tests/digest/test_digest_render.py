"""What a reader sees, and that nothing from the web gets through as more than text."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from digest_samples import ANY_TEXT, NOW, ZONE, any_value, copy, evidence, flag, news, sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest import FORMATS, build, dump, load, render
from digest.render import _md
from model import Credit, Digest, Field, Level, News
from text import clean


def told(*found: News, **window: Any) -> Digest:
    return build(found, now=NOW, timezone=ZONE, **window)


def text_of(*found: News) -> str:
    return render(told(*found), "text")


# ---------------------------------------------------------------- text


def test_a_day_s_digest_as_text() -> None:
    lines = render(told(*sample()), "text").splitlines()
    assert lines[0] == "ASEAN in the Vietnamese press · digest of 22/11/2026 12:45 (Asia/Ho_Chi_Minh)"
    assert lines[1] == "5 articles: 3 core, 1 mention, 1 other; 1 copy of an earlier article (since the last digest)"
    headings = [one for one, under in pairwise(lines) if under and set(under) == {"="}]
    assert headings == ["ASEAN: core (3)", "ASEAN: mentions (1)", "Other news (1)", "Copies of earlier articles (1)"]
    assert all(len(line) <= 96 or "https://" in line for line in lines)


FULL = news(
    1,
    title="Tiêu đề mới",
    section="Kinh tế",
    lead="Từ " * 200,
    edited=True,
    old_title="Tiêu đề cũ",
    published=datetime(2024, 6, 18, 2, 47, tzinfo=UTC),
    credit=Credit(name="TTXVN", domain="baotintuc.vn"),
    origin_url="https://baotintuc.vn/a.htm",
    copies=(copy(2, outlet="Dân trí", title="Tiêu đề mới"), copy(3, outlet="VOV", title="Khác")),
)


@pytest.mark.parametrize(
    "line",
    [
        " 1. Tiêu đề mới",
        "    Báo Thế giới và Việt Nam · 18/06/2024 09:47 · Kinh tế · edited 22/11/2026 12:45 · article 1",
        "    was: “Tiêu đề cũ”",
        "    copied from: TTXVN (baotintuc.vn) · https://baotintuc.vn/a.htm",
        "    also in: Dân trí · https://b2.vn/x",
        "    also in: VOV · “Khác” · https://b3.vn/x",
        "    https://baoquocte.vn/bai-1.html",
    ],
)
def test_an_item_says(line: str) -> None:
    assert line in text_of(FULL).splitlines()


def test_a_long_lead_is_shortened_and_wrapped() -> None:
    lead = [line for line in text_of(FULL).splitlines() if line.startswith("    Từ")]
    assert len(lead) > 1
    assert lead[-1].endswith("…")
    assert 250 < len(" ".join(line.strip() for line in lead)) <= 300


def test_an_undated_item_says_so() -> None:
    assert "· no date; first seen 22/11/2026 12:45 · article 1\n" in text_of(news(1, published=None))


UNKNOWN = {"outlet": None, "site": None, "url": None, "identity": "saved:a/002.txt"}


@pytest.mark.parametrize(
    ("changes", "outlet", "last"),
    [
        ({"outlet": None}, "baoquocte.vn", "https://baoquocte.vn/bai-1.html"),
        ({"outlet": None, "site": None, "url": "https://www.vov.vn/x"}, "vov.vn", "https://www.vov.vn/x"),
        (UNKNOWN | {"credit": Credit(name="Chinhphu.vn", domain=None)}, "Chinhphu.vn (as credited)", "saved file a/002.txt"),
        (UNKNOWN, "saved file a/002.txt", ""),
    ],
    ids=["the site", "the address's host", "a saved file that credits someone", "a saved file that credits nobody"],
)
def test_without_an_outlet_the_next_best_is_named(changes: dict[str, Any], outlet: str, last: str) -> None:
    lines = text_of(news(1, **changes)).splitlines()
    assert lines[7].startswith(f"    {outlet} · ")
    assert lines[-1].strip().endswith(last)
    assert sum("002.txt" in line for line in lines) == ("saved" in outlet + last)


def why(*flags: Any) -> list[str]:
    return [line.strip() for line in text_of(news(1, flags=flags)).splitlines() if "why:" in line]


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ([], "why: core 31.4"),
        ([evidence("asean", "ASEAN")], "why: core 31.4: “ASEAN”"),
        ([evidence("asean", "Asean", start=9), evidence("asean", "ASEAN", start=2)], "why: core 31.4: “ASEAN” ×2"),
        ([evidence("asean", "ASEAN"), evidence("asean", "ASEAN", Field.TITLE)], "why: core 31.4: “ASEAN” (title) ×2"),
        (
            [evidence("a", "A"), evidence("b", "B"), evidence("b", "B"), evidence("c", "C", Field.LEAD)],
            "why: core 31.4: “C” (lead), “B” ×2, “A”",
        ),
        ([evidence(r, r) for r in "abcdefg"], "why: core 31.4: “a”, “b”, “c”, “d”, “e”, “f”, “g”"),
        ([evidence(r, r) for r in "abcdefgh"], "why: core 31.4: “a”, “b”, “c”, “d”, “e”, “f”, +2 more"),
    ],
    ids=[
        "no span",
        "one",
        "as it first stands",
        "the strongest place",
        "strongest first",
        "seven are all told",
        "eight are six and more",
    ],
)
def test_why_names_the_strongest_matches(found: list[Any], reason: str) -> None:
    assert why(flag(Level.CORE, 31.44, *found)) == [reason]


def test_the_topic_is_named_where_there_is_more_than_one_and_the_level_that_placed_it_comes_first() -> None:
    two = flag(Level.MENTION, 90.0), flag(Level.CORE, 12.0, topic="bien-dong")
    assert why(*two) == ["why: bien-dong: core 12.0", "why: ASEAN: mention 90.0"]


def test_what_is_of_another_topic_is_never_told_as_asean() -> None:
    said = text_of(news(1, flags=(flag(Level.CORE, 12.0, topic="Lúa gạo"),)))
    assert "ASEAN" not in said
    assert said.startswith("Lúa gạo in the Vietnamese press")
    assert "\nLúa gạo: core (1)\n" in said
    assert "why: Lúa gạo: core 12.0" in said
    both = text_of(news(1, flags=(flag(Level.CORE, 12.0, topic="Lúa gạo"),)), news(2, flags=(flag(Level.CORE, 9.0),)))
    assert both.startswith("ASEAN, Lúa gạo in the Vietnamese press")
    assert "\nASEAN, Lúa gạo: core (2)\n" in both


@pytest.mark.parametrize(
    ("window", "line"),
    [
        ({}, "Nothing is new since the last digest."),
        ({"since": NOW}, "Nothing is new since 22/11/2026 12:45."),
        ({"since": NOW, "until": NOW}, "Nothing is new since 22/11/2026 12:45, until 22/11/2026 12:45."),
    ],
)
@pytest.mark.parametrize("format", ["text", "markdown", "html"])
def test_an_empty_digest_says_that_nothing_is_new(window: dict[str, Any], line: str, format: str) -> None:
    assert line in render(told(**window), format)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="no digest format 'pdf'; one of text, markdown, html, json"):
        render(told(), "pdf")


# ---------------------------------------------------------------- Markdown


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("Hợp tác ASEAN+3 (mở rộng) - 10%", "Hợp tác ASEAN+3 (mở rộng) - 10%"),
        ("[x](https://a.vn)", r"\[x\](https\://a.vn)"),
        ("![x](y)", r"\!\[x\](y)"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("*a* _b_ `c` ~d~ |e| \\", r"\*a\* \_b\_ \`c\` \~d\~ \|e\| " + "\\\\"),
        ("www.a.vn a@b.vn", r"www\.a.vn a\@b.vn"),
        ("- a", r"\- a"),
        ("+ a", r"\+ a"),
        ("=== a", r"\=== a"),
        ("# a #", r"\# a \#"),
        ("1. a", r"1\. a"),
        ("1) a", r"1\) a"),
        ("2026. a 1. b", r"2026\. a 1. b"),
    ],
)
def test_markdown_escapes_what_would_mean_something(line: str, written: str) -> None:
    assert _md(line) == written


def test_markdown_links_only_web_addresses_and_encodes_what_would_end_one() -> None:
    seen = render(told(news(1, url="https://a.vn/x (1)_&lt;.html?a=b&copy;c=d"), news(2, url="javascript:alert(1)")), "markdown")
    assert "[Bài 1](https://a.vn/x%20%281%29_&amp;lt;.html?a=b&amp;copy;c=d)" in seen
    assert "### 1. Bài 2\n" in seen
    assert "](javascript" not in seen


# ---------------------------------------------------------------- HTML


class Page(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", {}))

    @property
    def links(self) -> list[str]:
        return [attributes["href"] or "" for tag, attributes in self.tags if tag == "a"]


def page_of(*found: News) -> Page:
    return Page(render(told(*found), "html"))


TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "nav",
        "main",
        "section",
        "article",
        "footer",
        "div",
        "p",
        "ul",
        "li",
    ),
    *(
        "h1",
        "h2",
        "h3",
        "a",
        "span",
        "strong",
        "small",
        "time",
        "details",
        "summary",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ),
}
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "rel", "datetime", "scope", "tabindex", "role"),
    *("aria-label", "aria-labelledby"),
}


def test_html_asks_for_nothing_from_outside() -> None:
    page = page_of(*sample())
    policy = next(attributes["content"] for tag, attributes in page.tags if attributes.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert {tag for tag, _ in page.tags} <= TAGS
    assert "url(" not in render(told(*sample()), "html")


def test_html_has_its_headings_in_order_and_an_anchor_for_each_group() -> None:
    page = page_of(*sample())
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.links if link.startswith("#")} == {"core", "mention", "rest", "copies"} <= set(ids)


def test_html_times_are_for_machines_too_and_links_tell_no_one() -> None:
    page = page_of(FULL)
    assert [attributes["datetime"] for tag, attributes in page.tags if tag == "time"] == [
        "2026-11-22T12:45:00+07:00",
        "2024-06-18T09:47:00+07:00",
        "2026-11-22T12:45:00+07:00",
    ]
    outward = [attributes for tag, attributes in page.tags if tag == "a" and not (attributes["href"] or "").startswith("#")]
    assert len(outward) == 4
    assert all(attributes["rel"] == "noopener noreferrer nofollow" for attributes in outward)


def test_html_lists_every_match_with_its_place() -> None:
    found = [evidence("asean", "ASEAN", Field.TEXT, start) for start in (120, 300)] + [evidence("asean", "ASEAN", Field.TITLE, 7)]
    page = page_of(news(1, flags=(flag(Level.CORE, 9.0, *found),)))
    assert "title 7–12; text 120–125, 300–305" in page.text
    assert "Evidence: 3 matches" in page.text


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVa\nScript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "//a.vn/x",
        "http:a.vn",
        "ht\ntp://a.vn/x",
        "file:///etc/passwd",
        "https://",
        "https://[::1",
    ],
)
def test_html_shows_other_addresses_as_text(url: str) -> None:
    page = page_of(news(1, url=url, origin_url=url, copies=(copy(2, url=url),)))
    assert [link for link in page.links if link != "#rest"] == []
    assert page.text.count(clean(url)) == 3


# ---------------------------------------------------------------- JSON

ITEM = [
    *("article_id", "title", "outlet", "site", "url", "published", "first_seen", "changed", "edited", "old_title", "lead"),
    *("section", "level", "score", "flags", "credit", "origin_url", "copy_of", "copies", "edits", "story"),
]


def test_json_is_the_contract() -> None:
    written = json.loads(render(told(*sample(), since=NOW), "json"))
    assert list(written) == ["made", "timezone", "since", "until", "counts", "groups", "events"]
    assert written["made"] == written["since"] == "2026-11-22T12:45:00+07:00"
    assert written["until"] is None
    assert written["counts"] == {
        "articles": 5,
        "core": 3,
        "related": 0,
        "mention": 1,
        "rest": 1,
        "copies": 1,
        "minor": 0,
        "edited": 1,
    }
    assert [list(group) for group in written["groups"]] == [["name", "items"]] * 4
    assert all(list(one) == ITEM for group in written["groups"] for one in group["items"])


def test_json_tells_an_item_whole() -> None:
    span = evidence("asean", "ASEAN", Field.TITLE, 3)
    given = replace(FULL, flags=(flag(Level.MENTION, 50.0), flag(Level.CORE, 9.5, span)))
    [item] = json.loads(render(told(given), "json"))["groups"][0]["items"]
    assert (item["level"], item["score"], item["lead"]) == ("core", 9.5, FULL.lead)
    assert item["published"] == "2024-06-18T09:47:00+07:00"
    assert item["credit"] == {"name": "TTXVN", "domain": "baotintuc.vn"}
    assert item["flags"][1] == {
        "topic": "ASEAN",
        "level": "core",
        "score": 9.5,
        "rules": "3f2a",
        "evidence": [{"rule": "asean", "text": "ASEAN", "field": "title", "start": 3, "end": 8}],
        "why": [],
        "near": [],
    }
    assert item["copies"][0] == {
        "article_id": 2,
        "title": "Tiêu đề mới",
        "outlet": "Dân trí",
        "url": "https://b2.vn/x",
        "first_seen": "2026-11-22T12:45:00+07:00",
    }


def test_json_keeps_letters_and_hides_nothing() -> None:
    written = render(told(news(1, title="Đỗ\x9b31m\u202e\x7f\U000e0041", lead="\ud800")), "json")
    assert '"title": "Đỗ\\u009b31m\\u202e\\u007f\\udb40\\udc41"' in written
    assert '"lead": "\ufffd"' in written
    assert written.endswith("}\n")


# ---------------------------------------------------------------- hostile texts, everywhere

HOSTILE = st.sampled_from(
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "javascript:alert(1)",
        "https://a.vn/\"onclick='x'<b>",
        "https://a.vn/) [x](javascript:alert(1)",
        "{{ 7 * 7 }}{% raw %}",
        "&lt;script&gt;&#60;b&#62;",
        "\x1b]0;owned\x07\x1b[31mred\x9b2J",
        "one\rtwo\x00\u2028three\u202eevil\u200b",
        "saved:\x1b[2J<i>",
        "]]><!-- --></style></title>",
        "# [x](https://evil.vn) ![y](z) `code` <https://evil.vn>",
        "\ud83d<\ude00",
        "copies",
    ]
)
DIGESTS = any_value(Digest, HOSTILE | ANY_TEXT).map(lambda digest: replace(digest, timezone=ZONE))
SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60, deadline=None)


@SLOW
@given(DIGESTS)
def test_text_never_carries_a_control_character(digest: Digest) -> None:
    seen = render(digest, "text")
    assert not [c for c in seen if c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert not set("\u200b\u202e\u2066\ufeff") & set(seen)


@SLOW
@given(DIGESTS)
def test_html_never_lets_a_text_become_markup(digest: Digest) -> None:
    page = Page(render(digest, "html"))
    assert {tag for tag, _ in page.tags} <= TAGS
    assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES
    assert all(
        re.match(r"https?://|#(core|related|mention|rest|copies|other|happened)$", link, re.IGNORECASE) for link in page.links
    )


@SLOW
@given(DIGESTS)
def test_markdown_never_lets_a_text_become_markup(digest: Digest) -> None:
    seen = render(digest, "markdown")
    assert "<" not in seen
    bare = re.sub(r"\\.", "", seen)  # what is left of the marks after the escaped ones
    targets = re.findall(r"\]\(([^)\s]*)\)", bare)
    assert bare.count("[") == bare.count("]") == len(targets)
    assert all(re.match("https?://", target, re.IGNORECASE) for target in targets)
    assert "`" not in bare


@SLOW
@given(DIGESTS)
def test_every_format_can_be_written_to_a_file_and_is_the_same_after_keeping(digest: Digest) -> None:
    again = load(dump(digest))
    for format in FORMATS:
        seen = render(digest, format)
        assert seen.encode().endswith(b"\n")
        assert render(again, format) == seen
    json.loads(render(digest, "json"))
