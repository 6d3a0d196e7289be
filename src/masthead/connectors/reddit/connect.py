"""Sign-in on Reddit by OAuth 2.0 with duration=permanent. The app signs in with a Basic header, and everything names itself."""

from __future__ import annotations

import html
from functools import partial
from typing import Any

from masthead.connectors.reddit import wire
from masthead.connectors.reddit.errors import errors_in, explaining
from masthead.connectors.reddit.operations import GET_TOKEN, ME, REVOKE_TOKEN, SCOPES
from masthead.contract.app_connecting import AppConnecting, revocation, whose
from masthead.contract.authorization_code import AuthorizationCode, Dialect
from masthead.contract.http import Answer, Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account, Profile

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


def connecting(api: str, site: str) -> AppConnecting:
    """The connect part. `api` is the origin of the API, `site` that of the pages people see and of the tokens."""
    profile = partial(profile_of, site)
    code = AuthorizationCode(
        api,
        f"{site}/api/v1/authorize",
        GET_TOKEN,
        SCOPES,
        whose(api, profile),
        Dialect(basic=True, pkce=False, asks=(("duration", "permanent"),), headers=(("User-Agent", AGENT),)),
        token_url=f"{site}/api/v1/access_token",
    )
    return AppConnecting(code, profile, revocation(code, REVOKE_TOKEN, f"{site}/api/v1/revoke_token"))


async def profile_of(site: str, http: Http, account: Account) -> Profile:
    """Whose the tokens are."""
    user = wire.read(wire.User, (await asked(http, account, ME, query={"raw_json": "1"})).body)
    return Profile(
        server=account.server,
        remote_id=user.id,
        handle=f"u/{user.name}",
        name=user.name,
        secrets=dict(account.secrets),
        url=f"{site}/user/{user.name}/",
        avatar_url=html.unescape(user.icon_img),
    )
