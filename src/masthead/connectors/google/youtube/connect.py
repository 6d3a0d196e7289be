"""Sign-in with Google for a YouTube channel. The person chooses the channel on Google's own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from masthead.connectors.google.rest import call, read
from masthead.connectors.google.sign_in import GET_TOKEN, REVOKE_TOKEN, google_code, refreshed, revoked
from masthead.connectors.google.youtube import wire
from masthead.connectors.google.youtube.errors import WAY
from masthead.connectors.google.youtube.operations import CHANNELS, SCOPES
from masthead.contract.authorization_code import Tokens
from masthead.contract.errors import NeedsReconnect
from masthead.contract.http import Http
from masthead.contract.platform import FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed


@dataclass
class YouTubeConnecting:
    """The connect part: the API, Google's sign-in site, its token endpoint and the site people see."""

    api: str
    accounts: str
    tokens: str
    site: str
    form: FormSignIn | None = None
    redirect: RedirectSignIn | None = None

    def __post_init__(self) -> None:
        self.code = google_code(self.api, self.accounts, self.tokens, GET_TOKEN, SCOPES, self.who)
        self.redirect = self.code

    async def who(self, http: Http, tokens: Tokens) -> Profile | tuple[Profile, ...]:
        """The channels the tokens speak for; one, mostly."""
        found = await self._channels(http, tokens.secrets, tokens.expires_at)
        return found[0] if len(found) == 1 else found

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask YouTube who we are."""
        found = await self._channels(http, account.secrets, None)
        return next((one for one in found if one.remote_id == account.remote_id), found[0])

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """A new access token."""
        return await refreshed(http, self.code, account)

    async def revoke(self, http: Http, account: Account) -> None:
        """Give the grant back."""
        await revoked(http, REVOKE_TOKEN, self.tokens, account)

    async def _channels(
        self, http: Http, secrets: Mapping[str, Any], expires_at: datetime | None
    ) -> tuple[Profile, ...]:
        me = Account(0, 0, self.api, "", "", secrets)
        query = {"part": "snippet,contentDetails", "mine": "true"}
        found = read(wire.Channels, (await call(http, WAY, CHANNELS, me, query=query)).body).items
        if not found:
            raise NeedsReconnect(
                "This Google account has no YouTube channel.", remedy="Create one on youtube.com, then reconnect."
            )
        return tuple(self._profile(one, secrets, expires_at) for one in found)

    def _profile(self, one: wire.Channel, secrets: Mapping[str, Any], expires_at: datetime | None) -> Profile:
        return Profile(
            server=self.api,
            remote_id=one.id,
            handle=one.snippet.customUrl or one.snippet.title or one.id,
            name=one.snippet.title or one.id,
            secrets=dict(secrets),
            url=f"{self.site}/channel/{one.id}",
            avatar_url=one.snippet.preview,
            limits={"uploads": one.contentDetails.relatedPlaylists.uploads},
            expires_at=expires_at,
        )
