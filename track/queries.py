"""The language of searches, and what of a text a search found. Pure.

    hội nghị cấp cao      all of these words; where they stand side by side comes first
    "biển đông"           words side by side
    -cup -"asean cup"     without
    biển OR đảo           one of the two
    title: outlet: topic: level: after: before:      right before a word, a phrase or a day

A word typed without marks is found with any, and with đ for each d. A word typed with marks is found with these alone, whatever
the place of its tone mark (hoà, hòa) and the form of its letters. Nothing of a query is ever part of an expression of the
database: only words are, and those are letters and digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cache
from itertools import groupby, islice, product

import numpy as np

import text
from model import Field, InputError, Level, Query, Searched, Snippet, Term, Word

__all__ = ["FIELDS", "Matcher", "parse"]

FIELDS = ("title", "outlet", "topic", "level", "after", "before")
MOST_WORDS = 32
_SUBJECT_LENGTH = 60  # characters of a query that a message repeats

# ---------------------------------------------------------------- letters


def _bare_letter(letter: str) -> str:
    """A letter small and without marks; itself where that is not one letter."""
    if letter in "đĐðÐ":  # the last two are Eth, which looks like đ and is typed for it
        return "d"
    if letter in _SAME:
        return _SAME[letter]
    apart = unicodedata.normalize("NFD", letter)
    low = apart[0].lower()
    return low if len(low) == 1 and all(map(unicodedata.combining, apart[1:])) else letter


_TIE = "ʼ"  # an apostrophe that Unicode has for a letter, and so has the index: OʼNeil
_SAME = {_TIE: "'", "ς": "σ"}
# Latin, Greek, Cyrillic, Roman numbers and letters of full width: hardly a letter beyond has marks or a small form.
_LETTERS = ((0, 0x2000), (0x2100, 0x2D00), (0xA640, 0xA800), (0xFF21, 0xFF5B))
_SIGNS = 0x10000


@cache
def _table() -> np.ndarray:
    table = np.arange(_SIGNS, dtype=np.uint32)
    for first, last in _LETTERS:
        table[first:last] = [ord(_bare_letter(chr(code))) for code in range(first, last)]
    return table


def bare(said: str) -> str:
    """A text at the same length, in small letters without marks, đ as d."""
    if said.isascii():
        return said.lower()
    codes = np.frombuffer(said.encode("utf-32-le", "surrogatepass"), np.uint32)
    table = _table()
    if codes.max() < len(table):
        folded = table[codes]
    else:  # signs beyond the plane of all scripts in use
        folded = np.where(codes < len(table), table[np.minimum(codes, len(table) - 1)], codes).astype(np.uint32)
    return folded.tobytes().decode("utf-32-le", "surrogatepass")


_WORD = re.compile(r"[^\W_]+")
_LEFT_MARKS = re.compile("[\u0300-\u036f]+")  # that no letter takes up: the index drops them
_MOST_D = 3  # letters d of a word that may be đ


def _words(raw: str) -> tuple[Word, ...]:
    said = _LEFT_MARKS.sub("", text.scan_key(raw)).replace("İ", "i")
    ends = [0]
    found: list[Word] = []
    for one in _WORD.finditer(said):
        found.append(_word(one[0], is_tied=bool(found) and said[ends[-1] : one.start()] == "'"))
        ends.append(one.end())
    return tuple(found)


def _word(said: str, *, is_tied: bool = False) -> Word:
    plain = bare(said)
    with_d = [said]
    if said == plain:  # typed with marks đ is đ, and d is d
        places = [place for place, letter in enumerate(said) if letter == "d"][:_MOST_D]
        with_d = ["".join(some) for some in product(*("dđ" if place in places else letter for place, letter in enumerate(said)))]
    readings = dict.fromkeys([*with_d, *(one.replace("đ", "ð") for one in with_d)])
    return Word(said=said, bare=plain, readings=tuple(readings), is_tied=is_tied)


# ---------------------------------------------------------------- the language

_QUOTES = re.compile("[“”„‟″«»]")
_TOKEN = re.compile(r'\s*(?P<not>-(?=[^\s-]))?(?:(?P<key>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<word>[^\s"]*))')
_OPERATORS = {
    "AND": "is not needed: all words must be found; in quotation marks it is a word",
    "NOT": "is written as a minus: -word; in quotation marks it is a word",
    "NEAR": "is not understood; words in quotation marks must stand side by side",
}
_STAR = re.compile(r"\w\*|\*\w")


class _Parts:
    """A query while it is read."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.clauses: list[list[Term]] = []
        self.plain: list[bool] = []  # of each clause: it is a single word without quotation marks or a field
        self.terms: dict[str, list[Term]] = {"without": [], "outlets": [], "not_outlets": []}
        self.names: dict[str, list[str]] = {"topics": [], "not_topics": [], "levels": [], "not_levels": []}
        self.days: dict[str, tuple[datetime, str]] = {}
        self.or_next = False
        self.has_or = False


def parse(raw: str, zone: tzinfo) -> Query:
    """A query as a person types it; days are days of `zone`. Raises InputError, whose message says what is wrong."""
    said = _QUOTES.sub('"', text.clean(raw))
    try:
        return _parse(said, zone)
    except InputError as error:
        subject = text.shorten(said, _SUBJECT_LENGTH) or "the query"
        raise InputError(error.message, subject=subject, kind="query") from None


def _parse(said: str, zone: tzinfo) -> Query:
    parts, place = _Parts(zone), 0
    while place < len(said):
        token = _TOKEN.match(said, place)
        if token is None or token.end() == place:  # not seen: a token takes a blank, a quotation mark or a letter
            raise InputError("is not understood")
        place = token.end()
        _take(parts, token, said[place : place + 2])
    if parts.or_next:
        raise InputError("ends with OR; a word must follow")
    if parts.has_or and re.search(r"[()]", said):
        raise InputError("has brackets beside OR, which are not understood; a b OR c is a and one of b, c")
    return _whole(parts)


def _take(parts: _Parts, token: re.Match[str], behind: str) -> None:
    is_not, key, phrase, word = bool(token["not"]), token["key"], token["phrase"], token["word"] or ""
    if phrase is not None and not token["end"]:
        raise InputError("has a quotation mark without its partner")
    if key is not None and key.lower() not in FIELDS:
        if phrase is None and (word.startswith("//") or not word or not key.isascii()):  # an address, or a colon of prose
            key, word = None, f"{key}:{word}"
        else:
            raise InputError(f"{key}: is no field; fields are {', '.join(FIELDS)}. In quotation marks it is text")
    if phrase is None and key is None and not is_not:
        if word == "OR":
            if not parts.clauses or parts.or_next:
                raise InputError("has OR without a word before it; in quotation marks it is a word")
            parts.or_next = parts.has_or = True
            return
        name = word.partition("(")[0]
        if name in _OPERATORS and (name == "NEAR" or name == word):
            raise InputError(f"{name} {_OPERATORS[name]}")
    if phrase is None and _STAR.search(word):
        raise InputError("has a *, which is not understood: whole words are found")
    value = word if phrase is None else phrase
    if key is None:
        _take_words(parts, value, is_not=is_not, is_quoted=phrase is not None)
    else:
        _take_field(parts, key.lower(), value, is_not=is_not)


def _take_words(parts: _Parts, value: str, *, is_not: bool, is_quoted: bool, in_title: bool = False) -> None:
    words = _words(value)
    if not words:
        if is_quoted or in_title:
            raise InputError(f"{'title:' if in_title else 'a phrase'} has no letter and no digit")
        return  # a sign by itself
    term = Term(words=words, in_title=in_title)
    if is_not:
        if parts.or_next:
            raise InputError("has OR before a word with a minus, which is not understood")
        parts.terms["without"].append(term)
    elif parts.or_next:
        parts.clauses[-1].append(term)
        parts.plain[-1] = False
        parts.or_next = False
    else:
        parts.clauses.append([term])
        parts.plain.append(not is_quoted and not in_title)


def _take_field(parts: _Parts, key: str, value: str, *, is_not: bool) -> None:
    if not value.strip():
        raise InputError(f"{key}: must stand right before what it is about, like {key}:{_SAMPLES[key]}")
    if key == "title":
        _take_words(parts, value, is_not=is_not, is_quoted=True, in_title=True)
        return
    if parts.or_next:
        raise InputError(f"has OR before {key}:, which is not understood; write {key}: twice for one of two")
    names = ("not_" if is_not else "") + f"{key}s"
    if key == "outlet":
        words = _words(value)
        if not words:
            raise InputError("outlet: has no letter and no digit")
        parts.terms[names].append(Term(words=words))
    elif key == "topic":
        parts.names[names].append(value.strip())
    elif key == "level":
        levels = [str(level) for level in Level]
        if value.strip().lower() not in levels:
            raise InputError(f"level:{value} is no level; levels are {', '.join(levels)}")
        parts.names[names].append(value.strip().lower())
    elif is_not:
        raise InputError(f"-{key}: is not understood; there are after: and before:")
    elif key in parts.days:
        raise InputError(f"has {key}: twice")
    else:
        parts.days[key] = _day(key, value.strip(), parts.zone), value.strip()


_SAMPLES = {
    "title": "asean",
    "outlet": "vnexpress",
    "topic": "asean",
    "level": "core",
    "after": "2026-11-20",
    "before": "2026-11-20",
}
_DAY = re.compile(
    r"(?P<y>\d{4})(?:-(?P<m>\d{1,2})(?:-(?P<d>\d{1,2}))?)?|(?P<d2>\d{1,2})[/.-](?P<m2>\d{1,2})[/.-](?P<y2>\d{4})", re.A
)


def _day(key: str, value: str, zone: tzinfo) -> datetime:
    """The start of a day, a month or a year."""
    found = _DAY.fullmatch(value)
    try:
        if found is None:
            raise ValueError("no day")
        year, month, day = (found[name] or found[name + "2"] or 1 for name in ("y", "m", "d"))
        moment = datetime(int(year), int(month), int(day), tzinfo=zone)
        if not 1900 <= moment.year <= 9000:
            raise ValueError("no year of ours")
        return moment
    except ValueError:
        raise InputError(f"{key}:{value} is no day; write it like 2026-11-20, 20/11/2026, 2026-11 or 2026") from None


def _whole(parts: _Parts) -> Query:
    clauses = tuple(tuple(clause) for clause in parts.clauses)
    terms = [*(term for clause in clauses for term in clause), *(term for some in parts.terms.values() for term in some)]
    count = sum(len(term.words) for term in terms)
    if count > MOST_WORDS:
        raise InputError(f"has {count:,} words; a search takes {MOST_WORDS} at most")
    after, before = (parts.days[key][0] if key in parts.days else None for key in ("after", "before"))
    if after and before and after >= before:
        raise InputError(f"after:{parts.days['after'][1]} is not before before:{parts.days['before'][1]}")
    chooses = [clauses, parts.terms["outlets"], parts.names["topics"], parts.names["levels"], parts.days]
    if parts.terms["without"] and not any(chooses):
        raise InputError("says only what must not be found; a word to search for must stand beside it")
    if not clauses and not any([*parts.terms.values(), *parts.names.values(), parts.days]):
        raise InputError("holds nothing to search for: no letter and no digit")
    return Query(
        clauses=clauses,
        together=_together(clauses, parts.plain),
        without=tuple(parts.terms["without"]),
        outlets=tuple(parts.terms["outlets"]),
        not_outlets=tuple(parts.terms["not_outlets"]),
        topics=tuple(parts.names["topics"]),
        not_topics=tuple(parts.names["not_topics"]),
        levels=tuple(parts.names["levels"]),
        not_levels=tuple(parts.names["not_levels"]),
        after=after,
        before=before,
    )


def _together(clauses: Sequence[tuple[Term, ...]], plain: Sequence[bool]) -> tuple[tuple[Term, ...], ...]:
    """The clauses with each run of plain words as one term; empty where no two stand side by side."""
    found: list[tuple[Term, ...]] = []
    for is_plain, run in groupby(zip(clauses, plain, strict=True), key=lambda one: one[1]):
        members = [clause for clause, _ in run]
        if is_plain:
            found.append((Term(words=tuple(word for (term,) in members for word in term.words)),))
        else:
            found += members
    return tuple(found) if len(found) < len(clauses) else ()


# ---------------------------------------------------------------- what is found

_MOST_PLACES = 400  # places of one term in a field that are counted or shown
_WEIGHTS = {Field.TITLE: 8, Field.LEAD: 3, Field.TEXT: 1}
_SATURATION, _LENGTH_COUNTS = 1.2, 0.75  # k1 and b of BM25
_USUAL_LENGTH = 3_000  # characters of a text
_GAP, _EDGE = r"[\W_]+", r"(?![^\W_])"  # between two words, behind one: those are letters and digits, and need no escape

Span = tuple[int, int]


class Matcher:
    """One query, held against texts: do they have its words with their marks, and where."""

    def __init__(self, query: Query) -> None:
        self._query = query
        # The index drops marks and was asked for long phrases in parts; of all else it has said what there is to say.
        terms = [term for clause in (*query.clauses, *query.together) for term in clause]
        self._is_open = query.has_marks or any(term.is_long for term in terms)
        self._barred = [term for term in query.without if any(word.is_marked for word in term.words) or term.is_long]
        self._patterns = {term: _pattern(term) for term in [*terms, *query.without, *query.outlets, *query.not_outlets]}
        self._marked = {term: _marked_pattern(term) for term in self._patterns if all(word.is_marked for word in term.words)}

    def judge(self, searched: Searched, *, together: bool, vouched: bool) -> bool | None:
        """Whether a text has the words, each with just the marks that were typed; None: it has not, or with others than typed.

        `vouched`: the index says that it has all the letters, and none of those that it must not have.
        """
        if vouched and not self._is_open and not self._barred:
            return True
        fields = _Fields(searched, self._patterns)
        if not vouched and not self._is_of_outlet(fields):
            return None
        if any(self._verdict(fields, term) is not None for term in (self._barred if vouched else self._query.without)):
            return None
        exact = True
        for clause in self._clauses(together) if self._is_open or not vouched else ():
            verdicts = {self._verdict(fields, term) for term in clause}
            if True not in verdicts:
                exact = False
                if False not in verdicts:
                    return None
        return exact or not self._query.has_marks

    def _is_of_outlet(self, fields: _Fields) -> bool:
        query = self._query
        if query.outlets and not any(map(fields.is_of_outlet, query.outlets)):
            return False
        return not any(map(fields.is_of_outlet, query.not_outlets))

    def _verdict(self, fields: _Fields, term: Term) -> bool | None:
        if term in self._marked:  # looking for just this is three times faster
            return True if fields.have(self._marked[term], in_title=term.in_title) else None
        best = None
        for *_, is_exact in fields.places(term, most=None):  # of them the last may be the one that counts
            best = is_exact
            if best:
                break
        return best

    def _clauses(self, together: bool) -> tuple[tuple[Term, ...], ...]:
        return (together and self._query.together) or self._query.clauses

    def relevance(self, searched: Searched, *, together: bool) -> float:
        """How much of a text is about the words: how often each stands in it, as BM25F counts it with the constants of Lucene.

        Fields are weighed (title 8, lead 3, text 1); words are not, since each text has all of them.
        """
        fields = _Fields(searched, self._patterns)
        length = _LENGTH_COUNTS * (len(searched.lead) + len(searched.body)) / _USUAL_LENGTH + 1 - _LENGTH_COUNTS
        total = 0.0
        for clause in self._clauses(together):
            often = sum(fields.often(term, self._marked.get(term)) for term in clause)
            total += often / (often + _SATURATION * length)
        return total

    def show(self, searched: Searched, *, together: bool, width: int = 200) -> tuple[tuple[Span, ...], Snippet | None]:
        """What was found in the title, and the part of the text that shows most of it; None: there is no text."""
        clauses = self._clauses(together)
        fields = _Fields(searched, self._patterns)
        terms = [term for clause in clauses for term in clause]
        found: dict[Field, list[tuple[int, int, int]]] = {Field.TITLE: [], Field.LEAD: [], Field.TEXT: []}
        for number, term in enumerate(terms):
            for field, start, end, _ in fields.places(term):
                found[field].append((start, end, number))
        title = tuple(_merged((start, end) for start, end, _ in found[Field.TITLE]))
        return title, _best_window(searched, found, width)


class _Fields:
    """A text's fields, folded once."""

    def __init__(self, searched: Searched, patterns: Mapping[Term, re.Pattern[str]]) -> None:
        self._patterns = patterns
        self._said = {Field.TITLE: searched.title, Field.LEAD: searched.lead, Field.TEXT: searched.body}
        self._bare: dict[Field, str] = {}
        self._small: dict[Field, str] = {}
        self._outlet = searched.outlet

    def have(self, pattern: re.Pattern[str], *, in_title: bool) -> bool:
        """A pattern of small letters with their marks is found."""
        return any(_stands_in(pattern, self._lower(field)) for field in ((Field.TITLE,) if in_title else self._said))

    def often(self, term: Term, marked: re.Pattern[str] | None) -> int:
        """How often a term stands in the text, by the weights of its fields; `marked`: as in `have`."""
        pattern, folded = (marked, self._lower) if marked else (self._patterns[term], self._folded)
        fields = (Field.TITLE,) if term.in_title else _WEIGHTS
        return sum(_WEIGHTS[field] * sum(1 for _ in islice(_places(pattern, folded(field)), _MOST_PLACES)) for field in fields)

    def is_of_outlet(self, term: Term) -> bool:
        """The outlet has these words, with any marks."""
        return _stands_in(self._patterns[term], bare(self._outlet))

    def places(self, term: Term, most: int | None = _MOST_PLACES) -> Iterator[tuple[Field, int, int, bool]]:
        """Where a term stands: (field, start, end, with just these marks); not where a word has others than it was typed with."""
        pattern = self._patterns[term]
        for field in (Field.TITLE,) if term.in_title else self._said:
            folded = self._folded(field)
            for start, end in islice(_places(pattern, folded), most):
                likeness = _likeness(term.words, self._said[field][start:end])
                if likeness is not None:
                    yield field, start, end, likeness

    def _lower(self, field: Field) -> str:
        if field not in self._small:
            self._small[field] = self._said[field].lower().replace("ð", "đ").replace(_TIE, "'")
        return self._small[field]

    def _folded(self, field: Field) -> str:
        if field not in self._bare:
            self._bare[field] = bare(self._said[field])
        return self._bare[field]


# Patterns begin with a letter that is known, so that the engine skips ahead; the edge before it is looked at by the caller.
def _pattern(term: Term) -> re.Pattern[str]:
    return re.compile(_GAP.join(word.bare for word in term.words) + _EDGE)


def _marked_pattern(term: Term) -> re.Pattern[str]:
    spelled = (text.tone_spellings(word.said) for word in term.words)
    return re.compile(_GAP.join(some[0] if len(some) == 1 else f"(?:{'|'.join(some)})" for some in spelled) + _EDGE)


def _places(pattern: re.Pattern[str], said: str) -> Iterator[Span]:
    return (found.span() for found in pattern.finditer(said) if not found.start() or not said[found.start() - 1].isalnum())


def _stands_in(pattern: re.Pattern[str], said: str) -> bool:
    return any(True for _ in _places(pattern, said))


def _likeness(words: Sequence[Word], said: str) -> bool | None:
    """Whether the words stand in a text with just these marks; None: one that was typed with marks has others."""
    if said.isascii() and not any(word.is_marked for word in words):
        return True
    there = _WORD.findall(text.scan_key(said))
    if len(there) != len(words):  # a letter of a script whose small form is longer
        return False
    if any(word.is_marked and word.said != one for word, one in zip(words, there, strict=True)):
        return None
    return all(word.said == one for word, one in zip(words, there, strict=True))


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans in order, those that touch as one."""
    last: Span | None = None
    for start, end in sorted(spans):
        if last and start <= last[1]:
            last = last[0], max(last[1], end)
        else:
            if last:
                yield last
            last = start, end
    if last:
        yield last


def _best_window(searched: Searched, found: dict[Field, list[tuple[int, int, int]]], width: int) -> Snippet | None:
    """Of the windows that begin where something was found, the one with most different terms, then with most of them."""
    fields = {Field.LEAD: searched.lead, Field.TEXT: searched.body}
    best: tuple[int, int] = (0, 0)
    chosen: tuple[Field, int, int] | None = None
    for field in fields:
        places = sorted(found[field])
        last = 0  # places[first:last] end inside the window
        for first, (start, end, _) in enumerate(places):
            last = max(last, first + 1)
            while last < len(places) and places[last][1] <= start + width:
                last += 1
            inside = places[first:last]
            worth = len({number for *_, number in inside}), len(inside)
            if worth > best:
                best, chosen = worth, (field, start, max(end, inside[-1][1]))
    if chosen is None:
        field = Field.LEAD if searched.lead else Field.TEXT
        return _cut(field, fields[field], 0, 0, (), width) if fields[field] else None
    field, start, end = chosen
    return _cut(field, fields[field], start, end, [(s, e) for s, e, _ in found[field]], width)


def _cut(field: Field, said: str, start: int, end: int, spans: Iterable[Span], width: int) -> Snippet:
    """`width` characters around [start, end), from word to word."""
    room = max(0, width - (end - start))
    low = max(0, start - min(room // 3, start))
    high = min(len(said), low + max(width, end - low))
    low = max(0, min(low, high - width))
    if low and said[low - 1].isalnum() and said[low].isalnum():  # within a word: begin with the next
        low = next((n + 1 for n in range(low, start) if said[n].isspace()), start)
    if high < len(said) and said[high].isalnum() and said[high - 1].isalnum():
        high = next((n for n in range(high - 1, end - 1, -1) if said[n].isspace()), end)
    while low < start and said[low].isspace():
        low += 1
    while high > end and said[high - 1].isspace():
        high -= 1
    inside = tuple(_merged((max(s, low) - low, min(e, high) - low) for s, e in spans if s < high and e > low))
    shown = re.sub(r"\s", " ", said[low:high])
    return Snippet(field=field, start=low, text=shown, spans=inside, is_cut=(low > 0, high < len(said)))
