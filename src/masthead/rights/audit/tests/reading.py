"""The reading of words once more, slow and plain, to compare the compiled one with; and ways to write one text differently."""

from __future__ import annotations

import json
import random
import re
import string
import unicodedata

from masthead.rights.audit.letters import HAN, UNSPACED, language

ENTITY = re.compile(r"&(#?[A-Za-z0-9]+);")
NAME = string.ascii_letters + string.digits + "_"
LINK = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"<>()[]{}\\|^`')
APOSTROPHE_NAMES = {"#39", "#039", "#x27", "#8216", "#8217", "#x2018", "#x2019", "apos", "lsquo", "rsquo"}
APOSTROPHES = "'‘’‛ʼʻ"


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    found, word, at = list[str](), "", 0
    while at < len(text):
        joins, skip = skipped(text, at, word)
        if not joins:
            more, word = taken(" " if skip else fold(text[at]), "" if skip and text[at] == ":" else word)
            found += more
        at = skip or at + 1
    return [*found, word] if word else found


def skipped(text: str, at: int, word: str) -> tuple[bool, int]:
    """Whether something that joins is here, and the end of a mention, an entity or a link that begins here."""
    if text[at] == "@":
        return False, mention(text, at + 1)
    if text.startswith("://", at) and re.fullmatch("[a-z]{1,8}", word):
        return False, goes_on(text, at + 3, LINK)
    entity = ENTITY.match(text, at)
    if entity and len(entity[1]) <= 9:
        return entity[1].lower() in APOSTROPHE_NAMES, entity.end()
    return False, 0


def taken(folded: str, word: str) -> tuple[list[str], str]:
    """The words that end with these characters, and the one that is open then."""
    found = list[str]()
    for one in folded:
        kind = category(one)
        if kind == "letter":
            word += one
        elif kind in ("alone", "separator"):
            found += [word] if word else []
            found += [one] if kind == "alone" else []
            word = ""
    return found, word


def goes_on(text: str, at: int, among: str) -> int:
    """The end of a name or link."""
    while at < len(text):
        first = (fold(text[at]) or "\u0301")[0]
        if text[at] not in among and (text[at].isascii() or category(first) not in ("letter", "mark")):
            break
        at += 1
    return at


def mention(text: str, at: int) -> int:
    """The end of a mention, 0 where there is no name."""
    end = goes_on(text, at, NAME)
    if end == at:
        return 0
    while text[end : end + 1] in ("@", ".", "-") and (further := goes_on(text, end + 1, NAME)) > end + 1:
        end = further
    return end


def fold(character: str) -> str:
    """Decomposed, without marks and case."""
    if unicodedata.category(character) == "Cs":
        return " "
    return _bare(_bare(character).casefold())


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) not in ("Mn", "Me"))


def category(character: str) -> str:
    """What a folded character does."""
    kind = unicodedata.category(character)
    if kind == "Cf" or character in APOSTROPHES:
        return "joiner"
    if kind in ("Mn", "Me"):
        return "mark"
    if 0x20000 <= ord(character) < 0x40000:
        return "alone"
    if kind[0] not in "LN" and kind != "Mc":
        return "separator"
    return "alone" if language(ord(character)) in (HAN, UNSPACED) else "letter"


def number(word: str) -> int:
    """The number of a folded word as the compiled code gives it."""
    spelled = b"".join(_bytes(ord(c)) for c in word)[:56] if word.isascii() else _capped(word)
    size, full = len(spelled), (1 << 64) - 1
    eights = [int.from_bytes(spelled[k : k + 8], "little") for k in range(0, max(size, 16), 8)]
    left = ((eights[0] ^ (size * 0x9E3779B97F4A7C15 & full)) * 0xBF58476D1CE4E5B9) & full
    right = ((eights[1] + 0x94D049BB133111EB) * 0xD6E8FEB86659FD93) & full
    left ^= right >> 29 ^ (right << 35 & full)
    left ^= left >> 31
    for more in eights[2:]:
        left = ((left ^ more) * 0xBF58476D1CE4E5B9) & full
        left ^= left >> 31
    return left & ~7 | language(ord(word[0]))


def _bytes(code: int) -> bytes:
    if code < 128:
        return bytes([code])
    if code < 0x4000:
        return bytes([0x80 | code & 127, code >> 7])
    return bytes([0x80 | code & 127, 0x80 | code >> 7 & 127, code >> 14])


def _capped(word: str) -> bytes:
    spelled = b""
    for character in word:
        more = _bytes(ord(character))
        spelled += more if len(spelled) + len(more) <= 56 else b""
    return spelled


def json_forms(text: str, luck: random.Random) -> list[bytes]:
    """Ways a JSON file may spell a text: as UTF-8, as ASCII, with escapes wherever luck has it."""
    plain = json.dumps(text, ensure_ascii=False)[1:-1].encode("utf-8", "surrogatepass")
    return [plain, json.dumps(text)[1:-1].encode(), "".join(_escaped(c, luck) for c in text).encode()]


def _escaped(character: str, luck: random.Random) -> str:
    if luck.random() < 0.4:
        return json.dumps(character, ensure_ascii=character > "\ud7ff")[1:-1]
    if character == "/" and luck.random() < 0.5:
        return "\\/"
    units = character.encode("utf-16-be", "surrogatepass").hex()
    units = units.upper() if luck.random() < 0.5 else units
    return "".join("\\u" + units[k : k + 4] for k in range(0, len(units), 4))
