"""Addresses: one article, one identity; lists are no articles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import urls

BAOQUOCTE = "https://baoquocte.vn/viet-nam-lao-song-hanh-chat-che-297921.html"


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        (BAOQUOCTE, "baoquocte.vn/297921"),
        ("https://id.baoquocte.vn/slug-moi-297921.html", "baoquocte.vn/297921"),
        ("http://www.baoquocte.vn./x-297921.html&mobile=yes&amp=1", "baoquocte.vn/297921"),
        (BAOQUOCTE + "?utm_source=zalo#:~:text=x", "baoquocte.vn/297921"),
        ("https://baochinhphu.vn/quoc-te/hoi-nghi-102260905133000123.htm", "baochinhphu.vn/102260905133000123"),
        ("https://nhandan.vn/a-b-post900123.html", "nhandan.vn/900123"),
        ("https://www.vietnamplus.vn/a-b-post1.vnp", "vietnamplus.vn/1"),
        ("https://m.vovworld.vn/vi-VN/chinh-tri/a-b-123456.vov", "vovworld.vn/123456"),
        ("https://www.qdnd.vn/chinh-tri/tin-tuc/a-b-659871", "qdnd.vn/659871"),
        ("https://baomoi.com/a-b-c51569519.epi", "baomoi.com/51569519"),
        ("https://www.vietnam.vn/lan-toa-tinh-than-ket-noi/", "vietnam.vn/lan-toa-tinh-than-ket-noi"),
        ("https://asean.org/asean-statement-2024/?b=2&a=1&fbclid=x", "asean.org/asean-statement-2024?a=1&b=2"),
        ("https://a.vn/chuyen-cua-nam-2024.html", "a.vn/chuyen-cua-nam-2024.html"),
        ("http://127.0.0.1:8080/a//b/?", "127.0.0.1:8080/a/b"),
        ("https://a.vn/%E1%BB%99", "a.vn/%E1%BB%99"),
        ("https://a.vn/ộ", "a.vn/%E1%BB%99"),
    ],
)
def test_one_article_has_one_identity(url: str, identity: str) -> None:
    assert urls.identity(url) == identity


@pytest.mark.parametrize(
    "url",
    [
        BAOQUOCTE,
        "https://baochinhphu.vn/quoc-te/hoi-nghi-102260905133000123.htm",
        "https://www.vietnam.vn/lan-toa-tinh-than-ket-noi",
        "https://a.vn/bai-viet-ve-tim-kiem-cuu-nan.html",
    ],
)
def test_an_article(url: str) -> None:
    assert urls.is_article(url)
    assert not urls.is_list(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://baoquocte.vn/",
        "https://baoquocte.vn/thoi-su/viet-nam-va-asean&s_cond=&BRSR=15",
        "https://baoquocte.vn/tag/asean-12.tag",
        "https://baochinhphu.vn/timelinelist/1027/2.htm",
        "https://nhandan.vn/asean-tag63768.html",
        "https://a.vn/danh-muc?page=2",
        "https://a.vn/rss/home.rss",
        "https://a.vn/sitemap.xml",
    ],
)
def test_a_list(url: str) -> None:
    assert urls.is_list(url)
    assert not urls.is_article(url)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//a.vn/x", "", "http://", "https://[::1", "mailto:a@b"],
)
def test_what_is_no_web_address(url: str) -> None:
    assert not urls.is_web(url)
    assert not urls.is_article(url)


@given(st.text(max_size=80) | st.from_regex(r"https?://[a-z.]{1,12}(:\d{1,6})?/[\w%&?=/.-]{0,30}", fullmatch=True))
def test_any_text_is_taken_and_a_key_is_its_own_key(url: str) -> None:
    key = urls.canonical_key(url)
    assert urls.canonical_key(f"https://{key}") == key or not urls.is_web(url)
    urls.identity(url)
    urls.is_list(url)
    urls.same_site(url, key)
