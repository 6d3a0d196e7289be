"""What the shared contract test needs of X: the double, fresh accounts on it, and its troubles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from joserfc.jwk import ECKey

from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.connectors.x import x_platform
from masthead.connectors.x.tests.double import XDouble
from masthead.connectors.x.tests.memory import Post
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.inbox import Kind
from masthead.contract.platform import OAuthClient, Redirect
from masthead.contract.values import Account


class XHarness:
    """Fulfils `Harness`. X knows no idempotency key."""

    troubles = frozenset(Trouble)
    media_type = "image/png"
    options: Mapping[str, object] = {}
    keyed = False

    def __init__(self, double: XDouble | None = None) -> None:
        self.double = double or XDouble()
        self.platform = x_platform(self.double.url, self.double.url)

    def start(self) -> None:
        """Start the double."""
        self.double.start()

    def stop(self) -> None:
        """Stop the double; nothing that passed it may have been other than X describes."""
        self.double.stop()
        assert not self.double.described.wrong, self.double.described.wrong[:5]

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
        client_id, client_secret = self.double.memory.app
        return {"client_id": client_id, "client_secret": client_secret, "plan": "ppu"}

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        """Open X's page, press one of its buttons, and read where it sends the browser."""
        asked = dict(parse_qsl(urlsplit(redirect.url).query))
        if not allow:
            return {"error": "access_denied", "state": asked["state"]}
        async with aiohttp.ClientSession() as browser:
            async with browser.get(redirect.url) as page:
                assert page.status == 200, await page.text()
            query = asked | {"person": self.double.memory.person().id}
            async with browser.get(f"{self.double.url}/allow", params=query, allow_redirects=False) as back:
                return dict(parse_qsl(urlsplit(back.headers["Location"]).query))

    def client(self) -> OAuthClient:
        """Masthead at a test address."""
        return OAuthClient("http://127.0.0.1:1", "Masthead", ECKey.generate_key("P-256").as_dict(private=True))

    async def account(self, subscription: str = "None") -> Account:
        """A connected account of a fresh profile."""
        tokens = self.double.memory.tokens(self.double.memory.person(subscription).id)
        kept = dict(self.redirect_answers()) | {name: tokens[name] for name in ("access_token", "refresh_token")}
        async with Transport(allow_private=True) as transport:
            http = Http(transport, platform="x", operations=self.platform.operations, meter=Unmetered())
            profile = await self.platform.connecting.verify(http, Account(1, 1, self.double.url, "", "", kept))
        return Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)

    async def dead_account(self) -> Account:
        """An account whose person took the app's access away."""
        account = await self.account()
        self.double.memory.access.pop(account.secrets["access_token"])
        self.double.memory.refresh.pop(account.secrets["refresh_token"])
        return account

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Do this to the next posts."""
        self.double.troubled.next(kind, times)

    async def posts(self, account: Account) -> Sequence[Stored]:
        """The account's posts, oldest first."""
        mine = [one for one in self.double.memory.posts if one.owner == account.remote_id]
        return [Stored(one.id, one.text, tuple(file.alt for file in one.media), one.reply_to) for one in mine]

    async def receive(self, account: Account, kind: Kind, text: str, about: str = "") -> str:
        """A fresh person writes; an answer on X names whom it answers."""
        memory = self.double.memory
        other, named = memory.person(), memory.people[account.remote_id].name
        if kind is Kind.DIRECT:
            return memory.message(other.id, account.remote_id, text).id
        post = Post(memory.new_id(), other.id, f"@{named} {text}", memory.clock.now(), about)
        memory.posts.append(post)
        return post.id

    async def told(self, account: Account, kind: Kind) -> Sequence[Stored]:
        """The account's direct messages, else its posts."""
        if kind is not Kind.DIRECT:
            return await self.posts(account)
        return [Stored(one.id, one.text) for one in self.double.memory.directs if one.sender == account.remote_id]

    def secrets(self, account: Account) -> Sequence[str]:
        """Tokens and the app's secret."""
        return [str(account.secrets[name]) for name in ("client_secret", "access_token", "refresh_token")]


HARNESS = XHarness
