"""Sign-in on any Misskey server with an access token made in its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from masthead.connectors.misskey import wire
from masthead.connectors.misskey.errors import RECONNECT, explain_server
from masthead.connectors.misskey.operations import ME, META
from masthead.contract.errors import ConnectorError, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.origins import origin_of
from masthead.contract.platform import Field, FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed
from masthead.kit.words import N_ as _

SERVER = Field(
    "server", _("Server"), help=_("The part after the last @ of your full name there."), placeholder="misskey.io"
)
TOKEN = Field(
    "access_token",
    _("Access token"),
    kind="password",
    help=_("From the server's settings: API, Generate access token. It needs read:account, write:drive, write:notes."),
)
MIB = 1024 * 1024


def signed(account: Account, **more: Any) -> dict[str, Any]:
    """The JSON body of a call in the account's name: Misskey takes the token there, on every version."""
    return {"i": str(account.secrets.get("access_token", "")), **more}


@dataclass
class TokenForm:
    """The form sign-in."""

    fields: Sequence[Field] = (SERVER, TOKEN)

    async def connect(self, http: Http, answers: Mapping[str, str]) -> Profile:
        """The profile behind server and token. Raises Refused or NeedsReconnect with the field."""
        server = origin_of(
            answers.get("server", ""), allow_http=http.transport.allow_private, example=SERVER.placeholder
        )
        token = answers.get("access_token", "").strip()
        if not token or not token.isprintable() or not token.isascii():
            raise Refused("This is not an access token.", field="access_token", remedy=RECONNECT)
        try:
            return await _profile(http, Account(0, 0, server, "", "", {"access_token": token}))
        except TryAgain as error:
            raise Refused(
                f"The server does not answer: {error.message}",
                field="server",
                remedy="Check the address, or try again later.",
                status=error.status,
            ) from None


@dataclass
class MisskeyConnecting:
    """The connect part."""

    form: FormSignIn | None = field(default_factory=TokenForm)
    redirect: RedirectSignIn | None = None

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask who we are and what the server allows. NeedsReconnect where the token is dead."""
        return await _profile(http, account)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """Access tokens do not run out."""
        return None

    async def revoke(self, http: Http, account: Account) -> None:
        """Only the person can delete an access token, in the server's settings: a token may not delete itself."""


async def _profile(http: Http, account: Account) -> Profile:
    answer = await http.call(ME, account.server, json=signed(account), explain=explain_server)
    me = wire.read(wire.Me, answer.body)
    found = Profile(
        server=account.server,
        remote_id=me.id,
        handle=f"@{me.username}@{urlsplit(account.server).netloc}",
        name=me.name or me.username,
        secrets=dict(account.secrets),
        url=f"{account.server}/@{me.username}",
        avatar_url=me.avatarUrl or "",
    )
    return replace(found, limits=await _limits(http, account, me))


async def _limits(http: Http, account: Account, me: wire.Me) -> dict[str, Any]:
    """What the server and the account's role allow; what is known so far where the server does not tell at the moment."""
    limits = dict(account.limits)
    try:
        meta = wire.read(wire.Meta, (await http.call(META, account.server, json={"detail": False})).body)
    except ConnectorError:
        meta = wire.Meta()
    if meta.maxNoteTextLength > 0:
        limits["text_limit"] = meta.maxNoteTextLength
    size = int(me.policies.maxFileSizeMb * MIB)
    return limits | ({"image_max_bytes": size, "video_max_bytes": size} if size > 0 else {})
