"""What the harnesses of the family share: the double, apps, people, and going through a sign-in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from joserfc.jwk import ECKey

from masthead.connectors.meta.tests import threads_rules
from masthead.connectors.meta.tests.double import DESCRIBED, GraphDouble
from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.platform import OAuthClient, Platform, Redirect
from masthead.contract.values import Account, Profile


class Lending(ABC):
    """The parts of `Harness` that are the same for the family. `keyed`: Meta honours no idempotency key."""

    platform: Platform
    troubles = frozenset(Trouble)
    media_type = "image/jpeg"
    options: Mapping[str, object] = {}
    keyed = False

    def start(self) -> None:
        """Start the double."""
        self.double = GraphDouble().start()
        self.app = self.double.memory.app()
        self.platform = self.made(self.double.url)

    @abstractmethod
    def made(self, url: str) -> Platform:
        """The platform, pointing at the double."""

    def stop(self) -> None:
        """Stop the double; nothing that passed it may have been other than Meta describes."""
        self.double.stop()
        assert not DESCRIBED.wrong, DESCRIBED.wrong[:5]
        assert not threads_rules.WRONG, threads_rules.WRONG[:5]

    def reset(self) -> None:
        """Forget pending troubles."""
        self.double.troubled.clear()

    def good(self) -> Mapping[str, str] | None:
        """There is no form sign-in."""
        return None

    def bad(self) -> Sequence[Bad]:
        """There is no form sign-in."""
        return ()

    def redirect_answers(self) -> Mapping[str, str]:
        """The developer app."""
        return self.app

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        """Open the platform's page and click; the query that comes back."""
        more = f"&allow={self.person()}" if allow else ""
        async with (
            aiohttp.ClientSession() as browser,
            browser.get(redirect.url + more, allow_redirects=False) as answer,
        ):
            assert answer.status == 302, await answer.text()
            return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    @abstractmethod
    def person(self) -> str:
        """A fresh person with something to publish on."""

    def client(self) -> OAuthClient:
        """Masthead at a test address."""
        return OAuthClient("http://127.0.0.1:1", "Masthead", ECKey.generate_key("P-256").as_dict(private=True))

    def http(self, transport: Transport) -> Http:
        """A client of the platform."""
        return Http(transport, platform=self.platform.key, operations=self.platform.operations, meter=Unmetered())

    async def profiles(self) -> tuple[Profile, ...]:
        """What a fresh person's whole sign-in gives."""
        way, client = self.platform.connecting.redirect, self.client()
        assert way
        back = f"{client.public_url}/connect/callback/{self.platform.key}/"
        async with Transport(allow_private=True) as transport:
            http = self.http(transport)
            sent = await way.start(http, self.app, redirect_uri=back, client=client)
            query = await self.visit(sent, allow=True)
            found = await way.finish(http, sent.keep, query, redirect_uri=back, client=client)
        return found if isinstance(found, tuple) else (found,)

    async def account(self) -> Account:
        """The first profile of a fresh person's sign-in, connected."""
        one = (await self.profiles())[0]
        return Account(1, 1, one.server, one.remote_id, one.handle, one.secrets, one.limits)

    async def dead_account(self) -> Account:
        """An account whose owner changed the password."""
        account = await self.account()
        self.double.memory.kill(self.double.memory.tokens[account.secrets["access_token"]].user)
        return account

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Do this to the next requests that make a post."""
        self.double.troubled.next(kind, times)

    async def posts(self, account: Account) -> Sequence[Stored]:
        """What lies on the platform, oldest first."""
        return [
            Stored(one.id, one.text, tuple(alt for _, alt, _ in one.media), one.reply_to)
            for one in self.double.memory.of(account.remote_id)
        ]

    def secrets(self, account: Account) -> Sequence[str]:
        """Tokens and the app's secret."""
        named = ("access_token", "user_token", "client_secret")
        return [str(account.secrets[name]) for name in named if account.secrets.get(name)]
