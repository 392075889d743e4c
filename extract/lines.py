"""The reader of text dumps: a saved page as lines, the boilerplate of its site still on it.

A dump has no markup, so a line is judged by what it says (phrases.toml), by its shape, and by where it stands:

    head    breadcrumb, controls, the title, a date line
    body    paragraphs, headings, image alts with their captions, rows of tables, related boxes
    cut     the first line of what follows the article: all from there on is dropped
    tail    signature, list of related titles: trimmed from the end of what is left

Losing a sentence is worse than keeping a line too many: what fits no rule stays.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

import text
from extract import dates, outlets
from extract.draft import Draft
from model import Block, BlockKind, Credit

# Shapes. Word counts are of blank-separated words; in Vietnamese these are syllables.
LONG_PARAGRAPH = 25  # words; two such paragraphs are enough of an article to believe that a cut line ends it
TITLE_WORDS = 45
HEADING_WORDS = 24
CAPTION_WORDS = 60
TEASER_ROW = 100  # characters of a table row that stands alone: shorter ones are captions or boxes


@dataclass(frozen=True, kw_only=True, slots=True)
class _Phrases:
    cut: frozenset[str]
    cut_prefixes: tuple[str, ...]
    drop: frozenset[str]
    drop_prefixes: tuple[str, ...]
    menu: tuple[str, ...]


@cache
def _phrases() -> _Phrases:
    table = tomllib.loads((files("extract") / "phrases.toml").read_text(encoding="utf-8"))
    return _Phrases(
        cut=frozenset(_key(p) for p in table["cut"]),
        cut_prefixes=tuple(text.edit_key(p).casefold() for p in table["cut_prefixes"]),
        drop=frozenset(_key(p) for p in table["drop"]),
        drop_prefixes=tuple(text.edit_key(p).casefold() for p in table["drop_prefixes"]),
        menu=tuple(sorted((_key(p) for p in table["menu"]), key=len, reverse=True)),
    )


def _key(line: str) -> str:
    return text.edit_key(line).casefold().strip(" :|•»>")


def read(raw: str) -> Draft:
    """The article of a text dump. `raw` is decoded text; nothing is raised: a dump without an article gives no blocks."""
    lines = [line for line in (_bare(line) for line in text.clean_lines(raw).split("\n")) if line]
    head, rest = _head(lines)
    body = _Body(head.title)
    for line in _without_related(rest, head.title):
        if not body.take(line):
            break
    blocks, signature = _tail(body.blocks)
    return Draft(
        title=head.title,
        blocks=tuple(blocks),
        published=head.published,
        section=body.section or head.section,
        tags=body.tags,
        credit=body.credit,
        origin_url=body.origin_url,
        signature=signature,
    )


# Written by the program that made the dump, not by the site: a guess of the page's date, sometimes of the month only.
_DUMP_DATE = re.compile(r"^date \d{4}-\d{2}(?:-\d{2})? ")


def _bare(line: str) -> str:
    return _DUMP_DATE.sub("", line.strip()).strip()


# ---------------------------------------------------------------- head


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    title: str | None = None
    section: str | None = None
    published: datetime | None = None


_CRUMBS = re.compile(r"^Trang chủ(?=[^\W\d_]|\s*[/>»›]|\s)")
_GLUED = re.compile(f"(?<=[{text.LOWER}])(?=[{text.UPPER}])")
_SEPARATED = re.compile(r"\s*[/>»›|]\s*")


def _head(lines: Sequence[str]) -> tuple[_Head, list[str]]:
    """(what stands above the text, the lines from there on)."""
    crumbs: str | None = None
    title: str | None = None
    published: datetime | None = None
    rest: list[str] = []
    for n, line in enumerate(lines):
        if _CRUMBS.match(line) and title is None and n + 1 < len(lines):
            crumbs = line
        elif _is_dropped(line) or _is_menu(line) or (title is not None and _same(line, title)):
            continue
        elif dates.is_date_line(line):
            published = published or dates.parse(line)
        elif title is None and _is_title(line):
            title = line
        elif title is not None and _NOTICE.fullmatch(title) and _ABOUT.match(line):
            title = f"{title} {line}"
        else:
            rest = list(lines[n:])
            break
    late = _late_date(rest)
    if late is not None:
        published = published or dates.parse(rest.pop(late))
    return _Head(title=title, section=_section(crumbs, title), published=published), rest


# An official notice says what it is on one line and what it is about on the next.
_NOTICE = re.compile(r"(?:THÔNG BÁO|THÔNG CÁO BÁO CHÍ|THÔNG CÁO|TUYÊN BỐ|CÔNG ĐIỆN|CHỈ THỊ|NGHỊ QUYẾT|QUYẾT ĐỊNH|KẾ HOẠCH)")
_ABOUT = re.compile(r"(?:Về|V/v|VỀ)\b")
_LATE = 4  # lines; a byline or a subtitle may stand between the title and the date


def _late_date(rest: Sequence[str]) -> int | None:
    """The index of a date line that stands before the first long paragraph."""
    for n, line in enumerate(rest[:_LATE]):
        if dates.is_date_line(line):
            return n
        if len(line.split()) >= LONG_PARAGRAPH:
            return None
    return None


def _is_title(line: str) -> bool:
    return len(line.split()) <= TITLE_WORDS and not line.startswith(("|", "![", "(")) and not _ends_sentence_long(line)


def _ends_sentence_long(line: str) -> bool:
    return line.endswith(".") and len(line.split()) > LONG_PARAGRAPH


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
    key = _key(line)
    phrases = _phrases()
    if not key or key in phrases.drop:
        return True
    # A sentence may begin with the words of a control (`Theo dõi sát tình hình …`); a control is short and ends without a stop.
    return key.startswith(phrases.drop_prefixes) and len(line.split()) <= 10 and not line.endswith((".", "…"))


def _is_menu(line: str) -> bool:
    """Four or more section names, and hardly anything else, on one line."""
    if len(line) > 600:
        return False
    rest, found = _key(line), 0
    for name in _phrases().menu:
        hits = rest.count(name)
        found += hits
        rest = rest.replace(name, " ") if hits else rest
    return found >= 4 and len(rest.split()) <= found


def _same(one: str, other: str) -> bool:
    return text.match_key(one) == text.match_key(other)


# ---------------------------------------------------------------- related boxes


def _without_related(lines: Sequence[str], title: str | None) -> Iterator[str]:
    """The lines without the boxes that MasterCMS writes: a title, the same title again, a teaser cut with dots."""
    n = 0
    while n < len(lines):
        if _is_related(lines, n, title):
            n += 3
        else:
            yield lines[n]
            n += 1


def _is_related(lines: Sequence[str], n: int, title: str | None) -> bool:
    return (
        n + 2 < len(lines)
        and lines[n] == lines[n + 1]
        and lines[n + 2].endswith(("...", "…"))
        and len(lines[n].split()) <= TITLE_WORDS
        and not (title and _same(lines[n], title))
    )


# ---------------------------------------------------------------- body

_PICTURE = re.compile(r"^!\[[^\]]*\](?:\([^)]*\))?\s*\|?$")
_ROW = re.compile(r"^\|(.*?)\|?$")
_PHOTO_CREDIT = re.compile(
    r"\((?:Ảnh|Photo|Foto|Đồ họa|Minh họa)\b[^()]*\)\s*\.?$|(?:^|[\s.-])(?:Ảnh|ẢNH|Photo)\s*:\s*[^.:]{1,60}\.?$"
)
_SOURCE_CREDIT = re.compile(r"\((?:Nguồn|Source)\b[^()]*\)\s*\.?$")
_ENDS_SENTENCE = re.compile(r"[.!?…:;,][”\"’')\]]*$")
_SENTENCE_BREAK = re.compile(rf"(?<=[{text.LOWER})\d”\"])[.!?][”\"’')]*\s+(?=[“\"{text.UPPER}])")
_ITEM = re.compile(r"^(?:[-–•*+▪●]\s+|\d{1,2}[.)]\s+)")
_CLOSING_NOTICE = re.compile(r"tại chuyên mục\s+(.{2,40}?)\s*\.\s")
_TAGS = re.compile(r"^(?:Từ kho[áa]|Từ khoá|Tags|Thẻ)\s*[:»]\s*(.+)$", re.IGNORECASE)


class _Body:
    """The text's lines, taken one by one, until the cut."""

    def __init__(self, title: str | None) -> None:
        self._title_words = text.words(title or "")
        self._title_end = (title or "")[-1:]
        self._expect: str | None = None  # "caption" after a picture's row, "alt" after a picture's alt line
        self._long = 0
        self._skipping = False  # inside a list of related titles that stands above the text
        self.blocks: list[Block] = []
        self.section: str | None = None
        self.tags: tuple[str, ...] = ()
        self.credit: Credit | None = None
        self.origin_url: str | None = None

    def take(self, line: str) -> bool:
        """Judge one line; False: it and all after it follow the article."""
        expect, self._expect = self._expect, None
        if self._is_meta(line):
            return True
        if self._is_cut(line):
            if self._enough():
                return False
            self._skipping = True
            return True
        if self._skipping and self._is_listed(line):
            return True
        self._skipping = False
        if not _is_dropped(line) and not _is_menu(line):
            self._place(line, expect)
        return True

    def _enough(self) -> bool:
        return self._long >= 2

    def _is_listed(self, line: str) -> bool:
        return not _ENDS_SENTENCE.search(line) or line.endswith(("...", "…")) or len(line.split()) < 12

    def _is_meta(self, line: str) -> bool:
        """The line says where the text comes from, or what it is filed under; kept as a field, not as text."""
        credit, origin = outlets.source_line(line)
        if credit:
            self.credit, self.origin_url = credit, origin
            return True
        if tags := _TAGS.match(line):
            self.tags = tuple(t for t in (t.strip(" #.") for t in re.split(r"[,;#]", tags[1])) if t)
            return True
        return False

    def _is_cut(self, line: str) -> bool:
        phrases = _phrases()
        key = text.edit_key(line).casefold()
        if not (key.startswith(phrases.cut_prefixes) or key.strip(" :|•»>") in phrases.cut):
            return False
        if notice := _CLOSING_NOTICE.search(line):
            self.section = notice[1]
        return True

    def _place(self, line: str, expect: str | None) -> None:
        if _PICTURE.match(line):
            self._expect = "caption"
        elif row := _ROW.match(line):
            self._row(row[1].strip(), expect)
        elif expect == "caption" and line.endswith("|"):  # a caption whose row lost its first bar
            self._add(BlockKind.CAPTION, line.rstrip(" |"))
        elif self._is_alt(line):
            self._expect = "alt"
        elif self._is_caption(line, expect):
            self._add(BlockKind.CAPTION, line)
        elif _is_heading(line):
            self._add(BlockKind.HEADING, line)
        elif _ITEM.match(line):
            self._add(BlockKind.LIST, line)
        else:
            self._long += len(line.split()) >= LONG_PARAGRAPH
            if not self.origin_url:  # the text goes on: what looked like its source was a picture's
                self.credit = None
            self._add(BlockKind.PARAGRAPH, line)

    def _row(self, row: str, expect: str | None) -> None:
        cells = [cell.strip() for cell in row.split("|")]
        filled = [cell for cell in cells if cell.strip("-: ")]
        if not filled:
            return
        if expect == "caption" and len(filled) == 1:
            self._add(BlockKind.CAPTION, filled[0])
        elif len(filled) > 1:
            self._add(BlockKind.TABLE, " | ".join(filled))
        elif len(filled[0]) < TEASER_ROW:  # a long row that stands alone is the teaser of another article
            self._add(BlockKind.TABLE, filled[0])

    def _add(self, kind: BlockKind, line: str) -> None:
        last = self.blocks[-1] if self.blocks else None
        if last and last.kind is kind and kind in (BlockKind.TABLE, BlockKind.LIST):
            self.blocks[-1] = Block(kind=kind, text=f"{last.text}\n{line}")
        else:
            self.blocks.append(Block(kind=kind, text=line))

    def _is_alt(self, line: str) -> bool:
        """An image's alt text: the title again, in a variant or with the original title's words before it."""
        if (
            not self._title_words
            or len(line.split()) > TITLE_WORDS
            or (self.blocks and _ENDS_SENTENCE.search(line[-4:]) and line[-1] != self._title_end)
        ):
            return False
        said = text.words(line)
        return _covered(self._title_words, said) >= 0.85 and _covered(said, self._title_words) >= 0.4 and len(said) >= 3

    def _is_caption(self, line: str, expect: str | None) -> bool:
        if len(line.split()) > CAPTION_WORDS:
            return False
        if _PHOTO_CREDIT.search(line):
            return True
        one_sentence = not _SENTENCE_BREAK.search(line)
        if _SOURCE_CREDIT.search(line):
            return expect is not None or one_sentence
        # Without a credit only below an alt, and only once the text has begun: above it, it may be the lead.
        return expect == "alt" and one_sentence and any(b.kind is BlockKind.PARAGRAPH for b in self.blocks)


def _covered(words: Sequence[str], by: Sequence[str]) -> float:
    """The share of `words`, counted with repetitions, that `by` has too."""
    left = list(by)
    hits = 0
    for word in words:
        if word in left:
            left.remove(word)
            hits += 1
    return hits / len(words) if words else 0.0


def _is_heading(line: str) -> bool:
    return len(line.split()) <= HEADING_WORDS and not _ENDS_SENTENCE.search(line) and not _ITEM.match(line)


# ---------------------------------------------------------------- tail


def _tail(blocks: list[Block]) -> tuple[list[Block], str | None]:
    """(the blocks without what follows the text, the signature).

    Three or more title-like lines at the end are a list of other articles; one or two that sign the text are its signature;
    any other last line without a stop is text.
    """
    end = len(blocks)
    while end and blocks[end - 1].kind is BlockKind.HEADING:
        end -= 1
    run = blocks[end:]
    if not end or not run:
        return blocks, None
    signed = [b.text for b in run if outlets.is_signature(b.text)]
    if len(signed) == len(run) and len(run) <= 2:
        return blocks[:end], " - ".join(signed)
    if len(run) >= 3 and not blocks[end - 1].text.endswith(":"):
        first = run[0].text
        return blocks[:end], first if outlets.is_signature(first) else None
    if outlets.is_signature(run[-1].text):
        return [*blocks[:end], *_as_text(run[:-1])], run[-1].text
    return [*blocks[:end], *_as_text(run)], None


def _as_text(run: Sequence[Block]) -> list[Block]:
    return [Block(kind=BlockKind.PARAGRAPH, text=b.text) for b in run]
