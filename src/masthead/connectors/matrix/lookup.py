"""Reading our own messages of a room back, newest first, until the first try is certainly behind us."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from masthead.connectors.matrix import wire
from masthead.connectors.matrix.connect import bearer
from masthead.connectors.matrix.errors import explain
from masthead.connectors.matrix.messages import key_of
from masthead.connectors.matrix.operations import READ
from masthead.contract.http import Http
from masthead.contract.values import Account

PAGE = 100
MOST_PAGES = 20
CLOCKS_DIFFER = timedelta(minutes=15)


@dataclass(frozen=True)
class Seen:
    """Event ids by key, and whether everything since the first try was read."""

    events: Mapping[str, str]
    whole: bool


async def seen(http: Http, account: Account, room: str, since: datetime) -> Seen:
    """Our own messages in a room since that time. Raises Refused where the room cannot be read."""
    only = json.dumps({"senders": [account.remote_id], "types": ["m.room.message"]})
    query = {"dir": "b", "limit": str(PAGE), "filter": only}
    events: dict[str, str] = {}
    oldest = int((since - CLOCKS_DIFFER).timestamp() * 1000)
    for _ in range(MOST_PAGES):
        answer = await http.call(
            READ,
            account.server,
            path={"room": quote(room, safe="")},
            query=query,
            headers=bearer(account),
            explain=explain,
        )
        page = wire.read(wire.Page, answer, READ)
        events |= {key_of(one.content): one.event_id for one in page.chunk if key_of(one.content)}
        if not page.end or (page.chunk and page.chunk[-1].origin_server_ts < oldest):
            return Seen(events, whole=True)
        query["from"] = page.end
    return Seen(events, whole=False)
