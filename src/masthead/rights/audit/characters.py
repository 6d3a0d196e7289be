"""Characters out of bytes, as they stand in a text or in a JSON string, and the spans that are no words: mentions, links, entities.

Everything here takes addresses: `at` is that of a byte, `hi` that of the byte behind the last one that may be looked at.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from masthead.rights.audit.compiled import byte, four, inlined, part
from masthead.rights.audit.letters import (
    ALONE,
    CLASS_SHIFT,
    DROPPED,
    HAN,
    JOINER,
    KIND_SHIFT,
    LETTER,
    MARK,
    PAYLOAD,
    SEPARATOR,
    SEQUENCE,
    SIZE,
)

BAD: Final = 0xFFFD
_AT, _AND, _COLON, _SLASH, _HASH, _SEMICOLON, _BACKSLASH, _U = (ord(c) for c in "@&:/#;\\u")
_ENTITY: Final = 9
_SCHEME: Final = 8
_WORDS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def _flags(characters: str) -> Any:
    return np.array([chr(code) in characters for code in range(256)], np.uint8)


ALNUM = _flags(_WORDS)
NAME = _flags(_WORDS + "_")
SPECIAL = _flags("@&:")
LINK = _flags("".join(chr(c) for c in range(33, 127) if chr(c) not in '"<>()[]{}\\|^`'))
_HEX = np.full(256, -1, np.int64)
for _digit in "0123456789abcdefABCDEF":
    _HEX[ord(_digit)] = int(_digit, 16)
_ESCAPED = np.array([code if code < 128 else 32 for code in range(256)], np.int64)
for _letter, _control in zip("bfnrt", "\b\f\n\r\t", strict=True):
    _ESCAPED[ord(_letter)] = ord(_control)
_APOSTROPHES = np.array(
    [
        int.from_bytes(name, "big")
        for name in (b"#39", b"#039", b"#x27", b"#8216", b"#8217", b"#x2018", b"#x2019", b"apos", b"lsquo", b"rsquo")
    ],
    np.int64,
)


@part
def _four(at: int, hi: int) -> int:
    """Four hexadecimal digits; negative where there are not."""
    if at + 4 > hi:
        return -1
    a, b, c, d = _HEX[byte(at)], _HEX[byte(at + 1)], _HEX[byte(at + 2)], _HEX[byte(at + 3)]
    if a < 0 or b < 0 or c < 0 or d < 0:
        return -1
    value: int = a << 12 | b << 8 | c << 4 | d
    return value


@part
def _low_surrogate(at: int, hi: int) -> int:
    if at + 6 > hi or byte(at) != _BACKSLASH or byte(at + 1) != _U:
        return -1
    value = _four(at + 2, hi)
    return value if 0xDC00 <= value < 0xE000 else -1


@part
def _escape(at: int, hi: int) -> tuple[int, int]:
    if at + 1 >= hi or byte(at + 1) >= 128:
        return 32, at + 1
    if byte(at + 1) != _U:
        return _ESCAPED[byte(at + 1)], at + 2
    value = _four(at + 2, hi)
    if value < 0:
        return 32, at + 2
    if value < 0xD800 or value >= 0xE000:
        return value, at + 6
    low = _low_surrogate(at + 6, hi)
    if value >= 0xDC00 or low < 0:
        return BAD, at + 6
    return 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00), at + 12


@part
def _more(at: int) -> Any:
    return (byte(at) & 0xC0) == 0x80


@part
def _wide(at: int, hi: int) -> tuple[int, int]:
    first = byte(at)
    if first < 0xC0 or at + 1 >= hi or not _more(at + 1):
        return BAD, at + 1
    code = byte(at + 1) & 63
    if first < 0xE0:
        return (first & 31) << 6 | code, at + 2
    if at + 2 >= hi or not _more(at + 2):
        return BAD, at + 2
    code = code << 6 | (byte(at + 2) & 63)
    if first < 0xF0:
        return (first & 15) << 12 | code, at + 3
    if at + 3 >= hi or not _more(at + 3):
        return BAD, at + 3
    return (first & 7) << 18 | code << 6 | (byte(at + 3) & 63), at + 4


@inlined
def decoded(at: int, hi: int, json: bool) -> tuple[int, int]:
    """The character at a byte, and the byte after it. What is no character comes out as U+FFFD or a space."""
    first = byte(at)
    if first >= 128:
        return _wide(at, hi)
    if json and first == _BACKSLASH:
        return _escape(at, hi)
    return first, at + 1


@inlined
def unit(letters: int, code: int) -> Any:
    """What a character comes to."""
    if code < SIZE:
        return four(letters + 4 * code)
    if code < 0x40000:
        return ALONE << KIND_SHIFT | HAN << CLASS_SHIFT | code
    if code == 0xE0001 or 0xE0020 <= code < 0xE0080:
        return JOINER << KIND_SHIFT
    return (MARK if 0xE0100 <= code < 0xE01F0 else SEPARATOR) << KIND_SHIFT


@part
def _goes_on(letters: int, code: int, among: Any) -> Any:
    """Whether a name or link goes on: with the ASCII given, and with whatever is a letter before or after composition."""
    if code < 128:
        return among[code] != 0
    what = unit(letters, code)
    if what >> KIND_SHIFT == SEQUENCE:
        what = four(letters + 4 * (what & PAYLOAD))
    return what >> KIND_SHIFT == LETTER or what >> KIND_SHIFT == MARK


@part
def _end_of(at: int, hi: int, json: bool, letters: int, among: Any) -> int:
    while at < hi:
        code, after = decoded(at, hi, json)
        if not _goes_on(letters, code, among):
            break
        at = after
    return at


@part
def _after_mention(at: int, hi: int, json: bool, letters: int) -> int:
    """`@name`, `@name@server`, `@name.server`: the byte after it, or `at` where there is no name."""
    end = _end_of(at, hi, json, letters, NAME)
    reached = end > at
    while reached and end < hi:
        code, after = decoded(end, hi, json)
        further = _end_of(after, hi, json, letters, NAME)
        reached = further > after and (code == _AT or code == 46 or code == 45)
        if reached:
            end = further
    return end


@part
def _entity(at: int, hi: int, json: bool) -> tuple[int, int]:
    """After `&`: the kind it comes to, and the byte after it. An apostrophe joins, everything else separates."""
    name, count, end = np.int64(0), 0, at
    while end < hi and count <= _ENTITY:
        code, after = decoded(end, hi, json)
        if code == _SEMICOLON and count > (name & 255 == _HASH):
            return (JOINER if np.any(name == _APOSTROPHES) else SEPARATOR), after
        if code >= 128 or not (ALNUM[code] or (code == _HASH and count == 0)):
            break
        lower = code | 32 if code >= 65 else code
        name, count, end = name << 8 | lower, count + 1, after
    return SEPARATOR, at


@part
def _after_link(at: int, hi: int, json: bool, letters: int) -> int:
    """After the colon of a scheme: the byte after the link, or -1 where no `//` follows."""
    for _ in range(2):
        if at >= hi:
            return -1
        code, at = decoded(at, hi, json)
        if code != _SLASH:
            return -1
    return _end_of(at, hi, json, letters, LINK)


@part
def _is_scheme(word: int, length: int) -> bool:
    for k in range(min(length, _SCHEME)):
        if byte(word + k) < 97 or byte(word + k) > 122:
            return False
    return 0 < length <= _SCHEME


@part
def special(code: int, after: int, hi: int, json: bool, letters: int, word: int, length: int) -> tuple[int, int]:
    """What an `@`, `&` or `:` begins: its kind, and the byte after all of it. `word` is what stands before it."""
    if code == _AT:
        return SEPARATOR, _after_mention(after, hi, json, letters)
    if code == _AND:
        return _entity(after, hi, json)
    end = _after_link(after, hi, json, letters) if _is_scheme(word, length) else -1
    return (DROPPED, end) if end >= 0 else (SEPARATOR, after)
