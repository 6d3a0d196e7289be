"""A platform call as the meter sees it: for whom and what for it was made, how much it read, what the platform said of its quota."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypedDict

from masthead.contract.headers import QuotaTold
from masthead.contract.operations import Operation
from masthead.kit.clock import now

OWN_APP = "own_app"
"""The condition that the developer app belongs to the workspace itself: some platforms charge less for that."""
NONE: frozenset[str] = frozenset()
OWN: frozenset[str] = frozenset({OWN_APP})


class Purpose(StrEnum):
    """What a call was made for."""

    PUBLISH = "publish"
    READ = "read"
    INBOX = "inbox"
    ADS = "ads"
    CONNECT = "connect"


@dataclass(slots=True)
class Call:
    """One platform call. `error` is the code of the error, "" for success.

    `units` is what was read or done (0 where it failed); `resources` are the ids of what was read, where each is charged;
    `settled` the micros that caps were charged already.
    Not frozen only because thousands are made each second; nobody changes one.
    """

    platform: str
    server: str
    workspace_id: int
    channel_id: int
    operation: str
    weight: int
    status: int
    seconds: float
    error: str
    price_key: str
    app: str = ""
    plan: str = ""
    purpose: str = ""
    conditions: frozenset[str] = NONE
    units: int = 1
    resources: tuple[str, ...] = ()
    told: QuotaTold | None = None
    settled: int = 0
    at: datetime = field(default_factory=now)

    @property
    def resets_at(self) -> datetime | None:
        """When the quota window that the answer told of starts anew."""
        return self.at + timedelta(seconds=self.told.resets_in) if self.told else None


class Meter(Protocol):
    """Takes note of calls; must be cheap and must not raise."""

    def note(self, call: Call) -> None:
        """Remember one call."""
        ...


class Unmetered:
    """A meter for tests and tools that counts nothing."""

    def note(self, call: Call) -> None:
        """Forget the call."""


class ChargedTo(TypedDict):
    """Whose account with the platform a call goes to."""

    app: str
    plan: str
    conditions: frozenset[str]


def charged_to(limits: Mapping[str, Any]) -> ChargedTo:
    """What a channel's limits say of its developer app: its name, its plan, and whether the workspace itself owns it."""
    own = OWN if limits.get(OWN_APP) else NONE
    return {"app": limits.get("app") or "", "plan": limits.get("plan") or "", "conditions": own}


def counted(operation: Operation, body: Any) -> tuple[int, tuple[str, ...]]:
    """Units of a call that went well, and the ids of what was read where the operation is charged by them.

    What `operation.counts` leads to may be a list, one thing, or be absent where nothing was found.
    """
    if operation.unit == "request":
        return 1, ()
    for step in operation.counts:
        body = body.get(step) if isinstance(body, Mapping) else None
    found: Sequence[Any] = body if isinstance(body, list) else [body] if isinstance(body, Mapping) else ()
    if not operation.price_key:
        return len(found), ()
    ids = (one.get(operation.ids) for one in found if isinstance(one, Mapping))
    return len(found), tuple(str(one) for one in ids if one is not None)
