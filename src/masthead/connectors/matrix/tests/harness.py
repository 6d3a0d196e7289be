"""The connector against a real homeserver, as the shared contract test sees it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote

from masthead.connectors.matrix import MATRIX
from masthead.connectors.matrix.messages import KEY
from masthead.connectors.matrix.operations import OPERATIONS
from masthead.connectors.matrix.tests.realsynapse import PASSWORD, running_synapse
from masthead.connectors.tests.forward import Forward
from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import Said, Troubled
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.oauth import new_key
from masthead.contract.platform import OAuthClient, Platform, Redirect
from masthead.contract.values import Account

SAID = {
    Trouble.FAIL_BEFORE: Said(500, {"errcode": "M_UNKNOWN", "error": "Internal server error"}),
    Trouble.LIMITED: Said(429, {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": 120000}),
    Trouble.TOKEN_EXPIRED: Said(
        401, {"errcode": "M_UNKNOWN_TOKEN", "error": "Access token has expired", "soft_logout": True}
    ),
    Trouble.REFUSED: Said(413, {"errcode": "M_TOO_LARGE", "error": "event too large"}),
}


class HARNESS:
    """A real Synapse behind a door that breaks answers, with one public room."""

    platform: Platform = MATRIX
    troubles = frozenset(Trouble)
    media_type = "image/png"

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._client = OAuthClient("https://masthead.example", "Masthead", new_key())
        self.options: dict[str, object] = {}

    def start(self) -> None:
        """Start server and door; skips where the server is absent."""
        serving = Serving()
        self.synapse = self._stack.enter_context(running_synapse(serving.url))
        _owner, token = self.synapse.person()
        self.owner, self.room = token, self.synapse.room(token, "Bakery")
        self.options = {"room": self.room}
        self.door = Troubled(
            Forward(self.synapse.url), lambda method, path: method == "PUT" and "/send/m.room.message/" in path, SAID
        )
        serving.start(self.door)
        self._stack.callback(serving.stop)
        self.url = serving.url

    def stop(self) -> None:
        """Stop both."""
        self._stack.close()

    def reset(self) -> None:
        """Forget pending troubles."""
        self.door.clear()

    def good(self) -> Mapping[str, str]:
        """Name and password of a fresh person who has joined the room."""
        user, token = self.synapse.person()
        self.synapse.call("POST", f"/_matrix/client/v3/join/{quote(self.room)}", {}, token)
        return {"server": self.url, "user": user, "password": PASSWORD}

    def bad(self) -> Sequence[Bad]:
        """A server that does not answer, wrong and missing secrets."""
        good = self.good()
        return (
            Bad("a host that does not answer", {**good, "server": "http://127.0.0.1:9"}, "server"),
            Bad("a wrong password", {**good, "password": "wrong"}, "password"),
            Bad("no password", {**good, "password": ""}, "password"),
            Bad("no name", {**good, "user": ""}, "user"),
            Bad("a wrong token", {"server": self.url, "access_token": "syt_wrong"}, "access_token"),
        )

    def redirect_answers(self) -> None:
        """There is no redirect."""

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        """Never asked for."""
        raise AssertionError("there is no sign-in page")

    def client(self) -> OAuthClient:
        """Not used by this platform."""
        return self._client

    async def account(self) -> Account:
        """A fresh person, signed in with the password."""
        async with Transport(allow_private=True) as transport:
            form = self.platform.connecting.form
            assert form is not None
            profile = await form.connect(self.http(transport), self.good())
        return Account(7, 3, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)

    async def dead_account(self) -> Account:
        """A person whose session was closed."""
        account = await self.account()
        async with Transport(allow_private=True) as transport:
            await self.platform.connecting.revoke(self.http(transport), account)
        return account

    def http(self, transport: Transport) -> Http:
        """A client beside the one under test."""
        return Http(transport, platform="matrix", operations=OPERATIONS, meter=Unmetered())

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Break the next answers to messages."""
        self.door.next(kind, times)

    def events(self, account: Account) -> list[dict[str, Any]]:
        """The person's own messages in the room, oldest first, past the door."""
        only = quote(json.dumps({"senders": [account.remote_id], "types": ["m.room.message"]}))
        path = f"/_matrix/client/v3/rooms/{quote(self.room)}/messages?dir=b&limit=200&filter={only}"
        return list(reversed(self.synapse.call("GET", path, token=self.owner)["chunk"]))

    async def posts(self, account: Account) -> Sequence[Stored]:
        """Segments as they lie in the room: the message with the plain key, and the files behind it."""
        told = [one for one in self.events(account) if one["content"].get(KEY)]
        news = {
            one["content"]["m.relates_to"]["event_id"]: one["content"]["m.new_content"]["body"]
            for one in self.events(account)
            if "m.new_content" in one["content"]
        }
        files = [one["content"] for one in told if "url" in one["content"]]
        return [
            Stored(
                one["event_id"],
                news.get(one["event_id"], one["content"]["body"]),
                tuple(file["body"] for file in files if file[KEY].startswith(one["content"][KEY] + "-")),
                one["content"].get("m.relates_to", {}).get("m.in_reply_to", {}).get("event_id", ""),
            )
            for one in told
            if "url" not in one["content"]
        ]

    def secrets(self, account: Account) -> Sequence[str]:
        """Tokens and password."""
        return [*(str(account.secrets[name]) for name in ("access_token", "refresh_token")), PASSWORD]
