"""The index by which the site searches without a server: words to pages in pieces of bounded size, each a script that a page can
load from a disk.

A word leads to pages of the site's timeline, not to things, so that no word's list grows longer than there are pages. Found pages are
then looked through one after the other.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

import regex

from masthead.media.bundle import Zip

ALONE = r"\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}"
"""Scripts without spaces between words: each character stands for itself."""
WORD = regex.compile(rf"[{ALONE}]|(?:(?![{ALONE}])[\p{{L}}\p{{N}}\p{{M}}_])+")
BUCKETS = 64
LONGEST = 5000
"""Characters of a text that are searched."""
WEIGHT = 20_000
"""Words and page numbers in one piece."""


def words_of(text: str) -> set[str]:
    """The words of a text as they are looked for; search.js must find the same."""
    return set(WORD.findall(unicodedata.normalize("NFKC", text[:LONGEST]).lower()))


def bucket(word: str) -> int:
    """Words with the same first two characters lie together, so that a beginning is enough to find them."""
    second = ord(word[1]) if len(word) > 1 else 0
    return (ord(word[0]) * 31 + second) % BUCKETS


class SearchIndex:
    """Gathers words on the disk of this machine; `close` writes the pieces."""

    def __init__(self, folder: Path, place: str) -> None:
        folder.mkdir()
        self.place = place
        self.spools: list[IO[str]] = [(folder / str(one)).open("w+", encoding="utf-8") for one in range(BUCKETS)]
        self.pieces: list[tuple[int, str, str]] = []
        self.pages = 0

    def add(self, made: Zip, href: str, items: list[dict[str, Any]]) -> None:
        """A page of the timeline with what is on it: [anchor, when, who, text] each."""
        words = {word for one in items for word in words_of(f"{one['who']} {one['text']}")}
        for word in words:
            self.spools[bucket(word)].write(f"{word}\t{self.pages}\n")
        rows = [[one["anchor"], one["when"], one["who"], one["text"][:LONGEST]] for one in items]
        made.add(f"{self.place}/pages/{self.pages}.js", _script("page", self.pages, [href, rows]))
        self.pages += 1

    def close(self, made: Zip) -> None:
        """The pieces, and the list of them."""
        for number, spool in enumerate(self.spools):
            for piece in self._cut(_gathered(spool)):
                made.add(f"{self.place}/words/{len(self.pieces)}.js", _script("words", len(self.pieces), piece))
                self.pieces.append((number, piece[0][0], piece[-1][0]))
            spool.close()
        made.add(f"{self.place}/directory.js", _script("directory", self.pages, self.pieces))

    def _cut(self, words: list[tuple[str, list[int]]]) -> Iterator[list[tuple[str, list[int]]]]:
        piece: list[tuple[str, list[int]]] = []
        weight = 0
        for word, pages in words:
            piece.append((word, _steps(pages)))
            weight += 1 + len(pages)
            if weight >= WEIGHT:
                yield piece
                piece, weight = [], 0
        if piece:
            yield piece


def _gathered(spool: IO[str]) -> list[tuple[str, list[int]]]:
    """The words of one spool with their pages, in order."""
    spool.seek(0)
    found: dict[str, list[int]] = {}
    for line in spool:
        word, _tab, page = line.rstrip("\n").partition("\t")
        found.setdefault(word, []).append(int(page))
    return sorted(found.items())


def _steps(pages: list[int]) -> list[int]:
    """The first page, then how far it is from each to the next: short numbers."""
    return pages[:1] + [later - earlier for earlier, later in pairwise(pages)]


def _script(name: str, number: int, content: Any) -> list[bytes]:
    """A call with JSON, in ASCII, that can close no element and hide no name."""
    text = json.dumps(content, separators=(",", ":")).replace("<", "\\u003c")
    return [f"archive.{name}({number},{text})\n".encode("ascii")]
