"""The reader of text dumps, on shapes that the seeds do not have. Losing a sentence is the worst it can do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import extract
from extract import lines
from model import BlockKind, Capture, ExtractError

TITLE = "Hội nghị về nguồn nước khai mạc tại Cần Thơ"
LEAD = "Sáng 6/11, hội nghị về nguồn nước vùng đồng bằng khai mạc tại Cần Thơ với sự tham dự của hơn hai trăm đại biểu từ mười ba tỉnh."
ONE = "Phát biểu khai mạc, chủ tịch thành phố cho biết mực nước đầu nguồn năm nay thấp hơn trung bình nhiều năm khoảng nửa mét, gây khó khăn cho vụ lúa."
TWO = "Các đại biểu đề nghị sớm xây thêm hai hồ chứa và mở rộng mạng lưới quan trắc tự động để người dân chủ động lấy nước ngọt vào mùa khô năm tới."


def dump(*body: str) -> str:
    return "\n".join([TITLE, "", LEAD, *body])


def paragraphs(*body: str) -> list[str]:
    return [b.text for b in lines.read(dump(*body)).blocks if b.kind is not BlockKind.CAPTION]


@pytest.mark.parametrize(
    "tail",
    [
        ("Tin liên quan", "Lũ về muộn ở đầu nguồn", "Lũ về muộn ở đầu nguồn", "Mực nước tại Tân Châu ..."),
        ("Từ khóa: nước, Cần Thơ", "Bình luận", "Ý kiến của bạn"),
        ("Tổng Biên tập: Nguyễn Văn A", "Giấy phép số 526/GP-BTTTT"),
        ("Lũ về muộn ở đầu nguồn sông", "Vụ lúa thu đông xuống giống chậm", "Giá gạo xuất khẩu giữ ở mức cao"),
        (
            "Đọc nhiều",
            "Thủ tướng tiếp Đại sứ Nhật Bản, bàn về nhiều dự án hợp tác mới trong năm tới tại thành phố Hồ Chí Minh và các tỉnh phía nam.",
        ),
        (
            "| Lũ về muộn ở đầu nguồn khiến nông dân nhiều tỉnh phải xuống giống chậm hơn mọi năm gần một tháng, theo báo cáo vừa công bố. |",
        ),
    ],
)
def test_what_follows_the_article_is_cut(tail: tuple[str, ...]) -> None:
    assert paragraphs(ONE, TWO, *tail) == [LEAD, ONE, TWO]


@pytest.mark.parametrize(
    "line",
    [
        "Theo dõi sát tình hình xâm nhập mặn, các tỉnh đã đóng hơn ba mươi cống ngăn.",
        "Xem thêm về vấn đề này, các chuyên gia nhắc lại bài học của mùa khô năm 2016.",
        "Nguồn nước ngọt còn lại đủ dùng trong hai tháng.",
        "Bình luận về đề xuất này, đại diện nông dân cho rằng cần làm sớm...",
        "Chia sẻ với báo chí, ông nói sẽ kiến nghị Trung ương hỗ trợ.",
        "In bản đồ ngập mặn phát cho dân là việc nên làm.",
        "“Chúng tôi không thể chờ”, ông nói",
        "- Thưa ông, khi nào công trình hoàn thành?",
        "1. Xây hai hồ chứa nước ngọt",
        "Ý kiến này được nhiều đại biểu tán thành.",
        "Trang chủ của dự án sẽ đăng số liệu hằng ngày.",
    ],
)
def test_a_line_that_only_looks_like_boilerplate_stays(line: str) -> None:
    assert paragraphs(ONE, line, TWO) == [LEAD, ONE, line, TWO]


@pytest.mark.parametrize(
    "line",
    [
        "Báo Giáo dục và Thời đại đưa tin, nhiều trường đã dời lịch học vì nước ngập sâu.",
        "Hỗ trợ kỹ thuật cho các nước thành viên mới là một trong những ưu tiên của năm nay.",
        "Cơ quan chủ quản của chương trình là Bộ Nông nghiệp và Môi trường cùng mười ba tỉnh.",
        "Trụ sở: Ban Thư ký ASEAN đặt tại Jakarta từ năm 1976 theo quyết định của các ngoại trưởng.",
        "Từ khóa: đoàn kết là điều được nhắc nhiều nhất trong cả hai ngày họp vừa qua.",
        "Kim ngạch hai chiều mười tháng đạt 1,7 tỷ USD, tăng 10% so với cùng kỳ. (Nguồn: Tổng cục Hải quan)",
        "Theo báo cáo tại https://asean.org/report",
        "Kinh tế, văn hóa, giáo dục, du lịch",
        "Theo dõi sát diễn biến trên Biển Đông",
    ],
)
def test_a_sentence_or_heading_that_opens_like_a_notice_stays(line: str) -> None:
    assert paragraphs(ONE, line, TWO) == [LEAD, ONE, line, TWO]


@pytest.mark.parametrize("box", ["Tin liên quan", "Xem thêm", "Đọc thêm", "Tham khảo thêm", "Bài viết liên quan"])
def test_a_box_inside_a_long_text_goes_alone_and_one_below_it_ends_it(box: str) -> None:
    other = "Lũ về muộn ở đầu nguồn sông Tiền"
    assert paragraphs(ONE, box, other, other, TWO, ONE + " Lại.", TWO + " Lại.") == [LEAD, ONE, TWO, ONE + " Lại.", TWO + " Lại."]
    assert paragraphs(ONE, TWO, box, other, ONE + " Khác.", other + " Hậu", TWO + " Khác.") == [LEAD, ONE, TWO]


@pytest.mark.parametrize("end", ["Nguồn", "Cùng chuyên mục", "Đọc nhiều", "Tin liên quan"])
def test_a_notice_of_three_sentences_is_cut_like_a_long_text(end: str) -> None:
    notice = [
        "Lễ thượng cờ bắt đầu vào 8 giờ sáng ngày 8/8 tại Hà Nội.",
        "Phóng viên đăng ký trước 17 giờ.",
        "Đề nghị mang thẻ nhà báo khi đến dự lễ.",
    ]
    found = lines.read("\n".join(["Lễ thượng cờ", *notice, end, "Lũ về muộn ở đầu nguồn", ONE, "Giá gạo xuất khẩu tăng", TWO]))
    assert [b.text for b in found.blocks] == notice


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Khai mạc Hội nghị SOM ASEAN", "Hội nghị SOM ASEAN khai mạc sáng nay tại Cebu, Philippines."),
        ("Sức mạnh ASEAN", "Sức mạnh của ASEAN"),
        ("ASEAN sẽ đi về đâu?", "Vậy ASEAN sẽ đi về đâu?"),
    ],
)
def test_a_line_with_the_words_of_the_title_is_no_alt(title: str, line: str) -> None:
    assert [b.text for b in lines.read("\n".join([title, line, ONE, TWO])).blocks] == [line, ONE, TWO]
    assert [b.text for b in lines.read("\n".join([title, LEAD, line, ONE, TWO])).blocks] == [LEAD, line, ONE, TWO]


def test_a_numbered_alt_has_its_caption_glued_to_it_or_none() -> None:
    found = lines.read(dump(ONE, TITLE + " - ảnh 1", TWO, TITLE + " ảnh 2Một cống ngăn mặn ở Bến Tre"))
    assert [b.text for b in found.blocks] == [LEAD, ONE, TWO, "Một cống ngăn mặn ở Bến Tre"]


def test_a_list_of_names_that_ends_a_text_stays() -> None:
    names = [
        "Danh sách gồm",
        "Bà Nguyễn Thị A, Phó Chủ tịch tỉnh Bến Tre",
        "Ông Trần Văn B, Giám đốc Sở Nông nghiệp",
        "Ông Lê Văn C, chuyên gia",
    ]
    assert paragraphs(ONE, TWO, *names) == [LEAD, ONE, TWO, *names]


@pytest.mark.parametrize(
    "above",
    [
        "Thời sự",
        "NGOẠI GIAO",
        "Chính trị | Đối ngoại",
        "KỶ NIỆM 30 NĂM QUAN HỆ:",
        "1. Trang chủ 2. »",
        "Đăng nhập",
        "hoi nghi ve nguon nuoc",
    ],
)
def test_what_stands_above_a_title_is_none(above: str) -> None:
    found = lines.read(above + "\n" + dump(ONE, TWO))
    assert (found.title, [b.text for b in found.blocks]) == (TITLE, [LEAD, ONE, TWO])


@pytest.mark.parametrize(
    ("byline", "authors"),
    [("TRẦN HOÀNG YẾN", ("Trần Hoàng Yến",)), ("Tác giả: Lê Vân", ("Lê Vân",)), ("(từ Vientiane, Lào)", ())],
)
def test_a_byline_below_the_title_is_no_text(byline: str, authors: tuple[str, ...]) -> None:
    found = lines.read("\n".join([TITLE, byline, LEAD, ONE, TWO]))
    assert (found.authors, [b.text for b in found.blocks]) == (authors, [LEAD, ONE, TWO])


@pytest.mark.parametrize(
    "line",
    [
        "13/09/2020, 18:15 hoangtien_vnews",
        "Chính trị 13-09-2020",
        "Ngày phát hành: 13/09/2020 Lượt xem 13605",
        "Thời sự Chủ nhật, 13/9/2020, 14:17 (GMT+7)",
    ],
)
def test_a_date_line_may_carry_a_section_a_user_or_a_counter(line: str) -> None:
    for order in ([TITLE, line, LEAD], [TITLE, LEAD, "13/09/2020 18:15"]):
        found = lines.read("\n".join([*order, ONE, TWO]))
        assert found.published
        assert f"{found.published[0].moment:%Y-%m-%d}" == "2020-09-13"
        assert [b.text for b in found.blocks] == [LEAD, ONE, TWO]


def test_a_date_below_the_title_wins_over_the_clock_above_it() -> None:
    found = lines.read("\n".join(["Thứ bảy 28/02/2026 10:38", TITLE, "08:01 | 26/02/2026", LEAD, ONE]))
    assert found.published
    assert found.published[0].moment.isoformat() == "2026-02-26T08:01:00+07:00"


@pytest.mark.parametrize(
    "tail",
    [
        ("Nguồn", "https://vov.vn/a-1.vov"),
        ("Link bài gốc", "Lấy link!", "https://vov.vn/a-1.vov"),
        ("Nguồn VOV: https://vov.vn/a-1.vov", "Bài khác"),
    ],
)
def test_the_address_of_the_original_is_kept(tail: tuple[str, ...]) -> None:
    found = lines.read(dump(ONE, TWO, *tail))
    assert (found.origin_url, [b.text for b in found.blocks]) == ("https://vov.vn/a-1.vov", [LEAD, ONE, TWO])


def test_a_related_box_inside_the_text_goes_and_the_text_goes_on() -> None:
    box = ("Lũ về muộn ở đầu nguồn", "Lũ về muộn ở đầu nguồn", "Mực nước tại Tân Châu thấp hơn ...")
    assert paragraphs(ONE, *box, TWO) == [LEAD, ONE, TWO]


def test_a_list_of_related_titles_above_the_text_goes() -> None:
    found = lines.read("\n".join([TITLE, "TIN LIÊN QUAN", "Lũ về muộn ở đầu nguồn", LEAD, ONE, TWO]))
    assert [b.text for b in found.blocks] == [LEAD, ONE, TWO]


def test_a_photo_credit_between_paragraphs_is_neither_text_nor_the_source() -> None:
    found = lines.read(dump(ONE, "(Nguồn: Reuters)", TWO))
    assert [b.text for b in found.blocks if b.kind is BlockKind.PARAGRAPH] == [LEAD, ONE, TWO]
    assert found.credit is None


def test_a_source_at_the_end_is_a_credit() -> None:
    found = lines.read(dump(ONE, TWO, "Theo TTXVN"))
    assert found.credit
    assert found.credit.domain == "vnanet.vn"


def test_captions_are_told_by_their_credit_or_their_place() -> None:
    found = lines.read(
        dump(ONE, "Đại biểu tại hội nghị. (Ảnh: Minh Anh)", TWO, TITLE, "Một cống ngăn mặn ở Bến Tre", ONE + " Lại.")
    )
    assert [b.text for b in found.blocks if b.kind is BlockKind.CAPTION] == [
        "Đại biểu tại hội nghị. (Ảnh: Minh Anh)",
        "Một cống ngăn mặn ở Bến Tre",
    ]


def test_a_table_keeps_its_rows_as_lines() -> None:
    found = lines.read(dump(ONE, "| Tỉnh | Độ mặn |", "|---|---|", "| Bến Tre | 4‰ |", TWO))
    (table,) = (b for b in found.blocks if b.kind is BlockKind.TABLE)
    assert table.text == "Tỉnh | Độ mặn\nBến Tre | 4‰"


@pytest.mark.parametrize(
    ("above", "section"),
    [
        ("Trang chủChính trịNgoại giao" + TITLE, "Ngoại giao"),
        ("Trang chủChính trịNgoại giao" + TITLE[:30] + "...", "Ngoại giao"),
        ("Trang chủ / Kinh tế / Nông nghiệp", "Nông nghiệp"),
        ("Trang chủ Thời sự Chính trị Thế giới Kinh tế", None),
    ],
)
def test_what_stands_above_the_title(above: str, section: str | None) -> None:
    found = lines.read(above + "\n" + dump(ONE, TWO))
    assert (found.title, found.section) == (TITLE, section)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n\n", "\u2028"])
def test_line_ends_make_no_difference(newline: str) -> None:
    assert lines.read(dump(ONE, TWO).replace("\n", newline)).blocks == lines.read(dump(ONE, TWO)).blocks


@given(
    st.lists(
        st.sampled_from([TITLE, LEAD, ONE, TWO, "Nguồn", "![]() |", "| a |", "BNG", "", "18/06/2024 09:47", "Tin liên quan"]),
        max_size=14,
    )
)
def test_any_order_of_lines_is_read_and_no_paragraph_is_invented(given_lines: list[str]) -> None:
    found = lines.read("\n".join(given_lines))
    said = {line.strip("| ") for line in given_lines}
    assert all(set(b.text.split("\n")) <= said for b in found.blocks)


@given(st.text(max_size=400))
def test_any_text_is_read(raw: str) -> None:
    lines.read(raw)


def test_a_dump_without_measure_is_refused() -> None:
    capture = Capture(
        identity="x", body=b"A line of text.\n" * 400_000, captured_at=datetime(2026, 1, 1, tzinfo=UTC), captured_exactly=True
    )
    with pytest.raises(ExtractError, match="6,400,000 characters") as error:
        extract.read(capture)
    assert error.value.kind == "too_large"
