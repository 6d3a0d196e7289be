"""Sign-in on Threads: a token of an hour is traded for one of 60 days, which is renewed before it runs out."""

from __future__ import annotations

from dataclasses import dataclass, field

from masthead.connectors.meta import wire as shared
from masthead.connectors.meta.graph import call, exchanged
from masthead.connectors.meta.threads import wire
from masthead.connectors.meta.threads.errors import WAY
from masthead.connectors.meta.threads.operations import GET_TOKEN, LENGTHEN, ME, REFRESH, SCOPES
from masthead.contract.authorization_code import AuthorizationCode, Dialect, Tokens
from masthead.contract.http import Http
from masthead.contract.platform import FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed

FIELDS = "id,username,name,threads_profile_picture_url"


@dataclass
class ThreadsConnecting:
    """The connect part. `api` is the API's origin, `site` the one people sign in on."""

    api: str
    site: str
    form: FormSignIn | None = None
    redirect: RedirectSignIn | None = field(init=False)

    def __post_init__(self) -> None:
        self.redirect = AuthorizationCode(
            self.api,
            f"{self.site}/oauth/authorize",
            GET_TOKEN,
            SCOPES,
            self.who,
            Dialect(separator=",", pkce=False),
            self.lengthen,
        )

    async def lengthen(self, http: Http, tokens: Tokens) -> Tokens:
        """A token of an hour for one of 60 days."""
        secret = str(tokens.secrets.get("client_secret", ""))
        asked = {
            "grant_type": "th_exchange_token",
            "client_secret": secret,
            "access_token": tokens.access_token,
        }
        return await exchanged(http, LENGTHEN, self.api, asked, tokens)

    async def who(self, http: Http, tokens: Tokens) -> Profile:
        """The one profile behind a sign-in."""
        profile = await self._profile(http, Account(0, 0, self.api, "", "", tokens.secrets))
        return _with(profile, tokens)

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask whose token it is. NeedsReconnect where it is dead."""
        return await self._profile(http, account)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """Another 60 days for a token that is still good (and a day old); NeedsReconnect where it is not."""
        old = Tokens(account.secrets, None, {})
        asked = {"grant_type": "th_refresh_token", "access_token": str(account.secrets.get("access_token", ""))}
        fresh = await exchanged(http, REFRESH, account.server, asked, old)
        return Refreshed(dict(account.secrets) | dict(fresh.secrets), fresh.expires_at)

    async def revoke(self, http: Http, account: Account) -> None:
        """Nothing: Threads has no call for it. The person takes the permission back in the app."""

    async def _profile(self, http: Http, account: Account) -> Profile:
        answer = await call(http, WAY, ME, account, sent={"fields": FIELDS})
        me = shared.read(wire.Me, answer.body)
        return Profile(
            server=account.server,
            remote_id=me.id,
            handle=f"@{me.username or me.id}",
            name=me.name or me.username or me.id,
            secrets=dict(account.secrets),
            url=f"https://www.threads.com/@{me.username}" if me.username else "",
            avatar_url=me.threads_profile_picture_url or "",
        )


def _with(profile: Profile, tokens: Tokens) -> Profile:
    return Profile(
        profile.server,
        profile.remote_id,
        profile.handle,
        profile.name,
        tokens.secrets,
        profile.url,
        profile.avatar_url,
        expires_at=tokens.expires_at,
    )
