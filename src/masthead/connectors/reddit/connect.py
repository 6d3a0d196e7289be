"""Sign-in on Reddit by OAuth 2.0 with duration=permanent. The app signs in with a Basic header, and everything names itself."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from masthead.connectors.reddit import wire
from masthead.connectors.reddit.errors import errors_in, explaining
from masthead.connectors.reddit.operations import GET_TOKEN, ME, REVOKE_TOKEN, SCOPES
from masthead.contract.authorization_code import AuthorizationCode, Dialect, Tokens, basic
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Answer, Http
from masthead.contract.operations import Operation
from masthead.contract.platform import FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed

AGENT = "web:masthead:v0.1 (self-hosted social media management)"


def agent(handle: str) -> str:
    """What a call calls itself: Reddit wants the account named, and limits those that hide behind a library's name."""
    return AGENT.replace(")", f"; by {handle})") if handle else AGENT


async def asked(http: Http, account: Account, operation: Operation, **rest: Any) -> Answer:
    """One call in the account's name. An answer of 200 that lists errors is one."""
    secrets = account.secrets
    headers = {"User-Agent": agent(account.handle), "Authorization": f"Bearer {secrets.get('access_token', '')}"}
    explain = explaining(renewable=bool(secrets.get("refresh_token")))
    answer = await http.call(operation, account.server, headers=headers, explain=explain, **rest)
    if problem := errors_in(answer.body):
        raise problem
    return answer


@dataclass
class RedditConnecting:
    """The connect part. `api` is the origin of the API, `site` that of the pages people see and of the tokens."""

    api: str
    site: str
    form: FormSignIn | None = None
    redirect: RedirectSignIn | None = None

    def __post_init__(self) -> None:
        self.code = AuthorizationCode(
            server=self.api,
            authorize_url=f"{self.site}/api/v1/authorize",
            token=GET_TOKEN,
            scopes=SCOPES,
            who=self.who,
            dialect=Dialect(
                basic=True, pkce=False, asks=(("duration", "permanent"),), headers=(("User-Agent", AGENT),)
            ),
            token_url=f"{self.site}/api/v1/access_token",
        )
        self.redirect = self.code

    async def who(self, http: Http, tokens: Tokens) -> Profile:
        """Whose tokens these are."""
        return await self._profile(http, tokens.secrets, tokens.expires_at)

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask Reddit who we are."""
        return await self._profile(http, account.secrets, None)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """A new access token; the refresh token stays until it is revoked."""
        if not account.secrets.get("refresh_token"):
            return None
        tokens = await self.code.renew(http, account.secrets)
        return Refreshed(tokens.secrets, tokens.expires_at)

    async def revoke(self, http: Http, account: Account) -> None:
        """Give the tokens back; revoking the refresh token ends the access token too."""
        app = account.secrets
        headers = {"User-Agent": AGENT}
        headers["Authorization"] = basic(str(app.get("client_id", "")), str(app.get("client_secret", "")))
        kind = "refresh_token" if app.get("refresh_token") else "access_token"
        form, url = {"token": str(app.get(kind, "")), "token_type_hint": kind}, f"{self.site}/api/v1/revoke_token"
        try:
            await http.call(REVOKE_TOKEN, self.api, url=url, data=form, headers=headers, raw=True)
        except (Refused, NeedsReconnect):
            return  # it is dead already

    async def _profile(self, http: Http, secrets: Mapping[str, Any], expires_at: datetime | None) -> Profile:
        nobody = Account(0, 0, self.api, "", "", secrets)
        user = wire.read(wire.User, (await asked(http, nobody, ME, query={"raw_json": "1"})).body)
        return Profile(
            server=self.api,
            remote_id=user.id,
            handle=f"u/{user.name}",
            name=user.name,
            secrets=dict(secrets),
            url=f"{self.site}/user/{user.name}/",
            avatar_url=html.unescape(user.icon_img),
            expires_at=expires_at,
        )
