"""Sign-in on TikTok: OAuth 2.0 where the client id is called client_key; TikTok asks no PKCE of web apps. Refresh tokens rotate."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from masthead.connectors.tiktok import wire
from masthead.connectors.tiktok.capabilities import AUDIENCES, INTERACTIONS
from masthead.connectors.tiktok.errors import explaining
from masthead.connectors.tiktok.operations import CREATOR, GET_TOKEN, ME, REVOKE_TOKEN, SCOPES
from masthead.contract.app_connecting import AppConnecting, whose
from masthead.contract.authorization_code import AuthorizationCode, Dialect, Tokens
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Answer, Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account, Profile


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


def connecting(api: str, site: str) -> AppConnecting:
    """The connect part. `api` is the origin of the API, `site` that of the pages people see."""
    profile = partial(profile_of, site)
    inner = whose(api, profile)

    async def who(http: Http, tokens: Tokens) -> Profile | tuple[Profile, ...]:
        _check_granted(tokens)
        return await inner(http, tokens)

    dialect = Dialect(client_id="client_key", separator=",", pkce=False)
    code = AuthorizationCode(api, f"{site}/v2/auth/authorize/", GET_TOKEN, SCOPES, who, dialect)
    return AppConnecting(code, profile, give_back)


def _check_granted(tokens: Tokens) -> None:
    """Refused where the person left out a right."""
    granted = str(tokens.raw.get("scope") or ",".join(SCOPES)).split(",")
    if missing := [one for one in SCOPES if one not in granted]:
        raise Refused(f"Not allowed: {', '.join(missing)}.", remedy="Sign in again and leave all rights switched on.")


async def give_back(http: Http, account: Account) -> None:
    """Give the access back; TikTok takes the access token and ends the refresh token with it."""
    app = account.secrets
    form = {"client_key": str(app.get("client_id", "")), "client_secret": str(app.get("client_secret", ""))}
    try:
        await http.call(REVOKE_TOKEN, account.server, data=form | {"token": str(app.get("access_token", ""))})
    except (Refused, NeedsReconnect):
        return  # it is dead already


async def profile_of(site: str, http: Http, account: Account) -> Profile:
    """Whose the tokens are, and what the account allows."""
    api, secrets, query = account.server, account.secrets, {"fields": "open_id,display_name,avatar_url"}
    user = wire.data_of(wire.UserData, (await asked(http, api, secrets, ME, query=query)).body).user
    creator = await creator_of(http, api, secrets)
    name = creator.creator_username
    return Profile(
        server=api,
        remote_id=user.open_id,
        handle=f"@{name or user.display_name}",
        name=creator.creator_nickname or user.display_name,
        secrets=dict(secrets),
        url=f"{site}/@{name}" if name else "",
        avatar_url=user.avatar_url,
        limits=limits_of(creator),
    )


def limits_of(creator: wire.Creator) -> dict[str, Any]:
    """What an account allows, as `Capabilities.narrowed` takes it."""
    audiences = [[one, AUDIENCES.get(one, one)] for one in creator.privacy_level_options]
    missing = [name for name, interaction in INTERACTIONS.items() if creator.disabled(interaction)]
    told: dict[str, Any] = {"choices": {"privacy_level": audiences}, "without_options": missing}
    longest = creator.max_video_post_duration_sec
    return told | ({"video_max_seconds": longest} if longest else {})
