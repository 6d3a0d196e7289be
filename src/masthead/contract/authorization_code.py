"""Sign-in by OAuth's authorization code (RFC 6749, PKCE of RFC 7636) with a developer app: one client, differences as data."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused
from masthead.contract.http import Answer, Http
from masthead.contract.oauth import new_pkce, new_state, with_query
from masthead.contract.operations import Operation
from masthead.contract.platform import Field, OAuthClient, Redirect
from masthead.contract.values import Profile
from masthead.kit.clock import now

START_AGAIN = "Start the sign-in again."
CHECK_APP = "Check the developer app's id and secret under Channels, Apps."


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an authorization server differs from the standard. Defaults are the standard's own way.

    `basic`: the app signs in with a Basic header instead of in the form. `secret`: False for apps without one.
    `asks`: more of the first request, such as access_type=offline. `headers`: of every token request. `issuer`: what the server
    calls itself in an answer that names its issuer (RFC 9207); an answer that names another one is refused.
    """

    client_id: str = "client_id"
    client_secret: str = "client_secret"  # noqa: S105 - the name of a form field
    separator: str = " "
    basic: bool = False
    secret: bool = True
    pkce: bool = True
    asks: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a token endpoint gave. `secrets` is what a channel keeps: app, tokens; `raw` the answer as it came."""

    secrets: Mapping[str, Any] = field(repr=False)
    expires_at: datetime | None
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def access_token(self) -> str:
        """The access token."""
        return str(self.secrets["access_token"])


Who = Callable[[Http, Tokens], Awaitable[Profile | tuple[Profile, ...]]]
Lengthen = Callable[[Http, Tokens], Awaitable[Tokens]]


@dataclass(frozen=True)
class AuthorizationCode:
    """A redirect sign-in. `server` is the origin of the API, `authorize_url` the page people see.

    `who` asks whose token it is and gives the profiles to choose among; `lengthen` trades a short token for a long one.
    The app's `client_id` and `client_secret` come with the answers and stay in the channel's secrets for refreshing.
    """

    server: str
    authorize_url: str
    token: Operation
    scopes: tuple[str, ...]
    who: Who
    dialect: Dialect = Dialect()
    lengthen: Lengthen | None = None
    fields: Sequence[Field] = ()
    token_url: str = ""

    async def start(
        self, http: Http, answers: Mapping[str, str], *, redirect_uri: str, client: OAuthClient
    ) -> Redirect:
        """Where to send the person. Raises Refused(field="client_id") where no developer app is known."""
        app = {name: answers[name] for name in ("client_id", "client_secret", "plan") if answers.get(name)}
        if "client_id" not in app or (self.dialect.secret and "client_secret" not in app):
            raise Refused("A developer app is needed first.", field="client_id", remedy="Enter its id and secret.")
        state, proof = new_state(), new_pkce()
        asked = {
            "response_type": "code",
            self.dialect.client_id: app["client_id"],
            "redirect_uri": redirect_uri,
            "scope": self.dialect.separator.join(self.scopes),
            "state": state,
            **dict(self.dialect.asks),
        }
        if self.dialect.pkce:
            asked |= {"code_challenge": proof.challenge, "code_challenge_method": "S256"}
        return Redirect(
            with_query(self.authorize_url, {name: value for name, value in asked.items() if value}),
            state,
            app | {"verifier": proof.verifier if self.dialect.pkce else ""},
        )

    async def finish(
        self, http: Http, keep: Mapping[str, Any], query: Mapping[str, str], *, redirect_uri: str, client: OAuthClient
    ) -> Profile | tuple[Profile, ...]:
        """The profiles behind the code. Raises Refused where the person said no or the code is bad."""
        if self.dialect.issuer and query.get("iss", self.dialect.issuer) != self.dialect.issuer:
            raise Refused("The answer comes from another server than the one asked.", remedy=START_AGAIN)
        if query.get("error"):
            denied = query["error"] in ("access_denied", "user_cancelled_authorize", "user_cancelled_login")
            why = "You did not allow it." if denied else "The platform ended the sign-in."
            raise Refused(f"Not connected. {why}", remedy=START_AGAIN)
        if not query.get("code"):
            raise Refused("The platform sent no code back.", remedy=START_AGAIN)
        form = {"grant_type": "authorization_code", "code": query["code"], "redirect_uri": redirect_uri}
        form |= {"code_verifier": str(keep["verifier"])} if keep.get("verifier") else {}
        tokens = await self._ask(http, keep, form, _explain_code)
        return await self.who(http, await self.lengthen(http, tokens) if self.lengthen else tokens)

    async def renew(self, http: Http, secrets: Mapping[str, Any]) -> Tokens:
        """New tokens for a refresh token; the old one is kept where no new one comes. NeedsReconnect where it is dead."""
        form = {"grant_type": "refresh_token", "refresh_token": str(secrets.get("refresh_token", ""))}
        try:
            return await self._ask(http, secrets, form, _explain_refresh)
        except Refused as error:  # some refuse with 200
            raise _dead(error.status) from None

    async def _ask(
        self, http: Http, app: Mapping[str, Any], form: Mapping[str, str], explain: Callable[[Answer], Any]
    ) -> Tokens:
        sent, headers = dict(form), {"Accept": "application/json", **dict(self.dialect.headers)}
        if self.dialect.basic and app.get("client_secret"):
            headers["Authorization"] = basic(str(app["client_id"]), str(app["client_secret"]))
        else:
            sent[self.dialect.client_id] = str(app["client_id"])
            sent |= {self.dialect.client_secret: str(app["client_secret"])} if app.get("client_secret") else {}
        query, data = (sent, None) if self.token.method == "GET" else (None, sent)
        answer = await http.call(
            self.token,
            self.server,
            url=self.token_url or None,
            headers=headers,
            explain=explain,
            query=query,
            data=data,
        )
        return tokens_in(answer, app)


def tokens_in(answer: Answer, old: Mapping[str, Any]) -> Tokens:
    """The tokens of an answer, with the app and what `old` held where the answer is silent. Raises Refused without a token."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    if not body.get("access_token"):
        raise Refused("The platform gave no access token.", remedy=START_AGAIN, status=answer.status)
    kept = {name: old[name] for name in ("client_id", "client_secret", "plan", "refresh_token") if old.get(name)}
    new = {name: str(body[name]) for name in ("access_token", "refresh_token") if body.get(name)}
    seconds = body.get("expires_in")
    return Tokens(kept | new, now() + timedelta(seconds=float(seconds)) if seconds else None, body)


def basic(client_id: str, client_secret: str) -> str:
    """The value of a Basic header for an app (RFC 6749, 2.3.1)."""
    return "Basic " + base64.b64encode(f"{quote(client_id, '')}:{quote(client_secret, '')}".encode()).decode()


def said(answer: Answer) -> str:
    """The server's own words, at most 200 characters."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    inner = body.get("error")
    words = body.get("error_description") or (inner.get("message") if isinstance(inner, Mapping) else inner) or ""
    return str(words)[:200]


def _explain_code(answer: Answer) -> ConnectorError | None:
    if 400 <= answer.status < 500 and answer.status != 429:
        words = said(answer)
        remedy = CHECK_APP if "client" in words.lower() or answer.status == 401 else START_AGAIN
        return Refused(
            f"The platform did not accept the sign-in{f' and said: {words}' if words else ''}.",
            remedy=remedy,
            status=answer.status,
        )
    return None


def _explain_refresh(answer: Answer) -> ConnectorError | None:
    return _dead(answer.status) if answer.status in (400, 401, 403) else None


def _dead(status: int | None) -> NeedsReconnect:
    return NeedsReconnect("The platform no longer renews the sign-in.", remedy="Reconnect the channel.", status=status)
