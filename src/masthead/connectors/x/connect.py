"""Sign-in on X by OAuth 2.0 with PKCE; the app is confidential and signs in with a Basic header. Refresh tokens are used once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from masthead.connectors.x import wire
from masthead.connectors.x.capabilities import limits_of
from masthead.connectors.x.errors import explaining
from masthead.connectors.x.operations import GET_TOKEN, ME, REVOKE_TOKEN, SCOPES
from masthead.contract.authorization_code import AuthorizationCode, Dialect, Tokens, basic
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Http
from masthead.contract.platform import FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed

PROFILE_FIELDS = "profile_image_url,subscription_type,verified_type"


def bearer(account: Account) -> dict[str, str]:
    """The headers of a call in the account's name."""
    return {"Accept": "application/json", "Authorization": f"Bearer {account.secrets.get('access_token', '')}"}


def renewable(account: Account) -> bool:
    """True where a refresh token is there."""
    return bool(account.secrets.get("refresh_token"))


@dataclass
class XConnecting:
    """The connect part. `api` is the origin of the API, `site` that of the pages people see."""

    api: str
    site: str
    form: FormSignIn | None = None
    redirect: RedirectSignIn | None = None

    def __post_init__(self) -> None:
        self.code = AuthorizationCode(
            server=self.api,
            authorize_url=f"{self.site}/i/oauth2/authorize",
            token=GET_TOKEN,
            scopes=SCOPES,
            who=self.who,
            dialect=Dialect(basic=True),
        )
        self.redirect = self.code

    async def who(self, http: Http, tokens: Tokens) -> Profile:
        """Whose tokens these are."""
        return await self._profile(http, tokens.secrets, tokens.expires_at)

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask X who we are, and what the account's subscription allows."""
        return await self._profile(http, account.secrets, None)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """New tokens. The old refresh token is dead from then on; without one only a new sign-in helps."""
        if not renewable(account):
            return None
        tokens = await self.code.renew(http, account.secrets)
        return Refreshed(tokens.secrets, tokens.expires_at)

    async def revoke(self, http: Http, account: Account) -> None:
        """Give the tokens back: the refresh token where there is one, then the access token."""
        app = account.secrets
        headers = {"Authorization": basic(str(app.get("client_id", "")), str(app.get("client_secret", "")))}
        for kind in ("refresh_token", "access_token"):
            if app.get(kind):
                form = {"token": str(app[kind]), "token_type_hint": kind}
                try:
                    await http.call(REVOKE_TOKEN, self.api, data=form, headers=headers)
                except (Refused, NeedsReconnect):
                    continue  # it is dead already

    async def _profile(self, http: Http, secrets: Mapping[str, Any], expires_at: datetime | None) -> Profile:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {secrets.get('access_token', '')}"}
        explain = explaining(renewable=bool(secrets.get("refresh_token")))
        answer = await http.call(ME, self.api, query={"user.fields": PROFILE_FIELDS}, headers=headers, explain=explain)
        user = wire.data_of(wire.User, answer.body)
        return Profile(
            server=self.api,
            remote_id=user.id,
            handle=f"@{user.username}",
            name=user.name or user.username,
            secrets=dict(secrets),
            url=f"{self.site}/{user.username}",
            avatar_url=user.profile_image_url,
            limits=limits_of(user.subscription_type, user.verified_type, str(secrets.get("plan", ""))),
            expires_at=expires_at,
        )
