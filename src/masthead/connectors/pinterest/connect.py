"""Sign-in on Pinterest by OAuth 2.0. The app signs in with a Basic header; the account's boards come with the profile."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from masthead.connectors.pinterest import wire
from masthead.connectors.pinterest.errors import explaining
from masthead.connectors.pinterest.operations import BOARDS, GET_TOKEN, ME, REVOKE_TOKEN, SCOPES
from masthead.contract.app_connecting import AppConnecting, revocation, whose
from masthead.contract.authorization_code import AuthorizationCode, Dialect
from masthead.contract.http import Answer, Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account, Profile

MOST_PAGES = 4
PAGE = "250"


async def asked(http: Http, server: str, secrets: Mapping[str, Any], operation: Operation, **rest: Any) -> Answer:
    """One call in the account's name."""
    headers = {"Accept": "application/json", "Authorization": f"Bearer {secrets.get('access_token', '')}"}
    explain = explaining(renewable=bool(secrets.get("refresh_token")))
    return await http.call(operation, server, headers=headers, explain=explain, **rest)


def connecting(api: str, site: str) -> AppConnecting:
    """The connect part. `api` is the origin of the API, `site` that of the pages people see."""
    profile = partial(profile_of, site)
    dialect = Dialect(basic=True, separator=",", pkce=False)
    code = AuthorizationCode(api, f"{site}/oauth/", GET_TOKEN, SCOPES, whose(api, profile), dialect)
    return AppConnecting(code, profile, revocation(code, REVOKE_TOKEN, each=True))


async def profile_of(site: str, http: Http, account: Account) -> Profile:
    """Whose the tokens are, and which boards there are."""
    api, secrets = account.server, account.secrets
    user = wire.read(wire.User, (await asked(http, api, secrets, ME)).body)
    boards = await _boards(http, api, secrets)
    return Profile(
        server=api,
        remote_id=user.id or user.username,
        handle=f"@{user.username}",
        name=user.business_name or user.username,
        secrets=dict(secrets),
        url=f"{site}/{user.username}/",
        avatar_url=user.profile_image,
        limits={"choices": {"board": boards}},
    )


async def _boards(http: Http, api: str, secrets: Mapping[str, Any]) -> list[list[str]]:
    """The boards that take Pins, at most 1,000, as (id, name)."""
    found: list[wire.Board] = []
    bookmark = ""
    for _ in range(MOST_PAGES):
        query = {"page_size": PAGE} | ({"bookmark": bookmark} if bookmark else {})
        page = wire.read(wire.Boards, (await asked(http, api, secrets, BOARDS, query=query)).body)
        found += page.items
        bookmark = page.bookmark
        if not bookmark:
            break
    return [[one.id, one.name] for one in found if not one.is_ads_only]
