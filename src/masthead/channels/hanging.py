"""What hangs on channels that end: higher domains say how much of theirs, as they do for figures in metering/prometheus.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from masthead.channels.models import Channel, Sunset


@dataclass(frozen=True, slots=True)
class Count:
    """Something that an end touches: what, how many, and where to see it ("" for nowhere)."""

    label: str
    number: int
    href: str = ""


Counter = Callable[[Sunset, Sequence[Channel]], Iterable[Count]]
COUNTERS: list[Counter] = []


def also(counter: Counter) -> Counter:
    """Register what a domain counts for an end (a decorator); registering twice counts once."""
    if counter not in COUNTERS:
        COUNTERS.append(counter)
    return counter


def counts(sunset: Sunset, channels: Sequence[Channel]) -> list[Count]:
    """Everything that hangs on the channels, by domain."""
    return [one for counter in COUNTERS for one in counter(sunset, channels)]
