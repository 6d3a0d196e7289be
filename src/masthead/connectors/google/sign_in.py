"""Sign-in with Google: a code with PKCE, a refresh token that lasts, and giving it back.

Source: https://developers.google.com/identity/protocols/oauth2/web-server, read 2026-11-24.
"""

from __future__ import annotations

from masthead.contract.authorization_code import AuthorizationCode, Dialect, Who
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account

ACCOUNTS = "https://accounts.google.com"
TOKENS = "https://oauth2.googleapis.com"
GET_TOKEN = Operation("get_token", "POST", "/token")
REVOKE_TOKEN = Operation("revoke_token", "POST", "/revoke")
ASKS = (("access_type", "offline"), ("prompt", "consent"), ("include_granted_scopes", "false"))
"""Without these Google gives a refresh token on the very first sign-in only. Those of apps in testing die after seven days."""


def google_code(
    api: str, accounts: str, tokens: str, token: Operation, scopes: tuple[str, ...], who: Who
) -> AuthorizationCode:
    """The redirect for an API of Google's. `accounts` is the site people sign in on, `tokens` that of the token endpoint."""
    return AuthorizationCode(
        server=api,
        authorize_url=f"{accounts}/o/oauth2/v2/auth",
        token=token,
        scopes=scopes,
        who=who,
        dialect=Dialect(asks=ASKS),
        token_url=f"{tokens}/token",
    )


async def revoked(tokens: str, operation: Operation, http: Http, account: Account) -> None:
    """Give the whole grant back; what is dead already is no error."""
    token = account.secrets.get("refresh_token") or account.secrets.get("access_token")
    try:
        await http.call(operation, tokens, url=f"{tokens}/revoke", data={"token": str(token)})
    except (Refused, NeedsReconnect):
        return
