"""Shapes of pictures, in units of a box; roles say what they are, and who draws them gives roles their colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["live", "chance", "grid", "whisker", "label", "quiet"]


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; x and y are its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    role: Role


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    role: Role


@dataclass(frozen=True, slots=True)
class Label:
    """A text whose foot line is at y; `anchor` says which end is at x."""

    x: float
    y: float
    text: str
    anchor: Literal["start", "middle", "end"] = "start"
    role: Role = "label"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes in a box of this width and height."""

    width: float
    height: float
    shapes: tuple[Box | Stroke | Label, ...]
