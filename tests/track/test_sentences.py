"""Where sentences end and where they do not, and what a word is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import text
from track.sentences import split, words


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param(["Hội nghị khai mạc.", "Lào là chủ nhà."], id="two sentences"),
        pytest.param(["TP. Hồ Chí Minh có mưa."], id="an abbreviation of a city"),
        pytest.param(["Theo TS. Nguyễn An, PGS. Lê Bình và ThS. Trần Chi, đó là tin tốt."], id="degrees"),
        pytest.param(["Mr. Smith gặp BS. Hà ở St. Petersburg."], id="English abbreviations"),
        pytest.param(["Tổng thống V. Putin và J. Biden gặp nhau."], id="initials"),
        pytest.param(["Bị cáo Nguyễn Văn A. khai báo thành khẩn."], id="a name that is cut short"),
        pytest.param(["Họp ngày 3. Tháng này chưa xong."], id="the number of a day"),
        pytest.param(["1. Xây dựng cộng đồng.", "Đó là mục tiêu."], id="the number of an item"),
        pytest.param(["2.1. Kết quả đạt được."], id="the number of a section"),
        pytest.param(["IV. Tổ chức thực hiện."], id="a Roman number"),
        pytest.param(["Điều 5. Nguyên tắc chung."], id="the number of an article of law"),
        pytest.param(["Có 1.000 xe và 3.5 triệu người."], id="points inside of numbers"),
        pytest.param(["Xem vnexpress.net và https://a.vn/b.html?c=1.2 để biết thêm."], id="points inside of addresses"),
        pytest.param(["Ông nói: “Tôi đi.”", "Rồi ông đi."], id="a quote closes after the stop"),
        pytest.param(['Ông nói: "Tôi đi."', "Rồi ông đi."], id="a straight quote closes after the stop"),
        pytest.param(["“Tôi đi.” ông nói."], id="the sentence goes on after a quotation"),
        pytest.param(["“Anh đi đâu?” – ông hỏi."], id="the sentence goes on after a dash"),
        pytest.param(["(Ảnh: BNG.)", "Ông đi."], id="a bracket closes after the stop"),
        pytest.param(["Ai đã làm?", "Không ai biết!", "“Thật sao?”"], id="other stops"),
        pytest.param(["Gạo, ngô, khoai... đều tăng giá."], id="dots inside of a sentence"),
        pytest.param(["Gạo, ngô, khoai...", "Tất cả tăng giá."], id="dots at the end"),
        pytest.param(["Gạo, ngô, khoai…", "Tất cả tăng giá."], id="one sign of dots at the end"),
        pytest.param(["Gạo, ngô, v.v. đều tăng.", "Hết."], id="and so on"),
        pytest.param(["Hết năm 2024.", "2025 là năm mới."], id="a sentence begins with a number"),
        pytest.param(["Theo đó.", "“Chúng tôi chờ.”"], id="a sentence begins with a quote"),
        pytest.param(["Dòng một", "Dòng hai"], id="the end of a line"),
        pytest.param(["Tăng 5%.", "Ảnh: A.B."], id="a per cent sign and initials at the end"),
        pytest.param(["The U.S. Senate met.", "It voted."], id="English"),
        pytest.param(["...", "Hết."], id="signs alone at the end of a line"),
    ],
)
def test_where_sentences_end(sentences: list[str]) -> None:
    ends = "\n" if sentences[0] in ("Dòng một", "...") else " "
    assert split(ends.join(sentences)) == sentences


def test_typography_moves_no_end() -> None:
    one = "“Tôi đi.” Ông nói… Rồi – ông đi."
    other = '"Tôi  đi." Ông nói... Rồi - ông đi.'
    assert [text.edit_key(said) for said in split(one)] == [text.edit_key(said) for said in split(other)]


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        pytest.param("tăng 3,5% lên 1.250.000 đồng", ["tăng", "3,5%", "lên", "1.250.000", "đồng"], id="a number is one word"),
        pytest.param("tăng 3,5 % rồi", ["tăng", "3,5%", "rồi"], id="a per cent sign belongs to its number"),
        pytest.param("ngày 12/5/2024, 15:30", ["ngày", "12/5/2024", ",", "15:30"], id="dates and times are one word"),
        pytest.param("18h30 7.000m", ["18", "h", "30", "7.000", "m"], id="a unit is a word of its own"),
        pytest.param("Timor-Leste–Lào", ["Timor", "-", "Leste", "-", "Lào"], id="dashes are one sign"),
        pytest.param("“hoà bình”…", ['"', "hòa", "bình", '"', "..."], id="quotes, tones and dots"),
        pytest.param("F-35A COVID-19", ["F", "-", "35", "A", "COVID", "-", "19"], id="letters with numbers"),
        pytest.param("====================", ["===================="], id="a row of signs is one word"),
        pytest.param("''a'' -- 'b'", ['"', "a", '"', "-", '"', "b", '"'], id="signs that are written as two"),
        pytest.param(
            "- 5 là -5, 5-7 (−3)", ["-", "5", "là", "−", "5", ",", "5", "-", "7", "(", "−", "3", ")"], id="a minus is no dash"
        ),
        pytest.param("Mưa tạnh (Cập nhật lúc 10:30).", ["Mưa", "tạnh", "()", "."], id="the last update is one word"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_what_a_word_is(said: str, keys: list[str]) -> None:
    assert words(said).keys == keys


ANY = st.text() | st.text(alphabet="aA1ĐòàỦyTPS.,…!?\"“”'‘’()-–% =\n")


@given(ANY)
def test_sentences_joined_are_the_text(said: str) -> None:
    assert "".join("".join(split(said)).split()) == "".join(said.split())
    assert all(one and one == one.strip() for one in split(said))


@given(ANY)
def test_a_sentence_is_split_no_further_by_being_cleaned(said: str) -> None:
    assert split(text.clean_lines(said)) == [text.clean(one) for one in split(text.clean_lines(said))]


@given(ANY)
def test_every_sign_stands_in_one_word(said: str) -> None:
    found = words(text.clean(said))
    assert "".join(found.said[start:end] for start, end in found.spans).replace(" ", "") == found.said.replace(" ", "")
    assert len(found.keys) == len(found.spans)


@given(ANY)
def test_what_has_one_edit_key_has_the_same_words(said: str) -> None:
    assert words(text.clean(said)).keys == words(text.edit_key(said)).keys


@pytest.mark.parametrize(
    "hostile",
    ["." * 10**5, ". " * 10**5, '."' * 10**5, "A. " * 10**5, "1." * 10**5, " " * 10**5, "(" * 10**5, "a.\u00a0" * 10**5],
)
def test_a_hostile_text_takes_no_time(hostile: str) -> None:
    start = time.process_time()
    for sentence in split(hostile):
        words(sentence)
    assert time.process_time() - start < 5
