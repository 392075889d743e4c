"""A topic file, read and checked: TOML to Topic. A mistake is told with the file, the line and the key. Pure."""

from __future__ import annotations

import hashlib
import itertools
import math
import re
import tomllib
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ahocorasick_rs

import text
from model import ConfigError, Level

__all__ = ["PLACES", "Kind", "Levels", "Near", "Pattern", "Prior", "Rule", "Topic", "load"]

_JUDGE = 3  # how rules are applied: it counts for their version, so that flags of another way are told from these
STRONG = 2.0  # weight of a term that is evidence of its own
DECISIVE = 3.0  # weight of a term that decides
_LONGEST = 200  # characters of a phrase, a word or a name: longer ones are none, and cost the square of their length
_FAR = 2_000  # characters that `within` may say at most
_SHOWN = 100  # characters of a wrong value that are shown
PLACES = ("title", "lead", "first", "rest", "caption")
_WORTH = {"title": 3.0, "lead": 2.0, "first": 1.0, "rest": 1.0, "caption": 0.0}  # where a file does not say


class Kind:
    """What a phrase is there for."""

    TERM = "term"
    CONSUME = "consume"  # it takes its words away
    SPORT = "sport"
    PASSING = "passing"
    NEAR = "near"  # a word that a rule needs, or that bars it, near by
    ASIDE = "aside"  # in passing, and no more than a mention


@dataclass(frozen=True, slots=True)
class Near:
    """A word that is looked for near a match, whole."""

    key: str
    plain: bool = False  # spelled without marks: only in lines that have none


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One [[term]] or [[consume]], or the words of [sport] or [passing]."""

    name: str
    kind: str = Kind.TERM
    weight: float = 0.0
    needs: tuple[Near, ...] = ()
    unless: tuple[Near, ...] = ()
    within: int = 200  # code points on each side in which those may stand
    anywhere: bool = True  # what it needs may also stand in the title, for a match in the title in the lead
    places: frozenset[str] = frozenset(PLACES)
    decides: frozenset[str] = frozenset(("title", "lead"))
    since: date | None = None
    until: date | None = None
    spelled: int = 0  # phrases and abbreviations

    def holds(self, day: date | None) -> bool:
        """It is valid on a day. On no day, where that is not known, is what has a time of its own."""
        if self.since is None and self.until is None:
            return True
        return day is not None and (self.since or date.min) <= day <= (self.until or date.max)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    rule: Rule
    exact: str | None = None  # must stand in these letters
    plain: bool = False  # spelled without marks: only in lines that have none
    then: re.Pattern[str] | None = None  # what follows behind a gap of some words


@dataclass(frozen=True, kw_only=True, slots=True)
class Prior:
    """What a section or an outlet says of all that stands in it."""

    rule: str
    sections: frozenset[str]
    outlets: frozenset[str]
    adds: float
    level: Level | None  # at least, where the topic is named at all


@dataclass(frozen=True, kw_only=True, slots=True)
class Levels:
    core: float  # score
    related: float
    mention: float
    core_density: float
    related_density: float
    early: float  # score from which two do, one of them in title or lead; 0: they do not
    core_rules: int  # distinct strong rules that decide together
    paragraphs: int  # in which they stand, for core and related
    named: int  # strong matches that a text has to have below a title with the topic's name
    words: int  # a shorter text's density is taken as if it had so many


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """A topic file, checked and compiled."""

    name: str
    version: str
    base: frozenset[str]  # rules of the bare name
    levels: Levels
    places: Mapping[str, float]
    first_paragraphs: int
    priors: tuple[Prior, ...]
    sport_sections: tuple[str, ...]
    sport_least: int
    passing_within: int
    rules: tuple[Rule, ...]
    patterns: tuple[tuple[Pattern, ...], ...]  # of each key of the machine, those that go first come first
    machine: ahocorasick_rs.AhoCorasick


# ---------------------------------------------------------------- tables that know their lines

_BLANKS = re.compile(r"[ \t]*")
_BETWEEN = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_STRING = re.compile(r""""{3}(?:\\.|[^\\])*?"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*\'""", re.DOTALL)
_BARE = re.compile(r"[\w-]+")
_REST = re.compile(r"[^,\]}#\n]*")  # of a number, a truth value, a day

_Path = tuple[str | int, ...]


class _Lines:
    """The line of each key of a text that is TOML, however it is written: by the name of its table, which of those it is, and the
    key. The key "" is the table's own line. Only two names deep: a topic file has no more."""

    def __init__(self, source: str) -> None:
        self._source, self._at = source, 0
        self._ends = [found.start() for found in re.finditer("\n", source)]
        self._counts: dict[str, int] = {}
        self.found: dict[tuple[str, int, str], int] = {}
        table: _Path = ()
        self._skip(_BETWEEN)
        while self._at < len(source):
            table = self._header() if source[self._at] == "[" else self._pair(table)
            self._skip(_BETWEEN)

    def _skip(self, what: re.Pattern[str]) -> str:
        found = what.match(self._source, self._at)
        self._at = found.end() if found else self._at + 1
        return found[0] if found else ""

    def _header(self) -> _Path:
        start, many = self._at, self._source.startswith("[[", self._at)
        self._at += 2 if many else 1
        name, *inner = self._key()
        self._at += 2 if many else 1
        if not inner and (many or name not in self._counts):
            self._counts[name] = self._counts.get(name, 0) + 1
        path: _Path = (name, self._counts.get(name, 1), *inner)
        self._note(path, start)
        return path

    def _pair(self, table: _Path) -> _Path:
        start = self._at
        path = (*table, *self._key())
        self._at += 1  # the equals sign
        self._note(path, start)
        self._value(path)
        return table

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip(_BLANKS)
            quoted = self._source[self._at : self._at + 1] in ('"', "'")
            said = self._skip(_STRING if quoted else _BARE)
            parts.append(tomllib.loads(f"k = {said}")["k"] if quoted else said)
            self._skip(_BLANKS)
            if self._source[self._at : self._at + 1] != ".":
                return parts
            self._at += 1

    def _value(self, path: _Path) -> None:
        self._skip(_BLANKS)
        first = self._source[self._at]
        if first in "\"'":
            self._skip(_STRING)
        elif first in "[{":
            self._several(path, "]" if first == "[" else "}")
        else:
            self._skip(_REST)

    def _several(self, path: _Path, end: str) -> None:
        self._at += 1
        self._skip(_BETWEEN)
        index = 0
        while self._source[self._at] != end:
            index += 1
            if end == "}":
                self._pair(path)
            else:
                self._note((*path, index), self._at)
                self._value((*path, index))
            self._skip(_BETWEEN)
            if self._source[self._at] == ",":
                self._at += 1
                self._skip(_BETWEEN)
        self._at += 1

    def _note(self, path: _Path, at: int) -> None:
        line = bisect_left(self._ends, at) + 1
        names = [part for part in path if isinstance(part, str)]
        index = path[1] if len(path) > 1 and isinstance(path[1], int) else 1
        self.found.setdefault(("", 1, names[0]), line)
        self.found.setdefault((names[0], index, names[1] if len(names) > 1 else ""), line)


class _Table:
    """One table of the file; every complaint of it names the file, the line and the key."""

    def __init__(
        self,
        file: str,
        lines: Mapping[tuple[str, int, str], int],
        values: Mapping[str, Any],
        known: str,
        name: str = "",
        index: int = 1,
    ) -> None:
        self._file, self._lines, self._values, self._name, self._index = file, lines, values, name, index
        for key in values:
            if key not in known.split():
                raise self.wrong(key, f"is not known here; known are: {', '.join(sorted(known.split()))}")

    def wrong(self, key: str | None, message: str) -> ConfigError:
        """A mistake in a key, or in the table (None)."""
        place = (self._name, self._index)
        line = self._lines.get((*place, key or "")) or self._lines.get((*place, ""))
        where = f"{self._file}:{line}" if line else self._file
        several = (self._name, 2) in {name[:2] for name in self._lines}
        table = self._name and f"{self._name}[{self._index}]." if several else self._name and f"{self._name}."
        said = "" if key is None else key if _BARE.fullmatch(key) else _shown(key)
        return ConfigError(message, subject=f"{where}: {table}{said}".removesuffix("."))

    def has(self, key: str) -> bool:
        return key in self._values

    def is_list(self, key: str) -> bool:
        return isinstance(self._values.get(key), list)

    def said(self, key: str, default: str | None = None) -> str:
        value = self._values.get(key, default)
        if not isinstance(value, str):
            raise self._not(key, value, "text in quotes")
        return self._read(key, value)

    def number(self, key: str, default: float | None = None, low: float = 0.0, high: float = 1e6) -> float:
        value = self._values.get(key, default)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self._not(key, value, "a number")
        if not low <= value <= high or math.isnan(value):
            raise self.wrong(key, f"is {_shown(value)}; it takes a number from {low:g} to {high:g}")
        return float(value)

    def count(self, key: str, default: int, low: int = 0, high: float = 1e6) -> int:
        value = self.number(key, default, low, high)
        if value != int(value):
            raise self._not(key, self._values.get(key), "a whole number")
        return int(value)

    def strings(self, key: str) -> tuple[str, ...]:
        values = self._values.get(key, [])
        if not isinstance(values, list) or not all(isinstance(one, str) and one.strip() for one in values):
            raise self.wrong(key, f"is {_shown(values)}; it takes a list of texts in quotes")
        return tuple(self._read(key, one) for one in values)

    def _read(self, key: str, value: str) -> str:
        """A text as it is compared: what nobody sees makes no other name, and is no phrase."""
        said = text.clean(value)
        if not any(c.isalnum() for c in said):
            raise self.wrong(key, f"has {_shown(value)}; it takes text in quotes, with a letter or a digit in it")
        if len(said) > _LONGEST:
            raise self.wrong(key, f"has a text of {len(said)} characters; it takes {_LONGEST} at most")
        return said

    def chosen(self, key: str, allowed: Iterable[str], default: Iterable[str]) -> frozenset[str]:
        if key not in self._values:
            return frozenset(default)
        values, among = self.strings(key), tuple(allowed)
        for value in values:
            if value not in among:
                raise self.wrong(key, f"has {value!r}; it takes some of: {', '.join(among)}")
        if not values:
            raise self.wrong(key, f"is empty; it takes some of: {', '.join(among)}")
        return frozenset(values)

    def day(self, key: str) -> date | None:
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self._not(key, value, "a day, like 2026-11-22 without quotes")
        return value

    def _not(self, key: str, value: Any, wanted: str) -> ConfigError:
        found = "is missing" if value is None else f"is {_shown(value)}"
        return self.wrong(key, f"{found}; it takes {wanted}")


def _shown(value: Any) -> str:
    """A value as a complaint shows it: on one line, and not all of it."""
    try:
        return text.shorten(repr(value), _SHOWN)
    except (ValueError, RecursionError):  # numbers of thousands of digits are not written out
        return "too large to be shown"


class _File:
    """The tables of a topic file."""

    def __init__(self, source: str, name: str) -> None:
        source = source.replace("\r\n", "\n")
        try:
            self._values = tomllib.loads(source)
            self._lines = _Lines(source).found
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"at line (\d+)", str(error))
            raise ConfigError(f"is not TOML: {error}", subject=f"{name}:{line[1]}" if line else name) from error
        except (RecursionError, ValueError) as error:  # ValueError: a number with thousands of digits
            said = "nested too deeply" if isinstance(error, RecursionError) else str(error).partition(";")[0]
            digits = re.search(r"\d{1000}", source)
            where = f"{name}:{source.count(chr(10), 0, digits.start()) + 1}" if digits else name
            raise ConfigError(f"is not TOML: {said}", subject=where) from error
        self._name = name

    def top(self, known: str) -> _Table:
        return _Table(self._name, self._lines, self._values, known)

    def table(self, key: str, known: str) -> _Table:
        values = self._values.get(key, {})
        if not isinstance(values, dict):
            raise self.top(" ".join(self._values)).wrong(key, f"is {_shown(values)}; it takes a table, [{key}]")
        return _Table(self._name, self._lines, values, known, key)

    def tables(self, key: str, known: str) -> Iterator[_Table]:
        rows = self._values.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self.top(" ".join(self._values)).wrong(key, f"is {_shown(rows)}; it takes tables, [[{key}]]")
        for index, row in enumerate(rows, 1):
            yield _Table(self._name, self._lines, row, known, key, index)


# ---------------------------------------------------------------- the file


def load(source: str, name: str) -> Topic:
    """The topic in a file's text. Raises ConfigError, whose subject is `name`, the line, and the key."""
    file = _File(source, name)
    top = file.top("name base core_density related_density sections levels places prior passing term consume sport")
    patterns = _Patterns()
    names: set[str] = set()
    for row in file.tables("consume", "rule phrases needs unless within"):
        phrases = row.strings("phrases")
        name = _named(row, names)
        patterns.add(Rule(name=name, kind=Kind.CONSUME, spelled=len(phrases), **_nearby(row)), phrases)
    names = set()
    for row in file.tables("term", _TERM_KEYS):
        rule = _rule(row, names)
        if not rule.spelled:
            raise row.wrong(None, "has neither phrases nor acronyms")
        patterns.add(rule, row.strings("phrases"), exactly=row.said("case", "any") == "exact")
        patterns.add(rule, row.strings("acronyms"), exactly=True, spelled=True)
    if not patterns.has_terms:
        raise ConfigError("has no [[term]] with phrases or acronyms", subject=f"{name}:1")
    sport = file.table("sport", "words sections least")
    patterns.add(Rule(name="sport", kind=Kind.SPORT), sport.strings("words"))
    passing = file.table("passing", "words aside within")
    patterns.add(Rule(name="passing", kind=Kind.PASSING), _gapped(passing, "words"), gaps=True)
    patterns.add(Rule(name="aside", kind=Kind.ASIDE), _gapped(passing, "aside"), gaps=True)
    places = file.table("places", " ".join((*PLACES, "first_paragraphs")))
    return Topic(
        name=top.said("name"),
        version=hashlib.sha256(f"{_JUDGE}\n{source}".encode()).hexdigest()[:12],
        base=_base(top, patterns.rules),
        levels=_levels(top, file.table("levels", " ".join(Levels.__dataclass_fields__))),
        places={place: places.number(place, _WORTH[place], 0, 100) for place in PLACES},
        first_paragraphs=places.count("first_paragraphs", 3),
        priors=tuple(_priors(top, file)),
        sport_sections=tuple(text.match_key(one) for one in sport.strings("sections")),
        sport_least=sport.count("least", 2, 1),
        passing_within=passing.count("within", 60, 0, _FAR),
        rules=tuple(patterns.rules),
        patterns=tuple(tuple(found) for found in patterns.by_key.values()),
        machine=ahocorasick_rs.AhoCorasick(list(patterns.by_key)),
    )


_TERM_KEYS = "rule weight phrases acronyms case needs unless within places decides from until"


def _gapped(row: _Table, key: str) -> tuple[str, ...]:
    """Phrases that may have a gap, between two parts."""
    found = row.strings(key)
    for one in found:
        if ("…" in one and not all(any(c.isalnum() for c in part) for part in one.split("…", 1))) or one.count("…") > 1:
            raise row.wrong(key, f"has {one!r}; a gap, …, stands once and between words")
    return found


def _named(row: _Table, names: set[str]) -> str:
    """A rule's name, which no other one has: what a flag is told to be by, and what scores are counted by."""
    name = row.said("rule")
    if name.casefold() in names:
        raise row.wrong("rule", f"is {name!r}, which another rule is named; give each its own name")
    names.add(name.casefold())
    return name


def _nearby(row: _Table) -> dict[str, Any]:
    """What must and must not stand near."""
    return {
        "needs": tuple(_both(row.strings("needs"))),
        "unless": tuple(_both(row.strings("unless"))),
        "within": row.count("within", 200, 1, _FAR),
        "anywhere": not row.has("within"),
    }


def _rule(row: _Table, names: set[str]) -> Rule:
    since, until = row.day("from"), row.day("until")
    if since and until and since > until:
        raise row.wrong("until", f"is {until}, before its `from`, {since}")
    if row.said("case", "any") not in ("any", "exact"):
        raise row.wrong("case", f"is {row.said('case')!r}; it takes any or exact")
    return Rule(
        name=_named(row, names),
        weight=row.number("weight", None, 0.001, 100),
        **_nearby(row),
        places=row.chosen("places", PLACES, PLACES),
        decides=row.chosen("decides", ("title", "lead"), ("title", "lead")),
        since=since,
        until=until,
        spelled=len(row.strings("phrases")) + len(row.strings("acronyms")),
    )


def _base(top: _Table, rules: Iterable[Rule]) -> frozenset[str]:
    names = {rule.name for rule in rules if rule.kind == Kind.TERM}
    base = top.strings("base") if top.is_list("base") else (top.said("base"),)
    if not base:
        raise top.wrong("base", "is empty; it takes the rule of a [[term]], or several")
    for one in base:
        if one not in names:
            raise top.wrong("base", f"names {one!r}, which is the rule of no [[term]]")
    return frozenset(base)


def _levels(top: _Table, table: _Table) -> Levels:
    """Densities may stand at the top, as they did in the first files."""

    def density(key: str, usual: float) -> float:
        return table.number(key) if table.has(key) else top.number(key, usual)

    for lower, upper in (("mention", "related"), ("related", "core"), ("mention", "core")):
        if table.has(lower) and table.has(upper) and table.number(lower) > table.number(upper):
            raise table.wrong(lower, f"is {table.number(lower):g}, above `{upper}`, {table.number(upper):g}")
    if density("related_density", 2.0) > (most := density("core_density", 4.0)):
        where = table if table.has("related_density") or table.has("core_density") else top
        raise where.wrong("related_density", f"is {density('related_density', 2.0):g}, above `core_density`, {most:g}")
    return Levels(
        core=table.number("core", 0.0),
        related=table.number("related", 0.0),
        mention=table.number("mention", 0.0),
        core_density=density("core_density", 4.0),
        related_density=density("related_density", 2.0),
        early=table.number("early", 0.0),
        core_rules=table.count("core_rules", 3, 1),
        paragraphs=table.count("paragraphs", 1, 1),
        named=table.count("named", 2),
        words=table.count("words", 1, 1),
    )


def _priors(top: _Table, file: _File) -> Iterator[Prior]:
    if sections := top.strings("sections"):
        keys = frozenset(map(text.match_key, sections))
        yield Prior(rule="section", sections=keys, outlets=frozenset(), adds=0.0, level=Level.RELATED)
    for row in file.tables("prior", "rule sections outlets adds level"):
        level = row.said("level") if row.has("level") else None
        if level is not None and level not in tuple(Level):
            raise row.wrong("level", f"is {level!r}; it takes {', '.join(Level)}")
        if not row.strings("sections") and not row.strings("outlets"):
            raise row.wrong(None, "has neither sections nor outlets")
        yield Prior(
            rule=row.said("rule"),
            sections=frozenset(map(text.match_key, row.strings("sections"))),
            outlets=frozenset(one.lower() for one in row.strings("outlets")),
            adds=row.number("adds", 0.0, -100, 100),
            level=Level(level) if level else None,
        )


# ---------------------------------------------------------------- phrases


_NEAR_BY = Pattern(rule=Rule(name="near", kind=Kind.NEAR))


class _Patterns:
    """The keys that are looked for, and what each stands for."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.by_key: dict[str, list[Pattern]] = {}

    @property
    def has_terms(self) -> bool:
        return any(one.rule.kind == Kind.TERM for found in self.by_key.values() for one in found)

    def add(
        self, rule: Rule, phrases: Iterable[str], *, exactly: bool = False, spelled: bool = False, gaps: bool = False
    ) -> None:
        """`spelled`: an abbreviation, which is written in one way, and has no marks to lose. `gaps`: `…` is some words."""
        if not self.rules or self.rules[-1] is not rule:
            self.rules.append(rule)
            for word in (*rule.needs, *rule.unless):
                self._add(word.key, _NEAR_BY)
        for phrase in phrases:
            key = text.scan_key(phrase)
            if spelled or exactly:
                self._add(key, Pattern(rule=rule, exact=text.fold_tones(phrase)))
                continue
            for said, plain in _unmarked_too(key):
                head, gap, tail = said.partition("…") if gaps else (said, "", "")
                then = re.compile(rf"(?:\s+\w+){{0,{_GAP}}}\s+{re.escape(tail.strip())}(?!\w)") if gap else None
                for spelling in _loosely(head.strip()) if rule.kind == Kind.CONSUME else _spellings(head.strip()):
                    self._add(spelling, Pattern(rule=rule, plain=plain, then=then))

    def _add(self, key: str, pattern: Pattern) -> None:
        found = self.by_key.setdefault(key, [])
        if not found or found[-1] is not pattern:
            found.append(pattern)


_DASH = re.compile(r"\s*-\s*")


def _spellings(key: str) -> set[str]:
    """A dash is written with and without blanks around it, in all four ways."""
    return {_DASH.sub(dash, key) for dash in ("-", " - ", "- ", " -")} if "-" in key else {key}


_GAP = 3  # words that may stand in a gap
_FEW = 5  # words of a name that are joined in every way
_UNDER = re.compile(r"\bu(?=\d\d\b)")  # U23, U-23, U 23


def _loosely(key: str) -> set[str]:
    """A name that takes its words away, as it is written by those who join its words: `ASEAN-Cup`, `ASEAN U-23`."""
    words = _DASH.sub(" ", key).split(" ")
    found = {key, " ".join(words), "-".join(words)}
    if len(words) <= _FEW:
        gaps = itertools.product(" -", repeat=len(words) - 1)
        found |= {"".join(map("".join, zip(words, (*gap, ""), strict=True))) for gap in gaps}
    for at in range(1, len(words)):
        found |= {" ".join(words[:at]) + dash + " ".join(words[at:]) for dash in ("-", " - ", "- ", " -")}
    found |= {_UNDER.sub(under, one) for one in found for under in ("u-", "u ")}
    return found | _spellings(key)


def _unmarked_too(key: str) -> list[tuple[str, bool]]:
    """(spelling, whether it is that without marks)."""
    plain = unmarked(key)
    return [(key, False), (plain, True)] if plain != key else [(key, False)]


def unmarked(key: str) -> str:
    """A key as it is typed without marks."""
    bare = "".join(c for c in unicodedata.normalize("NFD", key) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare).replace("đ", "d")


def _both(words: Iterable[str]) -> Iterator[Near]:
    """Words that are looked for nearby, as they are written with and without marks."""
    for word in words:
        yield from (Near(*spelling) for spelling in _unmarked_too(text.scan_key(word)))
