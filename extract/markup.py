"""What is known of the sites' markup: tables of selectors, and how elements flow into text (docs/facts.md).

A page that matches none of it is read all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree, html

import text
from extract.draft import WORDS


def _classes(*names: str) -> str:
    """XPath condition: the element has one of these class names."""
    return " or ".join(f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')" for name in names)


# Beside the article: what stands in there is newer, and another's.
_IS_BESIDE = (
    "(self::aside or self::nav or self::footer or @role='complementary' or @role='contentinfo'"
    f" or (not(self::body) and ({_classes('sidebar', 'footer')})))"
)
_BESIDE = f"ancestor-or-self::*[{_IS_BESIDE}]"
BESIDES = etree.XPath(f"//*[{_IS_BESIDE}]")
# Boxes inside the body that are not the article: related teasers, tags, share buttons.
_IS_BOX = _classes(
    *("__mb_article_in_image", "__MB_ARTICLE_A", "_MB_EMBEDNEWS", "article-relate", "article-detail-source"),
    *("article-detail-similar", "article-detail-other", "article-detail-tags", "article-tag", "bqt-share-social"),
    *("kbwscwl-relatedbox", "detail-tag-list", "cms-relate", "article__tag", "cms-note", "notebox"),
)
BOXES = etree.XPath(f"//*[{_IS_BOX} or @type='RelatedNewsBox']")
_IS_LEAD = (
    "("
    + _classes("article-detail-desc", "detail-sapo", "article__sapo", "cms-desc", "article-sapo", "article__summary")
    + f" or @data-role='sapo') and not({_BESIDE})"
)
LEADS = etree.XPath(f"//*[{_IS_LEAD}]")
LEADS_BELOW = etree.XPath(f"following::*[{_IS_LEAD}]")
# Where the body stands, most telling first: a CMS's own box, then what any page may use.
CONTAINERS = tuple(
    etree.XPath(f"//*[({condition}) and not({_BESIDE})]")
    for condition in (
        f"@id='articleBody' and ancestor::*[{_classes('__MASTERCMS_CONTENT')}]",
        _classes("__MASTERCMS_CONTENT"),
        f"@data-role='content' and ({_classes('detail-content')})",
        _classes("cms-body"),
        "@itemprop='articleBody'",
        _classes("entry-content"),
        _classes("article__body"),
    )
)
FIGURES = etree.XPath(
    "//figure | //table["
    + _classes("MASTERCMS_TPL_TABLE", "image", "contentimg", "picture")
    + f"] | //div[{_classes('wp-caption')}]"
)
CAPTIONS = etree.XPath(
    ".//figcaption | .//tr[position() > 1]/td | .//*[" + _classes("PhotoCMS_Caption", "caption", "wp-caption-text") + "]"
)
DATES = etree.XPath(
    "//*[("
    + _classes("article-date", "article-detail-date", "format_time", "format_date", "detail-time", "article__meta", "cms-date")
    + " or "
    + _classes("post-subinfo", "entry-date")
    + f" or @data-role='publishdate' or @itemprop='datePublished') and not({_BESIDE})]"
)
CLOCK_PARTS = etree.XPath("../*[" + _classes("format_time", "format_date") + "]")  # `08:01` and `26/02/2026` side by side
TIMES = etree.XPath(f"//time[@datetime and not({_BESIDE})]")
# No date of an article: what stands beside it, and the clock in the page's header.
NO_DATES = etree.XPath(
    f"//*[{_IS_BESIDE}] | //header[not(.//h1) and not(ancestor::article) and not(ancestor::main)] | //*["
    + _classes("hna-time", "header-time", "clock")
    + f"] | //*[{_IS_BOX} or @type='RelatedNewsBox']"
)
SECTION = etree.XPath(
    "//ul[" + _classes("breadcrumb") + "]//li[last()]//a | //*[" + _classes("detail-breadcrumb", "list-cate") + "]//a[last()]"
)
TAGS = etree.XPath("//*[" + _classes("article-tag", "detail-tag-list", "article__tag") + "]//a")
AUTHOR = etree.XPath("//*[" + _classes("article-detail-author", "article__author", "cms-author", "detail-author") + "]")
META = etree.XPath("//meta[@content and (@property or @name or @itemprop)]")
SCRIPTS = etree.XPath(
    "//script[starts-with(translate(normalize-space(@type), 'APLICTONDJS', 'aplictondjs'), 'application/ld+json')]"
)
CANONICAL = etree.XPath("//link[@rel='canonical']/@href")
H1 = etree.XPath(f"//h1[not({_BESIDE})]")
JUNK = etree.XPath("//script | //style | //noscript | //template | //svg | //comment() | //processing-instruction()")
FRAMES = etree.XPath("//iframe")
CONTROLS = etree.XPath(".//aside | .//nav | .//footer | .//form | .//button")
PICTURES = etree.XPath("descendant-or-self::*[self::img or self::picture or self::video or self::iframe or self::amp-img]")
CAPTION_MARK = "\ue000"  # a private character: carries a caption through the readers, which know none
LINK, LINK_END = "\ue001", "\ue002"  # the same for links, whose share of a block tells a teaser from a sentence
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


def first_text(elements: Iterable[etree._Element]) -> str | None:
    return next((found for found in map(text_of, elements) if found), None)


def drop(elements: Iterable[html.HtmlElement]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def not_beside(tree: html.HtmlElement, *tags: str) -> Iterator[html.HtmlElement]:
    """The elements of these tags that do not stand beside the article, in page order. One walk: pages may be deep."""
    beside = set(BESIDES(tree))
    walk = etree.iterwalk(tree, events=("start",))
    for _, element in walk:
        if element in beside:
            walk.skip_subtree()
        elif element.tag in tags:
            yield element


def cells(row: etree._Element) -> list[str]:
    return [said for said in map(text_of, row.xpath("td | th")) if said]


def containers(tree: html.HtmlElement) -> list[list[html.HtmlElement]]:
    """The known containers, best first: of each kind the first that holds text, with the other parts of the same article.

    A body may come in parts, below one parent or in one article element; elsewhere on the page the same kind of container
    holds another article.
    """
    found = []
    for kind in CONTAINERS:
        places = dict.fromkeys(kind(tree))
        first = next((p for p in places if len(text_of(p).split()) >= WORDS), None)
        if first is not None:
            found.append([p for p in places if _together(p, first) and places.keys().isdisjoint(p.iterancestors())])
    return found


def _together(one: html.HtmlElement, other: html.HtmlElement) -> bool:
    near, far = (next(element.iterancestors("article"), None) for element in (one, other))
    return one.getparent() is other.getparent() or (near is not None and near is far)
