"""The text of a web page, as a reader sees it: no markup, no scripts, blocks on lines of their own."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from html import unescape
from typing import Final

from selectolax.lexbor import LexborHTMLParser

DEEPEST: Final = 2000
"""Elements that may stand open in one another; a parser's time grows with their square."""
MOST_REPEATED: Final = 100_000
"""Elements that a parser may have to make anew: each block takes up all formatting that was left open before it."""
VOID: Final = frozenset(b"area base br col embed hr img input link meta source track wbr".split())
CLOSED_BY_THE_NEXT: Final = frozenset(b"p li dt dd option tr td th thead tbody tfoot colgroup".split())
NO_CHARSET: Final = frozenset(
    ["idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7", "mbcs", "oem"]
)
UNSEEN: Final = ["script", "style", "noscript", "template", "svg"]
_TAG: Final = re.compile(rb"<[^<>]*>")
_NAME: Final = re.compile(rb"<(/?)([a-z][a-z0-9]{0,15})", re.IGNORECASE)
_BLOCK: Final = re.compile(
    rb"<(?=/?(?:p|div|br|li|ul|ol|h[1-6]|t[rdh]|table|blockquote|pre|section|article|aside|header|footer|nav|main|form|option|figcaption|d[tdl]|hr|title)\b)",
    re.IGNORECASE,
)
# Every repetition has an end and gives nothing back: a page of two kilobytes could cost seconds.
_CHARSET: Final = re.compile(
    rb"""<meta[^>]{1,300}?charset\s{0,8}+=\s{0,8}+["']?\s{0,8}+([\w.:-]{1,40})""", re.IGNORECASE
)
_OPENS: Final = rb"<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])"
_OPEN_FORMATTING: Final = re.compile(_OPENS, re.IGNORECASE)
_FORMATTING: Final = re.compile(
    _OPENS.replace(b"<", b"</?", 1) + rb"""(?:[^<>"']|"[^"<>]*"|'[^'<>]*')*+>""", re.IGNORECASE
)
_LONG: Final = re.compile(rb"(<[a-z][a-z0-9]{0,15})[\s/][^<>]{20000,}+", re.IGNORECASE)
"""A tag with so much in it that comparing its attributes with each other would take long."""


def text(page: bytes, charset: str = "") -> str:
    """The text of a page in HTML. `charset` is what the server said; the page's own word counts where it said nothing."""
    named = _CHARSET.search(page[:2048])
    charset = charset or (named.group(1).decode("ascii", "replace") if named else "")
    # Formatting and attributes say nothing to a reader, and a parser may repeat them for every block.
    page = _LONG.sub(rb"\1", _FORMATTING.sub(b"", page))
    if _too_deep(page) or _repeats(page):
        return _lines(unescape(decoded(_TAG.sub(b"\n", page), charset)))
    # An end of line before each block keeps the words of two blocks apart, which the parser's text would join.
    tree = LexborHTMLParser(decoded(_BLOCK.sub(b"\n<", page), charset))
    tree.strip_tags(UNSEEN)
    return _lines(tree.root.text(deep=True, separator="") if tree.root else "")


def _lines(text: str) -> str:
    """Lines without space around them; empty ones are left out."""
    return "\n".join(filter(None, map(str.strip, text.split("\n"))))


def _too_deep(page: bytes) -> bool:
    """Whether more elements stand open in one another than any page needs."""
    if page.count(b"<") <= DEEPEST:
        return False
    depth, open_now = 0, Counter[bytes]()
    for mark in _NAME.finditer(page):
        closes, name = mark.group(1), mark.group(2).lower()
        if name in VOID or name in CLOSED_BY_THE_NEXT:
            continue
        step = -1 if closes else 1
        if step > 0 or open_now[name]:
            open_now[name] += step
            depth += step
        if depth > DEEPEST:
            return True
    return False


def _repeats(page: bytes) -> bool:
    """Whether what is left of formatting, written in a way no page needs, could be taken up again too often."""
    return len(_OPEN_FORMATTING.findall(page)) * page.count(b"<") > MOST_REPEATED


def decoded(data: bytes, charset: str = "") -> str:
    """Bytes as text: by the charset that is given, else UTF-8, else Windows-1252, as browsers do. Wrong bytes become U+FFFD."""
    named = _codec(charset)
    for name in filter(None, (named, "utf-8")):
        try:
            return data.decode(name)
        except UnicodeError:
            continue
    return data.decode(named or "cp1252", "replace")


def _codec(charset: str) -> str:
    """Python's name of a charset; nothing for an unknown one, and for what Python has that is no charset of the web."""
    try:
        name = codecs.lookup(charset).name if charset and "\0" not in charset else ""
        # Python has codecs that give no text, such as zlib; it says so when one is used.
        bytes(4).decode(name or "utf-8", "replace")
    except (LookupError, ValueError):
        return ""
    return "" if name in NO_CHARSET else name
