"""Copies and siblings: track/sketches.py and track/copies.py on invented news that is copied in five grades. See README.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))


import text
from model import Article, LikenessKind
from tests import syndication as made
from track.copies import compare, compare_folded, fold, series_key
from track.sketches import sketch

MERGED = (LikenessKind.EXACT, LikenessKind.SAME)
LINKED = (*MERGED, LikenessKind.NEAR, LikenessKind.OVERLAP)


def copies(index: made.Index, sources: Sequence[Article], draw: Random) -> None:
    """Recall by grade, and what else was found. The sources are the first of the index."""
    print("copies        one text   near+   overlap+   sibling   candidate   merged with others   linked with others")
    wrong = false = asked = 0
    for level in made.LEVELS:
        kinds: Counter[str] = Counter()
        met = merged = linked = 0
        for at, source in enumerate(sources):
            folded = fold(made.copy(draw, source, level))
            found = index.likenesses(folded)
            met += at in index.candidates(folded)
            kinds[found[at].kind if at in found else ""] += 1
            others = [likeness.kind for other, likeness in found.items() if other != at]
            merged += any(kind in MERGED for kind in others)
            linked += any(kind in LINKED for kind in others)
        count = len(sources)
        one, near = (sum(kinds[kind] for kind in group) / count for group in (MERGED, LINKED[:3]))
        every = sum(kinds[kind] for kind in LINKED) / count
        rest = f"{kinds[LikenessKind.SIBLING] / count:9.4f} {met / count:11.4f} {merged:20d} {linked:20d}"
        print(f"  grade {level}      {one:8.4f} {near:7.4f} {every:10.4f} {rest}")
        wrong, false, asked = wrong + merged, false + linked, asked + count
    each = 1e4 / asked
    print(f"  in 10,000 queries {wrong * each:.1f} wrong merges and {false * each:.1f} with a false link; {asked:,} were asked")


def follow_ups(sources: Sequence[Article], draw: Random) -> None:
    kinds: Counter[str] = Counter()
    for source in sources:
        likeness = compare(made.follow_up(draw, source), source)
        kinds[likeness.kind if likeness else "unrelated"] += 1
    print("follow-ups    " + shares(kinds))


def reissued(names: Sequence[str], draw: Random) -> None:
    """Copies of single issues: they must stay copies of their own issue, and of no other."""
    kinds: Counter[str] = Counter()
    merged = linked = asked = 0
    for name in names:
        issues = made.series(name, 30)
        index = made.Index(issues)
        for at, issue in enumerate(issues):
            for level in (1, 2, 3):
                found = index.likenesses(fold(made.copy(draw, issue, level)))
                kinds[found[at].kind if at in found else "unrelated"] += 1
                others = [likeness.kind for other, likeness in found.items() if other != at]
                merged, asked = merged + sum(kind in MERGED for kind in others), asked + len(others)
                linked += sum(kind in LINKED for kind in others)
    print("copies (1-3) of single issues of series")
    print(f"  their own     {shares(kinds)}")
    print(f"  other issues  {merged} merged, {linked / max(asked, 1):.4f} linked, of {asked:,} related")


def shares(kinds: Counter[str]) -> str:
    return ", ".join(f"{kind} {count / kinds.total():.4f}" for kind, count in kinds.most_common())


def siblings(names: Sequence[str], issues: int, draw: Random) -> None:
    """All pairs of issues of each form: as they are, as members of a known series, and by their bodies alone."""
    total: Counter[str] = Counter()
    for name in names:
        folded = [fold(one) for one in made.series(name, issues)]
        alone = [fold(replace(one.article, title=made.headline(draw), site=f"{at}.example")) for at, one in enumerate(folded)]
        keys = Counter(series_key(one.article) for one in folded)
        count: Counter[str] = Counter()
        for at, other in combinations(range(issues), 2):
            one, two = folded[at], folded[other]
            key = series_key(one.article)
            series = key is not None and key == series_key(two.article) and keys[key] >= 3
            for how, likeness in (
                ("guard", compare_folded(one, two)),
                ("series", compare_folded(one, two, series=series)),
                ("body", compare_folded(alone[at], alone[other])),
            ):
                if likeness:
                    count[f"{how} related"] += 1
                    count[f"{how} merged"] += likeness.kind in MERGED
                    count[f"{how} linked"] += likeness.kind in LINKED
        print(f"  {name:12} {row(count)}")
        total += count
    print(f"  {'all':12} {row(total)}")


def row(count: Counter[str]) -> str:
    said = f"{count['guard related']:8,} {count['guard merged'] + count['series merged'] + count['body merged']:8}"
    return said + "".join(
        f" {count[f'{how} linked'] / max(count[f'{how} related'], 1):12.4f}" for how in ("guard", "series", "body")
    )


def cost(draw: Random) -> None:
    source = made.report(draw, 526)
    copy = made.copy(draw, source, 3)
    one, other = fold(source), fold(copy)
    print(f"µs, articles of {len(one.words)} and {len(other.words)} words: ", end="")
    parts: dict[str, Callable[[], object]] = {
        "folded words": lambda: text.words(source.text),
        "sketch": lambda: sketch(one.words),
        "fold": lambda: fold(source),
        "compare, folded": lambda: compare_folded(one, other),
        "compare": lambda: compare(source, copy),
    }
    print(", ".join(f"{name} {clock(part):.0f}" for name, part in parts.items()))


def clock(part: Callable[[], object], rounds: int = 10, times: int = 50) -> float:
    """µs of CPU, in the fastest of the rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(times):
            part()
        best = min(best, time.process_time() - start)
    return best / times * 1e6


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sources", type=int, default=2000)
    parser.add_argument("--background", type=int, default=4000)
    parser.add_argument("--issues", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = Random(f"bench {asked.seed}")  # noqa: S311
    names = [*made.TUNED, *made.HELD_OUT]
    articles = made.sources(asked.sources + asked.background, asked.seed)
    sources = articles[: asked.sources]
    issues = [issue for name in names for issue in made.series(name, asked.issues, asked.seed)]
    index = made.Index([*articles, *issues])
    rows = sum(map(len, index.holders.values())) / len(index.folded)
    print(f"{len(index.folded):,} texts, {rows:.1f} hashes each; {asked.sources:,} of them copied\n")
    copies(index, sources, draw)
    follow_ups(sources, draw)
    reissued(names, draw)
    print("\nissues of one form: pairs     merged  linked: guard  known series  bodies alone")
    for title, group in (("chosen on", made.TUNED), ("held out", made.HELD_OUT)):
        print(title)
        siblings(list(group), asked.issues, draw)
    print()
    cost(draw)


if __name__ == "__main__":
    main()
