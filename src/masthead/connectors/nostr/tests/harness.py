"""The connector against a real relay, as the shared contract test sees it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import aiohttp

from masthead.connectors.nostr import NOSTR
from masthead.connectors.nostr.keys import encoded, public_of
from masthead.connectors.nostr.operations import OPERATIONS
from masthead.connectors.nostr.tests.gate import Gate
from masthead.connectors.nostr.tests.realrelay import running_relay
from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.oauth import new_key
from masthead.contract.platform import OAuthClient, Platform, Redirect
from masthead.contract.values import Account


class HARNESS:
    """A real relay behind a gate that breaks answers. A key never runs out, so there is no expired token."""

    platform: Platform = NOSTR
    troubles = frozenset(Trouble) - {Trouble.TOKEN_EXPIRED}
    media_type = "image/png"
    options: Mapping[str, object] = {}
    beat = 1.0

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._client = OAuthClient("https://masthead.example", "Masthead", new_key())

    def start(self) -> None:
        """Start relay and gate; skips where the relay is absent."""
        self.relay = self._stack.enter_context(running_relay())
        self.gate = Gate(self.relay)
        self.gate.start()
        self._stack.callback(self.gate.stop)

    def stop(self) -> None:
        """Stop both."""
        self._stack.close()

    def reset(self) -> None:
        """Forget pending troubles."""
        self.gate.reset()

    def good(self) -> Mapping[str, str]:
        """A fresh key, the relay, and the media server beside it."""
        relay = self.gate.url.replace("http", "ws")
        return {"key": encoded("nsec", secrets.token_hex(32)), "relays": relay, "media_server": self.gate.url}

    def bad(self) -> Sequence[Bad]:
        """A relay that does not answer, none at all, and what is no key."""
        good = self.good()
        return (
            Bad("a relay that does not answer", {**good, "relays": "ws://127.0.0.1:9"}, "relays"),
            Bad("no relay", {**good, "relays": " "}, "relays"),
            Bad("a key with a slip of the pen", {**good, "key": good["key"][:-1] + "b"}, "key"),
            Bad("a public key", {**good, "key": encoded("npub", secrets.token_hex(32))}, "key"),
            Bad("a media server that is no address", {**good, "media_server": "ftp://files"}, "media_server"),
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
        """A fresh person."""
        async with Transport(allow_private=True) as transport:
            http = Http(transport, platform="nostr", operations=OPERATIONS, meter=Unmetered())
            form = self.platform.connecting.form
            assert form is not None
            profile = await form.connect(http, self.good())
        return Account(7, 3, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)

    async def dead_account(self) -> Account:
        """A person whose key the relay has banned since."""
        account = await self.account()
        self.gate.banned.add(account.remote_id)
        return account

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Break the next answers to notes."""
        self.gate.pending.extend([kind] * times)

    async def posts(self, account: Account) -> Sequence[Stored]:
        """The notes that lie on the relay itself."""
        wanted = {"kinds": [1], "authors": [account.remote_id]}
        found = [frame[2] for frame in await asked(self.relay, wanted) if frame[0] == "EVENT"]
        return [_stored(one) for one in sorted(found, key=lambda one: one["created_at"])]

    def secrets(self, account: Account) -> Sequence[str]:
        """The key, in both its forms."""
        key = str(account.secrets["key"])
        assert public_of(key) == account.remote_id
        return [key, encoded("nsec", key)]


async def asked(port: int, wanted: Mapping[str, Any]) -> list[Any]:
    """The frames of one question, past the gate."""
    frames: list[Any] = []
    async with aiohttp.ClientSession() as session, session.ws_connect(f"http://127.0.0.1:{port}") as socket:
        await socket.send_json(["REQ", "test", dict(wanted)])
        while not frames or frames[-1][0] not in ("EOSE", "CLOSED"):
            frames.append(json.loads(await socket.receive_str(timeout=10)))
    return frames


def _stored(event: Mapping[str, Any]) -> Stored:
    files = [dict(part.split(" ", 1) for part in tag[1:]) for tag in event["tags"] if tag[0] == "imeta"]
    text = event["content"]
    for one in files:
        text = text.replace(one["url"], "")
    marks = {tag[3]: tag[1] for tag in event["tags"] if tag[0] == "e"}
    alts = tuple(one.get("alt", "") for one in files)
    return Stored(event["id"], text.rstrip("\n"), alts, marks.get("reply") or marks.get("root", ""))
