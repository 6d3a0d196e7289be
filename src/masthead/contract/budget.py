"""Money for calls: held before a call that has a price, settled after it. Http asks; who keeps the money is not its business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from masthead.contract.operations import Operation

UNKNOWN = 100
"""So many things may be in an answer of which nobody says how many it holds."""


class Budget(Protocol):
    """The purse of one client. Only calls for which `prices` is true are held and settled."""

    def prices(self, operation: Operation) -> bool:
        """True where the operation costs money. Pure and cheap: it is asked before every call."""
        ...

    async def hold(self, operation: Operation, units: int) -> Any:
        """Set money aside for one call of at most so many units; a ticket for `settle`. Raises OverBudget, or TryAgain."""
        ...

    async def settle(self, ticket: Any, units: int | None) -> int:
        """Book what a call came to, None for all that was held; the micros that caps were charged. Never raises."""
        ...


def most_units(operation: Operation, query: Mapping[str, str | Sequence[str]] | None) -> int:
    """The most units that one call may come to: its query says how many are asked for, as a number or as a list of ids."""
    if operation.unit == "request":
        return 1
    most = operation.most or UNKNOWN
    asked = (query or {}).get(operation.asks, "") if operation.asks else ""
    several = asked.split(",") if isinstance(asked, str) else [one for part in asked for one in part.split(",")]
    if operation.lists:
        return min(most, len(several))
    return min(most, int(several[0])) if several[0].isdecimal() else most
