"""Sign-in on Pinterest by OAuth 2.0. The app signs in with a Basic header; the account's boards come with the profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from masthead.connectors.pinterest import wire
from masthead.connectors.pinterest.errors import explaining
from masthead.connectors.pinterest.operations import BOARDS, GET_TOKEN, ME, REVOKE_TOKEN, SCOPES
from masthead.contract.authorization_code import AuthorizationCode, Dialect, Tokens, basic
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Answer, Http
from masthead.contract.operations import Operation
from masthead.contract.platform import FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed

MOST_PAGES = 4
PAGE = "250"


async def asked(http: Http, server: str, secrets: Mapping[str, Any], operation: Operation, **rest: Any) -> Answer:
    """One call in the account's name."""
    headers = {"Accept": "application/json", "Authorization": f"Bearer {secrets.get('access_token', '')}"}
    explain = explaining(renewable=bool(secrets.get("refresh_token")))
    return await http.call(operation, server, headers=headers, explain=explain, **rest)


@dataclass
class PinterestConnecting:
    """The connect part. `api` is the origin of the API, `site` that of the pages people see."""

    api: str
    site: str
    form: FormSignIn | None = None
    redirect: RedirectSignIn | None = None

    def __post_init__(self) -> None:
        self.code = AuthorizationCode(
            server=self.api,
            authorize_url=f"{self.site}/oauth/",
            token=GET_TOKEN,
            scopes=SCOPES,
            who=self.who,
            dialect=Dialect(basic=True, separator=",", pkce=False),
        )
        self.redirect = self.code

    async def who(self, http: Http, tokens: Tokens) -> Profile:
        """Whose tokens these are."""
        return await self._profile(http, tokens.secrets, tokens.expires_at)

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask Pinterest who we are, and which boards there are."""
        return await self._profile(http, account.secrets, None)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """New tokens: a refresh token lasts 60 days, and each answer brings the next."""
        if not account.secrets.get("refresh_token"):
            return None
        tokens = await self.code.renew(http, account.secrets)
        return Refreshed(tokens.secrets, tokens.expires_at)

    async def revoke(self, http: Http, account: Account) -> None:
        """Give the tokens back."""
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
        user = wire.read(wire.User, (await asked(http, self.api, secrets, ME)).body)
        boards = await self._boards(http, secrets)
        return Profile(
            server=self.api,
            remote_id=user.id or user.username,
            handle=f"@{user.username}",
            name=user.business_name or user.username,
            secrets=dict(secrets),
            url=f"{self.site}/{user.username}/",
            avatar_url=user.profile_image,
            limits={"choices": {"board": boards}},
            expires_at=expires_at,
        )

    async def _boards(self, http: Http, secrets: Mapping[str, Any]) -> list[list[str]]:
        """The boards that take Pins, at most 1,000, as (id, name)."""
        found: list[wire.Board] = []
        bookmark = ""
        for _ in range(MOST_PAGES):
            query = {"page_size": PAGE} | ({"bookmark": bookmark} if bookmark else {})
            page = wire.read(wire.Boards, (await asked(http, self.api, secrets, BOARDS, query=query)).body)
            found += page.items
            bookmark = page.bookmark
            if not bookmark:
                break
        return [[one.id, one.name] for one in found if not one.is_ads_only]
