"""Text, pure: normalisation, and the two keys of a text. Facts: Vietnamese spelling as gathered in docs/facts.md.

`edit_key` folds what is never an edit (it gates versions); `match_key` also folds case, marks, đ and i/y (it finds copies).
`plain_key` folds less than either, for looking a line up. All are only for comparing: what is shown keeps the letters it came in.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from datetime import datetime
from typing import Any

__all__ = [
    "LOWER",
    "UPDATED",
    "UPPER",
    "clean",
    "clean_lines",
    "counted",
    "edit_key",
    "fold_tones",
    "match_key",
    "plain_key",
    "printable",
    "scan_key",
    "shorten",
    "sign_key",
    "to_json",
    "tone_spellings",
    "unescape",
    "words",
]

# Format characters (soft hyphen, zero width, byte order mark, direction marks) carry nothing in news text and can disguise
# it; control characters and lone surrogates are no text at all.
_NOTHING = re.compile(
    r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\U000e0000-\U000e00ff\U0001d173-\U0001d17a]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def _bare(raw: str) -> str:
    # NFC after the invisible is gone: a joiner between a letter and its mark would keep them apart.
    return _nfc(_NOTHING.sub("", raw))


# Normalising sorts the marks on one letter, in the square of their number: no letter has more than 30 (UAX #15, Stream-Safe).
_MARKED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0]{30})"
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0]+"
)


def _nfc(raw: str) -> str:
    if raw.isascii() or (len(raw) <= _QUICK and unicodedata.is_normalized("NFC", raw)):
        return raw
    return unicodedata.normalize("NFC", _MARKED.sub(r"\1", raw))


_QUICK = 2_000  # characters in which no run of marks takes long


def clean_lines(raw: str) -> str:
    """NFC text without format and control characters: lines trimmed and joined by `\\n`, one blank for each run. Idempotent."""
    return "\n".join(" ".join(line.split()) for line in _LINE_ENDS.sub("\n", _bare(raw)).split("\n"))


def clean(raw: str) -> str:
    """`clean_lines` on one line: line ends are blanks. Idempotent."""
    said = " ".join(raw.split())
    if said.isprintable():  # most text: nothing of what is taken out is printable
        return said if said.isascii() else _nfc(said)
    return " ".join(_bare(raw).split())


def unescape(raw: str) -> str:
    """HTML entities decoded until nothing changes, three times at most (`&amp;#237;` is seen in real pages)."""
    for _ in range(3):
        once = html.unescape(raw)
        if once == raw:
            break
        raw = once
    return raw


def printable(raw: str) -> str:
    """The text as it is safe to write to a terminal or a log: no control or format characters but the newline."""
    return _NOTHING.sub("", _LINE_ENDS.sub("\n", raw.replace("\t", " ").replace("\x1f", " ")))


_NOT_ASCII = re.compile(r"[^\x00-\x7e]")


def to_json(value: Any, indent: int | None = None) -> str:
    """JSON with the letters as they are, but characters that nobody sees or a terminal obeys as escapes, which mean the same.

    Times are ISO 8601.
    """
    return _NOT_ASCII.sub(_visible, json.dumps(value, ensure_ascii=False, indent=indent, default=datetime.isoformat))


def _visible(found: re.Match[str]) -> str:
    kind = unicodedata.category(found[0])
    if kind == "Cs":  # half a pair means nothing
        return "\ufffd"
    units = found[0].encode("utf-16-be").hex()
    return re.sub("....", r"\\u\g<0>", units) if kind in ("Cc", "Cf", "Zl", "Zp") else found[0]


def counted(count: int, noun: str) -> str:
    """`1 article`, `2 articles`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def shorten(raw: str, width: int) -> str:
    """At most `width` code points, cut at a space where there is one, with an ellipsis if cut."""
    if len(raw) <= width:
        return raw
    cut = raw[: width - 1]
    head = cut.rsplit(" ", 1)[0] if " " in cut[width // 2 :] else cut
    return head.rstrip(" ,;:.-") + "…"


# Bodies of character classes: Vietnamese capitals and small letters lie mixed in Unicode, so that À-Ỹ holds both.
_LETTERS = [chr(c) for c in range(0x41, 0x1EFA) if chr(c).isalpha()]
UPPER = "".join(c for c in _LETTERS if c.isupper())
LOWER = "".join(c for c in _LETTERS if c.islower())

# ---------------------------------------------------------------- keys

# Tone placement: the mark on the second letter (hoà) against the first (hòa). Both are right and mixed inside one article.
_PAIRS = {
    new: old
    for news, olds in (
        ("oà oá oả oã oạ", "òa óa ỏa õa ọa"),
        ("oè oé oẻ oẽ oẹ", "òe óe ỏe õe ọe"),
        ("uỳ uý uỷ uỹ uỵ", "ùy úy ủy ũy ụy"),
    )
    for new, old in zip(news.split(), olds.split(), strict=True)
}
_TONES = {spelling(new): spelling(old) for new, old in _PAIRS.items() for spelling in (str.lower, str.capitalize, str.upper)}
# Only where the pair ends the syllable (hoàn keeps its mark) and not after q (quý is the only spelling).
# Letters first, conditions behind them: the engine skips ahead by letters, three times as fast.
_TONE = re.compile(
    r"[oOuU][àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸỳýỷỹỵỲÝỶỸỴ](?![\w\u0300-\u036f])"
    r"(?:(?<=[oO][àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ])|(?<=[uU][ỳýỷỹỵỲÝỶỸỴ])(?<![qQ]..))"
)
_QUY = {"ù": "uỳ", "ú": "uý", "ủ": "uỷ", "ũ": "uỹ", "ụ": "uỵ"}
_QUY_TYPO = re.compile(r"([qQ])([ùúủũụ])y(?![\w\u0300-\u036f])")


def fold_tones(text: str) -> str:
    """NFC text with tone marks placed in the old style (hoà -> hòa, thuỷ -> thủy); same length. Idempotent."""
    text = _TONE.sub(lambda m: _TONES.get(m[0], m[0]), text)
    return _QUY_TYPO.sub(lambda m: m[1] + _QUY[m[2]], text)


_OLD_TO_NEW = {old: new for new, old in _PAIRS.items()}


def tone_spellings(word: str) -> tuple[str, ...]:
    """The spellings that `fold_tones` makes this one of, which is in small letters: hòa of hòa and hoà."""
    end = word[-2:]
    if word.startswith("qu") and len(word) == len("quý"):
        return (word, *(f"q{typo}y" for typo, right in _QUY.items() if word == f"q{right}"))
    return (word, word[:-2] + _OLD_TO_NEW[end]) if end in _OLD_TO_NEW else (word,)


# One sign for each that is written in several ways. A pattern, not str.translate: five times faster where they are rare.
_SAME = {**dict.fromkeys("‘’‚‛′`´ʼ", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—―−", "-"), "Ð": "Đ", "ð": "đ"}
_SIGN = re.compile(f"[{''.join(_SAME)}]")


def sign_key(text: str) -> str:
    """NFC text with one place of tone marks and one sign for each quote and dash, *at the same length*. Idempotent."""
    return text.replace("`", "'") if text.isascii() else _SIGN.sub(lambda m: _SAME[m[0]], fold_tones(text))


_DOTS = re.compile(r"\.{2,}")


def plain_key(raw: str) -> str:
    """The text without form, runs of blanks, and how quotes, dashes, dots and tones are written. Case and marks stay."""
    return _DOTS.sub("...", sign_key(clean(raw)).replace("…", "..."))


# What a site says of its own last look at a text, when that has an hour: (Cập nhật lúc 10:30 ngày 5/3).
UPDATED = (
    r"\([^\w()]*(?:(?i:tin |last )?(?i:cập nhật|updated))\b(?=[^()]*(?:\blúc\b|\d ?(?:[:hg]|giờ)))"
    r"(?:[^\w()]|\d|(?<=\d)[hg]|\b(?i:lúc|ngày|giờ|phút|at|on|ict|gmt|am|pm|mới nhất)\b)*+\)"
)
_UPDATED = re.compile(f" ?{UPDATED}")
_TWICE = re.compile(r"-{2,}|'{2}|(?<=\d) %")
_ONCE = {"-": "-", "'": '"', " ": "%"}
# Blanks before a stop; around a dash, unless a minus would come or go by it (là -5; - 5 người at the begin).
_BLANK = re.compile(
    r" (?=[,;:!?](?!\w))|(?<!\.) (?=\.(?!\w))"
    r"|(?<!-) (?=-(?!\d))|(?<=-) (?![-\d])|(?<=[\w%)\]\"']-) (?=\d)|(?<=[\w%)\]\"'] -) (?=\d)"
)
# Single quotes around words, which an apostrophe (don't, 5') is not.
_SINGLE = re.compile(r"(?<!\w)'(?=[^\s'])((?:[^'\"]|(?<=\w)'(?=\w))*+)(?<=\S)'(?!\w)")


def edit_key(raw: str) -> str:
    """The text without what is never an edit: what `plain_key` folds, blanks before stops and around dashes, single quotes for
    double ones, and the hour of the last update. Case, marks, numbers and the minus before one stay. Idempotent."""
    text = clean(raw)
    if "(" in text:
        text = _UPDATED.sub("", text).strip()
    text = _TWICE.sub(lambda m: _ONCE[m[0][0]], sign_key(text))
    text = _BLANK.sub("", _DOTS.sub("...", text.replace("…", "...")))
    return _SINGLE.sub(r'"\1"', text) if "'" in text else text


_MARKS = re.compile(r"[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W_]+")
# y and i are one sound after these onsets, and spelled both ways (kỹ/kĩ, Thụy Sỹ/Thụy Sĩ); not after th, ph, ng.
_I_FOR_Y = {f"{onset}y": f"{onset}i" for onset in ("h", "k", "l", "m", "s", "t", "qu")}


def words(raw: str) -> list[str]:
    """The folded words of a text: no case, no marks, đ as d, y as i where both are written."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", clean(raw).casefold()))
    folded = unicodedata.normalize("NFC", bare).replace("đ", "d")  # đ has no decomposition
    return [_I_FOR_Y.get(w, w) for w in _WORD.findall(folded)]


def match_key(raw: str) -> str:
    """The folded words, joined by spaces: for finding copies and for search, never to say that nothing changed."""
    return " ".join(words(raw))


def scan_key(text: str) -> str:
    """NFC text folded for phrase matching *at the same length*, so that offsets fit the original: case, tones, dashes.

    Line ends stay: no phrase reaches over them.
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # a few capitals (İ) lower to two characters
        lowered = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    return sign_key(lowered)
