"""The language of searches: what is understood, what is told of what is not, and what of a text is shown."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import text
from model import Field, InputError, Query, Searched, Term
from track import queries

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def parse(said: str) -> Query:
    return queries.parse(said, ZONE)


def words(terms: tuple[Term, ...]) -> list[str]:
    return [("title:" if term.in_title else "") + " ".join(word.said for word in term.words) for term in terms]


def clauses(query: Query) -> list[list[str]]:
    return [words(clause) for clause in query.clauses]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("hội nghị cấp cao", [["hội"], ["nghị"], ["cấp"], ["cao"]]),
        ('"hội nghị" ASEAN', [["hội nghị"], ["asean"]]),
        ("“hội nghị” «cấp cao»", [["hội nghị"], ["cấp cao"]]),
        ("hoà bình", [["hòa"], ["bình"]]),
        ("HOÀ THUỶ quý qúy", [["hòa"], ["thủy"], ["quý"], ["quý"]]),
        (unicodedata.normalize("NFD", "Biển Đông"), [["biển"], ["đông"]]),
        ("F-35A COVID-19 18/6 5.000", [["f 35a"], ["covid 19"], ["18 6"], ["5 000"]]),
        ("biển OR đảo chủ", [["biển", "đảo"], ["chủ"]]),
        ('title:asean title:"hội nghị"', [["title:asean"], ["title:hội nghị"]]),
        ("Title:ASEAN", [["title:asean"]]),
        ("(ASEAN), tin – mới!", [["asean"], ["tin"], ["mới"]]),
        ("https://baoquocte.vn/a-1.html", [["https baoquocte vn a 1 html"]]),
        ("Việt Nam: tin nóng", [["việt"], ["nam"], ["tin"], ["nóng"]]),
        ("x\0y zero\u200bwidth", [["xy"], ["zerowidth"]]),
        ('"AND" "not" or and', [["and"], ["not"], ["or"], ["and"]]),
        ("🙂 tin 🙂", [["tin"]]),
        ("Привет 东盟", [["привет"], ["东盟"]]),
    ],
)
def test_words_and_phrases(said: str, expected: list[list[str]]) -> None:
    assert clauses(parse(said)) == expected


@pytest.mark.parametrize(
    ("word", "readings"),
    [
        ("dang", ("dang", "đang", "ðang")),
        ("đảng", ("đảng", "ðảng")),  # the index drops the marks itself
        ("đang", ("đang", "ðang")),
        ("dạng", ("dạng",)),
        ("DONG", ("dong", "đong", "ðong")),
        ("dbscl", ("dbscl", "đbscl", "ðbscl")),
        ("hdnd", ("hdnd", "hdnđ", "hđnd", "hđnđ", "hdnð", "hðnd", "hðnð")),
        ("asean", ("asean",)),
        ("hoà", ("hòa",)),
        ("İ", ("i",)),
    ],
)
def test_a_word_is_asked_for_in_all_its_readings(word: str, readings: tuple[str, ...]) -> None:
    ((term,),) = parse(word).clauses
    assert term.words[0].readings == readings


def test_readings_of_a_word_are_bounded() -> None:
    ((term,),) = parse("d" * 50).clauses
    assert len(term.words[0].readings) == 2**3 * 2 - 1


def test_an_apostrophe_ties_words() -> None:
    for said in ("O'Neil", "OʼNeil", "O’Neil"):
        ((term,),) = parse(said).clauses
        assert [(word.said, word.is_tied) for word in term.words] == [("o", False), ("neil", True)]
    ((term,),) = parse('"O\' Neil"').clauses
    assert not term.words[1].is_tied


def test_words_typed_side_by_side_are_also_asked_for_as_one() -> None:
    assert [words(clause) for clause in parse('bien dong "asean" F-35A title:a b').together] == [
        ["bien dong"],
        ["asean"],
        ["f 35a"],
        ["title:a"],
        ["b"],
    ]
    assert parse("asean").together == parse('"bien dong"').together == parse("a OR b").together == ()


def test_filters() -> None:
    query = parse(
        'x -y -"y z" -title:w outlet:vnexpress outlet:"báo quốc tế" -outlet:bnews topic:asean -topic:"biển đông" level:CORE'
        " -level:mention after:20/11/2026 before:2027"
    )
    assert clauses(query) == [["x"]]
    assert words(query.without) == ["y", "y z", "title:w"]
    assert (words(query.outlets), words(query.not_outlets)) == (["vnexpress", "báo quốc tế"], ["bnews"])
    assert (query.topics, query.not_topics) == (("asean",), ("biển đông",))
    assert (query.levels, query.not_levels) == (("core",), ("mention",))
    assert query.after == datetime(2026, 11, 20, tzinfo=ZONE)
    assert query.before == datetime(2027, 1, 1, tzinfo=ZONE)
    assert query.after.utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize(
    ("said", "month"), [("2026-3-5", (3, 5)), ("2026-03", (3, 1)), ("2026", (1, 1)), ("5/3/2026", (3, 5)), ("5.3.2026", (3, 5))]
)
def test_days(said: str, month: tuple[int, int]) -> None:
    assert parse(f"after:{said}").after == datetime(2026, *month, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("", "holds nothing to search for"),
        ("   ", "holds nothing to search for"),
        ("🙂 … – !", "holds nothing to search for"),
        ("\0", "holds nothing to search for"),
        ("-", "holds nothing to search for"),
        ('""', "a phrase has no letter and no digit"),
        ('"hội nghị', "a quotation mark without its partner"),
        ('hội" nghị', "a quotation mark without its partner"),
        ("a AND b", "AND is not needed"),
        ("a NOT b", "NOT is written as a minus"),
        ("NEAR(a b, 5)", "NEAR is not understood"),
        ("a NEAR b", "NEAR is not understood"),
        ("bien*", r"has a \*"),
        ("*bien", r"has a \*"),
        ("a OR", "ends with OR"),
        ("OR a", "OR without a word before it"),
        ("a OR OR b", "OR without a word before it"),
        ("a OR -b", "OR before a word with a minus"),
        ("a OR level:core", "OR before level:"),
        ("(a OR b) c", "brackets beside OR"),
        ("-a", "only what must not be found"),
        ("-a -title:b -outlet:c", "only what must not be found"),
        ("author:nam", "author: is no field; fields are title, outlet, topic, level, after, before"),
        ('body:"x"', "body: is no field"),
        ("title:", "title: must stand right before"),
        ("title: asean", "title: must stand right before"),
        ('title:"…"', "title: has no letter and no digit"),
        ("outlet:!", "outlet: has no letter and no digit"),
        ("level:hot", "level:hot is no level; levels are core"),
        ("after:yesterday", "after:yesterday is no day; write it like"),
        ("after:2026-02-30", "is no day"),
        ("after:0001", "is no day"),
        ("after:9999-12-31", "is no day"),
        ("-after:2026", "-after: is not understood"),
        ("after:2026 after:2027", "has after: twice"),
        ("after:2027 before:2026", "after:2027 is not before before:2026"),
        ("từ " * 10_000, "has 10,000 words; a search takes 32 at most"),
    ],
)
def test_what_is_not_understood_is_told(said: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        parse(said)
    assert caught.value.kind == "query"
    assert len(str(caught.value)) < 250
    assert "\n" not in str(caught.value)


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ['"', "-", "OR", "AND", "NEAR(", "*", ":", "(", ")", "title:", "after:", "before:", "level:", "topic:", "^"]
        ),
        st.sampled_from([" ", " ", " ", "2026-11", "core", "đảng", "hoà", "e\u0301", "\0", "\ud800", "🙂", "'", ";", "--"]),
        st.text(max_size=6),
    ),
    max_size=30,
).map("".join)


@given(PIECES)
def test_no_query_raises_anything_but_ours_and_words_are_letters_and_digits(said: str) -> None:
    try:
        query = parse(said)
    except InputError:
        return
    terms = [term for clause in (*query.clauses, *query.together) for term in clause]
    for term in (*terms, *query.without, *query.outlets, *query.not_outlets):
        for word in term.words:
            assert all(re.fullmatch(r"[^\W_]+", reading) for reading in (word.said, word.bare, *word.readings))


@given(st.text())
def test_folding_keeps_the_length_and_is_idempotent(said: str) -> None:
    folded = queries.bare(said)
    assert len(folded) == len(said)
    assert queries.bare(folded) == folded


def test_folding() -> None:
    assert queries.bare("Đường sắt cao tốc Ấn Độ – ASEAN 🙂 東") == "duong sat cao toc an do – asean 🙂 東"


# ---------------------------------------------------------------- what is found


def searched(body: str, title: str = "", lead: str = "") -> Searched:
    return Searched(title=title, lead=lead, body=body)


def found(said: str, body: str, title: str = "", lead: str = "") -> tuple[list[str], list[str]]:
    """(what is marked in the title, in the snippet)."""
    spans, snippet = queries.Matcher(parse(said)).show(searched(body, title, lead), together=False)
    marked = [snippet.text[start:end] for start, end in snippet.spans] if snippet else []
    return [title[start:end] for start, end in spans], marked


@pytest.mark.parametrize(
    ("said", "body", "marked"),
    [
        ("bien dong", "ở Biển Đông, biến động", ["Biển", "Đông", "biến", "động"]),
        ('"bien dong"', "ở Biển Đông, biến  động", ["Biển Đông", "biến  động"]),
        ('"biển đông"', "biến động ở BIỂN ĐÔNG", ["BIỂN ĐÔNG"]),
        ("hòa bình", "Hoà bình, hoa", ["Hoà", "bình"]),
        ("hoà", "HÒA và hoạ", ["HÒA"]),
        ("đang", "Đảng đang dang", ["đang"]),
        ("F-35A", "chiếc F-35A và F35A", ["F-35A"]),
        ('"18/6"', "ngày 18/6, 18-6, 118/6, 18/60", ["18/6", "18-6"]),
        ("hà", "hàn, Hà Nội, phà", ["Hà"]),
        ("ha", "ả", []),
        ("o'neil", "nhà văn OʼNeil", ["OʼNeil"]),
        ("biển đông", "ở Biển Ðông", ["Biển", "Ðông"]),
        ("bien dong", "ở Biển Ðông", ["Biển", "Ðông"]),
        ("istanbul", "ở İstanbul", ["İstanbul"]),
    ],
)
def test_what_is_marked_in_the_original_letters(said: str, body: str, marked: list[str]) -> None:
    assert found(said, body)[1] == marked


def test_the_title_has_marks_of_its_own() -> None:
    assert found("asean title:họp", "ASEAN họp", "Họp ASEAN") == (["Họp", "ASEAN"], ["ASEAN"])


FILLER = " ".join(["một câu dài về chuyện khác."] * 40)


def test_a_snippet_is_the_window_with_most_of_what_was_asked_for() -> None:
    body = f"{FILLER} Hà Nội mưa. {FILLER} Tại Hà Nội, ASEAN họp. {FILLER}"
    _, snippet = queries.Matcher(parse('"ha noi" asean')).show(searched(body), together=False)
    assert snippet
    assert [snippet.text[start:end] for start, end in snippet.spans] == ["Hà Nội", "ASEAN"]
    assert snippet.is_cut == (True, True)
    assert 150 < len(snippet.text) <= 200
    assert body[snippet.start :].startswith(snippet.text)
    assert not re.match(r"\s|\S*\s$", snippet.text)


def test_a_text_without_what_was_found_shows_how_it_begins() -> None:
    _, snippet = queries.Matcher(parse("title:asean")).show(searched("Thân bài.", "ASEAN", "Sapo."), together=False)
    assert snippet
    assert (snippet.field, snippet.text, snippet.spans, snippet.is_cut) == (Field.LEAD, "Sapo.", (), (False, False))
    assert queries.Matcher(parse("asean")).show(searched("", "ASEAN"), together=False)[1] is None


@given(st.text(max_size=60), st.text(max_size=400), st.integers(5, 60))
def test_a_snippet_stands_in_its_text(said: str, body: str, width: int) -> None:
    body = text.clean_lines(body)
    try:
        query = parse(said + " " + " ".join(body.split()[:2]))
    except InputError:
        return
    matcher = queries.Matcher(query)
    matcher.judge(searched(body), together=True, vouched=False)
    _, snippet = matcher.show(searched(body), together=False, width=width)
    if snippet:
        end = snippet.start + len(snippet.text)
        assert re.sub(r"\s", " ", body[snippet.start : end]) == snippet.text
        assert all(0 <= start < end <= len(snippet.text) for start, end in snippet.spans)
        assert snippet.is_cut == (snippet.start > 0, end < len(body))


@pytest.mark.parametrize(
    ("said", "body", "verdict"),
    [
        ("bien dong", "biến động", True),  # no marks were typed: the index has said all
        ('"biển đông"', "biến động", None),
        ('"biển đông"', "Biển Đông", True),
        ('"hội nghi"', "hội nghị", False),
        ('"hội nghi"', "hội nghi", True),
        ("hoà", "hòa", True),
        ("thủy", "Thuỷ", True),
        ("quý", "qúy", True),
        ("biển OR đảo", "đảo", True),
        ("biển OR đảo", "dao", None),
        ('a -"biến động"', "a biến động", None),
        ('a -"biến động"', "a biển đông", True),
        ('"' + "da " * 6 + '"', "đa dạ da đã đá đa", True),
        ('"' + "da " * 6 + '"', "đa dạ da, x, đã đá đa", None),
    ],
)
def test_marks_are_held_against_the_text(said: str, body: str, verdict: bool | None) -> None:
    assert queries.Matcher(parse(said)).judge(searched(body), together=False, vouched=True) is verdict


def test_a_verdict_looks_at_every_place() -> None:
    """Not at the first four hundred, of which none may be the one that counts."""
    for said, body in (
        ("ha", "nhà " * 500 + "Hà Nội"),
        ('"hà noi"', "hạ nội " * 500 + "hà nội"),
        ("hà", "x " * 300_000 + "hà"),
    ):
        matcher = queries.Matcher(parse(said))
        assert matcher.judge(searched(body), together=False, vouched=False) is not None
    assert (
        queries.Matcher(parse('a -"hà noi"')).judge(searched("a " + "hạ nội " * 500 + "hà nội"), together=False, vouched=True)
        is None
    )


@given(st.sampled_from(["hòa", "khoẻ", "thuỷ", "quý", "hoà", "khỏe", "thủy", "quỳ", "túy", "đảng", "biển", "oà", "nghĩa", "của"]))
def test_all_spellings_of_a_word_fold_to_it(word: str) -> None:
    folded = text.fold_tones(word)
    assert {text.fold_tones(one) for one in text.tone_spellings(folded)} == {folded}
    assert word in text.tone_spellings(folded)
