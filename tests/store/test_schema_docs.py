"""docs/schema.md names every table and column that there is, and none that is not; docs/datasette.json likewise."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

import store
from tests.store.test_store import LONG, keep

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with an article that was edited, and a table of samples."""
    with store.open_store(tmp_path) as books:
        keep(books, "a.vn/1", LONG)
        keep(books, "a.vn/1", f"{LONG} và 12 câu nữa")
        keep(books, "b.vn/2", "một văn bản khác", flags=())
    return tmp_path / store.DATABASE


def real(path: Path) -> dict[str, list[str]]:
    """Columns by table or view. What SQLite keeps for itself, and the shadows of a full-text index, are nobody's to read."""
    with sqlite3.connect(path) as raw:
        rows = raw.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type != 'shadow'").fetchall()
        names = sorted(name for (name,) in rows if not name.startswith("sqlite_"))
        return {
            re.sub(r"_\d{4}_\d\d$", "_YYYY_MM", name): [row[1] for row in raw.execute(f"PRAGMA table_info('{name}')")]
            for name in names
        }


def told() -> dict[str, list[str]]:
    """The same, as docs/schema.md has it."""
    page = (ROOT / "docs" / "schema.md").read_text(encoding="utf-8")
    parts = re.split(r"^## `(\w+)`\n", page, flags=re.MULTILINE)
    rows = (re.findall(r"^\| (`.+?`) \|", part, re.MULTILINE) for part in parts[2::2])
    return {
        name: [column for row in found for column in re.findall(r"`(\w+)`", row)]
        for name, found in zip(parts[1::2], rows, strict=True)
    }


def test_every_table_and_column_is_told_and_none_that_is_not_there(path: Path) -> None:
    here, there = real(path), told()
    assert set(here) == set(there)
    for name, columns in here.items():
        assert sorted(columns) == sorted(there[name]), name


def test_every_foreign_key_is_told_by_an_arrow(path: Path) -> None:
    page = (ROOT / "docs" / "schema.md").read_text(encoding="utf-8")
    db = Database(path)
    for table in db.tables:
        part = page.partition(f"## `{table.name}`\n")[2].partition("\n## ")[0]
        for key in table.foreign_keys:
            row = next(line for line in part.split("\n") if re.match(rf"\| .*`{key.column}`.* \|", line))
            assert f"→ `{key.other_table}`" in row, (table.name, key.column)


def test_the_metadata_for_datasette_fits_the_tables(path: Path) -> None:
    metadata = json.loads((ROOT / "docs" / "datasette.json").read_text(encoding="utf-8"))
    tables = metadata["databases"][path.stem]["tables"]
    here = {name: columns for name, columns in real(path).items() if not name.endswith("_YYYY_MM")}
    assert set(tables) == set(here)
    for name, said in tables.items():
        columns = [said[key] for key in ("label_column", "sort", "sort_desc") if key in said]
        assert set(columns) | set(said.get("facets", ())) <= set(here[name]), name
        assert said["description"]


# ---------------------------------------------------------------- as other programs read it


def test_another_program_opens_it_reads_every_row_and_finds_every_reference(path: Path) -> None:
    """What Datasette and sqlite-utils do, on a connection that knows nothing of ours, and reads only."""
    raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    db = Database(raw)
    assert {"articles", "versions", "flags"} <= set(db.table_names())
    assert set(db.view_names()) >= {"articles_current", "edits"}
    for name in (*db.table_names(), *db.view_names()):
        assert list(db.query(f"SELECT * FROM [{name}] LIMIT 101")) or not db[name].count  # noqa: S608
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    raw.close()


def test_articles_current_says_what_the_current_version_says(path: Path) -> None:
    db = Database(path)
    one, other = db.query("SELECT * FROM articles_current ORDER BY article_id")
    assert (one["title"], one["outlet"], one["site"], one["level"], one["versions"]) == ("Hội nghị", "Báo A", "a.vn", "core", 2)
    assert one["published"] == "2024-06-18T09:47:00+07:00"
    assert (other["level"], other["gone"], other["url"]) == (None, None, "https://b.vn/2")
    (edit,) = db.query("SELECT * FROM edits")
    assert (edit["article_id"], edit["title_before"], edit["follows"], edit["version_id"]) == (1, "Hội nghị", 1, 2)
    assert edit["kinds"]
    assert 0 <= edit["score"] <= 1


def test_what_refers_to_an_article_or_a_capture_is_found_by_an_index(path: Path) -> None:
    """The page of a row counts what refers to it, which must not read a whole table of texts."""
    db = Database(path)
    for table, column in (
        ("captures", "article_id"),
        ("versions", "article_id"),
        ("versions", "follows"),
        ("events", "article_id"),
    ):
        (plan, *_) = db.query(f"EXPLAIN QUERY PLAN SELECT count(*) FROM {table} WHERE {column} = 1")  # noqa: S608
        assert "SEARCH" in plan["detail"], (table, column, plan)


def test_the_newest_articles_and_edits_are_found_without_sorting_all(path: Path) -> None:
    db = Database(path)
    for view, column in (("articles_current", "article_id"), ("edits", "version_id")):
        plan = list(db.query(f"EXPLAIN QUERY PLAN SELECT * FROM {view} ORDER BY {column} DESC LIMIT 101"))  # noqa: S608
        top = [row["detail"] for row in plan if row["parent"] == 0]
        assert not [detail for detail in top if "B-TREE" in detail], top


def test_columns_that_hold_json_hold_json(path: Path) -> None:
    columns = {"versions": ("article", "edit"), "flags": ("evidence",), "runs": ("totals", "problems")}
    db = Database(path)
    for table, names in columns.items():
        for name in names:
            (row,) = db.query(f"SELECT count(*) AS bad FROM {table} WHERE {name} IS NOT NULL AND NOT json_valid({name})")  # noqa: S608
            assert row["bad"] == 0, (table, name)


def test_datasette_finds_by_itself_that_articles_are_searched(path: Path) -> None:
    """It looks for an index that names its texts as sqlite-utils writes it; no description of ours is asked for that."""
    db = Database(path)
    assert db.table("article_text").detect_fts() == "article_search"
    assert db.table("edited_away").detect_fts() == "edited_away_search"
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
