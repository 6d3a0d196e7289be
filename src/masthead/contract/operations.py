"""Every call a connector may make is listed; an unlisted call cannot be made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Operation:
    """One API call. `creates`: a repeat could create something twice, so a lost answer is OutcomeUnknown, not TryAgain.

    `path` is a template under the account's server, e.g. "/api/v1/statuses/{id}"; `bucket` names a Quota of the capabilities;
    `price_key` a row of the price catalogue; `seconds` bounds the whole call. `fine`: statuses beside 2xx that are
    no refusal here. `unit`: whether the platform counts requests, or the resources in the answer; `counts` leads to those
    (a list or one thing), and `ids` is the name of each one's id; `most` of them may be in one answer (0: nobody says), fewer
    where the query field `asks` asks for fewer, by a number or, where `lists`, by naming them.
    """

    name: str
    method: str
    path: str
    creates: bool = False
    bucket: str = ""
    weight: int = 1
    price_key: str = ""
    scopes: tuple[str, ...] = ()
    seconds: float = 30.0
    max_bytes: int = 4_000_000
    fine: tuple[int, ...] = ()
    unit: Literal["request", "resource"] = "request"
    counts: tuple[str, ...] = ()
    ids: str = "id"
    most: int = 0
    asks: str = ""
    lists: bool = False


def listed(*operations: Operation) -> dict[str, Operation]:
    """The operations by name, refusing doubles."""
    table = {operation.name: operation for operation in operations}
    if len(table) != len(operations):
        raise ValueError("an operation is listed twice")
    return table
