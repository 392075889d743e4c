"""The text of a dump below its head, line by line: paragraphs, captions, tables, boxes of other articles, and where it ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import text
from extract import linehead, outlets, phrases
from extract.shapes import (
    ENDS_SENTENCE,
    LONGEST_TITLE,
    PHOTO_CREDIT,
    SENTENCE_BREAK,
    SOURCE_CREDIT,
    TITLE_WORDS,
    Class,
    Line,
    Mark,
    word_count,
)
from model import Credit, Image

# Shapes. Word counts are of blank-separated words; in Vietnamese these are syllables.
LONG_PARAGRAPH = 25  # words; two such paragraphs are enough of an article to believe that a cut line ends it
_SHORT_TITLE = 6  # words; of so few many lines share most
RELATED_WORDS = 4  # a shorter line said twice is emphasis
HEADING_WORDS = 24
CAPTION_WORDS = 60
LONE_CAPTION_WORDS = 42  # below an alt, without a credit
AHEAD = 8  # lines that a box inside the body may have before the text goes on
TEASER_ROW = 100  # characters of a table row that stands alone: shorter ones are captions or boxes


@dataclass(slots=True)
class Piece:
    """A line of the text, by its number, and what it says there."""

    at: int
    kind: Class
    said: str


# ---------------------------------------------------------------- related boxes


def without_related(lines: Sequence[Line], rest: Sequence[int], title: str | None, classes: list[Class]) -> list[int]:
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
        and not (title and linehead.same(three[0], title))
    )


# ---------------------------------------------------------------- body

_PICTURE = re.compile(r"^!\[([^\]]*)\](?:\((.*)\))?\s*\|?$")
_ROW = re.compile(r"^\|(.*?)\|?$")
_NUMBERED_ALT = re.compile(r"\s*[-–]?\s*[Ảả]nh \d{1,2}\s*")
_ITEM = re.compile(r"^(?:[-–•*+▪●]\s+|\d{1,2}[.)]\s+)")
_CLOSING_NOTICE = re.compile(r"tại chuyên mục\s+(.{2,40}?)\s*\.\s")
_TAGS = re.compile(r"^(?:Từ kh(?:óa|oá)|Tags|Thẻ)\s*[:»]\s*(.+)$", re.IGNORECASE)


_MARKED = {Mark.TITLE: Class.HEADING, Mark.HEADING: Class.HEADING, Mark.ITEM: Class.LIST, Mark.QUOTE: Class.QUOTE}


def tags_of(line: str) -> tuple[str, ...]:
    found = _TAGS.match(line)
    if not found or line.endswith("."):
        return ()
    return tuple(t for t in (t.strip(" #.") for t in re.split(r"[,;#]", found[1])) if t)


_LINK = re.compile(r"https?://[^\s<>\"]+")
LINKED = frozenset({"nguồn", "link bài gốc", "lấy link!", "copy link"})


def _is_sentence(line: str) -> bool:
    """Ten words and a full stop: prose, whatever words it opens with."""
    return len(line.split()) >= 10 and line.endswith((".", "…", ".”", '."', "?", "!"))


def _goes_on(ahead: Sequence[str]) -> bool:
    """Two long paragraphs follow each other soon: the text goes on below the box. In a list titles stand between teasers."""
    long = [len(line.split()) >= LONG_PARAGRAPH and not line.endswith(("...", "…")) for line in ahead]
    return any(one and other for one, other in pairwise(long))


class Body:
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
        self._picture: str | None = None  # the address of the picture whose caption may follow
        self.ended = False
        self.pieces: list[Piece] = []
        self.images: list[Image] = []
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
        if phrases.is_dropped(line.text):
            return Class.CONTROL
        if phrases.is_menu(line.text):
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
        if tags := tags_of(line):
            self.tags = tags
            return Class.TAGS
        return None

    def _is_cut(self, line: str, ahead: Sequence[str]) -> bool:
        known = phrases.load()
        plain = text.plain_key(line[: phrases.LONGEST])
        key = phrases.key(plain) if len(line) <= phrases.LONGEST else None
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
        if phrases.key(line) in LINKED and self.origin_url is None:
            self.origin_url = next((found[0] for found in map(_LINK.fullmatch, ahead[:3]) if found), None)

    def _place(self, at: int, line: Line, expect: str | None) -> Class:
        said = line.text
        if picture := _PICTURE.match(said):
            self._flush()
            self._picture = picture[2] if (picture[2] or "").startswith(("http://", "https://")) else None
            if PHOTO_CREDIT.search(picture[1]):
                return self.add(at, Class.CAPTION, picture[1])
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
        if kind is Class.CAPTION:
            self.images.append(Image(url=self._picture, caption=said))
            self._picture = None
        else:
            self._flush()
        self.pieces.append(Piece(at, kind, said))
        return kind

    def _flush(self) -> None:
        """The picture that waits for a caption has none."""
        if self._picture is not None:
            self.images.append(Image(url=self._picture, caption=None))
            self._picture = None

    def _is_alt(self, line: str) -> bool:
        """An image's alt text: the title again, in a variant, with the original title's words before it, or a number behind."""
        if len(line) > LONGEST_TITLE:
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
        if length > CAPTION_WORDS or len(line) > LONGEST_TITLE:
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


def tail(pieces: list[Piece]) -> str | None:
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


def _turn(pieces: Sequence[Piece], kind: Class) -> None:
    for piece in pieces:
        piece.kind = kind


_PERSON_OF = re.compile(r"(?:Ông|Bà|Đồng chí|Đ/c|Anh|Chị|GS|PGS|TS|ThS)\b")


def _is_title_of_another(line: str) -> bool:
    """A line with a title's words; not one of a list of names that ends a text."""
    return len(line.split()) >= _SHORT_TITLE and not _PERSON_OF.match(line)
