"""The connector against the real PDS, as the shared contract test sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from masthead.connectors.bluesky import BLUESKY
from masthead.connectors.bluesky.connect import BlueskyConnecting
from masthead.connectors.bluesky.publish import BlueskyPublisher
from masthead.connectors.bluesky.tests.approval import visit
from masthead.connectors.bluesky.tests.realpds import Person, RunningPds, free_ports, running_pds
from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.oauth import new_key
from masthead.contract.platform import OAuthClient, Platform, Redirect
from masthead.contract.values import Account, Profile

REDIRECT_URI = "http://127.0.0.1:8000/connect/callback/bluesky/"
PUBLIC_URL = "http://127.0.0.1:8000"
KEPT_SECRET = ("access", "refresh")


def platform_at(pds: RunningPds) -> Platform:
    """The connector with the test network's directory in place of the public one, and no video service."""
    return replace(
        BLUESKY,
        connecting=BlueskyConnecting(directory=pds.plc, video_service=""),
        publisher=BlueskyPublisher(video_service=""),
    )


def account_of(profile: Profile, channel_id: int = 1) -> Account:
    """A signed-in profile as a channel."""
    return Account(channel_id, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)


class HARNESS:
    """A real PDS behind a gate that breaks answers."""

    platform: Platform = BLUESKY
    troubles = frozenset(Trouble)
    media_type = "image/png"
    options: Mapping[str, object] = {}
    no_history = "a PDS alone has no index of the network; test_history.py and test_appview.py see to it"

    no_inbox = "a PDS alone has no index of the network; test_inbox.py and test_appview.py see to it"

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._client = OAuthClient(PUBLIC_URL, "Masthead", new_key())
        self._people: dict[str, Person] = {}

    def start(self) -> None:
        """Start the servers; skips where they are absent."""
        self.pds = self._stack.enter_context(running_pds(accounts=0))
        self.platform = platform_at(self.pds)

    def stop(self) -> None:
        """Stop them."""
        self._stack.close()

    def reset(self) -> None:
        """Forget pending troubles."""
        self.pds.gate.reset()

    def good(self) -> Mapping[str, str]:
        """Handle and app password of a fresh person."""
        person = self._person()
        return {"handle": person.handle, "password": person.app_password, "server": self.pds.url}

    def bad(self) -> Sequence[Bad]:
        """A host that does not answer, a wrong password, an unknown handle."""
        good = self.good()
        return (
            Bad("a host that does not answer", {**good, "server": f"http://127.0.0.1:{free_ports(1)[0]}"}, "server"),
            Bad("a wrong password", {**good, "password": "aaaa-bbbb-cccc-dddd"}, "password"),
            Bad("an unknown handle", {**good, "handle": "nobody-at-all.test"}, "password"),
            Bad("no handle", {**good, "handle": ""}, "handle"),
        )

    def redirect_answers(self) -> Mapping[str, str]:
        """The handle of a fresh person."""
        return {"handle": self._person().handle, "server": self.pds.url}

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        """Sign in on the PDS's own pages and allow or deny."""
        person = self._people[redirect.keep["handle"]]
        return await visit(redirect.url, person.handle, person.password, allow=allow)

    def client(self) -> OAuthClient:
        """A client on a loopback address."""
        return self._client

    async def account(self) -> Account:
        """Signed in with an app password."""
        async with Transport(allow_private=True) as transport:
            form = self.platform.connecting.form
            assert form is not None
            return account_of(await form.connect(self._http(transport), self.good()))

    async def dead_account(self) -> Account:
        """Signed in on the PDS's pages, then withdrawn there."""
        async with Transport(allow_private=True) as transport:
            account = await self.oauth_account(transport)
            await self.platform.connecting.revoke(self._http(transport), account)
            return account

    async def oauth_account(self, transport: Transport) -> Account:
        """Signed in through the whole OAuth flow."""
        http, way = self._http(transport), self.platform.connecting.redirect
        assert way is not None
        redirect = await way.start(http, self.redirect_answers(), redirect_uri=REDIRECT_URI, client=self._client)
        query = await self.visit(redirect, allow=True)
        profile = await way.finish(http, redirect.keep, query, redirect_uri=REDIRECT_URI, client=self._client)
        return account_of(profile)

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Break the next answers to requests that create a post."""
        self.pds.gate.trouble(kind, times)

    async def posts(self, account: Account) -> Sequence[Stored]:
        """What lies in the account's repository."""
        return [_stored(one["uri"], one["value"]) for one in self.pds.posts(account.remote_id)]

    def secrets(self, account: Account) -> Sequence[str]:
        """The account's tokens, its proof key and its owner's passwords."""
        person = self._people[account.handle]
        kept = [str(account.secrets[name]) for name in KEPT_SECRET]
        key = account.secrets.get("dpop_jwk")
        return [*kept, person.password, person.app_password, *([key["d"]] if key else [])]

    def _person(self) -> Person:
        person = self.pds.person()
        self._people[person.handle] = person
        return person

    def _http(self, transport: Transport) -> Http:
        return Http(transport, platform=self.platform.key, operations=self.platform.operations, meter=Unmetered())


def _stored(uri: str, value: Mapping[str, Any]) -> Stored:
    images = value.get("embed", {}).get("images", ())
    parent = value.get("reply", {}).get("parent", {}).get("uri", "")
    return Stored(uri, str(value["text"]), tuple(one["alt"] for one in images), str(parent))
