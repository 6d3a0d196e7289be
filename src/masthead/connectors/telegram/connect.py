"""Sign-in on Telegram with a bot's token and the channel or group it posts into."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from masthead.connectors.telegram import wire
from masthead.connectors.telegram.errors import ADMIT, CHAT, TOKEN, explain
from masthead.connectors.telegram.operations import GET_CHAT, GET_ME, GET_MEMBER
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Answer, Http
from masthead.contract.operations import Operation
from masthead.contract.platform import Field, FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed
from masthead.kit.words import N_ as _

BOT = Field(
    "bot_token",
    _("Bot token"),
    kind="password",
    help=_("From @BotFather in Telegram: /newbot, or /token for a bot you have."),
)
PLACE = Field(
    "chat",
    _("Channel or group"),
    help=_("Its @name or link, or its number (-100...). The bot must be an administrator there."),
    placeholder="@yourchannel",
)
TOKEN_FORM = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{30,}\Z")
NUMBER = re.compile(r"-?\d{1,20}\Z")
PRIVATE_LINK = re.compile(r"(?:https?://)?t\.me/c/(\d{1,19})(?:/.*)?\Z")
NAME = re.compile(r"(?:@|(?:https?://)?(?:t\.me|telegram\.me)/)?([A-Za-z]\w{3,31})(?:/.*)?\Z")


async def call(http: Http, operation: Operation, server: str, secrets: Mapping[str, Any], **sent: Any) -> Answer:
    """One call in the bot's name. `json` or `data` as `Http.call` takes them."""
    path = {"token": str(secrets.get("bot_token", ""))}
    return await http.call(operation, server, path=path, explain=explain, **(sent or {"json": {}}))


def chat_in(typed: str) -> str:
    """The chat in what a person typed: a number, or a name with an @. Raises Refused(field="chat")."""
    text = typed.strip()
    if NUMBER.match(text):
        return text
    if private := PRIVATE_LINK.match(text):
        return f"-100{private[1]}"
    if named := NAME.match(text):
        return f"@{named[1]}"
    raise Refused("This is not the name of a channel or group.", field="chat", remedy=CHAT)


@dataclass
class TelegramForm:
    """The form sign-in."""

    server: str
    fields: Sequence[Field] = (BOT, PLACE)

    async def connect(self, http: Http, answers: Mapping[str, str]) -> Profile:
        """The channel or group as a profile. Raises Refused or NeedsReconnect with the field."""
        token = answers.get("bot_token", "").strip()
        if not TOKEN_FORM.match(token):
            raise Refused("This is not a bot's token.", field="bot_token", remedy=TOKEN)
        return await profile(http, self.server, {"bot_token": token}, chat_in(answers.get("chat", "")))


@dataclass
class TelegramConnecting:
    """The connect part. `server` is the origin of the Bot API."""

    server: str
    form: FormSignIn | None = None
    redirect: RedirectSignIn | None = None

    def __post_init__(self) -> None:
        self.form = TelegramForm(self.server)

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask who the bot is and whether it may still post in the chat."""
        return await profile(http, account.server, account.secrets, account.remote_id)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """A bot's token does not run out."""
        return None

    async def revoke(self, http: Http, account: Account) -> None:
        """Only @BotFather takes a token back."""


async def profile(http: Http, server: str, secrets: Mapping[str, Any], chat: str) -> Profile:
    """The chat as the bot sees it, if the bot may post there."""
    bot = wire.result_of(wire.User, (await call(http, GET_ME, server, secrets)).body)
    found = wire.result_of(wire.Chat, (await call(http, GET_CHAT, server, secrets, json={"chat_id": chat})).body)
    asked = {"chat_id": found.id, "user_id": bot.id}
    member = wire.result_of(wire.Member, (await call(http, GET_MEMBER, server, secrets, json=asked)).body)
    silent = found.type == "channel" and member.can_post_messages is False
    if member.status not in ("administrator", "creator") or silent:
        raise NeedsReconnect("The bot may not post there.", field="chat", remedy=ADMIT)
    return Profile(
        server=server,
        remote_id=str(found.id),
        handle=f"@{found.username}" if found.username else found.title or str(found.id),
        name=found.title or found.username or str(found.id),
        secrets=dict(secrets),
        url=f"https://t.me/{found.username}" if found.username else "",
        limits={"username": found.username},
    )
