"""The reader of HTML pages: fields from the page's own words, the body from a tree cleared of known boxes.

A known container is read as it stands; on any other page trafilatura finds the body. What is known of the sites' markup is the
table below; a page that matches none of it is read all the same.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time

import htmldate
import trafilatura
from lxml import etree, html

import text
import urls
from extract import dates, jsonld, outlets
from extract.draft import Draft
from model import Block, BlockKind, Credit, ExtractError

# ---------------------------------------------------------------- what is known of the sites (docs/facts.md)


def _classes(*names: str) -> str:
    """XPath condition: the element has one of these class names."""
    return " or ".join(f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')" for name in names)


# Beside the article: what stands in there is newer, and another's.
_IS_BESIDE = (
    "(self::aside or self::nav or self::footer or @role='complementary' or @role='contentinfo'"
    f" or (not(self::body) and ({_classes('sidebar', 'footer')})))"
)
_BESIDE = f"ancestor-or-self::*[{_IS_BESIDE}]"
_BESIDES = etree.XPath(f"//*[{_IS_BESIDE}]")

# Boxes inside the body that are not the article: related teasers, tags, share buttons.
_IS_BOX = _classes(
    *("__mb_article_in_image", "__MB_ARTICLE_A", "_MB_EMBEDNEWS", "article-relate", "article-detail-source"),
    *("article-detail-similar", "article-detail-other", "article-detail-tags", "article-tag", "bqt-share-social"),
    *("kbwscwl-relatedbox", "detail-tag-list", "cms-relate", "article__tag", "cms-note", "notebox"),
)
_BOXES = etree.XPath(f"//*[{_IS_BOX} or @type='RelatedNewsBox']")
_IS_LEAD = (
    "("
    + _classes("article-detail-desc", "detail-sapo", "article__sapo", "cms-desc", "article-sapo", "article__summary")
    + f" or @data-role='sapo') and not({_BESIDE})"
)
_LEADS = etree.XPath(f"//*[{_IS_LEAD}]")
_LEADS_BELOW = etree.XPath(f"following::*[{_IS_LEAD}]")
# Where the body stands, most telling first: a CMS's own box, then what any page may use.
_CONTAINERS = tuple(
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
_FIGURES = etree.XPath(
    "//figure | //table["
    + _classes("MASTERCMS_TPL_TABLE", "image", "contentimg", "picture")
    + f"] | //div[{_classes('wp-caption')}]"
)
_CAPTIONS = etree.XPath(
    ".//figcaption | .//tr[position() > 1]/td | .//*[" + _classes("PhotoCMS_Caption", "caption", "wp-caption-text") + "]"
)
_DATES = etree.XPath(
    "//*[("
    + _classes("article-date", "article-detail-date", "format_time", "format_date", "detail-time", "article__meta", "cms-date")
    + " or "
    + _classes("post-subinfo", "entry-date")
    + f" or @data-role='publishdate' or @itemprop='datePublished') and not({_BESIDE})]"
)
_CLOCK_PARTS = etree.XPath("../*[" + _classes("format_time", "format_date") + "]")  # `08:01` and `26/02/2026` side by side
_TIMES = etree.XPath(f"//time[@datetime and not({_BESIDE})]")
# No date of an article: what stands beside it, and the clock in the page's header.
_NO_DATES = etree.XPath(
    f"//*[{_IS_BESIDE}] | //header[not(.//h1) and not(ancestor::article) and not(ancestor::main)] | //*["
    + _classes("hna-time", "header-time", "clock")
    + f"] | //*[{_IS_BOX} or @type='RelatedNewsBox']"
)
_SECTION = etree.XPath(
    "//ul[" + _classes("breadcrumb") + "]//li[last()]//a | //*[" + _classes("detail-breadcrumb", "list-cate") + "]//a[last()]"
)
_TAGS = etree.XPath("//*[" + _classes("article-tag", "detail-tag-list", "article__tag") + "]//a")
_AUTHOR = etree.XPath("//*[" + _classes("article-detail-author", "article__author", "cms-author", "detail-author") + "]")

_META = etree.XPath("//meta[@content and (@property or @name or @itemprop)]")
_SCRIPTS = etree.XPath(
    "//script[starts-with(translate(normalize-space(@type), 'APLICTONDJS', 'aplictondjs'), 'application/ld+json')]"
)
_CANONICAL = etree.XPath("//link[@rel='canonical']/@href")
_H1 = etree.XPath(f"//h1[not({_BESIDE})]")
_JUNK = etree.XPath("//script | //style | //noscript | //template | //svg | //comment() | //processing-instruction()")
_FRAMES = etree.XPath("//iframe")
_CONTROLS = etree.XPath(".//aside | .//nav | .//footer | .//form | .//button")
_PICTURES = etree.XPath("descendant-or-self::*[self::img or self::picture or self::video or self::iframe or self::amp-img]")

_CAPTION_MARK = "\ue000"  # a private character: carries a caption through the readers, which know none
_BREAK = "\x01"  # stands for a <br>: no page holds it, for it is no character of XML
_WORDS = 15  # a text with fewer words is no article; an official notice of three sentences has more

# Elements whose borders part words; all others stand inside a line.
_BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "details",
            "div",
            "dl",
            "dt",
            "fieldset",
        ),
        *(
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "li",
            "main",
            "nav",
            "ol",
        ),
        *("option", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul"),
    )
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS = frozenset(("ul", "ol", "dl"))


def read(page: str, captured: datetime) -> Draft:
    """The article of an HTML page, read with the calendar of its day of capture.

    Raises ExtractError (kind no_article) where no text is found.
    """
    tree = _parse(page)
    meta = _meta(tree)
    named = [n for n in (meta.get("og:title"), _first_text(tree.xpath("//title"))) if n]
    scripts = (script.text_content() for script in _SCRIPTS(tree))
    claims = jsonld.claims(scripts, named=[*filter(None, map(_text, _H1(tree))), *named])
    heading, title = _title(tree, [*filter(None, [claims.headline]), *named], meta.get("og:site_name"))
    published = _published(tree, meta, claims, captured)
    canonical = _canonical(tree, meta)
    fields = Draft(
        title=title,
        blocks=(),
        section=_first_text(_SECTION(tree)) or claims.section or meta.get("article:section"),
        tags=tuple(dict.fromkeys(t for t in (_text(a) for a in _TAGS(tree)) if t)) or claims.keywords,
        authors=_authors(tree) or claims.authors,
        canonical=canonical,
        language=(tree.get("lang") or "")[:2].lower() or None,
        published=published,
        modified=_modified(published, claims.modified, dates.parse(meta.get("article:modified_time", ""))),
    )
    _prune(tree)  # from here on the tree holds the body, and what no table knows
    lead = _lead(tree, heading)
    credit, origin = _source_link(tree, canonical)
    blocks, lead = _lead_once(_without_title(_body(tree), title), lead)
    return _ending(replace(fields, blocks=blocks, lead=lead, credit=credit, origin_url=origin))


# What XML does not allow, and the character that carries captions. The parser takes these; the trees refuse them later.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue001-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")


def _legal(page: str) -> str:
    """The page without characters that XML does not allow, written as themselves or by number."""

    def by_number(found: re.Match[str]) -> str:
        digits, base = (found[1], 16) if found[1] else (found[2], 10)
        digits = digits.lstrip("0")
        number = int(digits or "0", base) if len(digits) < 8 else 0
        return found[0] if 0 < number < 0x110000 and not _ILLEGAL.match(chr(number)) else " "

    return _REFERENCE.sub(by_number, _ILLEGAL.sub(lambda m: " " if m[0].isspace() else "", page))


def _parse(page: str) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(_legal(page).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ExtractError("is no HTML that can be parsed", kind="no_article") from error


# ---------------------------------------------------------------- fields


def _flow(element: etree._Element, borders: frozenset[str] = frozenset()) -> str:
    """The element's text as the page shows it: a blank where blocks meet, _BREAK for <br>, a newline at these borders."""
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        tag = str(node.tag)
        if tag in _BLOCKS:
            parts.append("\n" if tag in borders else " ")
        if event == "start":
            parts.append(_BREAK if tag in ("br", "lb") else "")
            parts.append((node.text or "").replace("\n", " "))
        elif node is not element:
            parts.append((node.tail or "").replace("\n", " "))
    return "".join(parts)


def _clean(flow: str) -> str:
    return text.clean(flow.replace(_BREAK, " "))


def _text(element: etree._Element) -> str:
    return _clean(_flow(element))


def _first_text(elements: Iterable[etree._Element]) -> str | None:
    return next((found for found in map(_text, elements) if found), None)


def _meta(tree: html.HtmlElement) -> dict[str, str]:
    """The first content of each meta name, entities decoded (twice encoded is common)."""
    found: dict[str, str] = {}
    for element in _META(tree):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        found.setdefault(name.lower(), text.clean(text.unescape(element.get("content") or "")))
    return found


_SUFFIX = re.compile(r"\s*[|»]\s*|\s+[-–—]\s+")


def _title(tree: html.HtmlElement, named: list[str], site_name: str | None) -> tuple[html.HtmlElement | None, str | None]:
    """(its h1, the title): the h1 that is most like what the page calls itself elsewhere; else JSON-LD, og:title, title."""
    headings = [(h, said) for h in _H1(tree) if (said := _text(h))]
    sites = {text.match_key(said) for _, said in headings if any(_is_site(said, name) for name in named)}
    sites |= {text.match_key(site_name)} if site_name else set()
    sites -= {text.match_key(name) for name in named[:-1]}  # what JSON-LD or og:title calls the article is its title
    real = [(h, said) for h, said in headings if text.match_key(said) not in sites]
    shared = [(max((jsonld.alike(said, n) for n in named if _shared(said, n) >= 0.4), default=0.0), h, said) for h, said in real]
    best = max(shared, key=lambda found: found[0], default=(0.0, None, None))
    if best[0] > 0:
        return best[1], best[2]
    if named:
        parts = _SUFFIX.split(named[0])
        return None, named[0] if len(parts) == 1 or text.match_key(parts[-1]) not in sites else _without_suffix(named[0])
    return next(iter(real or headings), (None, None))


def _is_site(heading: str, name: str) -> bool:
    """The heading is one part of `Title | Site` or `Site - Title`, and not the longest one."""
    parts = [text.match_key(part) for part in _SUFFIX.split(name)]
    return len(parts) > 1 and text.match_key(heading) in parts and text.match_key(heading) != max(parts, key=len)


def _without_suffix(name: str) -> str:
    return name[: [m.start() for m in _SUFFIX.finditer(name)][-1]]


def _shared(one: str, other: str) -> float:
    mine, theirs = set(text.words(one)), set(text.words(other))
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


_PLACES = 20  # elements that are asked for a date; a page has one or two


def _published(tree: html.HtmlElement, meta: dict[str, str], claims: jsonld.Claims, captured: datetime) -> datetime | None:
    """JSON-LD, meta, the site's own place, then htmldate; never later than the capture.

    Where that gives a day alone, the clock is that of the first time element of the same day.
    """
    told = [claims.published, *(dates.parse(meta[k]) for k in ("article:published_time", "datepublished") if k in meta)]
    told += [dates.parse(_stamp(element)) for element in _DATES(tree)[:_PLACES]]
    told = [moment for moment in told if dates.possible(moment, captured)]
    day = told[0] if told else _guess(tree, captured)
    if day is None or day.time() != time():
        return day
    clocks = (*told, *(dates.parse(element.get("datetime", "")) for element in _TIMES(tree)))
    return next((c for c in clocks if c and c.time() != time() and _day(c) == _day(day) and dates.possible(c, captured)), day)


def _day(moment: datetime) -> str:
    return moment.astimezone(dates.ZONE).date().isoformat()


def _stamp(element: html.HtmlElement) -> str:
    """What a date's element says: for programs first, in itself or in a time inside it; day and clock may stand side by side."""
    for place in (element, *element.iterfind(".//time[@datetime]")):
        if said := place.get("datetime") or place.get("content"):
            return said
    parts = _CLOCK_PARTS(element) if element.get("class", "").find("format_") >= 0 else []
    return " ".join(_text(part) for part in parts or [element])[:120]


def _modified(published: datetime | None, *told: datetime | None) -> datetime | None:
    """The first that is not before the publication: an earlier one is a slip of the CMS or another thing's date."""
    return next((moment for moment in told if moment and not (published and moment < published)), None)


def _guess(tree: html.HtmlElement, captured: datetime) -> datetime | None:
    """htmldate's answer. Its latest date defaults to today: it must be the capture's day, in the publisher's zone."""
    day = captured.astimezone(dates.ZONE).strftime("%Y-%m-%d")
    tree = copy.deepcopy(tree)
    _drop(_NO_DATES(tree))
    try:
        found = htmldate.find_date(tree, original_date=True, extensive_search=False, max_date=day, outputformat="%Y-%m-%d")
    except (ValueError, TypeError, AttributeError, OverflowError):  # its parsers fail on odd dates
        return None
    return dates.parse(found) if found else None


def _authors(tree: html.HtmlElement) -> tuple[str, ...]:
    names = (name for element in _AUTHOR(tree) for name in re.split(r"\s*[,;–]\s+|\s+và\s+", _text(element)))
    return tuple(dict.fromkeys(n for n in names if 2 < len(n) < 60 and not outlets.by_alias(n)))


def _canonical(tree: html.HtmlElement, meta: dict[str, str]) -> str | None:
    """The page's own address, if it is one of an article and not of a list or the front page."""
    for url in (*(str(href).strip() for href in _CANONICAL(tree)), meta.get("og:url", "")):
        if urls.is_web(url) and not urls.is_home(url) and not urls.is_list(url):
            return url
    return None


# ---------------------------------------------------------------- clearing the tree


def _drop(elements: Iterable[html.HtmlElement]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def _not_beside(tree: html.HtmlElement, *tags: str) -> Iterator[html.HtmlElement]:
    """The elements of these tags that do not stand beside the article, in page order. One walk: pages may be deep."""
    beside = set(_BESIDES(tree))
    walk = etree.iterwalk(tree, events=("start",))
    for _, element in walk:
        if element in beside:
            walk.skip_subtree()
        elif element.tag in tags:
            yield element


def _prune(tree: html.HtmlElement) -> None:
    """Take out what is known not to be text, and put each picture's captions in the picture's place, marked."""
    _drop(_JUNK(tree))
    _drop(_BOXES(tree))
    _mark_captions(tree)
    for figure in _FIGURES(tree):
        if figure.getparent() is not None:
            _take_figure(figure)
    _drop(_FRAMES(tree))


def _take_figure(figure: html.HtmlElement) -> None:
    captions = [c for c in map(_text, _CAPTIONS(figure)) if c]
    if _is_picture(figure, captions):
        for caption in dict.fromkeys(captions):
            figure.addprevious(_mark(caption))
        if captions or figure.tag == "figure":
            figure.drop_tree()
    elif figure.tag == "figure":  # a table or a quote: its caption is one, the rest is text
        for element in figure.findall(".//figcaption"):
            if said := _text(element):
                figure.addprevious(_mark(said))
            element.drop_tree()
        figure.drop_tag()


def _mark(caption: str) -> html.HtmlElement:
    mark = html.Element("p")
    mark.text = _CAPTION_MARK + caption
    return mark


def _is_picture(figure: html.HtmlElement, captions: list[str]) -> bool:
    """It holds a picture, or nothing but a caption (a picture that a script loads), and no table of data, no quote."""
    if _is_data(figure) or figure.find(".//blockquote") is not None:
        return False
    return bool(_PICTURES(figure)) or _text(figure) == " ".join(captions)


def _is_data(figure: html.HtmlElement) -> bool:
    """Two or more rows of two or more cells with text, and more of them than rows of pictures, each with its captions."""
    rows = [(len(_cells(row)), bool(_PICTURES(row))) for row in figure.iter("tr")]
    said = sum(cells > 1 for cells, _ in rows)
    return said > 1 and said > sum(pictured and cells < 2 for cells, pictured in rows)


def _cells(row: etree._Element) -> list[str]:
    return [said for said in map(_text, row.xpath("td | th")) if said]


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
        if any(str(child.tag) in _BLOCKS for child in element.iterdescendants()):
            continue
        said = _text(element)
        if len(said) > 600 or len(said.split()) > _CAPTION_WORDS or element.getparent() is None:
            continue
        credit = _PHOTO_CREDIT.search(said) or (_SOURCE_CREDIT.search(said) if _beside_picture(element) else None)
        if credit and not _SENTENCE_BREAK.search(said[: credit.start()].rstrip()):
            element.addprevious(_mark(said))
            element.drop_tree()


def _beside_picture(element: html.HtmlElement) -> bool:
    """A picture without words stands in it, or directly before or after it."""
    if _PICTURES(element):
        return True
    before, after = element.getprevious(), element.getnext()
    return any(
        near is not None and bool(_PICTURES(near)) and not _text(near) and not (between or "").strip()
        for near, between in ((before, before.tail if before is not None else None), (after, element.tail))
    )


def _lead(tree: html.HtmlElement, heading: html.HtmlElement | None) -> str | None:
    """The first lead below the title, taken out of the tree; one above it, beside it or below the body is another article's."""
    leads = _LEADS(tree) if heading is None else _LEADS_BELOW(heading)
    for container in _containers(tree)[:1]:
        below = set(_LEADS_BELOW(container[-1]))
        leads = [lead for lead in leads if lead not in below]
    for lead in leads:
        if said := _text(lead):
            lead.drop_tree()
            return said
    return None


# ---------------------------------------------------------------- where the text comes from

_SOURCE_WORDS = frozenset(
    map(text.match_key, ("Nguồn", "Nguồn tin", "Nguồn bài viết", "Bài gốc", "Link bài gốc", "Link gốc", "Source"))
)


def _source_link(tree: html.HtmlElement, canonical: str | None) -> tuple[Credit | None, str | None]:
    """(credit, address) of a link below the text that names the source: `Nguồn`, or an outlet after it. Its line is taken out."""
    said_in: dict[html.HtmlElement, str] = {}
    for link in reversed(list(_not_beside(tree, "a", "p"))):
        if link.tag == "p":
            if _is_prose(link):
                break
            continue
        url, said = (link.get("href") or "").strip(), _text(link)
        if len(said) > 60 or not urls.is_web(url) or (canonical and urls.same_site(url, canonical)):
            continue
        line = next((e for e in link.iterancestors() if str(e.tag) in _BLOCKS), link)
        whole = said_in[line] = said_in.get(line) or _text(line)
        bare = text.match_key(said) in _SOURCE_WORDS
        credit = outlets.source_line(f"Nguồn: {url}" if bare else whole)[0]
        if credit:
            (line if whole == said or not bare else link).drop_tree()
            return credit, None if urls.is_home(url) else url
    return None, None


def _is_prose(paragraph: html.HtmlElement) -> bool:
    """It says something outside its links."""
    linked = sum(len(_text(link).split()) for link in paragraph.iter("a"))
    return len(_text(paragraph).split()) - linked >= _WORDS


def _ending(draft: Draft) -> Draft:
    """The draft without its last lines that are no text: the signature, and the line that names the source."""
    blocks, signature, credit, origin = draft.blocks, draft.signature, draft.credit, draft.origin_url
    while len(blocks) > 1 and blocks[-1].kind is BlockKind.PARAGRAPH:
        last = blocks[-1].text
        named, url = outlets.source_line(last)
        if named:
            credit, origin = credit or named, origin or url
        elif signature is None and outlets.is_signature(last):
            signature = last
        else:
            break
        blocks = blocks[:-1]
    return replace(draft, blocks=blocks, signature=signature, credit=credit, origin_url=origin)


# ---------------------------------------------------------------- body


def _body(tree: html.HtmlElement) -> tuple[Block, ...]:
    """A known container as it stands; what trafilatura finds on any other page."""
    for container in _containers(tree):
        blocks = tuple(_without_teasers([piece for part in container for piece in _contents(part)]))
        if _said(blocks) >= _WORDS:
            return blocks
    blocks = _found(tree)
    if (said := _said(blocks)) < _WORDS:
        raise ExtractError(f"holds no article: {said} words of text were found", kind="no_article")
    return blocks


def _said(blocks: tuple[Block, ...]) -> int:
    return sum(len(b.text.split()) for b in blocks if b.kind is not BlockKind.CAPTION)


def _containers(tree: html.HtmlElement) -> list[list[html.HtmlElement]]:
    """The known containers, best first: of each kind the first that holds text, with the other parts of the same article.

    A body may come in parts, below one parent or in one article element; elsewhere on the page the same kind of container
    holds another article.
    """
    found = []
    for kind in _CONTAINERS:
        places = dict.fromkeys(kind(tree))
        first = next((p for p in places if len(_text(p).split()) >= _WORDS), None)
        if first is not None:
            found.append([p for p in places if _together(p, first) and places.keys().isdisjoint(p.iterancestors())])
    return found


def _together(one: html.HtmlElement, other: html.HtmlElement) -> bool:
    near, far = (next(element.iterancestors("article"), None) for element in (one, other))
    return one.getparent() is other.getparent() or (near is not None and near is far)


_ENDS_SENTENCE = re.compile(r"(?<![.…\s])[.!?:;][”\"’')\]]*$")  # dots cut a teaser short
_LABEL_WORDS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class _Piece:
    """A block as it was read, and whether it is but links: a title of another article, or several."""

    block: Block
    teaser: bool


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
        teaser = _is_teaser(_clean(flow), linked)
        for part in re.split(rf"{_BREAK}\s*(?:{_BREAK}\s*)+", flow):
            yield from _piece(BlockKind.PARAGRAPH, _clean(part), teaser)


def _block(kind: BlockKind, said: str) -> Iterator[Block]:
    if said.startswith(_CAPTION_MARK):
        kind = BlockKind.CAPTION
    if said := said.replace(_CAPTION_MARK, "").strip():
        yield Block(kind=kind, text=said)


def _piece(kind: BlockKind, said: str, teaser: bool) -> Iterator[_Piece]:
    yield from (_Piece(block=block, teaser=teaser) for block in _block(kind, said))


def _is_teaser(said: str, linked: int) -> bool:
    """Nearly all of it is links, and it is no sentence."""
    return linked > 0 and linked >= 0.8 * len(said) and not _ENDS_SENTENCE.search(said)


def _without_teasers(pieces: list[_Piece]) -> Iterator[Block]:
    """The blocks that are not but links. A heading that is a link stays where text follows it, and the words above a list of
    links go with it."""
    for piece, after in zip(pieces, [*pieces[1:], None], strict=True):
        ends = after is None or after.teaser
        if piece.teaser and (piece.block.kind is not BlockKind.HEADING or ends):
            continue
        above = after is not None and after.teaser and after.block.kind is BlockKind.LIST
        if above and len(piece.block.text.split()) <= _LABEL_WORDS and not piece.block.text.endswith((".", "!", "?", "…", "”")):
            continue
        yield piece.block


def _contents(container: html.HtmlElement) -> Iterator[_Piece]:
    """All that a container holds but its controls."""
    _drop(_CONTROLS(container))
    line = _Line()
    linked = 0
    walk = etree.iterwalk(container, events=("start", "end"))
    for event, element in walk:
        tag = str(element.tag)
        if tag in _BLOCKS:
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
            line.add(_BREAK if tag == "br" else "")
            line.add(element.text, linked > 0)
    yield from line.close()


def _whole(element: etree._Element) -> Iterator[_Piece] | None:
    """The block that an element is by itself; None: look inside."""
    tag = str(element.tag)
    if tag in _HEADINGS:
        kind, said = BlockKind.HEADING, _text(element)
    elif tag in _LISTS:
        kind, said = BlockKind.LIST, _in_lines(element, "li", "dt", "dd")
    elif tag == "blockquote":
        kind, said = BlockKind.QUOTE, _in_lines(element, "p", "div", "li")
    elif tag == "table" and any(len(_cells(row)) > 1 for row in element.iter("tr")) and element.find(".//table") is None:
        kind, said = BlockKind.TABLE, "\n".join(" | ".join(cells) for row in element.iter("tr") if (cells := _cells(row)))
    else:
        return None
    linked = sum(len(_text(link)) for link in element.iter("a"))
    return _piece(kind, said, kind is not BlockKind.TABLE and _is_teaser(said, linked))


def _in_lines(element: etree._Element, *borders: str) -> str:
    return "\n".join(filter(None, map(_clean, _flow(element, frozenset(borders)).split("\n"))))


# ---------------------------------------------------------------- body: trafilatura


def _found(tree: html.HtmlElement) -> tuple[Block, ...]:
    _part_at_breaks(tree)
    _name_article(tree)
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
    return tuple(_blocks(body)) if body is not None else ()


def _part_at_breaks(tree: html.HtmlElement) -> None:
    """Paragraphs that are only parted by two line breaks, or by an empty one, become paragraphs."""
    parents = dict.fromkeys(e.getparent() for e in tree.iter("br", "p") if _parts_text(e))
    for parent in parents:
        if parent is not None and str(parent.tag) in _BLOCKS and parent.tag != "pre":
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
        if str(child.tag) in _BLOCKS or _parts_text(child):
            after = html.Element("p")
            after.text, child.tail = child.tail, None
            parent.remove(child)
            runs += [child, after] if child.tag not in ("br", "p") or _text(child) else [after]
        else:
            runs[-1].append(child)
    if parent.tag == "p":
        parent.tag = "div"
    parent.extend(run for run in runs if run.tag != "p" or _text(run) or len(run))


_NAMED = etree.XPath("//article | //main")
_FRAMES_OF_TEXT = frozenset(("body", "div", "section", "td", "center"))
_MOST = 2 / 3


def _name_article(tree: html.HtmlElement) -> None:
    """Where no element is called an article, the lowest one that holds most of the paragraphs is: of a page that it does not
    know, trafilatura takes the paragraphs alone, and leaves the headings and the lists between them."""
    if _NAMED(tree):
        return
    words = {paragraph: len(_text(paragraph).split()) for paragraph in _not_beside(tree, "p")}
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


def _blocks(body: etree._Element) -> Iterator[Block]:
    for element in body:
        kind = _KINDS.get(str(element.tag), BlockKind.PARAGRAPH)
        yield from _block(kind, _table(element) if kind is BlockKind.TABLE else _lines(element))


def _lines(element: etree._Element) -> str:
    """The element's text; items of a list and paragraphs of a quote are lines."""
    parts = [c for c in element if str(c.tag) in ("item", "p")]
    return "\n".join(filter(None, map(_text, parts))) if parts else _text(element)


def _table(element: etree._Element) -> str:
    rows = ([_text(cell) for cell in row.iter("cell")] for row in element.iter("row"))
    return "\n".join(" | ".join(filter(None, row)) for row in rows if any(row))


# ---------------------------------------------------------------- the body's ends


def _without_title(blocks: tuple[Block, ...], title: str | None) -> tuple[Block, ...]:
    """Without a first heading that is the title."""
    if title and blocks and blocks[0].kind is BlockKind.HEADING and text.match_key(blocks[0].text) == text.match_key(title):
        return blocks[1:]
    return blocks


def _lead_once(blocks: tuple[Block, ...], lead: str | None) -> tuple[tuple[Block, ...], str | None]:
    """The lead that the page marks, and the blocks without it; a lead that only opens the text is found there later."""
    if not lead:
        return blocks, None
    if blocks and text.match_key(blocks[0].text) == text.match_key(lead):
        return blocks[1:], lead
    return blocks, lead
