"""What the shared contract test needs of YouTube: the double, fresh channels, and its troubles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from joserfc.jwk import ECKey

from masthead.connectors.google.youtube import youtube_platform
from masthead.connectors.google.youtube.tests.double import YouTubeDouble
from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.platform import OAuthClient, Redirect
from masthead.contract.values import Account


class YouTubeHarness:
    """Fulfils `Harness`: each account is a fresh channel. YouTube knows no idempotency key and takes no pictures alone."""

    troubles = frozenset(Trouble)
    media_type = ""
    options: Mapping[str, object] = {"title": "A film", "made_for_kids": "no"}
    keyed = False

    def __init__(self) -> None:
        self.double = YouTubeDouble()
        url = self.double.url
        self.platform = youtube_platform(url, url, url, url)

    def start(self) -> None:
        """Start the double."""
        self.double.start()

    def stop(self) -> None:
        """Stop the double; nothing that passed it may have been other than Google describes."""
        self.double.stop()
        described = self.double.troubled.app.described  # type: ignore[attr-defined] # the door in front of it
        assert not described.wrong, described.wrong[:5]

    def reset(self) -> None:
        """Forget pending troubles."""
        self.double.troubled.clear()

    def good(self) -> None:
        """There is no form sign-in."""

    def bad(self) -> Sequence[Bad]:
        """There is no form sign-in."""
        return ()

    def redirect_answers(self) -> Mapping[str, str]:
        """The developer app."""
        return dict(zip(("client_id", "client_secret"), self.double.memory.app, strict=True))

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        """Open Google's page, press one of its buttons, and read where it sends the browser."""
        asked = dict(parse_qsl(urlsplit(redirect.url).query))
        if not allow:
            return {"error": "access_denied", "state": asked["state"]}
        async with aiohttp.ClientSession() as browser:
            async with browser.get(redirect.url) as page:
                assert page.status == 200, await page.text()
            query = asked | {"channel": self.double.memory.channel()}
            async with browser.get(f"{self.double.url}/allow", params=query, allow_redirects=False) as back:
                return dict(parse_qsl(urlsplit(back.headers["Location"]).query))

    def client(self) -> OAuthClient:
        """Masthead at a test address."""
        return OAuthClient("http://127.0.0.1:1", "Masthead", ECKey.generate_key("P-256").as_dict(private=True))

    async def account(self) -> Account:
        """A connected channel."""
        told = self.double.memory.grant(self.double.memory.channel())
        kept = dict(self.redirect_answers()) | {name: told[name] for name in ("access_token", "refresh_token")}
        async with Transport(allow_private=True) as transport:
            http = Http(transport, platform="youtube", operations=self.platform.operations, meter=Unmetered())
            one = await self.platform.connecting.verify(http, Account(1, 1, self.double.url, "", "", kept))
        return Account(7, 3, one.server, one.remote_id, one.handle, one.secrets, one.limits)

    async def dead_account(self) -> Account:
        """An account whose owner took the app's access away."""
        account = await self.account()
        self.double.memory.access.pop(account.secrets["access_token"])
        self.double.memory.refresh.pop(account.secrets["refresh_token"])
        return account

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Do this to the next parts of videos; in these tests the first part is the last."""
        self.double.troubled.next(kind, times)

    async def posts(self, account: Account) -> Sequence[Stored]:
        """The channel's videos, oldest first."""
        return [Stored(one.id, one.snippet["description"]) for one in self.double.memory.of(account.remote_id)]

    def secrets(self, account: Account) -> Sequence[str]:
        """Tokens and the app's secret."""
        return [str(account.secrets[name]) for name in ("client_secret", "access_token", "refresh_token")]


HARNESS = YouTubeHarness
