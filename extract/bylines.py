"""Who wrote a text: the people that a byline or a signature names, without their roles, their papers and their photographers."""

from __future__ import annotations

import re

import text
from extract import outlets

_LONGEST = 300  # characters of a line that can be a byline
_MOST = 12  # people that one line names

# What stands before names, parted by what the named did: the text, or only pictures and make-up.
_WROTE = (
    r"(?:tin, bài|tin bài|bài viết|bài|tin|nội dung)(?:(?:,| và| &| -) ?(?:ảnh|video|clip|đồ họa|đồ hoạ|infographic|thiết kế))*|"
    "text|thực hiện|tác giả|người viết|viết|"
    "biên dịch|biên soạn|lược dịch|dịch|tổng hợp|ghi chép|ghi|nhóm thực hiện|nhóm tác giả|story|words|written by|author|by|theo"
)
_DREW = (
    "ảnh, video|ảnh và video|ảnh, clip|ảnh|hình ảnh|hình|video|clip|đồ họa|đồ hoạ|infographic|thiết kế|trình bày|kỹ thuật|"
    "kĩ thuật|quay phim|dựng phim|dựng|minh họa|minh hoạ|photos|photo|design|graphics|nguồn ảnh|nguồn|source"
)
_LABEL = re.compile(rf"(?:^|(?<=[\s,;|/•–—-]))(?:(?P<wrote>{_WROTE})|(?P<drew>{_DREW}))\s?:", re.IGNORECASE)
_REMARK = re.compile(r"\([^()]{0,100}\)?")  # `(tổng hợp)`, `(từ Jakarta)`, `(TTXVN)`
_ALL_REMARK = re.compile(r"\([^()]*\)")
_BETWEEN = re.compile(r"[,;|/•\n]|\s[-–—&+]\s")
_AND = re.compile(r"\s(?:và|and|cùng|với)\s", re.IGNORECASE)
_ROLE = re.compile(
    r"^(?:(?:phóng viên|nhà báo|nhà văn|biên tập viên|cộng tác viên|đặc phái viên|thông tín viên|tác giả|người viết|"
    r"biên dịch|biên soạn|lược dịch|tổng hợp|thực hiện|pv|ctv|btv|bài|tin|theo|by|story by|written by|reporter|dịch giả)"
    r"(?:\s?[:.]\s?|\s+|$)|(?:pgs|gs|ts|ths|bs|ls|kts|nsnd|nsưt)\.(?:\s?ts\.)?\s?)+",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s+(?:tổng hợp|biên dịch|lược dịch|thực hiện|ghi|dịch|t/h|(?:từ|tại)\s.*)$", re.IGNORECASE)
# The first word of what is no person: a group, an office, a desk.
_GROUPS = (
    "nhóm ban bbt tòa toà báo tạp đài phòng văn vp bộ sở cục vụ trung đại viện hội ủy uỷ thông admin administrator quản "
    "editor editors editorial staff desk newsroom team cơ cổng chuyên bạn theo nguồn ảnh video hết tin cập the"
)
_GROUP = frozenset(_GROUPS.split())
_SURNAME_OF_GROUPS = frozenset(("văn", "đại", "vũ", "phòng", "bạn"))  # rare as names, but `Văn Giáp` is one
_GROUP_ENDS = frozenset(
    ("staff", "bureau", "editor", "editors", "team", "desk", "news", "newsroom", "writer", "press", "reporters")
)
_OFFICES = re.compile(r"^(?:văn phòng|đại sứ|đại học|đại diện|bạn đọc|phòng (?:viên|ban|thông|tin))\b", re.IGNORECASE)
_NO_PERSON = frozenset(
    ("pv", "ctv", "btv", "t/h", "th", "nhiều tác giả", "khuyết danh", "tác giả", "unknown", "none", "null", "google news")
)
# Places that stand where a name might: `Hà Nội, ngày 5/9/2026`.
_TOWNS = frozenset(
    (
        "hà nội",
        "đà nẵng",
        "cần thơ",
        "hải phòng",
        "việt nam",
        "hồ chí minh",
        "thành phố hồ chí minh",
        "sài gòn",
        "biển đông",
        "viêng chăn",
    )
)
_PARTICLE = "van von der den de da di du la le dos das do bin binti ibn al el y e a of"
_PARTICLES = frozenset(_PARTICLE.split())
_NAME = re.compile(r"[^\W\d_][\w.'’·-]*")


def people(line: str | None, *, pen_names: bool = False) -> tuple[str, ...]:
    """The people that a line names as authors of a text, in title case; no roles, no agencies, no photographers.

    A name of one word is taken with `pen_names` alone: in a place that is kept for authors, not at the end of a text.
    Initials (`M.K.`), groups and desks are nobody.
    """
    line = text.clean((line or "")[:_LONGEST])
    line = line[1:-1] if _ALL_REMARK.fullmatch(line) else line
    names = (_person(part, 1 if pen_names else 2) for part in _parts(_REMARK.sub(" ", _wrote(line))))
    return tuple(dict.fromkeys(name for name in names if name))[:_MOST]


def _wrote(line: str) -> str:
    """The line without the names of those who only took pictures or made it up."""
    labels = list(_LABEL.finditer(line))
    if not labels:
        return line
    kept = [line[: labels[0].start()]]
    ends = [label.start() for label in labels[1:]] + [len(line)]
    kept += [line[label.end() : end] for label, end in zip(labels, ends, strict=True) if label["wrote"]]
    return ", ".join(kept)


def _parts(line: str) -> list[str]:
    """What stands between separators; `và` parts people, but not `Báo Thế giới và Việt Nam`."""
    parts = []
    for part in _BETWEEN.split(line):
        parts += [part] if outlets.by_alias(part.strip()) else _AND.split(part)
    return parts


def _person(part: str, least: int) -> str | None:
    """The name that a part is, if it is one; of at least so many words."""
    bare = _AFTER.sub("", _ROLE.sub("", part.strip(" .:-–—"))).strip(" .:-–—")
    words = bare.split()
    if not words or len(bare) > 50 or not least <= len(words) <= 6 or text.match_key(bare) in _FOLDED_NO_PERSON:
        return None
    if outlets.by_signature(bare) or outlets.by_alias(part.strip()) or _is_group(bare, words):
        return None
    if not all(_NAME.fullmatch(word) for word in words) or not all(_opens(word) for word in (words[0], words[-1])):
        return None
    if not all(_opens(word) or word.casefold() in _PARTICLES for word in words):
        return None
    if len(words) == 1:  # a pen name; abbreviations and initials name nobody
        return bare if len(bare) > 1 and not bare.isupper() and "." not in bare else None
    if all(len(word.replace(".", "")) < 2 for word in words):
        return None
    named = bare.title() if bare.isupper() else bare
    return named if outlets.by_alias(named) is None else None


_FOLDED_NO_PERSON = frozenset(map(text.match_key, _NO_PERSON | _TOWNS))


def _is_group(bare: str, words: list[str]) -> bool:
    first = words[0].casefold()
    desk = (first in _GROUP and first not in _SURNAME_OF_GROUPS) or words[-1].casefold() in _GROUP_ENDS
    return desk or bool(_OFFICES.match(bare))


def _opens(word: str) -> bool:
    """It opens with a capital, or with a letter of a script that has none."""
    return not word[0].islower()
