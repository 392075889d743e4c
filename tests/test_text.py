"""Normalisation: tables of cases, and properties that hold for any text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import text

ANY = st.text()
VIETNAMESE = st.text(alphabet="aàảãáạăằâầbcdđeèêềghiìklmnoòôồơờpqrstuùưừvxyỳỹ HOÀUỶQ“”‘’–—-….,\u00a0\u200b\u0301\u0303\n")
SIGNED = st.lists(
    st.sampled_from([*"aòĐ5.,;:!?…()'\"“”‘’-–−% =", " - ", " -5", "''", "--", "..", " ,", "(Cập nhật lúc 10:30)"]), max_size=14
).map("".join)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("hoà bình", "hòa bình"),
        ("Hoà Bình", "Hòa Bình"),
        ("HOÀ BÌNH", "HÒA BÌNH"),
        ("toả, toá, toạ, toã", "tỏa, tóa, tọa, tõa"),
        ("khoẻ", "khỏe"),
        ("thuỷ, luỹ, uỷ ban", "thủy, lũy, ủy ban"),
        ("hoàn toàn, khoẻn, thuỳnh", "hoàn toàn, khoẻn, thuỳnh"),
        ("quý, Quỳ, quỹ", "quý, Quỳ, quỹ"),
        ("qúy, qủy", "quý, quỷ"),
    ],
)
def test_tone_marks_are_placed_in_the_old_style(written: str, folded: str) -> None:
    assert text.fold_tones(written) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hòa  bình", "hoà bình"),
        ("“chủ đề”", '"chủ đề"'),
        ("an ninh – kinh tế", "an ninh - kinh tế"),
        ("và hơn thế…", "và hơn thế..."),
        ("Vi\u00adệt\u200b Nam", "Việt Nam"),
        (unicodedata.normalize("NFD", "Hội nghị"), "Hội nghị"),
        ("một\u00a0hai", "một hai"),
        ("một\r\nhai", "một hai"),
        ("an ninh -- kinh tế", "an ninh — kinh tế"),
        ("Hà Nội-Huế, Hà Nội- Huế, Hà Nội –Huế", "Hà Nội - Huế, Hà Nội - Huế, Hà Nội - Huế"),
        ("năm 2024 - 2025, từ 5 – 7%", "năm 2024-2025, từ 5-7%"),
        ("- Gạch đầu dòng", "-Gạch đầu dòng"),
        ("''chủ đề''", "“chủ đề”"),
        ("'chủ đề' và ‘chủ đề’", "“chủ đề” và «chủ đề»"),
        ("the 'don't know' group", "the “don't know” group"),
        ("một , hai .", "một, hai."),
        ("Ai ? Tôi !", "Ai? Tôi!"),
        ("và hơn thế ..", "và hơn thế…"),
        ("Ðà Nẵng, ðường", "Đà Nẵng, đường"),
        ("tăng 10 %.", "tăng 10%."),
        ("Nước rút. (Cập nhật lúc 10:30 ngày 5/3)", "Nước rút. (Cập nhật lúc 11h45, ngày 6/3/2026)"),
        ("Nước rút (cập nhật: 15:30 GMT+7). Mưa tạnh.", "Nước rút. Mưa tạnh."),
        ("(Cập nhật lúc 10 giờ) Nước rút.", "Nước rút."),
    ],
)
def test_what_is_no_edit_has_one_edit_key(one: str, other: str) -> None:
    assert text.edit_key(one) == text.edit_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hùng", "Hưng"),
        ("bán", "bạn"),
        ("asean", "ASEAN"),
        ("3,5%", "3.5%"),
        ("là -5 độ", "là 5 độ"),
        ("- 5 người", "-5 người"),
        ("là - 5 độ", "là -5 độ"),
        ("tỷ số 5-3", "tỷ số 53"),
        ("tỷ số 5-3", "tỷ số 5 3"),
        ("+12", "-12"),
        ("5' nữa", '5" nữa'),
        ("don't", "dont"),
        ("10%", "10"),
        ("Ông đi.", "Ông đi?"),
        ("nền tảng .NET", "nền tảng. NET"),
        ("Nước rút (cập nhật tháng 5)", "Nước rút (cập nhật tháng 6)"),
        ("Nước rút (cập nhật lúc 10:30: 5 người)", "Nước rút (cập nhật lúc 10:30: 6 người)"),
        ("Nước rút (10:30)", "Nước rút (11:30)"),
    ],
)
def test_what_is_an_edit_has_two_edit_keys(one: str, other: str) -> None:
    assert text.edit_key(one) != text.edit_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đường sắt", "duong sat"),
        ("Kỹ sư Thuỵ Sỹ", "kĩ sư Thụy Sĩ"),
        ("quý I", "quí i"),
        ("HỘI NGHỊ, CẤP CAO!", "hội nghị cấp cao"),
    ],
)
def test_what_is_the_same_word_has_one_match_key(one: str, other: str) -> None:
    assert text.match_key(one) == text.match_key(other)


def test_y_stays_after_two_letter_onsets() -> None:
    assert text.match_key("thy phy nghy") == "thy phy nghy"


@given(ANY | VIETNAMESE | SIGNED)
def test_normalisers_take_any_text_and_are_idempotent(raw: str) -> None:
    for normalise in (
        *(text.clean, text.clean_lines, text.plain_key, text.edit_key, text.match_key, text.fold_tones, text.printable),
        lambda said: text.sign_key(text.clean(said)),
    ):
        once = normalise(raw)
        assert normalise(once) == once


@given(ANY | VIETNAMESE)
def test_a_scan_key_has_the_length_of_its_text(raw: str) -> None:
    assert len(text.scan_key(raw)) == len(raw)


@given(ANY)
def test_printable_text_has_no_control_characters_but_the_newline(raw: str) -> None:
    assert not [c for c in text.printable(raw) if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]


@given(ANY, st.integers(min_value=1, max_value=50))
def test_shortened_text_fits(raw: str, width: int) -> None:
    assert len(text.shorten(raw, width)) <= max(width, 1)


@pytest.mark.parametrize("raw", ["ch&amp;#237;nh", "ch&#237;nh", "chính"])
def test_entities_are_decoded_until_nothing_changes(raw: str) -> None:
    assert text.unescape(raw) == "chính"
