"""How two texts relate, as tables: copies, developments, parts, and issues of one form."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Article, Block, BlockKind, LikenessKind
from tests import syndication as made
from track.changes import fingerprint
from track.copies import compare, series_key

EXACT, SAME, NEAR = LikenessKind.EXACT, LikenessKind.SAME, LikenessKind.NEAR
OVERLAP, SIBLING = LikenessKind.OVERLAP, LikenessKind.SIBLING

draw = Random("copies")  # noqa: S311
REPORT = made.report(draw, 500)
SAID = made.paragraphs(REPORT)
OTHER = made.paragraphs(made.report(draw, 500))

COURT = [
    "Viện Kiểm sát nhân dân tỉnh Nghệ An vừa hoàn tất cáo trạng truy tố Trần Văn Long về tội giết người.",
    "Theo hồ sơ, tối 3/2, sau khi uống rượu tại nhà một người quen ở xã Diễn Thịnh, Long mâu thuẫn với ông Lê Đình Sơn rồi về nhà "
    "lấy dao quay lại tấn công nạn nhân. Người dân đưa ông Sơn đi cấp cứu nhưng ông không qua khỏi do mất máu quá nhiều.",
    "Gây án xong, Long bỏ trốn vào các tỉnh phía Nam, thay đổi chỗ ở nhiều lần và sống bằng nghề phụ hồ. Ba tuần sau, cảnh sát "
    "hình sự phát hiện người này trong một khu nhà trọ ở Bình Dương và di lý về địa phương để phục vụ điều tra.",
    "Tại cơ quan công an, nghi phạm thừa nhận toàn bộ hành vi, nói rằng do men rượu và bức xúc kéo dài từ chuyện tranh chấp lối đi "
    "chung giữa hai gia đình. Vợ con nạn nhân đề nghị xử lý nghiêm theo quy định và yêu cầu bồi thường chi phí mai táng.",
    "Chính quyền xã cho biết mâu thuẫn giữa hai nhà đã được tổ hòa giải gặp gỡ nhiều lần trong hai năm qua nhưng không thành, dù "
    "lối đi chỉ rộng hơn một mét. Sau vụ việc, địa phương tăng cường tuyên truyền và rà soát các tranh chấp tương tự.",
]
CHARGED = made.article("Truy tố nghi phạm sát hại hàng xóm", COURT, "bao-a.example")


def site(one: Article, name: str = "bao-b.example", title: str | None = None) -> Article:
    return replace(one, site=name, title=one.title if title is None else title)


def changed(*pairs: tuple[str, str], title: str | None = None, name: str = "bao-b.example") -> Article:
    """The court report with these words in the place of those."""
    said = "\n".join(COURT)
    for old, new in pairs:
        assert old in said
        said = said.replace(old, new)
    return made.article(title or CHARGED.title or "", said.split("\n"), name)


def more(*said: str, at: int = 99) -> Article:
    """The court report with these paragraphs more."""
    return made.article(CHARGED.title or "", [*COURT[:at], *said, *COURT[at:]], "bao-b.example")


ONE_TEXT = {
    "the same text on another site": (site(CHARGED), EXACT),
    "the same text under another title": (site(CHARGED, title="Cáo trạng vụ án mạng vì lối đi chung"), EXACT),
    "the same text in other letters": (changed(("hòa giải", "hoà giải"), ("lý", "lí")), EXACT),
    "an agency before it": (changed(("Viện Kiểm", "(TTXVN) - Viện Kiểm")), SAME),
    "a place and an agency before it": (changed(("Viện Kiểm", "Nghệ An (TTXVN) – Viện Kiểm")), SAME),
    "a credit below it": (more("Theo báo Tuổi Trẻ"), SAME),
    "a credit in its last line": (changed(("tranh chấp tương tự.", "tranh chấp tương tự. (Theo VnExpress)")), SAME),
    "a link to more": (more("Xem thêm: Bắt nghi phạm sát hại hàng xóm ở Nghệ An", at=2), SAME),
    "a word that says nothing": (changed(("nói rằng do", "nói là do")), SAME),
    "its title once more as its first line": (more(CHARGED.title or "", at=0), SAME),
}
NOT_ONE_TEXT = {
    "charged, then sentenced": changed(("vừa hoàn tất cáo trạng truy tố", "vừa tuyên phạt án tử hình đối với")),
    "charged, then on trial": changed(("vừa hoàn tất cáo trạng truy tố", "sáng nay đưa ra xét xử")),
    "another number": changed(("Ba tuần sau", "5 tuần sau")),
    "another day": changed(("tối 3/2", "tối 4/2")),
    "another name": changed(("Lê Đình Sơn", "Lê Đình Hải")),
    "another place": changed(("ở Bình Dương", "ở Đồng Nai")),
    "less for more": changed(("địa phương tăng cường", "địa phương giảm bớt")),
    "no longer not": changed(("nhưng không thành", "nhưng đã thành")),
    "a tense": changed(("Vợ con nạn nhân đề nghị", "Vợ con nạn nhân sẽ đề nghị")),
    "a sentence of news at the end": more("Đến chiều cùng ngày, nghi phạm đã được tại ngoại."),
    "a short sentence of news": more("Nạn nhân đã tỉnh lại.", at=1),
    "news that begins like a credit": more("Theo bác sĩ, nạn nhân đã tỉnh."),
    "no lead": made.article(CHARGED.title or "", COURT[1:], "bao-b.example"),
    "a name with another mark": changed(("Trần Văn Long", "Trần Vân Long"), ("nói rằng do", "nói là do")),
    "a name where agencies stand": changed(("Viện Kiểm sát nhân dân tỉnh Nghệ An vừa", "Long (Diễn Thịnh) - vừa")),
    "a clock where agencies stand": changed(("Viện Kiểm", "Sáng nay (9/2) - Viện Kiểm")),
    "a part on the same site": changed(("nói rằng do", "nói là do"), name="bao-a.example"),
}


@pytest.mark.parametrize(("other", "kind"), ONE_TEXT.values(), ids=ONE_TEXT)
def test_one_text(other: Article, kind: LikenessKind) -> None:
    found = compare(other, CHARGED)
    assert found
    assert found.kind is kind


@pytest.mark.parametrize("other", NOT_ONE_TEXT.values(), ids=NOT_ONE_TEXT)
def test_what_may_be_the_news_is_no_copy_and_stays_in_the_story(other: Article) -> None:
    found = compare(other, CHARGED)
    assert found
    assert found.kind is NEAR


def test_exact_is_what_the_copy_hash_says() -> None:
    other = ONE_TEXT["the same text in other letters"][0]
    assert fingerprint(other).copy == fingerprint(CHARGED).copy


# ---------------------------------------------------------------- stories


def test_the_steps_of_one_case_are_linked_and_not_merged() -> None:
    held = made.article("Khởi tố nghi phạm", ["Công an vừa khởi tố bị can.", *OTHER[:4], COURT[1], COURT[2]], "bao-a.example")
    trial = made.article("Nghi phạm hầu tòa", ["Sáng nay tòa mở phiên xử.", *SAID[:4], COURT[1], COURT[3]], "bao-a.example")
    for one, other in ((held, CHARGED), (trial, CHARGED)):
        found = compare(one, other)
        assert found
        assert found.kind is OVERLAP


def test_a_page_that_embeds_two_articles_holds_each_and_is_held_by_none() -> None:
    roundup = made.article("Tin trong ngày", [*SAID, "* * *", *COURT], "bao-c.example")
    for one in (REPORT, CHARGED):
        found = compare(roundup, one)
        assert found
        assert found.kind is NEAR
        assert found.other_in_one > 0.98
        assert found.one_in_other < 0.8


def test_a_cut_text_stands_in_the_whole_one() -> None:
    found = compare(made.article("Ngắn", SAID[: len(SAID) // 2], "bao-c.example"), REPORT)
    assert found
    assert found.kind is NEAR
    assert found.one_in_other > 0.98
    assert found.other_in_one < 0.7


def test_a_footer_of_a_whole_site_relates_nothing() -> None:
    footer = made.paragraph(draw, 70)
    one, other = (made.article("Tin", [*said, footer], "bao-a.example") for said in (SAID, OTHER))
    assert compare(one, other) is None


def test_two_articles_that_share_stock_phrases_are_unrelated() -> None:
    assert compare(REPORT, made.article("Tin khác", OTHER)) is None


# ---------------------------------------------------------------- short texts

NOTICE = "Trường nghỉ học ngày mai do mưa lớn, phụ huynh theo dõi thông báo tiếp theo."


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        pytest.param(("Nghỉ học", NOTICE), ("Nghỉ học", NOTICE), EXACT, id="the same notice"),
        pytest.param(("Nghỉ học", NOTICE), ("Thông báo", NOTICE), None, id="one text under two titles may be two notices"),
        pytest.param(("Nghỉ học", NOTICE), ("Nghỉ học", NOTICE + " Mang áo mưa."), None, id="three words more"),
        pytest.param(("Ảnh ngày 5/6", "Xem ảnh."), ("Ảnh ngày 6/6", "Xem ảnh."), None, id="pictures of two days"),
        pytest.param(("Nghỉ học", ""), ("Nghỉ học", ""), EXACT, id="titles alone"),
    ],
)
def test_short_texts(one: tuple[str, str], other: tuple[str, str], kind: LikenessKind | None) -> None:
    found = compare(made.article(one[0], [one[1]], "a.example"), made.article(other[0], [other[1]], "b.example"))
    assert (found and found.kind) is kind


# ---------------------------------------------------------------- siblings


@pytest.mark.parametrize("name", [*made.TUNED, *made.HELD_OUT])
def test_two_issues_are_siblings_or_unrelated(name: str) -> None:
    one, other = made.series(name, 2)
    found = compare(other, one)
    assert found is None or found.kind is SIBLING


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đáp án môn Toán mã đề 201", "Đáp án môn Toán mã đề 224"),
        ("Lịch cúp điện Nghệ An ngày 12/5", "Lịch cúp điện Nghệ An ngày 13/5"),
        ("Giá vàng hôm nay 12/5: tăng mạnh", "Giá vàng hôm nay 13/5: lao dốc"),
        ("Kết quả xổ số thứ ba", "Kết quả xổ số chủ nhật"),
        ("Lịch cúp điện Nghệ An", "Lịch cúp điện Hà Tĩnh"),
    ],
)
def test_issues_that_their_titles_tell_apart_are_siblings_even_with_one_text(one: str, other: str) -> None:
    """The table may be a picture, and the text around it is always the same."""
    found = compare(replace(REPORT, title=one), replace(REPORT, title=other))
    assert found
    assert found.kind is SIBLING


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Giá vàng hôm nay 12/5", "Giá vàng hôm nay 12/05/2024"),
        ("Giá vàng hôm nay 12/5: tăng mạnh", "Giá vàng hôm nay: tăng mạnh"),
        ("Vụ cháy ngày 12/5: thêm nạn nhân", "Vụ cháy ngày 12/5: khởi tố"),
        ("Lịch cúp điện Nghệ An", "Cắt điện ở Hà Tĩnh tuần này"),
    ],
)
def test_titles_that_may_name_one_issue_leave_one_text_one(one: str, other: str) -> None:
    found = compare(replace(REPORT, title=one), site(REPORT, title=other))
    assert found
    assert found.kind is EXACT


def test_members_of_a_series_are_siblings_unless_they_are_word_for_word_one() -> None:
    later = made.article("Bản tin", [*SAID[:-1], OTHER[0]], REPORT.site)
    near, sibling, exact = (compare(later, REPORT), compare(later, REPORT, series=True), compare(REPORT, REPORT, series=True))
    assert near
    assert sibling
    assert exact
    assert (near.kind, sibling.kind, exact.kind) == (NEAR, SIBLING, EXACT)


def test_one_renaming_throughout_makes_no_sibling() -> None:
    said = [f"{one} Chính phủ Mỹ nói về {n} dự án của Mỹ." for n, one in enumerate(SAID)]
    other = [one.replace("Mỹ", "Hoa Kỳ") for one in said]
    found = compare(made.article("Tin", said, "a.example"), made.article("Tin khác hẳn", other, "b.example"))
    assert found
    assert found.kind is NEAR


def test_replaced_numbers_are_counted() -> None:
    one, other = made.series("fuel", 2)
    found = compare(replace(one, title="Xăng dầu đổi giá"), replace(other, title="Liên bộ điều chỉnh"))
    assert found
    assert found.numbers_replaced > 10


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Giá vàng hôm nay 12/5: tăng mạnh", "x.vn gia vang #"),
        ("Giá vàng hôm nay 13/5: lao dốc", "x.vn gia vang #"),
        ("Giá vàng hôm nay: lao dốc", "x.vn gia vang #"),
        ("Giá xăng dầu chiều nay, ngày 5-6-2024, giảm", "x.vn gia xang dau #"),
        ("Đáp án môn Toán mã đề 201 kỳ thi THPT", "x.vn dap an mon toan #"),
        ("Lịch cúp điện từ ngày 5/6 đến ngày 8/6", "x.vn lich cup dien #"),
        ("Thời tiết Hà Nội thứ ba: mưa", "x.vn thoi tiet ha noi #"),
        ("Chứng khoán phiên 5/6: xanh", "x.vn chung khoan #"),
        ("Khởi tố 3 bị can vụ A", "x.vn khoi to # bi can vu a"),
        ("Ngày 12/5, Thủ tướng tiếp khách", "x.vn # thu tuong tiep khach"),
        ("Hội nghị bế mạc", None),
        ("Chủ nhật đỏ", None),
        ("12/5", None),
        ("", None),
        (None, None),
    ],
)
def test_series_keys(title: str | None, key: str | None) -> None:
    assert series_key(replace(REPORT, title=title, site="x.vn")) == key


@pytest.mark.parametrize("name", [name for name in made.TUNED if name not in ("exam", "dreams")])
def test_the_issues_of_a_dated_form_have_few_keys(name: str) -> None:
    keys = [series_key(one) for one in made.series(name, 12)]
    assert None not in keys
    assert len(set(keys)) <= 3


# ---------------------------------------------------------------- anything

pieces = st.sampled_from(
    [*SAID[:4], *COURT, "", "12/5", "Ǎ́", "İstanbul ß", "\u0301", "“", "Xem thêm: a", "(A) - b", "Theo A", "ngày 1", "Mỹ"]
)
things = st.builds(
    lambda title, said, captions, name: Article(
        identity="x",
        url=None,
        site=name,
        outlet=None,
        title=title,
        blocks=tuple(
            Block(kind=BlockKind.CAPTION if at in captions else BlockKind.PARAGRAPH, text=one) for at, one in enumerate(said)
        ),
        has_lead=False,
    ),
    st.none() | st.sampled_from(["Giá vàng 12/5", "Giá vàng 13/5", "Tin"]) | st.text(max_size=30),
    st.lists(pieces | st.text(max_size=60), max_size=12),
    st.sets(st.integers(0, 5), max_size=2),
    st.sampled_from([None, "a.example", "b.example"]),
)


@settings(max_examples=150, deadline=None)
@given(things, things, st.booleans())
def test_it_does_not_matter_which_comes_first(one: Article, other: Article, series: bool) -> None:
    there, back = compare(one, other, series=series), compare(other, one, series=series)
    if there is None or back is None:
        assert there is back
        return
    assert there == replace(back, one_in_other=back.other_in_one, other_in_one=back.one_in_other)
    assert 0.3 <= there.containment <= 1
    assert there.jaccard <= min(there.one_in_other, there.other_in_one)
    assert there.kind is not SAME or one.site != other.site


@settings(max_examples=50, deadline=None)
@given(things)
def test_an_article_is_exactly_itself(one: Article) -> None:
    found = compare(one, one)
    assert found
    assert found.kind is EXACT


# ---------------------------------------------------------------- time


def test_two_ordinary_articles_take_a_few_milliseconds() -> None:
    copied = made.copy(Random(3), REPORT, 3)  # noqa: S311
    best = min(_seconds(REPORT, copied) for _ in range(20))
    assert best < 0.01


HOSTILE = {
    "a book of words that nobody knows": lambda: " ".join(f"chữ{n}" for n in range(300_000)),
    "one word": lambda: "a " * 500_000,
    "one long word": lambda: "a" * 5_000_000,
    "quotation marks": lambda: "“" * 1_000_000 + " a b c d e f",
    "brackets": lambda: "-((((" * 300_000 + " a b c d e f",
    "dates": lambda: "ngày 12/5, " * 300_000,
    "numbers": lambda: "1." * 1_000_000,
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_take_seconds_at_most(make: object) -> None:
    said = make()  # type: ignore[operator]
    one = made.article(said[:3_000_000], [said, COURT[0]], "a.example")
    other = made.article(said[:3_000_000] + "x", [COURT[1], said], "b.example")
    assert _seconds(one, other) < 15


def _seconds(one: Article, other: Article) -> float:
    start = time.process_time()
    compare(one, other)
    return time.process_time() - start
