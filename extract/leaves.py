"""A tree as leaves: the page's text cut at the borders of its blocks, each with what tells an article's text from the rest.

All readers of HTML read these: the reader of known containers, the reader by shape, and the judge between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from lxml import etree

import text
from extract import families, markup
from extract.page import Element
from extract.shapes import word_count
from model import BlockKind, ExtractError

_SKIP = frozenset(
    (
        *("script", "style", "noscript", "template", "svg", "math", "head", "title", "meta", "link", "object", "embed", "applet"),
        *("map", "button", "select", "option", "input", "textarea", "label", "datalist", "canvas", "audio", "video", "iframe"),
        "dialog",
    )
)
_LEAVES = 30_000
_DEEPEST = 1_000  # levels; real pages have less than a hundred, and much is done once for each level above a text
_FRAMES = frozenset(("html", "body", "main", "article"))
_ASIDE_ROLES = frozenset(("navigation", "complementary", "contentinfo", "dialog", "banner", "search"))
_ASIDE = frozenset(("nav", "aside", "footer", "form", "menu"))
_WHOLE = markup.HEADINGS | {"figure", "table", "blockquote", "pre", "figcaption", "caption", "ul", "ol", "dl"}
_PARAGRAPHS = frozenset(("p", "blockquote", "pre", "li", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6"))


class Verdict(Enum):
    """What the name of an element says of what stands in it."""

    TEXT = "text"  # nothing against it
    DOUBTFUL = "doubtful"  # that it is no article; but where it holds most of the page, it is
    NEVER = "never"  # comments, related articles, a notice of cookies


@dataclass(kw_only=True, slots=True)
class Leaf:
    """A block of the page's text, or a picture (`kind` None)."""

    kind: BlockKind | None
    text: str
    words: int
    linked: float  # how much of it is links, from 0 to 1
    element: Element  # the block element that it stands in
    marked: bool  # its element is one that pages keep for text: p, li, a heading, a quote
    junk: Element | None  # the element around it whose name says that it is no article; None: there is none
    sentence: bool = False  # it ends as sentences do
    running: float = 0.0  # how much running text it is, in words, wherever it stands
    image: str | None = None  # address of the picture

    def __hash__(self) -> int:
        return id(self)


def leaf(kind: BlockKind, said: str, linked: float, element: Element, junk: Element | None = None) -> Leaf:
    """A leaf of text."""
    words, marked, sentence = word_count(said), element.tag in _PARAGRAPHS, is_sentence(said)
    running = 0.0
    if words >= _RUNNING or (sentence and words > _SHORT):
        share = 0.5 if kind is BlockKind.LIST else 1.0 if marked or sentence else 0.4
        running = words * (1.0 - linked) * share
    return Leaf(
        kind=kind,
        text=said,
        words=words,
        linked=linked,
        element=element,
        marked=marked,
        junk=junk,
        sentence=sentence,
        running=running,
    )


_SENTENCE = re.compile(r"[.!?…:;。！？؟।]['\"”’»)\]」』]*$")
_RUNNING = 10  # words of a leaf that runs, though it ends without a stop
_SHORT = 4


def is_sentence(said: str) -> bool:
    """It ends as sentences do."""
    return _SENTENCE.search(said, max(0, len(said) - 6)) is not None


def read(
    root: Element,
    *,
    figures: frozenset[Element] = frozenset(),
    captions: frozenset[Element] = frozenset(),
    dropped: frozenset[Element] = frozenset(),
    known: bool = False,
    spared: frozenset[Element] = frozenset(),
) -> list[Leaf]:
    """The leaves below an element, in page order. `dropped` are boxes of the template, left out whole.

    In a `known` container an element's name says nothing against it, nor does it against those `spared`.
    """
    reader = _Reader(figures, captions, dropped, known, spared)
    reader.walk(root)
    return reader.leaves


class _Reader:
    def __init__(
        self,
        figures: frozenset[Element],
        captions: frozenset[Element],
        dropped: frozenset[Element],
        known: bool,
        spared: frozenset[Element],
    ) -> None:
        self.leaves: list[Leaf] = []
        self._figures, self._captions, self._dropped, self._known = figures, captions, dropped, known
        self._spared = spared
        self._parts: list[str] = []
        self._linked: list[str] = []
        self._junk: Element | None = None

    def walk(self, root: Element) -> None:
        """One walk, written for speed: it passes every element of a page."""
        parts, linked, dropped, known, close = self._parts, self._linked, self._dropped, self._known, self._close
        blocks, skip, whole, named = markup.BLOCKS, _SKIP, _WHOLE, self._figures | self._captions
        link = 0  # how many links stand open
        block = [root]
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "start":
                if tag in skip:
                    walk.skip_subtree()
                    continue
                if (dropped and element in dropped) or (known and tag in _ASIDE and element is not root):
                    close(block[-1])
                    walk.skip_subtree()
                    continue
                if tag in blocks:
                    if parts:
                        close(block[-1])
                    if self._junk is None and element is not root and (verdict := self._verdict(element)) is not Verdict.TEXT:
                        if verdict is Verdict.NEVER:
                            walk.skip_subtree()
                            continue
                        self._junk = element
                    block.append(element)
                    if (tag in whole or (named and element in named)) and self._take(element):
                        walk.skip_subtree()
                        continue
                    if len(block) > _DEEPEST:
                        raise ExtractError(f"has blocks nested more than {_DEEPEST:,} deep", kind="too_large")
                elif tag == "a":
                    link += 1
                elif tag == "br":
                    parts.append(markup.BREAK)
                elif tag in ("img", "amp-img"):
                    self._picture(element, block[-1])
                elif not known and self._junk is None and element.get("class"):
                    if (verdict := self._verdict(element)) is Verdict.NEVER:
                        walk.skip_subtree()
                        continue
                    if verdict is Verdict.DOUBTFUL:
                        close(block[-1])
                        self._junk = element
                if (said := element.text) and (parts or not said.isspace()):
                    parts.append(said)
                    if link:
                        linked.append(said)
            else:
                if tag in blocks:
                    if block[-1] is element:
                        if parts:
                            close(element)
                        block.pop()
                elif tag == "a" and link:
                    link -= 1
                if self._junk is element:
                    close(block[-1])
                    self._junk = None
                if (said := element.tail) and element is not root and (parts or not said.isspace()):
                    parts.append(said)
                    if link:
                        linked.append(said)
        close(root)

    def _close(self, block: Element) -> None:
        """Make leaves of the text gathered so far: two line breaks part paragraphs, one does not."""
        flow = "".join(self._parts)
        self._parts.clear()
        links = "".join(self._linked) if self._linked else ""
        self._linked.clear()
        if not flow or flow.isspace():
            return
        share = min(1.0, _length(links) / max(1, _length(flow))) if links else 0.0
        pieces = _BREAKS.split(flow) if markup.BREAK in flow else [flow]
        tag = block.tag
        kind = BlockKind.LIST if tag in ("li", "dd", "dt") else BlockKind.PARAGRAPH
        if kind is BlockKind.PARAGRAPH and len(pieces) == 1 and tag in ("p", "div") and _is_bold(block, flow):
            kind = BlockKind.HEADING
        for piece in pieces:
            said = text.clean(piece.replace(markup.BREAK, " "))
            if not said:
                continue
            self._add(kind, said, share, block)

    def _add(self, kind: BlockKind, said: str, linked: float, element: Element) -> None:
        self.leaves.append(leaf(kind, said, linked, element, self._junk))
        if len(self.leaves) > _LEAVES:
            raise ExtractError(f"has more than {_LEAVES:,} blocks of text; no article has so many", kind="too_large")

    def _picture(self, element: Element, block: Element) -> None:
        address = next((element.get(name) for name in ("data-src", "data-original", "src") if element.get(name)), None)
        if address and not address.startswith("data:"):
            self.leaves.append(
                Leaf(
                    kind=None,
                    text="",
                    words=0,
                    linked=0.0,
                    element=block,
                    marked=False,
                    junk=self._junk,
                    image=address.strip(),
                )
            )

    def _verdict(self, element: Element) -> Verdict:
        """What an element's name says of what stands in it. What holds the title is not left out for its name."""
        if self._known or element.tag in _FRAMES or element in self._spared:
            return Verdict.TEXT
        names, ident = element.get("class"), element.get("id")
        verdict = by_name(names or "", ident or "") if names or ident else Verdict.TEXT
        if verdict is not Verdict.TEXT:
            return Verdict.DOUBTFUL if verdict is Verdict.NEVER and element.find(".//h1") is not None else verdict
        if element.tag in _ASIDE or element.get("role") in _ASIDE_ROLES or element.get("hidden") is not None:
            return Verdict.DOUBTFUL
        style = element.get("style")
        return Verdict.DOUBTFUL if style and "display" in style and _HIDDEN.search(style) else Verdict.TEXT

    # ------------------------------------------------------------ elements that are a block by themselves

    def _take(self, element: Element) -> bool:
        """Take an element whole; False: look inside."""
        tag = element.tag
        if (element in self._figures or tag == "figure") and self._figure(element):
            return True
        if element in self._captions or tag in ("figcaption", "caption"):
            return self._whole(BlockKind.CAPTION, element, markup.text_of(element))
        if tag in markup.HEADINGS:
            if any(child.tag in ("p", "div", "ul", "table") for child in element):
                return False
            return self._whole(BlockKind.HEADING, element, markup.text_of(element))
        if tag in markup.LISTS:
            return self._list(element)
        if tag == "table":
            return self._table(element)
        if tag == "blockquote":
            return self._whole(BlockKind.QUOTE, element, in_lines(element, "p", "div", "li"))
        return False

    def _whole(self, kind: BlockKind, element: Element, said: str) -> bool:
        for picture in element.iter("img", "amp-img"):
            self._picture(picture, element)
        if said:
            linked = sum(len(markup.inline(link)) for link in element.iter("a"))
            self._add(kind, said, min(1.0, linked / len(said)), element)
        return True

    def _list(self, element: Element) -> bool:
        """A list of items is one block; what uses a list for its layout, with headings, paragraphs and pictures, is not."""
        if self._junk is not None:
            return True  # a menu: nothing in it is asked for
        if any(True for _ in element.iter("h1", "h2", "h3", "h4", "table", "figure", "article", "section", "img")):
            return False
        return self._whole(BlockKind.LIST, element, in_lines(element, "li", "dt", "dd"))

    def _table(self, element: Element) -> bool:
        if element.find(".//table") is not None:
            return False  # tables in tables are a layout; looked into one by one they would take the cube of their depth
        if has_picture(element) and word_count(markup.text_of(element)) <= _CAPTION_WORDS and self._figure(element):
            return True
        cells = [markup.cells(row) for row in element.iter("tr")]
        if not any(len(row) > 1 for row in cells):
            return False
        if not self._known and any(word_count(cell) > _CELL_WORDS for row in cells for cell in row):
            return False  # a layout: no table of data has paragraphs in its cells
        return self._whole(BlockKind.TABLE, element, "\n".join(" | ".join(row) for row in cells if row))

    def _figure(self, element: Element) -> bool:
        """A picture with its captions. What is called a figure may hold a table of data or a quote: then look inside."""
        if any(element.find(f".//{tag}") is not None for tag in ("figure", "blockquote")) or is_data(element):
            return False
        captions = list(self._captions_of(element))
        said = markup.text_of(element)
        if not has_picture(element) and said != " ".join(captions):
            return False
        for picture in element.iter("img", "amp-img"):
            self._picture(picture, element)
        if not captions and said and element.tag != "figure":
            return False
        for caption in dict.fromkeys(captions):
            self._add(BlockKind.CAPTION, caption, 0.0, element)
        return True

    def _captions_of(self, figure: Element) -> Iterator[str]:
        found = [e for e in figure.iterdescendants() if e in self._captions or e.tag == "figcaption"]
        if not found and figure.tag == "table":
            found = [cell for row in list(figure.iter("tr"))[1:] for cell in row.iter("td")]
        yield from filter(None, map(markup.text_of, found))


def _length(flow: str) -> int:
    """Letters and signs, without blanks and breaks."""
    return sum(map(len, flow.split())) - flow.count(markup.BREAK)


_CELL_WORDS = 60
_CAPTION_WORDS = 80  # a table with a picture and no more words than that is the picture with its captions
_BOLD = frozenset(("strong", "b"))
_HEADING_WORDS = 20


def _is_bold(block: Element, flow: str) -> bool:
    """A few words that are bold, all of them, and no sentence: what a paragraph may be in place of a heading.

    A line at the right is a signature.
    """
    bare = flow.strip()
    if len(block) != 1 or block[0].tag not in _BOLD or not bare or bare[-1] in '.?!…:;,”"' or bare.startswith(("(", "[")):
        return False
    if (block.text and not block.text.isspace()) or (block[0].tail and not block[0].tail.isspace()):
        return False
    return word_count(bare) <= _HEADING_WORDS and "right" not in (block.get("style") or block.get("align") or "")


_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_BREAKS = re.compile(rf"{markup.BREAK}\s*(?:{markup.BREAK}\s*)+")


def in_lines(element: Element, *borders: str) -> str:
    """The element's text, a line for each of these elements in it."""
    return "\n".join(filter(None, map(markup.clean_flow, markup.flow(element, frozenset(borders)).split("\n"))))


def has_picture(element: Element) -> bool:
    return next(element.iter("img", "picture", "video", "iframe", "amp-img"), None) is not None


def is_data(figure: Element) -> bool:
    """Two or more rows of two or more cells with text, and more of them than rows of pictures, each with its captions."""
    rows = [(len(markup.cells(row)), has_picture(row)) for row in figure.iter("tr")]
    said = sum(cells > 1 for cells, _ in rows)
    return said > 1 and said > sum(pictured and cells < 2 for cells, pictured in rows)


@lru_cache(maxsize=20_000)
def by_name(names: str, ident: str) -> Verdict:
    """What a class or an id says of what stands in its element."""
    table, words = families.load(), _words_of(f"{names[:120]} {ident[:60]}")
    if table.never.search(words):
        return Verdict.NEVER
    return Verdict.DOUBTFUL if table.no_article.search(words) else Verdict.TEXT


_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SIGN = re.compile(r"[^a-z0-9]+")


def _words_of(names: str) -> str:
    """`relatedPosts post__share-box` -> ` related posts post share box `: names in single words."""
    return f" {_SIGN.sub(' ', _HUMP.sub(' ', names).lower()).strip()} "
