"""How the texts of two articles relate: one text, a near copy, a shared part, or two issues of one template. Pure.

Shares are counted on 5-word shingles of the folded texts. What separates a copy from the next issue of a template (gold, weather,
lottery) is not how much is alike but what differs: an editor cuts, adds and rewords; a template puts one value in the place of
another, all over the text. So the texts are aligned, and short gaps between equal runs, the slots, are looked at.
Versions of one address never come here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from rapidfuzz.distance import LCSseq

import text
from model import Article, BlockKind, Likeness, LikenessKind
from track.changes import copy_words, said_in
from track.sketches import SHORT, Shingles, shingles

RELATED = 0.3  # containment from which two texts are linked
NEAR = 0.6  # and from which they are grouped
_SAME = 0.9  # Jaccard, from which two texts may be one
_ALIGNED = 8192  # words of each text that are aligned; beyond, nobody says that two texts are the same

# ---------------------------------------------------------------- the two texts


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Folded:
    """An article as it is compared: folded once, and held against many."""

    article: Article
    title: Title
    words: list[str]  # folded words of lead and text
    shingles: Shingles

    @property
    def key(self) -> list[str]:
        """What the copy hash is made of."""
        return copy_words(self.article, self.words)


def fold(article: Article) -> Folded:
    words = text.words(said_in(article))
    return Folded(article=article, title=read_title(article.title or ""), words=words, shingles=shingles(words))


def compare(one: Article, other: Article, *, series: bool = False) -> Likeness | None:
    """How the text of `one` relates to that of `other`; None: they share less than three tenths of the shorter.

    `series`: both belong to one series of their site (`series_key`), so that they are siblings unless they are word for word one.
    """
    return compare_folded(fold(one), fold(other), series=series)


def compare_folded(one: Folded, other: Folded, *, series: bool = False) -> Likeness | None:
    """The same of two texts that are folded already."""
    if one.key == other.key:
        apart = _issues(one.title, other.title) or _retold(one, other)
        kind = LikenessKind.SIBLING if apart else LikenessKind.EXACT
        return Likeness(kind=kind, one_in_other=1.0, other_in_one=1.0, jaccard=1.0)
    if min(len(one.words), len(other.words)) < SHORT:
        return None
    found = _shares(one.shingles, other.shingles)
    if found.containment < RELATED:
        return None
    if series or _issues(one.title, other.title):
        return replace(found, kind=LikenessKind.SIBLING)
    return _aligned(found, one, other)


def _shares(one: Shingles, other: Shingles) -> Likeness:
    both = int(np.intersect1d(one, other, assume_unique=True).size)
    kind = LikenessKind.NEAR if both >= NEAR * min(one.size, other.size) else LikenessKind.OVERLAP
    return Likeness(
        kind=kind,
        one_in_other=both / one.size,
        other_in_one=both / other.size,
        jaccard=both / (one.size + other.size - both),
    )


def _aligned(found: Likeness, one: Folded, other: Folded) -> Likeness:
    """The likeness as the alignment of the texts has it. Which of two equally good ones is found must not hang on the order."""
    first, second = sorted((one, other), key=lambda folded: folded.words)
    frame = _frame(first, second)
    found = replace(found, numbers_replaced=frame.replaced[_IS_NUMBER], numbers_kept=frame.kept[_IS_NUMBER])
    if frame.is_template(_alike(one.title, other.title)) or (frame.filled >= _FILLED and _retold(one, other)):
        return replace(found, kind=LikenessKind.SIBLING)
    if found.jaccard >= _SAME and _are_apart(one, other) and _nothing_new(one.article, other.article):
        return replace(found, kind=LikenessKind.SAME)
    return found


def _are_apart(one: Folded, other: Folded) -> bool:
    """Whether two sites published them, as far as is known; what is too long to be aligned is not known well enough."""
    sites = {one.article.site, other.article.site}
    return len(sites) == 2 and None not in sites and max(len(one.words), len(other.words)) <= _ALIGNED


# ---------------------------------------------------------------- titles

_NUMBER = r"\d+(?:[.,:/]\d+)*%?"
_WEEKDAY = r"thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật"
_NOW = (
    r"hôm (?:nay|qua)|(?:sáng|trưa|chiều|tối|đêm) (?:nay|qua|mai)|ngày (?:mai|kia)"
    r"|(?:cuối )?(?:tuần|tháng|năm) (?:nay|này|qua|sau|tới|trước)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])(?:[/.-](?:19|20)?\d\d)?"
_COUNTED = rf"(?:ngày|tháng|năm|tuần|thứ|quý|kỳ|kì|kỳ quay|mã đề|đề số|phiên|số báo) (?:số |thứ )?#?{_NUMBER}"
_LED = r"(?:(?:rạng sáng|sáng|trưa|chiều|tối|đêm|ngày|từ|đến|và|lúc|cuối tuần|cập nhật)[ ,:]+)*"
_DATE = rf"{_LED}(?:{_NOW}|{_WEEKDAY}|{_DAY}|{_COUNTED})(?!\w)"
_ISSUE = re.compile(rf"\b(?P<dated>{_DATE}(?:[ ,:()-]+{_DATE})*)|{_NUMBER}")
_COUNT = re.compile(rf"\d+|{_WEEKDAY}")
_TITLE = 300  # characters: no title is longer, and patterns are tried at each
_FEW = 2  # words that a family of titles has at least, beside its date


@dataclass(frozen=True, kw_only=True, slots=True)
class Title:
    """A title apart from the numbers and dates in it, `#`: `giá vàng hôm nay 12/5: tăng` is `gia vang # tang`."""

    masked: tuple[str, ...]  # folded words
    numbers: tuple[str, ...]  # numbers and weekdays, in order, without leading zeros
    family: tuple[str, ...] | None  # what issues have in common: `gia vang #`, or all where it does not begin so; None: no number
    issue: tuple[str, ...]  # the numbers of the first date


def read_title(raw: str) -> Title:
    """What a title says, and which issue of a series it may name."""
    raw = text.plain_key(raw[:_TITLE]).lower()
    masked: list[str] = []
    numbers: list[str] = []
    family: tuple[str, ...] | None = None
    issue: tuple[str, ...] = ()
    end = 0
    for found in _ISSUE.finditer(raw):
        masked += text.words(raw[end : found.start()])
        end = found.end()
        counted = [number.lstrip("0") or "0" for number in _COUNT.findall(found[0])]
        if masked[-1:] != ["#"]:
            masked.append("#")
        if family is None and found["dated"] and len(masked) > _FEW:
            family, issue = tuple(masked), tuple(counted)
        numbers += counted
    masked += text.words(raw[end:])
    if family is None and "#" in masked and len(masked) > _FEW:
        family, issue = tuple(masked), tuple(numbers)
    return Title(masked=tuple(masked), numbers=tuple(numbers), family=family, issue=issue)


def series_key(article: Article) -> str | None:
    """Site and family of titles: three articles or more of one key are a series. None: the title has no date or number."""
    family = read_title(article.title or "").family
    return f"{article.site} {' '.join(family)}" if family and article.site else None


def _issues(one: Title, other: Title) -> bool:
    """Whether the titles name two issues of one family: the same words, or the same up to the date, and another number."""
    if one.masked == other.masked and _apart(one.numbers, other.numbers):
        return True
    return one.family is not None and one.family == other.family and _apart(one.issue, other.issue)


def _apart(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two dates are different; one may lack its year, and where one names none nobody can say."""
    return any(mine != yours for mine, yours in zip(one, other, strict=False))


def _alike(one: Title, other: Title) -> bool:
    """Whether the titles have most of their words in common, numbers aside."""
    mine, yours = set(one.masked) - {"#"}, set(other.masked) - {"#"}
    return len(mine & yours) >= _ALIKE * max(len(mine), len(yours), 1)


_ALIKE = 0.6  # share of the words of the longer title


def _retold(one: Folded, other: Folded) -> bool:
    """Whether one site says it under a title in which one word is in another's place: `Mơ thấy rắn`, `Mơ thấy chó`."""
    mine, yours = set(one.title.masked), set(other.title.masked)
    same_site = one.article.site is not None and one.article.site == other.article.site
    return same_site and _alike(one.title, other.title) and bool(mine - yours) and bool(yours - mine)


# ---------------------------------------------------------------- what was put in another's place

_IS_NUMBER, _IS_NAME, _IS_STATE = "number", "name", "state"
_GAP = 12  # words between two equal runs, on either side: more is a passage, not a value
_ROWS = 60  # words, where both have as many: rows of a table (keys of an exam, prices), value by value
_RUN = 2  # words: a single equal word between two gaps is chance, and part of the gap


@dataclass(frozen=True, kw_only=True, slots=True)
class _Frame:
    """Two aligned texts, as a form and what is filled in. All are words, but slots."""

    equal: int
    filled: int  # slots, short gaps with words on both sides
    slots: int  # different ones: who writes Hoa Kỳ for Mỹ does so throughout
    replaced: Counter[str]  # values of each kind, by one of the kind
    kept: Counter[str]

    def is_template(self, alike: bool) -> bool:
        """Whether the texts are two issues of one form; `alike`: their titles have most words in common."""
        dense = _DENSE_ALIKE if alike else _DENSE
        return (
            any(_often(self.replaced[kind], self.kept[kind], least, share) for kind, (least, share) in _GUARD.items())
            or _often(self.replaced.total(), self.kept.total(), 4, 0.3)
            or _often(self.slots, self.equal, 6, dense)
        )


_GUARD = {_IS_NUMBER: (3, 0.25), _IS_NAME: (4, 0.3), _IS_STATE: (4, 0.3)}  # replaced at least, and their share
_DENSE, _DENSE_ALIKE = 0.12, 0.09  # different slots by equal words
_FILLED = 4  # slots, under titles of one form


def _often(replaced: int, kept: int, least: int, share: float) -> bool:
    return replaced >= least and replaced >= share * (replaced + kept)


def _frame(one: Folded, other: Folded) -> _Frame:
    runs = [run for run in _runs(one.words[:_ALIGNED], other.words[:_ALIGNED]) if run[2] >= _RUN]
    filled = [
        (slice(i + length, after_i), slice(j + length, after_j))
        for (i, j, length), (after_i, after_j, _) in pairwise(runs)
        if _is_slot(after_i - i - length, after_j - j - length)
    ]
    mine, yours = (_spelled(one), _spelled(other)) if filled else (one.words, other.words)
    equal = [at for i, _, length in runs for at in range(i, i + length)]
    slots = _told_apart(filled, one.words, other.words)
    replaced = Counter(kind for left, right in slots for kind in _replaced(mine[left], yours[right]))
    kept = Counter(_kind(mine[at]) for at in equal)
    del replaced[""], kept[""]
    return _Frame(
        equal=len(equal),
        filled=len(filled),
        slots=len(slots),
        replaced=replaced,
        kept=kept,
    )


def _is_slot(mine: int, yours: int) -> bool:
    """Whether gaps of so many words hold one thing in another's place; a longer one only as rows of a table do, word by word."""
    return min(mine, yours) > 0 and (max(mine, yours) <= _GAP or mine == yours <= _ROWS)


def _told_apart(filled: Sequence[_Slot], one: Sequence[str], other: Sequence[str]) -> list[_Slot]:
    """The slots, those of one renaming once: always the same words for the same."""
    said = [(tuple(one[left]), tuple(other[right])) for left, right in filled]
    there = Counter(mine for mine, _ in set(said))
    back = Counter(yours for _, yours in set(said))
    slots: dict[object, _Slot] = {}
    for at, (pair, slot) in enumerate(zip(said, filled, strict=True)):
        renamed = there[pair[0]] == back[pair[1]] == 1
        slots[pair if renamed else at] = slot
    return list(slots.values())


def _replaced(mine: Sequence[str], yours: Sequence[str]) -> list[str]:
    """The kinds of the values in a slot for which the other has another of the kind."""
    if len(mine) == len(yours):
        pairs = [(left, right) for left, right in zip(mine, yours, strict=True) if left != right]
        return [_kind(left) for left, right in pairs if _kind(left) == _kind(right)]
    both = set(mine) & set(yours)
    left, right = (Counter(_kind(word) for word in side if word not in both) for side in (mine, yours))
    return list((left & right).elements())


def _runs(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    """Equal runs of two texts in order: where they begin in each, and how many words they are."""
    ids: dict[str, int] = {}
    mine = [ids.setdefault(word, len(ids)) for word in one]
    yours = [ids.setdefault(word, len(ids)) for word in other]
    blocks = LCSseq.opcodes(mine, yours).as_matching_blocks()
    return [(block.a, block.b, block.size) for block in blocks if block.size]


_Slot = tuple[slice, slice]  # in the words of each text

_WORD = re.compile(r"[^\W_]+")  # as text.words has it
_BREAK = re.compile(r"[.!?:;…\"“”\n–-]")  # a capital behind it makes no name
_VALUES = (
    "tăng giảm lên xuống cao thấp mạnh nhẹ nhanh chậm nóng lạnh rét ấm mát nắng mưa giông dông mây sương đông tây nam bắc "
    "vào ra mua bán xanh đỏ tím vàng tốt xấu kém thắng thua hòa hoà hai ba tư năm sáu bảy nhật"
)
_STATES = frozenset(_VALUES.split())


def _spelled(folded: Folded) -> list[str]:
    """The words as the publisher spells them, but for the capitals with which sentences and quotations begin."""
    if len(folded.words) > _ALIGNED:  # all letters would have to be looked at for the few that are aligned
        return folded.words
    found: list[str] = []
    before = ""
    for piece in _BREAK.split(said_in(folded.article)):
        more = _WORD.findall(piece)
        if more and not before[-1:].isdigit():  # `1. B`, `2-3` and `7:30` go on
            more[0] = more[0].lower()
        found += more
        before = piece
    return found if len(found) == len(folded.words) else folded.words  # a letter may fold to two words, or to none


def _kind(word: str) -> str:
    """Whether a word is a number, a name, or stands for a value; empty: none of them."""
    if word[0].isdigit():
        return _IS_NUMBER
    if word in _STATES:
        return _IS_STATE
    return _IS_NAME if word[0].isupper() else ""


# ---------------------------------------------------------------- nothing new

_MORE = re.compile(r"\W*(?:xem thêm|đọc thêm|xem tiếp|mời (?:quý )?(?:bạn đọc|độc giả|vị))\b", re.IGNORECASE)
# An agency: after a place only in capitals or as a domain (`Nghệ An (TTXVN) –`), for `Ông Long (Diễn Thịnh) –` is news.
_AGENCY = (
    rf"[^()]{{0,20}}\([^()\d]{{0,15}}(?:[{text.UPPER}]{{2}}|\.)[^()\d]{{0,10}}\)\s*"
    rf"|\([^()\d]{{2,30}}\)\s*|[{text.UPPER}][{text.UPPER}.]{{1,11}}\s"
)
_PREFIX = re.compile(rf"^(?:{_AGENCY})[-–—]+\s*")
_CREDIT = re.compile(
    rf"(?:^|(?<=[.!?…”\"]))\W*(?i:theo|(?:nguồn|ảnh|tin|bài|pv):)\s+(?:báo |tạp chí )?[{text.UPPER}][\w.]*(?: [\w.]+){{0,3}}\W*$"
)
_LINE = 80  # characters of a credit at most
_SOUND = str.maketrans("yýỳỷỹỵ", "iíìỉĩị")  # one sound where they are mixed, and nothing is lost by taking them for one
_EMPTY = "và là thì mà của cũng rằng này đó ở tại các những việc"
_PLAIN = frozenset(_EMPTY.translate(_SOUND).split())


def _nothing_new(one: Article, other: Article) -> bool:
    """Whether the texts are word for word the same but for agencies, credits, links to more, and words that say nothing.

    Strict on purpose: a sentence more may be the news, and so may a tense (`sẽ họp`, `đã họp`).
    """
    mine, yours = _core(one), _core(other)
    left = right = 0
    for i, j, length in [*_runs(mine, yours), (len(mine), len(yours), 0)]:
        if not _PLAIN.issuperset(mine[left:i]) or not _PLAIN.issuperset(yours[right:j]):
            return False
        left, right = i + length, j + length
    return True


def _core(article: Article) -> list[str]:
    """The words of an article with their marks (Hùng is not Hưng), without what a copy adds or leaves out."""
    seen = {text.match_key(article.title or "")}
    said: list[str] = []
    for block in article.blocks:
        key = text.match_key(block.text)
        if block.kind is not BlockKind.CAPTION and key not in seen and not _MORE.match(block.text):
            seen.add(key)
            said.append(block.text)
    if said:
        said[0] = _PREFIX.sub("", said[0])
        said[-1] = said[-1][:-_LINE] + _CREDIT.sub("", said[-1][-_LINE:])
    return _WORD.findall(text.fold_tones(" ".join(said)).lower().translate(_SOUND))
