"""What kind of edit turned one version of an article into the next, how much it matters, and what shows it. Pure.

Each place where words differ is judged by itself: numbers and dates, then names, then whether it was only spelled otherwise, then
whether it stands in quotation marks; what is left was reworded. Doubt is for telling: bán and bạn are two words, and no typo.

The score is 0 to 1. Each kind that was found has a weight; those from `MATERIAL` on are taken together as independent reasons to
tell (1 less the product of what each leaves), the others never add up to one.

    correction  0.95
    headline    0.6, to 0.9 where no word of it stayed
    number      0.7
    name        0.65 in another's place, 0.5 where one only came or went
    quote       0.6
    removed     0.5 and more by its words: 0.61 for 20, 0.86 for 100
    added       0.45 and more by its words: 0.57 for 20, 0.84 for 100
    reworded    0.43 and more by the words that carry meaning; 0.6 with one that turns it (không, tăng; xuống for lên; a question
                mark); 0.15 to 0.35 without any
    moved       0.15
    typo        0.1
    cosmetic    0.05

In the lead each of them leaves a fifth less.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import exp

import text
from model import Article, BlockKind, Diff, DiffLine, Edit, EditKind, EditProof, LineKind, Op, Piece
from track import vocabulary
from track.sentences import count, words
from track.spelling import is_typo

__all__ = ["MATERIAL", "classify"]

MATERIAL = 0.4  # score from which an edit is worth telling by itself
_PROOFS = 8  # that an edit keeps
_PROOF = 200  # code points of each side of a proof

_WEIGHTS = {EditKind.CORRECTION: 0.95, EditKind.NUMBER: 0.7, EditKind.QUOTE: 0.6, EditKind.TYPO: 0.1, EditKind.MOVED: 0.15}
_COSMETIC = 0.05
_NAMED, _NAME_MORE = 0.65, 0.5
_TURNED = 0.6
_LEAD = 0.8  # what a weight leaves is multiplied by this in the lead
_LONG = 80  # words of sentences that come or go
_PLACES = 1_000  # that are judged one by one; so many were not edited by hand, and the rest counts as turned


def classify(diff: Diff, old: Article, new: Article) -> Edit:
    """The edit that `diff` shows. Total: what shows nothing is cosmetic, with a score of 0."""
    found = list(_findings(diff, old, new))
    kinds = sorted({one.kind for one in found}, key=list(EditKind).index)
    if len(kinds) > 1 and EditKind.COSMETIC in kinds:
        kinds.remove(EditKind.COSMETIC)
    score = round(_score(found, kinds), 3)
    proofs = [EditProof(kind=one.kind, before=_short(one.before), after=_short(one.after)) for one in found if one.kind in kinds]
    return Edit(
        kinds=tuple(kinds) or (EditKind.COSMETIC,),
        score=score,
        material=score >= MATERIAL,
        changed=diff.changed,
        proofs=_chosen(proofs, kinds),
    )


def _short(said: str) -> str:
    return text.shorten(said.strip(), _PROOF)


def _chosen(proofs: list[EditProof], kinds: Sequence[EditKind]) -> tuple[EditProof, ...]:
    """One of each kind, then more of the most material."""
    by_kind = {kind: list(dict.fromkeys(one for one in proofs if one.kind is kind)) for kind in kinds}
    more = max(0, _PROOFS - len(kinds))
    chosen = []
    for kind in kinds:
        chosen += by_kind[kind][: 1 + more]
        more -= len(by_kind[kind][1 : 1 + more])
    return tuple(chosen)


# ---------------------------------------------------------------- what was found


@dataclass(frozen=True, kw_only=True, slots=True)
class _Finding:
    """One place and what it is, with what its kind is weighed by."""

    kind: EditKind
    before: str
    after: str
    words: int = 0  # those that count for the weight
    share: float = 0.0  # of a headline: words that did not stay
    turned: bool = False  # of a name: another stands in its place; of words: one of those that turn a meaning
    lead: bool = False


def _findings(diff: Diff, old: Article, new: Article) -> Iterator[_Finding]:
    known = _Names.of(old, new)
    yield from _of_title(diff, old, new, known)
    lead = _lead(diff, new)
    quoted_old, quoted_new = _quoted(diff.lines, "old"), _quoted(diff.lines, "new")
    left = _PLACES
    for number, line in enumerate(diff.lines):
        if line.kind is LineKind.SAME or line.kind is LineKind.MOVED_FROM:
            continue
        if all(_is_furniture(said) for said in (_before(diff, line), line.new) if said):
            yield _Finding(kind=EditKind.COSMETIC, before=_before(diff, line), after=line.new or "")
            continue
        if line.kind in (LineKind.ADDED, LineKind.REMOVED):
            yield from _of_whole(line, number < lead)
            continue
        if line.kind is LineKind.MOVED_TO and line.block is not BlockKind.CAPTION:
            before = _before(diff, line)
            yield _Finding(kind=EditKind.MOVED, before=before, after=line.new or "", lead=number < lead)
        if left > 0:
            left -= sum(piece.op is not Op.SAME for piece in line.pieces)
            yield from _of_changed(diff, number, quoted_old, quoted_new, known, number < lead)
        else:
            yield _rest(line.pieces, _before(diff, line), line.new or "", number < lead)


def _lead(diff: Diff, new: Article) -> int:
    """How many lines belong to the lead."""
    if not new.has_lead:
        return 0
    starts = [number for number, line in enumerate(diff.lines) if line.starts and line.block is not BlockKind.CAPTION]
    return starts[1] if len(starts) > 1 else len(diff.lines)


def _before(diff: Diff, line: DiffLine) -> str:
    """A line as it was, wherever it stood."""
    return (line.old if line.pair is None else diff.lines[line.pair].old) or ""


def _of_title(diff: Diff, old: Article, new: Article, known: _Names) -> Iterator[_Finding]:
    before, after = text.clean(old.title or ""), text.clean(new.title or "")
    found = list(_of_pieces(_Place.of(diff.title, before, after, [], []), known, True))
    if _tells_correction(after) != _tells_correction(before):
        yield _Finding(kind=EditKind.CORRECTION, before=before, after=after, lead=True)
    if any(one.kind not in (EditKind.TYPO, EditKind.COSMETIC) for one in found):
        stayed = sum(len(text.words(piece.text)) for piece in diff.title if piece.op is Op.SAME)
        share = 1 - 2 * stayed / max(1, len(text.words(before)) + len(text.words(after)))
        yield _Finding(kind=EditKind.HEADLINE, before=before, after=after, share=share)
    yield from (one for one in found if one.kind is not EditKind.REWORDED and one.kind is not EditKind.QUOTE)


def _of_whole(line: DiffLine, lead: bool) -> Iterator[_Finding]:
    """A sentence that came or went. Captions come and go with their pictures."""
    before, after = line.old or "", line.new or ""
    count = len(text.words(before + after))
    if line.block is BlockKind.CAPTION:
        return
    if not count:
        yield _Finding(kind=EditKind.COSMETIC, before=before, after=after)
    elif _tells_correction(before + after):
        yield _Finding(kind=EditKind.CORRECTION, before=before, after=after, lead=lead)
    else:
        kind = EditKind.ADDED if line.kind is LineKind.ADDED else EditKind.REMOVED
        yield _Finding(kind=kind, before=before, after=after, words=count, lead=lead)


# Lines that sites count and date by themselves: Cập nhật lúc 10:30 ngày 5/3; 1.234 lượt xem.
_FURNITURE = re.compile(
    r"\W*(?:(?:tin |last )?(?:cập nhật|updated)(?!\W*[\d.,]+\W*\Z)"
    r"(?:[\W\d]|(?<=\d)[hg]|\b(?:lúc|ngày|giờ|phút|at|on|ict|gmt|am|pm|mới nhất)\b)*"
    r"|[\d.,]*k?\W*(?:lượt (?:xem|đọc)|views?)\W*[\d.,]*k?\W*)",
    re.IGNORECASE,
)
_FURNITURE_LONG = 80  # characters at most


def _is_furniture(said: str) -> bool:
    return len(said) <= _FURNITURE_LONG and _FURNITURE.fullmatch(text.plain_key(said)) is not None


_Spans = list[tuple[int, int]]


def _of_changed(
    diff: Diff, number: int, quoted_old: list[_Spans], quoted_new: list[_Spans], known: _Names, lead: bool
) -> Iterator[_Finding]:
    line = diff.lines[number]
    before, after = _before(diff, line), line.new or ""
    if _tells_correction(before) != _tells_correction(after):
        yield _Finding(kind=EditKind.CORRECTION, before=before, after=after, lead=lead)
    at = number if line.pair is None else line.pair
    yield from _of_pieces(_Place.of(line.pieces, before, after, quoted_old[at], quoted_new[number]), known, lead)


# ---------------------------------------------------------------- one sentence


@dataclass(frozen=True, slots=True)
class _Side:
    """A sentence of one version: its words as they are compared, where they stand, and which stand in quotation marks."""

    said: str
    spans: _Spans
    keys: list[str]
    quoted: list[bool]

    @classmethod
    def of(cls, said: str, quotes: _Spans) -> _Side:
        found = words(said)
        inside = [False] * len(found.spans)
        word = 0
        for start, end in quotes:
            word = bisect_left(found.spans, (start, start), word)  # a word never lies on the mark that begins a quotation
            while word < len(inside) and found.spans[word][0] < end:
                inside[word] = True
                word += 1
        return cls(said, found.spans, found.keys, inside)

    def shown(self, part: range) -> str:
        return self.said[self.spans[part.start][0] : self.spans[part.stop - 1][1]] if part else ""


@dataclass(frozen=True, slots=True)
class _Place:
    """The two sides of a sentence, and where they differ."""

    old: _Side
    new: _Side
    changes: list[tuple[range, range]]
    rest: Sequence[Piece] = ()  # what comes after so many changes that they are not looked at one by one

    @classmethod
    def of(cls, pieces: Sequence[Piece], before: str, after: str, quoted_old: _Spans, quoted_new: _Spans) -> _Place:
        changes: list[tuple[range, range]] = []
        i = j = from_i = from_j = 0
        rest: Sequence[Piece] = ()
        for number, piece in enumerate([*pieces, Piece(op=Op.SAME, text="")]):
            length = len(words(piece.text).keys)
            if piece.op is Op.SAME and (i > from_i or j > from_j):
                changes.append((range(from_i, i), range(from_j, j)))
                if len(changes) == _PLACES:
                    rest = [one for one in pieces[number:] if one.op is not Op.SAME]
                    break
            i += length * (piece.op is not Op.INSERT)
            j += length * (piece.op is not Op.DELETE)
            if piece.op is Op.SAME:
                from_i, from_j = i, j
        return cls(_Side.of(before, quoted_old), _Side.of(after, quoted_new), changes, rest)


def _of_pieces(place: _Place, known: _Names, lead: bool) -> Iterator[_Finding]:
    """What each change of a sentence is."""
    sides = (place.old, place.new)
    names = [known.spans(side) for side in sides]
    dates = [list(_phrases(side.keys, _DATES)) for side in sides]
    for parts in place.changes:
        yield from _of_change(sides, parts, names, dates, lead)
    if place.rest:
        yield _rest(place.rest, place.old.said, place.new.said, lead)


def _rest(pieces: Sequence[Piece], before: str, after: str, lead: bool) -> _Finding:
    """What was changed where too much was for each place to be looked at: told, since nobody knows."""
    changed = sum(count(piece.text) for piece in pieces if piece.op is not Op.SAME)
    return _Finding(kind=EditKind.REWORDED, before=before, after=after, words=changed, turned=True, lead=lead)


def _of_change(
    sides: tuple[_Side, _Side], parts: tuple[range, range], names: list[_Spans], dates: list[_Spans], lead: bool
) -> Iterator[_Finding]:
    said = [
        [word for word in side.keys[part.start : part.stop] if word[0].isalnum()] for side, part in zip(sides, parts, strict=True)
    ]
    shown = [side.shown(part) for side, part in zip(sides, parts, strict=True)]

    def finding(kind: EditKind, wide: list[_Spans] | None = None) -> _Finding:
        before, after = shown if wide is None else _widened(sides, parts, wide)
        return _Finding(kind=kind, before=before, after=after, lead=lead)

    is_signed = _signs(sides[0], parts[0]) != _signs(sides[1], parts[1]) or _is_cut_otherwise(said)
    is_asked = _asks(sides[0], parts[0]) != _asks(sides[1], parts[1])
    if _written(said[0]) == _written(said[1]) and not is_signed:
        if is_asked:
            yield replace(finding(EditKind.REWORDED), turned=True)
        else:
            yield finding(EditKind.COSMETIC)
        return
    is_number = is_signed or _is_number(sides, parts, dates)
    touched = [_touched(side, part, spans) for side, part, spans in zip(sides, parts, names, strict=True)]
    is_name = touched[0] != touched[1]
    if is_number:
        yield finding(EditKind.NUMBER, dates)
    if is_name:
        yield replace(finding(EditKind.NAME, names), turned=bool(touched[0] and touched[1]))
    if not (is_number or is_name or is_asked) and (is_typo(*said) or _is_doubled(sides, parts)):
        yield finding(EditKind.TYPO)
        return
    if any(side.quoted[i] for side, part in zip(sides, parts, strict=True) for i in part if side.keys[i][0].isalnum()):
        yield finding(EditKind.QUOTE)
        return
    rest = [_unnamed(side, part, spans, is_number) for side, part, spans in zip(sides, parts, names, strict=True)]
    telling = _telling(rest)
    if telling or is_asked or not (is_number or is_name):
        yield replace(finding(EditKind.REWORDED), words=telling, turned=is_asked or _turns(*map(_lowered, said)))


def _asks(side: _Side, part: range) -> bool:
    return "?" in side.keys[part.start : part.stop]


def _turns(before: list[str], after: list[str]) -> bool:
    """Whether a word that turns the meaning came or went, or one stands in the place of its opposite."""
    gone, came = set(before).difference(after), set(after).difference(before)
    if vocabulary.TURNING & (gone | came):
        return True
    return any(came & vocabulary.OPPOSED[word] for word in gone if word in vocabulary.OPPOSED)


def _lowered(keys: Iterable[str]) -> list[str]:
    return [key.lower() for key in keys]


def _written(keys: Iterable[str]) -> list[str]:
    """Words without their case, and numbers without how they are written."""
    return [said for key in keys for said in (_values(key) if key[0].isdecimal() else [key.lower()])]


def _unnamed(side: _Side, part: range, spans: _Spans, is_number: bool) -> list[str]:
    """The words of a change that are neither of a number nor of a name."""
    named = {i for start, end in _met(part, spans) for i in range(start, end)}
    keys = [side.keys[i].lower() for i in part if i not in named]
    of_numbers = vocabulary.COUNTING.keys() | (vocabulary.UNITS | vocabulary.PARTS_OF_DAY if is_number else set())
    return [key for key in keys if key[0].isalpha() and key not in of_numbers]


def _telling(rest: list[list[str]]) -> int:
    """How many words that carry meaning are on one side only."""
    one, other = (Counter(key for key in keys if key not in vocabulary.SMALL) for keys in rest)
    return (one - other).total() + (other - one).total()


def _touched(side: _Side, part: range, spans: _Spans) -> list[list[str]]:
    """The names that a change touches, or, where nothing of this side changed, that it stands inside of."""
    return [_lowered(side.keys[start:end]) for start, end in _met(part, spans)]


def _met(part: range, spans: _Spans) -> Iterator[tuple[int, int]]:
    """Of spans in order, none over another, those that a part meets; an empty part only where it is inside of one."""
    for at in range(max(0, bisect_left(spans, (part.start, 0)) - 1), len(spans)):
        start, end = spans[at]
        if start >= (part.stop if part else part.start):
            return
        if end > part.start:
            yield start, end


def _widened(sides: tuple[_Side, _Side], parts: tuple[range, range], wide: list[_Spans]) -> tuple[str, str]:
    """Both sides of a change with the whole of what it touches."""
    grown = []
    for side, part, spans in zip(sides, parts, wide, strict=True):
        met = list(_met(part, spans))
        starts, ends = [start for start, _ in met], [end for _, end in met]
        grown.append(side.shown(range(min([part.start, *starts]), max([part.stop, *ends]))))
    return grown[0], grown[1]


def _is_doubled(sides: tuple[_Side, _Side], parts: tuple[range, range]) -> bool:
    """A word was written twice, and is not any more, or the other way round."""
    for side, part, other in ((sides[0], parts[0], parts[1]), (sides[1], parts[1], parts[0])):
        if len(part) == 1 and not other:
            around = side.keys[max(0, part.start - 1) : part.start] + side.keys[part.stop : part.stop + 1]
            return side.keys[part.start] in around
    return False


# ---------------------------------------------------------------- numbers and dates

_Trie = dict[str, list[tuple[str, ...]]]


def _trie(phrases: Iterable[str]) -> _Trie:
    """Phrases by their first word, the longest first."""
    found: _Trie = defaultdict(list)
    for phrase in sorted(set(phrases), key=len, reverse=True):
        keys = tuple(_lowered(words(phrase).keys))
        found[keys[0]].append(keys)
    return dict(found)


_DATES = _trie(vocabulary.DATES)


def _phrases(keys: Sequence[str], trie: _Trie) -> Iterator[tuple[int, int]]:
    """Where phrases stand, in any case, from the left."""
    lowered = _lowered(keys)
    end = 0
    for at, key in enumerate(lowered):
        if key not in trie or at < end:
            continue
        found = next((one for one in trie[key] if tuple(lowered[at : at + len(one)]) == one), None)
        if found:
            end = at + len(found)
            yield at, end


def _is_number(sides: tuple[_Side, _Side], parts: tuple[range, range], dates: list[_Spans]) -> bool:
    """Whether a number or a date is another one, came or went."""
    touched = [_touched(side, part, spans) for side, part, spans in zip(sides, parts, dates, strict=True)]
    if touched[0] != touched[1]:
        return True
    figures, values = [], []
    for side, part in zip(sides, parts, strict=True):
        keys = _lowered(side.keys[part.start : part.stop])
        figures.append([value for key in keys if key[0].isdecimal() for value in _values(key)])
        values.append([value for key in keys for value in (_values(key) if key[0].isdecimal() else _worded(key))])
    if values[0] != values[1] and (figures[0] != figures[1] or (values[0] and values[1])):
        return True
    return _is_scaled(sides, parts) or _is_replaced(sides, parts)


# Signs that belong to a number before or after them; of others (a comma, a dash between two) nothing hangs on them.
_SIGNS = frozenset("+−±~≈<>≤≥$€£¥₫%‰°")


def _signs(side: _Side, part: range) -> list[str]:
    """The signs of numbers in a part; a plus and the like only where nothing stands between."""
    return [side.keys[i] for i in part if side.keys[i] in _SIGNS and _is_at_number(side, i)]


def _is_at_number(side: _Side, i: int) -> bool:
    return any(
        side.keys[k][0].isdecimal() and (side.keys[i] != "+" or side.spans[min(i, k)][1] == side.spans[max(i, k)][0])
        for k in (i - 1, i + 1)
        if 0 <= k < len(side.keys)
    )


def _is_cut_otherwise(said: list[list[str]]) -> bool:
    """12:30 is no 12/30, though the figures are the same."""
    signs = [[sign for key in keys if key[0].isdecimal() for sign in key if sign in ":/"] for keys in said]
    return bool(signs[0] and signs[1]) and signs[0] != signs[1]


_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")


def _values(number: str) -> list[str]:
    """The figures of a number as it is compared: 03/5 is 3 and 5, 1.000 is 1000, and 3,5 is not 3.5."""
    whole = _THOUSANDS.fullmatch(number)
    parts = [number.replace(".", "")] if whole else re.split(r"[/:]", number.replace("%", "/%"))
    return [part.lstrip("0") or "0" for part in parts]


def _worded(key: str) -> list[str]:
    return [vocabulary.COUNTING[key]] if key in vocabulary.COUNTING else []


def _is_scaled(sides: tuple[_Side, _Side], parts: tuple[range, range]) -> bool:
    """A word of a number stands on one side only: 20 triệu; or one that stands where a number must: lần thứ hai."""
    both = [set(_lowered(side.keys[part.start : part.stop])) for side, part in zip(sides, parts, strict=True)]
    for side, part, other in zip(sides, parts, both[::-1], strict=True):
        for i in part:
            key, left = side.keys[i].lower(), side.keys[i - 1].lower() if i else ""
            is_part = (key in vocabulary.SCALES and left[:1].isdecimal()) or (
                key in vocabulary.COUNTING and left in vocabulary.ORDERED
            )
            if is_part and key not in other:
                return True
    return False


def _is_replaced(sides: tuple[_Side, _Side], parts: tuple[range, range]) -> bool:
    """A unit or a part of the day stands in another's place, or a word like `over` beside a number comes or goes."""
    found: list[tuple[set[str], ...]] = []
    for side, part in zip(sides, parts, strict=True):
        units, about, day = set(), set(), set()
        for i in part:
            key, left = side.keys[i].lower(), _lowered(side.keys[max(i - 1, 0) : i])
            if key in vocabulary.UNITS and left and (left[0][0].isdecimal() or left[0] in vocabulary.COUNTING):
                units.add(key)
            if key in vocabulary.AROUND and _is_before_number(side, i):
                about.add(key)
            if key in vocabulary.PARTS_OF_DAY:
                day.add(key)
        found.append((about, units, day))
    return found[0][0] != found[1][0] or any(one and other and one != other for one, other in zip(*found, strict=True))


_NEAR = 4  # words, with the first: chỉ nhận về 5 triệu


def _is_before_number(side: _Side, i: int) -> bool:
    """Whether a number follows a word, at once or after others of its kind (ít nhất 5); after `chỉ` a verb may stand between."""
    if side.keys[i].lower() in ("chỉ", "only") and any(key[0].isdecimal() for key in side.keys[i + 1 : i + _NEAR]):
        return True
    after = (key.lower() for key in side.keys[i + 1 : i + _NEAR])
    found = next((key for key in after if key not in vocabulary.AROUND and key not in vocabulary.THROUGH), "-")
    return found[0].isdecimal() or found in vocabulary.COUNTING


# ---------------------------------------------------------------- names

_OFFICES = _trie(vocabulary.OFFICES)
_COUNTRIES = _trie(vocabulary.COUNTRIES)
_SAYING = frozenset((":", '"', "'", ".", "!", "?", "...", "-", "(", "*", "•"))  # after these a capital says nothing
_CAPITALISED = re.compile(rf"(?<=[\w,;] )[{text.UPPER}]\w*")
_SMALL_LETTERS = re.compile(rf"\b[{text.LOWER}]\w*")


@dataclass(frozen=True, slots=True)
class _Names:
    """Words that two versions write with a capital inside of sentences and never without."""

    known: frozenset[str]

    @classmethod
    def of(cls, *articles: Article) -> _Names:
        said = text.fold_tones("\n".join(block.text for article in articles for block in article.blocks))
        known = {word.lower() for word in _CAPITALISED.findall(said)}
        return cls(frozenset(known.difference(_SMALL_LETTERS.findall(said))))

    def spans(self, side: _Side) -> _Spans:
        """Where offices, countries, and runs of words with a capital stand."""
        found = list(_phrases(side.keys, _OFFICES))
        taken = {i for start, end in found for i in range(start, end)}
        lands = [
            one for one in _phrases(side.keys, _COUNTRIES) if side.keys[one[0]][0].isupper() and taken.isdisjoint(range(*one))
        ]
        found += lands
        taken.update(i for start, end in lands for i in range(start, end))
        return sorted([*found, *self._runs(side.keys, taken)])

    def _runs(self, keys: Sequence[str], taken: set[int]) -> Iterator[tuple[int, int]]:
        if _is_shouted(keys):
            return
        start = None
        for i, key in enumerate([*keys, "."]):
            named = i not in taken and key[0].isupper() and (start is not None or self._is_name(keys, i))
            joined = start is not None and key == "-" and i + 1 < len(keys) and keys[i + 1][0].isupper()
            if start is not None and not named and not joined:
                yield start, i
                start = None
            elif named and start is None:
                start = i

    def _is_name(self, keys: Sequence[str], i: int) -> bool:
        """Whether a word with a capital is a name, and has it not only because a sentence begins."""
        key = keys[i]
        if key.lower() in vocabulary.UNITS or key.lower() in vocabulary.COUNTING:  # USD; tháng Mười
            return False
        before = next((k for k in range(i - 1, -1, -1) if keys[k] not in ('"', "'", "(")), None)
        if before is not None and i and (keys[before] not in _SAYING and keys[i - 1] not in _SAYING):
            return True
        if len(key) > 1 and key.isupper():
            return True
        after = keys[i + 1] if i + 1 < len(keys) else ""
        return key.lower() in self.known or (key.lower() in vocabulary.SURNAMES and after[:1].isupper())


def _is_shouted(keys: Sequence[str]) -> bool:
    """A line in capitals, which say nothing there."""
    long = [key for key in keys if len(key) > 1 and key.isalpha()]
    return len(long) > 2 and sum(key.isupper() for key in long) > len(long) / 2


# ---------------------------------------------------------------- corrections

_CORRECTION = re.compile(
    r"^\W*(?:(?:lời|tin|thông tin|thư) )?(?:đính chính|cải chính)\b"
    r"|\b(?:xin|thành thật) (?:được )?(?:đính chính|cải chính|sửa lại|nói lại cho (?:rõ|đúng)|cáo lỗi)"
    r"|\btòa soạn (?:\w+ ){0,4}(?:xin lỗi|cáo lỗi|đính chính|sửa|cải chính)"
    r"|\bxin lỗi (?:\w+ ){0,4}(?:bạn đọc|độc giả)"
    r"|\b(?:bản|phiên bản|bài viết) (?:\w+ )?trước(?: đó| đây)? (?:của|đã|viết|ghi|có)\b"
    r"|\b(?:bài viết|bài báo|bản tin|bài)(?: này)? (?:đã )?(?:được )?(?:đính chính|cải chính|chỉnh sửa|sửa (?:lại|đổi|lỗi))\b"
    r"|^\W*(?:correction|clarification|editor's note)s?\b"
    r"|\b(?:an earlier|a previous) version of\b"
    r"|\bthis (?:article|story|report) (?:has been|was) (?:updated to correct|corrected|amended)\b"
    r"|\bwe (?:regret|apologi[sz]e for) the error",
    re.IGNORECASE,
)


def _tells_correction(said: str) -> bool:
    """Whether a sentence is a notice of the paper's own correction, and not news of somebody's."""
    return _CORRECTION.search(text.plain_key(said)) is not None


# ---------------------------------------------------------------- quotation marks

_QUOTE = re.compile(r"[“„‟«”»\"]|(?<!\w)['‘]|['’](?!\w)")


def _quoted(lines: Sequence[DiffLine], side: str) -> list[_Spans]:
    """What stands in quotation marks, for each line; a quotation may go on over the sentences of a paragraph."""
    found: list[_Spans] = []
    mark = ""
    for line in lines:
        said: str = getattr(line, side) or ""
        if line.starts:
            mark = ""
        spans, mark = _marked(said, mark)
        found.append(spans)
    return found


def _marked(said: str, mark: str) -> tuple[_Spans, str]:
    """The parts of a sentence in quotation marks, with the mark that is open before and after it, or none."""
    spans = []
    start = 0
    for one in _QUOTE.finditer(said):
        sign = one[0]
        if not mark and (sign in '“„‟«"‘' or (sign == "'" and not said[one.start() - 1 : one.start()].strip())):
            mark, start = sign, one.end()
        elif mark and sign in _CLOSING[mark]:
            spans.append((start, one.start()))
            mark = ""
    return ([*spans, (start, len(said))] if mark else spans), mark


_CLOSING = {"“": '”"', "„": "“”", "‟": "”", "«": "»", '"': '"”', "‘": "’'", "'": "'’"}


# ---------------------------------------------------------------- the score


def _score(found: Sequence[_Finding], kinds: Sequence[EditKind]) -> float:
    weights = [_weight(kind, [one for one in found if one.kind is kind]) for kind in kinds]
    strong = [weight for weight in weights if weight >= MATERIAL]
    if not strong:
        return max(weights, default=0.0)
    *_, left = accumulate(strong, lambda left, weight: left * (1 - weight), initial=1.0)
    return 1 - left


def _weight(kind: EditKind, found: Sequence[_Finding]) -> float:
    count = sum(one.words for one in found)
    if kind is EditKind.HEADLINE:
        return 0.6 + 0.3 * max(one.share for one in found)
    if kind is EditKind.NAME:
        weight = _NAMED if any(one.turned for one in found) else _NAME_MORE
    elif kind is EditKind.REMOVED:
        weight = 1 - 0.5 * exp(-count / _LONG)
    elif kind is EditKind.ADDED:
        weight = 1 - 0.55 * exp(-count / _LONG)
    elif kind is EditKind.REWORDED:
        weight = _reworded(found, count)
    else:
        weight = _WEIGHTS.get(kind, _COSMETIC)
    is_led = weight >= MATERIAL and any(one.lead for one in found)
    return 1 - (1 - weight) * _LEAD if is_led else weight


def _reworded(found: Sequence[_Finding], count: int) -> float:
    if any(one.turned for one in found):
        return _TURNED
    return 1 - 0.6 * exp(-count / 20) if count else min(0.35, 0.1 + 0.05 * len(found))
