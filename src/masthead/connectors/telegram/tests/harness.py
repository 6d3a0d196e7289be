"""What the shared contract test needs of Telegram: the double, fresh chats on it, and its troubles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from joserfc.jwk import ECKey

from masthead.connectors.telegram import telegram_platform
from masthead.connectors.telegram.tests.double import TELEGRAM, TelegramDouble
from masthead.connectors.telegram.tests.memory import Message
from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.platform import OAuthClient, Redirect
from masthead.contract.values import Account


class TelegramHarness:
    """Fulfils `Harness`. A bot's token does not run out, and no key is honoured."""

    troubles = frozenset(Trouble) - {Trouble.TOKEN_EXPIRED}
    media_type = "image/png"
    options: Mapping[str, object] = {}
    keyed = False

    def __init__(self) -> None:
        self.double = TelegramDouble()
        self.platform = telegram_platform(self.double.url)

    def start(self) -> None:
        """Start the double."""
        self.double.start()

    def stop(self) -> None:
        """Stop the double; nothing that passed it may have been other than Telegram describes."""
        self.double.stop()
        assert not TELEGRAM.wrong, TELEGRAM.wrong[:5]

    def reset(self) -> None:
        """Forget pending troubles."""
        self.double.troubled.clear()

    def good(self) -> Mapping[str, str]:
        """A fresh bot and the name of a fresh channel."""
        return {"bot_token": self.double.memory.bot(), "chat": f"@{self.double.memory.chat().username}"}

    def bad(self) -> Sequence[Bad]:
        """Answers that must be refused."""
        good, strange, mute = self.good(), self.double.memory.chat(), self.double.memory.chat()
        strange.status, mute.may_post = "left", False
        return (
            Bad("a wrong token", {**good, "bot_token": f"123456:{'x' * 35}"}, "bot_token"),
            Bad("no token", {**good, "bot_token": "secret"}, "bot_token"),
            Bad("no name", {**good, "chat": "our channel"}, "chat"),
            Bad("an unknown channel", {**good, "chat": "@nobody_here"}, "chat"),
            Bad("a channel without the bot", {**good, "chat": f"https://t.me/{strange.username}"}, "chat"),
            Bad("a channel where the bot may not post", {**good, "chat": str(mute.id)}, "chat"),
        )

    def redirect_answers(self) -> None:
        """There is no redirect sign-in."""

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        """There is no page to visit."""
        raise AssertionError("there is no redirect sign-in")

    def client(self) -> OAuthClient:
        """Masthead at a test address."""
        return OAuthClient("http://127.0.0.1:1", "Masthead", ECKey.generate_key("P-256").as_dict(private=True))

    async def account(self, chat: str = "") -> Account:
        """A connected account: a fresh bot in a fresh channel, or in the one that is named."""
        form, answers = self.platform.connecting.form, dict(self.good())
        assert form
        async with Transport(allow_private=True) as transport:
            http = Http(transport, platform="telegram", operations=self.platform.operations, meter=Unmetered())
            profile = await form.connect(http, answers | ({"chat": chat} if chat else {}))
        return Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)

    async def dead_account(self) -> Account:
        """An account whose bot's token was taken back."""
        account = await self.account()
        self.double.memory.bots.pop(account.secrets["bot_token"])
        return account

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Do this to the next messages."""
        self.double.troubled.next(kind, times)

    async def posts(self, account: Account) -> Sequence[Stored]:
        """The chat's messages, oldest first; an album is one."""
        albums: dict[str, list[Message]] = {}
        for one in self.double.memory.chats[int(account.remote_id)].messages:
            albums.setdefault(one.group or f"alone {one.id}", []).append(one)
        return [
            Stored(str(many[0].id), many[0].text, tuple("" for one in many if one.file), many[0].reply_to)
            for many in albums.values()
        ]

    def secrets(self, account: Account) -> Sequence[str]:
        """The bot's token."""
        return [str(account.secrets["bot_token"])]


HARNESS = TelegramHarness
