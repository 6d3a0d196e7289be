"""Sign-in on X by OAuth 2.0 with PKCE; the app is confidential and signs in with a Basic header. Refresh tokens are used once."""

from __future__ import annotations

from functools import partial

from masthead.connectors.x import wire
from masthead.connectors.x.capabilities import limits_of
from masthead.connectors.x.errors import explaining
from masthead.connectors.x.operations import GET_TOKEN, ME, REVOKE_TOKEN, SCOPES
from masthead.contract.app_connecting import AppConnecting, revocation, whose
from masthead.contract.authorization_code import AuthorizationCode, Dialect
from masthead.contract.http import Http
from masthead.contract.values import Account, Profile

PROFILE_FIELDS = "profile_image_url,subscription_type,verified_type"


def bearer(account: Account) -> dict[str, str]:
    """The headers of a call in the account's name."""
    return {"Accept": "application/json", "Authorization": f"Bearer {account.secrets.get('access_token', '')}"}


def renewable(account: Account) -> bool:
    """True where a refresh token is there."""
    return bool(account.secrets.get("refresh_token"))


def connecting(api: str, site: str) -> AppConnecting:
    """The connect part. `api` is the origin of the API, `site` that of the pages people see."""
    profile = partial(profile_of, site)
    authorize, dialect = f"{site}/i/oauth2/authorize", Dialect(basic=True)
    code = AuthorizationCode(api, authorize, GET_TOKEN, SCOPES, whose(api, profile), dialect)
    return AppConnecting(code, profile, revocation(code, REVOKE_TOKEN, each=True))


async def profile_of(site: str, http: Http, account: Account) -> Profile:
    """Whose the tokens are, and what the account's subscription allows."""
    explain = explaining(renewable=renewable(account))
    query = {"user.fields": PROFILE_FIELDS}
    answer = await http.call(ME, account.server, query=query, headers=bearer(account), explain=explain)
    user = wire.data_of(wire.User, answer.body)
    return Profile(
        server=account.server,
        remote_id=user.id,
        handle=f"@{user.username}",
        name=user.name or user.username,
        secrets=dict(account.secrets),
        url=f"{site}/{user.username}",
        avatar_url=user.profile_image_url,
        limits=limits_of(user.subscription_type, user.verified_type, str(account.secrets.get("plan", ""))),
    )
