"""How far a run is, how fast, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

Clock = Callable[[], float]


@dataclass(slots=True)
class Progress:
    """Counts what is done. Rate and time left are those of this start, not of one that was killed before."""

    total: int
    """Stored bytes of all tasks."""
    done: int = 0
    clock: Clock = time.monotonic
    read: int = 0
    """Decoded bytes since the start."""
    matches: int = 0
    began: float = field(init=False)
    at_start: int = field(init=False)

    def __post_init__(self) -> None:
        self.began, self.at_start = self.clock(), self.done

    def add(self, stored: int, read: int, matches: int) -> None:
        """A task is done."""
        self.done += stored
        self.read += read
        self.matches += matches

    @property
    def seconds(self) -> float:
        """Since the start."""
        return self.clock() - self.began

    @property
    def rate(self) -> float:
        """Decoded bytes a second."""
        return self.read / self.seconds if self.seconds > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that are left at this pace; None while nothing is known."""
        new = self.done - self.at_start
        return self.seconds * (self.total - self.done) / new if new else None

    def line(self) -> str:
        """For people."""
        share = self.done / self.total if self.total else 1.0
        left = "" if self.left is None else f", {duration(self.left)} left"
        return f"{share:4.0%} of {size(self.total)}, {size(self.rate)}/s{left}, {self.matches:,} matches"


def size(count: float) -> str:
    """Bytes in units that people read: 1,000 B is 1 kB."""
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if count < 1000 or unit == "TB":
            break
        count /= 1000
    return f"{count:.0f} {unit}" if unit in ("B", "kB") else f"{count:.1f} {unit}"


def duration(seconds: float) -> str:
    """Seconds as 45 s, 3 min 20 s or 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
