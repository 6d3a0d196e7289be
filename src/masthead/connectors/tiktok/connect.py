"""Sign-in on TikTok: OAuth 2.0 where the client id is called client_key; TikTok asks no PKCE of web apps. Refresh tokens rotate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from masthead.connectors.tiktok import wire
from masthead.connectors.tiktok.capabilities import AUDIENCES, INTERACTIONS
from masthead.connectors.tiktok.errors import RECONNECT, explaining
from masthead.connectors.tiktok.operations import CREATOR, GET_TOKEN, ME, REVOKE_TOKEN, SCOPES
from masthead.contract.authorization_code import AuthorizationCode, Dialect, Tokens
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Answer, Http
from masthead.contract.operations import Operation
from masthead.contract.platform import FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed


async def asked(http: Http, server: str, secrets: Mapping[str, Any], operation: Operation, **rest: Any) -> Answer:
    """One call in the account's name. An answer of 200 that holds an error is one."""
    headers = {"Accept": "application/json", "Authorization": f"Bearer {secrets.get('access_token', '')}"}
    explain = explaining(renewable=bool(secrets.get("refresh_token")))
    answer = await http.call(operation, server, headers=headers, explain=explain, **rest)
    if problem := explain(answer):
        raise problem
    return answer


async def creator_of(http: Http, server: str, secrets: Mapping[str, Any]) -> wire.Creator:
    """What the account allows now."""
    return wire.data_of(wire.Creator, (await asked(http, server, secrets, CREATOR, json={})).body)


@dataclass
class TikTokConnecting:
    """The connect part. `api` is the origin of the API, `site` that of the pages people see."""

    api: str
    site: str
    form: FormSignIn | None = None
    redirect: RedirectSignIn | None = None

    def __post_init__(self) -> None:
        self.code = AuthorizationCode(
            server=self.api,
            authorize_url=f"{self.site}/v2/auth/authorize/",
            token=GET_TOKEN,
            scopes=SCOPES,
            who=self.who,
            dialect=Dialect(client_id="client_key", separator=",", pkce=False),
        )
        self.redirect = self.code

    async def who(self, http: Http, tokens: Tokens) -> Profile:
        """Whose tokens these are. Refused where the person left out a right."""
        granted = str(tokens.raw.get("scope") or ",".join(SCOPES)).split(",")
        if missing := [one for one in SCOPES if one not in granted]:
            raise Refused(
                f"Not allowed: {', '.join(missing)}.", remedy="Sign in again and leave all rights switched on."
            )
        return await self._profile(http, tokens.secrets, tokens.expires_at)

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask TikTok who we are, and what the account allows."""
        return await self._profile(http, account.secrets, None)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """New tokens; the old refresh token is dead from then on. TikTok may refuse with 200 as well."""
        if not account.secrets.get("refresh_token"):
            return None
        try:
            tokens = await self.code.renew(http, account.secrets)
        except Refused as error:
            raise NeedsReconnect(
                "TikTok no longer renews the sign-in.", remedy=RECONNECT, status=error.status
            ) from None
        return Refreshed(tokens.secrets, tokens.expires_at)

    async def revoke(self, http: Http, account: Account) -> None:
        """Give the access back; TikTok takes the access token and ends the refresh token with it."""
        app = account.secrets
        form = {"client_key": str(app.get("client_id", "")), "client_secret": str(app.get("client_secret", ""))}
        try:
            await http.call(REVOKE_TOKEN, self.api, data=form | {"token": str(app.get("access_token", ""))})
        except (Refused, NeedsReconnect):
            return  # it is dead already

    async def _profile(self, http: Http, secrets: Mapping[str, Any], expires_at: datetime | None) -> Profile:
        query = {"fields": "open_id,display_name,avatar_url"}
        user = wire.data_of(wire.UserData, (await asked(http, self.api, secrets, ME, query=query)).body).user
        creator = await creator_of(http, self.api, secrets)
        name = creator.creator_username
        return Profile(
            server=self.api,
            remote_id=user.open_id,
            handle=f"@{name or user.display_name}",
            name=creator.creator_nickname or user.display_name,
            secrets=dict(secrets),
            url=f"{self.site}/@{name}" if name else "",
            avatar_url=user.avatar_url,
            limits=limits_of(creator),
            expires_at=expires_at,
        )


def limits_of(creator: wire.Creator) -> dict[str, Any]:
    """What an account allows, as `Capabilities.narrowed` takes it."""
    audiences = [[one, AUDIENCES.get(one, one)] for one in creator.privacy_level_options]
    missing = [name for name, interaction in INTERACTIONS.items() if creator.disabled(interaction)]
    told: dict[str, Any] = {"choices": {"privacy_level": audiences}, "without_options": missing}
    longest = creator.max_video_post_duration_sec
    return told | ({"video_max_seconds": longest} if longest else {})
