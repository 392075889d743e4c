"""What an answer means: a table."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.answers import Answer, outcome
from crawler.network import product_token, scrapy_settings
from model import Outcome, Source, SourceKind
from tests.crawler.child import settings

URL = "https://baoquocte.vn/mot-tin-ve-asean-123456.html"
LONG = b"<html>" + b"x" * 30_000


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, Outcome.CAPTURED, id="a page"),
        pytest.param({"content_type": ""}, Outcome.CAPTURED, id="a page that does not say its type"),
        pytest.param({"content_type": "Application/XHTML+XML"}, Outcome.CAPTURED, id="xhtml"),
        pytest.param({"content_type": "application/pdf"}, Outcome.NOT_HTML, id="a document"),
        pytest.param({"coded": True}, Outcome.NOT_HTML, id="a coding that nobody knows"),
        pytest.param({"status": 401}, Outcome.BLOCKED, id="401"),
        pytest.param({"status": 403}, Outcome.BLOCKED, id="403"),
        pytest.param({"status": 429}, Outcome.BLOCKED, id="429"),
        pytest.param({"status": 451}, Outcome.BLOCKED, id="451"),
        pytest.param({"status": 503, "challenged": True}, Outcome.BLOCKED, id="a challenge by its header"),
        pytest.param({"body": b"<title>Just a moment...</title>"}, Outcome.BLOCKED, id="a challenge that says 200"),
        pytest.param({"body": b'<script>document.cookie="D1N=1"'}, Outcome.BLOCKED, id="a cookie gate that says 200"),
        pytest.param({"body": LONG + b"_Incapsula_Resource"}, Outcome.CAPTURED, id="a long page with the mark of a challenge"),
        pytest.param({"status": 404}, Outcome.GONE, id="404"),
        pytest.param({"status": 410}, Outcome.GONE, id="410"),
        pytest.param({"status": 500}, Outcome.FAILED, id="500"),
        pytest.param({"status": 302}, Outcome.FAILED, id="a redirect that could not be followed"),
        pytest.param({"status": 204}, Outcome.FAILED, id="no content"),
        pytest.param({"url": "https://baoquocte.vn/"}, Outcome.GONE, id="sent on to the front page"),
        pytest.param({"url": "https://baoquocte.vn/tag/asean-1.tag"}, Outcome.GONE, id="sent on to a list"),
        pytest.param({"url": "https://baoquocte.vn/ten-moi-123456.html"}, Outcome.CAPTURED, id="renamed"),
        pytest.param({"url": "https://nhandan.vn/mot-tin-post123456.html"}, Outcome.CAPTURED, id="moved to another site"),
    ],
)
def test_outcome(changes: dict[str, Any], expected: Outcome) -> None:
    usual = {
        "status": 200,
        "asked": URL,
        "url": URL,
        "content_type": "text/html; charset=utf-8",
        "challenged": False,
        "coded": False,
    }
    assert outcome(Answer(**({"body": b"<html>x"} | usual | changes))) is expected


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        ("diemtin/0.1 (press monitor for ASEAN affairs)", "diemtin"),
        ("my-bot", "my-bot"),
        ("Mozilla/5.0 (compatible; mybot/1.0)", "Mozilla/5.0 (compatible; mybot/1.0)"),
        ("123", "123"),
    ],
)
def test_a_robots_txt_is_read_for_the_product_and_not_for_words_of_the_comment(agent: str, token: str) -> None:
    assert product_token(agent) == token


def test_the_longest_delay_counts_where_sources_share_a_host() -> None:
    wanted = {
        "a": ("https://a.vn/1", None),
        "b": ("https://a.vn/2", 7.0),
        "c": ("https://b.vn/", 0.5),
        "d": ("https://a.vn:444/", 3.0),
    }
    sources = [Source(name=n, url=u, kind=SourceKind.FEED, delay_seconds=d) for n, (u, d) in wanted.items()]
    made = scrapy_settings(sources, settings(delay_seconds=2.0))
    slots = made["DOWNLOAD_SLOTS"]
    assert {host: slot["delay"] for host, slot in slots.items()} == {"a.vn": 7.0, "b.vn": 0.5}
    assert made["DOWNLOAD_DELAY_JITTER"] == 0
    assert all(slot["jitter"] == 0 for slot in slots.values())
