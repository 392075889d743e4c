"""The reader of text dumps: a saved page as lines, the boilerplate of its site still on it.

A dump has no markup, so a line is judged by what it says (phrases.toml), by its shape, and by where it stands:

    page    where the dump is a whole page: the run of prose among its furniture (runs.py), what is around it is left
    head    breadcrumb, controls, the title, a date line
    body    paragraphs, headings, image alts with their captions, rows of tables, related boxes
    cut     the first line of what follows the article: all from there on is dropped
    tail    signature, list of related titles: trimmed from the end of what is left

Every line gets a class; the article is made of the classes. Losing a sentence is worse than keeping a line too many: what fits no
rule stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

import text
from extract import dates, linebody, linehead, outlets, phrases, runs
from extract.draft import Draft
from extract.linebody import Piece
from extract.linehead import Place
from extract.runs import Run
from extract.shapes import ENDS_SENTENCE, Class, Line, Mark, line_of
from model import Block, BlockKind, DateSource

MOST = 30_000  # lines; what has more is no page, and what stands below is not looked at

_BLOCKS = {
    Class.LEAD: BlockKind.PARAGRAPH,
    Class.PARAGRAPH: BlockKind.PARAGRAPH,
    Class.HEADING: BlockKind.HEADING,
    Class.LIST: BlockKind.LIST,
    Class.QUOTE: BlockKind.QUOTE,
    Class.TABLE: BlockKind.TABLE,
    Class.CAPTION: BlockKind.CAPTION,
}
_MERGED = (BlockKind.TABLE, BlockKind.LIST, BlockKind.QUOTE)


def read(raw: str, repeated: Collection[str] = ()) -> Draft:
    """The article of a text dump. `raw` is decoded text; nothing is raised: a dump without an article gives no blocks.

    `repeated`: keys of lines that recur on the dump's site, as `repeats.repeated` finds them.
    """
    return _Reading(split(raw), repeated).draft()


def classify(lines: Sequence[Line], repeated: Collection[str] = ()) -> list[tuple[Class, str]]:
    """Each line of a dump with its class."""
    reading = _Reading(lines, repeated)
    return [(kind, line.text) for kind, line in zip(reading.classes, lines, strict=True)]


def split(raw: str) -> list[Line]:
    """The lines of a dump that say something, without the marks of a converter."""
    bare = (_bare(line) for line in text.clean_lines(raw).split("\n"))
    return list(islice((line for line in map(line_of, filter(None, bare)) if line.text), MOST))


# Written by the program that made the dump, not by the site: a guess of the page's date, sometimes of the month only.
_DUMP_DATE = re.compile(r"^date \d{4}-\d{2}(?:-\d{2})? ")


def _bare(line: str) -> str:
    return _DUMP_DATE.sub("", line).strip() if line.startswith("date ") else line


class _Reading:
    """The classes of a dump's lines, and what was found on the way."""

    def __init__(self, lines: Sequence[Line], repeated: Collection[str]) -> None:
        self.classes = [Class.CONTROL] * len(lines)
        page = runs.find(lines, repeated)
        place = _place(lines, page, self.classes)
        self.head, rest = linehead.read(lines, place, self.classes)
        rest = linebody.without_related(lines, rest, self.head.title, self.classes)
        self.body = linebody.Body(self.head.title)
        for k, n in enumerate(rest):
            if n in place.captions:
                self.classes[n] = Class.CAPTION
                self.body.add(n, Class.CAPTION, lines[n].text)
                continue
            self.classes[n] = self.body.take(n, lines[n], [lines[m].text for m in rest[k + 1 : k + 1 + linebody.AHEAD]])
            if self.body.ended:
                for m in rest[k + 1 :]:
                    self.classes[m] = Class.RELATED
                break
        self.signature = linebody.tail(self.body.pieces)
        for piece in self.body.pieces:
            self.classes[piece.at] = piece.kind
        first = next((p for p in self.body.pieces if p.kind in _BLOCKS and p.kind is not Class.CAPTION), None)
        if first is not None and first.kind is Class.PARAGRAPH:
            self.classes[first.at] = Class.LEAD

    def draft(self) -> Draft:
        return Draft(
            title=self.head.title,
            blocks=tuple(_blocks(self.body.pieces)),
            published=dates.claims((DateSource.LINE, self.head.published)),
            kicker=self.head.kicker,
            authors=self.head.authors,
            byline=self.head.byline,
            section=self.body.section or self.head.section,
            breadcrumb=self.head.breadcrumb,
            images=tuple(self.body.images),
            tags=self.body.tags,
            credit=self.body.credit,
            origin_url=self.body.origin_url,
            signature=self.signature,
        )


def _blocks(pieces: Sequence[Piece]) -> Iterator[Block]:
    """The pieces that are of the article; items of a list, rows of a table and lines of a quote are one block."""
    kind: BlockKind | None = None
    said: list[str] = []
    for piece in pieces:
        here = _BLOCKS.get(piece.kind)
        if said and kind is not None and (here is not kind or kind not in _MERGED):
            yield Block(kind=kind, text=_joined(kind, said))
            said = []
        kind = here
        if here is not None:
            said.append(piece.said)
    if said and kind is not None:
        yield Block(kind=kind, text=_joined(kind, said))


def _joined(kind: BlockKind, said: Sequence[str]) -> str:
    """Two or more lines behind a dash that do not end as speech does are items."""
    if (
        kind is BlockKind.LIST
        and len(said) > 1
        and all(item.startswith("- ") and not ENDS_SENTENCE.search(item) for item in said)
    ):
        said = [item[2:].strip() for item in said]
    return "\n".join(said)


# ---------------------------------------------------------------- page

_FEW = 8  # lines; more of them above or below the article are a page's furniture
_NEAR = 8  # lines above the title or below the text that may say where the text is from


def _place(lines: Sequence[Line], page: Run | None, classes: list[Class]) -> Place:
    """Which lines are looked at closer: all of a dump that holds hardly more than an article, else those of its run."""
    if page is None:
        return Place(looked_at=range(len(lines)))
    first = page.title if page.title is not None else page.start
    recurs = {n for n, kind in enumerate(page.kinds) if kind in ("repeated", "again")}
    if first <= _FEW and len(lines) - page.end <= _FEW and not recurs:
        return Place(looked_at=range(len(lines)))
    for n in range(len(lines)):
        classes[n] = _OUTSIDE[page.kinds[n]]
    below = len(lines) if len(lines) - page.end <= _FEW else page.end
    inside = range(page.start, page.end)
    return Place(
        looked_at=[
            *range(max(0, first - _NEAR), first + (page.title is not None)),
            *(n for n in range(first + 1, page.start) if _says_of(lines[n], page.kinds[n])),
            *(n for n in range(page.start, below) if n not in page.out and (n in inside or n not in recurs)),
            *_signed(lines, below),
        ],
        whole=page.title is not None or first > _FEW,
        title=page.title,
        captions=page.captions | {n for n in range(first + 1, page.start) if _is_caption(page.kinds, n)},
    )


_OUTSIDE = {
    "short": Class.MENU,
    "titled": Class.RELATED,
    "twin": Class.RELATED,
    "repeated": Class.MENU,
    "again": Class.FOOTER,
    "label": Class.RELATED,
    "border": Class.COMMENT,
    "notice": Class.FOOTER,
    "control": Class.CONTROL,
    "credit": Class.CAPTION,
    "dated": Class.DATE,
    "silent": Class.ALT,
    "sentence": Class.TEASER,
    "prose": Class.TEASER,
}


def _says_of(line: Line, kind: str) -> bool:
    """Between the title and the text: the lead, a date, an author, a picture; all else is a control."""
    return (
        kind in ("prose", "credit")
        or line.mark in (Mark.ROW, Mark.PICTURE)
        or linehead.date_line(line.text) is not None
        or (not line.text.isascii() and kind != "control" and linehead.byline(line.text) is not None)
    )


def _signed(lines: Sequence[Line], end: int) -> Iterator[int]:
    """The lines close below the text that say who it is from or what it is about."""
    for n in range(end, min(len(lines), end + _NEAR)):
        said = lines[n].text
        signs = n < end + 2 and len(said) <= 60 and (outlets.by_signature(said) or (not said.isascii() and outlets.person(said)))
        if signs or outlets.source_line(said)[0] or linebody.tags_of(said) or phrases.key(said) in linebody.LINKED:
            yield n


def _is_caption(kinds: Sequence[str], n: int) -> bool:
    return kinds[n] == "credit" or (kinds[n] in ("prose", "titled") and kinds[n + 1] == "credit")
