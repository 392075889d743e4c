"""`diemtin search` as a person calls it: a real process on a store of saved pages."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

import store
from digest import hits
from tests.commands import SEEDS, command, diemtin, environment

PAGE = """<html><head><title>{title}</title><meta property="article:published_time" content="{date}"></head>
<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"""


def page(folder: Path, name: str, title: str, *said: str, date: str = "2026-11-20T08:00:00+07:00") -> None:
    folder.mkdir(exist_ok=True)
    filler = [
        f"Đoạn văn số {number} của bài {name} nói về nhiều chuyện khác nhau trong ngày, dài đủ để đọc." for number in range(6)
    ]
    paragraphs = "".join(f"<p>{one}</p>" for one in [*said, *filler])
    (folder / f"{name}.html").write_text(PAGE.format(title=title, date=date, paragraphs=paragraphs), encoding="utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five saved pages and two of ours, one of which was edited."""
    home, pages = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("pages")
    page(pages, "one", "Hơn 5.000 người dự hội thảo", "Có 5.000 người dự hội thảo về năng lượng tại Hà Nội hôm qua.")
    page(pages, "two", "\x1b[31mTin \u202eđỏ", "Máy bay F-35A \x1b[2Jhạ cánh\x07, theo hãng tin của nước này hôm nay.")
    assert diemtin(home, "reprocess", SEEDS, pages).status == 0
    page(pages, "one", "Hơn 6.000 người dự hội thảo", "Có 6.000 người dự hội thảo về năng lượng tại Hà Nội hôm qua.")
    assert "1 edited" in diemtin(home, "reprocess", pages).out
    return home


def test_without_marks_it_finds_what_is_written_with_marks(home: Path) -> None:
    ended = diemtin(home, "search", "hoi nghi cap cao", "--limit", "2")
    assert ended.status == 0
    assert ended.out.startswith("hoi nghi cap cao: 2 articles, newest first\n\n1. ")
    assert "«Hội nghị cấp cao»" in ended.out
    assert re.search(r"saved file, .*\d\d:\d\d · ASEAN: core · article \d\n", ended.out)
    assert ended.err == ""


def test_several_arguments_are_words_and_one_with_a_blank_is_a_phrase(home: Path) -> None:
    titled = diemtin(home, "search", "title:hội nghị", "asean", "--format", "json")
    found = json.loads(titled.out)
    assert found["query"] == 'title:"hội nghị" asean'
    assert [one["title"][slice(*one["title_spans"][0])] for one in found["results"]] == ["Hội nghị"]
    assert json.loads(diemtin(home, "search", "hoi nghi", "cap cao", "--format=json").out)["query"] == '"hoi nghi" "cap cao"'


def test_a_word_with_a_minus_is_no_option(home: Path) -> None:
    everything = json.loads(diemtin(home, "search", "asean", "--format", "json").out)["results"]
    less = json.loads(diemtin(home, "search", "asean", "-Malaysia", "-title:hội nghị", "--format", "json").out)
    assert less["query"] == 'asean -Malaysia -title:"hội nghị"'
    assert 0 < len(less["results"]) < len(everything)
    assert "is not a valid integer" in diemtin(home, "search", "asean", "--limit", "x").err
    assert "No such option" in diemtin(home, "search", "asean", "--limt", "3").err
    assert diemtin(home, "search", "-h").out.startswith("Usage: diemtin search")


def test_json_says_where_in_the_snippet_it_was_found(home: Path) -> None:
    found = json.loads(diemtin(home, "search", "bien dong", "--format", "json").out)
    assert (found["order"], found["history"], found["whole"], found["not_indexed"]) == ("newest first", False, True, 0)
    first = found["results"][0]
    snippet = first["snippet"]
    marked = {snippet["text"][start:end] for start, end in snippet["spans"]}
    assert marked <= {"Biển Đông", "biến động"}
    assert first["together"] is True
    assert set(first) == {
        *("article_id", "version", "versions", "seen", "title", "title_spans", "old_title", "outlet", "site", "url", "published"),
        *("first_seen", "copy_of", "level", "flags", "together", "exact", "more_versions"),
        "snippet",
    }


def test_with_marks_other_words_are_passed_over_and_that_is_said(home: Path) -> None:
    ended = diemtin(home, "search", '"biển động"')
    assert (ended.status, ended.out) == (0, '"biển động": nothing found\n')
    assert re.fullmatch(r"diemtin: \d+ have these letters with other marks; type the words without marks .*\n", ended.err)


def test_a_number_that_is_no_total_says_so() -> None:
    (line,) = hits.lines([], "bão", "newest first", "Asia/Ho_Chi_Minh", colour=False, is_whole=False)
    assert line == "bão: nothing found; of all with these letters only the newest were looked at, more with before:"
    (line,) = hits.lines([], "bão", "newest first", "Asia/Ho_Chi_Minh", colour=False)
    assert line == "bão: nothing found"


def test_where_no_marks_were_typed_nothing_is_exact(home: Path) -> None:
    for said, exact in (("hoi nghi", {None}), ("hội nghị", {True}), ("hội nghi", {False})):
        found = json.loads(diemtin(home, "search", f'"{said}"', "--format", "json").out)
        assert {one["exact"] for one in found["results"]} == exact
    assert "With other marks:" not in diemtin(home, "search", "hoi nghi").out
    assert "With other marks:" in diemtin(home, "search", '"hội nghi"').out


def test_what_was_edited_away_is_found_in_the_history(home: Path) -> None:
    assert diemtin(home, "search", "5.000").out.count("hội thảo") == 0
    ended = diemtin(home, "search", "5.000", "--history")
    assert "1. Hơn 6.000 người dự hội thảo\n   was: Hơn «5.000» người dự hội thảo\n" in ended.out
    assert "version 1 of 2" in ended.out
    assert "Có «5.000» người dự hội thảo" in ended.out


def test_nothing_of_a_page_reaches_the_terminal(home: Path) -> None:
    for said in (("F-35A",), ("F-35A", "--format", "json"), ("\x1b[31mF-35A\x07\u202e",)):
        ended = diemtin(home, "search", *said)
        assert "F-35A" in ended.out
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", ended.out + ended.err)


@pytest.mark.parametrize(
    "said", ['"a', "bien*", "NEAR(a b)", "a AND b", "🙂", "author:x", "-a", "topic:sport", "after:now", "từ " * 10_000]
)
def test_a_bad_query_is_one_line(home: Path, said: str) -> None:
    ended = diemtin(home, "search", said)
    assert (ended.status, ended.out) == (1, "")
    assert re.fullmatch(r"diemtin: [^\n]{10,300}\n", ended.err)
    assert "fts5" not in ended.err.lower()


def test_what_was_found_is_bold_on_a_terminal(home: Path) -> None:
    ours, theirs = pty.openpty()
    env = {**environment(), "TERM": "xterm"} | {"NO_COLOR": ""}
    process = subprocess.Popen(command(home, "search", "F-35A"), stdout=theirs, stderr=subprocess.PIPE, env=env, cwd=SEEDS.parent)
    os.close(theirs)
    out = b""
    try:
        while chunk := os.read(ours, 65_536):
            out += chunk
    except OSError:  # Linux says so at the end
        pass
    os.close(ours)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert b"\x1b[1mF-35A\x1b[0m" in out


def test_a_store_made_before_there_was_a_search_is_indexed_once(tmp_path: Path) -> None:
    assert diemtin(tmp_path, "reprocess", SEEDS).status == 0
    with store.open_store(tmp_path) as books, books.transaction():
        books._connection.execute("DELETE FROM article_text")
        books._connection.execute("INSERT INTO search_due VALUES (5)")
    with store.lock.hold(tmp_path, "a crawl"):
        ended = diemtin(tmp_path, "search", "asean")
        assert ended.out == "asean: nothing found\n"
        assert "5 articles are not in the index yet, while another process writes" in ended.err
    ended = diemtin(tmp_path, "search", "asean")
    assert "5 articles are put into the index, once" in ended.err
    assert ended.out.startswith("asean: 5 articles")
    assert diemtin(tmp_path, "search", "asean").err == ""


def test_a_run_indexes_what_a_store_made_before_holds(tmp_path: Path) -> None:
    assert diemtin(tmp_path, "reprocess", SEEDS).status == 0
    with store.open_store(tmp_path) as books, books.transaction():
        books._connection.execute("DELETE FROM article_text")
        books._connection.execute("INSERT INTO search_due VALUES (5)")
    assert diemtin(tmp_path, "reprocess", SEEDS).status == 0
    with store.open_store(tmp_path) as books:
        assert books.search.behind() == 0
