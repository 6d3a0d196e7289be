"""The rooms a person can post to: joined, and not encrypted."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from masthead.connectors.matrix import wire
from masthead.connectors.matrix.errors import Missing, explain
from masthead.connectors.matrix.operations import JOINED, STATE
from masthead.contract.errors import Refused
from masthead.contract.http import Http

MOST_ROOMS = 200
AT_ONCE = 4


async def rooms(http: Http, server: str, headers: dict[str, str]) -> list[tuple[str, str]]:
    """Id and name of each room, by name; at most MOST_ROOMS are looked at."""
    answer = await http.call(JOINED, server, headers=headers, explain=explain)
    joined = wire.read(wire.Joined, answer, JOINED).joined_rooms[:MOST_ROOMS]
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(room: str) -> tuple[str, str] | None:
        async with gate:
            if await _state(http, server, headers, room, "m.room.encryption") is not None:
                return None
            named = await _state(http, server, headers, room, "m.room.name")
            if named is None or not named.name:
                named = await _state(http, server, headers, room, "m.room.canonical_alias")
            return room, (named and (named.name or named.alias)) or room

    found = await asyncio.gather(*(one(room) for room in joined))
    return sorted((pair for pair in found if pair), key=lambda pair: pair[1].casefold())


async def _state(http: Http, server: str, headers: dict[str, str], room: str, kind: str) -> wire.Named | None:
    """A state event of a room; None where it has none. A room that hides its state counts as having all of it."""
    path = {"room": quote(room, safe=""), "kind": kind}
    try:
        answer = await http.call(STATE, server, path=path, headers=headers, explain=explain)
    except Missing:
        return None
    except Refused:
        return wire.Named()
    return wire.read(wire.Named, answer, STATE)
