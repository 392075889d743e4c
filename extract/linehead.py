"""What stands above the text of a dump: breadcrumb, controls, title, date, author."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import text
from extract import dates, outlets, phrases
from extract.shapes import LONGEST_TITLE, TITLE_WORDS, Class, Line


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in a dump the article is looked for."""

    looked_at: Sequence[int]  # the lines, by their numbers
    whole: bool = False  # the dump is a whole page, and all but the article's run was left out
    title: int | None = None  # where it is known
    captions: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    title: str | None = None
    section: str | None = None
    published: datetime | None = None
    authors: tuple[str, ...] = ()
    byline: str | None = None
    kicker: str | None = None
    breadcrumb: tuple[str, ...] = ()


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


def read(lines: Sequence[Line], place: Place, classes: list[Class]) -> tuple[Head, list[int]]:
    """(what stands above the text, the numbers of the lines from there on)."""
    crumbs: str | None = None
    title: str | None = None
    above: datetime | None = None  # may be the clock of the site's header
    below: datetime | None = None
    authors: list[str] = []
    signs: list[str] = []
    kicker: str | None = None
    rest: list[int] = []
    for k, n in enumerate(place.looked_at):
        line, last = lines[n].text, k + 1 == len(place.looked_at)
        moment = date_line(line)
        kicker = line if title is None and line.endswith(":") and n != place.title and len(line) <= LONGEST_TITLE else kicker
        classes[n] = Class.MENU if title is None else Class.CONTROL
        if n == place.title:
            title, classes[n] = line, Class.TITLE
        elif moment is not None:
            above, below = (above or moment, None) if title is None else (above, below or moment)
            classes[n] = Class.DATE
        elif len(line) <= LONGEST_TITLE and _CRUMBS.match(line) and title is None and not last:
            crumbs = line
        elif (
            (title is None and place.title is not None)
            or phrases.is_dropped(line)
            or phrases.is_menu(line)
            or (same(line, title) if title else not last and _is_above_title(line))
        ):
            continue
        elif title is None and not place.whole and _is_title(line):
            title, classes[n] = line, Class.TITLE
        elif title is not None and _NOTICE.fullmatch(title) and _ABOUT.match(line):
            title, classes[n] = f"{title} {line}", Class.TITLE
        elif title is not None and not last and n not in place.captions and (author := byline(line)) is not None:
            authors += [author] if author else []
            signs.append(line)
            classes[n] = Class.BYLINE
        else:
            rest = list(place.looked_at[k:])
            break
    late = next((k for k, n in enumerate(rest[:_LATE]) if dates.is_date_line(lines[n].text)), None)
    if late is not None:
        n = rest.pop(late)
        below, classes[n] = below or dates.parse(lines[n].text), Class.DATE
    breadcrumb = _breadcrumb(crumbs, title)
    head = Head(
        title=title,
        section=breadcrumb[-1] if breadcrumb else None,
        published=below or above,
        authors=tuple(authors),
        byline=" ".join(signs) or None,
        kicker=kicker if title is not None else None,
        breadcrumb=breadcrumb,
    )
    return head, rest


def _is_above_title(line: str) -> bool:
    """A section's name, a kicker, the heading of a box, an alt without marks: what may stand above a title and is none."""
    if len(line) > LONGEST_TITLE:
        return False
    parts = [text.plain_key(part).casefold() for part in _SEPARATED.split(line)]
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


def date_line(line: str) -> datetime | None:
    """The date of a line that holds hardly anything else: a section before it, a user's name or a counter behind it."""
    bare = _USER.sub("", _VIEWS.sub("", line))
    for name in phrases.load().menu:
        if bare.startswith(name + " "):
            bare = bare[len(name) :].strip()
            break
    return dates.parse(bare) if dates.is_date_line(bare) else None


def byline(line: str) -> str | None:
    """The author that a line below the title names, empty for a line that only says where from; None: it is no byline."""
    if found := _BYLINE.match(line):
        return found[1] or ""
    if phrases.key(line) in phrases.load().boxes | phrases.load().cut:
        return None
    return outlets.person(line) or outlets.person(line.title() if line.isupper() else None)


def _is_title(line: str) -> bool:
    if line.startswith(("|", "![", "(")) or len(line) > LONGEST_TITLE or (line.endswith(".") and not line.endswith("..")):
        return False
    return len(line.split()) <= TITLE_WORDS


def _breadcrumb(crumbs: str | None, title: str | None) -> tuple[str, ...]:
    """The crumbs of `Trang chủChính trịNgoại giao<title>`; the title at its end may be cut with dots."""
    if not crumbs:
        return ()
    path = _CRUMBS.sub("", crumbs).strip(" /»>›")
    if title:
        stem = re.split(r"\.\.\.|…", path)[0]
        at = path.find(title)
        if at < 0:  # the cut title: its beginning stands at the end of the crumbs
            at = next((i for i in range(len(stem)) if len(stem) - i >= 12 and title.startswith(stem[i:].strip())), -1)
        path = path[:at] if at >= 0 else path
    found = [c.strip() for part in _SEPARATED.split(path) for c in _GLUED.split(part) if c.strip()]
    return tuple(found) if found and len(found[-1].split()) <= 6 else ()


def same(one: str, other: str) -> bool:
    return len(one) <= LONGEST_TITLE and text.match_key(one) == text.match_key(other)
