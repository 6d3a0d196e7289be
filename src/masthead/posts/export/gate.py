"""What an export lets out: a higher domain that knows rights registers its gate here. Without one, nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from masthead.posts.models import Export, PastPost, Publication


class Gate(Protocol):
    """Rows pass one by one, in order; what does not pass is counted by why."""

    def past_posts(self, export: Export, rows: Iterable[PastPost]) -> Iterator[PastPost]:
        """What was read from platforms."""
        ...

    def publications(self, export: Export, rows: Iterable[Publication], part: str) -> Iterator[Publication]:
        """What was written here; `part` names the file."""
        ...

    def left_out(self, export: Export) -> list[dict[str, str]]:
        """What did not pass, as the export's page and manifest say it: {"what", "why"}."""
        ...


GATES: list[Gate] = []


def register(gate: Gate) -> None:
    """From now on everything passes this gate."""
    GATES[:] = [gate]


def current() -> Gate:
    """The gate that holds. Raises RuntimeError without one, so that nothing leaves unasked."""
    if not GATES:
        raise RuntimeError("No gate is registered for exports.")
    return GATES[0]
