"""The inventory of lines that are not the article (phrases.toml), for every reader."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import text


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrases:
    cut: frozenset[str]
    boxes: frozenset[str]
    cut_prefixes: re.Pattern[str]
    cut_openings: re.Pattern[str]
    drop: frozenset[str]
    drop_patterns: re.Pattern[str]
    menu: tuple[str, ...]  # with their capitals, longest first
    promos: re.Pattern[str]
    labels: frozenset[str]
    label_openings: re.Pattern[str]
    borders: frozenset[str]
    notices: dict[str, tuple[tuple[str, ...], ...]]  # by a phrase, what must stand in the line beside it
    controls: frozenset[str]
    credits: re.Pattern[str]  # at the beginning of a line
    agencies: re.Pattern[str]  # at the end of a line


@cache
def load() -> Phrases:
    """phrases.toml, folded and compiled."""
    table = tomllib.loads((files("extract") / "phrases.toml").read_text(encoding="utf-8"))
    return Phrases(
        cut=frozenset(key(p) for p in table["cut"]),
        boxes=frozenset(key(p) for p in table["boxes"]),
        cut_prefixes=_openings(table["cut_prefixes"]),
        cut_openings=_openings(table["cut_openings"]),
        drop=frozenset(key(p) for p in table["drop"]),
        drop_patterns=_patterns(table["drop_patterns"]),
        menu=tuple(sorted((text.plain_key(p) for p in table["menu"]), key=len, reverse=True)),
        promos=_patterns(table["promos"]),
        labels=frozenset(key(p) for p in table["labels"]),
        label_openings=_openings(table["label_openings"]),
        borders=frozenset(key(p) for p in table["borders"]),
        notices=_notices(table["notices"]),
        controls=frozenset(key(p) for p in table["controls"]),
        credits=re.compile(
            rf"\(?(?:{_any(table['credits'])})(?: ?[:：/]| (?:by|via|courtesy|copyright|caption)\b)", re.IGNORECASE
        ),
        agencies=re.compile(
            rf"(?:\((?:(?:{_any(table['credits'])})\b[^()]{{0,80}}|(?:[^()]{{0,40}}\W)?(?:{_any(table['agencies'])})(?:\W[^()]{{0,40}})?)\)"
            rf"|[/|] ?(?:[\w .]{{0,30}}[/|] ?)?(?:{_any(table['agencies'])}))\.?$",
            re.IGNORECASE,
        ),
    )


def _patterns(expressions: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{text.plain_key(e)})" for e in expressions), re.IGNORECASE)


def _openings(phrases: list[str]) -> re.Pattern[str]:
    """The phrases at the start of a line, on whole words: `Báo giá` is not the beginning of `Báo Giáo dục`."""
    return re.compile("|".join(re.escape(text.plain_key(p)) + (r"\b" if p[-1].isalnum() else "") for p in phrases), re.IGNORECASE)


def _notices(notices: list[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for notice in notices:
        first, *others = (key(phrase) for phrase in notice.split(" + "))
        found[first] = (*found.get(first, ()), tuple(others))
    return found


def _any(phrases: list[str]) -> str:
    return "|".join(re.escape(text.plain_key(p)) for p in sorted(phrases, key=len, reverse=True))


def key(line: str) -> str:
    """How a line is compared with the phrases."""
    return _key(line) if len(line) <= LONGEST else _folded(line)


def _folded(line: str) -> str:
    if line.isascii() and line.isprintable() and "`" not in line and ".." not in line:
        return " ".join(line.split()).casefold().strip(" :|•»>")  # nothing to fold: the same, five times as fast
    return text.plain_key(line).casefold().strip(" :|•»>")


_key = lru_cache(maxsize=4_096)(_folded)  # a page asks for its short lines more than once


LONGEST = 250  # characters; phrases are shorter, and stand at the beginning of a longer line


def is_dropped(line: str) -> bool:
    """A control or a notice that stands alone."""
    if len(line) >= LONGEST:
        return not line.strip(" :|•»>")
    known, plain = load(), text.plain_key(line)
    said = key(line)
    return not said or said in known.drop or said in known.controls or bool(known.drop_patterns.fullmatch(plain))


def is_menu(line: str) -> bool:
    """Four or more section names with their capitals, and hardly anything else, on one line; commas make it a sentence's list."""
    if len(line) > 600 or "," in line:
        return False
    rest, found = text.plain_key(line), 0
    for name in load().menu:
        hits = rest.count(name)
        found += hits
        rest = rest.replace(name, " ") if hits else rest
    return found >= 4 and len(rest.split()) <= found
