"""A person's own past messages in the rooms they can post to, with reactions and answers. A file is a message of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from masthead.connectors.matrix import wire
from masthead.connectors.matrix.connect import PAGES, bearer
from masthead.connectors.matrix.errors import explain
from masthead.connectors.matrix.operations import EVENT, REACTIONS, READ
from masthead.contract.errors import Refused
from masthead.contract.history import PastMedia, PastPage, PastPost
from masthead.contract.http import Http
from masthead.contract.values import Account

FILES = {"m.image": "image", "m.video": "video", "m.audio": "audio", "m.file": "document"}
Place = tuple[str, int]
"""Where a room is read on: the server's token, and how many messages after it were shown."""


@dataclass(frozen=True)
class MatrixHistory:
    """The history part. Rooms are read side by side; the cursor says where each of them goes on."""

    names: Mapping[str, str] = field(default_factory=lambda: {"reactions": "likes", "replies": "replies"})
    most_ids: int = 10
    page_size: int = 50

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of own messages of all rooms, newest first; edits and what was taken back are no posts."""
        places: dict[str, Place] = json.loads(cursor) if cursor else dict.fromkeys(_rooms(account), ("", 0))
        read = {room: await self._read(http, account, room, place) for room, place in places.items()}
        there = [one for part in read.values() for one in part.shown]
        newest = sorted(there, key=lambda one: one.event.origin_server_ts, reverse=True)[: self.page_size]
        left = {room: part.after(newest) for room, part in read.items()}
        further = {room: place for room, place in left.items() if place}
        posts = [_past(one) for one in newest if one.event.is_post]
        return PastPage(tuple(posts), json.dumps(further) if further else "")

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Today's numbers, two questions for each message; one that was taken back or is out of sight is missing."""
        found: dict[str, Mapping[str, float]] = {}
        for one in posts:
            path = {"room": quote(str(one.raw.get("room", "")), safe=""), "event": quote(one.remote_id, safe="")}
            try:
                answer = await http.call(EVENT, account.server, path=path, headers=bearer(account), explain=explain)
                event = wire.read(wire.Event, answer, EVENT)
                if event.is_post:
                    found[one.remote_id] = await _numbers(http, account, path, event)
            except Refused:
                continue
        return found

    async def _read(self, http: Http, account: Account, room: str, place: Place) -> Part:
        """The next own messages of a room; nothing of a room that was left."""
        token, skipped = place
        only = json.dumps({"senders": [account.remote_id], "types": ["m.room.message"]})
        query = {"dir": "b", "limit": str(self.page_size), "filter": only} | ({"from": token} if token else {})
        path = {"room": quote(room, safe="")}
        try:
            answer = await http.call(
                READ, account.server, path=path, query=query, headers=bearer(account), explain=explain
            )
        except Refused:
            return Part(place, (), "")
        page = wire.read(wire.Page, answer, READ)
        return Part(place, tuple(Shown(room, one) for one in page.chunk[skipped:]), page.end or "")


@dataclass(frozen=True)
class Shown:
    """A message and its room."""

    room: str
    event: wire.Event


@dataclass(frozen=True)
class Part:
    """What was read of a room: from where, what was new in it, and the token behind it ("" at the room's beginning)."""

    place: Place
    shown: tuple[Shown, ...]
    end: str

    def after(self, taken: Sequence[Shown]) -> Place | None:
        """Where to read on when some of it was taken; None at the end of the room."""
        mine = {one.event.event_id for one in taken}
        count = sum(one.event.event_id in mine for one in self.shown)
        if count < len(self.shown):
            return self.place[0], self.place[1] + count
        return (self.end, 0) if self.end else None


def _rooms(account: Account) -> list[str]:
    return [str(room) for room, _name in account.limits.get("choices", {}).get("room", ())]


async def _numbers(http: Http, account: Account, path: Mapping[str, str], event: wire.Event) -> dict[str, float]:
    query = {"limit": "1000"}
    answer = await http.call(
        REACTIONS, account.server, path=path, query=query, headers=bearer(account), explain=explain
    )
    reactions = wire.read(wire.Page, answer, REACTIONS).chunk
    return {"reactions": float(len(reactions)), "replies": float(event.answers)}


def _past(one: Shown) -> PastPost:
    event, told = one.event, one.event.newest
    kind = FILES.get(str(told.get("msgtype")), "")
    words = str(told.get("body") or "")
    info = told.get("info")
    mime = info.get("mimetype") if isinstance(info, Mapping) else ""
    media = (PastMedia("gif" if mime == "image/gif" else kind, alt=words),) if kind else ()
    return PastPost(
        event.event_id,
        "" if kind else words,
        f"{PAGES}/{quote(one.room, safe='')}/{quote(event.event_id, safe='')}",
        datetime.fromtimestamp(event.origin_server_ts / 1000, UTC),
        kind="reply" if event.answered else "post",
        media=media,
        reply_to=event.answered,
        raw={"room": one.room},
    )
