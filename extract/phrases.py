"""The inventory of lines that are not the article (phrases.toml), for every reader."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
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
        drop_patterns=re.compile("|".join(f"(?:{text.edit_key(p)})" for p in table["drop_patterns"]), re.IGNORECASE),
        menu=tuple(sorted((text.edit_key(p) for p in table["menu"]), key=len, reverse=True)),
        promos=re.compile("|".join(f"(?:{text.edit_key(p)})" for p in table["promos"]), re.IGNORECASE),
    )


def _openings(phrases: list[str]) -> re.Pattern[str]:
    """The phrases at the start of a line, on whole words: `Báo giá` is not the beginning of `Báo Giáo dục`."""
    return re.compile("|".join(re.escape(text.edit_key(p)) + (r"\b" if p[-1].isalnum() else "") for p in phrases), re.IGNORECASE)


def key(line: str) -> str:
    """How a line is compared with the phrases."""
    return text.edit_key(line).casefold().strip(" :|•»>")
