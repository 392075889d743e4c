"""How well track/diff.py tells what was edited, and how fast, beside diffs of words. See README.md.

python bench/diff.py [--words 500 1000 2000 5000] [--articles 20] [--seed 1] [--hostile]
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, partial
from pathlib import Path
from random import Random
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rapidfuzz.distance import Indel

from model import Article, Block, BlockKind, Diff, LineKind, Op
from track.diff import compare

ROOT = Path(__file__).resolve().parents[1]
EVERY = 125  # words for each edit
LEAST = 12  # words of a sentence that is edited


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """An article, an edited one, and what was really done."""

    old: Article
    new: Article
    changed: int  # words inserted and deleted
    edits: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a method says of a case."""

    changed: int  # words inserted and deleted
    hunks: int  # places where something differs
    seconds: float


# ---------------------------------------------------------------- edited articles

_ENDS = re.compile(r"(?<=\w[.?!]) (?=[A-ZĐ][a-zà-ỹđ]+ )")
_NUMBER = re.compile(r"(?<![\w.,/])\d+(?:[.,]\d+)*(?![\w/])")


@cache
def paragraphs() -> tuple[tuple[str, ...], ...]:
    """Paragraphs of the golden pages and of the saved ones, each as its sentences."""
    said = [
        line.strip() for path in sorted((ROOT / "seeds").glob("*.txt")) for line in path.read_text(encoding="utf-8").split("\n")
    ]
    for path in sorted((ROOT / "tests" / "pages").glob("*/*/article.json")):
        blocks = json.loads(path.read_text(encoding="utf-8")).get("blocks", [])
        said += [block["text"] for block in blocks if block["kind"] == "paragraph"]
    return tuple(tuple(_ENDS.split(one)) for one in dict.fromkeys(said) if len(one.split()) >= 20 and "\n" not in one)


@cache
def vocabulary() -> tuple[str, ...]:
    """Small words without signs, as often as they are used."""
    return tuple(
        word for one in paragraphs() for sentence in one for word in sentence.split() if word.isalpha() and word.islower()
    )


def article(parts: Sequence[Sequence[str]]) -> Article:
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=" ".join(part)) for part in parts if part)
    return Article(identity="x", url=None, site=None, outlet=None, title="Hội nghị", blocks=blocks, has_lead=True)


def made(size: int, seed: str, noise: bool = False) -> Case:
    """An article of about `size` words and an edit of it; with noise also in what is no edit. The same seed gives the same."""
    draw = Random(seed)  # noqa: S311
    order = draw.sample(paragraphs(), len(paragraphs()))
    old: list[list[str]] = []
    while sum(len(sentence.split()) for part in old for sentence in part) < size:
        old.append(list(order.pop()))
    spare = [sentence for part in order for sentence in part if len(sentence.split()) >= LEAST]
    new = [list(part) for part in old]
    places = [(p, s) for p, part in enumerate(old) for s, sentence in enumerate(part) if len(sentence.split()) >= LEAST]
    edits = max(3, size // EVERY)
    changed = sum(_edit(draw, new, place, spare) for place in draw.sample(places, min(edits, len(places))))
    moved = new.pop(draw.randrange(len(new)))
    new.insert(draw.randrange(len(new)), moved)
    if [sorted(part) for part in new] == [sorted(part) for part in old] or moved == new[-1]:
        edits -= 1
    return Case(old=article(old), new=article(_noisy(draw, new) if noise else new), changed=changed, edits=edits + 1)


def _edit(draw: Random, new: list[list[str]], place: tuple[int, int], spare: list[str]) -> int:
    """Edit one sentence, and say how many words were inserted and deleted."""
    part, at = new[place[0]], place[1]
    kind = draw.choice(("word", "number", "phrase", "insert", "cut", "add", "remove", "rewrite"))
    words = part[at].split(" ")
    if kind == "add":
        part[at] += " " + (more := spare.pop())
        return count(more)
    if kind == "remove":
        gone, part[at] = part[at], ""
        return count(gone)
    if kind == "number" and (found := _NUMBER.search(part[at])):
        other = str(draw.randrange(10, 10_000))
        part[at] = part[at][: found.start()] + other + part[at][found.end() :]
        return 2 * (other != found[0])
    if kind == "rewrite":
        start = draw.randrange(len(words) // 2)
        end, fresh = start + len(words) // 3, spare.pop().split(" ")[1 : 1 + len(words) // 3]
    else:
        start = draw.randrange(1, len(words) - 6)
        cut = {"insert": 0, "cut": draw.randrange(2, 6), "phrase": draw.randrange(2, 6)}.get(kind, 1)
        grown = {"insert": draw.randrange(2, 6), "cut": 0, "phrase": draw.randrange(2, 6)}.get(kind, 1)
        end, fresh = start + cut, draw.choices(vocabulary(), k=grown)
    was = " ".join(words[start:end])
    part[at] = " ".join([*words[:start], *fresh, *words[end:]])
    return count(was) + count(" ".join(fresh))


_TONES = {"òa": "oà", "óa": "oá", "ỏa": "oả", "ọa": "oạ", "òe": "oè", "ỏe": "oẻ", "ủy": "uỷ", "úy": "uý", "ũy": "uỹ", "ụy": "uỵ"}
_TONE = re.compile(rf"(?<![qQ])({'|'.join(_TONES)})\b")


def _noisy(draw: Random, parts: list[list[str]]) -> list[list[str]]:
    """Other quotes, dashes, blanks and places of tones, and paragraphs broken elsewhere."""
    said = [[_dressed(draw, sentence) for sentence in part if sentence] for part in parts]
    flowed: list[list[str]] = []
    for part in said:
        if flowed and draw.random() < 0.2:
            flowed[-1] += part
        elif len(part) > 1 and draw.random() < 0.2:
            flowed += [part[:1], part[1:]]
        else:
            flowed.append(part)
    return flowed


def _dressed(draw: Random, sentence: str) -> str:
    plain = _TONE.sub(lambda found: _TONES[found[0]], sentence)
    plain = plain.replace("“", '"').replace("”", '"').replace(" - ", " – ").replace("...", "…")
    return plain.replace(" ", "\u00a0", 1) if draw.random() < 0.3 else plain.replace(", ", ",  ", 1)


# ---------------------------------------------------------------- hostile articles


@cache
def hostile(scale: float) -> dict[str, tuple[Article, Article]]:
    """Pairs that are made to be dear: 5 MB, 100,000 words in one sentence, 50,000 sentences, each times the scale."""
    draw = Random(1)  # noqa: S311
    many = [" ".join(draw.choices(vocabulary(), k=20)).capitalize() + "." for _ in range(int(50_000 * scale))]
    words = draw.choices(vocabulary(), k=int(100_000 * scale))
    numbers = range(int(50_000 * scale))
    singles = [[f"{one.capitalize()}." for one in draw.choices(vocabulary(), k=len(numbers))] for _ in range(2)]
    million = int(1e6 * scale)
    said = {
        "5 MB, every tenth sentence edited": (many, [one if k % 10 else f"X {one}" for k, one in enumerate(many)]),
        "5 MB, every sentence edited": (many, [f"X {one}" for one in many]),
        "5 MB of other sentences": (many, [one[::-1] for one in many]),
        "5 MB turned round": (many, many[::-1]),
        "one sentence, edited": (words, ["xyz" if k % 50 == 0 else one for k, one in enumerate(words)]),
        "one sentence, another": (words, draw.choices(vocabulary(), k=len(words))),
        "one sentence of 5 MB, edited": (words * 10, ["a", *words * 5, "b", *words * 5]),
        "sentences of one word": (singles[0], singles[1]),
        "sentences that are nearly one": ([f"A{k}a một hai ba." for k in numbers], [f"B{k}b một hai ba." for k in numbers]),
        "always the same sentence": (["Có."] * len(numbers), ["Không."] * len(numbers)),
        "stops": (["."] * million, [*["."] * million, "a"]),
        "quotes": (['."' * million], ['."' * million, "a"]),
        "words of which none is written twice": (
            [f"{_digits(k)}a" for k in range(million)],
            [f"{_digits(k)}b" for k in range(million)],
        ),
    }
    return {name: (article([old]), article([new])) for name, (old, new) in said.items()}


_LETTERS = str.maketrans("0123456789", "abcdefghij")


def _digits(number: int) -> str:
    """A number in letters."""
    return str(number).translate(_LETTERS)


# ---------------------------------------------------------------- methods

_WORD = re.compile(r"\d+(?:[.,:/]\d+)*%?|\w+|\S")


def count(said: str) -> int:
    """Words of a text, signs aside."""
    return sum(word[0].isalnum() for word in _WORD.findall(said))


def two_level(case: Case) -> Told:
    began = time.process_time()
    diff = compare(case.old, case.new)
    return Told(changed=diff.changed, hunks=hunks(diff), seconds=time.process_time() - began)


def hunks(diff: Diff) -> int:
    """Places that a reader of a diff has to look at: sentences that came, went or moved together are one place."""
    found, before = 0, LineKind.SAME
    for line in diff.lines:
        whole = line.kind in (LineKind.ADDED, LineKind.REMOVED, LineKind.MOVED_TO)
        found += whole and (line.kind is LineKind.MOVED_TO, True) != (before is LineKind.MOVED_TO, before in WHOLE)
        if line.kind in (LineKind.CHANGED, LineKind.MOVED_TO):
            ops = [piece.op is Op.SAME for piece in line.pieces]
            found += sum(not op and (not k or ops[k - 1]) for k, op in enumerate(ops))
        before = line.kind
    return found


WHOLE = (LineKind.ADDED, LineKind.REMOVED, LineKind.MOVED_TO)


def by_difflib(case: Case, autojunk: bool) -> Told:
    began = time.process_time()
    a, b = _WORD.findall(case.old.text), _WORD.findall(case.new.text)
    codes = SequenceMatcher(None, a, b, autojunk=autojunk).get_opcodes()
    return _told([(i, x, j, y) for tag, i, x, j, y in codes if tag != "equal"], a, b, time.process_time() - began)


def by_rapidfuzz(case: Case) -> Told:
    began = time.process_time()
    a, b = _WORD.findall(case.old.text), _WORD.findall(case.new.text)
    letters: dict[str, str] = {}
    one, other = ["".join(letters.setdefault(w, chr(len(letters) + 1)) for w in side) for side in (a, b)]
    changes: list[tuple[int, int, int, int]] = []
    for code in Indel.opcodes(one, other):
        if code.tag != "equal":
            change = (code.src_start, code.src_end, code.dest_start, code.dest_end)
            if changes and changes[-1][1] == change[0] and changes[-1][3] == change[2]:
                change = (changes[-1][0], change[1], changes.pop()[2], change[3])
            changes.append(change)
    return _told(changes, a, b, time.process_time() - began)


def _told(changes: list[tuple[int, int, int, int]], a: list[str], b: list[str], seconds: float) -> Told:
    words = sum(w[0].isalnum() for i, x, j, y in changes for w in (*a[i:x], *b[j:y]))
    return Told(changed=words, hunks=len(changes), seconds=seconds)


METHODS: dict[str, Callable[[Case], Told]] = {
    "two-level (ours)": two_level,
    "difflib, words": partial(by_difflib, autojunk=True),
    "difflib, words, autojunk=False": partial(by_difflib, autojunk=False),
    "rapidfuzz Indel, words": by_rapidfuzz,
}


# ---------------------------------------------------------------- figures


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """How a method does on some cases, all taken together."""

    ratio: float  # words reported as changed, by those really changed
    hunks: float  # places reported, by edits really made
    ms: float  # median


def figures(method: Callable[[Case], Told], cases: Sequence[Case]) -> Figures:
    told = [method(case) for case in cases]
    return Figures(
        ratio=sum(one.changed for one in told) / sum(case.changed for case in cases),
        hunks=sum(one.hunks for one in told) / sum(case.edits for case in cases),
        ms=1000 * median(one.seconds for one in told),
    )


def at_worst() -> int:
    for name, (old, new) in hostile(1.0).items():
        began = time.process_time()
        diff = compare(old, new)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"  {name:<40}{time.process_time() - began:6.1f} s, {len(diff.lines):7,} lines, {peak:5,} MB so far", flush=True)
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--words", type=int, nargs="+", default=[500, 1000, 2000, 5000])
    options.add_argument("--articles", type=int, default=20, help="of each length")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--hostile", action="store_true", help="seconds and memory on texts that are made to be dear")
    asked = options.parse_args(arguments)
    if asked.hostile:
        return at_worst()
    for noise in (False, True):
        print("with typographic noise" if noise else "edits alone", "(reported/true words, hunks per edit, median ms)")
        print(" " * 32 + "".join(f"{size:>14} words" for size in asked.words))
        cases = {size: [made(size, f"{asked.seed}/{size}/{n}", noise) for n in range(asked.articles)] for size in asked.words}
        for name, method in METHODS.items():
            found = [figures(method, cases[size]) for size in asked.words]
            print(f"  {name:<30}" + "".join(f"{one.ratio:8.2f}{one.hunks:6.2f}{one.ms:6.1f}" for one in found), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
