"""`diemtin topics`: edited rules are tried on the store, adopted whole, and told to nobody as news; each article is explained."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

import store
from tests.commands import ROOT, SEEDS, diemtin

SHIPPED = ROOT / "topics" / "asean.toml"
BILATERAL = 5  # the seed that is a mention


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the seeds, whose digest was told."""
    home = tmp_path_factory.mktemp("told")
    diemtin(home, "reprocess", SEEDS)
    assert "4 core, 1 mention" in diemtin(home, "digest").out
    return home


@pytest.fixture
def home(told: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(told, tmp_path / "home"))


def edited(folder: Path, *changes: tuple[str, str], name: str = "edited.toml") -> Path:
    source = SHIPPED.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    path = folder / name
    path.write_text(source, encoding="utf-8")
    return path


LOST = (
    ('phrases = ["chức Chủ tịch ASEAN"', 'phrases = ["chức vụ Chủ tịch ASEAN"'),
    (
        "core = 3.0\nrelated = 1.5\nmention = 0.3",
        "core = 3.5\nrelated = 3.5\nmention = 3.5",
    ),
)
STRICT = (("core = 3.0", "core = 20.0"),)


def levels(home: Path) -> dict[int, str]:
    with store.open_store(home) as books:
        found = books.held()
    return {held.article_id: held.flags[0].level if held.flags else "none" for held in found}


def sql(home: Path, query: str) -> list[Any]:
    with sqlite3.connect(home / "diemtin.db") as raw:
        return raw.execute(query).fetchall()


def test_the_topics_are_listed_and_checked(home: Path) -> None:
    said = diemtin(home, "topics").out
    assert said.startswith("ASEAN: ")
    assert " terms, " in said
    assert "of asean.toml" in said
    (home / "topics").mkdir()
    (home / "topics" / "asean.toml").write_text('name = "ASEAN"\nbase = 3\n', encoding="utf-8")
    wrong = diemtin(home, "topics")
    assert (wrong.status, wrong.out) == (2, "")
    assert "topics/asean.toml:1: has no [[term]]" in wrong.err


def test_an_article_is_explained(home: Path) -> None:
    said = diemtin(home, "topics", "explain", str(BILATERAL)).out
    assert "ASEAN: mention, by rules " in said
    assert "(core from 3, related from 1.5, mention from 0.3)" in said
    assert "  + 2 × rest = 2       chair: “Chủ tịch luân phiên ASEAN” in text at 5778\n" in said
    assert "  not related no decisive term in title or lead\n" in said
    assert "chair-2024: “Lào” in title at 9 and " in said
    assert "it is valid from 2023-09-07 to 2024-12-31" in said
    assert "  stored     mention " in said
    assert ", by the same rules\n" in said
    found = json.loads(diemtin(home, "topics", "explain", str(BILATERAL), "--format", "json").out)
    (one,) = found["topics"]
    assert (found["stored"][0]["level"], one["level"], one["thresholds"]["core"]) == ("mention", "mention", 3.0)
    shown = json.loads(diemtin(home, "show", str(BILATERAL), "--format", "json").out)
    for match in one["matched"]:
        assert shown[match["field"]][match["start"] : match["end"]] == match["text"]
    assert shown["flags"][0]["near"] == one["near"] != []
    assert "not related: no decisive term in title or lead" in diemtin(home, "show", str(BILATERAL)).out
    assert "is not in the store" in diemtin(home, "topics", "explain", "99").err


def test_an_article_is_explained_by_other_rules(home: Path, tmp_path: Path) -> None:
    said = diemtin(home, "topics", "explain", "1", "--rules", edited(tmp_path, *STRICT)).out
    assert "ASEAN: related, by rules " in said
    assert "  not core    core from 20; it has " in said
    assert ", by rules " in said.splitlines()[-1]


def test_what_edited_rules_would_move_is_told_and_nothing_is_moved(home: Path, tmp_path: Path) -> None:
    before = levels(home), sql(home, "SELECT * FROM flags")
    same = diemtin(home, "topics", "try", SHIPPED)
    assert (same.status, same.out.splitlines()[-1].partition(": ")[2]) == (0, "of 5 articles 0 would move")
    lost = diemtin(home, "topics", "try", edited(tmp_path, *LOST)).out
    assert "article 5: mention → none · Việt Nam-Lào: Song hành" in lost
    head, level, because = lost.splitlines()[1:4]
    assert [side.strip() for side in head.split("│")] == ["now", "then"]
    assert [side.split() for side in level.split("│")] == [["level", "mention", "2.89"], ["no", "flag"]]
    assert [side.strip() for side in because.split("│")] == [
        "because      named: chair, chair-year",
        "mention from 3.5; it has 2.89",
    ]
    assert "…" not in lost
    assert lost.endswith("of 5 articles 1 would move: 1 mention → none\n")
    stricter = edited(tmp_path, *STRICT)
    said = diemtin(home, "topics", "try", stricter).out
    assert "article 1: core → related" in said
    assert "│ not core: core from 20; it has " in said
    (move,) = (found := json.loads(diemtin(home, "topics", "try", stricter, "--format", "json").out))["moves"]
    assert (found["topic"], found["articles"], found["moved"]) == ("ASEAN", 5, {"core → related": 1})
    assert (move["article_id"], move["stored"]["level"], move["now"]["level"], move["then"]["level"]) == (
        1,
        "core",
        "core",
        "related",
    )
    assert json.loads(diemtin(home, "topics", "try", SHIPPED, "--format", "json").out)["moves"] == []
    assert json.loads(diemtin(home, "topics", "try", stricter, "--since", "2100-01-01", "--format", "json").out)["articles"] == 0
    assert (levels(home), sql(home, "SELECT * FROM flags")) == before


def test_adopted_rules_flag_the_store_and_no_digest_tells_it(home: Path, tmp_path: Path) -> None:
    told = sql(home, "SELECT id, version_id, told_version_id FROM articles")
    file = edited(tmp_path, *STRICT)
    said = diemtin(home, "topics", "adopt", file)
    assert (said.status, said.out.splitlines()[-1]) == (0, "5 articles: 1 core → related, 4 same")
    assert (home / "topics" / "asean.toml").read_bytes() == file.read_bytes()
    assert levels(home) == {1: "related", 2: "core", 3: "core", 4: "core", 5: "mention"}
    assert sql(home, "SELECT id, version_id, told_version_id FROM articles") == told
    assert "Nothing is new" in diemtin(home, "digest").out
    assert len({row[0] for row in sql(home, "SELECT rules FROM flags")}) == 1
    assert sql(home, "SELECT article_id, before, after FROM adoption_moves") == [(1, "core", "related")]
    listed = diemtin(home, "topics").out
    assert f"of {home / 'topics' / 'asean.toml'}" in listed
    assert "5 articles, 1 core → related" in listed
    assert "topics adopt" in diemtin(home, "status").out
    again = json.loads(diemtin(home, "topics", "adopt", file, "--json").out)
    assert again["totals"] == {"same": 5}
    assert diemtin(home, "reprocess").out == "5 pages: 5 reread\n"
    assert levels(home)[1] == "related", "what is read again is flagged by the same rules"


def test_an_adoption_that_cannot_be_written_leaves_all_as_it_was(home: Path, tmp_path: Path) -> None:
    before = sql(home, "SELECT * FROM flags")
    (home / "topics").write_text("no folder", encoding="utf-8")
    ended = diemtin(home, "topics", "adopt", edited(tmp_path, *STRICT))
    assert ended.status == 1
    assert "cannot be made" in ended.err
    assert sql(home, "SELECT * FROM flags") == before
    assert sql(home, "SELECT * FROM adoptions") == []


def test_a_database_that_refuses_leaves_the_file_as_it_was(home: Path, tmp_path: Path) -> None:
    with sqlite3.connect(home / "diemtin.db") as raw:
        raw.execute("CREATE TRIGGER no BEFORE INSERT ON adoption_moves BEGIN SELECT RAISE(ABORT, 'no'); END")
    ended = diemtin(home, "topics", "adopt", edited(tmp_path, *STRICT))
    assert ended.status == 1
    assert "restore" not in ended.err, "the database is whole"
    assert "is undone" in ended.err
    assert not (home / "topics" / "asean.toml").exists()
    assert levels(home)[1] == "core"


def test_older_versions_are_flagged_too(home: Path, tmp_path: Path) -> None:
    page = tmp_path / "pages" / "a.txt"
    page.parent.mkdir()
    for number in ("một", "hai"):
        said = (
            f"Hội nghị Cấp cao ASEAN lần thứ {number}\n"
            + f"Các nước bàn về {number} chủ đề trong phiên họp kín hôm nay ở Cebu.\n" * 9
        )
        page.write_text(said, encoding="utf-8")
        diemtin(home, "reprocess", page.parent)
    diemtin(home, "topics", "adopt", edited(tmp_path, ("core = 3.0", "core = 90.0")))
    with store.open_store(home) as books:
        found = [held for held in books.held(whole=True) if held.article_id == 6]
    assert [(held.is_current, held.flags[0].level) for held in found] == [(False, "related"), (True, "related")]


def test_a_topic_of_ones_own_is_tried_and_adopted(home: Path, tmp_path: Path) -> None:
    own = tmp_path / "mekong.toml"
    own.write_text(
        'name = "Mekong"\nbase = "mekong"\n[[term]]\nrule = "mekong"\nweight = 2\nphrases = ["Mekong", "Mê Công"]\n',
        encoding="utf-8",
    )
    said = diemtin(home, "topics", "try", own).out
    assert "article 5: none → mention" in said
    assert "  because      there are no such rules " in said
    adopted = diemtin(home, "topics", "adopt", own)
    assert (adopted.status, "name it in `topics` of " in adopted.err) == (0, True)
    assert sql(home, "SELECT topic, count(*) FROM flags GROUP BY topic")[-1][0] == "Mekong"
    (home / "diemtin.toml").write_text('topics = ["asean", "mekong"]\n', encoding="utf-8")
    assert [line.partition(":")[0] for line in diemtin(home, "topics").out.splitlines()[:2]] == ["ASEAN", "Mekong"]


MEKONG = 'name = "Mekong"\nbase = "mekong"\n[[term]]\nrule = "mekong"\nweight = 2\nphrases = ["Mekong"]\n'


@pytest.mark.parametrize(
    ("listed", "name"),
    [('["asean", "two"]', "ASEAN"), ('["asean", "asean"]', "ASEAN"), ('["asean", "two"]', r" Ase\u0061n\u200b ")],
)
def test_two_topics_of_one_name_are_refused_before_any_work(home: Path, listed: str, name: str) -> None:
    own = home / "topics" / "two.toml"
    own.parent.mkdir()
    own.write_text(SHIPPED.read_text(encoding="utf-8").replace('"ASEAN"', f'"{name}"', 1), encoding="utf-8")
    (home / "diemtin.toml").write_text(f"topics = {listed}\n", encoding="utf-8")
    before = sql(home, "SELECT * FROM flags")
    for command in (["reprocess"], ["topics"], ["topics", "try", SHIPPED], ["topics", "explain", "1"]):
        ended = diemtin(home, *command)
        assert (ended.status, ended.out) == (2, "")
        assert "diemtin.toml: topics: asean.toml and " in ended.err
        assert " are both the topic 'asean'" in ended.err
        assert str(own) in ended.err or "two" not in listed
    assert sql(home, "SELECT * FROM flags") == before


def test_a_file_of_another_topic_is_not_written_over_and_is_listed_as_not_in_use(home: Path, tmp_path: Path) -> None:
    other = home / "topics" / "edited.toml"
    other.parent.mkdir()
    other.write_text(MEKONG.replace("Mekong", "Lancang"), encoding="utf-8")
    mine = tmp_path / "edited.toml"
    mine.write_text(MEKONG, encoding="utf-8")
    for verb in ("try", "adopt"):
        ended = diemtin(home, "topics", verb, mine)
        assert (ended.status, ended.out) == (2, "")
        assert f"is the topic 'Mekong', and {other} holds the topic 'lancang'; give the file another name" in ended.err
    assert "Lancang" in other.read_text(encoding="utf-8")
    assert f"{other}: not in use; name it in `topics` of " in diemtin(home, "topics").out
    other.unlink()
    other.mkdir()
    assert f"{other} holds no topic that can be read" in diemtin(home, "topics", "adopt", mine).err
    other.rmdir()
    other.write_text(MEKONG, encoding="utf-8")
    assert diemtin(home, "topics", "adopt", mine).status == 0


@pytest.mark.parametrize("broken", ['name = "ASEAN"\nbase = 3\n', 'name = "ASEAN"\nbase = [\n', "name = 3"])
def test_a_broken_file_in_force_does_not_keep_its_repair_out(home: Path, tmp_path: Path, broken: str) -> None:
    own = home / "topics" / "asean.toml"
    own.parent.mkdir()
    own.write_text(broken, encoding="utf-8")
    good = tmp_path / ("edited.toml" if "ASEAN" in broken else "asean.toml")
    shutil.copy(SHIPPED, good)
    for verb in ("try", "adopt"):
        ended = diemtin(home, "topics", verb, good)
        assert (ended.status, f"in force, and broken: {own}:" in ended.err) == (0, True)
    assert own.read_bytes() == SHIPPED.read_bytes()
    assert diemtin(home, "topics").status == 0
    own.write_text(broken, encoding="utf-8")
    other = tmp_path / "mekong.toml"
    other.write_text(MEKONG, encoding="utf-8")
    assert diemtin(home, "topics", "adopt", other).status == 2, "it is not what is broken"


def test_a_new_file_beside_older_flags_is_told_and_settled_by_adopting_it(home: Path, tmp_path: Path) -> None:
    """As a kill leaves it between the file's rename and the commit."""
    ((old,),) = sql(home, "SELECT DISTINCT rules FROM flags")
    own = home / "topics" / "asean.toml"
    assert "flags are of rules" not in diemtin(home, "topics").out
    own.parent.mkdir()
    shutil.copy(edited(tmp_path, *STRICT), own)
    assert f"  flags are of rules {old}; `diemtin topics adopt {own}` flags the store again\n" in diemtin(home, "topics").out
    assert diemtin(home, "topics", "adopt", own).status == 0
    ((rules, before),) = sql(home, "SELECT rules, before FROM adoptions")
    assert (before, rules != before) == (old, True)
    assert "flags are of rules" not in diemtin(home, "topics").out


@pytest.mark.parametrize(
    ("name", "source", "status", "said"),
    [
        (
            "edited.toml",
            SHIPPED.read_text(encoding="utf-8").replace("core = 3.0", 'core = "3"'),
            2,
            "levels.core: is '3'; it takes a number",
        ),
        (
            "asean.toml",
            SHIPPED.read_text(encoding="utf-8").replace('name = "ASEAN"', 'name = "Asia"'),
            2,
            "keep the name, or give the file",
        ),
        ("a b.toml", SHIPPED.read_text(encoding="utf-8").replace('name = "ASEAN"', 'name = "Asia"'), 1, "is no name for a topic"),
        ("edited.toml", None, 1, "cannot be read: No such file"),
    ],
)
@pytest.mark.parametrize("verb", ["try", "adopt"])
def test_a_file_that_is_wrong_is_told(
    told: Path, tmp_path: Path, verb: str, name: str, source: str | None, status: int, said: str
) -> None:
    file = tmp_path / name
    if source is not None:
        file.write_text(source, encoding="utf-8")
    ended = diemtin(told, "topics", verb, file)
    assert (ended.status, ended.out) == (status, "")
    assert said in ended.err
    if "levels" in said:
        line = next(number for number, one in enumerate((source or "").splitlines(), 1) if one.startswith("core ="))
        assert f"edited.toml:{line}: levels.core" in ended.err
