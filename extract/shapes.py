"""The shapes of a dump's lines: the marks that a converter left on them, how many words they say, how they end."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

import text

# A photo's credit ends a caption; `(Nguồn: …)` also ends a sentence about figures.
PHOTO_CREDIT = re.compile(
    r"\((?:Ảnh|ảnh|ẢNH|Photo|Foto|Image|Đồ họa|Minh họa)\b[^()]*\)\s*\.?$"
    r"|(?:^|(?<=[.!?…)”\"–-])\s?)(?:Ảnh|ẢNH|Photo)(?: tư liệu| minh họa)?\s*:\s*[^:]{1,60}$"
    r"|^(?:Ảnh|Video|Clip|Đồ họa)(?: minh họa| tư liệu)?(?:$|\s*:\s*.{1,80}$)|\s[-–]\s?[Ảả]nh \d{1,2}\.?$"
)
SOURCE_CREDIT = re.compile(r"(\.?)\s*\((?:Nguồn|Source)\b[^()]*\)\s*\.?$")
SENTENCE_BREAK = re.compile(rf"(?<=[{text.LOWER})\d”\"])[.!?…][”\"’')\]]*\s+(?=[“\"{text.UPPER}])")
ENDS_SENTENCE = re.compile(r"[.!?…:;,][”\"’')\]]*$")

TITLE_WORDS = 45
LONGEST_TITLE = 600  # characters; nor is a longer line a caption or an alt
LONGEST = 20_000  # characters; a longer line is no paragraph of an article, and its marks are not looked for


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


class Mark(StrEnum):
    """What a converter said of a line."""

    NONE = ""
    TITLE = "title"  # a heading of the first rank
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"
    ROW = "row"
    PICTURE = "picture"


class Line(NamedTuple):
    """One line of a dump, without its marks. `linked` is the share of its letters that is links, from 0 to 1."""

    text: str
    mark: Mark = Mark.NONE
    linked: float = 0.0
    words: int = 0
    stopped: bool = False  # ends as a sentence does


def line_of(raw: str) -> Line:
    """The line that a trimmed line of a dump is."""
    said, mark, linked = raw, Mark.NONE, 0.0
    if len(raw) <= LONGEST:
        said, linked = _without_links(raw)
        said, mark = _without_mark(said)
        said = _without_emphasis(said)
    return Line(
        text=said,
        mark=mark,
        linked=linked,
        words=word_count(said),
        stopped=said[-1:] in _ENDS and bool(_STOP.search(said, max(0, len(said) - 8))),
    )


# ---------------------------------------------------------------- words

# Scripts that are written without blanks: two of their letters are about a word.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_ENDS = frozenset(".!?…。！？．।॥۔؟։”\"’'»)]」』）】〉》“")
_STOP = re.compile(r"(?:[.!?…]|[。！？．।॥۔؟։።])[”\"’'»)\]」』）】〉》“]*$")


def word_count(said: str) -> int:
    """The words of a line: parted by blanks, and where a script has none, two letters a word."""
    if said.isascii() or not _UNSPACED.search(said):
        return len(said.split())
    return len(_UNSPACED.findall(said)) // 2 + len(_UNSPACED.sub(" ", said).split())


# ---------------------------------------------------------------- marks

_URL = r"\(((?:<[^<>]{0,2000}>|[^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,200}){0,4}))(?:\s+\"[^\"]{0,300}\")?\)"
_IMAGE = re.compile(rf"!\[([^\[\]]{{0,1000}})\](?:{_URL})?")
_LINKED = re.compile(rf"\[([^\[\]]{{0,2000}})\]{_URL}")
_OPENING = re.compile(r"(#{1,6})\s+(?=\S)|([*+-])\s+(?=\S)|(>)\s*(?=\S)")
_EMPHASIS = re.compile(
    r"(\*\*|__)(?=\S)([^*_]{1,2000}?)(?<=\S)\1|(?<![\w*])([*_])(?=[^\s*_])([^*_]{1,2000}?)(?<=[^\s*_])\3(?![\w*])"
)


def _without_links(raw: str) -> tuple[str, float]:
    """(the line, links as their words; the share of links). A line that is but pictures becomes the first of them."""
    if "](" not in raw and "![" not in raw:
        return raw, 0.0
    pictures: list[str] = []
    bare = _IMAGE.sub(lambda found: _note(pictures, found), raw)
    links: list[str] = []
    said = " ".join(_LINKED.sub(lambda found: _keep(links, found[1]), bare).split())
    if pictures and not said.strip(" |*_>#-+"):
        return pictures[0], 0.0
    letters = len(said.strip(" |*_>#-+"))
    return said, min(1.0, sum(map(len, links)) / letters) if letters else 1.0


def _note(pictures: list[str], found: re.Match[str]) -> str:
    pictures.append(f"![{' '.join(found[1].split())}]({(found[2] or '').strip('<>')})")
    return " "


def _keep(links: list[str], said: str) -> str:
    links.append(said.strip())
    return said


def _without_mark(said: str) -> tuple[str, Mark]:
    if not said:
        return said, Mark.NONE
    if said.startswith("!["):
        return said, Mark.PICTURE
    if said.startswith("|"):
        return said, Mark.ROW
    mark = Mark.NONE
    if said[0] not in "#*+->":
        return said, mark
    for _ in range(3):  # `> * said`, `* ## said`
        found = _OPENING.match(said)
        if not found:
            break
        if found[2] and mark is Mark.NONE and found[2] == "-":
            break  # a dash also opens speech: the body tells items by itself
        here = Mark.TITLE if found[1] == "#" else Mark.HEADING if found[1] else Mark.ITEM if found[2] else Mark.QUOTE
        mark = here if mark in (Mark.NONE, Mark.QUOTE, Mark.ITEM) else mark
        said = said[found.end() :]
    return said, mark


def _without_emphasis(said: str) -> str:
    return _EMPHASIS.sub(lambda found: found[2] or found[4], said) if "*" in said or "_" in said else said
