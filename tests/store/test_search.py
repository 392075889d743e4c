"""Searching in a real store: what is found and in which order, and that the index says what the articles say."""

from __future__ import annotations

import sqlite3
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import store
from model import Flag, Hits, InputError, Level
from store import values
from tests.store.test_store import FLAG, LONG, NOW, article, capture, keep, read
from track import queries

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR = timedelta(hours=1)


@pytest.fixture
def books(tmp_path: Path) -> Iterator[store.Store]:
    with store.open_store(tmp_path) as opened:
        yield opened


def search(books: store.Store, said: str, limit: int = 50, **how: bool) -> Hits:
    query = queries.parse(said, ZONE)
    return books.search.find(query, queries.Matcher(query), limit, **how)


def found(books: store.Store, said: str, limit: int = 50, **how: bool) -> list[int]:
    return [hit.article_id for hit in search(books, said, limit, **how).found]


def fill(books: store.Store, *said: str) -> None:
    """Articles 1, 2, …, which begin like this; each has text of its own."""
    for number, one in enumerate(said, 1):
        keep(books, f"a.vn/{number}", f"{one}. Bài {number}", title=f"Tin {number}", now=NOW + number * HOUR)


def is_in_step(books: store.Store) -> bool:
    """The index holds what the texts hold, and the texts what the articles say."""
    for index in ("article_search", "edited_away_search"):
        with books.transaction():
            books._connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    rows = books._connection.execute(
        "SELECT a.id, t.title, t.lead, t.body FROM articles a LEFT JOIN article_text t ON t.id = a.id"
    ).fetchall()
    for article_id, title, lead, body in rows:
        kept = books.kept(article_id)
        assert kept
        said = "\n".join(filter(None, [lead, body]))
        if (title, said) != (kept.article.title or "", kept.article.text):
            return False
    return True


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("hoi nghi cap cao", [1]),
        ("Hội nghị Cấp cao", [1]),
        ("HỘI NGHỊ cấp cao", [1]),
        (unicodedata.normalize("NFD", "hội nghị cấp cao"), [1]),
        ("bien dong", [3, 2]),
        ("Biển Đông", [2]),
        ("biển đông", [2]),
        ('"biến động"', [3]),
        ("biển dong", [2]),
        ("hòa bình", [5, 4]),
        ("hoà bình", [5, 4]),
        ("hoa binh", [5, 4]),
        ("dang", [8, 7, 6]),
        ("đảng", [7]),
        ("đang", [8]),
        ("dang OR asean", [9, 8, 7, 6]),
        ("F-35A", [9]),
        ("f35a", []),
        ("COVID-19", [9]),
        ('"18/6"', [9]),
        ("5.000", [9]),
        ("5000", []),
        ("asean -covid", []),
        ("asean -covid-20", [9]),
    ],
)
def test_found_with_and_without_marks(books: store.Store, said: str, expected: list[int]) -> None:
    fill(
        books,
        "Hội nghị Cấp cao",
        "vấn đề Biển Đông",
        "nhiều biến động",
        "hòa bình",
        "Hoà bình",
        "dang dở",
        "Đảng bộ",
        "đang họp",
        "F-35A, COVID-19, ngày 18/6, 5.000 người, ASEAN",
    )
    assert found(books, said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("hdnd", [1]),
        ("HĐND", [1]),
        ("nd-cp", [1]),
        ("dbscl", [1]),
        ("dhqg", [1]),
        ("ubnd", [1]),
        ("dhdcd", [1]),
        ("dakrong", [1]),
        ("hđnđ", []),
        ("ddddddddddd", []),
    ],
)
def test_a_word_without_marks_is_found_with_d_of_either_kind_anywhere(books: store.Store, said: str, expected: list[int]) -> None:
    fill(books, "HĐND, UBND, NĐ-CP, ĐBSCL, ĐHQG, ĐHĐCĐ, Đakrông", "hdx")
    assert found(books, said) == found(books, f"{said} level:core") == expected
    assert [hit.article_id for hit in search(books, f'"{said}"').found] == expected


@pytest.mark.parametrize(
    "word",
    ["Ðông", "O\u02bcNeil", "İstanbul", "ΟΔΟΣ", "Ǡlund", "ΆΛΦΑ", "ſtreet", "µm", "ǾRE", "Ærø", "Ðạo đức", "Ⅱ", "ＡＳＥＡＮ"],
)
def test_each_word_is_found_as_it_stands_there(books: store.Store, word: str) -> None:
    fill(books, f"có {word} ở đây", "tin khác")
    for said in (word, f'"{word}"', f"có {word}", word.lower()):
        assert found(books, said) == found(books, f"{said} level:core") == [1], said
    assert found(books, f'"{word} ở"') == [1]
    assert found(books, f'tin -"{word}"') == [2]
    assert is_in_step(books)


def test_eth_is_read_as_d_with_a_stroke(books: store.Store) -> None:
    fill(books, "Biển Ðông", "Biển Đông", "Biển dông")
    assert found(books, '"biển đông"') == found(books, '"Biển Ðông"') == [2, 1]
    assert found(books, '"bien dong"') == [3, 2, 1]
    assert found(books, 'biển -"đông"') == [3]


def test_an_apostrophe_is_found_however_it_is_written(books: store.Store) -> None:
    fill(books, "OʼNeil", "O'Neil", "O’Neil", "O Neil", "ONeil")
    for said in ("O'Neil", "OʼNeil", "O’Neil"):
        assert found(books, said) == [4, 3, 2, 1]


def test_what_must_not_be_found_is_left_out_where_no_word_is_asked_for(
    books: store.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(books, "Malaysia", "Lào", "Biển Đông")
    (archived,) = books.archive([capture("b.vn/4", b"4")])
    read(books, archived.capture_id, replace(article("b.vn/4", "Lào nữa"), site="b.vn", outlet="Báo B"))
    for few in (2_000, 0):
        monkeypatch.setattr("store.search._FEW", few)
        assert found(books, "-outlet:a.vn") == [4]
        assert found(books, "-outlet:a.vn after:2020") == [4]
        assert found(books, "level:core -malaysia") == found(books, "after:2020 -malaysia") == [4, 3, 2]
        assert found(books, 'topic:asean -"bien dong" -outlet:b.vn') == [2, 1]
        assert search(books, "level:core -malaysia").other_marks == 0


def test_a_long_phrase_with_d_is_left_out_where_it_stands_alone(books: store.Store) -> None:
    fill(books, "tin: đi đâu đó dù đêm đã dài", "tin: đi đâu đó, ở nhà, dù đêm đã dài")
    assert found(books, 'tin -"di dau do du dem da dai"') == [2]


def test_words_side_by_side_come_first_and_of_them_the_newest(books: store.Store) -> None:
    fill(books, "hội nghị", "nghị quyết hội nhập", "họp hội nghị", "hội nghi", "hồi nghi")
    hits = search(books, "hoi nghi").found
    assert [(hit.article_id, hit.is_together) for hit in hits] == [(5, True), (4, True), (3, True), (1, True), (2, False)]
    assert found(books, "hoi nghi", limit=2) == [5, 4]


def test_exact_marks_rank_above_folded_ones(books: store.Store) -> None:
    fill(books, "hội nghi", "hội nghị", "hồi nghi", "Hội nghị")
    hits = search(books, "hội nghi").found
    assert [(hit.article_id, hit.is_exact) for hit in hits] == [(1, True), (4, False), (2, False)]


def test_where_no_marks_are_typed_any_will_do_and_none_is_more_exact(books: store.Store) -> None:
    fill(books, "Bien Dong", "Biển Đông")
    for said in ('"bien dong"', "bien dong", "bien dong level:core"):
        assert [(hit.article_id, hit.is_exact) for hit in search(books, said).found] == [(2, None), (1, None)]


def test_what_was_published_long_ago_and_stored_last_is_not_the_newest(books: store.Store) -> None:
    dated(books, 1, "2026-11-19T08:00:00+07:00")
    dated(books, 2, "2026-11-20T08:00:00+07:00")
    dated(books, 3, "2020-01-01T08:00:00+07:00")
    for said in ("tin", "tin level:core", "level:core", "outlet:a.vn", "tin OR x", "tín OR tin"):
        assert found(books, said) == [2, 1, 3], said
        assert found(books, said, limit=1) == [2], said


def test_words_side_by_side_are_looked_for_among_the_newest_that_have_them(
    books: store.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.search._WINDOWS", (1, 3))
    monkeypatch.setattr("store.search._SPARSE", 3)
    fill(books, "hội nghị", "nghị quyết hội nhập", "họp hội nghị", "nghị trường, hội", "hội nghị")
    hits = search(books, "hoi nghi", limit=3)
    assert [(hit.article_id, hit.is_together) for hit in hits.found] == [(5, True), (3, True), (4, False)]
    assert hits.is_near
    assert not search(books, "hoi nghi", limit=2).is_near
    assert found(books, '"hoi nghi"') == [5, 3, 1]
    monkeypatch.setattr("store.search._SPARSE", 5)  # few of the newest have all words: these are looked for in all
    hits = search(books, "hoi nghi", limit=3)
    assert [(hit.article_id, hit.is_together) for hit in hits.found] == [(5, True), (3, True), (1, True)]
    assert not hits.is_near


def test_few_that_a_filter_leaves_are_looked_at_without_the_index(books: store.Store) -> None:
    fill(books, "Biển Đông", "biến động", "Biển Đông và COVID-19", "đông, biển", "mưa")
    for words, expected in (
        ("bien dong", [3, 2, 1, 4]),
        ('"biển đông"', [3, 1]),
        ("biển đông -covid", [1, 4]),
        ('-"biến động" bien', [4, 3, 1]),
        ("bien OR mua", [5, 4, 3, 2, 1]),
        ('title:"tin 2"', [2]),
        ('outlet:"bao a" mưa', [5]),
        ("outlet:vnexpress mưa", []),
        ("mưa -outlet:a.vn", []),
    ):
        assert found(books, words) == found(books, f"{words} level:core") == expected
        assert sorted(found(books, f"{words} level:core", relevance=True)) == sorted(expected)


def test_what_was_passed_over_for_its_marks_is_counted(books: store.Store) -> None:
    fill(books, "biến động", "biến động")
    assert search(books, '"biển đông"') == Hits(found=(), other_marks=2)


def test_of_very_many_with_other_marks_the_newest_are_looked_at(books: store.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.search._LOOKED", 3)
    monkeypatch.setattr("store.search._LOOKED_FOR_EACH", 1)
    fill(books, "biển đông", *["biến động"] * 5)
    hits = search(books, '"biển đông"', limit=2)
    assert (hits.found, hits.is_whole) == ((), False)
    assert search(books, '"bien dong"', limit=2).is_whole
    assert found(books, '"biển đông"', limit=6) == [1]  # whoever wants more has more looked at


def test_a_phrase_of_many_words_with_d(books: store.Store) -> None:
    fill(books, "đi đâu đó dù đêm đã dài", "đi đâu đó, ở nhà, đêm đã dài dù")
    assert found(books, '"di dau do du dem da dai"') == [1]
    assert search(books, "di dau do du dem da dai").found[0].is_together


def test_very_many_readings_cost_little(books: store.Store) -> None:
    fill(books, *["do đo " * 40 + str(number) for number in range(300)])
    began = time.process_time()
    for said in ("do " * 32, '"' + "do " * 32 + '"', " OR ".join(["do"] * 32), "hdnddd " * 32):
        search(books, said)
    assert time.process_time() - began < 1


def test_title_and_outlet(books: store.Store) -> None:
    keep(books, "a.vn/1", "ASEAN họp", title="Tin chiều")
    keep(books, "a.vn/2", "Mưa lớn", title="ASEAN họp")
    assert found(books, "title:asean") == [2]
    assert found(books, "asean -title:asean") == [1]
    assert found(books, 'outlet:"bao a" asean') == [2, 1]
    assert found(books, "outlet:a.vn") == [2, 1]
    assert found(books, "outlet:vnexpress asean") == []
    assert found(books, "asean -outlet:a.vn") == []
    assert found(books, "bao") == []  # an outlet is no word of the text


def test_topics_and_levels(books: store.Store) -> None:
    sea = Flag(topic="Biển", level=Level.MENTION, score=1, rules="v1", evidence=())
    keep(books, "a.vn/1", "tin một " + LONG)
    keep(books, "a.vn/2", "tin hai", flags=(sea,))
    keep(books, "a.vn/3", "tin ba", flags=(replace(FLAG, level=Level.RELATED), sea))
    keep(books, "a.vn/4", "tin bốn", flags=())
    assert found(books, "tin topic:asean") == [3, 1]
    assert found(books, "topic:ASEAN level:core") == [1]
    assert found(books, "level:core level:related tin") == [3, 1]
    assert found(books, "level:mention") == [3, 2]
    assert found(books, "tin -topic:BIỂN") == [4, 1]
    assert found(books, "tin -level:core") == [4, 3, 2]
    with pytest.raises(InputError, match="topic:sport: no article is flagged with it; known are: ASEAN, Biển"):
        search(books, "topic:sport")


def dated(books: store.Store, number: int, published: str | None) -> None:
    one = article(f"a.vn/{number}", f"tin {number}", title=f"Tin {number}")
    claims = (replace(one.published_claims[0], moment=datetime.fromisoformat(published)),) if published else ()
    (archived,) = books.archive([capture(one.identity, str(number).encode())])
    read(books, archived.capture_id, replace(one, published_claims=claims), NOW)


@pytest.mark.parametrize("few", [2_000, 0])
def test_days_are_of_the_readers_zone_and_of_publishing_or_else_first_seen(
    books: store.Store, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr("store.search._FEW", few)  # asked for one by one, or met among those that have the words
    dated(books, 1, "2026-11-19T23:59:00+07:00")
    dated(books, 2, "2026-11-20T00:00:00+07:00")
    dated(books, 3, None)  # first seen on 22/11
    dated(books, 4, "2026-11-20T01:00:00+09:00")  # 19/11 23:00 of ours
    for words in ("tin ", "", "outlet:a.vn "):
        assert found(books, f"{words}after:2026-11-20") == [3, 2]
        assert found(books, f"{words}before:2026-11-20") == [1, 4]
        assert found(books, f"{words}after:2026-11-20 before:2026-11-21") == [2]
        assert found(books, f"{words}after:2027") == []
    assert sorted(found(books, "tin after:2026-11-20", relevance=True)) == [2, 3]


def test_relevance(books: store.Store) -> None:
    fill(books, "ASEAN ASEAN ASEAN", "một tin dài hơn có ASEAN một lần " + LONG)
    keep(books, "a.vn/3", "tin khác " + LONG, title="ASEAN")
    keep(books, "a.vn/4", "tin có ASEAN một lần nữa " + LONG + LONG)
    assert found(books, "asean") == [4, 3, 2, 1]
    assert found(books, "asean", relevance=True)[-1] == 4
    assert set(found(books, "asean", relevance=True)[:2]) == {1, 3}


# ---------------------------------------------------------------- the index keeps up


def test_an_edit_takes_the_old_words_out_of_the_index(books: store.Store) -> None:
    keep(books, "a.vn/1", f"{LONG}. Có 5.000 người dự. Hết.")
    keep(books, "a.vn/1", f"{LONG}. Có 6.000 người dự. Hết.", now=NOW + HOUR)
    assert (found(books, "5.000"), found(books, "6.000")) == ([], [1])
    (hit,) = search(books, "5.000 nguoi", history=True).found
    assert (hit.article_id, hit.version, hit.versions, hit.searched.body + hit.searched.lead) == (1, 1, 2, "Có 5.000 người dự.")
    assert found(books, "6.000", history=True) == found(books, "Hết", history=True) == []
    assert is_in_step(books)


def test_a_restored_text_is_found_again_and_what_was_between_is_history(books: store.Store) -> None:
    for number, said in enumerate(("năm nghìn", "sáu nghìn", "năm nghìn")):
        keep(books, "a.vn/1", f"{LONG}. Có {said} người.", now=NOW + number * HOUR)
    assert (found(books, "năm"), found(books, "sáu")) == ([1], [])
    assert found(books, "nam nghin", history=True) == []
    assert [(hit.article_id, hit.version) for hit in search(books, "sau nghin", history=True).found] == [(1, 2)]
    assert is_in_step(books)


def test_an_old_title_is_found_in_the_history(books: store.Store) -> None:
    keep(books, "a.vn/1", LONG, title="Thủ tướng thăm Lào")
    keep(books, "a.vn/1", LONG, title="Thủ tướng thăm Campuchia", now=NOW + HOUR)
    (hit,) = search(books, "title:lao", history=True).found
    assert (hit.searched.title, hit.title, hit.searched.lead) == ("Thủ tướng thăm Lào", "Thủ tướng thăm Campuchia", "")
    assert found(books, "title:lao") == []
    assert found(books, "lao level:core outlet:a.vn after:2024 before:2025", history=True) == [1]
    assert found(books, "lao after:2025", history=True) == []
    assert found(books, "topic:asean", history=True) == [1]
    assert found(books, "lao", history=True, relevance=True) == [1]


def test_a_text_read_by_another_reader_replaces_what_was_indexed(books: store.Store) -> None:
    keep(books, "a.vn/1", LONG)
    read(books, 1, article("a.vn/1", LONG + " đoạn bị sót"))
    assert found(books, '"bị sót"') == [1]
    assert found(books, LONG.split()[0], history=True) == []
    assert is_in_step(books)


def test_copies_are_found_each(books: store.Store) -> None:
    keep(books, "a.vn/1", LONG + " ASEAN")
    keep(books, "b.vn/2", LONG + " ASEAN", title="Tựa khác")
    assert [(hit.article_id, hit.copy_of) for hit in search(books, "asean").found] == [(2, 1), (1, None)]


def test_nothing_is_written_where_nothing_changed(books: store.Store) -> None:
    keep(books, "a.vn/1", LONG)
    keep(books, "a.vn/1", LONG + " hai", now=NOW + HOUR)
    before = books._connection.total_changes
    with books.transaction():
        books.search.keep(1)
    assert books._connection.total_changes == before


def history(books: store.Store) -> dict[int, list[str]]:
    """Of each version the sentences that were edited away."""
    rows = books._connection.execute("SELECT id, title, lead, body FROM edited_away ORDER BY id").fetchall()
    return {row[0]: [one for part in row[1:4] for one in part.split("\n") if one] for row in rows}


def test_all_that_was_edited_away_is_kept_once_however_often_an_article_is_edited(books: store.Store) -> None:
    for number in range(60):
        keep(books, "a.vn/1", f"{LONG}. Chung. Lúc {number} giờ có {number}000 người.", title="Tin", now=NOW + number * HOUR)
    assert {key: value for key, value in history(books).items() if key in (1, 2, 59)} == {
        key: [f"Lúc {key - 1} giờ có {key - 1}000 người."] for key in (1, 2, 59)
    }
    assert len(history(books)) == 59
    assert found(books, "0000", history=True) == found(books, "58000", history=True) == [1]
    before = history(books)
    keep(books, "a.vn/1", f"{LONG}. Chung. Lúc 7 giờ có 7000 người.", title="Tin", now=NOW + 90 * HOUR)
    assert found(books, "7000", history=True) == []
    assert sum(map(len, history(books).values())) == sum(map(len, before.values()))
    assert is_in_step(books)


def test_one_more_edit_costs_little_after_a_thousand(books: store.Store) -> None:
    """As a live ticker has them: each edit adds a sentence and takes one away."""
    said = [f"Lúc {number} giờ có {number}000 người ở điểm {number}." for number in range(1_030)]
    keep(books, "a.vn/1", f"{LONG}. {' '.join(said[:20])}")
    (capture_id,) = books._connection.execute("SELECT max(id) FROM captures").fetchone()
    row = books._connection.execute("SELECT * FROM captures").fetchone()
    took: list[float] = []
    kept = values.from_article
    for number in range(1, 1_001):
        one = kept(article("a.vn/1", f"{LONG}. {' '.join(said[number : number + 20])}"))
        with books.transaction():
            books._connection.execute(
                "INSERT INTO captures(identity, captured_at, sha256, bytes, file, offset, length) VALUES (?, ?, '', 0, 'x', ?, 9)",
                (row["identity"], row["captured_at"], number),
            )
            books._connection.execute(
                "INSERT INTO versions(id, article_id, capture_id, seen, title, article, words, edit_hash, copy_hash, follows)"
                " SELECT ?, 1, ?, seen, title, ?, words, edit_hash, copy_hash, id FROM versions WHERE id = ?",
                (number + 1, capture_id + number, one, number),
            )
            books._connection.execute("UPDATE articles SET version_id = ?", (number + 1,))
            began = time.process_time()
            books.search.keep(1)
            took.append(time.process_time() - began)
    assert len(history(books)) == 1_000
    assert sorted(took[-100:])[50] < 0.02
    assert all(len(some) == 1 for some in history(books).values())
    with books.transaction():
        books.search.keep(1)  # all versions are looked through, and say the same
    assert len(history(books)) == 1_000


def test_the_history_has_one_entry_for_an_article(books: store.Store) -> None:
    for number in range(5):
        keep(books, "a.vn/1", f"{LONG}. Có {number}000 người dự họp.", title="Tin", now=NOW + number * HOUR)
    for said in ("khác", "nữa"):
        keep(books, "a.vn/2", f"Việc {said} ở xa lắm. Có 0 người dự họp {said}.", title="Tin", now=NOW + 9 * HOUR)
    for said in ("nguoi du", "người dự", "nguoi du level:core", "nguoi hop"):
        hits = search(books, said, history=True, limit=2).found
        assert [(hit.article_id, hit.version, hit.more_versions) for hit in hits] == [(2, 1, 0), (1, 4, 3)]
    assert found(books, "0000", history=True) == found(books, "3000", history=True) == [1]


LIVES = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from(["một.", "hai. một.", "ba.", "hai.", "bốn. ba. hai."])), max_size=12
)


@settings(max_examples=25, deadline=None)
@given(LIVES)
def test_whatever_happens_to_articles_the_index_says_what_they_say(
    tmp_path_factory: pytest.TempPathFactory, lives: list[tuple[int, str]]
) -> None:
    with store.open_store(tmp_path_factory.mktemp("home")) as books:
        for step, (number, said) in enumerate(lives):
            keep(books, f"a.vn/{number}", f"{LONG} số {number}. {said}", now=NOW + step * HOUR)
        assert is_in_step(books)
        gone = books._connection.execute("SELECT id, article_id, body, lead FROM edited_away").fetchall()
        for version_id, article_id, body, lead in gone:
            kept = books.kept(article_id)
            assert kept
            assert version_id != kept.current_id
            assert not any(sentence in kept.article.text.split(". ") for sentence in f"{lead}\n{body}".split("\n") if sentence)
        told = history(books)
        for article_id in {number for _, number, *_ in gone}:
            versions = [books.kept(article_id, number + 1) for number in range(len(books.kept(article_id).versions))]  # type: ignore[union-attr]
            said = [set(one.article.text.replace(". ", ".\n").split("\n")) for one in versions if one]
            now = books.kept(article_id).shown  # type: ignore[union-attr]
            ids = {row[0] for row in gone if row[1] == article_id}
            # all that was said and is not, and each of it once
            assert sorted(one for key in ids for one in told[key]) == sorted(set().union(*said) - said[now])


# ---------------------------------------------------------------- a store that was made before


def forget(books: store.Store) -> None:
    """As if the store had been made before there was a search."""
    for name in ("article_text", "article_search", "edited_away", "edited_away_search", "search_due"):
        books._connection.execute(f"DROP TABLE {name}")
    for name in ("articles_by_date", "flags_by_topic"):
        books._connection.execute(f"DROP INDEX {name}")
    books._connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'm008_search'")


def test_a_store_made_before_is_indexed_in_batches_newest_first(books: store.Store, tmp_path: Path) -> None:
    fill(books, *["ASEAN"] * 7)
    keep(books, "a.vn/2", "Lào. Bài 2", title="Tin 2", now=NOW + 20 * HOUR)
    forget(books)
    with store.open_store(tmp_path) as again:
        assert again.search.behind() == 7
        assert search(again, "asean") == Hits(found=(), behind=7)
        with again.transaction():
            assert again.search.catch_up(3) == 3
        assert (again.search.behind(), found(again, "asean")) == (4, [7, 6, 5])
    with store.open_store(tmp_path) as again:  # it was killed, and goes on
        keep(again, "a.vn/1", "Lào ASEAN. Bài 1", title="Tin 1", now=NOW + 30 * HOUR)
        keep(again, "a.vn/9", "ASEAN nữa", title="Tin 9")
        while again.search.catch_up(3):
            pass
        assert again.search.behind() == 0
        assert found(again, "asean") == [8, 7, 6, 5, 4, 3, 1]
        assert found(again, "asean", history=True) == [2, 1] or found(again, "bai asean", history=True) == []
        assert is_in_step(again)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_no_query_is_an_error_of_the_database(tmp_path_factory: pytest.TempPathFactory, said: str) -> None:
    with store.open_store(tmp_path_factory.getbasetemp() / "asked") as books:
        try:
            search(books, said)
            search(books, f'"{said}" title:a OR {said}', relevance=True, history=True)
        except InputError:
            pass


@pytest.mark.parametrize(
    "said",
    [
        "x' OR 1=1 --",
        "x'); DROP TABLE articles; --",
        'a" OR "b',
        "{title} : x",
        "- title : x",
        "^x",
        "a + b",
        "rowid MATCH x",
        'outlet:"x\' OR 1"',
        "topic:x' level:core",
        " ".join(["da"] * 32),
        " OR ".join(["da"] * 32),
        "a" * 5_000,
    ],
)
def test_what_looks_like_sql_is_words(books: store.Store, said: str) -> None:
    fill(books, "x", "a b")
    try:
        search(books, said, relevance=True)
        search(books, said, history=True)
    except InputError:
        pass
    assert books.status().articles == 2


def test_the_tables_can_be_searched_by_others(books: store.Store, tmp_path: Path) -> None:
    """As datasette does: by the index, joined on the rowid of its content table."""
    fill(books, "Hội nghị Cấp cao")
    with sqlite3.connect(tmp_path / store.DATABASE) as other:
        sql = "SELECT id FROM article_text WHERE rowid IN (SELECT rowid FROM article_search WHERE article_search MATCH ?)"
        assert other.execute(sql, ('"hoi nghi"',)).fetchall() == [(1,)]
