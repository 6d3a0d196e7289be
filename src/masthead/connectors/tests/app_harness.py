"""What harnesses of platforms with a developer app share: the visit to the sign-in page, accounts, troubles, secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from joserfc.jwk import ECKey

from masthead.connectors.tests.app_memory import AppMemory
from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.connectors.tests.troubles import Troubled
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.platform import OAuthClient, Platform, Redirect
from masthead.contract.values import Account


class AppDouble(Protocol):
    """A running double. Its /allow is what the button of the sign-in page does, for the account `person`."""

    url: str
    troubled: Troubled

    @property
    def memory(self) -> AppMemory:
        """People and tokens."""
        ...

    def start(self) -> object:
        """Listen."""
        ...

    def stop(self) -> None:
        """Stop listening."""
        ...

    def stored(self, who: str) -> Sequence[Stored]:
        """The posts of an account, oldest first."""
        ...


class AppHarness:
    """Fulfils `Harness` but for `platform`, `media_type` and what else is special; the platform honours no key."""

    platform: Platform
    troubles = frozenset(Trouble)
    media_type = "image/png"
    options: Mapping[str, object] = {}
    keyed = False

    def __init__(self, running: AppDouble) -> None:
        self.running = running

    def start(self) -> None:
        """Start the double."""
        self.running.start()

    def stop(self) -> None:
        """Stop the double."""
        self.running.stop()

    def reset(self) -> None:
        """Forget pending troubles."""
        self.running.troubled.clear()

    def good(self) -> None:
        """There is no form sign-in."""

    def bad(self) -> Sequence[Bad]:
        """There is no form sign-in."""
        return ()

    def redirect_answers(self) -> Mapping[str, str]:
        """The developer app."""
        client_id, client_secret = self.running.memory.app
        return {"client_id": client_id, "client_secret": client_secret}

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        """Open the platform's page, press one of its buttons, and read where it sends the browser."""
        asked = dict(parse_qsl(urlsplit(redirect.url).query))
        if not allow:
            return {"error": "access_denied", "state": asked["state"]}
        async with aiohttp.ClientSession() as browser:
            async with browser.get(redirect.url) as page:
                assert page.status == 200, await page.text()
            query = asked | {"person": self.running.memory.person().id}
            async with browser.get(f"{self.running.url}/allow", params=query, allow_redirects=False) as back:
                return dict(parse_qsl(urlsplit(back.headers["Location"]).query))

    def client(self) -> OAuthClient:
        """Masthead at a test address."""
        return OAuthClient("http://127.0.0.1:1", "Masthead", ECKey.generate_key("P-256").as_dict(private=True))

    async def account(self) -> Account:
        """A connected account of a fresh profile."""
        tokens = self.running.memory.tokens(self.running.memory.person().id)
        kept = dict(self.redirect_answers()) | tokens
        async with Transport(allow_private=True) as transport:
            http = Http(transport, platform=self.platform.key, operations=self.platform.operations, meter=Unmetered())
            profile = await self.platform.connecting.verify(http, Account(1, 1, self.running.url, "", "", kept))
        return Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)

    async def dead_account(self) -> Account:
        """An account whose person took the app's access away."""
        account = await self.account()
        self.running.memory.end(account.remote_id)
        return account

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Do this to the next posts."""
        self.running.troubled.next(kind, times)

    async def posts(self, account: Account) -> Sequence[Stored]:
        """The account's posts, oldest first."""
        return self.running.stored(account.remote_id)

    def secrets(self, account: Account) -> Sequence[str]:
        """Tokens and the app's secret."""
        return [str(account.secrets[name]) for name in ("client_secret", "access_token", "refresh_token")]
