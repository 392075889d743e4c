"""The reader by shape: finds the article on a page of which nothing is known, by where the running text stands.

choose   the lowest element that holds most of the page's running text
trim     of its leaves those that are the article: no boxes by name, no lists of links, no labels at its ends
run      a second reader that knows no elements: the stretch of leaves with the most text. It is there to disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from extract import outlets
from extract.leaves import Leaf
from extract.page import Element
from model import BlockKind

_TEXT = frozenset((BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.QUOTE))
NO_PLACE = frozenset(("p", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "dd", "dt", "tr"))
_MOST = 0.65  # share of an element's running text that one child must hold to be looked into
_LINKED = 0.5  # from this share on a leaf is links, not text
_RUNNING = 10  # words of a leaf that runs
_LABEL = 6


def weight(leaf: Leaf) -> float:
    """How much running text a leaf is, in words: none in a box that is no article, and none that is but links."""
    return 0.0 if leaf.junk is not None or leaf.linked >= _LINKED or leaf.kind not in _TEXT else leaf.running


def spared(leaves: Iterable[Leaf]) -> frozenset[Element]:
    """The elements with a name that speaks against them which hold most of the page's running text all the same."""
    total = 0.0
    held: dict[Element, float] = {}
    for leaf in leaves:
        said = leaf.words if leaf.kind in _TEXT and leaf.linked < 0.3 and leaf.words >= _RUNNING and leaf.sentence else 0
        total += said
        if leaf.junk is not None:
            held[leaf.junk] = held.get(leaf.junk, 0.0) + said
    return frozenset(element for element, said in held.items() if said > 0.5 * total)


def choose(leaves: Sequence[Leaf], root: Element) -> Element | None:
    """The lowest element that holds most of the running text; None where there is none."""
    held = _held(leaves)
    if not held:
        return None
    place = root
    while True:
        below = max((child for child in place if child in held), key=held.__getitem__, default=None)
        if below is None or below.tag in NO_PLACE or held[below] < _MOST * held[place]:
            return place
        place = below


def _held(leaves: Sequence[Leaf]) -> dict[Element, float]:
    """How much running text each element holds. Each element is added to its parent once, the deepest first."""
    held: dict[Element, float] = {}
    for leaf in leaves:
        if (said := weight(leaf)) > 0:
            held[leaf.element] = held.get(leaf.element, 0.0) + said
    depths: dict[Element, int] = {}
    for element in held:
        above = []
        one: Element | None = element
        while one is not None and one not in depths:
            above.append(one)
            one = one.getparent()
        depth = depths[one] if one is not None else 0
        for number, each in enumerate(reversed(above), 1):
            depths[each] = depth + number
    for element in sorted(depths, key=depths.__getitem__, reverse=True):
        parent = element.getparent()
        if parent is not None:
            held[parent] = held.get(parent, 0.0) + held[element]
    return held


def below(leaves: list[Leaf], heading: Element | None) -> list[Leaf]:
    """The leaves from the title on: what stands above it is of the site. Not so where most of the text stands above it."""
    if heading is None:
        return leaves
    begin = next((n for n, leaf in enumerate(leaves) if leaf.element is heading), None)
    if begin is None:
        return leaves
    above = sum(map(weight, leaves[:begin]))
    return leaves[begin:] if above <= sum(map(weight, leaves[begin:])) else leaves


def inside(leaves: Sequence[Leaf], place: Element) -> list[Leaf]:
    """The leaves that stand in an element: one stretch, for leaves come in page order."""
    known: dict[Element, bool] = {place: True}

    def stands(element: Element | None) -> bool:
        above = []
        while element is not None and element not in known:
            above.append(element)
            element = element.getparent()
        answer = element is not None and known[element]
        for one in above:
            known[one] = answer
        return answer

    return [leaf for leaf in leaves if stands(leaf.element)]


def is_text(leaf: Leaf) -> bool:
    """The leaf may be the article's: no box by name, not mostly links; a few words in no paragraph are a label."""
    if leaf.junk is not None or leaf.linked >= _LINKED:
        return False
    return leaf.kind is None or leaf.marked or leaf.kind is not BlockKind.PARAGRAPH or leaf.words > _LABEL or leaf.sentence


def trim(leaves: Sequence[Leaf]) -> list[Leaf]:
    """The leaves of a place that are the article: labels and links out, and at both ends all that is no running text."""
    kept = [leaf for leaf in leaves if is_text(leaf)]
    running = [n for n, leaf in enumerate(kept) if weight(leaf) > 0]
    if not running:
        return []
    first, last = running[0], running[-1]
    while first > 0 and (kept[first - 1].kind in (None, BlockKind.CAPTION) or _opens(kept[first - 1])):
        first -= 1
    while last + 1 < len(kept) and _closes(kept[last + 1]):
        last += 1
    return kept[first : last + 1]


def _closes(leaf: Leaf) -> bool:
    """A line that signs a text or names its source may stand below it; so may the caption of a last picture."""
    if leaf.kind is BlockKind.CAPTION:
        return True
    said = leaf.text
    return (
        (leaf.kind is BlockKind.PARAGRAPH or (leaf.kind is BlockKind.HEADING and leaf.element.tag in ("p", "div")))
        and leaf.words <= _LAST
        and (outlets.is_signature(said) or bool(outlets.source_line(said)[0]))
    )


_LAST = 12  # words of a line below the text


def _opens(leaf: Leaf) -> bool:
    return leaf.kind is BlockKind.HEADING and leaf.element.tag != "h1"


def mark_teasers(leaves: Sequence[Leaf]) -> float:
    """Mark as no article what stands below a title that is a link, where two or more such pairs stand side by side.

    A page that is made of such pairs and holds hardly any other running text is a list: nothing is marked then, and the share of
    the pairs is given; else 0.
    """
    pairs = list(_pairs(leaves))
    groups = Counter(box.getparent() for _, box in pairs)
    teasers = [(leaf, box) for leaf, box in pairs if groups[box.getparent()] > 1]
    total = sum(map(weight, leaves))
    listed = sum(weight(leaf) for leaf, _ in teasers)
    if not listed or total - listed < min(_REST, listed):
        return listed / total if listed else 0.0
    for leaf, box in teasers:
        leaf.junk = box
    return 0.0


_REST = 40.0  # words of running text that make an article beside teasers


def _pairs(leaves: Sequence[Leaf]) -> Iterator[tuple[Leaf, Element]]:
    """(a short running leaf, the element that holds it and the linked title above it, and no other text)."""
    title: Leaf | None = None
    for leaf in leaves:
        if leaf.kind is None:
            continue
        if title is not None and leaf.words <= _TEASER_WORDS and weight(leaf) > 0 and title.words >= _TITLE_WORDS:
            box = _common(title.element, leaf.element)
            if box is not None and sum(len(e.text or "") + len(e.tail or "") for e in box.iter()) < _BOX * len(
                leaf.text + title.text
            ):
                yield leaf, box
        if leaf.words > _LABEL or leaf.linked >= _LINKED:  # a date or a section may stand between a title and its teaser
            title = leaf if leaf.linked >= _LINKED else None


def listed(leaves: Sequence[Leaf]) -> list[Leaf]:
    """The titles that are links, and what stands alone between two of them: what a page that is a list is made of."""
    said = [leaf for leaf in leaves if _is_title(leaf) or (is_text(leaf) and leaf.kind is not None and leaf.words > _LABEL)]
    ends = [None, *said, None]
    return [
        leaf
        for before, leaf, after in zip(ends, said, ends[2:], strict=False)
        if _is_title(leaf) or (leaf.words <= _TEASER_WORDS and before and after and _is_title(before) and _is_title(after))
    ]


def _is_title(leaf: Leaf) -> bool:
    return leaf.linked >= _LINKED and leaf.words >= _TITLE_WORDS


_TITLE_WORDS = 4
_BOX = 1.6  # how much longer than its title and its teaser a teaser's box may be: a date, a section, a counter


def _common(one: Element, other: Element) -> Element | None:
    above = {one, *one.iterancestors()}
    return next((element for element in (other, *other.iterancestors()) if element in above), None)


_TEASER_WORDS = 60
_COST = 12.0  # words of running text that a leaf of none costs a run


def run(leaves: Sequence[Leaf]) -> list[Leaf]:
    """The stretch of leaves with the most running text, whatever element they stand in."""
    best, begin, end, total, start = 0.0, 0, 0, 0.0, 0
    for number, leaf in enumerate(leaves):
        gain = min(weight(leaf), 120.0) or (-_COST if leaf.kind is not None and leaf.kind is not BlockKind.CAPTION else 0.0)
        if total <= 0:
            total, start = 0.0, number
        total += gain
        if total > best:
            best, begin, end = total, start, number + 1
    while end < len(leaves) and is_text(leaves[end]) and _closes(leaves[end]):
        end += 1
    return trim(leaves[begin:end])


def overlap(one: Sequence[Leaf], other: Sequence[Leaf]) -> float:
    """The share of the words of both that both have."""
    mine, theirs = ({id(leaf) for leaf in leaves} for leaves in (one, other))
    words = {id(leaf): leaf.words for leaf in (*one, *other) if leaf.kind is not BlockKind.CAPTION}
    shared = sum(words.get(key, 0) for key in mine & theirs)
    return shared / max(1, sum(words.values()))
