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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

import text
from extract import dates, outlets, phrases, runs
from extract.draft import Draft
from extract.runs import Run
from extract.shapes import ENDS_SENTENCE, PHOTO_CREDIT, SENTENCE_BREAK, SOURCE_CREDIT, Line, Mark, line_of, word_count
from model import Block, BlockKind, Credit, DateSource

# Shapes. Word counts are of blank-separated words; in Vietnamese these are syllables.
LONG_PARAGRAPH = 25  # words; two such paragraphs are enough of an article to believe that a cut line ends it
TITLE_WORDS = 45
_SHORT_TITLE = 6  # words; of so few many lines share most
RELATED_WORDS = 4  # a shorter line said twice is emphasis
HEADING_WORDS = 24
CAPTION_WORDS = 60
LONE_CAPTION_WORDS = 42  # below an alt, without a credit
_AHEAD = 8  # lines that a box inside the body may have before the text goes on
TEASER_ROW = 100  # characters of a table row that stands alone: shorter ones are captions or boxes
_TOLD = 250  # characters; phrases are shorter, and stand at the beginning of a longer line
_LONGEST_TITLE = 600  # characters; nor is a longer line a caption or an alt


class Class(StrEnum):
    """What a line of a dump is."""

    TITLE = "title"
    DATE = "date"
    BYLINE = "byline"
    LEAD = "lead"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"
    QUOTE = "quote"
    TABLE = "table"
    CAPTION = "caption"
    ALT = "alt"  # or the picture itself
    SIGNATURE = "signature"
    CREDIT = "credit"
    TAGS = "tags"
    MENU = "menu"  # breadcrumbs and names of sections too
    CONTROL = "control"
    RELATED = "related"
    TEASER = "teaser"
    COMMENT = "comment"
    FOOTER = "footer"


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


def read(raw: str, repeated: frozenset[str] = frozenset()) -> Draft:
    """The article of a text dump. `raw` is decoded text; nothing is raised: a dump without an article gives no blocks.

    `repeated`: keys of lines that recur on the dump's site, as `repeats.repeated` finds them.
    """
    return _Reading(split(raw), repeated).draft()


def classify(lines: Sequence[Line], repeated: frozenset[str] = frozenset()) -> list[tuple[Class, str]]:
    """Each line of a dump with its class."""
    reading = _Reading(lines, repeated)
    return [(kind, line.text) for kind, line in zip(reading.classes, lines, strict=True)]


def split(raw: str) -> list[Line]:
    """The lines of a dump that say something, without the marks of a converter."""
    bare = (_bare(line) for line in text.clean_lines(raw).split("\n"))
    return [line for line in map(line_of, filter(None, bare)) if line.text]


# Written by the program that made the dump, not by the site: a guess of the page's date, sometimes of the month only.
_DUMP_DATE = re.compile(r"^date \d{4}-\d{2}(?:-\d{2})? ")


def _bare(line: str) -> str:
    return _DUMP_DATE.sub("", line).strip() if line.startswith("date ") else line


@dataclass(slots=True)
class _Piece:
    """A line of the text, by its number, and what it says there."""

    at: int
    kind: Class
    said: str


class _Reading:
    """The classes of a dump's lines, and what was found on the way."""

    def __init__(self, lines: Sequence[Line], repeated: frozenset[str]) -> None:
        self.classes = [Class.CONTROL] * len(lines)
        page = runs.find(lines, repeated)
        place = _Place(lines, page, self.classes)
        self.head, rest = _head(lines, place, self.classes)
        rest = _without_related(lines, rest, self.head.title, self.classes)
        self.body = _Body(self.head.title)
        for k, n in enumerate(rest):
            if n in place.captions:
                self.classes[n] = Class.CAPTION
                self.body.add(n, Class.CAPTION, lines[n].text)
                continue
            self.classes[n] = self.body.take(n, lines[n], [lines[m].text for m in rest[k + 1 : k + 1 + _AHEAD]])
            if self.body.ended:
                for m in rest[k + 1 :]:
                    self.classes[m] = Class.RELATED
                break
        self.signature = _tail(self.body.pieces)
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
            authors=self.head.authors,
            section=self.body.section or self.head.section,
            tags=self.body.tags,
            credit=self.body.credit,
            origin_url=self.body.origin_url,
            signature=self.signature,
        )


def _blocks(pieces: Sequence[_Piece]) -> Iterator[Block]:
    """The pieces that are of the article; items of a list, rows of a table and lines of a quote are one block."""
    kind: BlockKind | None = None
    said: list[str] = []
    for piece in pieces:
        here = _BLOCKS.get(piece.kind)
        if said and kind is not None and (here is not kind or kind not in _MERGED):
            yield Block(kind=kind, text="\n".join(said))
            said = []
        kind = here
        if here is not None:
            said.append(piece.said)
    if said and kind is not None:
        yield Block(kind=kind, text="\n".join(said))


# ---------------------------------------------------------------- page

_FEW = 8  # lines; more of them above or below the article are a page's furniture
_NEAR = 8  # lines above the title or below the text that may say where the text is from


class _Place:
    """Which lines are looked at closer: all of a dump that holds hardly more than an article, else those of its run."""

    def __init__(self, lines: Sequence[Line], page: Run | None, classes: list[Class]) -> None:
        self.title: int | None = None
        self.captions: frozenset[int] = frozenset()
        self.whole = False
        self.looked_at: Sequence[int] = range(len(lines))
        if page is None:
            return
        first = page.title if page.title is not None else page.start
        if first <= _FEW and len(lines) - page.end <= _FEW:
            return
        self.title = page.title
        self.captions = page.captions | {n for n in range(first + 1, page.start) if _is_caption(page.kinds, n)}
        for n in range(len(lines)):
            classes[n] = _OUTSIDE[page.kinds[n]]
        below = len(lines) if len(lines) - page.end <= _FEW else page.end
        self.whole = True
        self.looked_at = [
            *range(max(0, first - _NEAR), first + (page.title is not None)),
            *(n for n in range(first + 1, page.start) if _says_of(lines[n], page.kinds[n])),
            *(n for n in range(page.start, below) if n not in page.out),
            *_signed(lines, below, classes),
        ]


_OUTSIDE = {
    "short": Class.MENU,
    "titled": Class.RELATED,
    "twin": Class.RELATED,
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
        or _date_line(line.text) is not None
        or (not line.text.isascii() and kind != "control" and _byline(line.text) is not None)
    )


def _signed(lines: Sequence[Line], end: int, classes: list[Class]) -> Iterator[int]:
    """The lines close below the text that say who it is from or what it is about."""
    for n in range(end, min(len(lines), end + _NEAR)):
        said = lines[n].text
        signs = n < end + 2 and len(said) <= 60 and (outlets.by_signature(said) or (not said.isascii() and outlets.person(said)))
        if signs or outlets.source_line(said)[0] or _tags(said) or phrases.key(said) in _LINKED:
            yield n


def _is_caption(kinds: Sequence[str], n: int) -> bool:
    return kinds[n] == "credit" or (kinds[n] in ("prose", "titled") and kinds[n + 1] == "credit")


# ---------------------------------------------------------------- head


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    title: str | None = None
    section: str | None = None
    published: datetime | None = None
    authors: tuple[str, ...] = ()


_CRUMBS = re.compile(r"^Trang chủ(?=[^\W\d_]|\s*[/>»›]|\s)")
_GLUED = re.compile(f"(?<=[{text.LOWER}])(?=[{text.UPPER}])")
_SEPARATED = re.compile(r"\s*[/>»›|]\s*")
# An official notice says what it is on one line and what it is about on the next.
_NOTICE = re.compile(r"(?:THÔNG BÁO|THÔNG CÁO BÁO CHÍ|THÔNG CÁO|TUYÊN BỐ|CÔNG ĐIỆN|CHỈ THỊ|NGHỊ QUYẾT|QUYẾT ĐỊNH|KẾ HOẠCH)")
_ABOUT = re.compile(r"(?:Về|V/v|VỀ)\b")
_BYLINE = re.compile(r"^(?:Tác giả|Bài|Thực hiện|Tin, ảnh)\s*:\s*(.{3,60})$|^\((?:từ|theo) [^()]{2,50}\)$", re.IGNORECASE)
_VIEWS = re.compile(r"\s*(?:Lượt xem|Đã xem)\W*\d*\s*$")
_USER = re.compile(r"(?<=\d)\s+[a-z]+_\w+$")
_LATE = 4  # lines below the title among which its date may stand


def _head(lines: Sequence[Line], place: _Place, classes: list[Class]) -> tuple[_Head, list[int]]:
    """(what stands above the text, the numbers of the lines from there on)."""
    crumbs: str | None = None
    title: str | None = None
    above: datetime | None = None  # may be the clock of the site's header
    below: datetime | None = None
    authors: list[str] = []
    rest: list[int] = []
    for k, n in enumerate(place.looked_at):
        line, last = lines[n].text, k + 1 == len(place.looked_at)
        moment = _date_line(line)
        classes[n] = Class.MENU if title is None else Class.CONTROL
        if n == place.title:
            title, classes[n] = line, Class.TITLE
        elif moment is not None:
            above, below = (above or moment, None) if title is None else (above, below or moment)
            classes[n] = Class.DATE
        elif _CRUMBS.match(line) and title is None and not last:
            crumbs = line
        elif (title is None and place.title is not None) or _is_dropped(line) or _is_menu(line) or (_same(line, title) if title else not last and _is_above_title(line)):
            continue
        elif title is None and not place.whole and _is_title(line):
            title, classes[n] = line, Class.TITLE
        elif title is not None and _NOTICE.fullmatch(title) and _ABOUT.match(line):
            title, classes[n] = f"{title} {line}", Class.TITLE
        elif title is not None and not last and n not in place.captions and (author := _byline(line)) is not None:
            authors += [author] if author else []
            classes[n] = Class.BYLINE
        else:
            rest = list(place.looked_at[k:])
            break
    late = next((k for k, n in enumerate(rest[:_LATE]) if dates.is_date_line(lines[n].text)), None)
    if late is not None:
        n = rest.pop(late)
        below, classes[n] = below or dates.parse(lines[n].text), Class.DATE
    section = _section(crumbs, title)
    return _Head(title=title, section=section, published=below or above, authors=tuple(authors)), rest


def _is_above_title(line: str) -> bool:
    """A section's name, a kicker, the heading of a box, an alt without marks: what may stand above a title and is none."""
    parts = [text.edit_key(part).casefold() for part in _SEPARATED.split(line)]
    names = {name.casefold() for name in phrases.load().menu}
    key = phrases.key(line)
    unmarked = line.isascii() and line == line.lower() and len(line.split()) >= 4
    return (
        all(part in names for part in parts)
        or line.endswith(":")
        or key in phrases.load().boxes
        or key in phrases.load().cut
        or unmarked
    )


def _date_line(line: str) -> datetime | None:
    """The date of a line that holds hardly anything else: a section before it, a user's name or a counter behind it."""
    bare = _USER.sub("", _VIEWS.sub("", line))
    for name in phrases.load().menu:
        if bare.startswith(name + " "):
            bare = bare[len(name) :].strip()
            break
    return dates.parse(bare) if dates.is_date_line(bare) else None


def _byline(line: str) -> str | None:
    """The author that a line below the title names, empty for a line that only says where from; None: it is no byline."""
    if found := _BYLINE.match(line):
        return found[1] or ""
    if phrases.key(line) in phrases.load().boxes | phrases.load().cut:
        return None
    return outlets.person(line) or outlets.person(line.title() if line.isupper() else None)


def _is_title(line: str) -> bool:
    if line.startswith(("|", "![", "(")) or len(line) > _LONGEST_TITLE or (line.endswith(".") and not line.endswith("..")):
        return False
    return len(line.split()) <= TITLE_WORDS


def _section(crumbs: str | None, title: str | None) -> str | None:
    """The last crumb of `Trang chủChính trịNgoại giao<title>`; the title at its end may be cut with dots."""
    if not crumbs:
        return None
    path = _CRUMBS.sub("", crumbs).strip(" /»>›")
    if title:
        stem = re.split(r"\.\.\.|…", path)[0]
        at = path.find(title)
        if at < 0:  # the cut title: its beginning stands at the end of the crumbs
            at = next((i for i in range(len(stem)) if len(stem) - i >= 12 and title.startswith(stem[i:].strip())), -1)
        path = path[:at] if at >= 0 else path
    crumb = [c.strip() for part in _SEPARATED.split(path) for c in _GLUED.split(part) if c.strip()]
    return crumb[-1] if crumb and len(crumb[-1].split()) <= 6 else None


def _is_dropped(line: str) -> bool:
    if len(line) >= _TOLD:
        return not line.strip(" :|•»>")
    known, plain = phrases.load(), text.edit_key(line)
    key = phrases.key(line)
    return not key or key in known.drop or key in known.controls or bool(known.drop_patterns.fullmatch(plain))


def _is_menu(line: str) -> bool:
    """Four or more section names with their capitals, and hardly anything else, on one line; commas make it a sentence's list."""
    if len(line) > 600 or "," in line:
        return False
    rest, found = text.edit_key(line), 0
    for name in phrases.load().menu:
        hits = rest.count(name)
        found += hits
        rest = rest.replace(name, " ") if hits else rest
    return found >= 4 and len(rest.split()) <= found


def _same(one: str, other: str) -> bool:
    return len(one) <= _LONGEST_TITLE and text.match_key(one) == text.match_key(other)


# ---------------------------------------------------------------- related boxes


def _without_related(lines: Sequence[Line], rest: Sequence[int], title: str | None, classes: list[Class]) -> list[int]:
    """The lines without the boxes that MasterCMS writes: a title, the same title again, a teaser cut with dots."""
    left: list[int] = []
    k = 0
    while k < len(rest):
        if _is_related([lines[n].text for n in rest[k : k + 3]], title):
            for n, kind in zip(rest[k : k + 3], (Class.RELATED, Class.RELATED, Class.TEASER), strict=True):
                classes[n] = kind
            k += 3
        else:
            left.append(rest[k])
            k += 1
    return left


def _is_related(three: Sequence[str], title: str | None) -> bool:
    return (
        len(three) == 3
        and three[0] == three[1]
        and three[2].endswith(("...", "…"))
        and RELATED_WORDS <= len(three[0].split()) <= TITLE_WORDS
        and not (title and _same(three[0], title))
    )


# ---------------------------------------------------------------- body

_PICTURE = re.compile(r"^!\[[^\]]*\](?:\([^)]*\))?\s*\|?$")
_ROW = re.compile(r"^\|(.*?)\|?$")
_NUMBERED_ALT = re.compile(r"\s*[-–]?\s*[Ảả]nh \d{1,2}\s*")
_ITEM = re.compile(r"^(?:[-–•*+▪●]\s+|\d{1,2}[.)]\s+)")
_CLOSING_NOTICE = re.compile(r"tại chuyên mục\s+(.{2,40}?)\s*\.\s")
_TAGS = re.compile(r"^(?:Từ kho[áa]|Từ khoá|Tags|Thẻ)\s*[:»]\s*(.+)$", re.IGNORECASE)


_MARKED = {Mark.TITLE: Class.HEADING, Mark.HEADING: Class.HEADING, Mark.ITEM: Class.LIST, Mark.QUOTE: Class.QUOTE}


def _tags(line: str) -> tuple[str, ...]:
    found = _TAGS.match(line)
    if not found or line.endswith("."):
        return ()
    return tuple(t for t in (t.strip(" #.") for t in re.split(r"[,;#]", found[1])) if t)


_LINK = re.compile(r"https?://[^\s<>\"]+")
_LINKED = frozenset({"nguồn", "link bài gốc", "lấy link!", "copy link"})


def _is_sentence(line: str) -> bool:
    """Ten words and a full stop: prose, whatever words it opens with."""
    return len(line.split()) >= 10 and line.endswith((".", "…", ".”", '."', "?", "!"))


def _goes_on(ahead: Sequence[str]) -> bool:
    """Two long paragraphs follow each other soon: the text goes on below the box. In a list titles stand between teasers."""
    long = [len(line.split()) >= LONG_PARAGRAPH and not line.endswith(("...", "…")) for line in ahead]
    return any(one and other for one, other in pairwise(long))


class _Body:
    """The text's lines, taken one by one, until the cut."""

    def __init__(self, title: str | None) -> None:
        self._title_words = text.words(title or "")
        self._title_end = (title or "")[-1:]
        self._expect: str | None = None  # "caption" after a picture's row, "alt" after a picture's alt line
        self._long = 0
        self._paragraphs = 0
        self._said = 0  # words of all paragraphs
        self._skipping = False  # inside a list of related titles that stands above the text
        self._tabled = False  # the table that is being read has rows of two cells
        self.ended = False
        self.pieces: list[_Piece] = []
        self.section: str | None = None
        self.tags: tuple[str, ...] = ()
        self.credit: Credit | None = None
        self.origin_url: str | None = None

    def take(self, at: int, line: Line, ahead: Sequence[str]) -> Class:
        """The class of one line, judged with those that follow it; `ended`: it and all after it follow the article."""
        expect, self._expect = self._expect, None
        if (meta := self._meta(line.text)) is not None:
            self.ended = self._enough() and bool(self.origin_url or self.tags)
            return meta
        if self._is_cut(line.text, ahead):
            self._note_link(line.text, ahead)
            self.ended = self._enough()
            self._skipping = True
            return Class.RELATED
        if self._skipping and self._is_listed(line.text):
            return Class.RELATED
        self._skipping = False
        if _is_dropped(line.text):
            return Class.CONTROL
        if _is_menu(line.text):
            return Class.MENU
        return self._place(at, line, expect)

    def _enough(self) -> bool:
        """There is an article above: two paragraphs, a long one, or a notice of a few sentences."""
        return self._long >= 1 or self._paragraphs >= 2 or self._said >= LONG_PARAGRAPH

    def _is_listed(self, line: str) -> bool:
        return not ENDS_SENTENCE.search(line) or line.endswith(("...", "…")) or len(line.split()) < 12

    def _meta(self, line: str) -> Class | None:
        """The line says where the text comes from, or what it is filed under; kept as a field, not as text."""
        credit, origin = outlets.source_line(line)
        if credit:
            self.credit, self.origin_url = credit, origin
            return Class.CREDIT
        if tags := _tags(line):
            self.tags = tags
            return Class.TAGS
        return None

    def _is_cut(self, line: str, ahead: Sequence[str]) -> bool:
        known = phrases.load()
        plain = text.edit_key(line[:_TOLD])
        key = phrases.key(plain) if len(line) <= _TOLD else None
        if notice := _CLOSING_NOTICE.search(line):
            self.section = notice[1]
        if key in known.cut or known.cut_prefixes.match(plain):
            return True
        if key in known.boxes:
            self._skipping = not self._enough() or _goes_on(ahead)
            return not (self._skipping and self._enough())
        return bool(known.cut_openings.match(plain)) and not _is_sentence(line)

    def _note_link(self, line: str, ahead: Sequence[str]) -> None:
        """`Nguồn`, `Link bài gốc` alone: the address of the original may stand on one of the next lines."""
        if phrases.key(line) in _LINKED and self.origin_url is None:
            self.origin_url = next((found[0] for found in map(_LINK.fullmatch, ahead[:3]) if found), None)

    def _place(self, at: int, line: Line, expect: str | None) -> Class:
        said = line.text
        if _PICTURE.match(said):
            self._expect = "caption"
            return Class.ALT
        if line.mark in _MARKED:
            return self.add(at, _MARKED[line.mark], said)
        if row := _ROW.match(said):
            return self._row(at, row[1].strip(), expect)
        if expect == "caption" and said.endswith("|"):  # a caption whose row lost its first bar
            return self.add(at, Class.CAPTION, said.rstrip(" |"))
        if self._is_alt(said):
            # `<title> - ảnh 1<caption>`: what follows the number is the caption, and no other comes
            _, number, caption = _partition(_NUMBERED_ALT, said)
            self._expect = None if number else "alt"
            return self.add(at, Class.CAPTION, caption) if caption else Class.ALT
        if self._is_caption(said, expect):
            return self.add(at, Class.CAPTION, said)
        if _is_heading(line):
            return self.add(at, Class.HEADING, said)
        if _ITEM.match(said) and not outlets.by_alias(said.strip("-–— ")):
            return self.add(at, Class.LIST, said)
        return self.add(at, Class.PARAGRAPH, said)

    def _row(self, at: int, row: str, expect: str | None) -> Class:
        cells = [cell.strip() for cell in row.split("|")]
        filled = [cell for cell in cells if cell.strip("-: ")]
        in_table = self._tabled and bool(self.pieces) and self.pieces[-1].kind is Class.TABLE
        if not filled:
            return Class.CONTROL
        if expect == "caption" and len(filled) == 1:
            return self.add(at, Class.CAPTION, filled[0])
        if len(filled) > 1 or in_table:
            self.add(at, Class.TABLE, " | ".join(filled))
            self._tabled = True
            return Class.TABLE
        if len(filled[0]) < TEASER_ROW:
            return self.add(at, Class.TABLE, filled[0])
        return Class.TEASER  # a long row that stands alone is the teaser of another article

    def add(self, at: int, kind: Class, said: str) -> Class:
        """Take the line as text, or as a caption."""
        if kind is not Class.TABLE or not self.pieces or self.pieces[-1].kind is not Class.TABLE:
            self._tabled = False
        if kind is Class.PARAGRAPH:
            words = word_count(said)
            self._long += words >= LONG_PARAGRAPH
            self._paragraphs += 1
            self._said += words
            if not self.origin_url:  # the text goes on: what looked like its source was a picture's
                self.credit = None
        self.pieces.append(_Piece(at, kind, said))
        return kind

    def _is_alt(self, line: str) -> bool:
        """An image's alt text: the title again, in a variant, with the original title's words before it, or a number behind."""
        if len(line) > _LONGEST_TITLE:
            return False
        plain, number, _ = _partition(_NUMBERED_ALT, line)
        if len(plain.split()) > TITLE_WORDS:
            return False
        said = text.words(plain)
        if len(said) < 3 or not self._title_words:
            return False
        whole = said[-len(self._title_words) :] == self._title_words
        ends = bool(ENDS_SENTENCE.search(plain[-4:]))
        if number or len(self._title_words) < _SHORT_TITLE:
            return whole and (bool(number) or not ends or len(said) == len(self._title_words))
        if ends and not (whole and plain[-1] == self._title_end):
            return False
        return _covered(self._title_words, said) >= 0.85 and _covered(said, self._title_words) >= 0.4

    def _is_caption(self, line: str, expect: str | None) -> bool:
        length = len(line.split())
        if length > CAPTION_WORDS or len(line) > _LONGEST_TITLE:
            return False
        one_sentence = not SENTENCE_BREAK.search(line)
        if PHOTO_CREDIT.search(line):
            return one_sentence or expect is not None or length <= HEADING_WORDS + 6
        if source := SOURCE_CREDIT.search(line):  # figures too name their source at the end of a sentence
            return expect is not None or (one_sentence and not source[1] and length <= LONE_CAPTION_WORDS)
        # Without a credit only below an alt, and only once the text has begun: above it, it may be the lead.
        return expect == "alt" and one_sentence and self._paragraphs > 0 and length <= LONE_CAPTION_WORDS


def _partition(pattern: re.Pattern[str], line: str) -> tuple[str, str, str]:
    """(before, match, after), as str.partition."""
    found = pattern.search(line)
    return (line[: found.start()], found[0], line[found.end() :].strip()) if found else (line, "", "")


def _covered(words: Sequence[str], by: Sequence[str]) -> float:
    """The share of `words`, counted with repetitions, that `by` has too."""
    left = list(by)
    hits = 0
    for word in words:
        if word in left:
            left.remove(word)
            hits += 1
    return hits / len(words) if words else 0.0


def _is_heading(line: Line) -> bool:
    is_item = _ITEM.match(line.text) and not outlets.by_alias(line.text.strip("-–— "))
    return line.words <= HEADING_WORDS and not line.stopped and not ENDS_SENTENCE.search(line.text) and not is_item


# ---------------------------------------------------------------- tail


def _tail(pieces: list[_Piece]) -> str | None:
    """The signature; the pieces that follow the text are classed so.

    Three or more titles of other articles at the end are dropped; one or two lines that sign the text are its signature; any
    other last line without a stop is text.
    """
    end = len(pieces)
    while end and pieces[end - 1].kind is Class.HEADING:
        end -= 1
    run = pieces[end:]
    if not end or not run:
        return None
    if len(run) <= 2 and all(outlets.is_signature(piece.said) for piece in run):
        _turn(run, Class.SIGNATURE)
        return " - ".join(piece.said for piece in run)
    signs = next((piece for piece in (run[0], run[-1]) if outlets.is_signature(piece.said)), None)
    others = [piece for piece in run if signs is None or piece.said != signs.said]
    if signs is not None:
        _turn([piece for piece in run if piece.said == signs.said], Class.SIGNATURE)
    listed = len(others) >= 3 and all(_is_title_of_another(piece.said) for piece in others)
    _turn(others, Class.RELATED if listed and not pieces[end - 1].said.endswith(":") else Class.PARAGRAPH)
    return signs.said if signs else None


def _turn(pieces: Sequence[_Piece], kind: Class) -> None:
    for piece in pieces:
        piece.kind = kind


_PERSON_OF = re.compile(r"(?:Ông|Bà|Đồng chí|Đ/c|Anh|Chị|GS|PGS|TS|ThS)\b")


def _is_title_of_another(line: str) -> bool:
    """A line with a title's words; not one of a list of names that ends a text."""
    return len(line.split()) >= _SHORT_TITLE and not _PERSON_OF.match(line)
