"""Sign-in on Discord with a bot's token and the channel it posts into."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from masthead.connectors.discord import wire
from masthead.connectors.discord.errors import RECONNECT, explain
from masthead.connectors.discord.operations import GET_CHANNEL, ME
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Http
from masthead.contract.platform import Field, FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed
from masthead.kit.words import N_ as _

BOT = Field(
    "bot_token",
    _("Bot token"),
    kind="password",
    help=_(
        "From discord.com/developers/applications: your application, Bot, Reset Token. Invite the bot to your server with "
        "View Channel, Send Messages, Attach Files and Read Message History."
    ),
)
CHANNEL = Field(
    "channel",
    _("Channel"),
    help=_("The channel's link (right click, Copy Link) or its id."),
    placeholder="https://discord.com/channels/123/456",
)
TOKEN = re.compile(r"(?:Bot\s+)?([\w.-]{20,})\Z")
PLACE = re.compile(r"(?:https?://[^/]+/channels/[^/]+/)?(\d{1,20})(?:/\d*)?/?\Z")
TALKING = frozenset({0, 2, 5, 10, 11, 12, 13})
"""Types of channels that take messages: text, voice, announcements, threads, stages."""


def headers_for(secrets: Mapping[str, object]) -> dict[str, str]:
    """The headers of a call in the bot's name."""
    return {"Accept": "application/json", "Authorization": f"Bot {secrets.get('bot_token', '')}"}


@dataclass
class DiscordForm:
    """The form sign-in."""

    server: str
    fields: Sequence[Field] = (BOT, CHANNEL)

    async def connect(self, http: Http, answers: Mapping[str, str]) -> Profile:
        """The channel as a profile. Raises Refused or NeedsReconnect with the field."""
        token, place = (
            TOKEN.match(answers.get("bot_token", "").strip()),
            PLACE.match(answers.get("channel", "").strip()),
        )
        if not token:
            raise Refused("This is not a bot's token.", field="bot_token", remedy=RECONNECT)
        if not place:
            raise Refused("This is not a channel.", field="channel", remedy="Copy the channel's link in Discord.")
        return await profile(http, self.server, {"bot_token": token[1]}, place[1])


@dataclass
class DiscordConnecting:
    """The connect part. `server` is the origin of the API and of the pages people see."""

    server: str
    form: FormSignIn | None = None
    redirect: RedirectSignIn | None = None

    def __post_init__(self) -> None:
        self.form = DiscordForm(self.server)

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask who the bot is and whether it sees the channel."""
        return await profile(http, account.server, account.secrets, account.remote_id)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """A bot's token does not run out."""
        return None

    async def revoke(self, http: Http, account: Account) -> None:
        """Discord takes no token back: only its owner can reset it."""


async def profile(http: Http, server: str, secrets: Mapping[str, object], channel_id: str) -> Profile:
    """The channel as the bot sees it; `limits` keep the bot's id and the server's, for looking up and for addresses."""
    headers = headers_for(secrets)
    bot = wire.read(wire.User, (await http.call(ME, server, headers=headers, explain=explain)).body)
    answer = await http.call(GET_CHANNEL, server, path={"channel": channel_id}, headers=headers, explain=explain)
    channel = wire.read(wire.Channel, answer.body)
    if channel.type not in TALKING:
        raise Refused(
            "This channel takes no messages.",
            field="channel",
            remedy="Choose a text or announcement channel, or a thread.",
        )
    if not channel.guild_id:
        raise NeedsReconnect("This is no channel of a server.", field="channel", remedy="Choose a server's channel.")
    picture = f"https://cdn.discordapp.com/avatars/{bot.id}/{bot.avatar}.png" if bot.avatar else ""
    return Profile(
        server=server,
        remote_id=channel.id,
        handle=f"#{channel.name or channel.id}",
        name=f"{channel.name or channel.id} ({bot.username})",
        secrets=dict(secrets),
        url=f"{server}/channels/{channel.guild_id}/{channel.id}",
        avatar_url=picture,
        limits={"bot": bot.id, "guild": channel.guild_id},
    )
