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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import text
from extract import dates, outlets, phrases
from extract.draft import Draft
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


def read(raw: str) -> Draft:
    """The article of a text dump. `raw` is decoded text; nothing is raised: a dump without an article gives no blocks."""
    lines = [line for line in (_bare(line) for line in text.clean_lines(raw).split("\n")) if line]
    head, below = _head(lines)
    rest = list(_without_related(below, head.title))
    body = _Body(head.title)
    for n, line in enumerate(rest):
        if not body.take(line, rest[n + 1 : n + 1 + _AHEAD]):
            break
    blocks, signature = _tail(body.blocks)
    return Draft(
        title=head.title,
        blocks=tuple(blocks),
        published=dates.claims((DateSource.LINE, head.published)),
        authors=head.authors,
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


def _head(lines: Sequence[str]) -> tuple[_Head, list[str]]:
    """(what stands above the text, the lines from there on)."""
    crumbs: str | None = None
    title: str | None = None
    above: datetime | None = None  # may be the clock of the site's header
    below: datetime | None = None
    authors: list[str] = []
    rest: list[str] = []
    for n, line in enumerate(lines):
        last = n + 1 == len(lines)
        moment = _date_line(line)
        if moment is not None:
            above, below = (above or moment, None) if title is None else (above, below or moment)
        elif _CRUMBS.match(line) and title is None and not last:
            crumbs = line
        elif _is_dropped(line) or _is_menu(line) or (_same(line, title) if title else not last and _is_above_title(line)):
            continue
        elif title is None and _is_title(line):
            title = line
        elif title is not None and _NOTICE.fullmatch(title) and _ABOUT.match(line):
            title = f"{title} {line}"
        elif title is not None and not last and (author := _byline(line)) is not None:
            authors += [author] if author else []
        else:
            rest = list(lines[n:])
            break
    late = next((n for n, line in enumerate(rest[:_LATE]) if dates.is_date_line(line)), None)
    if late is not None:
        below = below or dates.parse(rest.pop(late))
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
    if line.startswith(("|", "![", "(")) or (line.endswith(".") and not line.endswith("..")):
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
    key = phrases.key(line)
    return (
        not key
        or key in phrases.load().drop
        or (len(line) < 250 and bool(phrases.load().drop_patterns.fullmatch(text.edit_key(line))))
    )


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
        and RELATED_WORDS <= len(lines[n].split()) <= TITLE_WORDS
        and not (title and _same(lines[n], title))
    )


# ---------------------------------------------------------------- body

_PICTURE = re.compile(r"^!\[[^\]]*\](?:\([^)]*\))?\s*\|?$")
_ROW = re.compile(r"^\|(.*?)\|?$")
_PHOTO_CREDIT = re.compile(
    r"\((?:Ảnh|ảnh|Photo|Foto|Đồ họa|Minh họa)\b[^()]*\)\s*\.?$"
    r"|(?:^|[\s.–-])(?:Ảnh|ẢNH|Photo)(?: tư liệu| minh họa)?\s*:\s*[^:]{1,60}$"
    r"|^(?:Ảnh|Video|Clip|Đồ họa)(?: minh họa| tư liệu)?(?:$|\s*:\s*.{1,80}$)|\s[-–]\s?[Ảả]nh \d{1,2}\.?$"
)
_SOURCE_CREDIT = re.compile(r"(\.?)\s*\((?:Nguồn|Source)\b[^()]*\)\s*\.?$")
_NUMBERED_ALT = re.compile(r"\s*[-–]?\s*[Ảả]nh \d{1,2}\s*")
_ENDS_SENTENCE = re.compile(r"[.!?…:;,][”\"’')\]]*$")
_SENTENCE_BREAK = re.compile(rf"(?<=[{text.LOWER})\d”\"])[.!?][”\"’')]*\s+(?=[“\"{text.UPPER}])")
_ITEM = re.compile(r"^(?:[-–•*+▪●]\s+|\d{1,2}[.)]\s+)")
_CLOSING_NOTICE = re.compile(r"tại chuyên mục\s+(.{2,40}?)\s*\.\s")
_TAGS = re.compile(r"^(?:Từ kho[áa]|Từ khoá|Tags|Thẻ)\s*[:»]\s*(.+)$", re.IGNORECASE)


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
        self._skipping = False  # inside a list of related titles that stands above the text
        self.blocks: list[Block] = []
        self.section: str | None = None
        self.tags: tuple[str, ...] = ()
        self.credit: Credit | None = None
        self.origin_url: str | None = None

    def take(self, line: str, ahead: Sequence[str]) -> bool:
        """Judge one line, with those that follow it; False: it and all after it follow the article."""
        expect, self._expect = self._expect, None
        if self._is_meta(line):
            return not (self._enough() and (self.origin_url or self.tags))
        if self._is_cut(line, ahead):
            self._note_link(line, ahead)
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
        """There is an article above: two paragraphs, a long one, or a notice of a few sentences."""
        said = [b.text for b in self.blocks if b.kind is BlockKind.PARAGRAPH]
        return self._long >= 1 or len(said) >= 2 or sum(len(p.split()) for p in said) >= LONG_PARAGRAPH

    def _is_listed(self, line: str) -> bool:
        return not _ENDS_SENTENCE.search(line) or line.endswith(("...", "…")) or len(line.split()) < 12

    def _is_meta(self, line: str) -> bool:
        """The line says where the text comes from, or what it is filed under; kept as a field, not as text."""
        credit, origin = outlets.source_line(line)
        if credit:
            self.credit, self.origin_url = credit, origin
            return True
        if (tags := _TAGS.match(line)) and not line.endswith("."):
            self.tags = tuple(t for t in (t.strip(" #.") for t in re.split(r"[,;#]", tags[1])) if t)
            return True
        return False

    def _is_cut(self, line: str, ahead: Sequence[str]) -> bool:
        known = phrases.load()
        plain, key = text.edit_key(line), phrases.key(line)
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

    def _place(self, line: str, expect: str | None) -> None:
        if _PICTURE.match(line):
            self._expect = "caption"
        elif row := _ROW.match(line):
            self._row(row[1].strip(), expect)
        elif expect == "caption" and line.endswith("|"):  # a caption whose row lost its first bar
            self._add(BlockKind.CAPTION, line.rstrip(" |"))
        elif self._is_alt(line):
            # `<title> - ảnh 1<caption>`: what follows the number is the caption, and no other comes
            _, number, caption = _partition(_NUMBERED_ALT, line)
            self._expect = None if number else "alt"
            if caption:
                self._add(BlockKind.CAPTION, caption)
        elif self._is_caption(line, expect):
            self._add(BlockKind.CAPTION, line)
        elif _is_heading(line):
            self._add(BlockKind.HEADING, line)
        elif _ITEM.match(line) and not outlets.by_alias(line.strip("-–— ")):
            self._add(BlockKind.LIST, line)
        else:
            self._long += len(line.split()) >= LONG_PARAGRAPH
            if not self.origin_url:  # the text goes on: what looked like its source was a picture's
                self.credit = None
            self._add(BlockKind.PARAGRAPH, line)

    def _row(self, row: str, expect: str | None) -> None:
        cells = [cell.strip() for cell in row.split("|")]
        filled = [cell for cell in cells if cell.strip("-: ")]
        last = self.blocks[-1] if self.blocks else None
        in_table = last is not None and last.kind is BlockKind.TABLE and " | " in last.text
        if not filled:
            return
        if expect == "caption" and len(filled) == 1:
            self._add(BlockKind.CAPTION, filled[0])
        elif len(filled) > 1 or in_table:
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
        """An image's alt text: the title again, in a variant, with the original title's words before it, or a number behind."""
        plain, number, _ = _partition(_NUMBERED_ALT, line)
        said = text.words(plain)
        if len(said) < 3 or not self._title_words or len(plain.split()) > TITLE_WORDS:
            return False
        whole = said[-len(self._title_words) :] == self._title_words
        ends = bool(_ENDS_SENTENCE.search(plain[-4:]))
        if number or len(self._title_words) < _SHORT_TITLE:
            return whole and (bool(number) or not ends or len(said) == len(self._title_words))
        if ends and not (whole and plain[-1] == self._title_end):
            return False
        return _covered(self._title_words, said) >= 0.85 and _covered(said, self._title_words) >= 0.4

    def _is_caption(self, line: str, expect: str | None) -> bool:
        length = len(line.split())
        one_sentence = not _SENTENCE_BREAK.search(line)
        if length > CAPTION_WORDS:
            return False
        if _PHOTO_CREDIT.search(line):
            return one_sentence or expect is not None or length <= HEADING_WORDS + 6
        if source := _SOURCE_CREDIT.search(line):  # figures too name their source at the end of a sentence
            return expect is not None or (one_sentence and not source[1] and length <= LONE_CAPTION_WORDS)
        # Without a credit only below an alt, and only once the text has begun: above it, it may be the lead.
        begun = any(b.kind is BlockKind.PARAGRAPH for b in self.blocks)
        return expect == "alt" and one_sentence and begun and length <= LONE_CAPTION_WORDS


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


def _is_heading(line: str) -> bool:
    is_item = _ITEM.match(line) and not outlets.by_alias(line.strip("-–— "))
    return len(line.split()) <= HEADING_WORDS and not _ENDS_SENTENCE.search(line) and not is_item


# ---------------------------------------------------------------- tail


def _tail(blocks: list[Block]) -> tuple[list[Block], str | None]:
    """(the blocks without what follows the text, the signature).

    Three or more titles of other articles at the end are dropped; one or two lines that sign the text are its signature; any
    other last line without a stop is text.
    """
    end = len(blocks)
    while end and blocks[end - 1].kind is BlockKind.HEADING:
        end -= 1
    run = [block.text for block in blocks[end:]]
    if not end or not run:
        return blocks, None
    if len(run) <= 2 and all(map(outlets.is_signature, run)):
        return blocks[:end], " - ".join(run)
    signature = next((line for line in (run[0], run[-1]) if outlets.is_signature(line)), None)
    others = [line for line in run if line != signature]
    if len(others) >= 3 and all(map(_is_title_of_another, others)) and not blocks[end - 1].text.endswith(":"):
        return blocks[:end], signature
    return [*blocks[:end], *(Block(kind=BlockKind.PARAGRAPH, text=line) for line in others)], signature


_PERSON_OF = re.compile(r"(?:Ông|Bà|Đồng chí|Đ/c|Anh|Chị|GS|PGS|TS|ThS)\b")


def _is_title_of_another(line: str) -> bool:
    """A line with a title's words; not one of a list of names that ends a text."""
    return len(line.split()) >= _SHORT_TITLE and not _PERSON_OF.match(line)
