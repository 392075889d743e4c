"""The body of an HTML page as blocks: from a known container as it stands, on any other page from what trafilatura finds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

import trafilatura
from lxml import etree, html

import text
from extract import markup, phrases
from extract.draft import WORDS, require_text, words_said
from model import Block, BlockKind


def read(tree: html.HtmlElement) -> tuple[Block, ...]:
    """A known container as it stands; what trafilatura finds on any other page."""
    for container in markup.containers(tree):
        blocks = tuple(_without_teasers([piece for part in container for piece in _contents(part)]))
        if words_said(blocks) >= WORDS:
            return blocks
    blocks = _found(tree)
    require_text(blocks)
    return blocks


_SENTENCE = re.compile(r"(?<![.…\s])\.[”\"’')\]]*$")  # dots cut a teaser short
_LABEL_WORDS = 6
_CALL_WORDS = 80
_LAST_LIST = 0.3  # share of links from which a list below the text is of other articles


@dataclass(frozen=True, kw_only=True, slots=True)
class _Piece:
    """A block as it was read, and how much of it is links, from 0 to 1."""

    block: Block
    linked: float
    known: bool  # it stands in a known container, where a sentence is the article's, though it be a link

    @property
    def teaser(self) -> bool:
        """Half of it or more is links: a title of another article, or several. A call to subscribe or to follow with a link."""
        if self.block.kind in (BlockKind.TABLE, BlockKind.CAPTION):
            return False
        said = self.block.text
        if self.linked > 0 and len(said.split()) <= _CALL_WORDS and phrases.load().promos.search(text.edit_key(said)):
            return True
        is_sentence = self.block.kind is BlockKind.PARAGRAPH and _SENTENCE.search(said) and len(said.split()) > _LABEL_WORDS
        return self.linked >= 0.5 and not (self.known and is_sentence)


class _Line:
    """Text gathered until the next border of a block, and how much of it is links."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._linked = 0

    def add(self, said: str | None, linked: bool = False) -> None:
        said = (said or "").replace("\n", " ")
        self._parts.append(said)
        self._linked += len(said.strip()) if linked else 0

    def close(self) -> Iterator[_Piece]:
        """Its paragraphs: two line breaks part them, one does not."""
        flow, linked = "".join(self._parts), self._linked
        self._parts, self._linked = [], 0
        share = _share(linked, markup.clean_flow(flow))
        for part in re.split(rf"{markup.BREAK}\s*(?:{markup.BREAK}\s*)+", flow):
            yield from _piece(BlockKind.PARAGRAPH, markup.clean_flow(part), share)


def _block(kind: BlockKind, said: str) -> Iterator[Block]:
    if said.startswith(markup.CAPTION_MARK):
        kind = BlockKind.CAPTION
    if said := said.replace(markup.CAPTION_MARK, "").strip():
        yield Block(kind=kind, text=said)


def _piece(kind: BlockKind, said: str, linked: float, *, known: bool = True) -> Iterator[_Piece]:
    yield from (_Piece(block=block, linked=linked, known=known) for block in _block(kind, said))


def _share(linked: int, said: str) -> float:
    return min(1.0, linked / len(said)) if said else 0.0


def _without_teasers(pieces: list[_Piece]) -> Iterator[Block]:
    """The blocks that are not but links. In a known container a heading that is a link stays where text follows it; the words
    above a list of links go with it."""
    while pieces and pieces[-1].block.kind is BlockKind.LIST and pieces[-1].linked >= _LAST_LIST:
        pieces = pieces[:-1]
        if pieces and _is_label(pieces[-1].block):
            pieces = pieces[:-1]
    for piece, after in zip_longest(pieces, pieces[1:]):
        ends = after is None or after.teaser
        linked_heading = piece.known and piece.block.kind is BlockKind.HEADING and piece.linked >= 0.5
        if piece.teaser and (ends or not linked_heading):
            continue
        above = after is not None and after.teaser and after.block.kind is BlockKind.LIST
        if above and _is_label(piece.block):
            continue
        yield piece.block


def _is_label(block: Block) -> bool:
    """A few words without a stop: what stands above a list of links."""
    return len(block.text.split()) <= _LABEL_WORDS and not block.text.endswith((".", "!", "?", "…", "”"))


def _contents(container: html.HtmlElement) -> Iterator[_Piece]:
    """All that a container holds but its controls."""
    markup.drop(markup.CONTROLS(container))
    line = _Line()
    linked = 0
    walk = etree.iterwalk(container, events=("start", "end"))
    for event, element in walk:
        tag = str(element.tag)
        if tag in markup.BLOCKS:
            yield from line.close()
        if tag == "a":
            linked += 1 if event == "start" else -1
        if event == "end":
            if element is not container:
                line.add(element.tail, linked > 0)
        elif (whole := _whole(element)) is not None:
            yield from whole
            walk.skip_subtree()
        else:
            line.add(markup.BREAK if tag == "br" else "")
            line.add(element.text, linked > 0)
    yield from line.close()


def _whole(element: etree._Element) -> Iterator[_Piece] | None:
    """The block that an element is by itself; None: look inside."""
    tag = str(element.tag)
    if tag in markup.HEADINGS:
        kind, said = BlockKind.HEADING, markup.text_of(element)
    elif tag in markup.LISTS:
        kind, said = BlockKind.LIST, _in_lines(element, "li", "dt", "dd")
    elif tag == "blockquote":
        kind, said = BlockKind.QUOTE, _in_lines(element, "p", "div", "li")
    elif tag == "table" and any(len(markup.cells(row)) > 1 for row in element.iter("tr")) and element.find(".//table") is None:
        kind, said = BlockKind.TABLE, "\n".join(" | ".join(cells) for row in element.iter("tr") if (cells := markup.cells(row)))
    else:
        return None
    linked = sum(len(markup.text_of(link)) for link in element.iter("a"))
    return _piece(kind, said, _share(linked, said))


def _in_lines(element: etree._Element, *borders: str) -> str:
    return "\n".join(filter(None, map(markup.clean_flow, markup.flow(element, frozenset(borders)).split("\n"))))


def _found(tree: html.HtmlElement) -> tuple[Block, ...]:
    _part_at_breaks(tree)
    _name_article(tree)
    _mark_links(tree)
    # Every option is spelled out, so that a new default changes nothing here.
    document = trafilatura.bare_extraction(
        tree,
        fast=False,
        favor_precision=False,
        favor_recall=False,
        include_comments=False,
        include_tables=True,
        include_images=False,
        include_formatting=False,
        include_links=False,
        deduplicate=False,  # stateful: with it the same page gives nothing from the fourth call on
        with_metadata=False,
        only_with_metadata=False,
        target_language=None,
        max_tree_size=None,
        url_blacklist=None,
        author_blacklist=None,
        prune_xpath=None,
        as_dict=False,
    )
    body = getattr(document, "body", None)
    return tuple(_without_teasers(list(_pieces(body)))) if body is not None else ()


def _mark_links(tree: html.HtmlElement) -> None:
    """Links leave their ends in the text: trafilatura keeps none, and what is but links must be told afterwards."""
    for link in tree.iter("a"):
        link.text = markup.LINK + (link.text or "")
        if len(link):
            link[-1].tail = (link[-1].tail or "") + markup.LINK_END
        else:
            link.text += markup.LINK_END


def _part_at_breaks(tree: html.HtmlElement) -> None:
    """Paragraphs that are only parted by two line breaks, or by an empty one, become paragraphs."""
    parents = dict.fromkeys(e.getparent() for e in tree.iter("br", "p") if _parts_text(e))
    for parent in parents:
        if parent is not None and str(parent.tag) in markup.BLOCKS and parent.tag != "pre":
            _part(parent)


def _parts_text(element: html.HtmlElement) -> bool:
    if element.tag == "p":
        return bool((element.tail or "").strip()) and len(element) == 0 and not (element.text or "").strip()
    following = element.getnext()
    return following is not None and following.tag == "br" and not (element.tail or "").strip()


def _part(parent: html.HtmlElement) -> None:
    runs: list[html.HtmlElement] = [html.Element("p")]
    runs[0].text, parent.text = parent.text, None
    for child in list(parent):
        if str(child.tag) in markup.BLOCKS or _parts_text(child):
            after = html.Element("p")
            after.text, child.tail = child.tail, None
            parent.remove(child)
            runs += [child, after] if child.tag not in ("br", "p") or markup.text_of(child) else [after]
        else:
            runs[-1].append(child)
    if parent.tag == "p":
        parent.tag = "div"
    parent.extend(run for run in runs if run.tag != "p" or markup.text_of(run) or len(run))


_NAMED = etree.XPath("//article | //main")
_FRAMES_OF_TEXT = frozenset(("body", "div", "section", "td", "center"))
_MOST = 2 / 3


def _name_article(tree: html.HtmlElement) -> None:
    """Where no element is called an article, the lowest one that holds most of the paragraphs is: of a page that it does not
    know, trafilatura takes the paragraphs alone, and leaves the headings and the lists between them."""
    if _NAMED(tree):
        return
    words = {paragraph: len(markup.text_of(paragraph).split()) for paragraph in markup.not_beside(tree, "p")}
    for element in reversed(list(tree.iter())):  # from the leaves up
        parent = element.getparent()
        if parent is not None and words.get(element):
            words[parent] = words.get(parent, 0) + words[element]
    places = [place for place in words if str(place.tag) in _FRAMES_OF_TEXT and words[place] > _MOST * words.get(tree, 0)]
    place = min(places, key=lambda place: words[place], default=None)
    if place is None:
        return
    if place.tag == "body":
        article = html.Element("article")
        article.text, place.text = place.text, None
        article.extend(list(place))
        place.append(article)
    else:
        place.tag = "article"


_KINDS = {"head": BlockKind.HEADING, "list": BlockKind.LIST, "quote": BlockKind.QUOTE, "table": BlockKind.TABLE}


_LINKED = re.compile(f"{markup.LINK}([^{markup.LINK}{markup.LINK_END}]*)(?:{markup.LINK_END}|$)")
_LINK_ENDS = re.compile(f"[{markup.LINK}{markup.LINK_END}]")


def _pieces(body: etree._Element) -> Iterator[_Piece]:
    for element in body:
        kind = _KINDS.get(str(element.tag), BlockKind.PARAGRAPH)
        marked = _table(element) if kind is BlockKind.TABLE else _lines(element)
        said = "\n".join(filter(None, (text.clean(line) for line in _LINK_ENDS.sub("", marked).split("\n"))))
        linked = sum(len(found.strip()) for found in _LINKED.findall(marked))
        yield from _piece(kind, said, _share(linked, said), known=False)


def _lines(element: etree._Element) -> str:
    """The element's text; items of a list and paragraphs of a quote are lines."""
    parts = [c for c in element if str(c.tag) in ("item", "p")]
    return "\n".join(filter(None, map(markup.text_of, parts))) if parts else markup.text_of(element)


def _table(element: etree._Element) -> str:
    rows = ([markup.text_of(cell) for cell in row.iter("cell")] for row in element.iter("row"))
    return "\n".join(" | ".join(filter(None, row)) for row in rows if any(row))
