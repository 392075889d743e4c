"""How the elements of a page flow into text (docs/facts.md)."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

import text

LINK, LINK_END = "\ue001", "\ue002"  # private characters: carry the ends of links through trafilatura, which keeps none
BREAK = "\x01"  # stands for a <br>: no page holds it, for it is no character of XML
# Elements whose borders part words; all others stand inside a line.
_NAMES = (
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section summary table tbody td tfoot th thead title tr ul"
)
BLOCKS = frozenset(_NAMES.split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LISTS = frozenset(("ul", "ol", "dl"))


def flow(element: etree._Element, borders: frozenset[str] = frozenset()) -> str:
    """The element's text as the page shows it: a blank where blocks meet, BREAK for <br>, a newline at these borders."""
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        tag = str(node.tag)
        if tag in BLOCKS:
            parts.append("\n" if tag in borders else " ")
        if event == "start":
            parts.append(BREAK if tag in ("br", "lb") else "")
            parts.append((node.text or "").replace("\n", " "))
        elif node is not element:
            parts.append((node.tail or "").replace("\n", " "))
    return "".join(parts)


def clean_flow(flow: str) -> str:
    return text.clean(flow.replace(BREAK, " "))


def text_of(element: etree._Element) -> str:
    return clean_flow(flow(element))


def inline(element: etree._Element, most: int | None = None) -> str:
    """The text of an element that holds no blocks, several times as fast; about `most` characters of it."""
    return " ".join(("".join(element.itertext()) if most is None else joined(element, most)).split())


def joined(element: etree._Element, most: int) -> str:
    """What the element says, as it stands; no more than is needed for `most` characters that are no blanks."""
    parts, length = [], 0
    for part in element.itertext():
        parts.append(part[: 2 * most])
        length += len(part.strip())
        if length > most:
            break
    return "".join(parts)


def drop(elements: Iterable[etree._Element]) -> None:
    """Take elements out of their tree, and leave what follows them where it is."""
    for element in elements:
        parent = element.getparent()
        if parent is None:
            continue
        if element.tail:
            before = element.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + element.tail
            else:
                parent.text = (parent.text or "") + element.tail
            element.tail = None
        parent.remove(element)


def cells(row: etree._Element) -> list[str]:
    return [said for said in map(text_of, row.xpath("td | th")) if said]
