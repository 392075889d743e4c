"""Finding articles in lists: pure, on bytes."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.lists import CHILDREN, Listing, Page, read
from model import Found, ListPage, Source, SourceKind
from tests.site import LINKS, STORIES, mastercms_list, rss, sitemap, sitemap_index, vccorp_list

SITE = "https://baoquocte.vn"
LIMIT = 1_000_000
PATHS = [SITE + story.mastercms_path for story in STORIES]
VIETNAM = timezone(timedelta(hours=7))


def listing(
    kind: str,
    body: str | bytes,
    *,
    url: str = f"{SITE}/thoi-su",
    home: str | None = None,
    answered: str | None = None,
    limit: int = LIMIT,
    since: datetime | None = None,
    **more: str,
) -> Listing:
    pages = (ListPage(url=url, kind=SourceKind(kind)),)
    source = Source(name="x", home=home or urljoin(url, "/"), pages=pages, **more)
    raw = body.encode() if isinstance(body, str) else body
    page = Page(url=answered or url, body=raw, kind=SourceKind(kind), content_type="text/html; charset=utf-8")
    return read(source, page, limit, since)


def addresses(found: Listing) -> tuple[str, ...]:
    return tuple(one.url for one in found.articles)


def html(*links: str) -> str:
    return "<html><body>" + "".join(f'<h3><a href="{link}">tin</a></h3>' for link in links) + "</body></html>"


# ---------------------------------------------------------------- section pages


def test_a_mastercms_list_gives_its_articles_in_order() -> None:
    assert listing("section", mastercms_list(STORIES, SITE), links=LINKS) == Listing(
        articles=tuple(Found(url=url) for url in PATHS)
    )


def test_a_vccorp_list_with_relative_links() -> None:
    found = listing(
        "section", vccorp_list(STORIES, ""), url="https://baochinhphu.vn/chinh-tri.htm", links="a.box-stream-link-title"
    )
    assert addresses(found) == tuple("https://baochinhphu.vn" + s.vccorp_path for s in STORIES)


def test_without_a_selector_navigation_tags_and_paging_are_left_out() -> None:
    assert addresses(listing("section", mastercms_list(STORIES, SITE))) == tuple(PATHS)


@pytest.mark.parametrize("links", ["h3.article-title", "h3.article-title a", "h3.article-title a::attr(href)"])
def test_a_selector_may_choose_the_box_the_link_or_its_address(links: str) -> None:
    assert addresses(listing("section", mastercms_list(STORIES, SITE), links=links)) == tuple(PATHS)


def test_one_article_is_listed_once_whatever_its_address_looks_like() -> None:
    copies = (
        "/mot-tin-ve-asean-123456.html",
        "/mot-tin-ve-asean-123456.html?utm_source=rss",
        "https://www.baoquocte.vn/mot-tin-ve-asean-123456.html#binh-luan",
        "/ten-khac-123456.html&mobile=yes&amp=1",
    )
    assert addresses(listing("section", html(*copies))) == (f"{SITE}/mot-tin-ve-asean-123456.html",)


def test_other_sites_and_other_schemes_are_left_out() -> None:
    links = (
        "https://thoidai.com.vn/mot-tin-ve-asean-123456.html",
        "javascript:alert(1)",
        "file:///etc/passwd-123456.html",
        "mailto:a@baoquocte.vn",
        "https://u:p@baoquocte.vn/mot-tin-ve-asean-123457.html",
        "https://[broken/tin-123458.html",
        "/" + "x" * 3000 + "-123459.html",
        "/mot-tin-that-su-ve-asean-123460.html",
    )
    assert addresses(listing("section", html(*links))) == (f"{SITE}/mot-tin-that-su-ve-asean-123460.html",)


def test_the_base_of_the_page_counts() -> None:
    body = f'<html><head><base href="{SITE}/en/"></head><body><a href="a-story-of-asean-123456.html">x</a></body></html>'
    assert addresses(listing("section", body)) == (f"{SITE}/en/a-story-of-asean-123456.html",)


def test_a_pattern_decides_alone() -> None:
    found = listing("section", html("/doc/1", "/xem/2", "/mot-tin-ve-asean-123456.html"), pattern=r"/doc/\d+")
    assert addresses(found) == (f"{SITE}/doc/1",)


@pytest.mark.parametrize(
    ("body", "more", "problem"),
    [
        pytest.param("<p>x</p>", {"links": "h3 a"}, "no links matched 'h3 a'", id="nothing matches"),
        pytest.param("<p>x</p>", {}, "the page has no links", id="no links"),
        pytest.param("", {}, "the page is empty", id="empty"),
        pytest.param(html("/chinh-tri"), {"links": "h3 a"}, "none of 1 addresses is of baoquocte.vn", id="no article among them"),
        pytest.param(html("/chinh-tri"), {"pattern": "x[0-9]"}, "matches the pattern 'x[0-9]'", id="no match of the pattern"),
        pytest.param(html("/x"), {"links": "h3 >"}, "the list cannot be read (SelectorSyntaxError", id="a wrong selector"),
    ],
)
def test_a_section_that_gives_nothing_says_why(body: str, more: dict[str, str], problem: str) -> None:
    found = listing("section", body, **more)
    assert found.articles == ()
    assert found.problem is not None
    assert problem in found.problem


def test_a_site_that_has_moved_is_named() -> None:
    found = listing("section", html("/mot-tin-ve-asean-123456.html"), answered="https://nhandan.vn/")
    assert "was answered by nhandan.vn" in str(found.problem)


# ---------------------------------------------------------------- feeds

ATOM = f"""<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>
<entry><title>một</title><link rel="alternate" href="{SITE}/tin/1"/><id>tag:1</id></entry>
<entry><title>hai</title><link href="/tin/2"/><id>tag:2</id></entry></feed>"""


def test_rss() -> None:
    assert addresses(listing("feed", rss(STORIES, SITE))) == tuple(PATHS)


def test_atom_with_a_relative_link_and_addresses_that_look_like_no_article() -> None:
    assert addresses(listing("feed", ATOM)) == (f"{SITE}/tin/1", f"{SITE}/tin/2")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(rss(STORIES, SITE).replace('encoding="utf-8"', 'encoding="utf-16"').encode(), id="says UTF-16, is UTF-8"),
        pytest.param(rss(STORIES, SITE).replace('encoding="utf-8"', 'encoding="utf-16"').encode("utf-16"), id="UTF-16"),
        pytest.param(b"\xef\xbb\xbf" + rss(STORIES, SITE).encode(), id="with a BOM"),
        pytest.param(b"\n\n" + rss(STORIES, SITE).encode(), id="with blank lines first"),
    ],
)
def test_feeds_with_the_encodings_that_are_seen(raw: bytes) -> None:
    assert addresses(listing("feed", raw)) == tuple(PATHS)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        pytest.param("<html><p>404</p></html>", "no RSS or Atom feed", id="a page"),
        pytest.param(rss([], SITE), "the feed has no entries", id="an empty feed"),
        pytest.param("/etc/passwd", "no RSS or Atom feed", id="bytes that look like a path are not opened"),
        pytest.param(rss(STORIES, "https://thoidai.com.vn"), "none of 6 addresses", id="entries of another site"),
    ],
)
def test_a_feed_that_gives_nothing_says_why(body: str, problem: str) -> None:
    assert problem in str(listing("feed", body).problem)


# ---------------------------------------------------------------- sitemaps


def day(n: int) -> datetime:
    return datetime(2026, 3, n, tzinfo=UTC)


def test_a_sitemap_gives_the_newest_first() -> None:
    entries = dict(zip(PATHS, (None, day(1), day(3), None, day(2), day(4)), strict=True))
    assert addresses(listing("sitemap", sitemap(entries))) == tuple(PATHS[n] for n in (5, 2, 4, 1, 0, 3))


def test_a_news_sitemap_is_dated_by_its_publication_date() -> None:
    news = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    rows = "".join(
        f"<url><loc>{url}</loc><n:news><n:publication_date>2026-03-0{n}T08:00:00+07:00</n:publication_date></n:news></url>"
        for n, url in enumerate(PATHS[:3], 1)
    )
    assert addresses(listing("sitemap", f"<?xml version='1.0'?><urlset {news}>{rows}</urlset>")) == tuple(PATHS[2::-1])


def test_a_zipped_sitemap() -> None:
    assert len(listing("sitemap", gzip.compress(sitemap(dict.fromkeys(PATHS)).encode())).articles) == len(PATHS)


def test_a_zipped_sitemap_that_grows_too_large_is_refused() -> None:
    found = listing("sitemap", gzip.compress(b" " * 5_000_000), limit=10_000)
    assert "larger than max_page_bytes" in str(found.problem)


def test_entities_of_a_sitemap_are_not_resolved() -> None:
    body = f'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/hostname">]><urlset><url><loc>{SITE}/&x;-a-b-c-1</loc></url></urlset>'
    assert addresses(listing("sitemap", body)) == ()


def test_of_an_index_the_newest_children_of_this_site_are_followed() -> None:
    dated = {f"{SITE}/s-{n}.xml": day(n) for n in range(1, 9)}
    found = listing("sitemap", sitemap_index(dated | {"https://evil.example/s.xml": day(20), f"{SITE}/tags.xml": day(21)}))
    assert found.sitemaps == tuple(f"{SITE}/s-{n}.xml" for n in range(8, 8 - CHILDREN, -1))
    assert found.problem is None


def test_undated_children_are_ordered_by_the_numbers_in_their_names() -> None:
    names = ["news-2026-2", "categories", "news-2026-10", "news-2025-12", "topics", "news-2026-9", "google-news"]
    found = listing("sitemap", sitemap_index({f"{SITE}/sitemaps/{n}.xml": None for n in names}))
    assert [u.rsplit("/", 1)[1] for u in found.sitemaps] == [
        "google-news.xml",
        "news-2026-10.xml",
        "news-2026-9.xml",
        "news-2026-2.xml",
        "news-2025-12.xml",
    ]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        pytest.param("<html><p>404</p></html>", "no sitemap", id="a page"),
        pytest.param("", "no sitemap", id="empty"),
        pytest.param(sitemap({}), "the sitemap is empty", id="no entries"),
        pytest.param(sitemap_index({"https://evil.example/s.xml": None}), "no sitemap of this site", id="foreign children"),
        pytest.param(b"\x1f\x8b broken", "the list cannot be read", id="broken gzip"),
    ],
)
def test_a_sitemap_that_gives_nothing_says_why(body: str | bytes, problem: str) -> None:
    assert problem in str(listing("sitemap", body).problem)


@given(
    body=st.binary(max_size=200) | st.text(alphabet="<>/!&;[]a= \"'", max_size=200).map(str.encode),
    kind=st.sampled_from(SourceKind),
)
@settings(max_examples=300, deadline=None)
def test_no_bytes_raise_and_nothing_found_has_a_reason(body: bytes, kind: SourceKind) -> None:
    found = listing(kind, body)
    assert found.articles or found.sitemaps or found.problem
