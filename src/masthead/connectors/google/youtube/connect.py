"""Sign-in with Google for a YouTube channel. The person chooses the channel on Google's own page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from masthead.connectors.google.rest import call, read
from masthead.connectors.google.sign_in import GET_TOKEN, REVOKE_TOKEN, google_code, revoked
from masthead.connectors.google.youtube import wire
from masthead.connectors.google.youtube.errors import WAY
from masthead.connectors.google.youtube.operations import CHANNELS, SCOPES
from masthead.contract.app_connecting import AppConnecting
from masthead.contract.authorization_code import Tokens
from masthead.contract.errors import NeedsReconnect
from masthead.contract.http import Http
from masthead.contract.values import Account, Profile


def connecting(api: str, accounts: str, tokens: str, site: str) -> AppConnecting:
    """The connect part: the API, Google's sign-in site, its token endpoint and the site people see."""
    code = google_code(api, accounts, tokens, GET_TOKEN, SCOPES, partial(found_channels, api, site))
    return AppConnecting(code, partial(profile_of, site), partial(revoked, tokens, REVOKE_TOKEN))


async def found_channels(api: str, site: str, http: Http, tokens: Tokens) -> Profile | tuple[Profile, ...]:
    """The channels the tokens speak for; one, mostly."""
    all_of_them = await channels(site, http, Account(0, 0, api, "", "", tokens.secrets))
    found = tuple(replace(one, expires_at=tokens.expires_at) for one in all_of_them)
    return found[0] if len(found) == 1 else found


async def profile_of(site: str, http: Http, account: Account) -> Profile:
    """Whose the tokens are: the channel that was chosen."""
    found = await channels(site, http, account)
    return next((one for one in found if one.remote_id == account.remote_id), found[0])


async def channels(site: str, http: Http, account: Account) -> tuple[Profile, ...]:
    """The channels of the account. NeedsReconnect where it has none."""
    query = {"part": "snippet,contentDetails", "mine": "true"}
    found = read(wire.Channels, (await call(http, WAY, CHANNELS, account, query=query)).body).items
    if not found:
        raise NeedsReconnect(
            "This Google account has no YouTube channel.", remedy="Create one on youtube.com, then reconnect."
        )
    return tuple(_profile(site, account, one) for one in found)


def _profile(site: str, account: Account, one: wire.Channel) -> Profile:
    return Profile(
        server=account.server,
        remote_id=one.id,
        handle=one.snippet.customUrl or one.snippet.title or one.id,
        name=one.snippet.title or one.id,
        secrets=dict(account.secrets),
        url=f"{site}/channel/{one.id}",
        avatar_url=one.snippet.preview,
        limits={"uploads": one.contentDetails.relatedPlaylists.uploads},
    )
