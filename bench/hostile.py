"""Pages made to break the reader: each ends in an article or a named failure within 5 s of CPU and 500 MB, or this says so.

    python bench/hostile.py [--only PART]... [--quick] [--pool] [--list] [--write FOLDER]

Each page is made and read in processes of its own. Printed for each: its size, the CPU seconds and the MB of memory that reading
it took above what the process had before, and how it ended. `BREAKS` stands where it passed a limit, with the function that ran
when the time was up. With `--pool` the reading pool reads them, which ends what passes its limits. Linux only (`/proc`).
"""

from __future__ import annotations

import argparse
import faulthandler
import re
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # instead of this folder, where `pipeline` is another one

import extract  # noqa: E402 - found by the line above, like those below
import pipeline  # noqa: E402
from extract import families  # noqa: E402
from extract.page import selector  # noqa: E402
from model import Capture, ExtractError, Failure  # noqa: E402

SECONDS = 5.0  # CPU
MEGABYTES = 500
_STOP = 12  # CPU seconds after which a page is not waited for
_CEILING = 4 << 30  # address space of the process that reads

MB = 1_000_000
MAKERS: dict[str, Callable[[], bytes]] = {}
_Maker = Callable[[], str | bytes]

# ---------------------------------------------------------------- pages

SAID = "Hội nghị bàn về nguồn nước của lưu vực, các bên thống nhất chia sẻ số liệu quan trắc hằng ngày và họp lại vào mùa khô."
TEXT = "".join(f"<p>{SAID} Lần thứ {n}.</p>" for n in range(12))
TITLE = "Các bên thống nhất chia sẻ số liệu quan trắc nguồn nước"


def page(body: str = "", head: str = "") -> str:
    """An article that reads well, with something around it that does not."""
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{TITLE}</title>{head}</head>'
        f"<body><h1>{TITLE}</h1><div>{TEXT}</div>{body}</body></html>"
    )


def hostile(name: str) -> Callable[[_Maker], _Maker]:
    def add(maker: _Maker) -> _Maker:
        MAKERS[name] = lambda: made.encode("utf-8", "surrogatepass") if isinstance(made := maker(), str) else made
        return maker

    return add


def fill(piece: str, size: int) -> str:
    """The piece again and again, up to so many bytes."""
    return piece * (size // len(piece.encode("utf-8", "surrogatepass")))


def nest(opening: str, closing: str, depth: int, inside: str = "") -> str:
    return opening * depth + inside + closing * depth


def _register(made: dict[str, _Maker]) -> None:
    for name, maker in made.items():
        hostile(name)(maker)


hostile("an article")(page)

# Depth. The parser goes no deeper than 2,048; what is wide below that depth costs each element all those above it.
DEEP = 2_000
_WIDE = "<p>Một câu ngắn nhưng đủ mười chữ để được coi là văn xuôi chạy dài.</p>"
_register(
    {
        f"nested {tag}": partial(lambda tag: page(nest(f"<{tag}>chữ ", f"</{tag}>", 100_000, SAID)), tag)
        for tag in (
            "div",
            "b",
            "font",
            "span",
            "section",
            "blockquote",
            "figure",
            "h1",
            "article",
            "form",
            "button",
            "svg",
            "a",
            "p",
        )
    }
    | {
        "nested tables": lambda: page(nest("<table><tr><td>chữ ", "</td></tr></table>", 100_000, SAID)),
        "nested tables around a picture": lambda: page(nest("<table><tr><td>", "</td></tr></table>", 600, "<img src=/a.jpg>chữ")),
        "nested lists": lambda: page(nest("<ul><li>chữ ", "</li></ul>", 100_000, SAID)),
        "nested lists around a picture": lambda: page(nest("<ul><li>chữ ", "</li></ul>", 1_000, "<img src=/a.jpg>" + SAID)),
        "nested quotes, never closed": lambda: page("<blockquote><p>chữ" * 100_000),
        "nested and wide": lambda: page(nest("<div>", "</div>", DEEP, fill(_WIDE, 3 * MB))),
        "nested and wide, inline": lambda: page(nest("<div>", "</div>", DEEP, fill("<span>chữ </span>", 5 * MB))),
        "nested and wide, links": lambda: page(nest("<div>", "</div>", DEEP, fill("<a href=/x>Mở ra </a><br>", 5 * MB))),
        "nested and wide, h1": lambda: page(nest("<div>", "</div>", DEEP, fill("<h1>Một tít lớn đứng đây</h1>", 2 * MB))),
        "nested and wide, tables": lambda: page(
            nest("<div>", "</div>", DEEP, fill("<table><tr><td>a<td>b<tr><td>c<td>d</table>", 3 * MB))
        ),
        "nested and wide, figures": lambda: page(
            nest("<div>", "</div>", DEEP, fill("<figure><img src=a><figcaption>Ảnh: A</figcaption></figure>", 3 * MB))
        ),
        "nested and wide, a parent each": lambda: page(nest("<div>", "</div>", DEEP, fill(f"<div>{_WIDE}</div>", 3 * MB))),
        "nested links around paragraphs": lambda: page(nest("<div><a href=/x>chữ</a>", "</div>", DEEP, _WIDE * 20)),
        "nested names of authors": lambda: page(nest('<div class="article-author">Lê Thử', "</div>", DEEP)),
        "nested dates": lambda: page(nest('<div class="detail-time">x', "</div>", DEEP, "8/5/2026 10:00")),
        "nested lists of links": lambda: page(nest("<div><ul><li><a href=/x>Một tít của bài khác</a></li></ul>", "</div>", 900)),
        "nested articles with titles": lambda: page(nest("<article><h1>Một tít lớn ở đây</h1>", "</article>", 900)),
        "nested figures around pictures": lambda: page(
            nest("<figure>chữ<div>", "</div></figure>", 900, "<img src=/a.jpg>" * 900)
        ),
        "nested template places": lambda: page(
            nest('<div class="detail-content afcbc-body" data-role="content">chữ ', "</div>", DEEP, SAID)
        ),
        "nested template places, MasterCMS": lambda: page(
            nest("<div class=__MASTERCMS_CONTENT><div id=articleBody>", "</div></div>", 1_000, TEXT)
        ),
        "nested boxes with bad names": lambda: page(nest('<div class="related-news">chữ ', "</div>", DEEP, fill(_WIDE, MB))),
        "boxes with bad names that hold the text": lambda: page(
            "".join(f'<div class="sidebar x{n}">{_WIDE}</div>' for n in range(40_000))
        ),
        "nested articles around dates": lambda: page(
            nest("<article><time datetime=2026-01-02>2/1/2026</time>", "</article>", 900)
        ),
    }
)

# Width.
_register(
    {
        "a million attributes": lambda: page("<p " + " ".join(f"a{n}=1" for n in range(1_000_000)) + ">chữ</p>"),
        "a million attributes of one name": lambda: page(f"<p {'a=1 ' * 1_000_000}>chữ</p>"),
        "a million siblings": lambda: page("<i></i>" * 1_000_000),
        "a million paragraphs": lambda: page("<p>a b c" * 1_000_000),
        "15 MB of p": lambda: page(fill("<p>", 15 * MB)),
        "15 MB of div": lambda: page(fill("<div></div>", 15 * MB)),
        "15 MB of one link": lambda: page('<a href="' + fill("/tin", 15 * MB) + '">chữ</a>'),
        "15 MB of links": lambda: page(fill('<a href="/x">Một tít của bài khác</a>', 15 * MB)),
        "15 MB of sentences in p": lambda: page(fill(_WIDE, 15 * MB)),
        "15 MB of different paragraphs": lambda: page("".join(f"<p>{SAID} {n}</p>" for n in range(90_000))),
        "15 MB of linked titles and teasers": lambda: page(fill(f"<div><h3><a href=/x>{TITLE}</a></h3>{_WIDE}</div>", 15 * MB)),
        "15 MB of one paragraph": lambda: page(f"<p>{fill(SAID + ' ', 15 * MB)}</p>"),
        "15 MB of one word": lambda: page(f"<p>{fill('nguồn', 15 * MB)}</p>"),
        "15 MB of one word in a link": lambda: page(f"<p><a href=/x>{fill('nguồn', 15 * MB)}</a></p>"),
        "15 MB of dots": lambda: page(f"<p>{fill('.', 15 * MB)}</p>"),
        "15 MB of blanks": lambda: page(f"<p>{fill(' ', 15 * MB)}</p>"),
        "15 MB of combining marks": lambda: page(f"<p>a{fill(chr(0x301) + chr(0x323), 15 * MB)}</p>"),
        "15 MB of astral letters": lambda: page(f"<p>{fill(chr(0x1F4F0) + ' ', 15 * MB)}</p>"),
        "a million br": lambda: page("<p>" + "chữ<br>" * 1_000_000 + "</p>"),
        "a million br in pairs": lambda: page("<p>" + "Một câu có chấm.<br><br>" * 300_000 + "</p>"),
        "a million br alone": lambda: page("<div>" + "<br>" * 1_000_000 + "</div>"),
        "a table of 15 MB": lambda: page(f"<table>{fill('<tr><td>một</td><td>hai</td></tr>', 15 * MB)}</table>"),
        "a row of 15 MB": lambda: page(f"<table><tr>{fill('<td>một</td>', 15 * MB)}</tr></table>"),
        "a list of 15 MB": lambda: page(f"<ul>{fill('<li>một mục của danh sách dài', 15 * MB)}</ul>"),
        "a list of 15 MB of links": lambda: page(f"<ul>{fill('<li><a href=/x>một mục của danh sách</a>', 15 * MB)}</ul>"),
        "a figure of 15 MB": lambda: page(f"<figure>{fill('<img src=a.jpg><figcaption>Ảnh</figcaption>', 15 * MB)}</figure>"),
        "15 MB of pictures": lambda: page(fill('<img src="/anh.jpg">', 15 * MB)),
        "15 MB of different pictures": lambda: page("".join(f'<img src="/anh-{n}.jpg">' for n in range(500_000))),
        "15 MB of h1": lambda: page(fill("<h1>Một tít</h1>", 15 * MB)),
        "15 MB of time": lambda: page(fill("<time datetime=2026-01-02>x</time>", 15 * MB)),
        "15 MB of bold": lambda: page(fill("<p><b>Một dòng đậm</b></p>", 15 * MB)),
        "15 MB of captions in one figure of a template": lambda: page(
            f"<div class=detail-content data-role=content>{TEXT}"
            f"<figure class=VCSortableInPreviewMode>{fill('<p>Ảnh: A</p>', 15 * MB)}</figure></div>"
        ),
        "15 MB of source links": lambda: page(fill('<a href="https://vov.vn/tin-tuc-dai-1234567.vov">Nguồn</a> ', 15 * MB)),
        "15 MB of unknown elements": lambda: page(fill("<x-y>chữ</x-y>", 15 * MB)),
        "a million different elements": lambda: page("".join(f"<t{n}>x</t{n}>" for n in range(500_000))),
        "15 MB of pre": lambda: page(f"<pre>{fill('một dòng' + chr(10), 15 * MB)}</pre>"),
        "15 MB of an address": lambda: page(f"<p>{SAID} https://a.vn/{fill('x', 15 * MB)}</p>"),
    }
)


# Names.
@cache
def _every_name() -> str:
    """All class names of the table of templates."""
    joined = (
        raw
        for row in (*families.load().families, families.load().any)
        for raw in (*row.drop, *row.figure, *row.caption, *row.body)
    )
    names = (name for raw in joined for step in selector(raw) for name in step.classes)
    return " ".join(dict.fromkeys(names))


_register(
    {
        "100,000 classes in one attribute": lambda: page(
            f'<div class="{" ".join(f"k{n}" for n in range(100_000))}">{TEXT}</div>'
        ),
        "100,000 different classes": lambda: page("".join(f'<div class="muc-{n:x}">chữ</div>' for n in range(100_000))),
        "100,000 long different classes": lambda: page(
            "".join(f'<div class="{f"muc{n:x}Ba " * 12}">chữ</div>' for n in range(100_000))
        ),
        "100,000 different ids": lambda: page("".join(f'<div id="muc-{n:x}">chữ</div>' for n in range(100_000))),
        "every name of a template on every element": lambda: page(fill(f'<div class="{_every_name()}">chữ</div>', 15 * MB)),
        "every name of a template on nested elements": lambda: page(
            nest(f'<div class="{_every_name()}">chữ ', "</div>", 1_000, SAID)
        ),
        "authors in a thousand classes": lambda: page(
            fill('<div class="a-author b-author c-author d-author e-author">Nguyễn Thử</div>', 10 * MB)
        ),
        "15 MB of the author's place": lambda: page(fill('<div class="detail-author">Lê Thử</div>', 15 * MB)),
        "15 MB of the lead's place": lambda: page(fill('<h2 class="detail-sapo"></h2>', 15 * MB)),
        "15 MB of the date's place": lambda: page(fill('<div class="detail-time" data-role="publishdate">x</div>', 15 * MB)),
        "15 MB of trails": lambda: page(fill('<ul class="breadcrumb"><li><a href=/x></a></li></ul>', 15 * MB)),
        "15 MB of headers": lambda: page(fill("<header><time datetime=2026-01-02>x</time></header>", 10 * MB)),
        "a class of 10 MB": lambda: page(f'<div class="{fill("related", 10 * MB)}">{TEXT}</div>'),
        "a style of 10 MB": lambda: page(f'<div style="display{fill(" ", 10 * MB)}">{TEXT}</div>'),
        "styles that almost hide": lambda: page(fill(f'<div style="{"display " * 500}">chữ</div>', 15 * MB)),
    }
)


# The head.
_JSON = '<script type="application/ld+json">{}</script>'.format
_register(
    {
        "a title of 5 MB": lambda: page().replace(TITLE, fill(TITLE + " | ", 5 * MB), 1),
        "a title of 5 MB of one word": lambda: page().replace(TITLE, fill("x", 5 * MB), 1),
        "a h1 of 5 MB": lambda: page(f"<h1>{fill(TITLE + ' - ', 5 * MB)}</h1>"),
        "a h1 of 5 MB that is the title": lambda: page().replace(f"<h1>{TITLE}", f"<h1>{fill(TITLE + ' | ', 5 * MB)}"),
        "twenty h1 of 700 KB": lambda: page("".join(f"<h1>{n} {fill(TITLE + ' | ', 700_000)}</h1>" for n in range(20))),
        "a meta of 10 MB": lambda: page(head=f'<meta property="og:title" content="{fill(TITLE, 10 * MB)}">'),
        "a description of 10 MB": lambda: page(head=f'<meta name="description" content="{fill(SAID, 10 * MB)}">'),
        "15 MB of metas": lambda: page(head=fill('<meta property="article:tag" content="nước">', 15 * MB)),
        "a canonical address of 10 MB": lambda: page(
            head=f'<link rel="canonical" href="https://a.vn/{fill("x-", 10 * MB)}.html">'
        ),
        "a canonical address of one word": lambda: page(head=f'<link rel="canonical" href="https://a.vn/{fill("a", 300_000)}">'),
        "a canonical address of parameters": lambda: page(
            head=f'<link rel="canonical" href="https://a.vn/x{".html&" * 50_000}!">'
        ),
        "an og:url of one word": lambda: page(head=f'<meta property="og:url" content="https://a.vn/{fill("a", 300_000)}">'),
        "15 MB of canonical addresses": lambda: page(head=fill('<link rel="canonical" href="/tag/x">', 15 * MB)),
        "JSON-LD of 10 MB": lambda: page(head=_JSON('{"@type":"NewsArticle","articleBody":"' + fill(SAID, 10 * MB) + '"}')),
        "JSON-LD of 1.9 MB, seven times": lambda: page(
            head=_JSON('{"@type":"NewsArticle","articleBody":"' + fill(SAID, 1_900_000) + '"}') * 7
        ),
        "JSON-LD of 1.9 MB of tags": lambda: page(
            head=_JSON('{"@type":"NewsArticle","articleBody":"' + fill("<b ", 1_900_000) + '"}') * 7
        ),
        "JSON-LD of 1.9 MB of entities": lambda: page(
            head=_JSON('{"@type":"NewsArticle","articleBody":"' + fill("&amp;", 1_900_000) + '"}') * 7
        ),
        "JSON-LD nested 100,000 deep": lambda: page(head=_JSON('{"@type":"NewsArticle","a":' + nest("[", "]", 100_000) + "}")),
        "JSON-LD nested 100,000 deep in objects": lambda: page(
            head=_JSON('{"@type":"NewsArticle","a":' + nest('{"a":', "}", 100_000, "1") + "}")
        ),
        "JSON-LD of graphs in graphs": lambda: page(head=_JSON(nest('{"@type":"Article","@graph":[', "]}", 900, "1"))),
        "JSON-LD of many nodes": lambda: page(
            head=_JSON("[" + ",".join(['{"@type":"NewsArticle","headline":"a b c"}'] * 30_000) + "]") * 10
        ),
        "JSON-LD that is broken, of commas": lambda: page(
            head=_JSON('{"@type":"NewsArticle",' + fill("," + " " * 200, 1_900_000)) * 7
        ),
        "JSON-LD that is broken, of escapes": lambda: page(
            head=_JSON('{"@type":"NewsArticle","a":"' + fill(r"\q", 1_900_000)) * 7
        ),
        "JSON-LD with ends of comments": lambda: page(head=_JSON('{"@type":"NewsArticle"}' + "-->   " * 9 + "x") * 30),
        "JSON-LD with ends of comments, wider": lambda: page(
            head=_JSON('{"@type":"NewsArticle"}' + "-->" + " " * 5 + "-->     " * 6 + "x") * 30
        ),
        "JSON-LD with ends of CDATA": lambda: page(head=_JSON('{"@type":"NewsArticle"}' + "]]>  " * 12 + "x") * 30),
        "JSON-LD with ends of comments in stars": lambda: page(head=_JSON('{"@type":"NewsArticle"}' + "--> */ " * 8 + "x") * 30),
        "JSON-LD of long numbers": lambda: page(head=_JSON('{"@type":"NewsArticle","a":' + "9" * 1_900_000 + "}") * 7),
        "JSON-LD of 100,000 authors": lambda: page(
            head=_JSON('{"@type":"NewsArticle","author":[' + ",".join(['{"name":"Lê Thử"}'] * 80_000) + "]}")
        ),
        "100,000 scripts of JSON-LD": lambda: page(head=_JSON('{"@type":"NewsArticle"}') * 100_000),
        "a headline of 1.9 MB": lambda: page(
            head=_JSON('{"@type":"NewsArticle","headline":"' + fill(TITLE + " - ", 1_900_000) + '"}')
        ),
    }
)

# What never ends, and what the parser makes of it.
_register(
    {
        "a comment that is not closed": lambda: page(f"<!--{fill(TEXT, 15 * MB)}"),
        "comments that are not closed": lambda: page(fill("<!--", 15 * MB)),
        "a script that is not closed": lambda: page(f"<script>{fill(TEXT, 15 * MB)}"),
        "scripts that are not closed": lambda: page(fill("<script>", 15 * MB)),
        "CDATA that is not closed": lambda: page(f"<![CDATA[{fill(TEXT, 15 * MB)}"),
        "CDATA, many": lambda: page(fill("<![CDATA[", 15 * MB)),
        "a textarea that is not closed": lambda: page(f"<textarea>{fill(TEXT, 10 * MB)}"),
        "a title that is not closed": lambda: f"<html><head><title>{fill(TEXT, 10 * MB)}",
        "tags that are not closed": lambda: page(fill("<p", 15 * MB)),
        "quotes that are not closed": lambda: page(fill('<p class="', 15 * MB)),
        "ends without a begin": lambda: page(fill("</div></p></b>", 15 * MB)),
        "processing instructions": lambda: page(fill("<?x ?>", 15 * MB)),
        "doctypes": lambda: page(fill("<!DOCTYPE html>", 15 * MB)),
        "only less-than signs": lambda: page(fill("<", 15 * MB)),
        "references, open": lambda: page(fill("&#", 10 * MB)),
        "references to nothing": lambda: page(fill("&#1;", 10 * MB)),
        "references to a letter": lambda: page(fill("&#225;", 10 * MB)),
        "references of many zeros": lambda: page("<p>&#" + "0" * (10 * MB) + "999;&#x" + "0" * 5_000_000 + "abc;</p>"),
        "references of many digits": lambda: page("<p>" + fill("&#" + "9" * 1_000 + ";", 10 * MB) + "</p>"),
        "references of many zeros, many": lambda: page("<p>" + fill("&#" + "0" * 5_000 + "999 ", 10 * MB) + "</p>"),
        "an entity bomb": lambda: (
            '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">'
            + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 12))
            + f"]><html><body><p>&a11;</p>{TEXT}</body></html>"
        ),
        "entities, many": lambda: page(f"<p>{fill('&amp;amp;', 15 * MB)}</p>"),
        "NULs": lambda: page(fill("\x00", 100_000)),
        "NULs between all letters": lambda: page(f"<p>{chr(0).join(SAID * 1_000)}</p>"),
        "NULs in names": lambda: page(fill('<p cl\x00ass="a\x00b">a\x00b</p>', 20_000)),
        "lone surrogates": lambda: page(f"<p>{fill(chr(0xD800), 100_000)}</p>"),
        "lone surrogates by number": lambda: page(f"<p>{fill('&#55296;&#xDFFF;', 10 * MB)}</p>"),
        "marks of windows-1258": lambda: (
            page("<p>@</p>").replace("utf-8", "windows-1258").encode().replace(b"@", b"a" + b"\xcc\xf2" * 200_000)
        ),
        "combining marks, 100 KB": lambda: page(f"<p>a{fill(chr(0x301) + chr(0x323), 100_000)}</p>"),
        "a title of combining marks": lambda: page().replace(TITLE, "a" + fill(chr(0x323) + chr(0x301), 400_000), 1),
        "bytes that are no letters": lambda: page("<p>@</p>").encode().replace(b"@", bytes(range(128, 256)) * 40_000),
        "UTF-7": lambda: page("<p>+AGE-</p>").replace("utf-8", "utf-7").encode() + b"\xff" * 400_000,
        "a charset that is none": lambda: page().replace("utf-8", "unicode_escape").encode() + b"\xff\\" * 2_000_000,
        "a charset that is punycode": lambda: page().replace("utf-8", "punycode").encode() + b"\xffa-" * 400_000,
        "a charset that is idna": lambda: page().replace("utf-8", "idna").encode() + b"\xffa" * 2_000_000,
        "UTF-16": lambda: page(fill(_WIDE, 5 * MB)).encode("utf-16"),
        "UTF-32": lambda: page(fill(_WIDE, 4 * MB)).encode("utf-32"),
        "UTF-16 of surrogates": lambda: b"\xff\xfe" + b"\x00\xd8" * (5 * MB),
        "20 MB of a letter": lambda: "<p>" + fill("a", 20 * MB - 10),
    }
)

# Just below the bounds of tags and levels that the reader itself draws.
_LEVELS = 950
_PAIRS = 47_500  # elements with a begin and an end


def _many(piece: str) -> str:
    """The piece so often that the page has nearly as many tags as are read."""
    return piece * (2 * _PAIRS // piece.count("<"))


_register(
    {
        f"below the bounds: {name}": maker
        for name, maker in {
            "deep and wide": lambda: page(nest("<div>", "</div>", _LEVELS, _many(_WIDE))),
            "deep and wide, a parent each": lambda: page(nest("<div>", "</div>", _LEVELS, _many(f"<div>{_WIDE}</div>"))),
            "deep and wide, inline": lambda: page(nest("<div>", "</div>", _LEVELS, _many("<span>chữ </span>"))),
            "deep and wide, links": lambda: page(nest("<div>", "</div>", _LEVELS, _many("<a href=/x>Mở ra xem</a> "))),
            "deep and wide, links to a source": lambda: page(
                nest("<div>", "</div>", _LEVELS, _many("<a href=https://vov.vn/tin-1234567.vov>Nguồn</a> "))
            ),
            "deep and wide, in a template's place": lambda: page(
                f'<div class="detail-content" data-role="content">{nest("<div>", "</div>", _LEVELS, _many(_WIDE))}</div>'
            ),
            "deep and wide, template places": lambda: page(
                nest("<div>", "</div>", _LEVELS, _many('<div class="detail-content" data-role="content">chữ</div>'))
            ),
            "deep and wide, leads": lambda: page(nest("<div>", "</div>", _LEVELS, _many('<h2 class="detail-sapo"></h2>'))),
            "deep and wide, authors": lambda: page(
                nest("<div>", "</div>", _LEVELS, _many('<i class="article-author">Lê Thử</i>'))
            ),
            "deep and wide, dates": lambda: page(nest("<div>", "</div>", _LEVELS, _many('<i class="detail-time">8/5/2026</i>'))),
            "deep and wide, tags": lambda: page(
                nest("<div>", "</div>", _LEVELS, f'<p class="article-tag">{_many("<a href=/x>nước</a>")}</p>')
            ),
            "deep and wide, boxes": lambda: page(nest("<div>", "</div>", _LEVELS, _many(f"<div class=related>{_WIDE}</div>"))),
            "deep and wide, sidebars that hold the text": lambda: page(
                nest("<div>", "</div>", _LEVELS, _many(f"<div class=sidebar>{_WIDE}</div>"))
            ),
            "deep and wide, titles and teasers": lambda: page(
                nest("<div>", "</div>", _LEVELS, _many(f"<div><h3><a href=/x>{TITLE}</a></h3>{_WIDE}</div>"))
            ),
            "deep and wide, labels of boxes": lambda: page(
                nest("<div>", "</div>", _LEVELS, _many(f"<h3>Tin liên quan</h3>{_WIDE}"))
            ),
            "many deep divs": lambda: page(_many(nest("<div>chữ ", "</div>", _LEVELS))),
            "many deep figures": lambda: page(_many(nest("<figure>chữ ", "</figure>", _LEVELS, "<img src=a.jpg>"))),
            "many deep lists": lambda: page(_many(nest("<ul><li>chữ ", "</li></ul>", _LEVELS // 2, "<img src=a.jpg>"))),
            "many deep tables": lambda: page(_many(nest("<table><tr><td>chữ ", "</td></tr></table>", 300, "<img src=a.jpg>"))),
            "many deep quotes": lambda: page(_many(nest("<blockquote>", "</blockquote>", _LEVELS, _WIDE))),
            "many deep headings": lambda: page(_many(nest("<h2>", "</h2>", _LEVELS, "<p>chữ</p>"))),
            "many deep links": lambda: page(_many(nest("<b><a href=/x>chữ ", "</b>", _LEVELS))),
            "template places": lambda: page(_many('<div class="detail-content" data-role="content">chữ</div>')),
            "template places that hold enough": lambda: page(
                _many(f'<div class="detail-content" data-role="content">{_WIDE * 3}</div>')
            ),
            "template places, MasterCMS": lambda: page(_many(f"<div class=__MASTERCMS_CONTENT>{_WIDE}</div>")),
            "leads": lambda: page(_many('<h2 class="detail-sapo"></h2>')),
            "authors": lambda: page(_many('<div class="detail-author">Lê Thử</div>')),
            "dates": lambda: page(_many('<div class="detail-time" data-role="publishdate">x</div>')),
            "dates that hold": lambda: page(_many("<div>8/5/2026 10:00</div>")),
            "trails": lambda: page(_many('<ul class="breadcrumb"><li><a href=/x>Mục</a></li></ul>')),
            "kickers": lambda: page(_many('<div class="detail-kicker">Mục</div>')),
            "sources": lambda: page(_many('<div class="article-detail-source">Nguồn: VOV</div>')),
            "figures of a template": lambda: page(_many("<figure class=VCSortableInPreviewMode><img src=a.jpg></figure>")),
            "pictures": lambda: page(_many("<img src=/anh.jpg>")),
            "paragraphs": lambda: page(_many(_WIDE)),
            "paragraphs with a link": lambda: page(_many(f"<p>{SAID} <a href=/x>Một tít</a></p>")),
            "bold paragraphs": lambda: page(_many("<p><b>Một dòng đậm</b></p>")),
            "signatures": lambda: page(_many("<p>Lê Thử</p>")),
            "sources of the text": lambda: page(_many("<p>Nguồn: VOV</p>")),
            "captions": lambda: page(_many("<p>Hai bên họp ở đó (Ảnh: TTXVN)</p>")),
            "headings": lambda: page(_many("<h3>Một tít nhỏ</h3>")),
            "h1": lambda: page(_many(f"<h1>{TITLE}</h1>")),
            "cells": lambda: page(f"<table>{_many('<tr><td>một</td><td>hai</td></tr>')}</table>"),
            "breaks": lambda: page(f"<p>{_many('Một câu có chấm.<br><br>')}</p>"),
            "different classes": lambda: page(
                "".join(f'<div class="muc-{n:x} {"ab" * 70}{n:x}">chữ</div>' for n in range(_PAIRS))
            ),
            "tags of 19,000 attributes": lambda: page(f"<p {' '.join(f'a{n}=1' for n in range(19_000))}>chữ</p>" * 90),
            "tags of 5,000 attributes": lambda: page(f"<p {' '.join(f'a{n}=1' for n in range(5_000))}>chữ</p>" * 400),
            "attributes without a value": lambda: page(f"<p {' '.join(f'a{n}' for n in range(350_000))}>chữ</p>"),
            "attributes behind a sign": lambda: page('<p a=">" ' + " ".join(f"a{n}=1" for n in range(1_000_000)) + ">chữ</p>"),
        }.items()
    }
)

# Patterns: each of these goes at one of the reader's.
_register(
    {
        "dates, almost": lambda: page(fill("<p>1/1/1/1/1/1/1/1/ 1 tháng 1 năm </p>", 5 * MB)),
        "dates, almost, in a place for them": lambda: page(
            fill(f'<div class="detail-time">{"1 tháng " * 60}</div><time datetime="{"1 - " * 90}">{"1 : " * 90}</time>', 5 * MB)
        ),
        "photo credits, open": lambda: page(fill(f"<p>{'(Ảnh ' * 50}</p>", 10 * MB)),
        "photo credits, almost": lambda: page(fill(f"<p>{'Ảnh: a Ảnh: b ' * 30}.x</p>", 10 * MB)),
        "signatures, almost": lambda: page(fill("<p>A - A - A - A - A - A - A - a</p>", 10 * MB)),
        "sources, almost": lambda: page(f"<p>{SAID}</p><p>Nguồn {'a' * 59} {'http' * 400}</p>" * 3_000),
        "sources, almost, without blanks": lambda: page(f"<p>Theo https://{'h' * 10_000_000}</p>"),
        "leads, almost": lambda: page(f"<h2 class=detail-sapo>{fill('A&', 5 * MB)}</h2>"),
        "sentences, almost": lambda: page(fill(f"<p>{'. ' * 280}(Ảnh: x)</p>", 10 * MB)),
        "quotes at the end": lambda: page(f"<p>{SAID}{fill('”', 10 * MB)}x</p>"),
        "names that almost speak": lambda: page(
            "".join(f'<div class="{f"no has with related{n} " * 20}">chữ</div>' for n in range(30_000))
        ),
        "phrases, open": lambda: page(fill("<p>Mời bạn đọc theo dõi Mời bạn đọc theo dõi <a href=/x>x</a></p>", 10 * MB)),
        "promos of one word": lambda: page(f"<p><a href=/x>{fill('đăng_ký', 8 * MB)}</a></p>"),
        "gambling, open": lambda: page(f"<p>{fill('nhà cáinhà cá kèo nhà cá ', 10 * MB)}</p>"),
        "errors, almost": lambda: page().replace(TITLE, "trang " + "không " * 80, 1),
        "a challenge, almost": lambda: f"<html><title>{' ' * 39_000}x</title><p>chữ" + "<title> " * 100,
        "ends of a suffix": lambda: page().replace(f"<h1>{TITLE}", f"<h1>{fill('a -  – ', 2 * MB)}"),
        "bylines, almost": lambda: page(fill(f'<div class="detail-author">{"pv. ts. " * 30}</div>', 5 * MB)),
        "bylines below the title, almost": lambda: page().replace(
            "</h1>", "</h1>" + fill(f"<div>{'(' * 90} 2026 {'gs.ts.' * 12}</div>", 5 * MB)
        ),
    }
)

# Text dumps.
_LINE = f"{SAID}\n"
_register(
    {
        f"dump: {name}": maker
        for name, maker in {
            "one line of 15 MB": lambda: fill(SAID + " ", 15 * MB),
            "one word of 15 MB": lambda: fill("nguồn", 15 * MB),
            "lines, 15 MB": lambda: fill(_LINE, 15 * MB),
            "short lines, 15 MB": lambda: fill("a\n", 15 * MB),
            "empty lines, 15 MB": lambda: _LINE * 5 + fill("\n", 15 * MB) + _LINE,
            "different lines, 15 MB": lambda: "".join(f"{SAID} {n}\n" for n in range(90_000)),
            "titles, 30,000": lambda: "".join(f"Một tít của bài khác số {n}\n" for n in range(30_000)),
            "a trail of 15 MB": lambda: f"Trang chủ/{fill('Mục ', 15 * MB)}\n{TITLE}\n" + _LINE * 10,
            "a trail of 100 KB": lambda: f"Trang chủ/{fill('Mục ', 100_000)}\n{TITLE}\n" + _LINE * 10,
            "trails, 15 MB": lambda: fill(f"Trang chủ/{'Mục/' * 4_000}\n", 15 * MB) + f"{TITLE}\n" + _LINE * 10,
            "a row of 15 MB": lambda: _LINE * 5 + fill("| a ", 15 * MB) + "\n" + _LINE * 5,
            "rows, 15 MB": lambda: _LINE * 5 + fill("| a | b |\n", 15 * MB),
            "bars, 15 MB": lambda: _LINE * 5 + fill("|", 15 * MB) + "\n" + _LINE * 5,
            "links, open": lambda: _LINE * 5 + fill("[a](", 19_000) + "\n" + fill(f"{'[a](' * 4_900}\n", 5 * MB),
            "links that never close": lambda: fill(f"{('[' + 'a' * 1_990 + '](') * 9}\n", 10 * MB),
            "addresses in brackets": lambda: fill(f"[a]({'(a)' * 6_000}\n", 10 * MB),
            "pictures, open": lambda: fill(f"{'![' * 9_000}\n", 10 * MB) + _LINE,
            "emphasis, open": lambda: fill(f"{'**a ' * 4_900}\n", 10 * MB),
            "emphasis, long": lambda: fill(f"**{'a ' * 9_900}\n", 10 * MB),
            "emphasis of one sign": lambda: fill(f"{'_a ' * 6_000}\n", 10 * MB),
            "marks of headings": lambda: fill(f"{'# ' * 9_000}\n", 10 * MB),
            "closing notices": lambda: _LINE * 3 + fill("tại chuyên mục a ", 10 * MB) + "\n" + _LINE,
            "counters of visits": lambda: f"{TITLE}\n" + fill("Lượt xem ! 1 ", 10 * MB) + "\n" + _LINE * 5,
            "a counter of visits, almost": lambda: f"{TITLE}\nLượt xem" + fill(" !", 10 * MB) + "x\n" + _LINE * 5,
            "users, almost": lambda: f"{TITLE}\n1 " + fill("a", 10 * MB) + "\n" + _LINE * 5,
            "clocks": lambda: fill("1:00 1 1 1 ago\n", 10 * MB) + _LINE * 5,
            "dates, almost": lambda: fill("1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n", 10 * MB) + _LINE * 5,
            "dates of one word": lambda: f"{TITLE}\n" + fill("1/", 10 * MB) + "\n" + _LINE * 5,
            "agencies, almost": lambda: fill(f"{'(' * 100}{'/ ' * 30})\n", 10 * MB) + _LINE * 5,
            "digits of one word": lambda: fill("1,", 10 * MB) + "\n" + _LINE * 5,
            "the same title": lambda: f"{TITLE}\n" + fill(f"{TITLE} - Ảnh 1\n", 10 * MB) + _LINE * 5,
            "a title of words": lambda: f"{'a ' * 44}a\n" + fill(f"{'a ' * 44}b\n", 10 * MB) + _LINE * 5,
            "boxes": lambda: _LINE * 3 + fill(f"Tin liên quan\n{TITLE}\n{SAID}\n", 10 * MB),
            "comments of readers": lambda: _LINE * 9 + fill(f"Lê\n1:00 1/1/2026\n{SAID}\n", 10 * MB),
            "signatures": lambda: _LINE * 3 + fill("A A A A A A A A\n", 10 * MB),
            "ideographs": lambda: fill("会议讨论了流域水资源问题。\n", 10 * MB),
            "one line of ideographs": lambda: fill("会议讨论了流域水资源问题", 10 * MB),
            "control characters": lambda: fill(f"{SAID}\x01\x02\n", 5 * MB),
            "line ends of all kinds": lambda: fill("a\r\x0b\x0c\x1c\x85\u2028\u2029", 10 * MB) + _LINE * 5,
            "direction marks": lambda: fill("a\u202e\u200f", 10 * MB) + "\n" + _LINE * 5,
        }.items()
    }
)

# What the tests take: of each kind one, and what once broke a limit.
QUICK = (
    *("an article", "nested div", "nested figure", "nested a", "nested tables", "nested tables around a picture"),
    *("nested lists around a picture", "nested template places", "nested and wide", "nested names of authors"),
    *("below the bounds: deep and wide, links", "below the bounds: deep and wide, leads", "below the bounds: many deep divs"),
    *("below the bounds: many deep figures", "below the bounds: many deep tables", "below the bounds: many deep quotes"),
    *("below the bounds: template places", "below the bounds: sources", "below the bounds: cells", "below the bounds: headings"),
    *("below the bounds: signatures", "a million attributes", "a million siblings", "15 MB of p", "15 MB of one link"),
    *("15 MB of one word", "15 MB of blanks", "a million br", "100,000 classes in one attribute", "a class of 10 MB"),
    *("a title of 5 MB", "a meta of 10 MB", "a canonical address of one word", "a canonical address of parameters"),
    *("JSON-LD of 10 MB", "JSON-LD nested 100,000 deep", "JSON-LD with ends of comments", "JSON-LD with ends of CDATA"),
    *("a comment that is not closed", "scripts that are not closed", "quotes that are not closed", "references, open"),
    *("references of many zeros", "an entity bomb", "NULs between all letters", "lone surrogates", "combining marks, 100 KB"),
    *("marks of windows-1258", "a title of combining marks", "errors, almost", "sources, almost", "dump: a trail of 100 KB"),
    *("dump: links, open", "dump: emphasis, open", "dump: one word of 15 MB", "dump: line ends of all kinds"),
)

# ---------------------------------------------------------------- reading one


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How reading one page ended."""

    size: int  # bytes
    seconds: float  # of CPU
    megabytes: float  # resident memory above what the process had
    space: float  # address space above it, MB
    ended: str  # `article` and its reader, or the kind of the failure
    where: str  # what ran when the time was up

    @property
    def breaks(self) -> bool:
        return self.seconds > SECONDS or self.megabytes > MEGABYTES or self.ended.startswith("!")


def measure(name: str) -> Outcome:
    """Make a page and read it, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page"
        _in_child(partial(_write, name, file))
        size = file.stat().st_size
        said = _in_child(partial(_read, file, Path(folder) / "where"))
        where = _place(Path(folder) / "where")
    if said is None or isinstance(said, int):
        timed_out = said in (-signal.SIGXCPU, -signal.SIGKILL)
        said = (_STOP, 0.0, 0.0, "! stopped" if timed_out else f"! ended by {said}")
    seconds, megabytes, space, ended = said
    return Outcome(size=size, seconds=seconds, megabytes=megabytes, space=space, ended=ended, where=where)


def _place(traces: Path) -> str:
    """The innermost function of ours in a trace."""
    found = re.findall(r'/(?:extract/)?(\w+\.py)", line (\d+) in (\w+)', traces.read_text(encoding="utf-8"))
    ours = [one for one in found if (ROOT / "extract" / one[0]).exists() or one[0] in ("text.py", "urls.py")]
    return " < ".join(f"{file}:{line} {name}" for file, line, name in ours[:3])


_Said = tuple[float, float, float, str]


def _in_child(function: Callable[[], _Said | None]) -> _Said | int | None:
    """What a function gives in a process of its own; its exit code where it died of it."""
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=lambda: theirs.send(function()))
    child.start()
    theirs.close()
    with suppress(EOFError):
        answer: _Said | None = ours.recv()
        child.join()
        return answer
    child.join()
    return child.exitcode or -1


def _write(name: str, file: Path) -> None:
    file.write_bytes(MAKERS[name]())


def _status(field: str) -> float:
    """MB, from /proc."""
    return int(Path("/proc/self/status").read_text().partition(f"{field}:")[2].split()[0]) / 1000


def _read(file: Path, traces: Path) -> _Said:
    warm = page().encode()
    extract.read(capture(warm))
    extract.read(capture(f"{TITLE}\n{_LINE * 5}".encode()))
    body = file.read_bytes()
    Path("/proc/self/clear_refs").write_text("5")  # the highest of memory so far is forgotten
    before, space, start = _status("VmRSS"), _status("VmSize"), time.process_time()
    resource.setrlimit(resource.RLIMIT_AS, (_CEILING, _CEILING))
    used = int(start) + _STOP
    resource.setrlimit(resource.RLIMIT_CPU, (used, used + 1))
    with traces.open("w", encoding="utf-8") as trace:
        faulthandler.register(signal.SIGPROF, trace)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        ended = _how_it_ends(body)
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - start, _status("VmHWM") - before, _status("VmPeak") - space, ended


def _how_it_ends(body: bytes) -> str:
    try:
        article = extract.read(capture(body))
        return f"article by {article.reader}, {len(article.blocks)} blocks"
    except ExtractError as error:
        return error.kind
    except Exception as error:
        return f"! {type(error).__name__}: {error}"[:80]


def capture(body: bytes) -> Capture:
    return Capture(identity="saved:hostile", body=body, captured_at=datetime(2026, 11, 22, tzinfo=UTC), captured_exactly=True)


# ---------------------------------------------------------------- the command


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", action="append", default=[], help="pages whose name holds this")
    options.add_argument("--quick", action="store_true", help="the pages that the tests take")
    options.add_argument("--pool", action="store_true", help="read by the pool: each must end in an article or a named failure")
    options.add_argument("--list", action="store_true", help="the names alone")
    options.add_argument("--write", type=Path, help="keep the pages here instead of reading them")
    asked = options.parse_args()
    names = [name for name in (QUICK if asked.quick else MAKERS) if not asked.only or any(part in name for part in asked.only)]
    if asked.pool:
        return _through_the_pool(names)
    broken = 0
    for name in names:
        if asked.list:
            print(name)
        elif asked.write:
            asked.write.mkdir(parents=True, exist_ok=True)
            (asked.write / name.replace(" ", "-").replace("/", "-")).write_bytes(MAKERS[name]())
        else:
            broken += _tell(name, measure(name))
    return 1 if broken else 0


def read(made: Capture) -> pipeline.Reading | Failure:
    """In a worker."""
    return pipeline.read(made, ())


def through(pool: pipeline.Readers[str], given: dict[str, bytes]) -> dict[str, pipeline.Reading | Failure]:
    """What the reading pool says of these pages."""
    return dict(pool.map((name, read, (capture(body),)) for name, body in given.items()))


def _through_the_pool(names: list[str]) -> int:
    broken = 0
    with pipeline.Readers[str](1, ()) as pool:
        for name in names:
            start = time.perf_counter()
            answer = through(pool, {name: MAKERS[name]()})[name]
            kind = answer.kind if isinstance(answer, Failure) else "article"
            broken += kind == "bug"
            print(f"{name:56} {time.perf_counter() - start:6.2f} s  {'BREAKS ' if kind == 'bug' else ''}{kind}", flush=True)
    return 1 if broken else 0


def _tell(name: str, outcome: Outcome) -> bool:
    figures = f"{outcome.size / MB:6.1f} MB {outcome.seconds:6.2f} s {outcome.megabytes:6.0f} MB {outcome.space:6.0f} MB space"
    print(f"{name:56} {figures}  {'BREAKS ' if outcome.breaks else ''}{outcome.ended}", flush=True)
    if outcome.where:
        print(f"{'':56} in {outcome.where}", flush=True)
    return outcome.breaks


if __name__ == "__main__":
    raise SystemExit(main())
