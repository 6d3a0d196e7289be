"""What publishing will call, told before the first call: so that a price can be named, and money held, beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from masthead.contract.operations import Operation
from masthead.contract.values import Delivery, MediaKind


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file that will go with a segment. `size` in bytes; 0 where it is not known yet."""

    kind: MediaKind
    alt: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """One segment as it will go out."""

    text: str
    files: tuple[PlannedFile, ...] = ()
    poll: bool = False


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A call that publishing will make, so many times."""

    operation: Operation
    units: int = 1


Foresee = Callable[[Sequence[Planned], Mapping[str, Any]], Sequence[Foreseen]]
"""From segments and the account's limits to the calls that publishing makes when all goes well, those without a price included."""


def planned(delivery: Delivery) -> tuple[Planned, ...]:
    """A delivery as it is foreseen."""
    return tuple(
        Planned(
            one.text,
            tuple(PlannedFile(file.kind, file.alt, file.size) for file in one.attachments),
            poll=one.poll is not None,
        )
        for one in delivery.segments
    )
