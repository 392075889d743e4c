"""Sentences and words of news text, Vietnamese or English. Pure.

Where a sentence ends must not depend on what is never an edit (quotes, dashes, dots), or a change of typography would look like
one of sentences. A sentence that is too long is harmless, since words are compared inside it; so is one that is too short.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import text

__all__ = ["Words", "count", "split", "words"]

_CLOSERS = "\"'”’»)\\]"
_OPENERS = "\"'“‘„«(\\[\\-‐‑‒–—―•*+"
# From the first of a run of stops, or a long one would be tried at each. A blank must follow: nothing ends in 1.000 or a.vn.
_STOP = re.compile(rf"(?<![.!?…])(?P<stop>[.!?…]++)[{_CLOSERS}]*+(?=\s)")
_NEXT = re.compile(rf"\s++[{_OPENERS}\s]*+")
_ABBREVIATIONS = (
    "TP|Tp|TX|Tx|TT|Q|P|TS|Ts|ThS|Ths|PGS|GS|BS|Bs|BSCK|CK|KS|Ks|LS|Ls|CN|KTS|NSND|NSƯT|NGND|NGƯT|ĐB|ThạcS|đ|"
    "Nxb|NXB|tr|Tr|ĐT|Đt|St|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Capt|Lt|Sgt|Rep|Sen|Gov|Hon|Rev|No|vs|Jr|Sr|Inc|Ltd|Co|Corp|Vol|Fig"
)
# What stands before a full stop that ends nothing: an abbreviation, initials, the number of an item, a day or an article.
_NO_END = re.compile(
    rf"(?:(?:^|[\s.({_OPENERS}])(?:(?:{_ABBREVIATIONS})|[{text.UPPER}])"
    r"|^[\s\"'“(]*(?:\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5}|[a-zđ])"
    r"|(?:^|\s)(?:[Nn]gày|[Mm]ùng|[Đđ]iều|[Kk]hoản|[Mm]ục|[Cc]hương) \d{1,3})$"
)
_BACK = 24  # characters before a stop that decide


def split(said: str) -> list[str]:
    """The sentences of a text, without blanks around them; the end of a line ends one too.

    Joined they are the text but for blanks.
    """
    return [sentence for line in said.split("\n") for sentence in _split_line(line.strip())]


def _split_line(line: str) -> list[str]:
    found, start, seen, worded = [], 0, 0, False
    for stop in _STOP.finditer(line):
        worded = worded or any(map(str.isalnum, line[seen : stop.start()]))  # signs alone are no sentence
        seen = stop.end()
        if worded and _ends(line, start, stop):
            found.append(line[start:seen].strip())
            start, worded = seen, False
    found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


def _ends(line: str, start: int, stop: re.Match[str]) -> bool:
    begins = _NEXT.match(line, stop.end())
    after = line[begins.end() : begins.end() + 1] if begins else ""
    if after.islower():  # “Tôi đi.” ông nói; v.v. và
        return False
    return stop["stop"] != "." or not _NO_END.search(line[max(start, stop.start() - _BACK) : stop.start()])


# Letters and figures never make one word (18h30, RON95). A number is one with its points and its per cent sign, however that is
# set; so are dots, a dash, a minus and a quotation mark of several signs, what is said of the last update, and a long row of
# signs that `text.edit_key` does not fold; and so is any other sign.
_LETTERS = r"(?:[^\W\d_]++[\u0300-\u036f]*+)++"
_WORD = re.compile(
    rf"{_LETTERS}|\d++(?:[.,:/]\d++)*+(?: ?%)?|{text.UPDATED}|[.…]{{2,}}|-{{2,}}|−{{2,}}|''|[^\w\s.,;:!?…'\"%−-]{{8,}}|\S"
)
_MINUS = re.compile(r"(?<![\w%)\]\"'-])-++(?=\d)")  # it stays what it is on `text.edit_key`, and is no dash
_SET = {"'": '"', "''": '"', "--": "-", "−−": "−", **dict.fromkeys(("…", "..", ".…", "….", "……"), "...")}  # by the first signs


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence's words (syllables, numbers, signs): where they stand in it, and the keys by which they are compared."""

    said: str
    spans: list[tuple[int, int]]
    keys: list[str]


def words(said: str) -> Words:
    """The words of a clean sentence. What is the same on `text.edit_key` has the same keys, whatever blanks are around signs."""
    plain = text.sign_key(said)
    if "-" in plain:
        plain = _MINUS.sub(lambda found: "−" * len(found[0]), plain)
    spans = [found.span() for found in _WORD.finditer(plain)]
    return Words(said, spans, [key if key[0].isalpha() else _key(key) for key in (plain[start:end] for start, end in spans)])


# Words that are no signs; a part of a longer pattern, so that what is said of the last update is none.
_COUNTED = re.compile(rf"{_LETTERS}|\d++(?:[.,:/]\d++)*+|[^\W_]")
_UPDATED = re.compile(text.UPDATED)


def count(said: str) -> int:
    """How many words a clean text has, signs aside: as `words` would find them, and many times as fast."""
    if "(" in said:
        said = _UPDATED.sub("", said)
    return len(_COUNTED.findall(said.replace("ʼ", "'")))


def _key(word: str) -> str:
    """A word that begins with no letter, as it is compared."""
    if word[0].isdecimal():
        return word.replace(" ", "")
    if word[0] == "(" and any(map(str.isalpha, word)):
        return "()"
    return _SET.get(word) or _SET.get(word[:2], word)
