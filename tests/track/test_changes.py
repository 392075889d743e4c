"""What a capture means, as a table; and what the hashes of a text hold and leave out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Article, Block, BlockKind, Certainty, Change, ChangeKind, DateClaim, DateSource, Fingerprint, Known
from track.changes import decide, fingerprint, is_one

P, C, H = BlockKind.PARAGRAPH, BlockKind.CAPTION, BlockKind.HEADING
LONG = " ".join(f"chữ {n} của bài viết dài" for n in range(20))


def article(*blocks: tuple[BlockKind, str], title: str = "Hội nghị bế mạc", **fields: object) -> Article:
    made = tuple(Block(kind=kind, text=said) for kind, said in blocks)
    return Article(identity="x", url=None, site=None, outlet=None, title=title, blocks=made, has_lead=True, **fields)  # type: ignore[arg-type]


FOUND = Fingerprint(edit="now", copy="same")


@pytest.mark.parametrize(
    ("known", "change"),
    [
        pytest.param(Known(), Change(kind=ChangeKind.NEW), id="nothing is known"),
        pytest.param(Known(twin=7), Change(kind=ChangeKind.COPY, copy_of=7), id="a new address with a known text"),
        pytest.param(Known(article_id=3, edit="now"), Change(kind=ChangeKind.UNCHANGED), id="the same text again"),
        pytest.param(Known(article_id=3, edit="old"), Change(kind=ChangeKind.EDITED), id="another text at the same address"),
        pytest.param(Known(article_id=3, edit="old", twin=2), Change(kind=ChangeKind.EDITED, copy_of=2), id="edited into a copy"),
        pytest.param(
            Known(article_id=3, edit="now", twin=9), Change(kind=ChangeKind.UNCHANGED), id="a later article copied this one"
        ),
        pytest.param(
            Known(article_id=3, edit="old", reread=True), Change(kind=ChangeKind.REREAD), id="the same capture by another reader"
        ),
    ],
)
def test_what_a_capture_means(known: Known, change: Change) -> None:
    assert decide(FOUND, known) == change


HASHES = st.sampled_from(["a", "b", "c"])


@given(
    HASHES,
    st.builds(
        Known,
        article_id=st.none() | st.integers(1, 5),
        edit=HASHES,
        second_hand=st.booleans(),
        twin=st.none() | st.integers(6, 9),
        past=st.lists(st.tuples(st.integers(1, 9), HASHES), max_size=3).map(tuple),
    ),
)
def test_what_was_decided_once_is_unchanged_the_next_time(edit: str, known: Known) -> None:
    decide(Fingerprint(edit=edit, copy="x"), known)
    after = Known(article_id=known.article_id or 1, edit=edit, past=known.past, twin=known.twin)
    assert decide(Fingerprint(edit=edit, copy="x"), after).kind is ChangeKind.UNCHANGED


def test_form_spaces_quotes_dashes_tones_and_paragraphs_are_no_edit() -> None:
    one = article((P, "Ông nói: “hòa bình” – và hơn thế…"), (P, "Đoạn hai."))
    other = article((P, 'Ông nói: "hoà  bình" - và hơn thế... Đoạn hai.'))
    assert fingerprint(one).edit == fingerprint(other).edit


@pytest.mark.parametrize(
    "changed",
    [
        article((P, LONG + " Hưng")),
        article((P, LONG + " hùng")),
        article((P, LONG + " Hùng"), title="Tiêu đề khác"),
        article((P, LONG + " Hùng"), (P, "Thêm một câu.")),
    ],
)
def test_a_letter_a_capital_a_title_and_a_sentence_are_edits(changed: Article) -> None:
    assert fingerprint(article((P, LONG + " Hùng"))).edit != fingerprint(changed).edit


DATED = (DateClaim(moment=datetime(2024, 6, 18, tzinfo=UTC), source=DateSource.META, certainty=Certainty.LIKELY),)


def test_captions_dates_and_addresses_are_in_neither_hash() -> None:
    plain = article((P, LONG))
    dressed = article((P, LONG), (C, "Ảnh: BNG"), published_claims=DATED, section="Quản trị")
    assert fingerprint(plain) == fingerprint(dressed)
    assert fingerprint(plain) == fingerprint(replace(plain, url="https://a.vn/b", identity="a.vn/b"))


def test_a_copy_may_have_another_title_another_case_and_no_marks() -> None:
    one, other = article((P, LONG)), article((P, LONG.upper()), title="Tiêu đề do báo khác đặt")
    assert fingerprint(one).copy == fingerprint(other).copy
    assert fingerprint(one).edit != fingerprint(other).edit


def test_short_texts_are_copies_only_under_one_title() -> None:
    one, other = article((P, "Xem ảnh."), title="Lễ thượng cờ"), article((P, "Xem ảnh."), title="Lễ khai giảng")
    assert fingerprint(one).copy != fingerprint(other).copy


def test_the_hashes_are_pinned() -> None:
    """They are stored: a change of a key needs a new key version, or every article looks edited."""
    found = fingerprint(article((P, "Ngày 7/10, hội nghị hòa bình."), (H, "Mục một"), (P, LONG)))
    assert (found.edit[:18], found.copy[:16]) == ("2:8f73da932de44e66", "e5ea22d48408edf7")


@pytest.mark.parametrize(
    ("said", "is_same"),
    [
        (LONG + " Và một câu nữa.", True),
        (LONG[:150], True),  # a view that gives the beginning
        (LONG.upper(), True),
        ("", True),
        (" ".join(f"một đoạn khác về {n} việc" for n in range(20)), False),
    ],
)
def test_a_view_of_an_article_says_much_of_the_same(said: str, is_same: bool) -> None:
    assert is_one(article((P, said)), article((P, LONG))) is is_same
