"""The reader of HTML, on what pages do that the golden ones do not: whole pages through extract.read."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import extract
from model import Article, BlockKind, Capture, ExtractError

CAPTURED = datetime(2026, 11, 22, 5, 40, tzinfo=UTC)
TITLE = "Hội nghị về nguồn nước khai mạc tại Cần Thơ"
LEAD = "Sáng 6/11, hội nghị về nguồn nước vùng đồng bằng khai mạc tại Cần Thơ với hơn hai trăm đại biểu từ mười ba tỉnh."
ONE = "Phát biểu khai mạc, chủ tịch thành phố cho biết mực nước đầu nguồn năm nay thấp hơn trung bình nhiều năm khoảng nửa mét."
TWO = "Các đại biểu đề nghị sớm xây thêm hai hồ chứa và mở rộng mạng lưới quan trắc tự động để người dân chủ động lấy nước ngọt."
THREE = "Hội nghị sẽ ra tuyên bố chung vào chiều mai, sau phiên thảo luận về quỹ dự trữ nước của cả vùng."

# The body's box in each dress; %s is the body.
DRESSES = {
    "mastercms": '<div class="__MASTERCMS_CONTENT"><div id="articleBody" itemprop="articleBody"><div id="__MB_MASTERCMS_EL_3">%s</div></div></div>',
    "mastercms-old": '<div class="post-content __MASTERCMS_CONTENT">%s</div>',
    "vccorp": '<div class="detail-content afcbc-body" data-role="content">%s</div>',
    "hemera": '<div class="article__body zce-content-body cms-body">%s</div>',
    "wordpress": '<article class="post"><div class="entry-content">%s</div></article>',
    "microdata": '<div itemprop="articleBody">%s</div>',
}
PLAIN = {"article": "<article>%s</article>", "bare": "%s"}


def page(body: str, *, above: str = f"<h1>{TITLE}</h1>", head: str = f"<title>{TITLE}</title>", below: str = "") -> str:
    return f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">{head}</head><body>{above}{body}{below}</body></html>'


def read(raw: str, url: str | None = None) -> Article:
    capture = Capture(identity="x", body=raw.encode("utf-8"), captured_at=CAPTURED, captured_exactly=True, url=url)
    return extract.read(capture)


def p(*said: str) -> str:
    return "".join(f"<p>{one}</p>" for one in said)


def blocks(article: Article) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in article.blocks]


def texts(article: Article) -> list[str]:
    return [block.text for block in article.blocks if block.kind is not BlockKind.CAPTION]


# ---------------------------------------------------------------- characters


@pytest.mark.parametrize(
    "odd",
    [
        *("\x01", "\x08", "\x0b", "\x0c", "\x1b", "\ufffe", "\uffff", "\ue000", "&#x1;", "&#xB;", "&#11;", "&#0;", "&#x1"),
        *("&#xD800;", "&#57343;", "&#xFFFE;", "&#x110000;", "&#99999999999999;"),
    ],
)
def test_a_character_that_xml_does_not_allow_takes_nothing_with_it(odd: str) -> None:
    found = read(page(p(LEAD, ONE.replace("cho biết ", f"cho biết {odd} "), TWO), above=f"<h1>{TITLE}{odd} </h1>"))
    assert (found.title, texts(found)) == (TITLE, [LEAD, ONE, TWO])
    assert {block.kind for block in found.blocks} == {BlockKind.PARAGRAPH}


def test_a_form_feed_parts_words_and_a_named_character_stays() -> None:
    found = read(page(p(LEAD, ONE.replace("cho biết", "cho\x0cbiết").replace("mét", "m&#233;t"), TWO)))
    assert texts(found) == [LEAD, ONE.replace("mét", "mét"), TWO]


@given(st.text(max_size=30))
def test_any_characters_are_read(odd: str) -> None:
    assert LEAD in read(page(p(LEAD, ONE, TWO) + odd)).text


# ---------------------------------------------------------------- the body's box


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES.keys())
def test_a_known_box_is_read_as_it_stands(dress: str) -> None:
    body = (
        p(LEAD, ONE)
        + "<h2>Ba đề xuất</h2><ul><li>Quỹ dự trữ</li><li><p>Số liệu</p><ul><li>theo tuần</li></ul></li></ul>"
        + p(ONE)
        + f"<div>{TWO}<br><br>{THREE}<br>Và thêm một dòng.</div>"
        + f"<blockquote><p>{THREE}</p><p>Ông nói.</p></blockquote>"
        + "<table><tr><th>Tỉnh</th><th>Độ mặn</th></tr><tr><td>Bến Tre</td><td>4‰</td></tr></table>"
        + "<h3>Kết luận</h3><p>Cả vùng sẽ chung tay.</p>"
    )
    assert blocks(read(page(dress % body))) == [
        ("paragraph", LEAD),
        ("paragraph", ONE),
        ("heading", "Ba đề xuất"),
        ("list", "Quỹ dự trữ\nSố liệu\ntheo tuần"),
        ("paragraph", ONE),
        ("paragraph", TWO),
        ("paragraph", f"{THREE} Và thêm một dòng."),
        ("quote", f"{THREE}\nÔng nói."),
        ("table", "Tỉnh | Độ mặn\nBến Tre | 4‰"),
        ("heading", "Kết luận"),
        ("paragraph", "Cả vùng sẽ chung tay."),
    ]


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES.keys())
@pytest.mark.parametrize(
    "box",
    [
        '<p><a href="/a-1.html">Lũ về muộn ở đầu nguồn</a></p>',
        '<p>Tin liên quan</p><ul><li><a href="/a-1.html">Lũ về muộn</a></li><li><a href="/b-2.html">Giá gạo tăng …</a></li></ul>',
        '<h3><a href="/a-1.html">Lũ về muộn ở đầu nguồn</a></h3><p><a href="/a-1.html">Mực nước tại Tân Châu thấp ...</a></p>',
        '<table class="__mb_article_in_image"><tr><td><a href="/a">Lũ về muộn</a></td><td>Mực nước tại Tân Châu ...</td></tr></table>',
        '<div type="RelatedNewsBox"><div class="kbwscwl-relatedbox"><span>Tham khảo thêm</span></div></div>',
        "<aside>Đọc nhiều nhất trong tuần</aside><form><button>Gửi</button></form>",
    ],
)
def test_lines_of_links_and_controls_in_the_box_are_no_text(dress: str, box: str) -> None:
    assert texts(read(page(dress % (p(LEAD, ONE) + box + p(TWO))))) == [LEAD, ONE, TWO]


@pytest.mark.parametrize(
    "linked",
    [
        '<p><a href="/x.html">Ông nói hội nghị đã đạt được điều mà cả vùng chờ đợi.</a></p>',
        '<p>Xem <a href="/x.html">toàn văn tuyên bố</a> ở cổng thông tin</p>',
        '<h2><a href="/x.html">Ba đề xuất</a></h2>',
    ],
)
def test_links_that_are_text_stay(linked: str) -> None:
    found = texts(read(page(DRESSES["mastercms"] % (p(LEAD, ONE) + linked + p(TWO)))))
    assert (len(found), found[3]) == (4, TWO)


def test_a_box_of_another_article_below_is_not_read_and_a_body_in_parts_is() -> None:
    other = "<article><div class='entry-content'><p>Bài khác: giá gạo xuất khẩu tăng trở lại sau ba tháng giảm liên tiếp ở mọi chợ.</p></div></article>"
    parts = (
        f"<div class='entry-content'>{p(LEAD)}</div><figure><img src=a></figure><div class='entry-content'>{p(ONE, TWO)}</div>"
    )
    assert texts(read(page(f"<article>{parts}</article>", below=other))) == [LEAD, ONE, TWO]


def test_a_box_with_hardly_any_text_is_not_the_body() -> None:
    found = read(page(f'<div class="cms-body">Đang tải</div><article>{p(LEAD, ONE, TWO)}</article>'))
    assert texts(found) == [LEAD, ONE, TWO]


@pytest.mark.parametrize(
    "dress",
    ["%s", "<div>%s</div>", "<div><div>%s</div></div><div><p>Bản quyền</p></div>", "<main>%s</main>", "<article>%s</article>"],
)
def test_a_plain_page_keeps_its_headings_lists_and_repetitions(dress: str) -> None:
    body = p(LEAD, ONE) + "<h2>Ba đề xuất</h2><ul><li>Quỹ dự trữ</li><li>Số liệu</li></ul>" + p(TWO, ONE)
    assert blocks(read(page(dress % body)))[:6] == [
        ("paragraph", LEAD),
        ("paragraph", ONE),
        ("heading", "Ba đề xuất"),
        ("list", "Quỹ dự trữ\nSố liệu"),
        ("paragraph", TWO),
        ("paragraph", ONE),
    ]


# ---------------------------------------------------------------- figures and captions

BOTH = {**DRESSES, **PLAIN}
DATA = "<tr><th>Tỉnh</th><th>Độ mặn</th></tr><tr><td>Bến Tre</td><td>4‰</td></tr><tr><td>Trà Vinh</td><td>6‰</td></tr>"


@pytest.mark.parametrize("dress", BOTH.values(), ids=BOTH.keys())
@pytest.mark.parametrize(
    ("figure", "kind", "said"),
    [
        (f'<table class="MASTERCMS_TPL_TABLE">{DATA}</table>', "table", "Tỉnh | Độ mặn\nBến Tre | 4‰\nTrà Vinh | 6‰"),
        (f'<figure class="wp-block-table"><table>{DATA}</table></figure>', "table", "Tỉnh | Độ mặn\nBến Tre | 4‰\nTrà Vinh | 6‰"),
        (f"<figure><blockquote><p>{THREE}</p></blockquote></figure>", "quote", THREE),
    ],
)
def test_a_figure_without_a_picture_is_text(dress: str, figure: str, kind: str, said: str) -> None:
    found = blocks(read(page(dress % (p(LEAD, ONE) + figure + p(TWO)))))
    assert found == [("paragraph", LEAD), ("paragraph", ONE), (kind, said), ("paragraph", TWO)]


IMAGE = '<img src="/a.jpg" alt="x">'


@pytest.mark.parametrize("dress", BOTH.values(), ids=BOTH.keys())
@pytest.mark.parametrize(
    ("picture", "captions"),
    [
        (f"<figure>{IMAGE}<figcaption>Một cống ngăn mặn</figcaption></figure>", ["Một cống ngăn mặn"]),
        ("<figure><iframe src=/v></iframe><figcaption>Phim về cống ngăn mặn</figcaption></figure>", ["Phim về cống ngăn mặn"]),
        ("<figure><div data-src=a></div><figcaption>Một cống ngăn mặn</figcaption></figure>", ["Một cống ngăn mặn"]),
        (
            f'<table class="MASTERCMS_TPL_TABLE"><tr><td>{IMAGE}</td><td>{IMAGE}</td></tr><tr><td>Cống</td><td>Hồ</td></tr>'
            f"<tr><td>{IMAGE}</td><td>{IMAGE}</td></tr><tr><td>Kênh</td><td>Đê</td></tr></table>",
            ["Cống", "Hồ", "Kênh", "Đê"],
        ),
        (f'<div class="wp-caption">{IMAGE}<p class="wp-caption-text">Một cống ngăn mặn</p></div>', ["Một cống ngăn mặn"]),
        (
            f"<p>{IMAGE}</p><p><em>Một cống ngăn mặn ở Bến Tre. (Ảnh: TTXVN)</em></p>",
            ["Một cống ngăn mặn ở Bến Tre. (Ảnh: TTXVN)"],
        ),
        (f"<p><em>Một cống ngăn mặn. Ảnh: Minh Anh</em></p><p>{IMAGE}</p>", ["Một cống ngăn mặn. Ảnh: Minh Anh"]),
        (f"<div>{IMAGE}</div><p>Một cống ngăn mặn (Nguồn: Reuters)</p>", ["Một cống ngăn mặn (Nguồn: Reuters)"]),
        (f"<p>{IMAGE}<br>Ảnh: TTXVN</p>", ["Ảnh: TTXVN"]),
    ],
)
def test_a_caption_is_told_by_its_place_or_its_credit(dress: str, picture: str, captions: list[str]) -> None:
    found = read(page(dress % (p(LEAD, ONE) + picture + p(TWO))))
    assert texts(found) == [LEAD, ONE, TWO]
    assert [b.text for b in found.blocks if b.kind is BlockKind.CAPTION] == captions


@pytest.mark.parametrize("dress", BOTH.values(), ids=BOTH.keys())
@pytest.mark.parametrize(
    "said",
    [
        "Hội nghị họp kín. Các bên ký tuyên bố chung ngay trong chiều nay. (Ảnh: TTXVN)",
        "Theo báo cáo, mực nước giảm một nửa (Nguồn: Ủy hội sông Mê Công)",
        "Triển lãm Ảnh: đất nước và con người khai mạc vào chiều mai tại bảo tàng.",
    ],
)
def test_a_paragraph_that_only_ends_like_a_caption_stays(dress: str, said: str) -> None:
    assert texts(read(page(dress % p(LEAD, ONE, said, TWO)))) == [LEAD, ONE, said, TWO]


# ---------------------------------------------------------------- breaks and blanks


@pytest.mark.parametrize("dress", BOTH.values(), ids=BOTH.keys())
@pytest.mark.parametrize(
    "body",
    [
        f"<p>{LEAD}<br><br>{ONE}<br/> <br/>{TWO}</p>",
        f"{LEAD}<br><br>{ONE}<br>\n<br><br>{TWO}",
        f"<div>{LEAD}<br><br><b>{ONE[:20]}</b>{ONE[20:]}<br><br>{TWO}</div>",
        f"<div>{LEAD}<p></p>{ONE}<p> </p>{TWO}</div>",
    ],
)
def test_two_breaks_part_paragraphs(dress: str, body: str) -> None:
    found = read(page(dress % body))
    assert (found.lead, texts(found)) == (LEAD, [LEAD, ONE, TWO])


def test_words_on_two_sides_of_a_border_stay_apart() -> None:
    above = (
        '<h1 class="cms-title">Hội nghị về nguồn nước<br><small>khai mạc tại Cần Thơ</small></h1>'
        '<div class="cms-desc"><p>Vì nước của toàn ngành.</p><p>Thứ trưởng dự.</p></div>'
    )
    found = read(page(DRESSES["hemera"] % p(ONE, TWO), above=above))
    assert (found.title, found.lead) == (TITLE, "Vì nước của toàn ngành. Thứ trưởng dự.")


# ---------------------------------------------------------------- dates


def published(above: str = "", *, head: str = "", below: str = "") -> str | None:
    raw = page(
        DRESSES["hemera"] % p(LEAD, ONE, TWO), above=f"<h1>{TITLE}</h1>{above}", head=f"<title>{TITLE}</title>{head}", below=below
    )
    found = read(raw).published
    return found.isoformat() if found else None


@pytest.mark.parametrize(
    "beside",
    [
        "<aside><p>Tin mới 20/11/2026</p><time datetime='2026-11-20T08:00:00+07:00'>20/11</time></aside>",
        "<footer><p>Cập nhật ngày 20/11/2026</p></footer>",
        "<nav><span>Thứ sáu, 20/11/2026</span></nav>",
        "<header><div>Thứ sáu, 20/11/2026</div></header>",
        "<div class='hna-time'>Thứ sáu 20/11/2026 09:00:00</div>",
        "<div class='sidebar'><span class='format_time'>08:00 | 20/11/2026</span></div>",
        "<div class='article-relate'><span>20/11/2026</span></div>",
    ],
)
def test_no_date_is_taken_from_beside_the_article(beside: str) -> None:
    assert published(below=beside) is None


@pytest.mark.parametrize(
    ("above", "iso"),
    [
        (
            '<div class="article__meta"><a>Thế giới</a><time class="time" datetime="2026-11-06T09:18:48+0700">06/11/2026</time></div>',
            "2026-11-06T09:18:48+07:00",
        ),
        ('<time class="entry-date published" datetime="2026-11-06T09:18:48+07:00">6/11/2026</time>', "2026-11-06T09:18:48+07:00"),
        (
            '<div><span class="format_time">08:01</span><span class="format_date">06/11/2026</span></div>',
            "2026-11-06T08:01:00+07:00",
        ),
        (
            '<div><span class="format_date">06/11/2026</span> <span class="format_time">08:01</span></div>',
            "2026-11-06T08:01:00+07:00",
        ),
        ('<span class="format_time">08:01 | 06/11/2026</span>', "2026-11-06T08:01:00+07:00"),
        (
            '<div class="article-date">06/11/2026</div><time datetime="2026-11-06T08:01:00+07:00">x</time>',
            "2026-11-06T08:01:00+07:00",
        ),
    ],
)
def test_the_clock_is_not_lost(above: str, iso: str) -> None:
    assert published(above) == iso


def ld(headline: str | None, date: str = "2026-11-06T08:01:00+07:00", **more: str) -> dict[str, str]:
    named = {"headline": headline} if headline else {}
    return {"@type": "NewsArticle", "datePublished": date, **named, **more}


OTHER = ld("Giá gạo xuất khẩu tăng trở lại", "2026-11-20T07:00:00+07:00")


@pytest.mark.parametrize(
    "script",
    [
        f'<script type="application/ld+json">{json.dumps([OTHER, ld(TITLE)])}</script>',
        f'<script type="application/ld+json">{json.dumps(OTHER)}</script><script type="application/ld+json">{json.dumps(ld(TITLE))}</script>',
        f'<script type="application/ld+json">{json.dumps([ld(None), OTHER])}</script>',
        f'<script type="application/LD+JSON; charset=utf-8">{json.dumps(ld(TITLE))}</script>',
        f'<script type="application/ld+json">//<![CDATA[\n{json.dumps(ld(TITLE))}\n//]]></script>',
        f'<script type="application/ld+json">/*<![CDATA[*/ {json.dumps(ld(TITLE))}; /*]]>*/</script>',
        f'<script type="application/ld+json"><!--\n{json.dumps(ld(TITLE))}\n//--></script>',
        f'<script type="application/ld+json">{{broken</script><script type="application/ld+json">{json.dumps(ld(TITLE))}</script>',
    ],
)
def test_the_page_s_own_json_ld_is_found(script: str) -> None:
    assert published(head=script) == "2026-11-06T08:01:00+07:00"


@pytest.mark.parametrize(
    ("modified", "iso"), [("2026-11-06T07:00:00+07:00", None), ("2026-11-06T09:00:00+07:00", "2026-11-06T09:00:00+07:00")]
)
def test_nothing_is_modified_before_it_is_published(modified: str, iso: str | None) -> None:
    script = f'<script type="application/ld+json">{json.dumps(ld(TITLE, dateModified=modified))}</script>'
    found = read(page(p(LEAD, ONE, TWO), head=f"<title>{TITLE}</title>{script}")).modified
    assert (found.isoformat() if found else None) == iso


# ---------------------------------------------------------------- the source


@pytest.mark.parametrize("dress", BOTH.values(), ids=BOTH.keys())
@pytest.mark.parametrize(
    ("line", "name", "origin", "signature"),
    [
        (
            "<p>Nguồn TG&amp;VN: https://baoquocte.vn/abc-297921.html</p>",
            "Báo Thế giới và Việt Nam",
            "https://baoquocte.vn/abc-297921.html",
            None,
        ),
        ("<p>Theo TTXVN</p>", "Thông tấn xã Việt Nam", None, None),
        ("<p>Nguồn: TTXVN</p>", "Thông tấn xã Việt Nam", None, None),
        ("<p>Minh Anh</p><p>(Theo TTXVN)</p>", "Thông tấn xã Việt Nam", None, "Minh Anh"),
        ("<p><b>Theo TTXVN</b></p><p>Minh Anh</p>", "Thông tấn xã Việt Nam", None, "Minh Anh"),
        ('<p><a href="https://vov.vn/x-post1.vov">Nguồn</a></p>', "VOV", "https://vov.vn/x-post1.vov", None),
        ('<p>Nguồn: <a href="https://vov.vn/x-post1.vov">VOV</a></p>', "VOV", "https://vov.vn/x-post1.vov", None),
        ('<p>Theo <a href="https://vov.vn/">VOV</a></p>', "VOV", None, None),
    ],
)
def test_a_last_line_that_names_the_source_is_a_credit(
    dress: str, line: str, name: str, origin: str | None, signature: str | None
) -> None:
    found = read(page(dress % (p(LEAD, ONE, TWO) + line)), url="https://www.vietnam.vn/hoi-nghi-ve-nguon-nuoc")
    assert texts(found) == [LEAD, ONE, TWO]
    assert found.credit
    assert (found.credit.name, found.origin_url, found.signature) == (name, origin, signature)


def test_a_link_to_the_source_below_the_body_names_the_origin() -> None:
    below = '<div class="meta"><a href="https://other.example.org/bai-goc-1.html">Nguồn</a></div><footer>Cục trưởng</footer>'
    found = read(page(f"<article>{p(LEAD, ONE, TWO)}</article>", below=below))
    assert (found.origin_url, texts(found)) == ("https://other.example.org/bai-goc-1.html", [LEAD, ONE, TWO])


@pytest.mark.parametrize(
    "link",
    [
        '<p><a href="https://other.example.org/anh.html">Nguồn</a></p>' + p(TWO),  # a picture's: the text goes on
        p(TWO) + '<footer><a href="https://other.example.org/x.html">Nguồn</a></footer>',
        p(TWO) + '<p><a href="https://desk.example.org/x.html">Nguồn</a></p>',  # the page's own site
        p(TWO) + '<p><a href="/x.html">Nguồn</a></p>',
    ],
)
def test_a_link_that_is_not_the_source(link: str) -> None:
    head = f'<title>{TITLE}</title><link rel="canonical" href="https://desk.example.org/hoi-nghi-ve-nguon-nuoc">'
    assert read(page(f"<article>{p(LEAD, ONE)}{link}</article>", head=head)).origin_url is None


@pytest.mark.parametrize(
    ("url", "claimed", "identity"),
    [
        ("/hoi-nghi-ve-nguon-nuoc-1.html", "/moi-truong", "/hoi-nghi-ve-nguon-nuoc-1.html"),  # its section
        ("/hoi-nghi-ve-nguon-nuoc-1.html", "/hoi-nghi-ve-nguon-nuoc-2.html", "/hoi-nghi-ve-nguon-nuoc-2.html"),
        ("/?p=12345", "/nuoc", "/nuoc"),  # a short link
        ("/amp/hoi-nghi-ve-nguon-nuoc-1.html", "/nuoc", "/nuoc"),
        ("/nuoc/1", "/nuoc", "/nuoc"),
        # another article
        ("/hoi-nghi-ve-nguon-nuoc-100001.html", "/hoi-nghi-ve-nguon-nuoc-100002.html", "/hoi-nghi-ve-nguon-nuoc-100001.html"),
        ("/nuoc-post1234.html", "/nuoc-post1235.html", "/1234"),
        ("/hoi-nghi-ve-nguon-nuoc", "/gia-gao-xuat-khau-tang-tro-lai", "/hoi-nghi-ve-nguon-nuoc"),
        # the same one by another name
        (
            "/hoi-nghi-ve-nguon-nuoc-100001.html",
            "/moi-truong/hoi-nghi-nguon-nuoc-100001",
            "/moi-truong/hoi-nghi-nguon-nuoc-100001",
        ),
        ("/gia-gao-xuat-khau-tang-tro-lai", "/hoi-nghi-ve-nguon-nuoc", "/hoi-nghi-ve-nguon-nuoc"),
        ("/hoi-nghi-ve-nguon-nuoc", "/nuoc-post1234.html", "/1234"),
        ("/hoi-nghi-ve-nguon-nuoc", "/hoi-nghi-ban-ve-nguon-nuoc-mua-kho", "/hoi-nghi-ban-ve-nguon-nuoc-mua-kho"),
    ],
)
def test_a_section_or_another_article_is_not_the_address_of_many(url: str, claimed: str, identity: str) -> None:
    head = f'<title>{TITLE}</title><link rel="canonical" href="https://a.vn{claimed}">'
    assert read(page(f"<article>{p(LEAD, ONE)}</article>", head=head), f"https://a.vn{url}").identity == f"a.vn{identity}"


# ---------------------------------------------------------------- a list under an article's address

FOOT = p(
    "Cơ quan chủ quản: một bộ ở thủ đô. Giấy phép hoạt động báo điện tử số 123 do một cục cấp ngày đầu năm, gia hạn mỗi năm một lần.",
    "Tòa soạn đặt tại số sáu phố Chu Văn An. Ghi rõ nguồn khi phát hành lại thông tin từ trang này, và đặt đường dẫn về bài gốc.",
)
OTHERS = [(f"Giá gạo tuần {n} tăng ở ba tỉnh miền Tây", f"Thương lái tuần {n} vào tận ruộng đặt cọc trước.") for n in range(12)]
LISTS = {
    "in boxes": '<div class="x"><h3><a href="/t-{n}">{title}</a></h3><p>{teaser}</p></div>',
    "without boxes": '<h3><a href="/t-{n}">{title}</a></h3><p>{teaser}</p>',
    "with times": '<h3><a href="/t-{n}">{title}</a></h3><time datetime="2026-11-0{n}">0{n}/11/2026 08:30</time><p>{teaser}</p>',
    "titles alone": '<div class="x"><a href="/t-{n}">{title}</a><span class="time">0{n}/11/2026 08:30</span></div>',
    "in links": '<a href="/t-{n}"><h3>{title}</h3><p>{teaser}</p></a>',
    "in paragraphs": '<p><a href="/t-{n}">{title}</a></p><p>{teaser}</p>',
}


@pytest.mark.parametrize("foot", ["", FOOT], ids=["", "with a foot"])
@pytest.mark.parametrize("above", ["", "<h1>Thị trường</h1>", '<h1 class="cms-title">Thị trường</h1>'])
@pytest.mark.parametrize("row", LISTS.values(), ids=LISTS.keys())
def test_a_list_under_an_articles_address_is_no_article(row: str, above: str, foot: str) -> None:
    rows = "".join(row.format(n=n, title=title, teaser=teaser) for n, (title, teaser) in enumerate(OTHERS))
    raw = page(f"<div>{rows}</div>{foot}", above=above, head="<title>Thị trường</title>")
    with pytest.raises(ExtractError) as refused:
        read(raw, "https://a.vn/hoi-nghi-ve-nguon-nuoc-khai-mac-100001.html")
    assert refused.value.kind in ("list", "no_article")


@pytest.mark.parametrize("url", ["https://a.vn/mot-cai-ten-khac-han-100001.html", "https://a.vn/tin/100001", None])
@pytest.mark.parametrize("row", LISTS.values(), ids=LISTS.keys())
def test_an_article_above_a_list_is_one_whatever_its_address_says(row: str, url: str | None) -> None:
    rows = "".join(row.format(n=n, title=title, teaser=teaser) for n, (title, teaser) in enumerate(OTHERS))
    found = read(page(f'<div class="t">{p(LEAD, ONE, TWO)}</div><div>{rows}</div>{FOOT}'), url)
    assert (found.title, texts(found)[0]) == (TITLE, LEAD)


def test_a_box_of_the_template_may_hold_a_list_too() -> None:
    rows = "".join(LISTS["without boxes"].format(n=n, title=title, teaser=teaser) for n, (title, teaser) in enumerate(OTHERS))
    with pytest.raises(ExtractError, match="list of articles"):
        read(
            page(f'<div class="cms-body">{rows}</div>', above="", head="<title>Thị trường</title>"),
            "https://a.vn/mot-hai-ba-bon-1",
        )


# ---------------------------------------------------------------- title and lead

BOX = '<p class="detail-sapo">Giá gạo xuất khẩu tăng trở lại sau ba tháng giảm.</p>'


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (f"<div>{BOX}</div><h1>{TITLE}</h1>", ""),
        (f"<h1>{TITLE}</h1><aside>{BOX}</aside>", ""),
        (f"<h1>{TITLE}</h1><div class='sidebar'>{BOX}</div>", ""),
        (f"<h1>{TITLE}</h1><div class='article-relate'>{BOX}</div>", ""),
        (f"<h1>{TITLE}</h1>", f"<div>{BOX}</div>"),
    ],
)
@pytest.mark.parametrize("marked", [True, False])
def test_the_lead_is_the_one_below_the_title(above: str, below: str, marked: bool) -> None:
    lead = f'<h2 class="detail-sapo" data-role="sapo">{LEAD}</h2>' if marked else ""
    body = DRESSES["vccorp"] % (p(ONE, TWO) if marked else p(LEAD, ONE, TWO))
    found = read(page(body, above=above + lead, below=below))
    assert (found.lead, texts(found)) == (LEAD, [LEAD, ONE, TWO])


@pytest.mark.parametrize(
    ("headings", "head", "title"),
    [
        ("<h1>Báo Quốc tế</h1>", f"<title>{TITLE} | Báo Quốc tế</title>", TITLE),
        ("<h1>Báo Quốc tế</h1>", f"<title>{TITLE} - Báo Quốc tế</title>", TITLE),
        (f"<h1>Báo Quốc tế</h1><h1>{TITLE}</h1>", f"<title>{TITLE} | Báo Quốc tế</title>", TITLE),
        ("<h1>Báo Quốc tế</h1>", f'<title>{TITLE} | Báo Quốc tế</title><meta property="og:title" content="{TITLE}">', TITLE),
        ("<h1>Nước</h1>", f'<title>{TITLE}</title><meta property="og:site_name" content="Nước">', TITLE),
        ("<h1>Nước về</h1>", '<title>Báo Nhân Dân - Nước về</title><meta property="og:title" content="Nước về">', "Nước về"),
        ("<h1>Việt Nam - Lào</h1>", "<title>Việt Nam - Lào</title>", "Việt Nam - Lào"),
        (f"<h1>{TITLE}, mười ba tỉnh dự</h1>", f"<title>{TITLE}</title>", f"{TITLE}, mười ba tỉnh dự"),
    ],
)
def test_the_name_of_the_site_is_no_title(headings: str, head: str, title: str) -> None:
    assert read(page(f"<article>{p(LEAD, ONE, TWO)}</article>", above=headings, head=head)).title == title


# ---------------------------------------------------------------- links that change between two visits

CALLS = [
    '<p>Đăng ký kênh <a href="/k">YouTube của báo</a> để nhận tin mới.</p>',
    '<p>Subscribe to <a href="/n">our weekly newsletter</a> for more.</p>',
    '<p>Follow us on <a href="/t">Twitter</a> and <a href="/f">Facebook</a>.</p>',
    '<p><strong>Xem thêm:</strong> <a href="/x.html">Lũ về muộn ở đầu nguồn</a></p>',
    '<ul><li><a href="/a.html">Lũ về muộn ở đầu nguồn sông Tiền</a></li><li><a href="/b.html">Giá gạo giữ ở mức cao</a></li></ul>',
    '<p><a href="/a.html">Lũ về muộn ở đầu nguồn sông Tiền</a></p>',
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("dress", ["<article>%s</article>", DRESSES["wordpress"]], ids=["unknown", "known"])
def test_a_call_or_a_teaser_is_no_text_wherever_it_stands(dress: str, call: str) -> None:
    assert texts(read(page(dress % (p(LEAD, ONE) + call + p(TWO, THREE))))) == [LEAD, ONE, TWO, THREE]
    assert texts(read(page(dress % (p(LEAD, ONE, TWO, THREE) + call)))) == [LEAD, ONE, TWO, THREE]


@pytest.mark.parametrize("body", ["", '<a href="/">Trang chủ</a>', '<ul><li><a href="/a">Một bài khác</a></li></ul>', "<p></p>"])
@pytest.mark.parametrize("dress", ["%s", "<article>%s</article>", *DRESSES.values()])
def test_a_page_of_links_alone_is_no_article(dress: str, body: str) -> None:
    with pytest.raises(ExtractError, match="holds no article"):
        read(page(dress % body))


def test_a_paragraph_with_a_link_in_it_stays_whole() -> None:
    linked = ONE.replace("nửa mét", '<a href="/x.html">nửa mét</a>')
    for dress in ("<article>%s</article>", DRESSES["wordpress"]):
        assert texts(read(page(dress % (p(LEAD, linked, TWO))))) == [LEAD, ONE, TWO]


def test_a_list_with_some_links_inside_the_text_stays() -> None:
    items = '<ul><li>Quỹ dự trữ gạo theo mùa vụ của <a href="/v.html">Việt Nam</a></li><li>Số liệu mùa màng theo tuần</li></ul>'
    found = read(page("<article>%s</article>" % (p(LEAD, ONE) + items + p(TWO))))
    assert "Quỹ dự trữ gạo theo mùa vụ của Việt Nam\nSố liệu mùa màng theo tuần" in texts(found)
