"""What the shared contract test needs of LinkedIn: the double, Pages of fresh members, and its troubles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from joserfc.jwk import ECKey

from masthead.connectors.linkedin import linkedin_platform
from masthead.connectors.linkedin.plans import DEVELOPMENT, SCOPES
from masthead.connectors.linkedin.tests.double import LinkedInDouble
from masthead.connectors.linkedin.upload import Uploading
from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.platform import OAuthClient, Redirect
from masthead.contract.values import Account, Profile


class LinkedInHarness:
    """Fulfils `Harness`: each account is the Page of a fresh member. LinkedIn knows no idempotency key."""

    troubles = frozenset(Trouble)
    media_type = "image/png"
    options: Mapping[str, object] = {}
    keyed = False

    def __init__(self) -> None:
        self.double = LinkedInDouble()
        self.platform = linkedin_platform(self.double.url, self.double.url, Uploading(pause=0.01))

    def start(self) -> None:
        """Start the double."""
        self.double.start()

    def stop(self) -> None:
        """Stop the double and say how much it checked."""
        self.double.stop()
        print(f"LinkedIn: {self.double.checked} requests held against the rules of its pages")

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
        return {"client_id": client_id, "client_secret": client_secret, "plan": DEVELOPMENT}

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        """Open LinkedIn's page, press one of its buttons, and read where it sends the browser."""
        asked = dict(parse_qsl(urlsplit(redirect.url).query))
        if not allow:
            return {"error": "user_cancelled_authorize", "state": asked["state"]}
        async with aiohttp.ClientSession() as browser:
            async with browser.get(redirect.url, allow_redirects=False) as page:
                if page.status == 302:
                    return dict(parse_qsl(urlsplit(page.headers["Location"]).query))
                assert page.status == 200, await page.text()
            query = asked | {"member": self.double.memory.person()}
            async with browser.get(f"{self.double.url}/oauth/v2/allow", params=query, allow_redirects=False) as back:
                return dict(parse_qsl(urlsplit(back.headers["Location"]).query))

    def client(self) -> OAuthClient:
        """Masthead at a test address."""
        return OAuthClient("http://127.0.0.1:1", "Masthead", ECKey.generate_key("P-256").as_dict(private=True))

    def kept(self, plan: str) -> dict[str, str]:
        """The secrets of a fresh member under a plan."""
        told = self.double.memory.grant(self.double.memory.person(), SCOPES[plan])
        names = ("access_token", "refresh_token")
        return dict(self.redirect_answers()) | {"plan": plan} | {one: told[one] for one in names if one in told}

    async def account(self, plan: str = DEVELOPMENT, *, member: bool = False) -> Account:
        """A connected Page, or the member's own profile."""
        kept = self.kept(plan)
        who = self.double.memory.tokens[kept["access_token"]].member
        page = next(one for one, owner in self.double.memory.pages.items() if owner == who)
        urn = f"urn:li:person:{who}" if member else f"urn:li:organization:{page}"
        async with Transport(allow_private=True) as transport:
            http = Http(transport, platform="linkedin", operations=self.platform.operations, meter=Unmetered())
            found = await self.platform.connecting.verify(http, Account(1, 1, self.double.url, urn, "", kept))
        return connected(found)

    async def dead_account(self) -> Account:
        """An account whose member took the app's access away."""
        account = await self.account()
        self.double.memory.tokens.pop(account.secrets["access_token"])
        self.double.memory.refresh.pop(account.secrets["refresh_token"])
        return account

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Do this to the next posts."""
        self.double.troubled.next(kind, times)

    async def posts(self, account: Account) -> Sequence[Stored]:
        """The account's posts, oldest first."""
        return [Stored(one.urn, one.text, alts(one.body)) for one in self.double.memory.of(account.remote_id)]

    def secrets(self, account: Account) -> Sequence[str]:
        """Tokens and the app's secret."""
        return [str(account.secrets[name]) for name in ("client_secret", "access_token", "refresh_token")]


def connected(profile: Profile) -> Account:
    """A profile as a channel."""
    return Account(7, 3, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)


def alts(body: Mapping[str, object]) -> tuple[str, ...]:
    """The descriptions in a post."""
    content = body.get("content")
    shown = content if isinstance(content, dict) else {}
    several = shown.get("multiImage", {}).get("images", [])
    return tuple(one.get("altText", "") for one in several or ([shown["media"]] if "media" in shown else []))


HARNESS = LinkedInHarness
