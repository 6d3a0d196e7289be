"""What the shared contract test needs of Discord: the double, fresh channels on it, and its troubles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from joserfc.jwk import ECKey

from masthead.connectors.discord import discord_platform
from masthead.connectors.discord.tests.double import DISCORD, DiscordDouble
from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.platform import OAuthClient, Redirect
from masthead.contract.values import Account


class DiscordHarness:
    """Fulfils `Harness`. A bot's token does not run out."""

    troubles = frozenset(Trouble) - {Trouble.TOKEN_EXPIRED}
    media_type = "image/png"
    options: Mapping[str, object] = {}

    def __init__(self) -> None:
        self.double = DiscordDouble()
        self.platform = discord_platform(self.double.url)

    def start(self) -> None:
        """Start the double."""
        self.double.start()

    def stop(self) -> None:
        """Stop the double; nothing that passed it may have been other than Discord describes."""
        self.double.stop()
        assert not DISCORD.wrong, DISCORD.wrong[:5]

    def reset(self) -> None:
        """Forget pending troubles."""
        self.double.troubled.clear()

    def good(self) -> Mapping[str, str]:
        """A fresh bot and the link of a fresh channel."""
        token, _ = self.double.memory.bot()
        place = self.double.memory.channel()
        return {"bot_token": token, "channel": f"https://discord.com/channels/{place.guild}/{place.id}"}

    def bad(self) -> Sequence[Bad]:
        """Answers that must be refused."""
        good, forum = self.good(), self.double.memory.channel(15)
        return (
            Bad("a wrong token", {**good, "bot_token": "x" * 60}, "bot_token"),
            Bad("no token", {**good, "bot_token": "secret"}, "bot_token"),
            Bad("not a channel", {**good, "channel": "#general"}, "channel"),
            Bad("an unknown channel", {**good, "channel": "12345"}, "channel"),
            Bad("a forum", {**good, "channel": forum.id}, "channel"),
        )

    def redirect_answers(self) -> None:
        """There is no redirect sign-in."""

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        """There is no page to visit."""
        raise AssertionError("there is no redirect sign-in")

    def client(self) -> OAuthClient:
        """Masthead at a test address."""
        return OAuthClient("http://127.0.0.1:1", "Masthead", ECKey.generate_key("P-256").as_dict(private=True))

    async def account(self) -> Account:
        """A connected account: a fresh bot in a fresh channel."""
        form = self.platform.connecting.form
        assert form
        async with Transport(allow_private=True) as transport:
            http = Http(transport, platform="discord", operations=self.platform.operations, meter=Unmetered())
            profile = await form.connect(http, self.good())
        return Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)

    async def dead_account(self) -> Account:
        """An account whose bot's token was reset."""
        account = await self.account()
        self.double.memory.bots.pop(account.secrets["bot_token"])
        return account

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Do this to the next messages."""
        self.double.troubled.next(kind, times)

    async def posts(self, account: Account) -> Sequence[Stored]:
        """The channel's messages, oldest first."""
        place = self.double.memory.channels[account.remote_id]
        return [Stored(one.id, one.text, tuple(file[2] for file in one.files), one.reply_to) for one in place.messages]

    def secrets(self, account: Account) -> Sequence[str]:
        """The bot's token."""
        return [str(account.secrets["bot_token"])]


HARNESS = DiscordHarness
