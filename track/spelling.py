"""Whether a word was only spelled otherwise. Pure.

Vietnamese writes one syllable a word, and few rows of letters make one: `nghành` and `nguời` are none, whatever is meant. So a
word that is no syllable and becomes one by a letter or its marks was mistyped. Of two syllables nothing is known (bán, bạn are
two words) but for i and y, and for the two tones that half of the country speaks alike (chia sẽ, chia sẻ) where not both are
words (nửa, nữa).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz.distance import OSA

import text
from track import vocabulary

__all__ = ["is_syllable", "is_typo"]

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONE = re.compile(f"[{_TONES}]")
_STOPPED = re.compile(r"(?:p|t|c|ch)$")  # such syllables have one of two tones
_SHARP, _HEAVY = "\u0301", "\u0323"
_RIMES_SAID = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êch êm ên
    ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat
    oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân
    uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uyn uynh uyt uyu ư ưa
    ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu
"""
_RIMES = frozenset(_RIMES_SAID.split())
# Onset and rime; k, gh and ngh stand before e, ê, i and y, and c, g and ng before the others.
_PARTS = re.compile(
    r"(?P<onset>ngh(?=[eêi])|gh(?=[eêi])|k(?=[eêiy])|ng(?![eêi])|g(?![eê])|c(?![eêiy])|"
    r"ch|kh|nh|ph|th|tr|b|d|đ|h|l|m|n|p|r|s|t|v|x|)(?P<rime>[aăâeêioôơuưy][a-zăâêôơư]*)"
)


def is_syllable(word: str) -> bool:
    """Whether Vietnamese has such a syllable, by its letters and its tone."""
    marked = unicodedata.normalize("NFD", word.lower())
    tones = _TONE.findall(marked)
    bare = unicodedata.normalize("NFC", _TONE.sub("", marked))
    if len(tones) > 1 or (_STOPPED.search(bare) and tones not in ([_SHARP], [_HEAVY])):
        return False
    if bare.startswith("qu"):
        return bool({f"o{bare[2:]}", f"u{bare[2:]}", bare[2:]} & _RIMES) and len(bare) > 2
    if bare.startswith("gi") and (bare[2:] in _RIMES or bare == "gi"):
        return True
    parts = _PARTS.fullmatch(bare)
    return parts is not None and parts["rime"] in _RIMES


def is_typo(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether these words differ by their spelling alone: mistyped, run together, or written twice."""
    before, after = [word.lower() for word in before], [word.lower() for word in after]
    if "".join(before) == "".join(after):  # thựchiện, thực hiện
        return before != after
    return len(before) == len(after) and all(
        one == other or _is_one(one, other) for one, other in zip(before, after, strict=True)
    )


def _is_one(one: str, other: str) -> bool:
    if _heard(one) == _heard(other):
        return {text.fold_tones(one), text.fold_tones(other)} not in vocabulary.TWO_WORDS
    are = is_syllable(one) + is_syllable(other)
    if are == 1:
        foreign = one.isascii() and other.isascii() and (one.startswith(other) or other.startswith(one))  # can, cans
        near = min(len(one), len(other)) > 2 and OSA.distance(one, other) == 1
        return text.words(one) == text.words(other) or (near and not foreign)
    # In a language that we do not know: letters that changed places, and a letter written twice (recieve, occured).
    return not are and min(len(one), len(other)) >= 5 and (_swapped(one, other) or _undoubled(one) == _undoubled(other))


_Y = re.compile(r"^([hklmst]|qu)y(?=[\u0300-\u036f]?$)")


def _heard(word: str) -> str:
    """The word as it sounds to those who tell two tones and two letters not apart."""
    marked = unicodedata.normalize("NFD", word).replace("\u0303", "\u0309")
    return _Y.sub(r"\1i", marked)


def _swapped(one: str, other: str) -> bool:
    return len(one) == len(other) and sorted(one) == sorted(other) and OSA.distance(one, other) == 1


_DOUBLED = re.compile(r"(.)\1")


def _undoubled(word: str) -> str:
    return _DOUBLED.sub(r"\1", word)
