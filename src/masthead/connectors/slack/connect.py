"""Sign-in on Slack: OAuth with a choice among channels, or a bot token with the channel typed in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from masthead.connectors.slack import wire
from masthead.connectors.slack.calls import call
from masthead.connectors.slack.errors import INVITE
from masthead.connectors.slack.operations import GET_CHANNEL, GET_TOKEN, LIST_CHANNELS, SCOPES, WHO
from masthead.contract.app_connecting import AppConnecting
from masthead.contract.authorization_code import AuthorizationCode, Dialect, Tokens
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Http
from masthead.contract.platform import Field
from masthead.contract.values import Account, Profile
from masthead.kit.words import N_ as _

BOT = Field(
    "bot_token",
    _("Bot token"),
    kind="password",
    help=_("Starts with xoxb-. From your app at api.slack.com/apps: OAuth & Permissions, Install to workspace."),
)
PLACE = Field(
    "channel", _("Channel"), help=_("The channel's link (right click, Copy link) or its id."), placeholder="C0123456789"
)
TOKEN = re.compile(r"xox[be][\w.-]{10,}\Z")
CHANNEL = re.compile(r"(?:https?://[^/]+/(?:archives|client/\w+)/)?([CG][A-Z0-9]{5,})(?:[/?].*)?\Z")
MOST_PAGES = 5


@dataclass
class SlackForm:
    """The form sign-in."""

    server: str
    fields: Sequence[Field] = (BOT, PLACE)

    async def connect(self, http: Http, answers: Mapping[str, str]) -> Profile:
        """The channel as a profile. Raises Refused or NeedsReconnect with the field."""
        token, place = answers.get("bot_token", "").strip(), CHANNEL.match(answers.get("channel", "").strip())
        if not TOKEN.match(token):
            raise Refused(
                "This is not a bot's token.", field="bot_token", remedy="Copy the token that starts with xoxb-."
            )
        if not place:
            raise Refused("This is not a channel.", field="channel", remedy="Copy the channel's link in Slack.")
        return await one_profile(http, self.server, {"access_token": token}, place[1])


def connecting(server: str) -> AppConnecting:
    """The connect part. `server` is the origin of the API and of the sign-in page.

    Nothing is given back: all channels of a workspace share the bot's token. Removing the app in Slack ends it.
    """
    authorize, who = f"{server}/oauth/v2/authorize", partial(found_channels, server)
    code = AuthorizationCode(server, authorize, GET_TOKEN, SCOPES, who, Dialect(separator=",", pkce=False))
    return AppConnecting(code, profile_of, form=SlackForm(server))


async def found_channels(server: str, http: Http, tokens: Tokens) -> tuple[Profile, ...]:
    """The channels to choose among: those the bot is in, then public ones that it may join."""
    who = await asked(http, server, tokens.secrets)
    found = await channels(http, server, tokens.secrets)
    fit = [one for one in found if not one.is_archived and (one.is_member or not one.is_private)]
    if not fit:
        raise Refused("Slack shows no channel to post into.", field="channel", remedy=INVITE)
    fit.sort(key=lambda one: (not one.is_member, one.name))
    return tuple(_profile(server, tokens.secrets, who, one, tokens.expires_at) for one in fit)


async def profile_of(http: Http, account: Account) -> Profile:
    """Who the bot is, and whether it sees the channel."""
    return await one_profile(http, account.server, account.secrets, account.remote_id)


async def asked(http: Http, server: str, secrets: Mapping[str, Any]) -> wire.Who:
    """Whose token it is."""
    return wire.read(wire.Who, await call(http, WHO, server, secrets, {}))


async def channels(http: Http, server: str, secrets: Mapping[str, Any]) -> list[wire.Channel]:
    """Public channels and the private ones the bot is in; at most 1,000."""
    found, cursor = list[wire.Channel](), ""
    for _page in range(MOST_PAGES):
        sent = {"types": "public_channel,private_channel", "exclude_archived": "true", "limit": "200"}
        body = await call(http, LIST_CHANNELS, server, secrets, sent | ({"cursor": cursor} if cursor else {}))
        page = wire.read(wire.Channels, body)
        found += page.channels
        cursor = page.response_metadata.next_cursor if page.response_metadata else ""
        if not cursor:
            break
    return found


async def one_profile(http: Http, server: str, secrets: Mapping[str, Any], channel_id: str) -> Profile:
    """One channel as a profile."""
    who = await asked(http, server, secrets)
    body = await call(http, GET_CHANNEL, server, secrets, {"channel": channel_id})
    channel = wire.read(wire.One, body).channel
    if channel.is_archived or (channel.is_private and not channel.is_member):
        raise NeedsReconnect("The bot may not post into this channel.", field="channel", remedy=INVITE)
    return _profile(server, secrets, who, channel, None)


def _profile(
    server: str, secrets: Mapping[str, Any], who: wire.Who, channel: wire.Channel, expires_at: datetime | None
) -> Profile:
    return Profile(
        server=server,
        remote_id=channel.id,
        handle=f"#{channel.name or channel.id}",
        name=f"{channel.name or channel.id} ({who.team})" if who.team else channel.name or channel.id,
        secrets=dict(secrets),
        url=f"{who.url.rstrip('/')}/archives/{channel.id}",
        limits={"bot": who.user_id, "site": who.url.rstrip("/")},
        expires_at=expires_at,
    )
