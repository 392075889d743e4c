"""The house: who may import whom, and what crosses rooms. The table of docs/design.md, held against every import."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import model

ROOT = Path(__file__).parents[1]
ALL = frozenset({"model", "text", "urls"})

# room: (rooms of ours besides model, text and urls; third-party packages that are at home here)
TABLE: dict[str, tuple[set[str], set[str]]] = {
    "model": (set(), set()),
    "text": (set(), set()),
    "urls": (set(), set()),
    "config": (set(), {"platformdirs"}),
    "track": (set(), {"ahocorasick_rs", "numpy", "rapidfuzz", "xxhash"}),
    "crawler": (
        set(),
        {
            *("scrapy", "twisted", "w3lib", "parsel", "cssselect", "itemadapter", "protego", "zope", "tldextract"),
            *("backports", "brotli", "compression", "feedparser", "lxml"),
        },
    ),
    "extract": (set(), {"trafilatura", "htmldate", "lxml", "charset_normalizer"}),
    "store": (set(), {"sqlite_utils", "fastwarc"}),
    "digest": (set(), {"jinja2", "markupsafe"}),
    "watch": ({"track", "store"}, set()),
    "pipeline": ({"extract", "track", "store", "watch"}, {"pebble"}),
    "trial": ({"crawler", "pipeline", "store", "watch"}, set()),
    "reread": ({"extract", "pipeline", "store", "track", "watch"}, set()),
    "evidence": ({"digest", "extract", "pipeline", "store", "track"}, set()),
    "scheduler": ({"config", "store", "digest"}, {"apscheduler"}),
    "cli": (
        {
            *("config", "crawler", "digest", "evidence", "extract", "pipeline", "reread", "scheduler", "store", "track", "trial"),
            "watch",
        },
        {"click"},
    ),
    "topics": (set(), set()),
}


def sources(root: Path) -> Iterator[Path]:
    """Every Python file of the house, tests and benchmarks aside."""
    for path in sorted(root.rglob("*.py")):
        first = path.relative_to(root).parts[0]
        if not first.startswith(".") and first not in ("tests", "bench", "build", "dist"):
            yield path


def room_of(path: Path, root: Path) -> str:
    return path.relative_to(root).parts[0].removesuffix(".py")


def imports(code: str) -> Iterator[str]:
    """Top-level names of all that a file imports, inside functions and type checks too."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute in this house"
            yield (node.module or "").partition(".")[0]


def forbidden(room: str, code: str) -> set[str]:
    """The imports of a file that its room may not have."""
    ours, theirs = TABLE[room]
    allowed = ({room} | ours | theirs) | (ALL if room not in ALL else set()) | set(sys.stdlib_module_names)
    return set(imports(code)) - allowed


def test_every_room_stands_in_the_table() -> None:
    assert {room_of(path, ROOT) for path in sources(ROOT)} == set(TABLE)


@pytest.mark.parametrize("path", list(sources(ROOT)), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_what_the_table_allows(path: Path) -> None:
    assert forbidden(room_of(path, ROOT), path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    ("room", "planted"),
    [
        ("track", "import store"),
        ("extract", "from track import topics"),
        ("digest", "def f():\n    from store import open_store"),
        ("crawler", "import trafilatura"),
        ("store", "import scrapy.http"),
        ("model", "import text"),
        ("text", "from model import Article"),
        ("pipeline", "import sqlite_utils"),
        ("extract", "if TYPE_CHECKING:\n    import scrapy"),
    ],
)
def test_a_planted_import_is_found(room: str, planted: str) -> None:
    assert forbidden(room, planted)


def test_no_sql_outside_the_store() -> None:
    for path in sources(ROOT):
        if room_of(path, ROOT) != "store":
            code = path.read_text(encoding="utf-8")
            assert "sqlite" not in set(imports(code))
            assert not any(word in code for word in ("SELECT ", "INSERT INTO", "CREATE TABLE")), path


def test_no_relative_or_star_imports() -> None:
    for path in sources(ROOT):
        assert "import *" not in path.read_text(encoding="utf-8"), path


def test_values_that_cross_rooms_are_frozen_and_keyword_only() -> None:
    values = [c for _, c in inspect.getmembers(model, inspect.isclass) if dataclasses.is_dataclass(c)]
    assert len(values) > 20
    for value in values:
        assert value.__dataclass_params__.frozen, value
        assert all(field.kw_only for field in dataclasses.fields(value)), value


def test_every_error_of_ours_shows_its_subject() -> None:
    errors = [c for _, c in inspect.getmembers(model, inspect.isclass) if issubclass(c, model.DiemtinError)]
    assert len(errors) >= 8
    for error in errors:
        assert "the-subject" in str(error("went wrong", subject="the-subject"))
        assert error("went wrong").kind


def test_pyproject_names_every_room() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert set(tool["py-modules"]) | set(tool["packages"]) == set(TABLE)


def test_locks_pin_every_package_with_hashes_and_name_no_address() -> None:
    for name in ("requirements-run.lock", "requirements-test.lock"):
        lock = (ROOT / name).read_text(encoding="utf-8")
        pinned = [line for line in lock.splitlines() if line and not line.startswith((" ", "#"))]
        assert all("==" in line and line.endswith("\\") for line in pinned)
        assert "://" not in lock
        assert any(line.startswith("tzdata==") for line in pinned)
