"""Which language a text is in, by its letters and commonest words: Vietnamese, English, or unknown."""

from __future__ import annotations

import re

_VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:the|and|of|to|in|that|is|was|for|with|on|said)\b", re.IGNORECASE)
_SAMPLE = 4_000  # code points


def guess(sample: str) -> str | None:
    """`vi`, `en` or None. Every tenth letter of Vietnamese text carries a mark that no other language has."""
    sample = sample[:_SAMPLE]
    letters = sum(c.isalpha() for c in sample)
    if letters < 20:
        return None
    if len(_VIETNAMESE.findall(sample)) * 20 > letters:
        return "vi"
    words = len(sample.split())
    return "en" if len(_ENGLISH.findall(sample)) * 10 > words else None
