"""The body of an HTML page, in tiers: the template's own place, the place that the source was seen to use, the place that its
shape shows, and trafilatura where these do not agree.

    known      a template of families.toml names the place; nothing else is read
    learned    the source's own path (layouts.py), if what stands there passes the checks
    generic    by shape (generic.py), beside a second reader by shape; where they agree the first one is right
    fallback   where they do not: trafilatura, and of the three the one that the others agree with most
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from extract import cleaning, fallback, generic, leaves
from extract.draft import WORDS
from extract.families import Family
from extract.leaves import Leaf
from extract.page import Element, Page
from extract.shapes import word_count
from model import Block, BlockKind, ExtractError

_AGREED = 0.75  # shared by two readers of one page from here on: what they differ in is a box or two
_SAME = 0.9
_ENOUGH = 40  # words; less than that may be a cookie notice, and is not believed at once
_FALLBACK_LEAVES = 10_000  # of a page that trafilatura is asked about: it takes long on larger ones
_MOST_PLACES = 50  # of one selector; a body in parts has two or three
_ALONE = 100  # words of an answer that trafilatura gives alone
_LINKS = 0.4  # share of links from which on a body is a list


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """The leaves of the article, in page order, and how they were found."""

    leaves: tuple[Leaf, ...]
    reader: str
    place: Element | None  # the element that holds them
    agreement: float | None = None
    notes: tuple[str, ...] = ()
    above: tuple[Leaf, ...] = ()  # what stands between the title and the place of the text
    teasers: float = 0.0  # share of the page's running text that stands in boxes below titles that are links
    listed: float = 0.0  # share of the text that is titles of other articles, or stands alone between two of them
    titles: float = 0.0  # words of these that stand above the rest of the text, for each word of it

    @property
    def teaches(self) -> bool:
        """The place was found by its shape: other pages of the site may show the same."""
        return self.reader in ("generic", "learned")

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The text; pictures are none."""
        return tuple(Block(kind=leaf.kind, text=leaf.text) for leaf in self.leaves if leaf.kind is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hints:
    """What is known of a page's article before its body is read."""

    title: str | None = None
    heading: Element | None = None  # the h1 that is the title
    lead: str | None = None  # as the template marks it
    learned: str | None = None  # where this source was seen to keep its texts: a path
    is_article: bool = False  # the page says so itself: whether it is a list is not asked


def read(page: Page, family: Family, hints: Hints) -> Body:
    """The body of a page.

    Raises ExtractError (kind no_article) where no reader finds a text. The tree may be changed.
    """
    boxes = _Boxes.of(page, family)
    if family.whole and (found := _by_template(page, family, boxes, hints)):
        return found
    root = page.tree.find("body")
    root = page.tree if root is None else root
    everything = generic.below(boxes.leaves(root), hints.heading)
    others = _others(hints, everything)
    if not family.whole and (found := _in_places(page, family, boxes, everything)):
        chosen = found
    else:
        chosen = _by_shape(page, boxes, hints, root, everything)
        if family.body:
            chosen = replace(chosen, notes=(_DRIFT.format(family.name), *chosen.notes))
    begin = next((n for n, leaf in enumerate(everything) if chosen.leaves and leaf is chosen.leaves[0]), 0)
    return replace(_beside(chosen, everything, others), above=tuple(everything[:begin]) if hints.heading is not None else ())


def _others(hints: Hints, everything: Sequence[Leaf]) -> list[Leaf]:
    """What the page says of other articles, as a list does; not asked of a page that calls itself an article."""
    found = generic.listed(everything) if not hints.is_article else []
    return found if sum(leaf.text.count("\n") + 1 for leaf in found) >= _LISTED else []  # items of a list are lines of one leaf


def _beside(found: Body, everything: Sequence[Leaf], others: Sequence[Leaf]) -> Body:
    """With what the page lists beside its text, or in place of one."""
    if not others:
        return found
    texts = {leaf.text for leaf in others}
    rest = [leaf for leaf in found.leaves if leaf.kind is not None and leaf.text not in texts]
    longest = max(rest, key=lambda leaf: leaf.words, default=None)
    begin = next((n for n, leaf in enumerate(everything) if longest is not None and leaf.text == longest.text), 0)
    above = {id(leaf) for leaf in everything[:begin]}
    said = _grams(found.leaves)
    return replace(
        found,
        listed=(said & _grams(others)).total() / max(1, said.total()),
        titles=sum(leaf.words for leaf in others if id(leaf) in above) / max(1, _words(rest)),
    )


_LISTED = 5  # titles and teasers; fewer may stand in an article


_DRIFT = "the template {} names no place here that holds text: read by shape; the site may have changed"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Boxes:
    """The elements that the templates name."""

    figures: frozenset[Element]
    captions: frozenset[Element]
    dropped: frozenset[Element]

    @staticmethod
    def of(page: Page, family: Family) -> _Boxes:
        return _Boxes(
            figures=frozenset(page.find(family.figure)),
            captions=frozenset(page.find(family.caption)),
            dropped=frozenset(page.find(family.drop)),
        )

    def leaves(self, root: Element, *, known: bool = False) -> list[Leaf]:
        """The leaves below an element. A box with a bad name that holds most of the text is read all the same."""
        spared: frozenset[Element] = frozenset()
        while True:
            found = leaves.read(
                root, figures=self.figures, captions=self.captions, dropped=self.dropped, known=known, spared=spared
            )
            more = frozenset() if known else generic.spared(found) - spared
            if not more or len(spared) > _SPARED:
                return found
            spared |= more


_SPARED = 4


def _words(found: Iterable[Leaf]) -> int:
    return sum(leaf.words for leaf in found if leaf.kind not in (None, BlockKind.CAPTION))


def _passes(found: Sequence[Leaf], least: int = WORDS) -> bool:
    """Text enough, and no list of links."""
    words = _words(found)
    return words >= least and sum(leaf.words * leaf.linked for leaf in found) < _LINKS * words


def _by_template(page: Page, family: Family, boxes: _Boxes, hints: Hints) -> Body | None:
    """The place of a template that is known whole, and of what stands between the title and it the pictures, or the lead.

    Of an article of pictures only the lead may be text.
    """
    lead = word_count(hints.lead) if hints.lead else 0
    for place, parts in _places(page, family):
        everything = [leaf for part in parts for leaf in boxes.leaves(part, known=True)]
        kept = cleaning.known(everything)
        if _passes(kept) or (_words(kept) + lead >= WORDS and any(leaf.kind is None for leaf in kept)):
            found = _beside(Body(leaves=tuple(kept), reader=family.name, place=place), everything, _others(hints, everything))
            return replace(found, above=tuple(_above(page, boxes, hints, place)))
    return None


def _in_places(page: Page, family: Family, boxes: _Boxes, everything: Sequence[Leaf]) -> Body | None:
    """The place that a template names on sites of all kinds: what stands in it is cleared as anywhere else."""
    for place, parts in _places(page, family):
        found = [leaf for part in parts for leaf in generic.inside(everything, part)]
        if all(leaf.junk is not None for leaf in found):  # a name above the place speaks against it: the template knows better
            found = [leaf for part in parts for leaf in boxes.leaves(part)]
        kept = cleaning.clean(generic.trim(found))
        if _passes(kept):
            return Body(leaves=tuple(kept), reader=family.name, place=place)
    return None


def _places(page: Page, family: Family) -> Iterator[tuple[Element, list[Element]]]:
    """(a place, it and the other parts of the same article), best first."""
    for selector in family.body:
        found = dict.fromkeys(islice(page.find((selector,)), _MOST_PLACES))
        places = [place for place in found if place.tag not in generic.NO_PLACE and not page.beside(place)]
        for number, place in enumerate(places):
            yield place, [part for part in places[number:] if _together(part, place) and not _below(part, places)]


def _above(page: Page, boxes: _Boxes, hints: Hints, place: Element) -> list[Leaf]:
    """What stands between the title and a template's place: all of it where the template marks no lead, else the pictures."""
    heading = hints.heading
    if heading is None or not page.follows(place, heading) or place in {*heading.iterancestors()}:
        return []
    if hints.lead:
        pictures = [box for box in dict.fromkeys((*page.tagged("figure"), *boxes.figures)) if not page.beside(box)]
        between = [box for box in pictures if page.follows(box, heading) and page.follows(place, box)]
        read = (leaves.read(box, figures=frozenset((box,)), captions=boxes.captions, dropped=boxes.dropped) for box in between)
        return [leaf for one in read for leaf in one if leaf.kind in (None, BlockKind.CAPTION)]
    above = {*heading.iterancestors()}
    common = next(element for element in place.iterancestors() if element in above)
    everything = generic.below(boxes.leaves(common), heading)
    inside = {id(leaf) for leaf in generic.inside(everything, place)}
    begin = next((n for n, leaf in enumerate(everything) if id(leaf) in inside), 0)
    return everything[:begin]


def _together(one: Element, other: Element) -> bool:
    """Parts of one article stand below one parent or in one article element; elsewhere on the page it is another one."""
    near, far = (next(element.iterancestors("article"), None) for element in (one, other))
    return one is other or one.getparent() is other.getparent() or (near is not None and near is far)


def _below(element: Element, places: Sequence[Element]) -> bool:
    return any(above in places for above in element.iterancestors())


def _by_shape(page: Page, boxes: _Boxes, hints: Hints, root: Element, everything: list[Leaf]) -> Body:
    teasers = generic.mark_teasers(everything)
    return replace(_chosen(page, boxes, hints, root, everything), teasers=teasers)


def _chosen(page: Page, boxes: _Boxes, hints: Hints, root: Element, everything: list[Leaf]) -> Body:
    place = generic.choose(everything, root)
    trimmed = generic.trim(generic.inside(everything, place)) if place is not None else []
    by_run = generic.run(everything)
    shared = generic.overlap(trimmed, by_run)
    by_place = cleaning.clean(trimmed)
    if hints.learned and (own := page.first((hints.learned,))) is not None:
        by_path = cleaning.clean(generic.trim(generic.inside(everything, own)))
        if _passes(by_path):
            return Body(leaves=tuple(by_path), reader="learned", place=place, agreement=generic.overlap(by_path, by_place))
    # A third voice changes nothing where two say the same; the title's words are asked for where they differ.
    agree = shared >= _AGREED and not _opens_above(by_run, trimmed)
    if agree and _passes(by_place, _ENOUGH) and (shared >= _SAME or _is_of(by_place, hints.title)):
        return Body(leaves=tuple(by_place), reader="generic", place=place, agreement=shared)
    return _by_agreement(page, boxes, everything, place, by_place, by_run)


def _opens_above(by_run: Sequence[Leaf], by_place: Sequence[Leaf]) -> bool:
    """The text opens above the place, with more than a lead: the place may be a box of other texts below it."""
    return bool(by_run) and by_run[0].words > _LEAD and all(leaf is not by_run[0] for leaf in by_place)


_LEAD = 60  # words


def _by_agreement(
    page: Page, boxes: _Boxes, everything: list[Leaf], place: Element | None, by_place: list[Leaf], by_run: list[Leaf]
) -> Body:
    """Of three readers the one that the two others agree with most; ours where they are equal."""
    captions = [leaf for leaf in everything if leaf.kind is BlockKind.CAPTION]
    small = len(everything) <= _FALLBACK_LEAVES
    other = cleaning.clean(fallback.read(page.tree, boxes.dropped, captions)) if small else []
    answers = {"generic": by_place, "trafilatura": other, "run": cleaning.clean(by_run)}
    answers = {name: found for name, found in answers.items() if found and _passes(found)}
    if answers.keys() == {"trafilatura"} and not _passes(other, _ALONE):
        answers = {}  # of a page of a few words it takes all, menus too
    if not answers:
        raise ExtractError("holds no article: no reader found a text in it", kind="no_article")
    grams = {name: _grams(found) for name, found in answers.items()}
    shares = {
        name: sum(_alike(grams[name], grams[one]) for one in answers if one != name) / max(1, len(answers) - 1)
        for name in answers
    }
    best = max(answers, key=lambda name: round(shares[name], 2))
    share = shares[best] if len(answers) > 1 else None
    notes = (f"readers of this page agree on {share:.0%} of its text only",) if share is not None and share < _AGREED else ()
    return Body(
        leaves=tuple(answers[best]), reader=best, place=place if best == "generic" else None, agreement=share, notes=notes
    )


_WORD = re.compile(r"\w+")


def _grams(found: Iterable[Leaf]) -> Counter[tuple[str, str]]:
    said = _WORD.findall(" ".join(leaf.text for leaf in found if leaf.kind not in (None, BlockKind.CAPTION)))
    return Counter(itertools.pairwise(said))


def _alike(one: Counter[tuple[str, str]], other: Counter[tuple[str, str]]) -> float:
    return 2 * (one & other).total() / max(1, one.total() + other.total())


_TITLE_WORDS = 4  # a shorter title may share no word with its text


def _is_of(found: Iterable[Leaf], title: str | None) -> bool:
    """The text holds one of the title's words: what holds none is another text of the page."""
    wanted = {word for word in (title or "").casefold().split() if len(word) > _SHORT}
    if len(wanted) < _TITLE_WORDS:
        return True
    said = " ".join(leaf.text for leaf in found).casefold()
    return any(word in said for word in wanted)


_SHORT = 2  # letters
