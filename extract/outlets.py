"""Who a text names as its source: the outlets table, and the shapes in which a credit stands."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import text
import urls
from model import Credit


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outlets:
    by_alias: dict[str, Credit]
    by_domain: dict[str, Credit]
    own: dict[tuple[str, str], Credit]  # by the outlet's name and an alias that it has on its own pages only


@cache
def _outlets() -> _Outlets:
    by_alias: dict[str, Credit] = {}
    by_domain: dict[str, Credit] = {}
    own: dict[tuple[str, str], Credit] = {}
    table = tomllib.loads((files("extract") / "outlets.toml").read_text(encoding="utf-8"))
    for row in table["outlet"]:
        credit = Credit(name=row["name"], domain=row["domains"][0])
        for alias in (row["name"], *row["aliases"], *row["domains"]):
            by_alias.setdefault(_alias_key(alias), credit)
        for domain in row["domains"]:
            by_domain[domain] = credit
        own |= {(credit.name, _alias_key(alias)): credit for alias in row.get("own", ())}
    return _Outlets(by_alias=by_alias, by_domain=by_domain, own=own)


def _alias_key(alias: str) -> str:
    """Tone placement and dashes folded. Abbreviations keep their case, so that `Ap` or `clo` in prose is none."""
    key = text.plain_key(alias).strip(" .,:;|()")
    return key if key.isupper() else key.casefold()


_KIND = re.compile(r"^(?:báo|tạp chí)(?: điện tử)?\s+(?=\S)|(?<=\S)\s+(?:điện tử|online)$", re.IGNORECASE)
_LONGEST = 80  # characters of the longest name or credit


@lru_cache(maxsize=10_000)
def by_alias(alias: str, site: str | None = None) -> Credit | None:
    """The outlet that goes by this name, abbreviation or domain, on a page of this site; `Báo` before it is no part of it."""
    if not alias.strip() or len(alias) > _LONGEST:
        return None
    known, key = _outlets(), _alias_key(alias)
    at_home = by_site(site)
    if at_home and (credit := known.own.get((at_home.name, key))):
        return credit
    if credit := known.by_alias.get(key) or (known.by_alias.get(key.casefold()) if "." in key else None):
        return credit
    bare = _KIND.sub("", text.plain_key(alias).strip(" .,:;|()"))
    return known.by_alias.get(_alias_key(bare)) or (known.by_alias.get(bare.casefold()) if len(bare) < len(key) else None)


def by_site(site: str | None) -> Credit | None:
    """The outlet of a host, or of the domain above it."""
    while site:
        if found := _outlets().by_domain.get(site):
            return found
        site = site.partition(".")[2]
    return None


_URL = re.compile(r"https?://[^\s<>\"'|\]]+")
# `Nguồn TG&VN: https://…` or `Nguồn: VOV`; in brackets it is a photo's credit, so the line must begin with the word.
_SOURCE_LINE = re.compile(r"^(?:Nguồn|Theo|Source)\b\s*([^:]{0,60}?)\s*:?\s*(https?://\S+)$", re.IGNORECASE)
_NAMED_LINE = re.compile(r"^[(\[]?(?:Nguồn|Theo|Source)\s*:?\s+([^:()\[\]]{2,60})[)\]]?\.?$", re.IGNORECASE)
_ORIGINAL = re.compile(r"^(?:Link bài gốc|Lấy link!?|Copy link|Bài gốc)\s*:?\s*(https?://\S+)$", re.IGNORECASE)


_LONGEST_LINE = urls.LONGEST + 100


def source_line(line: str) -> tuple[Credit | None, str | None]:
    """(credit, origin url) of a line that says where the text was copied from; (None, None) if it does not."""
    line = " ".join(line.split()) if len(line) < _LONGEST_LINE else ""
    if found := _SOURCE_LINE.match(line) or _ORIGINAL.match(line):
        url = _trim(found[found.lastindex or 1])
        name = found[1].strip() if found.lastindex == 2 else ""
        if line[:4].casefold() == "theo" and by_alias(name) is None:  # `Theo báo cáo tại https://…` is prose
            return None, None
        return by_site(urls.site(url)) or by_alias(name) or Credit(name=name or urls.site(url), domain=urls.site(url)), url
    if (found := _NAMED_LINE.match(line)) and (credit := by_alias(found[1])):
        return credit, None
    return None, None


def _trim(url: str) -> str:
    found = _URL.match(url)
    return (found[0] if found else url).rstrip(".,;)")


# `(Chinhphu.vn) - `, `VOV.VN - `, `TGVN. `; the dash may be missing after brackets (`(CLO) Ông …`).
_BRACKETS = re.compile(r"^\(([^()]{2,30})\)\s*[-–—:.]{0,2}\s*")
_DASHED = re.compile(r"^([^\s–—|(][^–—|(.]{0,28}?(?:\.vn|\.VN)?|[^\s()]{2,24})\s*[-–—|]\s+")
_DOTTED = re.compile(r"^([\w&]+(?:\.vn)?)\.\s+(?=\w)", re.IGNORECASE)
_ABBREVIATION = re.compile(rf"[{text.UPPER}]{{2,}}\S*(?: Online| News)?|\S+\.(?:vn|VN)|Kinhtedothi")
# `Hà Nội (TTXVN) - `: the place belongs to the text
_DATELINE = re.compile(r"^[^()]{2,40}\(([^()]{2,30})\)\s*[-–—]\s+")


def lead_prefix(lead: str, site: str | None = None) -> tuple[Credit | None, str]:
    """(credit, the lead without it) where a lead opens with its outlet, on a page of this site."""
    for shape in (_BRACKETS, _DASHED, _DOTTED):
        found = shape.match(lead)
        # Without brackets only what no sentence opens with: `Đầu tư - thương mại` is prose, `NDO - ` is not.
        if not found or found.end() == len(lead) or (shape is not _BRACKETS and not _ABBREVIATION.fullmatch(found[1].strip())):
            continue
        if credit := by_alias(found[1], site):
            return credit, lead[found.end() :]
    found = _DATELINE.match(lead)
    return (by_alias(found[1], site) if found else None), lead


_ROLE = re.compile(r"\s*\((?:t/h|th|tổng hợp|biên dịch|lược dịch|dịch|thực hiện|ghi|từ [^()]*|theo [^()]*)\)$", re.IGNORECASE)
_PEN_NAME = re.compile(rf"^(?:Theo\s+)?[{text.UPPER}]\S*(?:\s+(?:[{text.UPPER}]\S*|và|-|&|,|\(\S+\)|/)){{0,7}}$")


# `V.T.`, `T.H`; `Tin, ảnh: MAI HƯƠNG`, `Bài và ảnh: …`
_INITIALS = re.compile(rf"[{text.UPPER}](?:\.\s?[{text.UPPER}]){{1,3}}\.?")
_LABELLED = re.compile(
    r"(?:Tin|Bài|Ảnh|Thực hiện)(?:(?:,| và|-) ?(?:tin|bài|ảnh|video|clip))?\s*:\s*[^.!?:]{3,60}", re.IGNORECASE
)

_PERSON = re.compile(rf"[{text.UPPER}][{text.LOWER}]+(?: [{text.UPPER}][{text.LOWER}]+){{1,4}}")


def person(line: str | None) -> str | None:
    """The person's name that a signature is, if it is one and no outlet's."""
    bare = _ROLE.sub("", line).strip(" ./-–—") if line and len(line) <= _LONGEST else ""
    return bare if _PERSON.fullmatch(bare) and by_alias(bare) is None else None


_IN_BRACKETS = re.compile(r"\(([^()]{2,60})\)")
# `PV/VOV-Vientiane`: the office of an outlet abroad
_OFFICE = re.compile(rf"^([{text.UPPER}.]{{2,}})-[{text.UPPER}]\w+")
_AFTER = re.compile(r"^(?:theo|nguồn|source)\s*:?\s+", re.IGNORECASE)


def by_signature(line: str | None) -> Credit | None:
    """The outlet that a signature names: `BNG`, `Văn Giáp/Bnews/vnanet.vn`, `Theo Thái Sơn/Báo QĐND`, `Hà My (Theo Reuters)`."""
    whole = (line or "")[:_LONGEST]
    bare = _ROLE.sub("", whole).strip(" ().-–—")
    pieces = bare.split("/")
    ends = ("/".join(pieces[n:]) for n in range(len(pieces)))  # `Bnews/vnanet.vn` is one name
    parts = [*ends, *reversed(pieces), *_IN_BRACKETS.findall(whole)]
    parts = [_AFTER.sub("", part) for part in parts]
    parts += [found[1] for part in parts if (found := _OFFICE.match(part))]
    return next(filter(None, map(by_alias, parts)), None)


_DESK = re.compile(r"nhóm (?:phóng viên|pv|tác giả)|ban biên tập", re.IGNORECASE)
# What stands before the names of those who sign.
_SIGNED = re.compile(
    r"^(?:nhóm phóng viên|nhóm pv|phóng viên|nhà báo|biên tập viên|"
    r"(?:bài và ảnh|bài, ảnh|tin, ảnh|tin và ảnh|bài viết|bài|tin|thực hiện|tác giả|biên dịch|tổng hợp)\s?:)\s+",
    re.IGNORECASE,
)


def is_signature(line: str) -> bool:
    """The line alone signs a text: an outlet, an office in capitals, a pen name. Not a sentence, not a heading's words."""
    bare = _SIGNED.sub("", _ROLE.sub("", line[:_LONGEST_LINE])).strip(" ./-–—")
    bare = bare[1:-1].strip() if bare.startswith("(") and bare.endswith(")") else bare
    if _DESK.fullmatch(bare) or _INITIALS.fullmatch(bare) or _LABELLED.fullmatch(bare) or (_ROLE.fullmatch(line) and not bare):
        return True
    if not bare or len(bare) > 60 or len(bare.split()) > 8:
        return False
    return by_alias(bare) is not None or (not line.endswith(".") and bool(_PEN_NAME.match(bare)))
