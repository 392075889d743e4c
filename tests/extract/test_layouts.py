"""What a source teaches: a value in, a value out, and in force for later captures alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import extract
from extract import families, layouts, page
from model import Article, Block, BlockKind, Capture, Learned, Learning

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
TEXT = Block(kind=BlockKind.PARAGRAPH, text="Hội nghị khai mạc.")


def article(reader: str = "generic", container: str | None = "div.tin", agreement: float | None = 0.95) -> Article:
    return Article(
        identity="a.vn/1",
        url="https://a.vn/1",
        site="a.vn",
        outlet=None,
        title="Hội nghị",
        blocks=(TEXT,),
        has_lead=True,
        reader=reader,
        container=container,
        agreement=agreement,
    )


def taught(*pages: Article, start: Learning | None = None) -> Learning:
    known = start or Learning(site="a.vn")
    for one in pages:
        known = extract.learn(known, one, NOW)
    return known


LEARNED = taught(*[article()] * 5)


def test_five_pages_in_a_row_teach_a_path() -> None:
    assert taught(*[article()] * 4).paths == ()
    assert LEARNED.paths == (Learned(path="div.tin", since=NOW, until=None),)
    assert taught(*[article()] * 4, article(container="div.khac"), *[article()] * 4).paths == ()


@pytest.mark.parametrize(
    "page_read",
    [article(agreement=0.5), article(agreement=None), article(container=None), article("trafilatura"), article("hemera")],
)
def test_a_page_that_was_not_read_well_teaches_nothing(page_read: Article) -> None:
    before = taught(*[article()] * 3)
    assert extract.learn(before, page_read, NOW) is before


def test_a_path_is_dropped_after_three_misses_in_a_row() -> None:
    agreed, missed = article(layouts.LEARNED), article(layouts.LEARNED, container="div.moi", agreement=0.2)
    assert taught(missed, missed, agreed, missed, missed, start=LEARNED).paths[-1].until is None
    dropped = taught(missed, missed, missed, start=LEARNED)
    assert dropped.paths == (Learned(path="div.tin", since=NOW, until=NOW),)
    assert taught(*[article(container="div.moi")] * 5, start=dropped).paths[-1].path == "div.moi"


def test_a_path_that_is_not_on_the_page_any_more_misses() -> None:
    gone = article("generic", container="div.moi")
    assert taught(gone, gone, gone, start=LEARNED).paths[-1].until == NOW


def test_a_path_is_in_force_for_what_was_captured_after_it_was_learned() -> None:
    later, earlier = NOW + timedelta(hours=1), NOW - timedelta(hours=1)
    assert layouts.in_force(LEARNED, later) == "div.tin"
    assert layouts.in_force(LEARNED, earlier) is None
    assert layouts.in_force(None, later) is None
    ended = replace(LEARNED, paths=(replace(LEARNED.paths[0], until=later),))
    assert layouts.in_force(ended, later + timedelta(hours=1)) is None


PARAGRAPHS = [
    "Sáng nay, các bộ trưởng kinh tế đã thông qua chương trình làm việc chung cho năm tới tại phiên họp ở thủ đô.",
    "Theo chương trình, ba nhóm việc được ưu tiên là kết nối kho lạnh, thủ tục hải quan và đào tạo nhân lực cho cảng biển.",
    "Đại diện các doanh nghiệp cho rằng thời hạn một năm là đủ nếu biểu mẫu được thống nhất trước tháng Sáu.",
]
CHATTER = (
    "<p>Bạn đọc góp ý: bài viết rất hay, mong tòa soạn có thêm nhiều tin như thế này về vận tải đường biển ở miền Trung nhé.</p>"
)


def capture(body: str, at: datetime) -> Capture:
    said = f"<html><head><title>Họp bộ trưởng kinh tế</title></head><body>{body}</body></html>"
    return Capture(identity="a.vn/1", url="https://a.vn/1", body=said.encode(), captured_at=at, captured_exactly=True)


def test_a_learned_place_reads_a_short_article_among_much_other_text() -> None:
    whole = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    usual = capture(f'<h1>Họp bộ trưởng kinh tế</h1><div class="tin">{whole}</div><div class="gop">{CHATTER}</div>', NOW)
    known = Learning(site="a.vn")
    for _ in range(5):
        known = extract.learn(known, extract.read(usual, known), NOW)
    assert [p.path for p in known.paths] == ["div.tin"]
    short = f'<h1>Họp bộ trưởng kinh tế</h1><div class="tin"><p>{PARAGRAPHS[0]}</p></div><div class="gop">{CHATTER * 6}</div>'
    later = capture(short, NOW + timedelta(days=1))
    assert extract.read(later, known).text == PARAGRAPHS[0]
    assert extract.read(later, known).reader == layouts.LEARNED
    assert extract.read(capture(short, NOW), known) == extract.read(capture(short, NOW)), "captured before it was learned"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<div class="tin chinh x12"><p>A</p></div>', "div.tin.chinh"),
        ('<div id="noi-dung"><p>A</p></div>', "div#noi-dung"),
        ('<div class="post-81234"><p>A</p></div>', None),
        ('<section class="trang"><div><p>A</p></div></section>', "section.trang div"),
        ('<div class="tin">B</div><div class="tin"><p>A</p></div>', None),
    ],
)
def test_a_path_names_what_other_pages_have_too(body: str, expected: str | None) -> None:
    parsed = page.Page(page.parse(f"<html><body>{body}</body></html>"))
    place = parsed.tagged("p")[0].getparent()
    assert place is not None
    assert layouts.path_of(parsed, place) == expected
    if expected:
        families.parse(f'[[family]]\nname = "x"\nbody = ["{expected}"]')
