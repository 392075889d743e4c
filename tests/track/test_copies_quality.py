"""What is found of copies and what is not taken for one, on a few hundred invented articles: floors of bench/copies.py.

The sources, their copies and the forms are drawn by fixed seeds, so a figure that falls is a change of ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from model import Article, LikenessKind
from tests import syndication as made
from track.copies import Folded, compare, compare_folded, fold

EXACT, SAME, NEAR = LikenessKind.EXACT, LikenessKind.SAME, LikenessKind.NEAR
OVERLAP, SIBLING = LikenessKind.OVERLAP, LikenessKind.SIBLING
LINKED = (EXACT, SAME, NEAR, OVERLAP)
SOURCES = 300
ISSUES = 30


@pytest.fixture(scope="module")
def sources() -> list[Article]:
    return made.sources(SOURCES, seed=7)


@pytest.fixture(scope="module")
def index(sources: Sequence[Article]) -> made.Index:
    """The sources first, then other articles, then issues of every form."""
    others = made.sources(200, seed=8)
    issues = [issue for name in (*made.TUNED, *made.HELD_OUT) for issue in made.series(name, 6)]
    return made.Index([*sources, *others, *issues])


@pytest.mark.parametrize(
    ("level", "linked", "near"),
    [
        pytest.param(1, 1.00, 1.00, id="retyped"),
        pytest.param(2, 1.00, 0.99, id="retitled, with another lead"),
        pytest.param(3, 0.99, 0.30, id="edited"),
        pytest.param(4, 0.98, 0.00, id="halved"),
        pytest.param(5, 0.98, 0.30, id="inside a longer page"),
    ],
)
def test_copies_are_found_and_nothing_else(
    level: int, linked: float, near: float, sources: Sequence[Article], index: made.Index
) -> None:
    draw = Random(f"quality {level}")  # noqa: S311
    kinds: Counter[LikenessKind] = Counter()
    others = 0
    for at, source in enumerate(sources):
        found = index.likenesses(fold(made.copy(draw, source, level)))
        kinds.update([found[at].kind] if at in found else [])
        others += sum(other != at for other in found)
    assert others == 0
    assert sum(kinds[kind] for kind in LINKED) >= linked * SOURCES
    assert sum(kinds[kind] for kind in (EXACT, SAME, NEAR)) >= near * SOURCES
    if level == 1:
        assert kinds[EXACT] + kinds[SAME] >= 0.95 * SOURCES


def test_no_copy_that_was_edited_is_one_text(sources: Sequence[Article]) -> None:
    draw = Random("edited")  # noqa: S311
    for source in sources[:100]:
        for level in (3, 4, 5):
            found = compare(made.copy(draw, source, level), source)
            assert found is None or found.kind in (NEAR, OVERLAP)


def test_the_five_seeds_are_five_texts() -> None:
    said = list(made.texts())[:5]
    pages = [made.article(f"Trang {at}", one.split("\n"), f"{at}.example") for at, one in enumerate(said)]
    assert [compare(one, other) for one, other in combinations(pages, 2)] == [None] * 10


def test_follow_ups_stay_linked_and_are_never_merged(sources: Sequence[Article]) -> None:
    draw = Random("follow-ups")  # noqa: S311
    kinds = Counter(found.kind for source in sources if (found := compare(made.follow_up(draw, source), source)))
    assert set(kinds) <= {NEAR, OVERLAP}
    assert kinds[OVERLAP] > 0.6 * SOURCES


def pairs_linked(folded: Sequence[Folded]) -> float:
    """Of the related pairs the share that is not siblings; none may be one text."""
    kinds = Counter(found.kind for one, other in combinations(folded, 2) if (found := compare_folded(one, other)))
    assert kinds[EXACT] + kinds[SAME] == 0
    return 1 - kinds[SIBLING] / max(kinds.total(), 1)


@pytest.mark.parametrize("name", [*made.TUNED, *made.HELD_OUT])
def test_issues_of_one_form_are_siblings(name: str) -> None:
    """A guard by numbers alone leaves 9 % of weather. Menus of one weekday may have one title, and their slots hold plain words."""
    limits = {"menu": 0.06, "jobs": 0.01}
    assert pairs_linked([fold(one) for one in made.series(name, ISSUES)]) <= limits.get(name, 0.0)


# Forms whose slots hold small words alone are told by their titles, or not at all.
PLAIN_WORDS = ("dreams", "television", "menu")


@pytest.mark.parametrize("name", [name for name in (*made.TUNED, *made.HELD_OUT) if name not in PLAIN_WORDS])
def test_bodies_alone_show_issues_of_one_form(name: str) -> None:
    """Each issue on a site of its own, under a title that says nothing."""
    draw = Random(name)  # noqa: S311
    issues = [replace(one, title=made.headline(draw), site=f"{at}.example") for at, one in enumerate(made.series(name, 15))]
    assert pairs_linked([fold(one) for one in issues]) <= 0.02


@pytest.mark.parametrize("name", ["gold", "weather", "football", "quake"])
def test_a_copy_of_one_issue_is_a_copy_of_that_issue_alone(name: str) -> None:
    draw = Random(name)  # noqa: S311
    issues = made.series(name, 12)
    index = made.Index(issues)
    for at, issue in enumerate(issues):
        found = index.likenesses(fold(made.copy(draw, issue, 1)))
        assert found[at].kind in (EXACT, SAME)
        assert all(likeness.kind is SIBLING for other, likeness in found.items() if other != at)
