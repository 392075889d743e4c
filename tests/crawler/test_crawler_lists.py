"""Finding articles in lists: pure, on bytes."""

from __future__ import annotations

import gzip
import json
import re
import time
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import urls
from crawler import families
from crawler.lists import CHILDREN, Listing, Page, page_url, read
from model import Found, ListPage, Source, SourceKind
from tests.site import LINKS, STORIES, Site, mastercms_list, rss, sitemap, sitemap_index, vccorp_list

SITE = "https://baoquocte.vn"
LIMIT = 1_000_000
PATHS = [SITE + story.mastercms_path for story in STORIES]


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


@pytest.mark.parametrize(
    ("links", "asked"),
    [
        pytest.param(
            ("/tin-ve-asean-so-mot-123456.html?utm_source=rss&fbclid=x",), "/tin-ve-asean-so-mot-123456.html", id="tracked"
        ),
        pytest.param(("http://baoquocte.vn/tin-123456.html",), "/tin-123456.html", id="without TLS"),
        pytest.param(("https://id.baoquocte.vn/tin-123456.html",), "/tin-123456.html", id="on the mirror"),
        pytest.param(("https://m.baoquocte.vn./tin-123456.html",), "/tin-123456.html", id="for telephones, with a trailing dot"),
        pytest.param(("/tin-123456.html&mobile=yes&amp;amp=1",), "/tin-123456.html", id="AMP"),
        pytest.param(("/apicenter@/print_article&i=123456", "/tin-123456.html"), "/tin-123456.html", id="after its print view"),
        pytest.param(("/apicenter@/print_article&i=123456",), "/apicenter@/print_article&i=123456", id="its print view alone"),
    ],
)
def test_an_article_is_asked_for_at_its_own_address(links: tuple[str, ...], asked: str) -> None:
    assert addresses(listing("section", html(*links))) == (SITE + asked,)


def test_the_list_itself_is_no_article_of_it() -> None:
    here = f"{SITE}/tin-tuc-ve-cac-nuoc-asean"
    assert addresses(listing("section", html(here, PATHS[0]), url=here)) == (PATHS[0],)


# ---------------------------------------------------------------- families

SIDEBAR = '<aside><a href="/tin-doc-nhieu-nhat-trong-tuan-100001.html">x</a></aside>'


def test_the_family_of_a_site_knows_which_links_are_the_list() -> None:
    found = listing("section", mastercms_list(STORIES, SITE).replace("<footer>", f"{SIDEBAR}<footer>"))
    assert (addresses(found), found.problem) == (tuple(PATHS), None)


def test_a_family_that_no_longer_fits_is_told_and_all_that_looks_like_an_article_is_taken() -> None:
    found = listing("section", html(*PATHS).replace("h3", "h5") + SIDEBAR)
    assert len(found.articles) == len(PATHS) + 1
    assert found.problem == "the selectors of the family mastercms matched no article; all links that look like one were taken"


def test_a_page_without_articles_does_not_blame_the_family() -> None:
    assert "looks like an article" in str(listing("section", html("/chinh-tri")).problem)


def test_the_selector_of_a_source_goes_before_that_of_the_family() -> None:
    assert (
        len(listing("section", mastercms_list(STORIES, SITE).replace("<footer>", f"{SIDEBAR}<footer>"), links="aside a").articles)
        == 1
    )


@pytest.mark.parametrize(
    ("site", "family"),
    [
        ("https://www.baoquocte.vn/x", "mastercms"),
        ("https://id.baoquocte.vn/x", "mastercms"),
        ("https://en.baoquocte.vn/x", "mastercms"),
        ("https://thoidai.com.vn/", "mastercms"),
        ("https://vietnamtimes.thoidai.com.vn/", "mastercms-20"),
        ("https://xaydungchinhsach.chinhphu.vn/", "vccorp"),
        ("https://baoquocte.vn.example/", None),
        ("https://notbaoquocte.vn/", None),
        ("", None),
    ],
)
def test_a_family_is_known_by_the_longest_host(site: str, family: str | None) -> None:
    found = families.of(site)
    assert (found and found.name) == family


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ('sites = ["a.vn"]', "has no name"),
        ('name = "x"\nlink = []', "family x: no such field: link"),
        ('name = "x"\nsites = "a.vn"', "family x: sites is no list of text"),
        ('name = "x"\nlinks = ["a >"]', "family x: links: Expected selector"),
        ('name = "x"\npaging = "page/{page}"', "family x: paging does not begin with {section}"),
        ('name = "x"\nsites = ["a.vn", "a.vn"]', "a.vn stands in two families"),
    ],
)
def test_a_row_of_the_table_that_is_wrong_is_named(row: str, problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        families.parse(f"[[family]]\n{row}")


@pytest.mark.parametrize(
    ("section", "paging", "page", "url"),
    [
        pytest.param(f"{SITE}/a/b", None, 2, f"{SITE}/a/b&s_cond=&BRSR=15", id="MasterCMS"),
        pytest.param(f"{SITE}/a/b/", None, 3, f"{SITE}/a/b&s_cond=&BRSR=30", id="MasterCMS, with a slash at the end"),
        pytest.param(f"{SITE}/", None, 2, None, id="MasterCMS has no further front pages"),
        pytest.param(
            "https://vietnamtimes.org.vn/economy", None, 3, "https://vietnamtimes.org.vn/economy&s_cond=&BRSR=40", id="by 20"
        ),
        pytest.param("https://asean.org/category/news/", None, 2, "https://asean.org/category/news/page/2/", id="WordPress"),
        pytest.param("https://asean.org", None, 2, "https://asean.org/page/2/", id="WordPress, the front page"),
        pytest.param("https://www.qdnd.vn/chinh-tri", None, 2, "https://www.qdnd.vn/chinh-tri/p/2", id="qdnd"),
        pytest.param("https://baochinhphu.vn/kinh-te.htm", None, 2, None, id="VCCorp needs the number of the section"),
        pytest.param(
            "https://baochinhphu.vn/kinh-te.htm",
            "https://baochinhphu.vn/timelinelist/1027/{page}.htm",
            2,
            "https://baochinhphu.vn/timelinelist/1027/2.htm",
            id="VCCorp, with it",
        ),
        pytest.param("https://a.vn/x", "{section}?trang={page}", 4, "https://a.vn/x?trang=4", id="the source's own"),
        pytest.param("https://a.vn/x", None, 2, None, id="no rule"),
    ],
)
def test_the_address_of_a_further_page(section: str, paging: str | None, page: int, url: str | None) -> None:
    pages = (ListPage(url=f"{section}/rss", kind=SourceKind.FEED), ListPage(url=section, kind=SourceKind.SECTION))
    source = Source(name="x", home=urljoin(section, "/"), pages=pages, paging=paging)
    assert page_url(source, section, page) == url


def test_a_rule_that_names_no_section_is_that_of_the_first_one() -> None:
    one, two = (ListPage(url=f"https://a.vn/{n}", kind=SourceKind.SECTION) for n in "12")
    source = Source(name="x", home="https://a.vn/", pages=(one, two), paging="https://a.vn/more/{page}")
    assert (page_url(source, one.url, 2), page_url(source, two.url, 2)) == ("https://a.vn/more/2", None)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            {"contents": [{"title": "x", "url": f"/tin-{n}-post90000{n}.html", "avatar_url": "/a.jpg"} for n in (1, 2)]},
            id="objects",
        ),
        pytest.param(
            {
                "articles": '<article><a class="cms-link" href="/tin-1-post900001.html">x</a><a href="/tin-2-post900002.html">y</a></article>'
            },
            id="HTML",
        ),
    ],
)
def test_a_further_page_may_be_json_from_another_host(data: object) -> None:
    body = json.dumps({"error_code": 0, "data": data})
    found = listing(
        "section", body, url="https://nhandan.vn/thegioi", answered="https://api.nhandan.vn/api/morenews-zone-1231-2.html"
    )
    assert addresses(found) == ("https://nhandan.vn/tin-1-post900001.html", "https://nhandan.vn/tin-2-post900002.html")


@pytest.mark.parametrize(
    ("body", "problem"), [("{", "neither a page nor JSON"), ("[1]", "names no addresses"), ("[" * 9_000, "cannot be read")]
)
def test_json_that_gives_nothing_says_why(body: str, problem: str) -> None:
    assert problem in str(listing("section", body).problem)


def test_half_a_pair_in_json_costs_no_other_address() -> None:
    body = r'{"a": [{"url": "/\ud800-1-post900001.html"}, "<a href=/\ud800>x</a>", {"url": "/tin-2-post900002.html"}]}'
    assert addresses(listing("section", body))[-1] == f"{SITE}/tin-2-post900002.html"


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


def feed(*items: str, head: str = "") -> str:
    """RSS 2.0; each item as it stands between its tags."""
    rows = "".join(f"<item>{item}</item>" for item in items)
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {spaces}><channel>{head}{rows}</channel></rss>'


@pytest.mark.parametrize(
    "item",
    [
        pytest.param("<link>{url}</link>", id="link"),
        pytest.param("<link>\n  {url}\n</link>", id="link with blanks around it"),
        pytest.param(
            "<link><![CDATA[{url}?a=1&amp;utm_source=x]]></link>", id="link in CDATA, escaped all the same, and tracked"
        ),
        pytest.param("<guid>{url}</guid>", id="guid"),
        pytest.param('<guid isPermaLink="true">{url}</guid>', id="guid that is the permalink"),
        pytest.param('<link>/tin-123456.html</link><guid isPermaLink="false">123456</guid>', id="relative link"),
        pytest.param("<title>Hội nghị &nbsp; ASEAN</title><link>{url}</link>", id="a name of HTML's that XML has not"),
        pytest.param(f"<title>{unicodedata.normalize('NFD', STORIES[0].title)}</title><link>{{url}}</link>", id="title in NFD"),
    ],
)
def test_the_link_of_an_entry(item: str) -> None:
    found = addresses(listing("feed", feed(item.format(url=f"{SITE}/tin-123456.html"))))
    assert found in ((f"{SITE}/tin-123456.html",), (f"{SITE}/tin-123456.html?a=1",))


def test_an_entry_whose_guid_is_no_address_is_left_out() -> None:
    assert listing("feed", feed('<guid isPermaLink="false">123456</guid>')).articles == ()


NOON = datetime(2026, 9, 5, 5, 0, tzinfo=UTC)  # in Vietnam


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("Sat, 05 Sep 2026 12:00:00 +0700", NOON),
        ("Sat, 05 Sep 2026 05:00:00 GMT", NOON),
        ("Sat, 05 Sep 2026 12:00:00 GMT+7", NOON),
        ("Sat, 05 Sep 2026 12:00:00 +07", NOON),
        ("Sat, 05 Sep 2026 12:00:00 ICT", NOON),
        ("Sat, 05 Sep 2026 12:00:00", NOON),
        ("9/5/2026 12:00:00 PM", NOON),
        ("9/5/2026 1:30:00 PM", NOON + timedelta(hours=1.5)),
        ("9/5/2026 12:05:00 AM", datetime(2026, 9, 4, 17, 5, tzinfo=UTC)),
        ("05/09/2026 12:00", NOON),
        ("05/09/2026 12:00 GMT+7", NOON),
        ("2026-09-05T12:00:00+07:00", NOON),
        ("2026-09-05T12:00:00+0700", NOON),
        ("2026-09-05T12:00:00&amp;#x2B;07:00", NOON),
        ("2026-09-05 12:00:00 +0700", NOON),
        ("2026-09-05 12:00:00", NOON),
        ("2026-09-05T05:00:00.000Z", NOON),
        ("2026-09-05", datetime(2026, 9, 4, 17, tzinfo=UTC)),
        ("", None),
        ("   ", None),
        ("0", None),
        ("2026", None),
        ("Thứ bảy", None),
        ("13:00", None),
        ("9/25/2026 12:00", None),
        ("13/13/2026 1:00:00 PM", None),
        ("9/5/2026 13:00:00 PM", None),
        ("0001-01-01T00:00:00", None),
        ("Sat, 05 Sep 20260 12:00:00 +9999", None),
        ("9" * 5_000, None),
    ],
)
def test_the_date_of_an_entry(written: str, published: datetime | None) -> None:
    (one,) = listing("feed", feed(f"<link>{SITE}/tin-123456.html</link><pubDate>{written}</pubDate>")).articles
    assert (one.published, one.changed) == (published, None)


def test_a_date_without_a_zone_is_utc_on_a_foreign_site_unless_the_feed_is_vietnamese() -> None:
    item = "<link>/a/b</link><pubDate>2026-09-05T12:00:00</pubDate>"
    for head, hours in (("", 0), ("<language>vi-vn</language>", 7)):
        (one,) = listing("feed", feed(item, head=head), url="https://news.example/rss").articles
        assert one.published == datetime(2026, 9, 5, 12, tzinfo=UTC) - timedelta(hours=hours)


def test_an_atom_entry_has_both_dates_and_a_link_below_its_base() -> None:
    body = f'''<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{SITE}/"><entry xml:base="a/"><link href="b"/>
    <published>2026-09-05T05:00:00Z</published><updated>2026-09-05T06:00:00Z</updated></entry>
    <entry><link href="c"/><updated>2026-09-05T04:00:00Z</updated></entry></feed>'''
    assert listing("feed", body).articles == (
        Found(url=f"{SITE}/a/b", published=NOON, changed=NOON + timedelta(hours=1)),
        Found(url=f"{SITE}/c", changed=NOON - timedelta(hours=1)),
    )


def test_rss_1_0_is_dated_by_dublin_core() -> None:
    body = f'''<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{SITE}/rss"><title>x</title></channel>
    <item rdf:about="{SITE}/a/b"><link>{SITE}/a/b</link><dc:date>2026-09-05T12:00:00+07:00</dc:date></item></rdf:RDF>'''
    assert listing("feed", body).articles == (Found(url=f"{SITE}/a/b", published=NOON),)


def test_entries_that_are_all_dated_come_newest_first_and_others_as_they_stand() -> None:
    dated = [f"<link>{SITE}/{n}</link><pubDate>2026-09-0{n}</pubDate>" for n in (1, 3, 2)]
    assert [url[-1] for url in addresses(listing("feed", feed(*dated)))] == ["3", "2", "1"]
    assert [url[-1] for url in addresses(listing("feed", feed(*dated, f"<link>{SITE}/4</link>")))] == ["1", "3", "2", "4"]


def test_the_front_page_among_the_entries_is_no_article() -> None:
    assert addresses(listing("feed", feed(f"<link>{SITE}</link>", f"<link>{SITE}/a</link>"))) == (f"{SITE}/a",)


def test_a_feed_of_thousands() -> None:
    items = (
        f"<title>Tin {n}</title><link>{SITE}/tin-{n + 100_000}.html</link><pubDate>2026-09-05</pubDate>" for n in range(3_000)
    )
    assert len(listing("feed", feed(*items)).articles) == 3_000


PAGE = '<![CDATA[<a href="/a.htm"><img src="/a.jpg"></a>&nbsp;Một đoạn văn </br> nữa]]>'


def large_item(n: int) -> str:
    return (
        f"<title><![CDATA[Tin {n}]]></title><description>{PAGE}</description><link>{SITE}/tin-{n + 100_000}.html</link>"
        f"<guid>{SITE}/tin-{n + 100_000}.html</guid><pubDate>2026-09-05</pubDate>"
    )


def test_the_pages_that_a_feed_holds_do_not_count_as_its_own_tags() -> None:
    found = listing("feed", feed(*map(large_item, range(6_000))))
    assert (len(found.articles), found.problem) == (6_000, None)


def atom_entry(n: int) -> str:
    return f'<entry><link href="/tin-{n + 100_000}.html"/><id>{n}</id><title/><updated>2026-09-05T01:00:00Z</updated></entry>'


RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
LONG = {
    "RSS 2.0": '<rss version="2.0"><channel><ttl>60</ttl>{}</channel></rss>'.format(
        "".join(f"<item>{large_item(n)}</item>" for n in range(10_000))
    ),
    "RSS 1.0": f"<rdf:RDF {RDF}><channel/>{''.join(f'<item>{large_item(n)}</item>' for n in range(10_000))}</rdf:RDF>",
    "Atom": f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(map(atom_entry, range(13_000)))}</feed>',
    "Atom with a prefix": '<a:feed xmlns:a="http://www.w3.org/2005/Atom">{}</a:feed>'.format(
        "".join(map(atom_entry, range(13_000))).replace("</", "</a:").replace("<", "<a:").replace("<a:/", "</")
    ),
}


@pytest.mark.parametrize("body", LONG.values(), ids=LONG.keys())
def test_of_a_feed_that_is_too_long_the_first_entries_are_read_and_it_is_said(body: str) -> None:
    found = listing("feed", body)
    count = len(found.articles)
    assert 7_000 < count < 12_999
    assert addresses(found) == tuple(f"{SITE}/tin-{n + 100_000}.html" for n in range(count)), "each of them whole"
    assert str(found.problem).endswith(f" tags and entities: only its first {count:,} entries were read")


def test_of_a_feed_of_long_texts_the_first_entries_are_read() -> None:
    items = (f"<link>{SITE}/tin-{n + 100_000}.html</link><description>{'văn ' * 1_000}</description>" for n in range(2_000))
    found = listing("feed", feed(*items))
    assert 1_200 < len(found.articles) < 1_250
    assert "only its first" in str(found.problem)


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE rss [<!ENTITY nbsp '&#160;'><!ENTITY x \"]>\">]>\n",
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">',
        "<!-- <rss> -->\n<?xml-stylesheet href='a.xsl'?>",
    ],
)
def test_what_stands_before_a_feed_is_not_read(head: str) -> None:
    body = rss(STORIES, SITE).replace("<rss", head + "<rss", 1).replace("<title>", "<title>&nbsp;", 2)
    assert addresses(listing("feed", body)) == tuple(PATHS)


def test_a_real_utf_16_feed_without_a_mark() -> None:
    body = rss(STORIES, SITE).replace('encoding="utf-8"', 'encoding="utf-16"').encode("utf-16-le")
    assert addresses(listing("feed", body)) == tuple(PATHS)


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("", None),
        ("<ttl>60</ttl>", 3_600),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>viet</ttl>", None),
        (f"<ttl>{'9' * 400}</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3_600),
        ("<sy:updatePeriod>\nhourly </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 900),
        ("<sy:updateFrequency>2</sy:updateFrequency>", 43_200),
        ("<sy:updatePeriod>never</sy:updatePeriod>", None),
        ("<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 3_600),
    ],
)
def test_how_long_a_feed_asks_to_be_left_alone(head: str, seconds: float | None) -> None:
    assert listing("feed", feed(f"<link>{SITE}/a</link>", head=head)).wait == seconds


@pytest.mark.parametrize(
    ("head", "hours", "days"),
    [
        ("<skipHours><hour>1</hour><hour> 2 </hour><hour>24</hour><hour>25</hour><hour>x</hour></skipHours>", {0, 1, 2}, set()),
        ("<skipDays><day>Sunday</day><day>monday</day><day>Ngày</day></skipDays>", set(), {0, 6}),
        ("<skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(24)) + "</skipHours>", set(), set()),
    ],
)
def test_when_a_feed_says_that_nothing_changes(head: str, hours: set[int], days: set[int]) -> None:
    found = listing("feed", feed(f"<link>{SITE}/a</link>", head=head))
    assert (found.quiet_hours, found.quiet_days) == (hours, days)


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
    ("names", "since", "kept"),
    [
        pytest.param(
            [f"sitemap-post/2026-03-{n:02}.xml" for n in range(1, 10)],
            datetime(2026, 3, 8, 12, tzinfo=UTC),
            ["sitemap-post/2026-03-09.xml", "sitemap-post/2026-03-08.xml", "sitemap-post/2026-03-07.xml"],
            id="a sitemap a day",
        ),
        pytest.param(
            ["news-2026-3.xml", "news-2026-2.xml", "news-2025-12.xml", "categories.xml", "topics.xml"],
            datetime(2026, 3, 8, tzinfo=UTC),
            ["news-2026-3.xml"],
            id="a sitemap a month, without a zero",
        ),
        pytest.param(
            ["news-2026-12.xml", "news-2026-11.xml", "news-2026-2.xml"],
            datetime(2026, 12, 1, 12, tzinfo=UTC),
            ["news-2026-12.xml", "news-2026-11.xml"],
            id="on the first of a month the last one is read once more",
        ),
        pytest.param(
            ["2026/2/article.xml", "2026/3/article.xml", "2026/3/category.xml"],
            datetime(2026, 3, 20, tzinfo=UTC),
            ["2026/3/article.xml"],
            id="a folder a month",
        ),
        pytest.param(
            ["sitemaps-2026-3-1-10.xml", "sitemaps-2026-3-11-20.xml", "sitemaps-2026-2-21-28.xml"],
            datetime(2026, 3, 12, 12, tzinfo=UTC),
            ["sitemaps-2026-3-11-20.xml"],
            id="ranges of days",
        ),
        pytest.param(
            ["articles-2025.xml", "articles-2026.xml", "tag.xml"],
            datetime(2026, 3, 12, tzinfo=UTC),
            ["articles-2026.xml"],
            id="a year",
        ),
        pytest.param(
            ["post-sitemap.xml", "post-sitemap2.xml", "page-sitemap.xml", "category-sitemap.xml", "post_tag-sitemap.xml"],
            datetime(2026, 3, 12, tzinfo=UTC),
            ["post-sitemap2.xml", "post-sitemap.xml"],
            id="numbers alone rule nothing out",
        ),
        pytest.param(
            ["news-2025-1.xml", "news-2025-2.xml"],
            datetime(2026, 3, 12, tzinfo=UTC),
            ["news-2025-2.xml"],
            id="the newest in any case",
        ),
        pytest.param(
            ["2026-13-45.xml", "a.xml"], datetime(2026, 3, 12, tzinfo=UTC), ["2026-13-45.xml", "a.xml"], id="no dates at all"
        ),
        pytest.param(
            [f"news-2026-{n}.xml" for n in range(1, 9)],
            None,
            [f"news-2026-{n}.xml" for n in range(8, 3, -1)],
            id="never read before",
        ),
    ],
)
@pytest.mark.parametrize("rebuilt", [False, True], ids=["undated", "all dated alike"])
def test_of_an_index_the_children_that_can_hold_new_pages(
    names: list[str], since: datetime | None, kept: list[str], rebuilt: bool
) -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC) if rebuilt else None
    found = listing("sitemap", sitemap_index({f"{SITE}/{name}": at for name in names}), since=since)
    assert (list(found.sitemaps), found.problem) == ([f"{SITE}/{name}" for name in kept], None)


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize(("absent", "kept", "is_told"), [(0, 3, False), (10, 12, False), (90, 60, True)])
def test_after_an_absence_all_that_came_meanwhile_is_read_up_to_a_bound_and_the_rest_is_told(
    dated: bool, absent: int, kept: int, is_told: bool
) -> None:
    today = datetime(2026, 3, 9, 12, tzinfo=UTC)
    days = [today - timedelta(days=n) for n in range(120)]
    index = sitemap_index({f"{SITE}/news-{at:%Y-%m-%d}.xml": at if dated else None for at in days})
    found = listing("sitemap", index, since=today - timedelta(days=absent, hours=13))
    assert abs(len(found.sitemaps) - kept) <= 1  # a period ends at midnight, a date of change is the hour itself
    assert found.sitemaps == tuple(f"{SITE}/news-{at:%Y-%m-%d}.xml" for at in days[: len(found.sitemaps)])
    assert ("older sitemaps of the index may hold new pages too" in str(found.problem)) is is_told


def test_an_index_whose_children_are_all_new_at_every_look_is_not_read_whole_each_time() -> None:
    now = datetime(2026, 3, 9, 12, tzinfo=UTC)
    index = sitemap_index({f"{SITE}/post-sitemap{n}.xml": now - timedelta(minutes=n) for n in range(200)})
    found = listing("sitemap", index, since=now - timedelta(hours=6))
    assert (len(found.sitemaps), found.problem) == (CHILDREN, None)


def test_a_child_that_changed_is_read_whatever_its_name_says() -> None:
    children = {f"{SITE}/2026-03-0{n}.xml": day(n) for n in range(1, 9)} | {f"{SITE}/2026-01-01.xml": day(8)}
    found = listing("sitemap", sitemap_index(children), since=day(7) + timedelta(hours=1))
    assert [url[-14:-4] for url in found.sitemaps] == ["2026-03-08", "2026-03-07", "2026-03-06", "2026-01-01"]


def test_a_sitemap_tells_when_its_pages_came_and_changed() -> None:
    news = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    body = f"""<?xml version='1.0'?><urlset {news}><url><loc>{SITE}/</loc><lastmod>2026-09-06</lastmod></url>
    <url><loc> {SITE}/ngan </loc><lastmod>2026-09-05T13:00:00+07:00</lastmod>
    <n:news><n:publication_date>2026-09-05T12:00</n:publication_date></n:news></url></urlset>"""
    assert listing("sitemap", body).articles == (Found(url=f"{SITE}/ngan", published=NOON, changed=NOON + timedelta(hours=1)),)


def test_dates_that_are_all_alike_are_no_evidence() -> None:
    found = listing("sitemap", sitemap(dict.fromkeys(PATHS, day(3))))
    assert found.articles == tuple(Found(url=url) for url in PATHS)


def test_an_index_of_zipped_sitemaps_is_read_zipped_itself() -> None:
    body = gzip.compress(sitemap_index({f"{SITE}/news-2026-3.xml.gz": day(9), f"{SITE}/news-2026-2.xml.gz": day(1)}).encode())
    assert listing("sitemap", body, since=day(8)).sitemaps == (f"{SITE}/news-2026-3.xml.gz",)


def test_a_sitemap_that_says_utf_16_and_is_utf_8() -> None:
    body = sitemap(dict.fromkeys(PATHS)).replace("UTF-8", "UTF-16").encode()
    assert addresses(listing("sitemap", body)) == tuple(PATHS)


# ---------------------------------------------------------------- what must not be opened

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "/tin-ve-asean-va-ban-be"}">' for n in range(10))


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
@pytest.mark.parametrize("how", ["general", "parameter", "doctype", "xinclude"])
def test_no_list_opens_files_or_asks_the_network(kind: str, how: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("/tin-bi-mat-trong-tep-123456.html")
    root, row = (
        ("rss", "<channel><item><link>{0}&x;</link></item></channel>")
        if kind == "feed"
        else ("urlset", "<url><loc>{0}&x;</loc></url>")
    )
    with Site() as site:
        site.put("/x", "/tin-bi-mat-tren-mang-123457.html")
        for target in (secret.as_uri(), str(secret), site.url("/x")):
            heads = {
                "general": f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "{target}">]>',
                "parameter": f'<!DOCTYPE {root} [<!ENTITY % p SYSTEM "{target}"> %p; <!ENTITY x "">]>',
                "doctype": f'<!DOCTYPE {root} SYSTEM "{target}">',
                "xinclude": "",
            }
            include = f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" parse="text" href="{target}"/>'
            inside = row.format(SITE) if how != "xinclude" else row.format(SITE).replace("&x;", include)
            found = listing(kind, f'<?xml version="1.0"?>{heads[how]}<{root}>{inside}</{root}>')
            assert "bi-mat" not in str(found)
        assert site.log == []


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
def test_entities_that_stand_for_entities_do_not_grow(kind: str) -> None:
    root, row = (
        ("rss", "<channel><item><link>&l9;</link></item></channel>")
        if kind == "feed"
        else ("urlset", "<url><loc>&l9;</loc></url>")
    )
    found = listing(kind, f'<?xml version="1.0"?><!DOCTYPE {root} [{LAUGHS}]><{root}>{row}</{root}>')
    assert len(str(found)) < 5_000


def test_a_feed_without_measure_is_refused() -> None:
    assert "more than 5,000,000 characters" in str(listing("feed", b"<rss>" + b" " * 5_000_001).problem)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        pytest.param("section", "<html>" + "<a>" * 3_000_000, id="a page of links"),
        pytest.param("section", json.dumps(["<a "] * 1_000_000), id="pieces"),
        pytest.param("section", json.dumps(["<a "] * 900_000).replace("<", r"\u003c"), id="pieces in other letters"),
        pytest.param("section", json.dumps("<a href=x>" * 500_000).replace("<", r"\u003c"), id="a piece"),
        pytest.param("feed", "<rss><channel><item><title>" + "<b & <a x='" * 400_000, id="a feed that is no XML"),
        pytest.param("feed", "<rss version='2.0'><channel>" + "<item><link>/x</link></item>" * 150_000, id="a feed"),
        pytest.param("feed", "<!DOCTYPE r [" + "<!ENTITY a 'b'>\n" * 90_000 + "]><rss/>", id="entities"),
        pytest.param("feed", "<?xml version='1.0'?>" + "\n" * 4_000_000 + "<rss/>", id="a feed far below"),
        pytest.param("feed", "<?xml" + " encoding='a'" * 300_000, id="a feed that says its encoding many times"),
        pytest.param("feed", "<?xml encoding='punycode'?><rss>" + "a-b" * 1_000_000, id="a feed in an encoding for names"),
        pytest.param("feed", "<rss><channel>" + "<![CDATA[" * 500_000, id="pages without an end"),
        pytest.param("sitemap", "<urlset>" + "<url><loc>/x</loc></url>" * 350_000, id="a sitemap"),
        pytest.param("section", html(*(f"{'/amp' * 480}{n}/x" for n in range(900))), id="addresses that end in AMP many times"),
        pytest.param("section", html(*(f"/{'.html&' * 320}%20{n}" for n in range(900))), id="addresses with bare parameters"),
        pytest.param("sitemap", sitemap_index({f"{SITE}/categor{'1' * 1_900}!{n}": None for n in range(900)}), id="categories"),
    ],
)
def test_no_list_takes_the_time_of_other_hosts(kind: str, body: str) -> None:
    started = time.process_time()
    listing(kind, body)
    assert time.process_time() - started < 5


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


WORDS = [
    "<rss version='2.0'>", "<channel>", "<item>", "</item>", "<link>", "</link>", "<guid>", "<pubDate>", "<skipHours><hour>", "<ttl>", "9",
    "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "<updated>", "2026-03-01", "<urlset>", "<sitemapindex>", "<sitemap>", "<url>",
    "<loc>", "</loc>", "<lastmod>", "https://baoquocte.vn/tin-123456.html", "https://[", "<!DOCTYPE r [<!ENTITY x 'y'>]>", "&x;", "<![CDATA[",
    "]]>", "<?xml version='1.0' encoding='", "utf-16'?>", "utf-8'?>", "<a href='", "'>", "{", "[", '"url":', '"', "]", "}", "<base href='//[",
    "\x1f\x8b", "\x00", "\ufeff", "\ud800",
]  # fmt: skip


@given(
    body=st.binary(max_size=200)
    | st.text(alphabet="<>/!&;[]a= \"'", max_size=200).map(str.encode)
    | st.lists(st.sampled_from(WORDS), max_size=30).map(lambda words: "".join(words).encode("utf-8", "surrogatepass"))
    | st.binary(max_size=60).map(gzip.compress),
    kind=st.sampled_from(SourceKind),
    since=st.none() | st.just(datetime(2026, 3, 1, tzinfo=UTC)),
)
@settings(max_examples=600, deadline=None)
def test_no_bytes_raise_and_nothing_found_has_a_reason(body: bytes, kind: SourceKind, since: datetime | None) -> None:
    found = listing(kind, body, since=since)
    assert found.articles or found.sitemaps or found.problem
    assert len({urls.identity(one.url) for one in found.articles}) == len(found.articles)
