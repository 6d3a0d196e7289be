"""When calls to something stop: a date from which nothing leaves any more, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from masthead.contract.errors import Ended
from masthead.contract.operations import Operation

REMEDY = "Choose another channel. An owner or admin can withdraw the end on the Sunset page."


@dataclass(frozen=True, slots=True)
class Ending:
    """From `at` (aware) on nothing is called; with `operation`, only that operation is not. `why` is for people."""

    at: datetime
    why: str
    operation: str = ""

    def covers(self, operation: Operation) -> bool:
        """True where it is about this operation."""
        return self.operation in ("", operation.name)


def must_go_on(endings: Sequence[Ending], operation: Operation, now: datetime) -> None:
    """Raises Ended for an operation that has ended by `now`."""
    for one in endings:
        if one.at <= now and one.covers(operation):
            raise Ended(one.why, remedy=REMEDY)
