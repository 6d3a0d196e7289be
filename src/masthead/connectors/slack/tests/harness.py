"""What the shared contract test needs of Slack: the double, fresh channels on it, and its troubles."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from joserfc.jwk import ECKey

from masthead.connectors.slack import slack_platform
from masthead.connectors.slack.tests.double import SLACK, SlackDouble
from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.platform import OAuthClient, Redirect
from masthead.contract.values import Account


class SlackHarness:
    """Fulfils `Harness`. Slack knows no idempotency key."""

    troubles = frozenset(Trouble)
    media_type = "image/png"
    options: Mapping[str, object] = {}
    keyed = False

    def __init__(self) -> None:
        self.double = SlackDouble()
        self.platform = slack_platform(self.double.url)

    def start(self) -> None:
        """Start the double."""
        self.double.start()

    def stop(self) -> None:
        """Stop the double; nothing that passed it may have been other than Slack describes."""
        self.double.stop()
        assert not SLACK.wrong, SLACK.wrong[:5]

    def reset(self) -> None:
        """Forget pending troubles."""
        self.double.troubled.clear()

    def good(self) -> Mapping[str, str]:
        """A fresh bot and the link of a fresh channel."""
        place = self.double.memory.channel()
        return {
            "bot_token": self.double.memory.bot()[1],
            "channel": f"https://bakery.slack.com/archives/{place.id}",
        }

    def bad(self) -> Sequence[Bad]:
        """Answers that must be refused."""
        good, private = self.good(), self.double.memory.channel(private=True)
        return (
            Bad("a wrong token", {**good, "bot_token": f"xoxb-{'x' * 40}"}, "bot_token"),
            Bad("no token", {**good, "bot_token": "secret"}, "bot_token"),
            Bad("not a channel", {**good, "channel": "#general"}, "channel"),
            Bad("an unknown channel", {**good, "channel": "C999999999"}, "channel"),
            Bad("a private channel without the bot", {**good, "channel": private.id}, "channel"),
        )

    def redirect_answers(self) -> Mapping[str, str]:
        """The developer app; there is a channel to choose."""
        self.double.memory.channel()
        client_id, client_secret = self.double.memory.app
        return {"client_id": client_id, "client_secret": client_secret}

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        """Open Slack's page, press one of its buttons, and read where it sends the browser."""
        asked = dict(parse_qsl(urlsplit(redirect.url).query))
        if not allow:
            return {"error": "access_denied", "state": asked["state"]}
        async with aiohttp.ClientSession() as browser:
            async with browser.get(redirect.url) as page:
                assert page.status == 200, await page.text()
            async with browser.get(f"{self.double.url}/allow", params=asked, allow_redirects=False) as back:
                return dict(parse_qsl(urlsplit(back.headers["Location"]).query))

    def client(self) -> OAuthClient:
        """Masthead at a test address."""
        return OAuthClient("http://127.0.0.1:1", "Masthead", ECKey.generate_key("P-256").as_dict(private=True))

    async def account(self) -> Account:
        """A connected account: a fresh bot with tokens that run out, in a fresh public channel."""
        (bot, _), place = self.double.memory.bot(), self.double.memory.channel()
        place.members.add(bot)
        told = self.double.memory.grant(bot)
        kept = dict(self.redirect_answers()) | {name: told[name] for name in ("access_token", "refresh_token")}
        async with Transport(allow_private=True) as transport:
            http = Http(transport, platform="slack", operations=self.platform.operations, meter=Unmetered())
            profile = await self.platform.connecting.verify(http, Account(1, 1, self.double.url, place.id, "", kept))
        return Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)

    async def dead_account(self) -> Account:
        """An account whose app was removed from the workspace."""
        account = await self.account()
        self.double.memory.tokens.pop(account.secrets["access_token"])
        self.double.memory.refresh.pop(account.secrets["refresh_token"])
        return account

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Do this to the next messages."""
        self.double.troubled.next(kind, times)

    async def posts(self, account: Account) -> Sequence[Stored]:
        """The channel's messages, oldest first. Threads have one level: a later part follows the one before it."""
        last: dict[str, str] = {}
        found = []
        for one in self.double.memory.channels[account.remote_id].messages:
            parent = last.get(one.thread, one.thread) if one.thread else ""
            last[one.thread or one.ts] = one.ts
            alts = tuple(file.alt for file in one.files)
            found.append(Stored(one.ts, html.unescape(one.text), alts, parent))
        return found

    def secrets(self, account: Account) -> Sequence[str]:
        """Tokens and the app's secret."""
        return [str(account.secrets[name]) for name in ("client_secret", "access_token", "refresh_token")]


HARNESS = SlackHarness
