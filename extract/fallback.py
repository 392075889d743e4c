"""trafilatura with a filter of links: the reader that is asked where our own readers do not agree, or found too little.

It changes the tree, so it comes last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import trafilatura
from lxml import etree, html

import text
from extract import markup
from extract.leaves import Leaf, leaf
from extract.page import Element
from model import BlockKind

_JUNK = ("script", "style", "noscript", "template", "svg", "iframe")


def read(page: Element, dropped: Iterable[Element], captions: Iterable[Leaf]) -> list[Leaf]:
    """What trafilatura finds, as leaves, without the boxes of templates; the captions known already stay captions."""
    markup.drop(dropped)
    markup.drop(list(page.iter(*_JUNK)))
    tree = html.document_fromstring(
        etree.tostring(page, encoding="utf-8"), parser=html.HTMLParser(encoding="utf-8", huge_tree=True)
    )
    _part_at_breaks(tree)
    _name_article(tree)
    _mark_links(tree)
    # Every option is spelled out, so that a new default changes nothing here.
    document = trafilatura.bare_extraction(
        tree,
        fast=True,
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
    known = {one.text for one in captions}
    return [_as_caption(one) if one.text in known else one for one in _leaves(body)] if body is not None else []


def _as_caption(one: Leaf) -> Leaf:
    one.kind = BlockKind.CAPTION
    return one


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


_FRAMES_OF_TEXT = frozenset(("body", "div", "section", "td", "center"))
_MOST = 2 / 3


def _name_article(tree: html.HtmlElement) -> None:
    """Where no element is called an article, the lowest one that holds most of the paragraphs is: of a page that it does not
    know, trafilatura takes the paragraphs alone, and leaves the headings and the lists between them."""
    if next(tree.iter("article", "main"), None) is not None:
        return
    words = {paragraph: len(markup.text_of(paragraph).split()) for paragraph in tree.iter("p")}
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


def _leaves(body: etree._Element) -> Iterator[Leaf]:
    for element in body:
        kind = _KINDS.get(str(element.tag), BlockKind.PARAGRAPH)
        marked = _table(element) if kind is BlockKind.TABLE else _lines(element)
        said = "\n".join(filter(None, (text.clean(line) for line in _LINK_ENDS.sub("", marked).split("\n"))))
        linked = sum(len(found.strip()) for found in _LINKED.findall(marked))
        if said:
            share = min(1.0, linked / len(said))
            yield leaf(kind, said, share, element)


def _lines(element: etree._Element) -> str:
    """The element's text; items of a list and paragraphs of a quote are lines."""
    parts = [c for c in element if str(c.tag) in ("item", "p")]
    return "\n".join(filter(None, map(markup.text_of, parts))) if parts else markup.text_of(element)


def _table(element: etree._Element) -> str:
    rows = ([markup.text_of(cell) for cell in row.iter("cell")] for row in element.iter("row"))
    return "\n".join(" | ".join(filter(None, row)) for row in rows if any(row))
