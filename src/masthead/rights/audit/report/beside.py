"""A post beside the place where it stands, with what they share marked in both."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from masthead.rights.audit.report.blocks import Segments
from masthead.rights.audit.report.plain import plain, unescaped
from masthead.rights.audit.values import Match

LONGEST: Final = 700
"""Characters of a post or a place that are shown."""
AROUND: Final = 140
"""Bytes that are shown before and after a place."""

_QUOTE: Final = re.compile(rb'(?<!\\)"')
_WORD: Final = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|\w+")


def marked(post: str, place: str) -> Segments:
    """The post in pieces, those marked whose words stand in the place, in its order."""
    shown, other = plain(post, LONGEST), plain(place)
    spans = [found.span() for found in _WORD.finditer(shown)]
    mine = [_folded(shown[start:end]) for start, end in spans]
    theirs = [_folded(found.group()) for found in _WORD.finditer(other)]
    shared = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    return _cut(shown, [(spans[one.a][0], spans[one.a + one.size - 1][1]) for one in shared if one.size])


def _folded(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word).casefold()
    return "".join(one for one in letters if not unicodedata.combining(one))


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> Segments:
    pieces, at = [], 0
    for start, end in spans:
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return tuple((piece, mark) for piece, mark in (*pieces, (text[at:], False)) if piece)


def placed(match: Match) -> Segments:
    """The place with a little of what stands around it, where the source is a plain file that is still there unchanged."""
    before, after = around(match)
    pieces = ((unescaped(before), False), (match.text, True), (unescaped(after), False))
    return tuple((plain(text, LONGEST), mark) for text, mark in pieces if text)


def around(match: Match) -> tuple[str, str]:
    """What stands before and after a place in the same document; empty where that cannot be read or is no longer the same."""
    at = match.doc_start + match.start
    first = max(match.doc_start, at - AROUND)
    try:
        with Path(match.source).open("rb") as file:
            file.seek(first)
            raw = file.read(match.doc_start + match.end - first + AROUND)
    except (OSError, ValueError, OverflowError):
        return "", ""
    here = raw[at - first : match.end - match.start + at - first].decode("utf-8", "replace")
    if not match.text or not (here.startswith(match.text) or unescaped(here).startswith(match.text)):
        return "", ""
    before, after = raw[: at - first], raw[match.end - match.start + at - first :]
    before, after = before.rpartition(b"\n")[2], after.partition(b"\n")[0]
    if match.source.lower().partition(".json")[1]:
        # A quotation mark that is not escaped is where the text's own field begins or ends.
        before, after = _QUOTE.split(before)[-1], _QUOTE.split(after)[0]
    return _readable(before, "start"), _readable(after, "end")


def _readable(raw: bytes, cut: str) -> str:
    """The bytes as text, without the halves of characters where they were cut."""
    text = raw.decode("utf-8", "replace")
    return text.lstrip("\ufffd") if cut == "start" else text.rstrip("\ufffd")
