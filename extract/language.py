"""Which language a text is in, by its letters and commonest words: Vietnamese, English, or unknown."""

from __future__ import annotations

_MARKED = "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
_NO_MARKS = {ord(letter): None for letter in _MARKED}
_ENGLISH = frozenset(("the", "and", "of", "to", "in", "that", "is", "was", "for", "with", "on", "said"))
_SAMPLE = 1_000  # code points


def guess(sample: str) -> str | None:
    """`vi`, `en` or None. Every tenth letter of Vietnamese text carries a mark that no other language has."""
    sample = sample[:_SAMPLE].lower()
    words = sample.split()
    letters = sum(map(len, words))
    if letters < 20:
        return None
    if (letters - sum(map(len, sample.translate(_NO_MARKS).split()))) * 20 > letters:
        return "vi"
    return "en" if sum(word in _ENGLISH for word in words) * 10 > len(words) else None
