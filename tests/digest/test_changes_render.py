"""A diff told as text and as HTML: what is shown, what is folded, and that nothing gets out of it."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.changes import to_html, to_text
from model import BlockKind, Diff, DiffLine, LineKind, Op, Piece
from tests.digest.digest_samples import any_value

S, D, I = Op.SAME, Op.DELETE, Op.INSERT  # noqa: E741


def pieces(*parts: tuple[Op, str]) -> tuple[Piece, ...]:
    return tuple(Piece(op=op, text=said) for op, said in parts)


def line(kind: LineKind, *parts: tuple[Op, str], starts: bool = True, pair: int | None = None) -> DiffLine:
    old = "".join(said for op, said in parts if op is not I) if kind not in (LineKind.ADDED, LineKind.MOVED_TO) else None
    new = "".join(said for op, said in parts if op is not D) if kind not in (LineKind.REMOVED, LineKind.MOVED_FROM) else None
    return DiffLine(kind=kind, old=old, new=new, pieces=pieces(*parts), starts=starts, pair=pair)


def diff(*lines: DiffLine, title: tuple[Piece, ...] = ()) -> Diff:
    return Diff(title=title, lines=lines, changed=0, moved=0)


def same(said: str) -> DiffLine:
    return line(LineKind.SAME, (S, said))


CHANGED = line(LineKind.CHANGED, (S, "Giá xăng giảm "), (D, "mạnh"), (I, "nhẹ"), (S, " hôm nay."))
UP = (
    line(LineKind.MOVED_TO, (S, "Ông "), (D, "Hùng"), (I, "Hưng"), (S, " đi."), pair=2),
    same("Lào là chủ nhà."),
    DiffLine(kind=LineKind.MOVED_FROM, old="Ông Hùng đi.", new=None, pieces=pieces((S, "Ông Hùng đi.")), starts=False, pair=0),
)


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        pytest.param((CHANGED,), ["~ Giá xăng giảm [-mạnh-]{+nhẹ+} hôm nay."], id="words in another's place"),
        pytest.param(
            (line(LineKind.CHANGED, (S, "Ông Hòa"), (I, ", Vụ trưởng,"), (S, " nói"), (D, " thế"), (S, ".")),),
            ["~ Ông Hòa{+, Vụ trưởng,+} nói [-thế-]."],
            id="blanks stand outside of a change",
        ),
        pytest.param((line(LineKind.ADDED, (I, "Có mưa.")),), ["+ {+Có mưa.+}"], id="a sentence is added"),
        pytest.param((line(LineKind.REMOVED, (D, "Có mưa.")),), ["- [-Có mưa.-]"], id="a sentence is removed"),
        pytest.param(
            UP,
            ["↑ moved here: Ông [-Hùng-]{+Hưng+} đi.", "  Lào là chủ nhà.", "↑ moved away: Ông Hùng đi."],
            id="a sentence moved up",
        ),
        pytest.param(
            (line(LineKind.CHANGED, (S, "x"), (D, " "), (I, "("), (S, "y")),), ["~ x {+(+}y"], id="a blank alone is no change"
        ),
        pytest.param((same("A."), same("B.")), [], id="nothing changed"),
        pytest.param(
            (*map(same, "ABCD"), CHANGED, *map(same, "EFGHI")),
            ["  … 3 sentences unchanged", "  D", "~ Giá xăng giảm [-mạnh-]{+nhẹ+} hôm nay.", "  E", "  … 4 sentences unchanged"],
            id="what did not change is folded",
        ),
        pytest.param(
            (same("A"), same("B"), CHANGED),
            ["  A", "  B", "~ Giá xăng giảm [-mạnh-]{+nhẹ+} hôm nay."],
            id="one sentence is not folded",
        ),
    ],
)
def test_a_diff_as_plain_text(lines: tuple[DiffLine, ...], shown: list[str]) -> None:
    assert to_text(diff(*lines), colour=False) == shown


def test_a_title_is_shown_where_it_changed() -> None:
    assert to_text(diff(title=pieces((S, "Tin "), (D, "vui"), (I, "buồn"))), colour=False) == ["title: Tin [-vui-]{+buồn+}"]
    assert to_text(diff(title=pieces((S, "Tin vui"))), colour=False) == []


def test_changes_are_coloured() -> None:
    assert to_text(diff(CHANGED), colour=True) == ["~ Giá xăng giảm \x1b[31;9mmạnh\x1b[0m\x1b[32mnhẹ\x1b[0m hôm nay."]


def test_a_colour_ends_with_its_line_and_goes_on_in_the_next() -> None:
    shown = to_text(diff(line(LineKind.ADDED, (I, "một hai ba bốn"))), colour=True, width=10)
    assert shown == ["+ \x1b[32mmột hai\x1b[0m", "  \x1b[32mba bốn\x1b[0m"]


def test_more_or_less_of_what_did_not_change() -> None:
    lines = (*map(same, "ABCD"), CHANGED)
    assert len(to_text(diff(*lines), colour=False, context=0)) == 2
    assert len(to_text(diff(*lines), colour=False, context=9)) == 5


def test_a_diff_as_html() -> None:
    title = pieces((S, "Tin "), (D, "vui"), (I, "buồn"))
    assert to_html(diff(CHANGED, *UP, title=title)).split("\n") == [
        '<div class="diff">',
        "<h3>Tin <del>vui</del><ins>buồn</ins></h3>",
        '<p><span class="changed">Giá xăng giảm <del>mạnh</del><ins>nhẹ</ins> hôm nay.</span></p>',
        '<p><span class="moved-to">↑ Ông <del>Hùng</del><ins>Hưng</ins> đi.</span></p>',
        '<p><span class="same">Lào là chủ nhà.</span> <span class="moved-from">↑ Ông Hùng đi.</span></p>',
        "</div>",
    ]


def test_html_is_folded_and_empty_where_nothing_changed() -> None:
    assert '<p class="folded">… 3 sentences unchanged</p>' in to_html(diff(*map(same, "ABCD"), CHANGED))
    assert to_html(diff(same("A"))) == ""


# ---------------------------------------------------------------- what comes from the web

EVIL = "\x1b[2J\u202e<script>alert('x')</script>&amp;\x07\r\n\u2028“”[-+]"


def test_no_escape_reaches_a_terminal() -> None:
    lines = (line(LineKind.CHANGED, (S, EVIL), (D, EVIL), (I, EVIL)), line(LineKind.MOVED_FROM, (S, EVIL), pair=0))
    for shown in to_text(diff(*lines, title=pieces((I, EVIL))), colour=False):
        assert not [sign for sign in shown if unicodedata.category(sign) in ("Cc", "Cf", "Zl")]


def test_no_text_becomes_markup() -> None:
    shown = to_html(diff(line(LineKind.CHANGED, (S, EVIL), (D, EVIL), (I, EVIL)), title=pieces((I, EVIL))))
    assert "<script" not in shown
    assert "&amp;amp;" in shown
    assert "\x1b" not in shown


class Tags(HTMLParser):
    """Whether every tag that opens is closed, and which there are."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def whole(found: Diff) -> Diff:
    """A drawn diff whose pairs lie inside of it."""
    lines = [
        DiffLine(
            kind=one.kind,
            old=one.old,
            new=one.new,
            pieces=one.pieces,
            starts=one.starts,
            block=BlockKind.PARAGRAPH,
            pair=None if one.pair is None else one.pair % len(found.lines),
        )
        for one in found.lines
    ]
    return Diff(title=found.title, lines=tuple(lines), changed=found.changed, moved=found.moved)


@given(any_value(Diff).map(whole), st.booleans(), st.integers(1, 120), st.integers(0, 3))
def test_any_diff_can_be_told(found: Diff, colour: bool, width: int, context: int) -> None:
    for shown in to_text(found, colour=colour, width=width, context=context):
        bare = re.sub(r"\x1b\[(?:31;9|32|0)m", "", shown)
        assert not [sign for sign in bare if unicodedata.category(sign) in ("Cc", "Cs")]
        assert shown.count("\x1b[0m") * 2 == shown.count("\x1b")
    tags = Tags()
    tags.feed(to_html(found, context=context))
    assert not tags.open
    assert tags.seen <= {"div", "h3", "p", "span", "del", "ins"}


@given(st.lists(st.sampled_from(["Lào", "a", "nghiêng", "1.000", "…"]), min_size=1, max_size=60), st.integers(30, 60))
def test_lines_fit_the_width(said: list[str], width: int) -> None:
    found = diff(line(LineKind.CHANGED, (S, " ".join(said) + " "), (D, " ".join(said[:3])), (I, " ".join(said[-3:]))))
    assert all(len(shown) <= width for shown in to_text(found, colour=False, width=width))
