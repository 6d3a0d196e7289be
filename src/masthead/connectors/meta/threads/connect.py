"""Sign-in on Threads: a token of an hour is traded for one of 60 days, which is renewed before it runs out."""

from __future__ import annotations

from functools import partial

from masthead.connectors.meta import wire as shared
from masthead.connectors.meta.graph import call, exchanged
from masthead.connectors.meta.threads import wire
from masthead.connectors.meta.threads.errors import WAY
from masthead.connectors.meta.threads.operations import GET_TOKEN, LENGTHEN, ME, REFRESH, SCOPES
from masthead.connectors.meta.threads.quota import limits_of
from masthead.contract.app_connecting import AppConnecting, whose
from masthead.contract.authorization_code import AuthorizationCode, Dialect, Tokens
from masthead.contract.http import Http
from masthead.contract.values import Account, Profile, Refreshed

FIELDS = "id,username,name,threads_profile_picture_url"


def connecting(api: str, site: str) -> ThreadsConnecting:
    """The connect part. `api` is the API's origin, `site` the one people sign in on."""
    authorize, dialect = f"{site}/oauth/authorize", Dialect(separator=",", pkce=False)
    who, lengthen = whose(api, profile_of), partial(lengthened, api)
    return ThreadsConnecting(AuthorizationCode(api, authorize, GET_TOKEN, SCOPES, who, dialect, lengthen), profile_of)


async def lengthened(api: str, http: Http, tokens: Tokens) -> Tokens:
    """A token of an hour for one of 60 days."""
    secret = str(tokens.secrets.get("client_secret", ""))
    asked = {"grant_type": "th_exchange_token", "client_secret": secret, "access_token": tokens.access_token}
    return await exchanged(http, LENGTHEN, api, asked, tokens)


class ThreadsConnecting(AppConnecting):
    """The connect part. Threads has no call to give a token back: the person takes the permission back in the app."""

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """Another 60 days for a token that is still good (and a day old); NeedsReconnect where it is not."""
        old = Tokens(account.secrets, None, {})
        asked = {"grant_type": "th_refresh_token", "access_token": str(account.secrets.get("access_token", ""))}
        fresh = await exchanged(http, REFRESH, account.server, asked, old)
        return Refreshed(dict(account.secrets) | dict(fresh.secrets), fresh.expires_at)


async def profile_of(http: Http, account: Account) -> Profile:
    """Whose the token is."""
    me = shared.read(wire.Me, (await call(http, WAY, ME, account, sent={"fields": FIELDS})).body)
    return Profile(
        server=account.server,
        remote_id=me.id,
        handle=f"@{me.username or me.id}",
        name=me.name or me.username or me.id,
        secrets=dict(account.secrets),
        url=f"https://www.threads.com/@{me.username}" if me.username else "",
        avatar_url=me.threads_profile_picture_url or "",
        limits=await limits_of(http, account),
    )
