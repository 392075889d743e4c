"""Which topics an article is about, and why. Topics are data (topics/*.toml); this module reads and applies them. Pure.

A phrase is looked for on whole words in title, lead and text, in any case and tone style, marks kept; captions and all that
is not the article are never searched. Where matches overlap the longest from the left counts, so that a sport or commerce
phrase takes its words away: ASEAN inside `ASEAN Cup` is no hit.
"""

from __future__ import annotations

import hashlib
import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ahocorasick_rs

import text
from model import Article, ConfigError, Evidence, Field, Flag, Level

_NEAR = 200  # code points on each side in which a needed word may stand
_PLACES = {Field.TITLE: 3.0, Field.LEAD: 2.0, Field.TEXT: 1.0}
_DECISIVE = 3.0  # weight of a term that decides in title or lead
_STRONG = 2.0  # weight of a term that counts as evidence of its own
_USUAL_WORDS = 400  # length at which scores are compared


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rule:
    name: str
    weight: float  # 0: a phrase that only takes its words away
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pattern:
    rule: _Rule
    acronym: str | None  # must stand in exactly these letters


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """A topic file, checked and compiled."""

    name: str
    version: str
    base: str
    core_density: float
    related_density: float
    sections: frozenset[str]
    sport_words: tuple[str, ...]
    sport_sections: tuple[str, ...]
    patterns: tuple[_Pattern, ...]
    machine: ahocorasick_rs.AhoCorasick


@dataclass(frozen=True, kw_only=True, slots=True)
class _Hit:
    rule: _Rule
    evidence: Evidence


# ---------------------------------------------------------------- reading a topic file


def load(source: str, name: str) -> Topic:
    """The topic in a file's text. Raises ConfigError, whose subject is `name` and the key."""
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"is not TOML: {error}", subject=name) from error
    except RecursionError as error:
        raise ConfigError("is not TOML: nested too deeply", subject=name) from error
    _check_keys(table, {"name", "base", "core_density", "related_density", "sections", "term", "consume", "sport"}, name)
    patterns: dict[str, _Pattern] = {}
    for row in _rows(table, "consume", name):
        _check_keys(row, {"rule", "phrases"}, name)
        rule = _Rule(name=_value(row, "rule", str, name), weight=0.0)
        _add(patterns, rule, _strings(row, "phrases", name), ())
    for row in _rows(table, "term", name):
        _check_keys(row, {"rule", "weight", "phrases", "acronyms", "needs"}, name)
        needs = tuple(text.scan_key(need) for need in _strings(row, "needs", name))
        rule = _Rule(name=_value(row, "rule", str, name), weight=float(_value(row, "weight", (int, float), name)), needs=needs)
        _add(patterns, rule, _strings(row, "phrases", name), _strings(row, "acronyms", name))
    if not patterns:
        raise ConfigError("has no [[term]] with phrases or acronyms", subject=name)
    sport = table.get("sport", {})
    if not isinstance(sport, dict):
        raise ConfigError(f"is {sport!r}; it takes a table, [sport]", subject=f"{name}: sport")
    _check_keys(sport, {"words", "sections"}, name)
    return Topic(
        name=_value(table, "name", str, name),
        version=hashlib.sha256(source.encode("utf-8")).hexdigest()[:12],
        base=_value(table, "base", str, name),
        core_density=float(_value(table, "core_density", (int, float), name)),
        related_density=float(_value(table, "related_density", (int, float), name)),
        sections=frozenset(text.match_key(s) for s in _strings(table, "sections", name)),
        sport_words=tuple(text.scan_key(w) for w in _strings(sport, "words", name)),
        sport_sections=tuple(text.match_key(s) for s in _strings(sport, "sections", name)),
        patterns=tuple(patterns.values()),
        machine=ahocorasick_rs.AhoCorasick(list(patterns)),
    )


def _check_keys(table: Mapping[str, Any], known: set[str], name: str) -> None:
    for key in table:
        if key not in known:
            raise ConfigError(f"is not known here; known are: {', '.join(sorted(known))}", subject=f"{name}: {key}")


def _rows(table: Mapping[str, Any], key: str, name: str) -> list[Mapping[str, Any]]:
    rows = table.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ConfigError(f"is {rows!r}; it takes tables, [[{key}]]", subject=f"{name}: {key}")
    return rows


def _value(table: Mapping[str, Any], key: str, kind: type[Any] | tuple[type[Any], ...], name: str) -> Any:
    value = table.get(key)
    if not isinstance(value, kind) or isinstance(value, bool) or value == "":
        wanted = "text in quotes" if kind is str else "a number"
        found = "is missing" if value is None else f"is {value!r}"
        raise ConfigError(f"{found}; it takes {wanted}", subject=f"{name}: {key}")
    return value


def _strings(table: Mapping[str, Any], key: str, name: str) -> tuple[str, ...]:
    values = table.get(key, [])
    if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
        raise ConfigError(f"is {values!r}; it takes a list of texts in quotes", subject=f"{name}: {key}")
    return tuple(text.clean(v) for v in values)


def _add(patterns: dict[str, _Pattern], rule: _Rule, phrases: Iterable[str], acronyms: Iterable[str]) -> None:
    for phrase in phrases:
        for spelling in _spellings(text.scan_key(phrase)):
            patterns.setdefault(spelling, _Pattern(rule=rule, acronym=None))
    for acronym in acronyms:
        patterns.setdefault(text.scan_key(acronym), _Pattern(rule=rule, acronym=acronym))


_DASH = re.compile(r"\s*-\s*")


def _spellings(key: str) -> set[str]:
    """A dash is written with and without blanks around it, in all four ways."""
    return {_DASH.sub(dash, key) for dash in ("-", " - ", "- ", " -")} if "-" in key else {key}


# ---------------------------------------------------------------- applying it


def flag(article: Article, topics: Iterable[Topic]) -> tuple[Flag, ...]:
    """The flags of an article, one for each topic that it is about. The same article and topics give the same flags."""
    return tuple(found for found in (_flag(article, topic) for topic in topics) if found)


def _flag(article: Article, topic: Topic) -> Flag | None:
    hits = _hits(article, topic)
    words = max(1, len(article.text.split()))
    level = _level(article, topic, hits, words)
    if level is None:
        return None
    return Flag(
        topic=topic.name,
        level=level,
        score=_score(hits, words),
        rules=topic.version,
        evidence=tuple(hit.evidence for hit in hits),
    )


def _hits(article: Article, topic: Topic) -> list[_Hit]:
    title = text.scan_key(article.title or "")
    hits = [_hit(article.title or "", found, Field.TITLE) for found in _find(article.title or "", title, title, topic)]
    said = article.text
    lead = len(article.lead or "")
    for rule, start, end in _find(said, text.scan_key(said), title, topic):
        # The lead opens the text: a hit there is told once, as one in the lead.
        hits.append(_hit(said, (rule, start, end), Field.LEAD if start < lead else Field.TEXT))
    return hits


def _hit(said: str, found: tuple[_Rule, int, int], field: Field) -> _Hit:
    rule, start, end = found
    return _Hit(rule=rule, evidence=Evidence(rule=rule.name, text=said[start:end], field=field, start=start, end=end))


def _find(said: str, key: str, title: str, topic: Topic) -> list[tuple[_Rule, int, int]]:
    """(rule, start, end) of the phrases that count, in order: whole words, longest from the left, needs met."""
    found = []
    for number, start, end in topic.machine.find_matches_as_indexes(key, overlapping=True):
        pattern = topic.patterns[number]
        if _whole(key, start, end) and (pattern.acronym is None or said[start:end] == pattern.acronym):
            found.append((start, -end, pattern.rule))
    kept, reached = [], 0
    for start, minus_end, rule in sorted(found, key=lambda hit: hit[:2]):
        if start < reached or not _needs_met(rule, key, title, start, -minus_end):
            continue
        reached = -minus_end
        if rule.weight:
            kept.append((rule, start, -minus_end))
    return kept


def _whole(key: str, start: int, end: int) -> bool:
    """No letter or digit touches the match."""
    before = key[start - 1] if start else " "
    after = key[end] if end < len(key) else " "
    return not (before.isalnum() and key[start].isalnum()) and not (after.isalnum() and key[end - 1].isalnum())


def _needs_met(rule: _Rule, key: str, title: str, start: int, end: int) -> bool:
    if not rule.needs:
        return True
    around = key[max(0, start - _NEAR) : start] + " " + key[end : end + _NEAR]
    return any(need in around or need in title for need in rule.needs)


def _level(article: Article, topic: Topic, hits: list[_Hit], words: int) -> Level | None:
    strong = [hit for hit in hits if hit.rule.weight >= _STRONG]
    if not strong:
        return None
    rules = {hit.rule.name for hit in strong}
    density = 1000 * sum(hit.evidence.field is not Field.TITLE for hit in strong) / words
    dense = len(rules) >= 3 and density >= topic.core_density
    decisive = _decisive(topic, strong, density)
    if decisive or dense:
        return Level.CORE
    if _is_sport(article, topic):
        return None
    if (len(rules) >= 2 and density >= topic.related_density) or text.match_key(article.section or "") in topic.sections:
        return Level.RELATED
    return Level.MENTION


def _decisive(topic: Topic, strong: list[_Hit], density: float) -> bool:
    """A decisive term in title or lead; the bare name in the title, where the text goes on about it."""
    if any(hit.rule.weight >= _DECISIVE and hit.evidence.field is not Field.TEXT for hit in strong):
        return True
    places = [hit.evidence.field for hit in strong]
    named = any(hit.rule.name == topic.base and hit.evidence.field is Field.TITLE for hit in strong)
    return named and len(places) - places.count(Field.TITLE) >= 2 and density >= topic.core_density


def _is_sport(article: Article, topic: Topic) -> bool:
    section = text.match_key(article.section or "")
    if section in topic.sport_sections or any(f"/{s.replace(' ', '-')}/" in (article.url or "") for s in topic.sport_sections):
        return True
    key = text.scan_key(f"{article.title}\n{article.text}")
    return sum(word in key for word in topic.sport_words) >= 2


def _score(hits: list[_Hit], words: int) -> float:
    """Weights of the distinct rules at their best place, less for long texts; for sorting, not for deciding."""
    best: dict[str, float] = {}
    for hit in hits:
        worth = hit.rule.weight * _PLACES[hit.evidence.field]
        best[hit.rule.name] = max(best.get(hit.rule.name, 0.0), worth)
    return round(sum(best.values()) / math.sqrt(max(words, _USUAL_WORDS) / _USUAL_WORDS), 2)
