"""What every character of Unicode comes to when texts are compared: a table, made from Python's own.

A character is decomposed (NFKD), loses its marks and its case, and is then a letter, a letter that is a word of its own (scripts written
without spaces), something that leaves no trace (a mark, an apostrophe) or something that separates words. The table is made once
per index and kept with it, so that another Python with another Unicode reads the same words.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

SEPARATOR, MARK, JOINER, LETTER, ALONE, SEQUENCE, DROPPED = range(7)
"""Kinds of unit. A mark belongs to the word before it and a joiner stands between two halves; neither is kept. `DROPPED` is never
in the table: it ends a word that turned out to be none (the scheme of a link)."""

LATIN, GREEK_CYRILLIC, SEMITIC, HANGUL, OTHER, HAN, UNSPACED = range(1, 8)
"""Classes of language, as far as letters tell: how surprising a word is can be compared within one, not between them."""

KIND_SHIFT, CLASS_SHIFT, LENGTH_SHIFT, PAYLOAD = 29, 26, 21, (1 << 21) - 1
SIZE: Final = 0x30000
"""Characters from here on follow rules instead of the table: Han, tags and variation selectors, nothing else."""

_RANGES: Final = (
    (0x0000, 0x036F, LATIN), (0x0370, 0x052F, GREEK_CYRILLIC), (0x0590, 0x08FF, SEMITIC), (0x0E00, 0x0EFF, UNSPACED),
    (0x1000, 0x109F, UNSPACED), (0x1100, 0x11FF, HANGUL), (0x1780, 0x17FF, UNSPACED), (0x1C80, 0x1C8F, GREEK_CYRILLIC),
    (0x1D00, 0x1DBF, LATIN), (0x1E00, 0x1EFF, LATIN), (0x1F00, 0x1FFF, GREEK_CYRILLIC), (0x2C60, 0x2C7F, LATIN),
    (0x2DE0, 0x2DFF, GREEK_CYRILLIC), (0x2E80, 0x2FDF, HAN), (0x3005, 0x3007, HAN), (0x3021, 0x3029, HAN),
    (0x3038, 0x303B, HAN), (0x3040, 0x312F, UNSPACED), (0x3130, 0x318F, HANGUL), (0x31A0, 0x31FF, UNSPACED),
    (0x3400, 0x9FFF, HAN), (0xA640, 0xA69F, GREEK_CYRILLIC), (0xA720, 0xA7FF, LATIN), (0xA960, 0xA97F, HANGUL),
    (0xAB30, 0xAB6F, LATIN), (0xAC00, 0xD7FF, HANGUL), (0xF900, 0xFAFF, HAN), (0xFB1D, 0xFDFF, SEMITIC),
    (0xFE70, 0xFEFE, SEMITIC), (0xFF66, 0xFF9F, UNSPACED), (0x20000, 0x3FFFF, HAN),
)  # fmt: skip
_APOSTROPHES: Final = frozenset("'‘’‛ʼʻ")
_PLAIN_HAN: Final = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x2F800), range(0x2FA1E, SIZE))


def language(character: int) -> int:
    """The class of language of a code point."""
    _, last, kind = _RANGES[max(bisect_right(_RANGES, (character, SIZE, 0)) - 1, 0)]
    return kind if character <= last else OTHER


def _stripped(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) not in ("Mn", "Me"))


def _unit(character: str) -> int:
    category, code = unicodedata.category(character), ord(character)
    if category == "Cf" or character in _APOSTROPHES:
        return JOINER << KIND_SHIFT
    if category in ("Mn", "Me"):
        return MARK << KIND_SHIFT
    if category[0] not in "LN" and category != "Mc":
        return SEPARATOR << KIND_SHIFT
    kind = language(code)
    return (ALONE if kind in (HAN, UNSPACED) else LETTER) << KIND_SHIFT | kind << CLASS_SHIFT | code


def units_of(character: str) -> list[int]:
    """The units a character comes to, at least one."""
    folded = _stripped(_stripped(character).casefold())
    return [_unit(one) for one in folded] or [MARK << KIND_SHIFT]


@cache
def letters() -> NDArray[np.uint32]:
    """The table of this Python, made in a second: for each code point its unit, or the place of several units behind the table."""
    folded, units = np.zeros(SIZE, np.uint32), list[int]()
    for plain in _PLAIN_HAN:
        codes = np.arange(plain.start, plain.stop, dtype=np.uint32)
        folded[plain.start : plain.stop] = codes | np.uint32(ALONE << KIND_SHIFT | HAN << CLASS_SHIFT)
    for code in range(SIZE):
        if folded[code] or (unicodedata.category(chr(code))[0] == "C" and unicodedata.category(chr(code)) != "Cf"):
            continue
        here = units_of(chr(code))
        folded[code] = here[0]
        if len(here) > 1:
            folded[code] = SEQUENCE << KIND_SHIFT | len(here) << LENGTH_SHIFT | SIZE + len(units)
            units += here
    return np.concatenate([folded, np.array(units, np.uint32)])
