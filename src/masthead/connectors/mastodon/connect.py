"""Sign-in on any Mastodon server: register an app there, OAuth with PKCE where offered, or an access token typed in."""

from __future__ import annotations

import base64
import hashlib
import secrets as random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from masthead.connectors.mastodon import wire
from masthead.connectors.mastodon.errors import explain_server, explain_verify, said
from masthead.connectors.mastodon.limits import DROPS_CONNECTIONS, domain_in, limits_in
from masthead.connectors.mastodon.operations import (
    AUTHORIZATION_SERVER,
    GET_TOKEN,
    INSTANCE,
    INSTANCE_V1,
    REGISTER_APP,
    REVOKE_TOKEN,
    SCOPES,
    VERIFY,
)
from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TryAgain
from masthead.contract.http import Answer, Http
from masthead.contract.origins import origin_of
from masthead.contract.platform import Field, FormSignIn, OAuthClient, Redirect, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed
from masthead.kit.clock import now
from masthead.kit.words import N_ as _

SERVER = Field(
    "server", _("Server"), help=_("The part after the last @ of your full name there."), placeholder="mastodon.social"
)
TOKEN = Field(
    "access_token",
    _("Access token"),
    kind="password",
    help=_(
        "From the server's settings: Development, New application. It needs read:accounts, read:notifications, read:statuses, "
        "write:statuses, write:media."
    ),
)
START_AGAIN = "Start the sign-in again."
PLAIN = {"Accept": "application/json", "Accept-Language": "en"}
ALONE = {"Connection": "close"}
"""During sign-in nothing is known of the server yet, so no call relies on a connection that another one opened."""


def _origin(typed: str, http: Http) -> str:
    return origin_of(typed, allow_http=http.transport.allow_private, example=SERVER.placeholder)


def bearer(account: Account) -> dict[str, str]:
    """The headers of a call in the account's name; one connection per call where the server is known to drop them."""
    headers = PLAIN | {"Authorization": f"Bearer {account.secrets.get('access_token', '')}"}
    return headers | ALONE if account.limits.get(DROPS_CONNECTIONS) else headers


def _headers(token: str) -> dict[str, str]:
    return PLAIN | ALONE | {"Authorization": f"Bearer {token}"}


async def _instance(http: Http, server: str, token: str) -> Any:
    """What the server tells about itself, by the newer call or the older one."""
    headers = _headers(token)
    try:
        return (await http.call(INSTANCE, server, headers=headers, explain=explain_server)).body
    except ConnectorError as error:
        if error.status is None:
            raise
        return (await http.call(INSTANCE_V1, server, headers=headers, explain=explain_server)).body


async def _known_limits(
    http: Http, server: str, token: str, fallback: Mapping[str, Any]
) -> tuple[Mapping[str, Any], str]:
    """Limits and domain; the limits known so far where the server does not tell at the moment."""
    try:
        instance = await _instance(http, server, token)
    except ConnectorError:
        return fallback, ""
    return limits_in(instance) or fallback, domain_in(instance)


async def _profile(http: Http, server: str, kept: Mapping[str, Any], fallback: Mapping[str, Any]) -> Profile:
    token = str(kept.get("access_token", ""))
    answer = await http.call(VERIFY, server, headers=_headers(token), explain=explain_verify)
    who = wire.read(wire.Account, answer.body)
    limits, domain = await _known_limits(http, server, token, fallback)
    name = who.username or who.acct or who.id
    handle = who.acct if "@" in who.acct else f"{name}@{domain or urlsplit(server).netloc}"
    return Profile(
        server=server,
        remote_id=who.id,
        handle=f"@{handle}",
        name=who.display_name or name,
        secrets=dict(kept),
        url=who.url or "",
        avatar_url=who.avatar or "",
        limits=limits,
    )


def _unreachable(error: TryAgain) -> Refused:
    return Refused(
        f"The server does not answer: {error.message}",
        field="server",
        status=error.status,
        remedy="Check the address, or try again later.",
    )


@dataclass
class TokenForm:
    """Sign-in with an access token made on the server's own pages; for servers where a redirect is not wanted."""

    fields: Sequence[Field] = (SERVER, TOKEN)

    async def connect(self, http: Http, answers: Mapping[str, str]) -> Profile:
        """The profile behind server and token. Raises Refused(field="server" or "access_token")."""
        server = _origin(answers.get("server", ""), http)
        token = answers.get("access_token", "").strip()
        if not token or not token.isprintable() or not token.isascii():
            raise Refused(
                "The access token is missing or holds strange characters.",
                field="access_token",
                remedy="Copy it again from the server's settings.",
            )
        try:
            return await _profile(http, server, {"access_token": token}, {})
        except TryAgain as error:
            raise _unreachable(error) from None
        except NeedsReconnect as error:
            raise Refused(
                error.message,
                field="access_token",
                status=error.status,
                remedy="Copy it again from the server's settings.",
            ) from None


@dataclass
class OAuthSignIn:
    """Sign-in on the server's own pages. The app registration travels in `keep` and ends in the channel's secrets."""

    fields: Sequence[Field] = (SERVER,)

    async def start(
        self, http: Http, answers: Mapping[str, str], *, redirect_uri: str, client: OAuthClient
    ) -> Redirect:
        """Where to send the person. `client_id` and `client_secret` in `answers` reuse an earlier registration."""
        server = _origin(answers.get("server", ""), http)
        try:
            told = await _metadata(http, server)
            app = await _app(http, server, answers, redirect_uri, client)
        except TryAgain as error:
            raise _unreachable(error) from None
        keep = {
            "server": server,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "state": random.token_urlsafe(24),
            "issuer": told.issuer or "",
            "token_endpoint": told.token_endpoint or "",
            "verifier": random.token_urlsafe(48) if "S256" in told.code_challenge_methods_supported else "",
        }
        where = told.authorization_endpoint or f"{server}/oauth/authorize"
        return Redirect(url=f"{where}?{urlencode(_question(keep, redirect_uri))}", state=keep["state"], keep=keep)

    async def finish(
        self, http: Http, keep: Mapping[str, Any], query: Mapping[str, str], *, redirect_uri: str, client: OAuthClient
    ) -> Profile:
        """The profile, from the query of the call back. Raises Refused where the person denied or the code is bad."""
        _check_answer(keep, query)
        form = {
            "grant_type": "authorization_code",
            "code": query["code"],
            "client_id": keep["client_id"],
            "client_secret": keep["client_secret"],
            "redirect_uri": redirect_uri,
            "scope": SCOPES,
        } | ({"code_verifier": keep["verifier"]} if keep.get("verifier") else {})
        token = await _token(http, keep["server"], keep.get("token_endpoint", ""), form, _explain_code)
        kept = _kept(token, keep)
        return replace(await _profile(http, keep["server"], kept, {}), expires_at=_expiry(token))


def _question(keep: Mapping[str, str], redirect_uri: str) -> dict[str, str]:
    question = {
        "response_type": "code",
        "client_id": keep["client_id"],
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
        "state": keep["state"],
    }
    if not keep["verifier"]:
        return question
    digest = hashlib.sha256(keep["verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return question | {"code_challenge": challenge, "code_challenge_method": "S256"}


def _check_answer(keep: Mapping[str, Any], query: Mapping[str, str]) -> None:
    if query.get("error"):
        why = "You did not allow it." if query["error"] == "access_denied" else "The server ended the sign-in."
        raise Refused(f"Not connected. {why}", remedy=START_AGAIN)
    if query.get("iss") and keep.get("issuer") and query["iss"].rstrip("/") != keep["issuer"].rstrip("/"):
        raise Refused("The answer came from another server than the one that was asked.", remedy=START_AGAIN)
    if not query.get("code"):
        raise Refused("The server sent no code back.", remedy=START_AGAIN)


async def _metadata(http: Http, server: str) -> wire.Metadata:
    """What the server says of its sign-in; nothing where it is older than Mastodon 4.3. Its addresses are checked."""
    try:
        answer = await http.call(AUTHORIZATION_SERVER, server, headers=PLAIN | ALONE)
    except ConnectorError as error:
        if error.status is None or error.status >= 500:
            raise
        return wire.Metadata()  # an older server, or one that answers unknown addresses with its front page
    told = wire.read(wire.Metadata, answer.body) if isinstance(answer.body, dict) else wire.Metadata()
    for address in (told.authorization_endpoint, told.token_endpoint):
        if address:
            _origin(f"{urlsplit(address).scheme}://{urlsplit(address).netloc}", http)
    return told


async def _app(http: Http, server: str, answers: Mapping[str, str], redirect_uri: str, client: OAuthClient) -> wire.App:
    """An earlier registration handed in, or a new one. `redirect_uris` as one string: only new servers take a list."""
    if answers.get("client_id") and answers.get("client_secret"):
        return wire.App(client_id=answers["client_id"], client_secret=answers["client_secret"])
    wanted = {"client_name": client.name, "redirect_uris": redirect_uri, "scopes": SCOPES, "website": client.public_url}
    answer = await http.call(REGISTER_APP, server, json=wanted, headers=PLAIN | ALONE, explain=explain_server)
    return wire.read(wire.App, answer.body)


async def _token(http: Http, server: str, endpoint: str, form: Mapping[str, str], explain: Any) -> wire.Token:
    answer = await http.call(
        GET_TOKEN,
        server,
        url=endpoint or None,
        data=dict(form),
        headers=PLAIN | ALONE,
        explain=explain,
    )
    return wire.read(wire.Token, answer.body)


def _explain_code(answer: Answer) -> ConnectorError | None:
    if 400 <= answer.status < 500 and answer.status != 429:
        words = said(answer.body)
        return Refused(
            f"The server did not accept the sign-in{f' and said: {words}' if words else '.'}",
            remedy=START_AGAIN,
            status=answer.status,
        )
    return None


def _explain_refresh(answer: Answer) -> ConnectorError | None:
    if answer.status in (400, 401, 403):
        return NeedsReconnect(
            "The server no longer renews the sign-in.", remedy="Reconnect the channel.", status=answer.status
        )
    return None


def _kept(token: wire.Token, old: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: old[name] for name in ("client_id", "client_secret", "token_endpoint") if old.get(name)}
    renewal = token.refresh_token or old.get("refresh_token")
    return kept | {"access_token": token.access_token} | ({"refresh_token": renewal} if renewal else {})


def _expiry(token: wire.Token) -> datetime | None:
    return now() + timedelta(seconds=token.expires_in) if token.refresh_token and token.expires_in else None


@dataclass
class MastodonConnecting:
    """The connect part: by redirect, or by an access token typed in."""

    form: FormSignIn | None = field(default_factory=TokenForm)
    redirect: RedirectSignIn | None = field(default_factory=OAuthSignIn)

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask who we are and what the server allows. NeedsReconnect where the token is dead."""
        return await _profile(http, account.server, account.secrets, account.limits)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """Mastodon's tokens never run out, so mostly None; a relative that gave a refresh token gets it back."""
        renewal = account.secrets.get("refresh_token")
        if not renewal:
            return None
        form = {
            "grant_type": "refresh_token",
            "refresh_token": str(renewal),
            "client_id": str(account.secrets.get("client_id", "")),
            "client_secret": str(account.secrets.get("client_secret", "")),
            "scope": SCOPES,
        }
        endpoint = str(account.secrets.get("token_endpoint", ""))
        token = await _token(http, account.server, endpoint, form, _explain_refresh)
        return Refreshed(_kept(token, account.secrets), _expiry(token))

    async def revoke(self, http: Http, account: Account) -> None:
        """Give the token back. One that was typed in belongs to an app whose secret we do not know: it stays."""
        if not account.secrets.get("client_secret"):
            return
        form = {name: str(account.secrets[name]) for name in ("client_id", "client_secret")}
        try:
            await http.call(
                REVOKE_TOKEN, account.server, data=form | {"token": str(account.secrets.get("access_token", ""))}
            )
        except (Refused, NeedsReconnect):
            return  # already gone there
