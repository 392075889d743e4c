"""What differs between two versions of an article, in two levels: sentences first, then the words of those that changed. Pure.

Everything is compared on keys (`text.edit_key`) and shown in the publisher's letters. Sentences are the unit and not paragraphs,
so that a paragraph broken elsewhere is no change; a sentence that stands elsewhere moved, and was not taken out and put in.

1. Sentences that are the same, in order: those that are the only ones of their key on both sides hold the texts together, by the
   heaviest series of them that rises on both sides; between them the longest common series.
2. In each gap: sentences that only end elsewhere; then pairs (one with one, one with two) that have most words in common.
3. Of what is left over, those that stand in another gap moved.
4. The words of each pair: the longest common series, without islands of one word between larger changes.

A hostile text costs seconds and never minutes: each step is paid from a budget, and what is too dear is shown as taken out and
put in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel, Levenshtein, Postfix, Prefix

import text
from model import Article, BlockKind, Diff, DiffLine, LineKind, Op, Piece
from track.sentences import Words, count, split, words

__all__ = ["compare"]

_PAIRED = 0.45  # similarity from which two sentences are one that was changed; 1 is the same words, 0 none in common
_JOINED = 0.75  # from which one sentence became two, or two became one
_GAINED = 0.1  # by which it must be nearer to the two than to either
_MOVED = 0.8  # from which one that was taken out is the one that was put in elsewhere
_DOUBTFUL = 0.6  # below which a pair is given up for a move
_MOVABLE = 4  # words; a shorter sentence moved only if it is the same
_ISLAND = 2  # words of a change that is larger than the one word between it and the next
_BUDGET = 4e9  # what one comparison may cost, about nanoseconds
_PER_CELL = 2_000.0  # of a pair of sentences to be weighed
_PER_AREA = 0.16  # of a pair of words to be compared
_LETTERS = 1_000_000  # different words and sentences that are told apart; Unicode has some more
_WHOLE = 4e8  # pairs of words whose longest common series is kept in memory as a whole, a bit each: 50 MB


def compare(old: Article, new: Article) -> Diff:
    """The differences of title, lead, text and captions. Total: any two articles have a diff."""
    drafts = _Drafts(left=_BUDGET)
    olds, news = _sentences(old, 0, drafts), _sentences(new, 1, drafts)
    groups, moves = _aligned(olds, news, drafts)
    lines = _lines(olds, news, groups, moves, drafts)
    title = _pieces(text.clean(old.title or ""), text.clean(new.title or ""), drafts)
    changed = _changed(title) + sum(_changed(line.pieces) for line in lines if line.kind is not LineKind.MOVED_FROM)
    return Diff(title=title, lines=lines, changed=changed, moved=len(moves))


# ---------------------------------------------------------------- what is compared


@dataclass(slots=True)
class _Drafts:
    """What one comparison shares: a letter for each key, so that texts become strings of letters, and what may yet be spent."""

    left: float
    letters: dict[str, str] = field(default_factory=dict)

    def spell(self, keys: Iterable[str], side: int) -> str:
        """A letter for each key: the same for the same."""
        return "".join([self.letters.get(key) or self._letter(key, side) for key in keys])

    def _letter(self, key: str, side: int) -> str:
        number = len(self.letters)
        if number >= _LETTERS:  # the rest are like nothing on the other side
            return chr(0x10FFFE + side)
        letter = self.letters[key] = chr(number + 1 if number < 0xD7FF else number + 0x801)  # no surrogates
        return letter

    def pays(self, cost: float) -> bool:
        """Whether there is enough left; then it is spent."""
        if cost > self.left:
            return False
        self.left -= cost
        return True

    def read(self, said: str, side: int) -> _Read:
        found = words(said)
        return _Read(found, self.spell(found.keys, side))


@dataclass(frozen=True, slots=True)
class _Read:
    """The words of a sentence, each a letter of `code`."""

    words: Words
    code: str


@dataclass(slots=True)
class _Sentence:
    """A sentence of one version. Its words are only looked for where it has no equal."""

    side: int  # 0: of the older version, 1: of the newer one
    said: str
    block: BlockKind
    starts: bool
    folded: str  # its key
    key: str  # a letter for that
    read: _Read | None = None

    def code(self, drafts: _Drafts) -> str:
        """Its words as letters."""
        return (self.read or self.looked_at(drafts)).code

    def looked_at(self, drafts: _Drafts) -> _Read:
        """Its words; those of a caption are others than those of the text, so that the two never meet."""
        if self.read is None:
            found = words(self.said)
            keys = [f"\0{key}" for key in found.keys] if self.block is BlockKind.CAPTION else found.keys
            self.read = _Read(found, drafts.spell(keys, self.side))
        return self.read


def _sentences(article: Article, side: int, drafts: _Drafts) -> list[_Sentence]:
    found = []
    for block in article.blocks:
        mark = "\0" if block.kind is BlockKind.CAPTION else ""
        for number, said in enumerate(split(text.clean_lines(block.text))):
            folded = mark + text.edit_key(said)
            found.append(_Sentence(side, said, block.kind, number == 0, folded, drafts.spell([folded], side)))
    return found


# ---------------------------------------------------------------- sentences

_Group = tuple[range, range]  # sentences of the older version, and those of the newer one that they are now
_Moves = dict[int, int]  # sentence of the older version: where it stands in the newer one


def _aligned(olds: list[_Sentence], news: list[_Sentence], drafts: _Drafts) -> tuple[list[_Group], _Moves]:
    """Groups in order, and moves. What is in neither was taken out or put in."""
    a, b = ["".join(one.key for one in side) for side in (olds, news)]
    if a != b and " ".join(one.folded for one in olds) == " ".join(one.folded for one in news):  # only sentences end elsewhere
        return _reflowed(olds, news, (range(len(a)), range(len(b))), drafts)[0], {}
    groups: list[_Group] = []
    gaps: list[_Group] = []
    for gap, run in _gaps_and_runs(a, b, [len(one.said) for one in olds], drafts):
        flowed, rest = _reflowed(olds, news, gap, drafts)
        groups += flowed
        gaps.append(rest)
        groups += [(range(i, i + 1), range(j, j + 1)) for i, j in zip(*run, strict=True)]
    moves = _same_elsewhere(olds, news, gaps)
    pairs = _paired(olds, news, gaps, moves, drafts)
    moves |= _near_elsewhere(olds, news, gaps, pairs, moves, drafts)
    return sorted([*groups, *pairs], key=lambda group: group[0].start), moves


def _gaps_and_runs(a: str, b: str, weights: Sequence[int], drafts: _Drafts) -> Iterator[tuple[_Group, _Group]]:
    """Each gap between runs that are the same, with the run that ends it; the last run is empty."""
    i = j = 0
    for start_a, start_b, length in [*_runs(a, b, weights, drafts), (len(a), len(b), 0)]:
        yield (range(i, start_a), range(j, start_b)), (range(start_a, start_a + length), range(start_b, start_b + length))
        i, j = start_a + length, start_b + length


def _runs(a: str, b: str, weights: Sequence[int], drafts: _Drafts) -> list[tuple[int, int, int]]:
    """Runs that are the same, in order: (start in a, start in b, length)."""
    found: list[tuple[int, int, int]] = []
    i = j = 0
    for at_a, at_b in [*_anchors(a, b, weights), (len(a), len(b))]:
        found += [(i + x, j + y, n) for x, y, n in _common(a[i:at_a], b[j:at_b], drafts)]
        if at_a < len(a):
            found.append((at_a, at_b, 1))
        i, j = at_a + 1, at_b + 1
    return found


def _anchors(a: str, b: str, weights: Sequence[int]) -> list[tuple[int, int]]:
    """Letters that are the only ones of their kind in a and in b: the heaviest series of places that rises in both.

    By weight and not by number: of a long and a short passage that changed places, it is the short one that moved.
    """
    once_a, once_b = Counter(a), Counter(b)
    place = {letter: j for j, letter in enumerate(b) if once_b[letter] == 1}
    pairs = [(i, place[letter]) for i, letter in enumerate(a) if once_a[letter] == 1 and letter in place]
    heaviest = [(0, -1)] * (len(b) + 1)  # Fenwick tree over places in b: weight of the best series so far, and its last pair
    before: list[int] = []
    for number, (i, j) in enumerate(pairs):
        weight, last = _up_to(heaviest, j)
        before.append(last)
        _raise(heaviest, j + 1, (weight + weights[i], number))
    _, at = _up_to(heaviest, len(b))
    series = []
    while at >= 0:
        series.append(pairs[at])
        at = before[at]
    return series[::-1]


def _up_to(tree: list[tuple[int, int]], end: int) -> tuple[int, int]:
    best = (0, -1)
    while end > 0:
        best = max(best, tree[end])
        end -= end & -end
    return best


def _raise(tree: list[tuple[int, int]], at: int, value: tuple[int, int]) -> None:
    while at < len(tree):
        tree[at] = max(tree[at], value)
        at += at & -at


def _common(a: str, b: str, drafts: _Drafts) -> list[tuple[int, int, int]]:
    """The longest common series of letters, as runs; where that is too dear, what they begin and end with alike."""
    head = Prefix.similarity(a, b)
    tail = Postfix.similarity(a[head:], b[head:])
    mid_a, mid_b = a[head : len(a) - tail], b[head : len(b) - tail]
    runs = [(0, 0, head)] if head else []
    area = len(mid_a) * len(mid_b)
    if area and drafts.pays(area * _PER_AREA):
        # The second needs no memory to speak of; that it counts replacements as one only shows where little is the same.
        opcodes = (Indel if area <= _WHOLE else Levenshtein).opcodes(mid_a, mid_b)
        runs += [
            (head + one.src_start, head + one.dest_start, one.src_end - one.src_start) for one in opcodes if one.tag == "equal"
        ]
    return [*runs, (len(a) - tail, len(b) - tail, tail)] if tail else runs


def _reflowed(olds: list[_Sentence], news: list[_Sentence], gap: _Group, drafts: _Drafts) -> tuple[list[_Group], _Group]:
    """What has the same words at both ends of a gap and only cuts its sentences elsewhere; and the gap that is left."""
    if not gap[0] or not gap[1]:
        return [], gap
    ends_a, ends_b = _ends(olds, gap[0], drafts), _ends(news, gap[1], drafts)
    a, b = "".join(olds[i].code(drafts) for i in gap[0]), "".join(news[j].code(drafts) for j in gap[1])
    head = Prefix.similarity(a, b)
    both = sorted(end for end in ends_a.keys() & ends_b.keys() if end <= head)
    tail = min(Postfix.similarity(a, b), len(a) - both[-1], len(b) - both[-1])
    more_a = {end - len(a): number for end, number in ends_a.items() if end >= len(a) - tail}
    more_b = {end - len(b): number for end, number in ends_b.items() if end >= len(b) - tail}
    first = [(ends_a[end], ends_b[end]) for end in both]
    last = [(more_a[end], more_b[end]) for end in sorted(more_a.keys() & more_b.keys())]
    groups = [(range(i, x), range(j, y)) for cuts in (first, last) for (i, j), (x, y) in pairwise(cuts)]
    start, stop = first[-1], last[0]  # the end of the gap is an end in both
    return groups, (range(start[0], stop[0]), range(start[1], stop[1]))


def _ends(side: list[_Sentence], part: range, drafts: _Drafts) -> dict[int, int]:
    """Where sentences end, counted in words from the begin of the part: the number of the sentence after each."""
    lengths = accumulate((len(side[i].code(drafts)) for i in part), initial=0)
    return {length: part.start + number for number, length in enumerate(lengths)}


def _same_elsewhere(olds: list[_Sentence], news: list[_Sentence], gaps: list[_Group]) -> _Moves:
    """Sentences of the same key in two places, the first with the first."""
    left: dict[str, list[int]] = defaultdict(list)
    for _, part in reversed(gaps):
        for j in reversed(part):
            left[news[j].key].append(j)
    return {i: left[olds[i].key].pop() for part, _ in gaps for i in part if left.get(olds[i].key)}


def _paired(olds: list[_Sentence], news: list[_Sentence], gaps: list[_Group], moves: _Moves, drafts: _Drafts) -> list[_Group]:
    """The sentences of each gap that are one, changed. Small gaps first: a large one must not leave them nothing to spend."""
    arrived = set(moves.values())
    found = []
    for gap in sorted(gaps, key=lambda gap: len(gap[0]) * len(gap[1])):
        part_a, part_b = [i for i in gap[0] if i not in moves], [j for j in gap[1] if j not in arrived]
        if part_a and part_b:
            found += _best_pairs(olds, news, part_a, part_b, drafts)
    return found


def _best_pairs(olds: list[_Sentence], news: list[_Sentence], a: list[int], b: list[int], drafts: _Drafts) -> list[_Group]:
    """Pairs that cross no other and have most words in common, each similar enough."""
    codes_a, codes_b = [olds[i].code(drafts) for i in a], [news[j].code(drafts) for j in b]
    area = sum(map(len, codes_a)) * sum(map(len, codes_b))
    if not drafts.pays(len(a) * len(b) * _PER_CELL + area * _PER_AREA * (1 if len(a) == len(b) == 1 else 5)):
        first = _in_step(codes_a, codes_b, drafts)
        last = _in_step(codes_a[first:][::-1], codes_b[first:][::-1], drafts)
        return [
            *((range(i, i + 1), range(j, j + 1)) for i, j in zip(a[:first], b[:first], strict=True)),
            *((range(i, i + 1), range(j, j + 1)) for i, j in zip(a[len(a) - last :], b[len(b) - last :], strict=True)),
        ]
    single = _likeness(codes_a, codes_b, _PAIRED)
    twice_a = _joined(codes_a, a, codes_b, single)
    twice_b = _joined(codes_b, b, codes_a, single.T).T
    steps = [
        (1, 1, _weighed(single, codes_a, codes_b)),
        (2, 1, _weighed(twice_a, _doubled(codes_a), codes_b)),
        (1, 2, _weighed(twice_b, codes_a, _doubled(codes_b))),
    ]
    return [(range(a[i], a[i] + n), range(b[j], b[j] + m)) for i, j, n, m in _best_path(steps, len(a), len(b))]


def _in_step(a: list[str], b: list[str], drafts: _Drafts) -> int:
    """How many sentences from the first on are pairs as they stand: what a gap too large to be searched still shows."""
    for number, (one, other) in enumerate(zip(a, b, strict=False)):
        paid = drafts.pays(_PER_CELL + len(one) * len(other) * _PER_AREA)
        if not paid or not Indel.normalized_similarity(one, other, score_cutoff=_PAIRED):
            return number
    return min(len(a), len(b))


_Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]


def _likeness(a: list[str], b: list[str], least: float) -> _Matrix:
    """How similar each of a is to each of b, 0 where less than `least`: twice the common series, by the words of both."""
    return process.cdist(a, b, scorer=Indel.normalized_similarity, score_cutoff=least, dtype=np.float32)


def _doubled(codes: list[str]) -> list[str]:
    return [one + other for one, other in pairwise(codes)]


def _joined(codes: list[str], places: list[int], others: list[str], single: _Matrix) -> _Matrix:
    """How similar two neighbours together are to each of the others; 0 where one of them alone is as near."""
    if len(codes) < 2:
        return np.zeros((0, len(others)), np.float32)
    likeness = _likeness(_doubled(codes), others, _JOINED)
    likeness[likeness < np.maximum(single[:-1], single[1:]) + _GAINED] = 0
    likeness[[after - before != 1 for before, after in pairwise(places)]] = 0
    return likeness


def _weighed(likeness: _Matrix, a: list[str], b: list[str]) -> list[list[float]]:
    """Similarities as words in common: a long pair is worth more than a short one."""
    lengths = np.add.outer([len(one) for one in a], [len(one) for one in b]) if likeness.size else np.zeros(likeness.shape)
    weighed: list[list[float]] = (likeness * lengths / 2).tolist()
    return weighed


def _best_path(steps: list[tuple[int, int, list[list[float]]]], p: int, q: int) -> list[tuple[int, int, int, int]]:
    """The path through a table of p by q with the greatest sum: the steps of it that pair (i, j, how many, how many)."""
    best = [[0.0] * (q + 1) for _ in range(p + 1)]
    came: list[list[tuple[int, int]]] = [[(0, 1)] * (q + 1) for _ in range(p + 1)]
    for i in range(p + 1):
        for j in range(q + 1):
            if not i:
                continue
            top, step = best[i - 1][j], (1, 0)
            if j and best[i][j - 1] > top:
                top, step = best[i][j - 1], (0, 1)
            for n, m, weights in steps:
                if i >= n and j >= m and (weight := weights[i - n][j - m]) and best[i - n][j - m] + weight > top:
                    top, step = best[i - n][j - m] + weight, (n, m)
            best[i][j], came[i][j] = top, step
    path = []
    i, j = p, q
    while i and j:
        n, m = came[i][j]
        i, j = i - n, j - m
        if n and m:
            path.append((i, j, n, m))
    return path


def _near_elsewhere(
    olds: list[_Sentence], news: list[_Sentence], gaps: list[_Group], pairs: list[_Group], moves: _Moves, drafts: _Drafts
) -> _Moves:
    """Sentences left over that are nearly one and stand in two places, nearest first. Doubtful pairs are given up for one."""
    doubted = [group for group in pairs if len(group[0]) == len(group[1]) == 1 and _doubted(olds, news, group, drafts)]
    doubtful = {side: {group[side].start: group for group in doubted} for side in (0, 1)}
    firm = [group for group in pairs if group[0].start not in doubtful[0]]
    a = _movable(olds, [i for gap in gaps for i in gap[0]], {*moves, *(i for group in firm for i in group[0])}, drafts)
    b = _movable(news, [j for gap in gaps for j in gap[1]], {*moves.values(), *(j for group in firm for j in group[1])}, drafts)
    codes_a, codes_b = [olds[i].code(drafts) for i in a], [news[j].code(drafts) for j in b]
    area = sum(map(len, codes_a)) * sum(map(len, codes_b))
    if not area or not drafts.pays(len(a) * len(b) * _PER_CELL / 10 + area * _PER_AREA):
        return {}
    likeness = _likeness(codes_a, codes_b, _MOVED)
    found: _Moves = {}
    arrived = set()
    for at in np.argsort(-likeness, axis=None, kind="stable")[: np.count_nonzero(likeness)].tolist():
        i, j = a[at // len(b)], b[at % len(b)]
        if i in found or j in arrived:
            continue
        found[i] = j
        arrived.add(j)
        for group in (doubtful[0].get(i), doubtful[1].get(j)):
            if group in pairs:
                pairs.remove(group)
    return found


def _doubted(olds: list[_Sentence], news: list[_Sentence], group: _Group, drafts: _Drafts) -> bool:
    a, b = olds[group[0].start].code(drafts), news[group[1].start].code(drafts)
    return Indel.normalized_similarity(a, b, score_cutoff=_DOUBTFUL) < _DOUBTFUL


def _movable(side: list[_Sentence], places: list[int], taken: set[int], drafts: _Drafts) -> list[int]:
    return [i for i in places if i not in taken and len(side[i].code(drafts)) >= _MOVABLE]


# ---------------------------------------------------------------- lines


def _lines(
    olds: list[_Sentence], news: list[_Sentence], groups: list[_Group], moves: _Moves, drafts: _Drafts
) -> tuple[DiffLine, ...]:
    """All sentences in order; what was taken out stands before what was put in."""
    steps = list(_steps(groups, len(olds), len(news)))
    came = {j: i for i, j in moves.items()}
    at_old = {part[0].start: number for number, part in enumerate(steps) if not part[1]}
    at_new = {part[1].start: number for number, part in enumerate(steps) if not part[0]}
    lines = []
    for part_a, part_b in steps:
        if part_a and part_b:
            lines.append(_line(olds[part_a.start : part_a.stop], news[part_b.start : part_b.stop], drafts))
        elif part_a:
            to = moves.get(part_a.start)
            lines.append(_gone(olds[part_a.start], None if to is None else at_new[to]))
        else:
            source = came.get(part_b.start)
            lines.append(_come(news[part_b.start], olds, source, None if source is None else at_old[source], drafts))
    return tuple(lines)


def _steps(groups: list[_Group], p: int, q: int) -> Iterator[_Group]:
    """The groups, and each sentence that is in none, in the order of both versions."""
    i = j = 0
    for group in [*groups, (range(p, p), range(q, q))]:
        yield from ((range(k, k + 1), range(j, j)) for k in range(i, group[0].start))
        yield from ((range(0), range(k, k + 1)) for k in range(j, group[1].start))
        if group[0]:
            yield group
        i, j = group[0].stop, group[1].stop


def _line(olds: list[_Sentence], news: list[_Sentence], drafts: _Drafts) -> DiffLine:
    old, new = (" ".join(one.said for one in side) for side in (olds, news))
    pieces: tuple[Piece, ...] = (Piece(op=Op.SAME, text=new),)
    if len(olds) == len(news) == 1 and olds[0].key != news[0].key:
        pieces = _compared(olds[0].looked_at(drafts), news[0].looked_at(drafts), drafts)
    elif len(olds) != len(news) or olds[0].key != news[0].key:
        pieces = _pieces(old, new, drafts)
    kind = LineKind.SAME if all(piece.op is Op.SAME for piece in pieces) else LineKind.CHANGED
    return DiffLine(kind=kind, old=old, new=new, pieces=pieces, starts=news[0].starts, block=news[0].block)


def _gone(sentence: _Sentence, pair: int | None) -> DiffLine:
    kind, op = (LineKind.REMOVED, Op.DELETE) if pair is None else (LineKind.MOVED_FROM, Op.SAME)
    pieces = (Piece(op=op, text=sentence.said),)
    return DiffLine(
        kind=kind, old=sentence.said, new=None, pieces=pieces, starts=sentence.starts, pair=pair, block=sentence.block
    )


def _come(sentence: _Sentence, olds: list[_Sentence], source: int | None, pair: int | None, drafts: _Drafts) -> DiffLine:
    kind = LineKind.ADDED
    pieces: tuple[Piece, ...] = (Piece(op=Op.INSERT, text=sentence.said),)
    if source is not None:
        kind, pieces = LineKind.MOVED_TO, _line([olds[source]], [sentence], drafts).pieces
    return DiffLine(
        kind=kind, old=None, new=sentence.said, pieces=pieces, starts=sentence.starts, pair=pair, block=sentence.block
    )


def _changed(pieces: Sequence[Piece]) -> int:
    """How many words were inserted and deleted, signs aside."""
    return sum(count(piece.text) for piece in pieces if piece.op is not Op.SAME)


# ---------------------------------------------------------------- words

_Change = tuple[int, int, int, int]  # words of the older sentence from, to; of the newer one from, to


def _pieces(old: str, new: str, drafts: _Drafts) -> tuple[Piece, ...]:
    """The words of two sentences as runs that are the same, deleted or inserted."""
    return _compared(drafts.read(old, 0), drafts.read(new, 1), drafts)


def _compared(a: _Read, b: _Read, drafts: _Drafts) -> tuple[Piece, ...]:
    return tuple(_spelled(a.words, b.words, _without_islands(_changes(a.code, b.code, drafts))))


def _changes(a: str, b: str, drafts: _Drafts) -> list[_Change]:
    changes = []
    i = j = 0
    for start_a, start_b, length in [*_common(a, b, drafts), (len(a), len(b), 0)]:
        if i < start_a or j < start_b:
            changes.append((i, start_a, j, start_b))
        i, j = start_a + length, start_b + length
    return changes


def _without_islands(changes: list[_Change]) -> list[_Change]:
    """One word that two larger changes happen to leave alone is a part of one change."""
    kept: list[_Change] = []
    for change in changes:
        if kept and change[0] - kept[-1][1] == 1 and min(_size(kept[-1]), _size(change)) >= _ISLAND:
            change = (kept[-1][0], change[1], kept.pop()[2], change[3])
        kept.append(change)
    return kept


def _size(change: _Change) -> int:
    return max(change[1] - change[0], change[3] - change[2])


def _spelled(old: Words, new: Words, changes: list[_Change]) -> Iterator[Piece]:
    """Pieces in the publisher's letters: what is the same as the newer version has it. No word of either side meets the next."""
    same, at = "", 0
    for from_a, to_a, from_b, to_b in changes:
        same += _said(new, at, from_b)
        deleted, inserted = _said(old, from_a, to_a), _said(new, from_b, to_b)
        if deleted and inserted and _blank(old, from_a) == _blank(new, from_b):
            same += _blank(new, from_b)
        else:
            deleted, inserted = deleted and _blank(old, from_a) + deleted, inserted and _blank(new, from_b) + inserted
        blank_a, blank_b = _blank(old, to_a), _blank(new, to_b)
        if blank_a and not blank_b:
            deleted += blank_a
        elif blank_b and not blank_a and inserted:
            inserted, blank_b = inserted + blank_b, ""
        yield from _piece(Op.SAME, same)
        yield from _piece(Op.DELETE, deleted)
        yield from _piece(Op.INSERT, inserted)
        same, at = blank_b, to_b
    yield from _piece(Op.SAME, same + _said(new, at, len(new.spans)))


def _said(words: Words, start: int, end: int) -> str:
    """Some words as they are written, without blanks around them."""
    return words.said[words.spans[start][0] : words.spans[end - 1][1]] if start < end else ""


def _blank(words: Words, number: int) -> str:
    """What stands between a word and the one before it: a blank or nothing."""
    if not 0 < number < len(words.spans):
        return ""
    return words.said[words.spans[number - 1][1] : words.spans[number][0]]


def _piece(op: Op, said: str) -> Iterator[Piece]:
    if said:
        yield Piece(op=op, text=said)
