"""What is no text among the leaves of a body: links to other articles, calls to subscribe, captions without a mark."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from functools import cache

from extract import generic, markup, phrases, shapes
from extract.leaves import Leaf
from extract.page import Element
from model import BlockKind

_SENTENCE = re.compile(r"(?<![.…\s])\.[”\"’')\]]*$")  # dots cut a teaser short
_LABEL_WORDS = 6
_CALL_WORDS = 80
_LINKED = 0.5
_LAST_LIST = 0.3  # share of links from which a list below the text is of other articles


def _without_controls(found: Sequence[Leaf]) -> list[Leaf]:
    """Without what players and buttons say."""
    drop = phrases.load().drop
    return [leaf for leaf in found if leaf.words > _CONTROL_WORDS or phrases.key(leaf.text) not in drop]


_CONTROL_WORDS = 8


def known(found: Sequence[Leaf]) -> list[Leaf]:
    """The leaves of a template's own place, where a sentence is the article's, though it be a link."""
    return _without_end(_without_teasers(_with_captions(_without_controls(found)), known=True))


def clean(found: Sequence[Leaf]) -> list[Leaf]:
    """The leaves of any other place."""
    return _without_end(_without_teasers(_with_captions(_without_boxes(_without_controls(found))), known=False))


def _is_teaser(leaf: Leaf, *, known: bool) -> bool:
    """Half of it or more is links: a title of another article, or several. A call to subscribe or to follow with a link."""
    if leaf.kind in (None, BlockKind.TABLE, BlockKind.CAPTION):
        return False
    if leaf.linked > 0 and leaf.words <= _CALL_WORDS and phrases.load().promos.search(leaf.text):
        return True
    is_sentence = leaf.kind is BlockKind.PARAGRAPH and leaf.words > _LABEL_WORDS and _SENTENCE.search(leaf.text[-8:])
    return leaf.linked >= _LINKED and not (known and is_sentence)


def _without_teasers(found: list[Leaf], *, known: bool) -> list[Leaf]:
    """The leaves that are not but links. In a known place a heading that is a link stays where text follows it; the words above
    a list of links go with it."""
    while found and found[-1].kind is BlockKind.LIST and (found[-1].linked >= _LAST_LIST or _lists_others(found[-1])):
        found = found[:-1]
        if found and _is_label(found[-1]):
            found = found[:-1]
    teasers = {id(leaf) for leaf in found if _is_teaser(leaf, known=known)}
    said = [leaf for leaf in found if leaf.kind is not None]
    following = {id(leaf): after for leaf, after in itertools.pairwise(said)}
    kept = []
    for leaf in found:
        after = following.get(id(leaf))
        below_are_links = after is not None and id(after) in teasers
        if id(leaf) in teasers:
            linked_heading = known and leaf.kind is BlockKind.HEADING and leaf.linked >= _LINKED
            if not linked_heading or after is None or below_are_links:
                continue
        elif below_are_links and after is not None and after.kind is BlockKind.LIST and _is_label(leaf):
            continue
        kept.append(leaf)
    return kept


_ABOVE_END = 40  # words of text above the line that ends it
_SHARE_ABOVE = 0.6


def _without_end(found: list[Leaf]) -> list[Leaf]:
    """Without what follows the article in its own place: from the first line of the masthead on, where little follows it. A bold
    line with no text below it is no heading."""
    total = sum(leaf.words for leaf in found if leaf.kind not in (None, BlockKind.CAPTION))
    words = 0
    for number, leaf in enumerate(found):
        far = words >= max(_ABOVE_END, _SHARE_ABOVE * total) and leaf.kind is BlockKind.PARAGRAPH
        if far and phrases.load().cut_prefixes.match(leaf.text):
            found = found[:number]
            break
        words += leaf.words if leaf.kind not in (None, BlockKind.CAPTION) else 0
    for leaf in reversed(found):
        if leaf.kind is BlockKind.HEADING and leaf.element.tag not in markup.HEADINGS:
            leaf.kind = BlockKind.PARAGRAPH
        elif leaf.kind not in (None, BlockKind.CAPTION) and (leaf.sentence or leaf.words > _SIGNS):
            break
    return found


_SIGNS = 12  # words of a line that signs a text


def _lists_others(leaf: Leaf) -> bool:
    """Nearly every item of a list holds a link that is as long as a title."""
    items = list(leaf.element.iter("li"))
    linked = sum(any(len(markup.inline(link).split()) >= _TITLE_WORDS for link in item.iter("a")) for item in items)
    return len(items) >= _ITEMS and linked >= _NEARLY * len(items)


_TITLE_WORDS = 4
_ITEMS = 3
_NEARLY = 0.8


def _is_label(leaf: Leaf) -> bool:
    """A few words without a stop: what stands above a list of links."""
    return leaf.words <= _LABEL_WORDS and not leaf.text.endswith((".", "!", "?", "…", "”"))


# ---------------------------------------------------------------- boxes that open with a label


def _without_boxes(found: Sequence[Leaf]) -> list[Leaf]:
    """Without the boxes that open with `Related`, `Most read` and the like: the label, and what stands in its element with it."""
    kept: list[Leaf] = []
    inside: set[int] = set()
    for number, leaf in enumerate(found):
        if id(leaf) in inside:
            continue
        if leaf.kind in (BlockKind.HEADING, BlockKind.PARAGRAPH) and leaf.words <= 8 and _is_label_of_others(leaf.text):
            inside = {id(one) for one in generic.inside(found[number:], _box(leaf, kept))}
            continue
        kept.append(leaf)
    return kept


def _is_label_of_others(said: str) -> bool:
    return phrases.key(said) in _labels()


@cache
def _labels() -> frozenset[str]:
    table = phrases.load()
    return table.labels | table.boxes | table.cut


def _box(label: Leaf, above: Sequence[Leaf]) -> Element:
    """The largest element around a label that holds nothing of what stands above it."""
    before = next((leaf.element for leaf in reversed(above)), None)
    held = {before, *before.iterancestors()} if before is not None else set()
    box = label.element
    for element in label.element.iterancestors():
        if element in held:
            break
        box = element
    return box


# ---------------------------------------------------------------- captions without a mark

_CAPTION_WORDS = 60
_CREDITS = ("nh", "ẢNH", "hoto", "Foto", "Image", "Video", "Clip", "ọa", "Nguồn", "Source")  # a photo's credit holds one of these


def _with_captions(found: Sequence[Leaf]) -> list[Leaf]:
    """The paragraphs that are a picture's caption made into captions: one sentence at most, with a photo's credit at its end.

    `(Nguồn: …)` is a photo's credit only beside a picture; elsewhere it may be the text's.
    """
    for before, leaf in zip((None, *found), found, strict=False):
        if leaf.kind is BlockKind.PARAGRAPH and leaf.words <= _CAPTION_WORDS and len(leaf.text) <= 600:
            if not any(word in leaf.text for word in _CREDITS):
                continue
            beside = before is not None and before.kind is None
            credit = shapes.PHOTO_CREDIT.search(leaf.text) or (shapes.SOURCE_CREDIT.search(leaf.text) if beside else None)
            if credit and not shapes.SENTENCE_BREAK.search(leaf.text[: credit.start()].rstrip()):
                leaf.kind = BlockKind.CAPTION
    return list(found)


def pictures(found: Iterable[Leaf]) -> list[tuple[str | None, str | None]]:
    """(address, caption) of the pictures, in page order: a caption belongs to the picture before it that has none yet."""
    made: list[tuple[str | None, str | None]] = []
    for leaf in found:
        if leaf.kind is None:
            made.append((leaf.image, None))
        elif leaf.kind is BlockKind.CAPTION:
            if made and made[-1][1] is None:
                made[-1] = (made[-1][0], leaf.text)
            else:
                made.append((None, leaf.text))
    return made
