"""Flags: what counts, where, and what takes its words away. The topic is the shipped one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import extract
from model import Article, Block, BlockKind, Capture, ConfigError, Field, Flag, Level
from track import topics

ROOT = Path(__file__).parents[2]
ASEAN = topics.load((ROOT / "topics" / "asean.toml").read_text(encoding="utf-8"), "asean.toml")
FILLER = "Các đại biểu trao đổi về tình hình kinh tế và thống nhất phối hợp trong thời gian tới. " * 6


def article(
    title: str, *paragraphs: str, caption: str | None = None, section: str | None = None, url: str | None = None
) -> Article:
    blocks = [Block(kind=BlockKind.PARAGRAPH, text=p) for p in paragraphs]
    if caption:
        blocks.append(Block(kind=BlockKind.CAPTION, text=caption))
    return Article(
        identity="x", url=url, site=None, outlet=None, title=title, blocks=tuple(blocks), has_lead=True, section=section
    )


def flagged(found: Article) -> Flag | None:
    flags = topics.flag(found, [ASEAN])
    return flags[0] if flags else None


def level(found: Article) -> Level | None:
    flag = flagged(found)
    return flag.level if flag else None


@pytest.mark.parametrize(
    ("seed", "expected"),
    [("000", Level.CORE), ("001", Level.CORE), ("002", Level.CORE), ("003", Level.CORE), ("004", Level.MENTION)],
)
def test_the_seeds(seed: str, expected: Level) -> None:
    path = next((ROOT / "seeds").glob(f"{seed}_*.txt"))
    capture = Capture(
        identity="saved:x", body=path.read_bytes(), captured_at=datetime(2026, 11, 22, tzinfo=UTC), captured_exactly=False
    )
    assert level(extract.read(capture)) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(
            article("Hội nghị Cấp cao ASEAN lần thứ 48 khai mạc", "Sáng 8/5, tại Cebu, Philippines.", FILLER),
            Level.CORE,
            id="a summit in the title",
        ),
        pytest.param(
            article("Khai mạc hội nghị ở Cebu", "Hội nghị Thượng đỉnh ASEAN khai mạc sáng nay.", FILLER),
            Level.CORE,
            id="a summit in the lead",
        ),
        pytest.param(
            article("Thủ tướng tiếp Đại sứ Nhật Bản", FILLER, "Hai bên phối hợp tại các diễn đàn như ASEAN."),
            Level.MENTION,
            id="ASEAN in passing",
        ),
        pytest.param(article("Giá lúa gạo hôm nay", FILLER, FILLER), None, id="nothing of it"),
        pytest.param(article("Mưa lớn ở Đông Nam Á", FILLER, "Đông Nam Á có mưa."), None, id="the region alone"),
        pytest.param(
            article("ASEAN Cup 2026: Việt Nam vào chung kết", "Đội tuyển Việt Nam thắng ở bán kết ASEAN Cup.", FILLER),
            None,
            id="football named ASEAN Cup",
        ),
        pytest.param(
            article("Việt Nam thắng đậm", "Ở bán kết, đội tuyển ghi bốn bàn thắng.", "Cầu thủ hay nhất khu vực ASEAN."),
            None,
            id="football that names ASEAN bare",
        ),
        pytest.param(
            article("Xe điện đạt 5 sao", "Mẫu xe đạt 5 sao ASEAN NCAP.", FILLER), None, id="a car test named after ASEAN"
        ),
        pytest.param(
            article("Tin thể thao", FILLER, "Đoàn các nước ASEAN.", url="https://a.vn/the-thao/tin-123.html"),
            None,
            id="ASEAN in the sport section",
        ),
        pytest.param(
            article("Thể thao trong ngoại giao", "Hội nghị Bộ trưởng Ngoại giao ASEAN bàn về World Cup và giao hữu.", FILLER),
            Level.CORE,
            id="ministers who talk of football",
        ),
        pytest.param(
            article("Đối thoại ở Viêng Chăn", FILLER, "Phiên họp của ASEAN.", section="Việt Nam và ASEAN"),
            Level.RELATED,
            id="the ASEAN section",
        ),
        pytest.param(article("hoi nghi cap cao asean khai mac", FILLER), Level.CORE, id="an unaccented title"),
    ],
)
def test_levels(found: Article, expected: Level | None) -> None:
    assert level(found) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Ngân hàng ACB tăng vốn.",
        "Máy ATM hết tiền.",
        "Chứng chỉ COC của thuyền viên.",
        "Sản lượng TAC giảm.",
        "Tập đoàn AEC trúng thầu.",
    ],
)
def test_abbreviations_with_other_meanings_are_nothing_alone(text: str) -> None:
    assert flagged(article("Tin vắn", text, FILLER)) is None


def test_an_abbreviation_counts_near_what_it_needs() -> None:
    found = flagged(article("Đàm phán", FILLER, "ASEAN và Trung Quốc đàm phán COC."))
    assert found
    assert {e.rule for e in found.evidence} == {"asean", "south-china-sea-abbreviation"}


def test_acronyms_need_their_capitals_and_phrases_do_not() -> None:
    assert flagged(article("Tin", "Anh ấy som về.", "aipa là tên riêng.", FILLER)) is None
    assert level(article("HỘI NGHỊ CẤP CAO ASEAN", FILLER)) == Level.CORE


def test_words_match_whole_in_either_tone_style_and_dash() -> None:
    assert flagged(article("Hãng ASEANA bay thẳng", FILLER)) is None
    for spelling in ("Cộng đồng Văn hoá-Xã hội ASEAN", "Cộng đồng Văn hóa - Xã hội ASEAN", "Cộng đồng Văn hoá – xã hội ASEAN"):
        assert level(article(f"Họp {spelling}", FILLER)) == Level.CORE, spelling


def test_captions_and_paragraph_ends_are_never_matched() -> None:
    assert flagged(article("Tin", FILLER, caption="Hội nghị Cấp cao ASEAN ở Cebu")) is None
    found = flagged(article("Tin", FILLER, "Họp với hội nghị cấp cao", "ASEAN họp."))
    assert found
    assert [e.rule for e in found.evidence] == ["asean"]


def test_evidence_points_at_the_stored_text_and_a_hit_in_the_lead_is_told_once() -> None:
    found = article("Về ASEAN", "Hội nghị Cấp cao ASEAN\u0301 ở Huế và ASEAN.", "Toả sáng ASEAN – Trung Quốc.")
    flag = flagged(found)
    assert flag
    places = {Field.TITLE: found.title or "", Field.LEAD: found.lead or "", Field.TEXT: found.text}
    assert [e.field for e in flag.evidence].count(Field.LEAD) == len(
        [e for e in flag.evidence if e.start < len(found.lead or "") and e.field != Field.TITLE]
    )
    for evidence in flag.evidence:
        assert places[evidence.field][evidence.start : evidence.end] == evidence.text


def test_the_same_article_and_rules_give_the_same_flag() -> None:
    found = article("Hội nghị Cấp cao ASEAN", FILLER)
    assert flagged(found) == flagged(found)
    assert flagged(found).rules == ASEAN.version  # type: ignore[union-attr]


MINIMAL = 'name = "X"\nbase = "x"\ncore_density = 4\nrelated_density = 2\n'
TERM = '[[term]]\nrule = "x"\nweight = 2\nphrases = ["x"]\n'


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("name = ", "is not TOML"),
        (MINIMAL, r"has no \[\[term\]\]"),
        (TERM, "name: is missing"),
        (MINIMAL + '[[term]]\nrule = "x"\nweight = "2"\nphrases = ["x"]', "weight: is '2'; it takes a number"),
        (MINIMAL + '[[term]]\nrule = "x"\nweight = 2\nphrases = "x"', "phrases: is 'x'; it takes a list"),
        (MINIMAL + TERM.replace("phrases", "phrase"), "phrase: is not known here; known are: acronyms"),
        (MINIMAL + "term = 3", r"it takes tables, \[\[term\]\]"),
        (MINIMAL + TERM + "[sport]\nwords = 1", "words: is 1; it takes a list"),
        (MINIMAL + "sport = 3\n" + TERM, "sport: is 3; it takes a table"),
        (MINIMAL.replace("4", "true") + TERM, "core_density: is True; it takes a number"),
    ],
)
def test_a_broken_topic_file_is_told_by_its_key(source: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        topics.load(source, "mine.toml")


def test_a_topic_of_ones_own() -> None:
    own = topics.load(MINIMAL + TERM.replace('["x"]', '["Mê Công"]'), "mine.toml")
    assert [f.level for f in topics.flag(article("Hạn mặn", FILLER, "Nước sông Mê Công xuống thấp."), [own])] == [Level.MENTION]


@pytest.mark.parametrize(
    "title",
    [
        "U23 Việt Nam vô địch U23 ASEAN",
        "Tuyển thủ Việt Nam vào đội hình ASEAN All Stars",
        "Khai mạc ASEAN Schools Games",
        "Sầu riêng Việt bán chạy tại chợ ASEAN",
        "SeABank nhận giải ASEAN Corporate Governance",
    ],
)
def test_sport_and_commerce_take_their_words_away(title: str) -> None:
    assert flagged(article(title, FILLER, FILLER)) is None


@pytest.mark.parametrize(
    "title",
    [
        "Timor-Leste chính thức trở thành thành viên thứ 11 của ASEAN",
        "Khai mạc Hội nghị thượng đỉnh Hiệp hội các quốc gia Đông Nam Á",
        "Ba mươi năm Việt Nam gia nhập ASEAN",
    ],
)
def test_membership_and_the_full_name_decide(title: str) -> None:
    assert level(article(title, FILLER, FILLER)) == Level.CORE
