"""What an answer means: a table."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.answers import Answer, outcome
from crawler.network import product_token, scrapy_settings
from model import Outcome
from tests.crawler.child import at, settings
from tests.site import STORIES, mastercms_article, vccorp_article

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
        pytest.param(
            {"url": "https://baoquocte.vn/dang-nhap?next=/x"}, Outcome.BLOCKED, id="sent on to a login, which is no removal"
        ),
        pytest.param({"url": "https://id.vnexpress.net/login.html"}, Outcome.BLOCKED, id="sent on to the login of another host"),
        pytest.param({"body": b""}, Outcome.FAILED, id="nothing at all with a 200"),
        pytest.param({"body": b"\xef\xbb\xbf \r\n\t\n"}, Outcome.FAILED, id="blanks with a 200"),
        pytest.param({"body": b" " * 50_000 + b"<p>x"}, Outcome.CAPTURED, id="a page behind many blanks"),
    ],
)
def test_outcome(changes: dict[str, Any], expected: Outcome) -> None:
    assert outcome(answer(**changes)) is expected


def answer(**changes: Any) -> Answer:
    usual = {
        "status": 200,
        "asked": URL,
        "url": URL,
        "content_type": "text/html; charset=utf-8",
        "challenged": False,
        "coded": False,
        "body": b"<html>x",
    }
    return Answer(**(usual | changes))


# ---------------------------------------------------------------- pages that stand in for another

INCAPSULA = (
    '<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"><script src="/_Incapsula_Resource?SWJIYLWA=1">'
    '</script></head><body><iframe src="/_Incapsula_Resource?CWUDNSAI=9&xinfo=1">Request unsuccessful. Incapsula incident ID: 1-2'
    "</iframe></body></html>"
)
LOGIN = (
    "<html><head><title>Đăng nhập</title></head><body><h1>Đăng nhập để đọc tiếp</h1><form>Email <input name=e>"
    'Mật khẩu <input name="p" type="password"> <a href="#">Quên mật khẩu?</a><button>Đăng nhập</button></form></body></html>'
)
STANDS_IN = {
    "Cloudflare's waiting room": "<html><head><title>Just a moment...</title></head><body>Enable JavaScript and cookies to continue"
    "<script>(function(){window._cf_chl_opt={cType:'managed'};})();</script></body></html>",
    "Cloudflare's refusal with a 200": "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>",
    "Incapsula": INCAPSULA,
    "D1N, which laodong sends": '<html><body><script>document.cookie="D1N=5f3c"+"; path=/";window.location.reload(true);</script></body></html>',
    "muid, which qdnd sends": "<script>document.cookie = 'muid_mly=7d1f;path=/'; location.href='/tin.html'</script>",
    "Cloudrity": '<html><head><title>Cloudrity</title></head><body><div id="cloudrity-check"></div></body></html>',
    "testcookie": '<script src="/aes.js"></script><script>document.cookie="__test="+toHex(slowAES.decrypt(c,2,a,b));location.href="/?i=1";</script>',
    "a script that sets a cookie of its own and reloads": "<html><head><script>var c=1;document.cookie='k='+c;location.reload()</script>"
    "</head><body><noscript>Xin bật JavaScript để xem trang này, trang web cần JavaScript</noscript></body></html>",
    "a page that sends itself for again at once": '<meta http-equiv="refresh" content="0"><p>Đang chuyển…</p>',
    "a page that refreshes to its own address": f'<META HTTP-EQUIV=Refresh CONTENT="1; URL={URL}?utm_source=x">',
    "a login wall": LOGIN,
    "a long challenge": "<title>Just a moment...</title><style>" + "a{b:c}" * 5_000 + "</style><p>Checking your browser",
}


@pytest.mark.parametrize("body", STANDS_IN.values(), ids=STANDS_IN.keys())
def test_a_page_that_stands_in_for_the_article_is_a_block(body: str) -> None:
    assert outcome(answer(body=body.encode())) is Outcome.BLOCKED


PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in STORIES[0].paragraphs)
WORDS = "Trang web dùng Cloudflare, Incapsula hoặc Cloudrity: _Incapsula_Resource, “Just a moment...”, document.cookie, password."
REAL = {
    "an article of MasterCMS": mastercms_article(STORIES[0], "https://baoquocte.vn", STORIES[1:3])(),
    "an article of VCCorp": vccorp_article(STORIES[1], "https://baochinhphu.vn", STORIES[2:4])(),
    "an article about challenge pages": f"<html><h1>Vì sao trang web bị chặn</h1><p>{WORDS}</p>{PARAGRAPHS}</html>",
    "an article of four lines about them that says it is one": f'<meta property="og:type" content="article"><h1>Tin vắn</h1><p>{WORDS}</p>',
    "an article with a login box": f'<html><div class="modal">{LOGIN}</div><h1>Tin</h1>{PARAGRAPHS}</html>',
    "a short article with a login box, in an article element": f"<html>{LOGIN}<article><h1>Tin</h1><p>Một đoạn ngắn.</p></article></html>",
    "an article whose scripts set cookies and go elsewhere": "<script>document.cookie='a=1';if(x)location.href='/m'</script>"
    + PARAGRAPHS,
    "a live report that loads itself anew": f'<meta http-equiv="refresh" content="300"><h1>Trực tiếp</h1>{PARAGRAPHS}',
    "a short live report": '<meta http-equiv="refresh" content="60"><h1>Trực tiếp</h1><p>Chưa có tin.</p>',
    "Cloudflare's script on a real page": f'<h1>Tin</h1>{PARAGRAPHS}<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>',
    "a page that sends its readers elsewhere, which is for the reader to judge": '<meta http-equiv="refresh" content="0;url=/khac">',
    "a photo page of hardly any text": "<html><h1>Ảnh</h1><img src=a.jpg><p>Chú thích</p></html>",
    "a change of password in the news": "<html><h1>Đổi password thế nào?</h1><p>Hãy đặt type=password cho ô nhập.</p></html>",
}


@pytest.mark.parametrize("body", REAL.values(), ids=REAL.keys())
def test_a_real_page_is_never_refused(body: str) -> None:
    assert outcome(answer(body=body.encode())) is Outcome.CAPTURED


@given(st.binary(max_size=400) | st.text(alphabet="<>/=\"' scriptmealnkcookidu.!-", max_size=400).map(str.encode))
def test_no_body_raises(body: bytes) -> None:
    for mark in (b"", b"<meta http-equiv=refresh content=", b"<link rel=canonical href="):
        outcome(answer(body=mark + body))


@pytest.mark.parametrize(
    "piece",
    [b"<", b"<meta ", b"<input ", b"<script>", b"<!--", b"<meta http-equiv=refresh ", b"<link rel=canonical ", b"<meta og:url "],
    ids=lambda piece: piece.decode(),
)
def test_a_page_of_open_tags_costs_no_time(piece: bytes) -> None:
    body = piece * (59_000 // len(piece) - 10) + b"password Cloudrity"
    before = time.perf_counter()
    outcome(answer(body=body))
    assert time.perf_counter() - before < 0.5


# ---------------------------------------------------------------- another page under the article's address

HOME = "https://baoquocte.vn/"


def page(canonical: str | None = None, og: str | None = None, more: str = "") -> bytes:
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    meta = f'<meta property="og:url" content="{og}"/>' if og else ""
    return f"<html><head><title>Báo</title>{link}{meta}{more}</head><body><h3>Tin mới</h3></body></html>".encode()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(page(HOME, HOME), Outcome.GONE, id="the front page by both of its names"),
        pytest.param(page(og=HOME.rstrip("/")), Outcome.GONE, id="the front page by og:url alone"),
        pytest.param(page(canonical="/"), Outcome.GONE, id="the front page by a relative address"),
        pytest.param(
            page("https://www.baoquocte.vn/tag/asean-1.tag"), Outcome.GONE, id="a list, on the same site by another host"
        ),
        pytest.param(page(URL, HOME), Outcome.CAPTURED, id="only one of two names is the front page's"),
        pytest.param(page(HOME, URL), Outcome.CAPTURED, id="only the other is"),
        pytest.param(page(URL + "?utm_source=rss"), Outcome.CAPTURED, id="its own address, tracked"),
        pytest.param(page("https://nhandan.vn/"), Outcome.CAPTURED, id="the front page of another site"),
        pytest.param(page("https://baoquocte.vn/ten-khac-654321.html"), Outcome.CAPTURED, id="another article"),
        pytest.param(
            page(HOME, HOME, '<meta property="og:type" content="article">'), Outcome.CAPTURED, id="a careless template: og:type"
        ),
        pytest.param(
            page(HOME, HOME, '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'),
            Outcome.CAPTURED,
            id="JSON-LD",
        ),
        pytest.param(page("http://[::1"), Outcome.CAPTURED, id="an address that cannot be read"),
        pytest.param(page(), Outcome.CAPTURED, id="no name at all"),
    ],
)
def test_the_front_page_under_an_articles_address_is_no_article(body: bytes, expected: Outcome) -> None:
    assert outcome(answer(body=body)) is expected


def test_a_front_page_that_was_asked_for_is_not_gone() -> None:
    assert outcome(answer(asked=HOME, url=HOME, body=page(HOME))) is Outcome.CAPTURED


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
    sources = [at(u, n, "feed", delay_seconds=d) for n, (u, d) in wanted.items()]
    made = scrapy_settings(sources, settings(delay_seconds=2.0))
    slots = made["DOWNLOAD_SLOTS"]
    assert {host: slot["delay"] for host, slot in slots.items()} == {"a.vn": 7.0, "b.vn": 0.5}
    assert made["DOWNLOAD_DELAY_JITTER"] == 0
    assert all(slot["jitter"] == 0 for slot in slots.values())
