"""Addresses: one article, one identity; lists are no articles."""

from __future__ import annotations

import re
import time
from urllib.parse import quote, unquote, urlsplit

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
    ("copies", "identity"),
    [
        pytest.param(
            (
                BAOQUOCTE,
                "http://baoquocte.vn/viet-nam-lao-song-hanh-chat-che-297921.html",
                "https://www.baoquocte.vn/viet-nam-lao-song-hanh-chat-che-297921.html/",
                "https://id.baoquocte.vn/viet-nam-lao-song-hanh-chat-che-297921.html",
                "https://baoquocte.vn./viet-nam-lao-song-hanh-chat-che-297921.html",
                "https://m.baoquocte.vn/viet-nam-lao-song-hanh-chat-che-297921.html",
                BAOQUOCTE + "&mobile=yes&amp=1",
                BAOQUOCTE + "&mobile=yes",
                "https://baoquocte.vn/apicenter@/print_article&i=297921",
                BAOQUOCTE + "?rt=20241218&randTime=1",
                BAOQUOCTE + "#:~:text=ASEAN",
                BAOQUOCTE + "#commentpage",
                "https://baoquocte.vn/ten-moi-cua-bai-297921.html",
            ),
            "baoquocte.vn/297921",
            id="MasterCMS: mirror, telephone, AMP, print, slug that changed",
        ),
        pytest.param(
            (
                "https://baochinhphu.vn/mien-phi-xe-buyt-102260820101500330.htm",
                "https://baochinhphu.vn/print/mien-phi-xe-buyt-102260820101500330.htm",
                "https://baochinhphu.vn/xa-hoi/mien-phi-xe-buyt-102260820101500330.htm?gidzl=x&zarsrc=30",
                "https://m.baochinhphu.vn/amp/mien-phi-xe-buyt-102260820101500330.htm",
            ),
            "baochinhphu.vn/102260820101500330",
            id="VCCorp: print, sections, Zalo",
        ),
        pytest.param(
            ("https://vovworld.vn/vi-VN/chinh-tri/a-b-2206831.vov5", "https://m.vovworld.vn./vi-VN/chinh-tri/a-b-2206831.vov"),
            "vovworld.vn/2206831",
            id="vovworld: both endings",
        ),
        pytest.param(
            (
                "https://mofa.gov.vn/tin-chi-tiet/chi-tiet/visa-exemption-list-57163-596.html",
                "https://mofa.gov.vn/web/guest/tin-chi-tiet/chi-tiet/visa-exemption-list-57163-172.html",
                "https://mofa.gov.vn/web/ministry-of-foreign-affairs/detail/chi-tiet/visa-exemption-list-57163-591.html",
            ),
            "mofa.gov.vn/57163",
            id="mofa: the second number is the section's",
        ),
        pytest.param(
            (
                "https://baomoi.com/a-b/c/51569519.epi",
                "https://m.baomoi.com/a-b-c51569519.epi",
                "https://lite.baomoi.com/a-c51569519.epi",
            ),
            "baomoi.com/51569519",
            id="baomoi: old and new",
        ),
        pytest.param(
            (
                "https://a.vn/mot-bai-viet-dai",
                "https://a.vn/mot-bai-viet-dai/amp/",
                "https://a.vn/amp/mot-bai-viet-dai",
                "https://a.vn/print/mot-bai-viet-dai",
                "https://a.vn/mot-bai-viet-dai/index.html?amp=1&utm_medium=x&mc_cid=2",
                "https://amp.a.vn/mot-bai-viet-dai/?commentpage=2",
            ),
            "a.vn/mot-bai-viet-dai",
            id="elsewhere: AMP and print in the path",
        ),
        pytest.param(
            ("https://archive.vietnam.vn/?p=956763", "https://archive.vietnam.vn/index.html?p=956763&utm_source=x"),
            "archive.vietnam.vn/?p=956763",
            id="WordPress: the short link, which does not tell the slug",
        ),
    ],
)
def test_all_copies_of_an_article_have_its_identity(copies: tuple[str, ...], identity: str) -> None:
    assert {urls.identity(copy) for copy in copies} == {identity}
    assert all(urls.is_article(copy) for copy in copies)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("https://baoquocte.vn/a-297921.html", "https://en.baoquocte.vn/a-297921.html"),
        ("https://www.vietnam.vn/mot-bai-viet-dai", "https://www.vietnam.vn/en/mot-bai-viet-dai"),
        ("https://archive.vietnam.vn/?p=956763", "https://archive.vietnam.vn/?p=956764"),
        (
            "https://mofa.gov.vn/tin-chi-tiet/chi-tiet/cam-pu-chia-589.html",
            "https://mofa.gov.vn/tin-chi-tiet/chi-tiet/lao-589.html",
        ),
    ],
)
def test_two_articles_have_two_identities(one: str, two: str) -> None:
    assert urls.identity(one) != urls.identity(two)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://id.baoquocte.vn/a-297921.html&mobile=yes&amp=1", "https://baoquocte.vn/a-297921.html"),
        ("https://m.baoquocte.vn./a-297921.html?b=1&utm_source=x&a=%20#x", "https://baoquocte.vn/a-297921.html?b=1&a=%20"),
        ("https://www.baoquocte.vn/a-297921.html", "https://www.baoquocte.vn/a-297921.html"),
        ("http://en.baoquocte.vn/a-297921.html?fbclid", "http://en.baoquocte.vn/a-297921.html"),
        ("http://baoquocte.vn:8080/a-297921.html", "http://baoquocte.vn:8080/a-297921.html"),
    ],
)
def test_an_article_is_asked_for_at_the_front_door(url: str, asked: str) -> None:
    assert urls.clean(url, "https://baoquocte.vn/") == asked


@pytest.mark.parametrize(
    ("url", "copy"),
    [
        (BAOQUOCTE, False),
        ("https://www.baoquocte.vn/a-297921.html?page=2", False),
        ("https://id.baoquocte.vn/a-297921.html", True),
        (BAOQUOCTE + "&mobile=yes&amp=1", True),
        ("https://baoquocte.vn/apicenter@/print_article&i=297921", True),
        ("https://baochinhphu.vn/print/a-102260820101500330.htm", True),
        ("https://a.vn/?p=956763", True),
        ("https://a.vn/mot-bai-viet-dai/amp/", True),
        ("https://a.vn/mot-bai-viet-dai?amp", True),
        ("https://m.a.vn/mot-bai-viet-dai", True),
        ("https://m.vn/mot-bai-viet-dai", False),
    ],
)
def test_a_copy_is_told_from_the_article(url: str, copy: bool) -> None:
    assert urls.is_copy(url) is copy


@pytest.mark.parametrize(
    "url",
    [
        BAOQUOCTE,
        "https://baochinhphu.vn/quoc-te/hoi-nghi-102260905133000123.htm",
        "https://www.vietnam.vn/lan-toa-tinh-than-ket-noi",
        "https://thoidai.com.vn/lop-hoc-tieng-lao-ben-bo-song-ma-214377.html",
        "https://tuoitre.vn/nguoi-tre-20260613094512207.htm",
        "https://baotintuc.vn/the-gioi/tin-20251028141612415.htm",
        "https://baotintuc.vn/the-gioi/tin-n20150827151024123.htm",
        "https://cafef.vn/tin-188260613094512207.chn",
        "https://chinhphu.vn/thong-cao-bao-chi-phien-hop-88213.htm",
        "https://nhandan.vn/tin-post900123.html",
        "https://tienphong.vn/tin-post1702233.tpo",
        "https://www.vietnamplus.vn/tin/572514.vnp",
        "https://vov.vn/the-gioi/tin-544428.vov",
        "https://vov.vn/xa-hoi/tin-post1256336.vov",
        "https://vovworld.vn/vi-VN/chinh-tri/tin-2206831.vov5",
        "https://www.qdnd.vn/chinh-tri/tin-tuc/tin-659871",
        "https://mofa.gov.vn/tin-chi-tiet/chi-tiet/tin-58211-138.html",
        "https://th389.vn/mot-tin-ve-hang-gia-a183520.html",
        "https://baoquocte.vn/bao-dam-quyen-tim-kiem-va-cuu-nan-371204.html",
        "https://a.vn/bai-viet-ve-sitemap-va-tag-asean.html",
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
        "https://baochinhphu.vn/timelinetags/mot-the-rat-dai/2.htm",
        "https://baochinhphu.vn/chinh-sach-va-cuoc-song.htm",
        "https://baochinhphu.vn/phat-trien-kinh-te-so-1234.htm",
        "https://baochinhphu.vn/hoi-nghi-cap-cao-asean.html",
        "https://xaydungchinhsach.chinhphu.vn/chi-dao-quyet-dinh-cua-chinh-phu.htm",
        "https://baoquocte.vn/search_enginer.html?p=tim-kiem&q=asean",
        "https://baoquocte.vn/search_enginer.html",
        "https://baoquocte.vn/rss_feed/thoi-su/viet-nam-va-asean",
        "https://baoquocte.vn/chu-de/nam-chu-tich-asean.topic",
        "https://baoquocte.vn/tac-gia/nguoi-viet-bao-lau-nam",
        "https://baoquocte.vn/tu-khoa/hoi-nghi-cap-cao-asean",
        "https://a.vn/print-37.html",
        "https://a.vn/tin-ve-cac-nuoc-ptag.html",
        "https://a.vn/nguoi-viet-bao-lau-author12.html",
        "https://a.vn/author?keyword=nguoi",
        "https://a.vn/tin-ve-cac-nuoc-asean-p2",
        "https://a.vn/tin-ve-cac-nuoc-asean/p/2",
        "https://a.vn/tin-ve-cac-nuoc-asean/trang-2",
        "https://baotintuc.vn/tin-ve-cac-nuoc-472ct0.htm",
        "https://baotintuc.vn/tin-ve-cac-nuoc/trang-779.htm",
        "https://nhandan.vn/tag/asean+abac.html",
        "https://plo.vn/hoi-nghi-cap-cao-asean-topic123.html",
        "https://www.vietnam.vn/category/tin-tuc-trong-nuoc-va-quoc-te",
        "https://www.vietnam.vn/authors/bao-the-gioi-va-viet-nam",
        "https://a.vn/?p=tim-kiem",
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
    ("one", "two", "is_other"),
    [
        ("https://baoquocte.vn/a-123456.html", "https://baoquocte.vn/b-123456.html", False),
        ("https://baoquocte.vn/a-123456.html", "https://baoquocte.vn/a-123457.html", True),
        ("https://baoquocte.vn/apicenter@/print_article&i=123456", "https://baoquocte.vn/a-123456.html&mobile=yes&amp=1", False),
        ("https://a.vn/tin/mot-hai-ba-bon-54321.html", "https://a.vn/tin/mot-hai-ba-bon-54322.html", True),
        ("https://a.vn/tin/54321", "https://a.vn/tin/mot-hai-54321.html", False),
        ("https://a.vn/hoi-nghi-cap-cao-2025", "https://a.vn/hoi-nghi-cap-cao-2026", False),  # years
        ("https://a.vn/mot-hai-ba-bon-54321", "https://a.vn/mot-hai-ba-bon", False),
    ],
)
def test_two_numbers_are_two_articles(one: str, two: str, is_other: bool) -> None:
    assert urls.is_other(one, two) is is_other


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//a.vn/x", "", "http://", "https://[::1", "mailto:a@b"]
    + [f"http://a.vn:{port}/mot-hai-ba-bon-nam" for port in ("99999", "-1", "x", "0")]
    + ["http://a.vn/\ud800-mot-hai-ba-bon"],
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
    urls.is_copy(url)
    urls.is_other(url, key)
    urls.slug(url)
    cleaned = urls.clean(url, "https://a.vn/")
    assert urls.clean(cleaned, "https://a.vn/") == cleaned


def slow_path(path: str) -> str:
    """What a path is folded to, said by patterns that are short and too slow for addresses of strangers."""
    bare = re.sub(r"(?<=\.html)&[\w=&;.-]*$", "", quote(unquote(path), safe="/%:@!$&'()*+,;=~-._"))
    whole = re.sub(r"(?:/(?:amp|index\.html?))+/?$", "/", re.sub(r"/{2,}", "/", bare))
    return re.sub(r"^(?:/(?:amp|print))+(?=/[^/])", "", whole).rstrip("/") or "/"


PIECES = (
    "/",
    "//",
    "/amp",
    "/print",
    "/index.html",
    "/index.htm",
    ".html&",
    "&amp;",
    "amp",
    "-",
    "=1",
    "%20",
    "%2F",
    "%26",
    "/x",
    "a",
)


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_a_path_is_folded_as_its_patterns_say(path: str) -> None:
    url = f"https://a.vn/{path}"
    assert urls.canonical_key(url) == "a.vn" + slow_path(f"/{path}")
    bare = re.sub(r"(?<=\.html)&[\w=&;.-]*$", "", f"/{path}")
    assert urlsplit(urls.clean(url, "https://a.vn/")).path == bare
    assert urls.is_copy(url) or bare == f"/{path}"


@pytest.mark.parametrize("end", ["", "/x", "%20", "!"])
@pytest.mark.parametrize("host", ["a.vn", "baoquocte.vn", "baochinhphu.vn", "qdnd.vn"])
def test_no_address_costs_time(host: str, end: str) -> None:
    pieces = (
        *PIECES,
        "-1",
        "1",
        "-post1",
        "-tag1.",
        "-author1",
        "/detail/chi-tiet/",
        "-1234567",
        "/sitemap",
        "?a=b&",
        "&page=",
        "a.",
        ".a",
    )
    for piece in pieces:
        url = f"https://{host}/" + piece * (20_000 // len(piece)) + end
        before = time.process_time()
        for look in (urls.identity, urls.is_copy, urls.is_article, urls.is_list, urls.is_home, urls.site):
            look(url)
        urls.clean(url, "https://a.vn/")
        assert time.process_time() - before < 0.5, piece
