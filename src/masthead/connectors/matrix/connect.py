"""Sign-in on any homeserver, with name and password or with an access token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from masthead.connectors.matrix import wire
from masthead.connectors.matrix.errors import explain, explain_login, explain_refresh
from masthead.connectors.matrix.operations import LOGIN, LOGOUT, MEDIA_CONFIG, PROFILE, REFRESH, WELL_KNOWN, WHO
from masthead.connectors.matrix.rooms import rooms
from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.origins import origin_of
from masthead.contract.platform import Field, FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed
from masthead.kit.clock import now
from masthead.kit.words import N_ as _

SERVER = Field("server", _("Homeserver"), help=_("The part of your name after the colon."), placeholder="matrix.org")
USER = Field("user", _("Name"), required=False, help=_("Yours, such as @ann:matrix.org. Not needed with a token."))
PASSWORD = Field("password", _("Password"), kind="password", required=False, help=_("It is used once and not kept."))
TOKEN = Field(
    "access_token",
    _("Access token"),
    kind="password",
    required=False,
    help=_("In place of name and password, if you like."),
)
CHECK_ADDRESS = "Check the address, or try again later."
PAGES = "https://matrix.to/#"


def bearer(account: Account) -> dict[str, str]:
    """The headers of a call in the account's name."""
    return _headers(account.secrets)


def _headers(secrets: Mapping[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {secrets.get('access_token', '')}"}


def _origin(typed: str, http: Http) -> str:
    """The origin of a typed server or full name (@ann:matrix.org)."""
    text = typed.strip()
    server = text.partition(":")[2] if text.startswith("@") else text
    return origin_of(server, allow_http=http.transport.allow_private, example=SERVER.placeholder)


async def _homeserver(http: Http, typed: str) -> str:
    """Where a domain says its homeserver is; the domain itself where it says nothing."""
    origin = _origin(typed, http)
    try:
        answer = await http.call(WELL_KNOWN, origin)
        return _origin(wire.WellKnown.model_validate(answer.body).homeserver.base_url, http)
    except ValidationError:
        return origin
    except ConnectorError as error:
        if error.status is None:
            raise _unreachable(error) from None
        return origin


def _unreachable(error: ConnectorError) -> Refused:
    said = f"The server does not answer as a homeserver: {error.message}"
    return Refused(said, field="server", remedy=CHECK_ADDRESS, status=error.status)


class MatrixForm:
    """Sign-in by typing."""

    fields: Sequence[Field] = (SERVER, USER, PASSWORD, TOKEN)

    async def connect(self, http: Http, answers: Mapping[str, str]) -> Profile:
        """The profile behind the answers. Raises Refused(field=...)."""
        server, token = await _homeserver(http, answers.get("server", "")), answers.get("access_token", "").strip()
        try:
            if not token:
                secrets, expires_at = await _login(http, server, answers)
                return await _profile(http, server, secrets, expires_at)
            if not token.isascii() or not token.isprintable():
                raise NeedsReconnect("The access token holds strange characters.")
            return await _profile(http, server, {"access_token": token})
        except NeedsReconnect as error:
            raise Refused(
                error.message, field="access_token", remedy="Copy the token again.", status=error.status
            ) from None
        except TryAgain as error:
            raise _unreachable(error) from None


async def _login(http: Http, server: str, answers: Mapping[str, str]) -> tuple[dict[str, Any], datetime | None]:
    """A session of our own. Raises Refused(field="user" or "password")."""
    user, password = answers.get("user", "").strip(), answers.get("password", "")
    if not user or not password:
        missing = "user" if not user else "password"
        raise Refused("Name and password, or a token, are needed.", field=missing, remedy="Fill them in.")
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": user},
        "password": password,
        "refresh_token": True,
        "initial_device_display_name": "Masthead",
    }
    answer = await http.call(LOGIN, server, json=body, explain=explain_login)
    return _kept(wire.read(wire.Tokens, answer, LOGIN))


def _kept(tokens: wire.Tokens, before: str = "") -> tuple[dict[str, Any], datetime | None]:
    """Secrets and their end; `ours` marks a session that we opened and may close."""
    secrets = {"access_token": tokens.access_token, "refresh_token": tokens.refresh_token or before, "ours": True}
    ends = now() + timedelta(milliseconds=tokens.expires_in_ms) if tokens.expires_in_ms else None
    return secrets, ends


async def _profile(http: Http, server: str, secrets: Mapping[str, Any], expires_at: datetime | None = None) -> Profile:
    headers = _headers(secrets)
    who = wire.read(wire.Who, await http.call(WHO, server, headers=headers, explain=explain), WHO)
    choices = await rooms(http, server, headers)
    return Profile(
        server=server,
        remote_id=who.user_id,
        handle=who.user_id,
        name=await _name(http, server, headers, who.user_id) or who.user_id,
        secrets=dict(secrets),
        url=f"{PAGES}/{quote(who.user_id, safe='')}",
        limits={"choices": {"room": choices}} | await _largest(http, server, headers),
        expires_at=expires_at,
    )


async def _name(http: Http, server: str, headers: dict[str, str], user: str) -> str:
    path = {"user": quote(user, safe="")}
    try:
        answer = await http.call(PROFILE, server, path=path, headers=headers, explain=explain)
        return wire.read(wire.Person, answer, PROFILE).displayname or ""
    except Refused:
        return ""  # nobody has to have one


async def _largest(http: Http, server: str, headers: dict[str, str]) -> dict[str, int]:
    """The largest file; nothing where an older homeserver does not tell."""
    try:
        answer = await http.call(MEDIA_CONFIG, server, headers=headers, explain=explain)
        size = wire.read(wire.MediaConfig, answer, MEDIA_CONFIG).size
    except Refused:
        size = None
    return {"image_max_bytes": size, "video_max_bytes": size} if size else {}


class MatrixConnecting:
    """The connect part."""

    form: FormSignIn | None = MatrixForm()
    redirect: RedirectSignIn | None = None

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask who we are and which rooms there are. Raises NeedsReconnect or TokenExpired."""
        return await _profile(http, account.server, account.secrets)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """New tokens; None where there is no refresh token. Raises NeedsReconnect, TryAgain."""
        token = str(account.secrets.get("refresh_token") or "")
        if not token:
            return None
        answer = await http.call(REFRESH, account.server, json={"refresh_token": token}, explain=explain_refresh)
        return Refreshed(*_kept(wire.read(wire.Tokens, answer, REFRESH), token))

    async def revoke(self, http: Http, account: Account) -> None:
        """Close the session that we opened. A token that was typed in stays the person's own."""
        if account.secrets.get("ours"):
            await http.call(LOGOUT, account.server, headers=bearer(account), json={}, explain=explain)
