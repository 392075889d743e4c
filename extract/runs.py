"""Where the article stands among the lines of a page that nothing is known of: by the shapes of the lines alone.

A page is furniture (menus, lists of other articles, forms, notices) around one run of prose. Every line weighs for or against
being prose, more so between prose; the run is the stretch of lines with the largest sum, trimmed at its edges. Its title stands
above it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from extract import phrases
from extract.shapes import Line, Mark

PROSE_WORDS = 10  # with a stop: a sentence
LONG_WORDS = 28  # without one: a paragraph that ends in a link or a quote
_MOST = 40  # words that a paragraph counts, at most
_NEAR = 2  # lines on each side that say what stands around a line
_ENOUGH = 60  # words of prose above it make a border one
_BELOW = 0.3  # how much prose weighs below a border
_ALONE = 0.2  # how much prose weighs that has none around it
_BEGINS = 15.0  # a date stands shortly above: articles begin so
_NEAR_AUTHOR = 10  # lines between an author's name and the note about the author
_EARLY = 5  # lines of the run among which its date may stand
_WEIGHTS = {
    "short": -2.0,
    "titled": -4.0,  # a title's length without a stop: most likely another article's
    "twin": -4.0,
    "repeated": -4.0,
    "again": -2.0,  # a sentence that recurs on the site: the article's where the article goes on below it
    "label": -10.0,
    "border": -300.0,
    "notice": -20.0,
    "control": -3.0,
    "credit": -1.0,
    "dated": -12.0,  # above each article of a list, and each comment
    "silent": 0.0,
    "sentence": 4.0,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """The article's place: its title's line, the first and the last + 1 of its text, and what of it is not text."""

    title: int | None
    start: int
    end: int
    kinds: Sequence[str]  # of every line of the dump
    out: frozenset[int]
    captions: frozenset[int]


def find(lines: Sequence[Line], repeated: Collection[str] = ()) -> Run | None:
    """The article among the lines; None where there is no prose."""
    kinds = [_kind(line, repeated) for line in lines]
    if kinds.count("again") > kinds.count("prose"):  # another dump of the same article, not furniture
        kinds = [_kind(line, frozenset()) for line in lines]
    _mark_comments(lines, kinds)
    _mark_twins(lines, kinds)
    weights = _weights(lines, kinds)
    start, end = _largest(weights, _begins(kinds))
    if start == end:
        return None
    end = _before_author(lines, kinds, start, end)
    title = _title(lines, kinds, start, end)
    inside = dict(_inside(lines, kinds, start, end))
    return Run(
        title=title,
        start=start,
        end=end,
        kinds=kinds,
        out=frozenset(n for n, caption in inside.items() if not caption),
        captions=frozenset(n for n, caption in inside.items() if caption),
    )


# ---------------------------------------------------------------- one line

_NAMED = 12  # words; labels have no more
_TOLD = 80  # words; notices have no more
_CREDIT = 120  # characters at a line's end in which its credit stands
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d[\d.,]*")
_DATED = re.compile(
    r"(?<!\d)\d{1,2}\D{1,15}(?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d\D{1,3}\d{1,2}\D{1,3}\d{1,2}(?!\d)|(?<!\d)\d{1,2}:\d\d(?!\d)"
    r"|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)"
    r"|\b\d{1,3} ?(?:hours?|hrs?|h|min|mins|minutes?|days?|weeks?|months?|years?) ago\b",
    re.IGNORECASE,
)


def _kind(line: Line, repeated: Collection[str]) -> str:
    kind = _kind_alone(line)
    if repeated and kind not in ("border", "label", "silent") and phrases.key(line.text) in repeated:
        return "again" if kind in ("prose", "sentence") else "repeated"
    return kind


def _kind_alone(line: Line) -> str:
    known = phrases.load()
    if line.mark is Mark.PICTURE or not line.words:
        return "silent"
    folded = "" if line.words > _TOLD else line.text.casefold() if line.words > _NAMED else phrases.key(line.text)
    if line.words <= 8:
        key = _NUMBER.sub("#", folded).strip("[] ") if _DIGIT.search(folded) else folded
        if key in known.borders:
            return "border"
        if key in known.controls or key in known.drop:
            return "control"
        if key in known.labels or key in known.cut or key in known.boxes:
            return "label"
    if line.words <= _NAMED and not line.stopped and known.label_openings.match(folded):
        return "label"
    if (line.words > 2 or "©" in folded) and _is_notice(folded):
        return "notice"
    if folded and line.words <= 40 and _is_credit(folded):
        return "credit"
    if line.words <= 16 and not line.stopped and _DIGIT.search(line.text) and _DATED.search(line.text):
        return "dated"
    if line.linked > 0.6 and line.words < LONG_WORDS:
        return "titled"
    if line.stopped and not line.text.endswith(("...", "…")):
        if line.words >= PROSE_WORDS:
            return "prose"
        if line.words >= 4:
            return "sentence"
    if line.words >= LONG_WORDS:
        return "titled" if _is_listing(line.text) else "prose"
    return "titled" if line.words > 4 else "short"


def _is_notice(folded: str) -> bool:
    for first, wanted in phrases.load().notices.items():
        if first in folded and any(all(word in folded for word in others) for others in wanted):
            return True
    return False


_SIGNS = 6  # brackets and strokes of a credit


def _is_credit(folded: str) -> bool:
    known, end = phrases.load(), folded[-_CREDIT:]
    if known.credits.match(folded):
        return True
    signs = end.count("(") + end.count("/") + end.count("|")
    return (end.endswith((")", ").")) or signs > 0) and signs <= _SIGNS and bool(known.agencies.search(end))


_COMMENTS = 3
_ARTICLE = 150  # words of prose above the first of them


def _mark_comments(lines: Sequence[Line], kinds: list[str]) -> None:
    """A name, a time, a few sentences, and again, and again, below a text: the words of readers."""
    said, begin = 0, []
    for n, kind in enumerate(kinds):
        said += lines[n].words if kind == "prose" else 0
        if (
            said >= _ARTICLE
            and kind == "short"
            and kinds[n + 1 : n + 2] == ["dated"]
            and kinds[n + 2 : n + 3] in (["prose"], ["sentence"])
        ):
            begin.append(n)
    if len(begin) >= _COMMENTS:
        kinds[begin[0]] = "border"


def _mark_twins(lines: Sequence[Line], kinds: list[str]) -> None:
    """A title said twice, a line or so apart, is another article's, and the sentence below it its teaser."""
    for n, line in enumerate(lines):
        if kinds[n] != "titled":
            continue
        twin = next((m for m in range(n + 1, min(n + 4, len(lines))) if lines[m].text == line.text), None)
        if twin is not None:
            kinds[n] = kinds[twin] = "twin"
            if twin + 1 < len(lines) and kinds[twin + 1] == "prose" and lines[twin + 1].words <= _MOST:
                kinds[twin + 1] = "twin"


_PAUSE = re.compile(r"[,;:.!?，、；：。]")


def _is_listing(said: str) -> bool:
    """Names one after the other, as a menu on one line has them: capitals without a pause."""
    words = said.split()
    return len(_PAUSE.findall(said)) * 15 < len(words) and sum(word[0].isupper() for word in words) * 2 > len(words)


def _weights(lines: Sequence[Line], kinds: Sequence[str]) -> list[float]:
    """Each line's weight; prose weighs by how much of what stands around it is prose."""
    prose = [kind == "prose" for kind in kinds]
    weights = []
    above, below = 0, False
    for n, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        if kind == "prose":
            around = prose[max(0, n - _NEAR) : n + _NEAR + 1]
            weight = min(line.words, _MOST) * (_ALONE + (1 - _ALONE) * sum(around) / len(around))
            weights.append(weight * _BELOW if below else weight)
            above += line.words
        else:
            early = kind == "border" and above < _ENOUGH  # a counter of comments above the text
            weights.append(_WEIGHTS["label" if early else kind])
            below = below or (kind == "border" and not early)
    return weights


def _begins(kinds: Sequence[str]) -> list[bool]:
    """For each line, whether a date or a clock stands on a short line close above it."""
    last, begins = -100, []
    for n, kind in enumerate(kinds):
        begins.append(n - last <= 12)
        if kind == "dated":
            last = n
    return begins


def _largest(weights: Sequence[float], begins: Sequence[bool]) -> tuple[int, int]:
    """The stretch with the largest sum: (first, last + 1), or (0, 0) where nothing weighs for the text."""
    best, best_start, best_end = 0.0, 0, 0
    here, start = 0.0, 0
    for n, weight in enumerate(weights):
        fresh = _BEGINS if begins[n] and weight > 2 else 0.0
        if here <= fresh:
            here, start = fresh, n
        here += weight
        if here > best and weight > 0:
            best, best_start, best_end = here, start, n + 1
    return best_start, best_end


# ---------------------------------------------------------------- inside


def _inside(lines: Sequence[Line], kinds: Sequence[str], start: int, end: int) -> Iterator[tuple[int, bool]]:
    """The lines inside the run that are none of the text, and whether they are captions.

    Notices, controls, lists of other titles below their label. What the phrases know to end an article is left to them.
    """
    listed = False
    said = Counter(line.text for line in lines)
    for n in range(start, end):
        kind = kinds[n]
        if kind == "prose" and said[lines[n].text] > 1 and "credit" in kinds[n + 1 : n + 4]:
            yield n, True
            continue
        if kind in ("prose", "sentence", "again"):
            listed = False
        elif kind == "label":
            if _is_cut(lines[n]):
                continue
            listed = True
        if kind == "credit" or (kind == "titled" and n + 1 < end and kinds[n + 1] == "credit" and not listed):
            yield n, True
        elif kind == "dated" and n < start + _EARLY and not listed:
            continue
        elif kind in ("notice", "control", "label", "border", "dated", "twin", "repeated") or listed or _opens_as_label(lines[n]):
            yield n, False


def _before_author(lines: Sequence[Line], kinds: Sequence[str], start: int, end: int) -> int:
    """The run's end without the note about its author: a name alone, then sentences that take it up."""
    last = next((n for n in range(end - 1, start, -1) if kinds[n] == "prose"), start)
    name = next((n for n in range(last - 1, max(start, last - _NEAR_AUTHOR), -1) if kinds[n] == "short"), None)
    if name is None or any(kind == "prose" for kind in kinds[name:last]):
        return end
    words = _contents(lines[name].text)
    if not words or words[0] not in _contents(lines[last].text)[:4]:
        return end
    return next((n + 1 for n in range(name, start, -1) if kinds[n] in ("prose", "sentence")), end)


def _is_cut(line: Line) -> bool:
    known, key = phrases.load(), phrases.key(line.text)
    return key in known.cut and key not in known.labels | known.controls | known.borders


def _opens_as_label(line: Line) -> bool:
    """`Read more: <title>`, `Related: <title>`."""
    if line.words > 40:
        return False
    head, colon, _ = line.text.replace("：", ":").partition(":")
    return (
        bool(colon)
        and len(head) < 40
        and phrases.key(head.strip("[( "))
        in phrases.load().labels | phrases.load().boxes | {"read more", "more", "watch", "see more"}
    )


# ---------------------------------------------------------------- title

_ABOVE = 40  # lines above the text among which its title may stand
_DATE_BELOW = 4  # lines below a title among which its date stands
_LED = 5_000  # characters of the text that a title's words are looked for in
_UNSPACED_PAIR = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+)")
_CONTENT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2}|[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{3,}")


def _contents(said: str) -> list[str]:
    """The words of three letters or more; of a script without blanks, pairs of letters."""
    return _CONTENT.findall(said.casefold())


def _title(lines: Sequence[Line], kinds: Sequence[str], start: int, end: int) -> int | None:
    """The line above the text whose words the text takes up."""
    whole = " ".join(line.text for line in lines[start : min(end, start + 60)])[:_LED]
    said = {*_contents(whole), *_contents(_UNSPACED_PAIR.sub(r" \1", whole))}
    listed = False
    worth: dict[int, float] = {}
    for n in range(max(0, start - _ABOVE), start):
        listed = kinds[n] == "label" or (listed and kinds[n] in ("titled", "twin", "short"))
        if kinds[n] in _TITLES and 2 <= lines[n].words <= 45 and lines[n].mark is not Mark.ROW:
            worth[n] = _worth(lines, kinds, n, said) - 3 * listed - 2 * (kinds[n] in ("repeated", "again")) + (n - start) / 20
    best = max(worth, key=lambda n: worth[n], default=None)
    if best is None or worth[best] < 1.5:
        return None
    # What stands directly below a title and takes it up as well is its second line.
    return next((n for n in (best - 2, best - 1) if worth.get(n, 0) >= 0.75 * worth[best]), best)


_TITLES = ("titled", "twin", "short", "prose", "sentence", "repeated", "again")


def _worth(lines: Sequence[Line], kinds: Sequence[str], n: int, said: set[str]) -> float:
    line = lines[n]
    words = _contents(line.text)
    share = sum(word in said for word in words) / len(words) if words else 0.0
    worth = share * min(len(words), 8) + {Mark.TITLE: 8, Mark.HEADING: 2}.get(line.mark, 0)
    worth -= 3 if line.text.endswith((".", "。")) else 0
    return worth + (2 if "dated" in kinds[n + 1 : n + 1 + _DATE_BELOW] else 0)
