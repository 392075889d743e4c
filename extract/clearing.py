"""The tree of an HTML page, cleared for reading: known boxes out, captions marked in their pictures' places, the lead taken."""

from __future__ import annotations

import re

from lxml import html

import text
from extract import markup


def prune(tree: html.HtmlElement) -> None:
    """Take out what is known not to be text, and put each picture's captions in the picture's place, marked."""
    markup.drop(markup.JUNK(tree))
    markup.drop(markup.BOXES(tree))
    _mark_captions(tree)
    for figure in markup.FIGURES(tree):
        if figure.getparent() is not None:
            _take_figure(figure)
    markup.drop(markup.FRAMES(tree))


def _take_figure(figure: html.HtmlElement) -> None:
    captions = [c for c in map(markup.text_of, markup.CAPTIONS(figure)) if c]
    if _is_picture(figure, captions):
        for caption in dict.fromkeys(captions):
            figure.addprevious(_mark(caption))
        if captions or figure.tag == "figure":
            figure.drop_tree()
    elif figure.tag == "figure":  # a table or a quote: its caption is one, the rest is text
        for element in figure.findall(".//figcaption"):
            if said := markup.text_of(element):
                figure.addprevious(_mark(said))
            element.drop_tree()
        figure.drop_tag()


def _mark(caption: str) -> html.HtmlElement:
    mark = html.Element("p")
    mark.text = markup.CAPTION_MARK + caption
    return mark


def _is_picture(figure: html.HtmlElement, captions: list[str]) -> bool:
    """It holds a picture, or nothing but a caption (a picture that a script loads), and no table of data, no quote."""
    if _is_data(figure) or figure.find(".//blockquote") is not None:
        return False
    return bool(markup.PICTURES(figure)) or markup.text_of(figure) == " ".join(captions)


def _is_data(figure: html.HtmlElement) -> bool:
    """Two or more rows of two or more cells with text, and more of them than rows of pictures, each with its captions."""
    rows = [(len(markup.cells(row)), bool(markup.PICTURES(row))) for row in figure.iter("tr")]
    said = sum(cells > 1 for cells, _ in rows)
    return said > 1 and said > sum(pictured and cells < 2 for cells, pictured in rows)


_PHOTO_CREDIT = re.compile(
    r"\((?:Ảnh|ẢNH|Photo|Foto|Đồ họa|Minh họa)\b[^()]*\)\s*\.?$|(?:^|(?<=[.!?…)”\"–-])\s*)(?:Ảnh|ẢNH|Photo)\s*:\s*[^.:]{1,60}\.?$"
)
_SOURCE_CREDIT = re.compile(r"\((?:Nguồn|Source)\b[^()]*\)\s*\.?$")
_SENTENCE_BREAK = re.compile(rf"(?<=[{text.LOWER})\d”\"])[.!?…][”\"’')]*\s+(?=[“\"{text.UPPER}])")
_CAPTION_WORDS = 60


def _mark_captions(tree: html.HtmlElement) -> None:
    """Mark the paragraphs that are a picture's caption: one sentence at most, with a photo's credit at its end.

    `(Nguồn: …)` is a photo's credit only beside a picture; elsewhere it may be the text's.
    """
    for element in list(tree.iter("p", "div")):
        if any(str(child.tag) in markup.BLOCKS for child in element.iterdescendants()):
            continue
        said = markup.text_of(element)
        if len(said) > 600 or len(said.split()) > _CAPTION_WORDS or element.getparent() is None:
            continue
        credit = _PHOTO_CREDIT.search(said) or (_SOURCE_CREDIT.search(said) if _beside_picture(element) else None)
        if credit and not _SENTENCE_BREAK.search(said[: credit.start()].rstrip()):
            element.addprevious(_mark(said))
            element.drop_tree()


def _beside_picture(element: html.HtmlElement) -> bool:
    """A picture without words stands in it, or directly before or after it."""
    if markup.PICTURES(element):
        return True
    before, after = element.getprevious(), element.getnext()
    return any(
        near is not None and bool(markup.PICTURES(near)) and not markup.text_of(near) and not (between or "").strip()
        for near, between in ((before, before.tail if before is not None else None), (after, element.tail))
    )


def lead(tree: html.HtmlElement, heading: html.HtmlElement | None) -> str | None:
    """The first lead below the title, taken out of the tree; one above it, beside it or below the body is another article's."""
    leads = markup.LEADS(tree) if heading is None else markup.LEADS_BELOW(heading)
    for container in markup.containers(tree)[:1]:
        below = set(markup.LEADS_BELOW(container[-1]))
        leads = [lead for lead in leads if lead not in below]
    for lead in leads:
        if said := markup.text_of(lead):
            lead.drop_tree()
            return said
    return None
