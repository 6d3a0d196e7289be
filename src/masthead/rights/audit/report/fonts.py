"""Fonts of this machine for the document to print, and which letters they can show."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont

WANTED: Final = (
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    ("Arial.ttf", "Arial Bold.ttf"),
)
"""Families for the text, the one with the most scripts first."""
MORE: Final = (
    "NotoSansCJK-Regular.ttc",
    "wqy-microhei.ttc",
    "DroidSansFallbackFull.ttf",
    "unifont.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoEmoji-Regular.ttf",
    "Symbola.ttf",
    "Arial Unicode.ttf",
)
"""Fonts for what the first one cannot show."""
MISSING: Final = "□"


@dataclass(frozen=True, slots=True)
class Fonts:
    """The font of the text, its bold one, those for other letters, and every letter they can show together."""

    regular: Path | None
    bold: Path | None
    more: tuple[Path, ...]
    letters: frozenset[int]

    def shown(self, text: str) -> str:
        """The text with a box for each letter that no font here can show."""
        box = MISSING if ord(MISSING) in self.letters else "?"
        return "".join(one if ord(one) in self.letters or one == "\n" else box for one in text.replace("\t", " "))


@lru_cache(maxsize=4)
def fonts(folders: tuple[Path, ...] | None = None) -> Fonts:
    """The fonts in these folders, or in those of the system. Without any, what PDF readers have: Latin letters only."""
    here = {path.name: path for path in sorted(_files(folders or places()), reverse=True)}
    pair = next(((here[one], here[two]) for one, two in WANTED if one in here and two in here), None)
    if pair is None:
        return Fonts(None, None, (), frozenset(one for one in range(32, 256) if not 127 <= one < 160))
    more = tuple(here[one] for one in MORE if one in here)
    return Fonts(*pair, more, frozenset().union(*map(_letters, (pair[0], *more))))


def places() -> tuple[Path, ...]:
    """Where systems keep fonts."""
    home = Path.home()
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    return (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts", home / ".fonts")


def _files(folders: tuple[Path, ...]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from (path for path in folder.rglob("*") if path.suffix.lower() in {".ttf", ".ttc"})


def _letters(path: Path) -> frozenset[int]:
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())
