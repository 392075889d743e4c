"""What two versions differ in: what is no change, what is one, and that a diff holds both texts."""

from __future__ import annotations

import time
import unicodedata
from collections import Counter
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import text
from bench.diff import hostile
from model import Article, BlockKind, Diff, DiffLine, LineKind, Op, Piece
from tests.track.articles import C, H, L, T, article
from track.diff import compare
from track.sentences import split, words

SAID = "Ông Hoà nói: “Hội nghị thuỷ lợi – lần thứ 44 – đã thành công…” Có 1.000 đại biểu, tăng 3,5% so với năm ngoái."
MORE = "Lào là chủ nhà. TP. Hồ Chí Minh sẽ đăng cai lần tới."
MARKS = {Op.SAME: "{}", Op.DELETE: "[-{}-]", Op.INSERT: "{{+{}+}}"}


def marked(pieces: Iterable[Piece]) -> str:
    return "".join(MARKS[piece.op].format(piece.text) for piece in pieces)


def shown(diff: Diff) -> list[str]:
    """The lines that are not the same: moved ones with an arrow in front."""
    signs = {LineKind.MOVED_FROM: "↓ ", LineKind.MOVED_TO: "→ "}
    return [signs.get(line.kind, "") + marked(line.pieces) for line in diff.lines if line.kind is not LineKind.SAME]


# ---------------------------------------------------------------- no change

NO_CHANGE = {
    "the same": (SAID, MORE),
    "blanks": (SAID.replace(" ", "  "), f" {MORE}\t"),
    "no-break spaces": (SAID.replace(" ", "\u00a0"), MORE),
    "thin spaces": (SAID.replace(" ", "\u2009", 3), MORE),
    "letters taken apart (NFD)": (unicodedata.normalize("NFD", SAID), unicodedata.normalize("NFD", MORE)),
    "tones on the other letter": (SAID.replace("Hoà", "Hòa").replace("thuỷ", "thủy"), MORE),
    "straight quotes": (SAID.replace("“", '"').replace("”", '"'), MORE),
    "angled quotes": (SAID.replace("“", "«").replace("”", "»"), MORE),
    "other dashes": (SAID.replace("–", "-"), MORE),
    "long dashes": (SAID.replace("–", "—"), MORE),
    "three dots": (SAID.replace("…", "..."), MORE),
    "four dots": (SAID.replace("…", "...."), MORE),
    "zero width spaces": (SAID.replace("i", "i\u200b"), MORE),
    "soft hyphens": (SAID.replace("đại biểu", "đại bi\u00adểu"), MORE),
    "a byte order mark": ("\ufeff" + SAID, MORE),
    "direction marks": (SAID.replace(" ", " \u200e"), MORE),
    "control characters": (SAID.replace("Có", "\x02Có"), MORE),
    "blanks around signs": (SAID.replace(", ", ","), MORE.replace("nhà.", "nhà .")),
    "blanks around a hyphen": (SAID.replace(" – ", "-"), MORE),
    "two hyphens for a dash": (SAID.replace("–", "--"), MORE),
    "two single quotes for a double one": (SAID.replace("“", "''").replace("”", "''"), MORE),
    "single quotes": (SAID.replace("“", "‘").replace("”", "’"), MORE),
    "a letter of another alphabet": (SAID.replace("đ", "ð"), MORE),
    "a blank before the per cent sign": (SAID.replace("3,5%", "3,5 %"), MORE),
    "paragraphs joined": (f"{SAID} {MORE}",),
    "a paragraph broken in two": (*split(SAID), MORE),
    "every sentence a paragraph": (*split(SAID), *split(MORE)),
    "a paragraph broken in the middle of a sentence": (SAID, "Lào là chủ", "nhà. TP. Hồ Chí Minh sẽ đăng", "cai lần tới."),
    "lines instead of paragraphs": (f"{SAID}\n{MORE}",),
    "lines ended otherwise": (f"{SAID}\r\n{MORE}",),
    "empty paragraphs": (SAID, "", " ", MORE),
    "another kind of block": (SAID, (H, MORE)),
    "a list instead of a paragraph": ((L, SAID), MORE),
    "no lead any more": (SAID, MORE),
}


@pytest.mark.parametrize("case", NO_CHANGE)
def test_what_is_no_change(case: str) -> None:
    old, new = article(SAID, MORE, has_lead=True), article(*NO_CHANGE[case])
    for diff in (compare(old, new), compare(new, old)):
        assert shown(diff) == []
        assert (diff.changed, diff.moved) == (0, 0)


@pytest.mark.parametrize(
    "title",
    [
        "“Hội nghị” bế mạc…",
        '"Hội nghị"  bế mạc...',
        unicodedata.normalize("NFD", "“Hội nghị” bế mạc…"),
        "«Hội nghị» bế\u00a0mạc…",
    ],
)
def test_what_is_no_change_of_a_title(title: str) -> None:
    diff = compare(article(title="“Hội nghị” bế mạc…"), article(title=title))
    assert diff.changed == 0
    assert {piece.op for piece in diff.title} == {Op.SAME}


# ---------------------------------------------------------------- changes

GAS = "Giá xăng RON95 giảm mạnh 320 đồng/lít, còn 21.180 đồng."
GUEST = "Ông Nguyễn Văn Hòa cho biết như vậy."
CHANGES = {
    "a word": (GAS, GAS.replace("mạnh", "nhẹ"), "Giá xăng RON95 giảm [-mạnh-]{+nhẹ+} 320 đồng/lít, còn 21.180 đồng."),
    "a number is one word": (
        GAS,
        GAS.replace("21.180", "21.270"),
        "Giá xăng RON95 giảm mạnh 320 đồng/lít, còn [-21.180-]{+21.270+} đồng.",
    ),
    "words that are put in": (
        GUEST,
        GUEST.replace("Hòa", "Hoà, Phó Vụ trưởng,"),
        "Ông Nguyễn Văn Hoà{+, Phó Vụ trưởng,+} cho biết như vậy.",
    ),
    "words that are taken out": (GUEST, GUEST.replace(" như vậy", ""), "Ông Nguyễn Văn Hòa cho biết[- như vậy-]."),
    "the first word": (GUEST, GUEST.replace("Ông ", ""), "[-Ông -]Nguyễn Văn Hòa cho biết như vậy."),
    "the last word": (GUEST, GUEST + "..", "Ông Nguyễn Văn Hòa cho biết như vậy[-.-]{+...+}"),
    "a case": (GUEST, GUEST.replace("Ông", "ông"), "[-Ông-]{+ông+} Nguyễn Văn Hòa cho biết như vậy."),
    "y for i": (f"Kĩ sư {GUEST}", f"Kỹ sư {GUEST}", f"[-Kĩ-]{{+Kỹ+}} sư {GUEST}"),
    "a comma": (GUEST, GUEST.replace(" cho", ", cho"), "Ông Nguyễn Văn Hòa{+,+} cho biết như vậy."),
    "one word between two larger changes": (
        "Đoàn đã tới thăm và làm việc với lãnh đạo tỉnh trong hai ngày cuối tuần này.",
        "Đoàn đã khảo sát thực địa và trao đổi ý kiến với lãnh đạo tỉnh trong hai ngày cuối tuần này.",
        "Đoàn đã [-tới thăm và làm việc-]{+khảo sát thực địa và trao đổi ý kiến+} với lãnh đạo tỉnh trong hai ngày cuối tuần này.",
    ),
    "one sentence becomes two": (
        "Bộ trưởng đã tới Vientiane sáng nay, hội nghị sẽ khai mạc vào ngày mai.",
        "Bộ trưởng đã tới Vientiane sáng nay. Hội nghị sẽ khai mạc vào ngày mai.",
        "Bộ trưởng đã tới Vientiane sáng nay[-, hội-]{+. Hội+} nghị sẽ khai mạc vào ngày mai.",
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_change_inside_of_a_sentence(case: str) -> None:
    old, new, line = CHANGES[case]
    assert shown(compare(article(SAID, old, MORE), article(SAID, new, MORE))) == [line]


A, B, D = "Lào là chủ nhà của hội nghị lần này.", "Có hơn 2.000 đại biểu tham dự.", "Hội nghị bế mạc vào ngày 11/10 tại thủ đô."


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        pytest.param([A, D], [A, B, D], ["{+" + B + "+}"], id="a paragraph is added"),
        pytest.param([A, B, D], [A, D], ["[-" + B + "-]"], id="a paragraph is removed"),
        pytest.param([], [A], ["{+" + A + "+}"], id="a text comes"),
        pytest.param([A], [], ["[-" + A + "-]"], id="a text goes"),
        pytest.param([A], [B], ["[-" + A + "-]", "{+" + B + "+}"], id="a sentence is another one"),
        pytest.param([A, B, D], [B, D, A], ["↓ " + A, "→ " + A], id="a sentence moves down"),
        pytest.param([A, D, B], [B, A, D], ["→ " + B, "↓ " + B], id="a sentence moves up"),
        pytest.param(
            [A, D, B],
            [B.replace("2.000", "3.000"), A, D],
            ["→ Có hơn [-2.000-]{+3.000+} đại biểu tham dự.", "↓ " + B],
            id="a sentence moves and changes",
        ),
        pytest.param([f"{A} {B}", D], [A, f"{D} {B}"], ["↓ " + B, "→ " + B], id="a sentence moves into another paragraph"),
        pytest.param([A, B], [(C, "Ảnh: BNG"), A, B], ["{+Ảnh: BNG+}"], id="a picture comes"),
        pytest.param([A, (C, A)], [A], ["[-" + A + "-]"], id="a caption is not the sentence that says the same"),
        pytest.param([(C, B)], [B], ["[-" + B + "-]", "{+" + B + "+}"], id="a caption does not become text"),
        pytest.param(
            [(T, "Vàng | 88,5\nBạc | 12,1")], [(T, "Vàng | 89,5\nBạc | 12,1")], ["Vàng | [-88,5-]{+89,5+}"], id="a row of a table"
        ),
    ],
)
def test_sentences_that_come_go_and_move(old: list[str], new: list[str], lines: list[str]) -> None:
    assert shown(compare(article(*old), article(*new))) == lines


def test_the_longer_of_two_passages_stays_where_it_is() -> None:
    parts = [f"Đoạn {number} của bài viết có một câu dài như mọi câu khác ở đây." for number in range(9)]
    diff = compare(article(*parts), article(*parts[6:], *parts[:6]))
    assert diff.moved == 3
    assert [line.old for line in diff.lines if line.kind is LineKind.MOVED_FROM] == parts[6:]


def test_moved_lines_name_each_other() -> None:
    diff = compare(article(A, B, D), article(B, D, A))
    pairs = [(line.pair, number) for number, line in enumerate(diff.lines) if line.pair is not None]
    assert pairs == [(3, 0), (0, 3)]
    assert (diff.changed, diff.moved) == (0, 1)


def test_words_are_counted_and_signs_are_not() -> None:
    old = article("Có 20 người, ba xe.", title="Tin vui")
    new = article("Có 30 người; ba xe.", "Ông Hưng đi.", title="Tin rất vui")
    assert compare(old, new).changed == 2 + 3 + 1


def test_a_title_that_has_nothing_in_common_is_replaced() -> None:
    assert marked(compare(article(title="Tin vui"), article(title="Mưa lớn")).title) == "[-Tin vui-]{+Mưa lớn+}"
    assert marked(compare(article(title=None), article(title="Mưa lớn")).title) == "{+Mưa lớn+}"
    assert compare(article(title=None), article(title=None)).title == ()


def test_paragraphs_begin_where_they_do() -> None:
    diff = compare(article(f"{A} {B}", D), article(A, f"{B} {D}"))
    assert [line.starts for line in diff.lines] == [True, True, False]


# ---------------------------------------------------------------- a diff holds both texts


def side(diff: Diff, name: str) -> list[str]:
    return [said for line in diff.lines if (said := getattr(line, name)) is not None]


def sentences(said: Article) -> list[str]:
    return [sentence for block in said.blocks for sentence in split(text.clean_lines(block.text))]


def left(pieces: Iterable[Piece], without: Op) -> list[str]:
    """The words of a sentence that is put together again from its pieces."""
    return words(text.clean("".join(piece.text for piece in pieces if piece.op is not without))).keys


def check(diff: Diff, old: Article, new: Article) -> None:
    assert " ".join(side(diff, "old")) == " ".join(sentences(old))
    assert " ".join(side(diff, "new")) == " ".join(sentences(new))
    assert left(diff.title, Op.INSERT) == words(text.clean(old.title or "")).keys
    assert left(diff.title, Op.DELETE) == words(text.clean(new.title or "")).keys
    for number, line in enumerate(diff.lines):
        check_line(diff, number, line)


def check_line(diff: Diff, number: int, line: DiffLine) -> None:
    pair = None if line.pair is None else diff.lines[line.pair]
    if pair is not None:
        assert {line.kind, pair.kind} == {LineKind.MOVED_FROM, LineKind.MOVED_TO}
        assert pair.pair == number
    if line.kind is LineKind.MOVED_FROM:
        assert line.pieces == (Piece(op=Op.SAME, text=line.old or ""),)
        return
    old = line.old if pair is None else pair.old
    assert left(line.pieces, Op.INSERT) == words(old or "").keys
    assert left(line.pieces, Op.DELETE) == words(line.new or "").keys
    assert "".join(piece.text for piece in line.pieces if piece.op is not Op.DELETE) == (line.new or "")
    assert all(piece.text for piece in line.pieces)
    assert (line.kind is LineKind.SAME) <= all(piece.op is Op.SAME for piece in line.pieces)


SAMPLE = "Lào là chủ nhà. Có 2.000 người! “Tôi đi.” ông hoà hòa TP. A. , - – … ... 3,5% 3,5 % (x) x.y \u0301 5km"
BITS = st.sampled_from([*SAMPLE.split(), "\n"])
TEXTS = st.lists(BITS, max_size=30).map(" ".join) | st.lists(BITS, max_size=12).map("".join) | st.text(max_size=20)
BLOCKS = st.lists(TEXTS | TEXTS.map(lambda said: (C, said)) | TEXTS.map(lambda said: (H, said)), max_size=5)
ARTICLES = st.builds(lambda said, title: article(*said, title=title), BLOCKS, st.none() | TEXTS)


@given(ARTICLES, ARTICLES)
def test_a_diff_applied_to_the_old_gives_the_new(old: Article, new: Article) -> None:
    check(compare(old, new), old, new)


@given(ARTICLES, st.randoms(use_true_random=False))
def test_a_diff_of_an_article_that_was_shuffled_holds_both(old: Article, draw: Random) -> None:
    blocks = draw.sample(old.blocks, len(old.blocks))
    new = article(
        *((block.kind, block.text) for block in blocks), *((block.kind, block.text) for block in blocks[:1]), title=old.title
    )
    check(compare(old, new), old, new)


@given(ARTICLES)
def test_an_article_does_not_differ_from_itself(said: Article) -> None:
    diff = compare(said, said)
    assert (diff.changed, diff.moved) == (0, 0)
    assert {line.kind for line in diff.lines} <= {LineKind.SAME}


@given(ARTICLES)
def test_where_paragraphs_break_is_no_change(said: Article) -> None:
    plain = [block.text for block in said.blocks if block.kind is not BlockKind.CAPTION]
    assume("%" not in {line.strip()[:1] for one in plain for line in text.clean_lines(one).split("\n")})  # it joins a number
    diff = compare(article(*plain), article(" ".join(plain)))
    assert diff.changed == 0
    assert {line.kind for line in diff.lines} <= {LineKind.SAME}


# ---------------------------------------------------------------- hostile texts


@pytest.mark.parametrize("case", hostile(0.1))
def test_a_hostile_text_takes_seconds(case: str) -> None:
    """A tenth of what `bench/diff.py --hostile` takes: 500 KB, or 10,000 words or sentences."""
    old, new = hostile(0.1)[case]
    start = time.process_time()
    diff = compare(old, new)
    assert time.process_time() - start < 15
    assert " ".join(side(diff, "old")) == " ".join(sentences(old))
    assert " ".join(side(diff, "new")) == " ".join(sentences(new))


def test_a_word_that_has_no_letter_left_is_like_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("track.diff._LETTERS", 20)
    old, new = article(SAID, GAS), article(MORE, GUEST)
    check(compare(old, new), old, new)


def test_without_anything_to_spend_sentences_come_and_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("track.diff._BUDGET", 0.0)
    old, new = article(SAID, GAS, D), article(SAID, GAS.replace("320", "230"), D)
    assert [line.kind for line in compare(old, new).lines if line.kind is not LineKind.SAME] == [LineKind.REMOVED, LineKind.ADDED]
    check(compare(old, new), old, new)


def test_a_gap_too_large_to_be_searched_is_paired_in_step() -> None:
    rows = [f"Vàng loại {k} bán ra {k}.000 đồng một lượng." for k in range(3_000)]
    old, new = "\n".join(rows), "\n".join([row.replace("bán", "mua") for row in rows[:2_000]] + ["Hết hàng."] + rows[2_000:])
    new = new.replace("lượng", "chỉ")
    kinds = Counter(line.kind for line in compare(article((T, old)), article((T, new))).lines)
    assert kinds == {LineKind.CHANGED: 3_000, LineKind.ADDED: 1}


def test_a_small_gap_is_still_paired_beside_a_large_one() -> None:
    before = " ".join(f"A{k}a một hai ba." for k in range(5_000))
    after = " ".join(f"B{k}b một hai ba." for k in range(5_000))
    diff = compare(article(before, A, GAS), article(after, A, GAS.replace("320", "230")))
    assert "Giá xăng RON95 giảm mạnh [-320-]{+230+} đồng/lít, còn 21.180 đồng." in shown(diff)
