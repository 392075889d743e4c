"""What a page says of itself: small pages in the sites' markup, through fields.read."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import urls
from extract import families, fields
from extract.page import Page, parse

CAPTURED = datetime.fromisoformat("2026-11-22T12:00:00+07:00")
TITLE = "Hội nghị về nguồn nước khai mạc tại Cần Thơ"
BODY = "<p>Phát biểu khai mạc, chủ tịch thành phố cho biết mực nước đầu nguồn năm nay thấp hơn trung bình nhiều năm khoảng nửa mét, ngày 1/1/2026.</p>"


def read(body: str, head: str = "", url: str | None = None, attributes: str = ' lang="vi"') -> fields.Facts:
    page = Page(parse(f"<!DOCTYPE html><html{attributes}><head>{head}</head><body>{body}</body></html>"))
    family = families.load().of(page, urls.site(url) if url else None, CAPTURED.date())
    before = etree.tostring(page.tree)
    found = fields.read(page, family, CAPTURED, url)
    assert etree.tostring(page.tree) == before
    return found


def ld(*nodes: Any) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


def article(**more: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": TITLE, **more}


def meta(**named: str) -> str:
    return "".join(f'<meta property="{name.replace("__", ":")}" content="{said}">' for name, said in named.items())


H1 = f"<h1>{TITLE}</h1>"

# ---------------------------------------------------------------- where a selector looks


@pytest.mark.parametrize(
    ("selectors", "found"),
    [
        ([".x a"], ["1", "2", "3", "4"]),  # a box inside a box shows its links once
        ([".y a", ".x a"], ["2", "1", "2", "3", "4"]),
        ([".x .y a"], ["2"]),
        (["#i .x a", "a#last"], ["4", "5"]),
        ([".x a.k"], ["3"]),
        ([".x .none", ".none a", "[role=none] a"], []),
    ],
)
def test_what_is_found_below_comes_once_and_in_page_order(selectors: list[str], found: list[str]) -> None:
    links = '<a>1</a><p class="y x"><a>2</a></p><a class="k">3</a>'
    page = Page(parse(f'<div class="x">{links}</div><div id="i"><div class="x"><a>4</a></div></div><a id="last">5</a>'))
    assert [element.text for element in page.find(selectors)] == found


# ---------------------------------------------------------------- title and kicker


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (H1, ""),
        (H1, f"<title>{TITLE} | Báo Nhân Dân</title>"),
        ("", ld(article())),
        ("", ld(article(headline="H&amp;#7897;i nghị về nguồn nước khai mạc tại Cần Thơ"))),
        ("", meta(og__title=TITLE)),
        ("", meta(og__title=f"{TITLE} | Báo Nhân Dân")),  # known by the table of outlets
        ("", meta(og__title=f"{TITLE} - Nước Sạch", og__site_name="Nước Sạch")),
        ("", f"<title>{TITLE} - Báo Nhân Dân điện tử</title>"),
        ("<h1>Nước Sạch</h1>", f"<title>{TITLE} - Nước Sạch</title>"),
        (f"<h1>Báo Nhân Dân</h1>{H1}", meta(og__title=TITLE)),
        (f'<h1>Đọc nhiều</h1><h1 class="detail-title" data-role="title">{TITLE}</h1><div class="detail-content">x</div>', ""),
        (
            f'<h1 class="article-detail-title">{TITLE}</h1><aside>{H1}</aside>',
            meta(og__title="Một tên khác hẳn cho máy tìm kiếm"),
        ),
        (
            f'<nav><h1>Điều hướng</h1></nav><h3 class="news__title">{TITLE}</h3>',
            f"<title>{TITLE} - Chi tiết - Bộ Ngoại giao Việt Nam</title>",
        ),
        (f'<h1 class="cms-title">{TITLE}<span>28/10/2025 19:36</span></h1>', ""),
        (f'<div class="titleDetailNews">{TITLE}</div><div class="viewsDtailContent">x</div>', "<title>Báo Quốc tế</title>"),
        (f"<div><b>{TITLE}</b></div>", f"<title>{TITLE}</title>"),
    ],
)
def test_the_title(body: str, head: str) -> None:
    captured_2019 = "titleDetailNews" in body
    if captured_2019:
        page = Page(parse(f"<html><head>{head}</head><body>{body}</body></html>"))
        old = datetime.fromisoformat("2018-06-06T12:00:00+07:00")
        assert fields.read(page, families.load().of(page, None, old.date()), old, None).title == TITLE
    else:
        assert read(body + BODY, head).title == TITLE


def test_a_page_without_words_has_no_title() -> None:
    found = read("")
    assert (found.title, found.heading, found.published, found.authors, found.breadcrumb) == (None, None, (), (), ())


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Việt Nam - Lào: Song hành", "Việt Nam - Lào: Song hành"),
        ("Xuất khẩu gạo - Vẫn còn nỗi lo", "Xuất khẩu gạo - Vẫn còn nỗi lo"),
        ("Xuất khẩu gạo - nuocsach.vn", "Xuất khẩu gạo"),
        ("Xuất khẩu gạo | NuocSach", "Xuất khẩu gạo"),
    ],
)
def test_only_the_name_of_the_site_is_cut_off(name: str, title: str) -> None:
    assert read(BODY, meta(og__title=name), "https://nuocsach.vn/xuat-khau-gao-123.html").title == title


@pytest.mark.parametrize(
    "body",
    [
        f'<span class="article-detail-subtitle">KỶ NIỆM 77 NĂM:</span><h1 class="article-detail-title">{TITLE}</h1>',
        f'<h1 class="article-detail-title"><span class="article-detail-subtitle">KỶ NIỆM 77 NĂM:</span> {TITLE}</h1>',
        f'<div><p class="kicker">KỶ NIỆM 77 NĂM:</p></div><div>{H1}</div>',
    ],
)
def test_the_kicker_is_no_part_of_the_title(body: str) -> None:
    found = read(f"<div>{body}</div>{BODY}")
    assert (found.kicker, found.title) == ("KỶ NIỆM 77 NĂM:", TITLE)


def test_a_kicker_of_another_article_is_none() -> None:
    other = '<div><div><div><div><span class="kicker">Tuần lễ gạo</span><h3><a href="/a">Giá gạo tăng</a></h3></div></div></div></div>'
    assert read(f"<div><div><div>{H1}</div></div></div>{BODY}{other}").kicker is None


# ---------------------------------------------------------------- dates


def published(body: str, head: str = "", url: str | None = None) -> list[tuple[str, str, str]]:
    found = read(body + BODY, head, url)
    return [(claim.moment.isoformat(timespec="minutes"), claim.source, claim.certainty) for claim in found.published]


DAY = "2026-11-06T08:01+07:00"


@pytest.mark.parametrize(
    "place",
    [
        '<div class="article-date hna-article-date">08:01 | 06/11/2026</div>',
        '<span class="article-detail-date rt">08:01 | 06/11/2026 GMT+7</span>',
        '<span class="format_time">08:01</span><span class="format_date">06/11/2026</span>',
        '<div class="detail-time"><div data-role="publishdate"><i></i>06/11/2026 08:01</div></div>',
        '<div class="detail-time"><div data-role="publishdate">November 06, 2026 8:01 AM GMT+7</div></div>',
        '<time class="time" datetime="2026-11-06T08:01:00+0700">Thứ sáu, ngày 06/11/2026 - 08:01</time>',
        '<meta class="cms-date" itemprop="datePublished" content="2026-11-06T08:01:00+0700">',
        '<span class="post-subinfo">Thứ sáu, 06/11/2026 - 08:01</span>',
        '<div class="entry-meta"><time class="entry-date published" datetime="2026-11-06T08:01:00+07:00">x</time></div>',
        '<div class="unknown">08:01 06/11/2026</div>',
        '<div class="unknown">Cẩm Tú - 08:01 06/11/2026</div>',
        '<div class="unknown"><i></i> Chủ Nhật, 08:01, 06/11/2026</div>',
    ],
)
@pytest.mark.parametrize(
    "dress",
    [
        '<div class="cms-body">{}</div>',
        '<div class="__MASTERCMS_CONTENT">{}</div>',
        '<div class="detail-content afcbc-body">{}</div>',
    ],
)
def test_a_place_for_the_date(place: str, dress: str) -> None:
    found = read(f"<div>{H1}{place}</div>{dress.format(BODY)}")
    assert [claim.moment.isoformat(timespec="minutes") for claim in found.published] == [DAY]


@pytest.mark.parametrize(
    ("head", "source"),
    [
        (ld(article(datePublished="2026-11-06T08:01:00+07:00")), "json-ld"),
        (ld(article(datePublished="2026-11-06T08:01:00&#x2B;07:00")), "json-ld"),
        (ld({"@graph": [{"@type": "WebPage"}, article(datePublished="2026-11-06T08:01:00+0700")]}), "json-ld"),
        (ld({"@type": "WebPage", "mainEntity": article(datePublished="2026-11-06T08:01:00+0700")}), "json-ld"),
        (ld({"@type": ["NewsArticle", "Thing"], "headline": [TITLE], "datePublished": ["2026-11-06T08:01:00+0700"]}), "json-ld"),
        (
            f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{TITLE}\n","datePublished":"2026-11-06T08:01:00+07:00",}}</script>',
            "json-ld",
        ),
        (
            f'<script type="application/ld+json">// một dòng\n{{"@type":"NewsArticle","headline":"{TITLE}","x":"It\\\'s","datePublished":"2026-11-06T08:01:00+07:00"}}</script>',
            "json-ld",
        ),
        (meta(article__published_time="2026-11-06T08:01:00&amp;#x2B;07:00"), "meta"),
        ('<meta itemprop="datePublished" content="2026-11-06T08:01:00+07:00">', "meta"),
        ('<meta name="pubdate" content="2026-11-06T08:01:00+07:00">', "meta"),
        ('<meta name="pubdate" content="11/6/2026 8:01:00 AM">', "meta"),
        ('<meta name="DC.date.issued" content="2026-11-06T08:01:00+07:00">', "meta"),
    ],
)
def test_a_date_for_machines(head: str, source: str) -> None:
    assert published(H1, head) == [(DAY, source, "likely")]


OWN = '<div class="article-date">08:01 | 06/11/2026</div>'
CMS = '<div class="__MASTERCMS_CONTENT">x</div>'


@pytest.mark.parametrize(
    ("body", "head", "told"),
    [
        (OWN, ld(article(datePublished="2026-11-06T08:01:30+07:00")), [(DAY, "site", "sure")]),
        (
            OWN,
            ld(article(datePublished="2026-11-09T10:10:00+07:00")),
            [(DAY, "site", "doubtful"), ("2026-11-09T10:10+07:00", "json-ld", "doubtful")],
        ),
        (
            '<div class="article-date">06/11/2026</div>',
            ld(article(datePublished="2026-11-06T08:01:00+07:00")),
            [(DAY, "site", "sure")],
        ),
        (OWN, ld(article(datePublished="2026-12-09T08:00:00+07:00")), [(DAY, "site", "likely")]),  # after the capture
        (
            '<div class="article-date">08:01 | 06/12/2026</div>',
            ld(article(datePublished="2026-11-06T08:01:00+07:00")),
            [(DAY, "json-ld", "likely")],
        ),
        (OWN, ld(article(datePublished="0001-01-01T00:00:00Z")), [(DAY, "site", "likely")]),
        (OWN, '<meta name="pagegen" content="Thứ sáu 20/11/2026 07:30">', [(DAY, "site", "likely")]),
        ("", '<meta name="pagegen" content="Thứ sáu 20/11/2026 07:30">', []),
    ],
)
def test_dates_of_several_places(body: str, head: str, told: list[tuple[str, str, str]]) -> None:
    assert published(f"<div>{H1}{body}</div>{CMS}", head) == told


@pytest.mark.parametrize(
    "beside",
    [
        "<div class='hna-time'>Thứ sáu 20/11/2026 09:00:00</div>",
        "<header><div>Thứ sáu, 20/11/2026 09:00</div></header>",
        "<div class='header-top'><span>20/11/2026 09:00</span></div>",
        "<aside><time class='entry-date' datetime='2026-11-20T08:00:00+07:00'>20/11</time></aside>",
        "<div class='article-relate'><span class='article-date'>08:00 | 20/11/2026</span></div>",
        "<ul><li><a href='/a'>Giá gạo xuất khẩu tăng trở lại</a> <span class='article-date'>08:00 | 20/11/2026</span></li></ul>",
        "<div><h3>Giá gạo tăng</h3><time class='entry-date' datetime='2026-11-20T08:00:00+07:00'>x</time></div>",
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_a_clock_or_another_article_gives_no_date(beside: str, above: bool) -> None:
    body = f"<div><div>{H1}</div>{CMS}{BODY}</div>"
    assert published(beside + body if above else body + beside) == []


@pytest.mark.parametrize(
    "body",
    [
        '<div class="cms-body"><p>Họp ngày 1/1/2026</p><p>08:00 | 02/01/2026</p></div>',
        "<div><p>Họp ngày 1/1/2026.</p><p>Bế mạc ngày 3/1/2026!</p></div>",
        f"<div>{BODY}</div>",
    ],
)
def test_the_date_of_an_event_is_not_the_page_s(body: str) -> None:
    assert published(f"<div>{H1}{body}</div>") == []


def test_the_place_nearest_to_the_title_gives_the_date() -> None:
    ticker = "<div><span class='article-date'>09:00 | 20/11/2026</span></div>"
    assert published(f"{ticker}<div><div>{H1}{OWN}</div>{CMS}</div>{ticker}") == [(DAY, "site", "likely")]


def test_an_old_line_above_the_title_is_a_guess_and_today_s_is_a_clock() -> None:
    assert published(f"<div><span>08:01 | 06/11/2026</span><div>{H1}</div></div>") == [(DAY, "guess", "doubtful")]
    assert published(f"<div><span>08:01 | 22/11/2026</span><div>{H1}</div></div>") == []


def test_a_date_far_from_the_number_in_the_address_is_doubtful() -> None:
    url = "https://baochinhphu.vn/hoi-nghi-102261106080000198.htm"
    head = meta(article__published_time="2026-11-06T08:01:00+07:00")
    assert published(H1, head, url) == [(DAY, "meta", "likely")]
    assert published(H1, head, url.replace("261106", "261001")) == [(DAY, "meta", "doubtful")]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (
            ld(article(datePublished="2026-11-06T08:01:00+07:00", dateModified="2026-11-06T09:00:00+07:00")),
            ["2026-11-06T09:00+07:00"],
        ),
        (ld(article(datePublished="2026-11-06T08:01:00+07:00", dateModified="2026-11-06T07:00:00+07:00")), []),
        (ld(article(datePublished="2026-11-06T08:01:00+07:00", dateModified="2026-12-06T07:00:00+07:00")), []),
        (
            meta(article__published_time="2026-11-06T08:01:00+07:00", article__modified_time="2026-11-07T08:01:00+07:00"),
            ["2026-11-07T08:01+07:00"],
        ),
        (meta(article__published_time="2026-11-06T08:01:00+07:00"), []),
    ],
)
def test_when_it_was_modified(head: str, told: list[str]) -> None:
    assert [claim.moment.isoformat(timespec="minutes") for claim in read(H1 + BODY, head).modified] == told


# ---------------------------------------------------------------- people


@pytest.mark.parametrize(
    ("body", "head", "byline", "authors"),
    [
        (
            '<div class="article-detail-author">Hoàng Lan và Đức Minh</div>' + CMS,
            "",
            "Hoàng Lan và Đức Minh",
            ["Hoàng Lan", "Đức Minh"],
        ),
        (
            '<div class="article__author"><a class="cms-author">Lê Thu Hằng</a></div><div class="cms-body">x</div>',
            "",
            "Lê Thu Hằng",
            ["Lê Thu Hằng"],
        ),
        (
            '<div class="article__author"><a class="cms-author">HOÀNG TRUNG</a><a class="cms-author">BÁ DŨNG</a></div>',
            "",
            None,
            None,
        ),
        (
            '<div class="detail-author-top" data-role="author"><div class="author-info"><a class="name">Duy Tân</a><a href="mailto:x@y.vn">duytan@y.vn</a></div></div><div class="detail-content afcbc-body">x</div>',
            "",
            "Duy Tân",
            ["Duy Tân"],
        ),
        ('<div class="article-detail-author">Nhóm phóng viên</div>' + CMS, "", "Nhóm phóng viên", []),
        ('<span itemprop="author">Tác giả: Phạm Gia Bảo</span>', "", "Tác giả: Phạm Gia Bảo", ["Phạm Gia Bảo"]),
        ('<div class="ct-author">Trí Dũng</div>', "", "Trí Dũng", ["Trí Dũng"]),
        ('<div class="x">Cẩm Tú - 15:00 30/06/2026</div>', "", "Cẩm Tú", ["Cẩm Tú"]),
        ('<div class="x">Bài: Tường Vy - Thiết kế: Quốc Huy</div>', "", "Bài: Tường Vy - Thiết kế: Quốc Huy", ["Tường Vy"]),
        ("", ld(article(author={"@type": "Person", "name": "Lê Thu Hằng"})), None, ["Lê Thu Hằng"]),
        (
            "",
            ld(article(author=[{"@type": "Person", "name": "Lê Thu Hằng, Minh Anh"}, {"name": "Hải Vân"}])),
            None,
            ["Lê Thu Hằng", "Minh Anh", "Hải Vân"],
        ),
        ("", ld(article(author="Lê Thu Hằng")), None, ["Lê Thu Hằng"]),
        ("", ld(article(author={"@type": "Organization", "name": "Nước Sạch"})), None, []),
        ("", ld(article(author={"@type": "Person", "name": "Nước Sạch"})) + meta(og__site_name="Nước Sạch"), None, []),
        ("", ld(article(author={"@type": "Person", "name": "Báo Nhân Dân"})), None, []),
        ("", ld(article(author={"@type": "Person", "name": "Ban biên tập"})), None, []),
        ("", '<meta name="author" content="Lê Thu Hằng">', None, ["Lê Thu Hằng"]),
        ("", '<meta name="author" content="Nước Sạch"><meta property="og:site_name" content="Nước Sạch">', None, []),
        ('<aside class="byline">Người Khác</aside>', "", None, []),
    ],
)
def test_who_wrote_it(body: str, head: str, byline: str | None, authors: list[str] | None) -> None:
    found = read(f"<div>{H1}{body}</div>{BODY}", head)
    if authors is not None:
        assert (found.byline, list(found.authors)) == (byline, authors)
    else:
        assert list(found.authors) == ["Hoàng Trung", "Bá Dũng"] or found.byline


# ---------------------------------------------------------------- section and tags

TRAIL = {"@type": "BreadcrumbList", "itemListElement": [
    {"@type": "ListItem", "position": 3, "item": {"@id": "https://x.vn/a-1.html", "name": TITLE}},
    {"@type": "ListItem", "position": 1, "item": {"@id": "https://x.vn", "name": "Trang chủ"}},
    {"@type": "ListItem", "position": 2, "name": "Thời sự", "item": "https://x.vn/thoi-su"},
]}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "head", "breadcrumb", "section"),
    [
        (
            '<ul class="breadcrumb"><li class="menu-home"><a href="/">Trang chủ</a></li><li class="menu-alias"><a href="/a">Thời sự</a></li><li class="cat-sub-alisa"><a href="/b">Việt Nam và ASEAN</a></li></ul>',
            "",
            ["Thời sự", "Việt Nam và ASEAN"],
            "Việt Nam và ASEAN",
        ),
        ('<div class="detail-breadcrumb"><a data-role="cate-name" href="/a.htm">Thời sự</a></div>', "", ["Thời sự"], "Thời sự"),
        (
            '<nav><ol class="breadcrumb"><li><a href="/">Home</a></li><li><a href="/a">Thời sự</a></li></ol></nav>',
            "",
            ["Thời sự"],
            "Thời sự",
        ),
        (
            '<ul class="breadcrumb"><li><a href="/a">Thời sự</a></li><li><a href="/b">Hội nghị về nguồn nước khai mạc...</a></li></ul>',
            "",
            ["Thời sự"],
            "Thời sự",
        ),
        ('<div class="dt-cat"><a href="/a">Thời sự</a></div>', "", ["Thời sự"], "Thời sự"),
        ('<div><a href="/">Trang chủ</a> / <a href="/a">Thời sự</a></div>', "", ["Thời sự"], "Thời sự"),
        (
            '<ul><li><a href="/">Trang chủ</a></li><li><a href="/a">Một</a></li><li><a href="/b">Hai</a></li><li><a href="/c">Ba</a></li></ul>',
            "",
            [],
            None,
        ),
        ('<div><a href="javascript:print()">In bài viết</a></div>', "", [], None),
        ("", ld(TRAIL), ["Thời sự"], "Thời sự"),
        ("", ld(article(articleSection=["Thời sự", "x"])), [], "Thời sự"),
        ("", meta(article__section="Thời sự"), [], "Thời sự"),
        ('<footer><ul class="breadcrumb"><li><a href="/a">Bản quyền</a></li></ul></footer>', "", [], None),
    ],
)
def test_the_section(body: str, head: str, breadcrumb: list[str], section: str | None) -> None:
    found = read(f"<div>{body}{H1}</div>{BODY}", head)
    assert (list(found.breadcrumb), found.section) == (breadcrumb, section)


@pytest.mark.parametrize(
    ("body", "head", "tags"),
    [
        (
            '<div class="article-tag">Tags: <a class="tag-link" href="/a">ASEAN</a><a href="/b">#gạo</a><a href="/b">gạo</a></div>'
            + CMS,
            "",
            ["ASEAN", "gạo"],
        ),
        ('<article><footer class="post-tags"><span>Từ khóa:</span><a href="/a">ASEAN</a></footer></article>', "", ["ASEAN"]),
        ('<div>Thẻ: <a rel="tag" href="/a">ASEAN</a></div>', "", ["ASEAN"]),
        ("", ld(article(keywords="ASEAN, gạo,")), ["ASEAN", "gạo"]),
        ("", ld(article(keywords=["ASEAN", 7, None, "gạo"])), ["ASEAN", "gạo"]),
        ("", meta(article__tag="ASEAN") + meta(article__tag="gạo"), ["ASEAN", "gạo"]),
        ("", '<meta name="news_keywords" content="ASEAN, gạo">', ["ASEAN", "gạo"]),
        ('<aside><div class="tags"><a href="/a">ASEAN</a></div></aside>', "", []),
    ],
)
def test_tags(body: str, head: str, tags: list[str]) -> None:
    assert list(read(H1 + BODY + body, head).tags) == tags


@pytest.mark.parametrize(
    ("source", "name", "origin"),
    [
        (
            '<p class="post-source"><a href="https://baoquocte.vn/a-379911.html">Nguồn</a></p>',
            "Báo Thế giới và Việt Nam",
            "https://baoquocte.vn/a-379911.html",
        ),
        ('<p class="post-source">Nguồn: https://vov.vn/x-post1.vov</p>', "VOV", "https://vov.vn/x-post1.vov"),
        ('<div class="article-source">(TTXVN/Vietnam+)</div>', "VietnamPlus", None),
        ('<div class="article-source">Theo Dân trí</div>', "Dân trí", None),
        ('<div class="article-source"><a href="https://x.vn/a-1.html">Nguồn</a></div>', None, None),  # the page's own site
        ('<div class="article-source"><a href="https://vov.vn/">VOV</a></div>', "VOV", None),
        ('<aside><div class="article-source">Theo Dân trí</div></aside>', None, None),
        ('<div class="article-source">đang cập nhật</div>', None, None),
        ("", None, None),
    ],
)
def test_the_source_in_its_own_place(source: str, name: str | None, origin: str | None) -> None:
    found = read(H1 + BODY + source, url="https://x.vn/hoi-nghi-ve-nguon-nuoc-1.html")
    assert (found.credit.name if found.credit else None, found.origin_url) == (name, origin)


# ---------------------------------------------------------------- the rest


@pytest.mark.parametrize(
    ("head", "url", "canonical"),
    [
        (
            '<link rel="canonical" href="https://x.vn/hoi-nghi-ve-nguon-nuoc-1.html">',
            None,
            "https://x.vn/hoi-nghi-ve-nguon-nuoc-1.html",
        ),
        (
            '<link rel="Canonical" href="/hoi-nghi-ve-nguon-nuoc-1.html">',
            "https://x.vn/y",
            "https://x.vn/hoi-nghi-ve-nguon-nuoc-1.html",
        ),
        (
            '<link rel="canonical" href="https://x.vn/">' + meta(og__url="https://x.vn/hoi-nghi-1.html"),
            None,
            "https://x.vn/hoi-nghi-1.html",
        ),
        ('<link rel="canonical" href="https://x.vn/tag/nuoc">', None, None),
        ('<link rel="canonical" href="http://[">', "https://x.vn/y", None),
        (ld(article(mainEntityOfPage={"@id": "https://x.vn/hoi-nghi-1.html"})), None, "https://x.vn/hoi-nghi-1.html"),
        ("", "https://x.vn/hoi-nghi-1.html", None),
    ],
)
def test_its_address(head: str, url: str | None, canonical: str | None) -> None:
    assert read(H1 + BODY, head, url).canonical == canonical


@pytest.mark.parametrize(
    ("attributes", "head", "language"),
    [
        (' lang="vi-VN"', "", "vi"),
        (' lang="EN"', "", "en"),
        (' lang=""', meta(og__locale="vi_VN"), "vi"),
        ("", meta(og__locale="en_US"), "en"),
        (' lang="vietnamese"', "", None),
        ("", "", None),
    ],
)
def test_the_language(attributes: str, head: str, language: str | None) -> None:
    assert read(H1 + BODY, head, attributes=attributes).language == language


def test_summary_text_and_kinds() -> None:
    head = meta(og__type="article", og__description="Hơn hai trăm đại biểu d&amp;#7921; họp.") + ld(
        article(articleBody="<p>Dòng&nbsp;một.</p><p>Dòng hai.</p>"), {"@type": "VideoObject"}, {"@type": "Organization"}
    )
    found = read(H1 + BODY, head)
    assert found.summary == "Hơn hai trăm đại biểu dự họp."
    assert found.body_claim
    assert [line for line in found.body_claim.split("\n") if line] == ["Dòng một.", "Dòng hai."]
    assert found.kinds == {"og:article", "NewsArticle", "VideoObject"}


# ---------------------------------------------------------------- what no site should write

ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\ud800"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["@type", "name", "@id", "item", "url"]), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = [
    "headline",
    "name",
    "author",
    "datePublished",
    "dateModified",
    "articleSection",
    "keywords",
    "articleBody",
    "mainEntityOfPage",
    "description",
    "@graph",
    "mainEntity",
    "itemListElement",
    "url",
]


@settings(deadline=None)  # the first page of all loads htmldate's patterns
@given(st.dictionaries(st.sampled_from(KEYS), ODD), st.sampled_from(["NewsArticle", "BreadcrumbList", ["Article", 7, None]]))
def test_any_types_in_json_ld_are_taken(node: dict[str, Any], kind: Any) -> None:
    assert read(H1 + BODY, ld({"@type": kind, **node})).title


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_script_and_any_meta_are_taken(said: str) -> None:
    quoted = said.replace('"', "&quot;")
    metas = "".join(
        f'<meta property="{name}" content="{quoted}">' for name in ("og:title", "article:published_time", "author", "og:url")
    )
    assert read(H1 + BODY, f'{metas}<script type="application/ld+json">{{"@type": "NewsArticle" {said}</script>').title


@pytest.mark.parametrize(
    "raw",
    [
        "[" * 100_000,
        '{"@type":"NewsArticle","@graph":' * 2_000,
        '{"@type":"NewsArticle",' + " " * 500_000,
        '{"@type":"NewsArticle",' + ", " * 100_000 + "}",
        '{"@type":"NewsArticle","articleBody":"' + "<a " * 50_000 + '"}',
        '{"@type":"NewsArticle","headline":"' + "a - " * 50_000 + '"}',
        json.dumps([article(headline=f"Bài {n}") for n in range(3_000)]),
    ],
)
def test_scripts_without_measure_are_taken(raw: str) -> None:
    assert read(H1 + BODY, f'<script type="application/ld+json">{raw}</script>').title


@pytest.mark.parametrize(
    "body",
    [
        "<div class='byline'>" * 3_000 + "Minh Anh",
        "<header>" * 2_000 + H1 + "<span class='article-date'>08:01 06/11/2026</span>",
        H1 * 3_000,
        H1 + "<div class='article-date'>x</div>" * 5_000,
        H1 + "<a rel='tag' href='/a'>x</a>" * 5_000,
        f"<h1>{'a | ' * 50_000}</h1>",
    ],
)
def test_pages_without_measure_are_taken(body: str) -> None:
    read(body + BODY)
