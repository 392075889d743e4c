"""A story in words, and that nothing from the web gets through as more than text."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from digest_samples import ANY_TEXT, ZONE, any_value
from hypothesis import given, settings
from hypothesis import strategies as st
from test_digest_render import ATTRIBUTES, HOSTILE, SLOW, TAGS, Page

from digest import changes, story
from model import Carrying, Confidence, Diff, Origin, Story

FIRST = Carrying(
    article_id=1,
    outlet="Báo A",
    title="Bản gốc",
    url="https://a.vn/1",
    published=datetime(2026, 11, 22, 1, tzinfo=UTC),
    first_seen=datetime(2026, 11, 22, 2, tzinfo=UTC),
    named=None,
)


def other(**fields: Any) -> Carrying:
    return replace(FIRST, article_id=2, outlet="Báo B", **fields)


def told(*others: Carrying, **fields: Any) -> str:
    origin = Origin(article_id=1, confidence=Confidence.LIKELY, evidence=("the earliest time of publication",), **fields)
    return story.render(Story(story_id=7, origin=origin, carriers=(FIRST, *others)), "text", ZONE)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        pytest.param({"delay": 5700.0}, "1 h 35 min later", id="hours and minutes"),
        pytest.param({"delay": 180_000.0}, "2 d 2 h later", id="days and hours"),
        pytest.param({"delay": 0.0}, "at the same time", id="none"),
        pytest.param({"delay": -600.0}, "10 min earlier", id="a copy that is dated before its origin"),
        pytest.param({"delay": 7200.0, "is_by_sight": True}, "seen 2 h later", id="by sight"),
        pytest.param({"delay": 60.0, "one_text": True}, "the same text", id="one text"),
        pytest.param(
            {"delay": 60.0, "kept": 0.5, "cut": 3, "changed": 1, "retitled": True},
            "keeps 50 % of it; retitled; sentences: 3 cut, 1 changed",
            id="cut",
        ),
        pytest.param({"delay": 60.0, "added": 2, "own": 0.25}, "sentences: 2 added; 25 % of it its own", id="added"),
        pytest.param({"delay": 60.0, "named": "Báo A · a.vn/1"}, "names Báo A · a.vn/1 as its source", id="named"),
        pytest.param({"delay": 60.0, "cut": 9, "cut_said": ("Một câu.",)}, "- (8 more)", id="more than are named"),
    ],
)
def test_what_a_paper_made_of_it_is_said(made: dict[str, Any], said: str) -> None:
    assert said in told(other(**made))


def test_a_source_that_was_not_captured_is_named() -> None:
    assert "The texts name TTXVN, which was not captured." in told(other(delay=60.0), declared="TTXVN").replace("\n", " ")


def test_json_is_the_contract() -> None:
    written = json.loads(
        story.render(
            Story(
                story_id=7,
                origin=Origin(article_id=1, confidence=Confidence.SURE, evidence=()),
                carriers=(FIRST, other(delay=60.0)),
            ),
            "json",
            ZONE,
        )
    )
    assert list(written) == ["story_id", "origin", "carriers"]
    assert written["carriers"][0]["delay"] is None
    assert written["carriers"][1]["published"] == "2026-11-22T01:00:00+00:00"


def test_there_is_no_other_format() -> None:
    with pytest.raises(ValueError, match="no story format 'pdf'"):
        story.render(Story(story_id=1, origin=any_origin(), carriers=(FIRST,)), "pdf", ZONE)


def any_origin() -> Origin:
    return Origin(article_id=1, confidence=Confidence.SURE, evidence=())


# A delay is a difference of two times, and a share is one of sentences: neither is infinite.
CARRYING = st.builds(
    lambda one, delay, share: replace(one, delay=delay, kept=share, own=share),
    any_value(Carrying, HOSTILE | ANY_TEXT),
    st.none() | st.floats(-1e9, 1e9),
    st.floats(0, 1),
)
STORIES = st.builds(
    Story,
    story_id=st.integers(1, 9),
    origin=any_value(Origin, HOSTILE | ANY_TEXT),
    carriers=st.lists(CARRYING, min_size=1).map(tuple),
)
MORE = {*TAGS, "ins", "del"}


@SLOW
@given(STORIES)
def test_text_never_carries_a_control_character(given_story: Story) -> None:
    seen = story.render(given_story, "text", ZONE)
    assert not [c for c in seen if c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]


@SLOW
@given(STORIES)
def test_html_never_lets_a_text_become_markup(given_story: Story) -> None:
    page = Page(story.render(given_story, "html", ZONE))
    assert {tag for tag, _ in page.tags} <= MORE
    assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES
    assert all(link.lower().startswith(("http://", "https://")) for link in page.links)


@settings(SLOW, max_examples=40)
@given(any_value(Diff, HOSTILE | ANY_TEXT), HOSTILE)
def test_a_diff_s_page_never_lets_a_text_become_markup(diff: Diff, title: str) -> None:
    page = Page(changes.page(diff, title, title))
    assert {tag for tag, _ in page.tags} <= {*MORE, "div", "span"}
    assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES
