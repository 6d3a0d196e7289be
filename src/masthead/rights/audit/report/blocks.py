"""What a report is made of. The page and the document to print draw the same blocks, so they cannot say different things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from masthead.rights.audit.report.shapes import Drawing


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; `strong` for the one sentence that sums up, `quiet` for a remark."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Large numbers, each with what it counts."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; all columns but the first hold numbers unless `texts` says otherwise."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    texts: bool = False
    widths: tuple[float, ...] = ()
    """How the printed columns share the width; without, the first has three parts and each other one."""
    figures: tuple[int, ...] = ()
    """Columns of a table of texts that hold numbers all the same, and stand to the right."""

    def right(self, column: int) -> bool:
        """True where a column holds numbers."""
        return column in self.figures if self.texts else column > 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with what it shows in words."""

    title: str
    drawing: Drawing
    says: str


Segments = tuple[tuple[str, bool], ...]
"""Pieces of a text, each with whether it is marked."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A post beside the place where it stands."""

    title: str
    note: str
    post: Segments
    place: Segments
    facts: tuple[tuple[str, str], ...]


Block = Heading | Words | Points | Figures | Table | Picture | Pair
Blocks = Sequence[Block]
