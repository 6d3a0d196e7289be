"""Talking to relays: say an event, ask for events, and do so with all of an account's relays."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from masthead.connectors.nostr.errors import refusal
from masthead.connectors.nostr.wire import Event, events
from masthead.contract.errors import ConnectorError, OutcomeUnknown, TryAgain
from masthead.contract.http import Http, lost
from masthead.contract.operations import Operation
from masthead.contract.sockets import exchange
from masthead.contract.values import Account

ASKED = "masthead"
T = TypeVar("T")


@dataclass(frozen=True)
class Answers(Generic[T]):
    """What the relays answered, and the errors of those that did not."""

    good: tuple[T, ...]
    errors: tuple[ConnectorError, ...]

    def worst(self) -> ConnectorError:
        """The error that decides where none did well: the unclear one, then one that passes, then the first."""
        for kind in (OutcomeUnknown, TryAgain):
            for error in self.errors:
                if isinstance(error, kind):
                    return error
        return self.errors[0]


def relays_of(account: Account) -> list[str]:
    """All relays of an account, the first being its server."""
    return [account.server, *(one for one in account.limits.get("relays", ()) if one != account.server)]


async def everywhere(account: Account, act: Callable[[str], Awaitable[T]]) -> Answers[T]:
    """Do it with all relays at once."""
    results = await asyncio.gather(*(act(one) for one in relays_of(account)), return_exceptions=True)
    for one in results:
        if isinstance(one, BaseException) and not isinstance(one, ConnectorError):
            raise one
    good = tuple(one for one in results if not isinstance(one, BaseException))
    return Answers(good, tuple(one for one in results if isinstance(one, ConnectorError)))


async def say(http: Http, operation: Operation, relay: str, event: Mapping[str, Any]) -> str:
    """Give one event to a relay. A relay that has it already counts as taking it. Returns the relay."""

    def answered(frame: Any) -> bool:
        return isinstance(frame, list) and len(frame) > 2 and frame[:2] == ["OK", event["id"]]

    frames = await exchange(http, operation, relay, ["EVENT", event], answered)
    taken, said = frames[-1][2], str(frames[-1][3]) if len(frames[-1]) > 3 else ""
    if taken is True or said.startswith("duplicate"):
        return relay
    raise refusal(said) if taken is False else lost(operation, "the answer has an unexpected form")


async def ask(http: Http, operation: Operation, relay: str, wanted: Mapping[str, Any]) -> list[Event]:
    """The stored events that fit a filter."""

    def ended(frame: Any) -> bool:
        return isinstance(frame, list) and frame[:1] in (["EOSE"], ["CLOSED"]) and frame[1:2] == [ASKED]

    frames = await exchange(http, operation, relay, ["REQ", ASKED, dict(wanted)], ended)
    if frames[-1][0] == "CLOSED":
        raise _turned_away(str(frames[-1][2]) if len(frames[-1]) > 2 else "")
    return events(frames, ASKED)


def _turned_away(said: str) -> ConnectorError:
    """A question creates nothing, so an error of the relay is worth another try."""
    error = refusal(said)
    return TryAgain(error.message) if isinstance(error, OutcomeUnknown) else error


def only(relays: Sequence[str]) -> dict[str, Any]:
    """The further relays as limits of the profile."""
    return {"relays": list(relays[1:])}
