"""What the shared contract test needs of Mastodon: the double, fresh accounts on it, and its troubles."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from joserfc.jwk import ECKey

from masthead.connectors.mastodon import MASTODON
from masthead.connectors.mastodon.operations import OPERATIONS
from masthead.connectors.mastodon.tests.double import MastodonDouble
from masthead.connectors.mastodon.tests.rules import Status
from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.inbox import Kind
from masthead.contract.platform import OAuthClient, Redirect
from masthead.contract.values import Account

FAULTS: Mapping[Trouble, tuple[str, Mapping[str, object]]] = {
    Trouble.FAIL_BEFORE: ("500_before", {}),
    Trouble.FAIL_AFTER: ("store_then_500", {}),
    Trouble.CLOSE_AFTER: ("store_then_close", {}),
    Trouble.CUT_SHORT: ("truncated", {}),
    Trouble.HANG_AFTER: ("store_then_hang", {"seconds": 60}),
    Trouble.HELD: ("held", {"seconds": 1.5}),
    Trouble.LIMITED: ("429", {"retry_after": 120}),
    Trouble.TOKEN_EXPIRED: ("token_expired", {}),
    Trouble.REFUSED: ("refuse", {}),
}


class MastodonHarness:
    """Fulfils `Harness`. Accounts have a refresh token, as on the relatives that let tokens run out."""

    platform = MASTODON
    troubles = frozenset(FAULTS)
    media_type = "image/png"
    options: Mapping[str, object] = {}

    def start(self) -> None:
        """Start the double."""
        self.double = MastodonDouble().start()
        app = {"name": "Masthead", "redirect_uri": "http://127.0.0.1:1/back", "scopes": "read write"}
        self.app = app | {"client_id": secrets.token_urlsafe(16), "client_secret": secrets.token_urlsafe(16)}
        self.double.memory.apps[self.app["client_id"]] = self.app

    def stop(self) -> None:
        """Stop the double."""
        self.double.stop()

    def reset(self) -> None:
        """Forget pending faults."""
        self.double.faults.clear()

    def good(self) -> Mapping[str, str]:
        """Server and token of a fresh profile."""
        return {"server": self.double.url, "access_token": self.double.fresh().value}

    def bad(self) -> Sequence[Bad]:
        """A host that does not answer, a senseless one, and a wrong token."""
        token = self.double.token
        return (
            Bad("a server that does not answer", {"server": "http://127.0.0.1:9", "access_token": token}, "server"),
            Bad("no server at all", {"server": "not a server", "access_token": token}, "server"),
            Bad("a wrong token", {"server": self.double.url, "access_token": "wrong"}, "access_token"),
        )

    def redirect_answers(self) -> Mapping[str, str]:
        """The server's address."""
        return {"server": self.double.url}

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        """Open the server's page, answer its form, and read where it sends the browser."""
        async with aiohttp.ClientSession() as browser:
            async with browser.get(redirect.url) as page:
                assert page.status == 200, await page.text()
            answer = dict(parse_qsl(urlsplit(redirect.url).query)) | {"account": self.double.fresh().account_id}
            form = answer | ({"allow": "1"} if allow else {})
            async with browser.post(f"{self.double.url}/oauth/authorize", data=form, allow_redirects=False) as back:
                return dict(parse_qsl(urlsplit(back.headers["Location"]).query))

    def client(self) -> OAuthClient:
        """Masthead at a test address."""
        return OAuthClient("http://127.0.0.1:1", "Masthead", ECKey.generate_key("P-256").as_dict(private=True))

    async def account(self) -> Account:
        """A connected account of a fresh profile, with a token that can be renewed."""
        token = self.double.fresh(refresh=True)
        kept = {name: self.app[name] for name in ("client_id", "client_secret")}
        return await self._connected(kept | {"access_token": token.value, "refresh_token": token.refresh})

    async def dead_account(self) -> Account:
        """An account whose token was revoked on the server."""
        account = await self.account()
        self.double.revoke(account.secrets["access_token"])
        return account

    async def _connected(self, kept: Mapping[str, str]) -> Account:
        bare = Account(1, 1, self.double.url, "", "", kept)
        async with Transport(allow_private=True) as transport:
            http = Http(transport, platform=MASTODON.key, operations=OPERATIONS, meter=Unmetered())
            profile = await MASTODON.connecting.verify(http, bare)
        return Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Do this to the next statuses."""
        fault, details = FAULTS[kind]
        self.double.fail_next(fault, operation="post_status", times=times, **details)

    async def posts(self, account: Account) -> Sequence[Stored]:
        """The account's statuses, oldest first."""
        return [_stored(one) for one in self.double.statuses if one.account_id == account.remote_id]

    async def receive(self, account: Account, kind: Kind, text: str, about: str = "") -> str:
        """A fresh profile names the account in a status."""
        name = self.double.memory.accounts[account.remote_id]
        seen = "direct" if kind is Kind.DIRECT else "public"
        body = {"status": f"@{name} {text}", "visibility": seen, "in_reply_to_id": about}
        made = self.double.memory.post(self.double.fresh(), body, "")
        assert isinstance(made, Status)
        return made.id

    async def told(self, account: Account, kind: Kind) -> Sequence[Stored]:
        """The account's direct statuses, else the others."""
        mine = [one for one in self.double.statuses if one.account_id == account.remote_id]
        return [_stored(one) for one in mine if (one.visibility == "direct") is (kind is Kind.DIRECT)]

    def secrets(self, account: Account) -> Sequence[str]:
        """Tokens and the app's secret."""
        return [str(value) for name, value in account.secrets.items() if name != "client_id"]


def _stored(status: Status) -> Stored:
    return Stored(status.id, status.text, tuple(one.alt for one in status.media), status.reply_to)


HARNESS = MastodonHarness
