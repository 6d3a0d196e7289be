"""The connect part of a platform whose way in is the authorization code of a developer app: sign in, verify, refresh, give back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from masthead.contract.authorization_code import AuthorizationCode, Tokens, Who, basic
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Http
from masthead.contract.operations import Operation
from masthead.contract.platform import FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed

ProfileOf = Callable[[Http, Account], Awaitable[Profile]]
GiveBack = Callable[[Http, Account], Awaitable[None]]


def whose(server: str, profile: ProfileOf) -> Who:
    """The `who` of a sign-in behind which there is one profile."""

    async def who(http: Http, tokens: Tokens) -> Profile:
        found = await profile(http, Account(0, 0, server, "", "", tokens.secrets))
        return replace(found, expires_at=tokens.expires_at)

    return who


def revocation(code: AuthorizationCode, operation: Operation, url: str = "", *, each: bool = False) -> GiveBack:
    """Give the tokens back (RFC 7009): the refresh token, else the access token; `each` where one does not end the other.

    A token that is dead already is no error.
    """

    async def give_back(http: Http, account: Account) -> None:
        app, headers = account.secrets, dict(code.dialect.headers)
        headers["Authorization"] = basic(str(app.get("client_id", "")), str(app.get("client_secret", "")))
        held = [kind for kind in ("refresh_token", "access_token") if app.get(kind)]
        for kind in held if each else held[:1]:
            form = {"token": str(app[kind]), "token_type_hint": kind}
            try:
                await http.call(operation, code.server, url=url or None, data=form, headers=headers, raw=True)
            except (Refused, NeedsReconnect):
                continue

    return give_back


@dataclass
class AppConnecting:
    """The connect part. `profile` asks whose an account is; `give_back` is None where the platform takes nothing back.

    `form` is a second way in, by typed credentials.
    """

    code: AuthorizationCode
    profile: ProfileOf
    give_back: GiveBack | None = None
    form: FormSignIn | None = None
    redirect: RedirectSignIn | None = field(init=False)

    def __post_init__(self) -> None:
        self.redirect = self.code

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask the platform who we are."""
        return await self.profile(http, account)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """New tokens; None without a refresh token, where only a new sign-in helps."""
        if not account.secrets.get("refresh_token"):
            return None
        tokens = await self.code.renew(http, account.secrets)
        return Refreshed(tokens.secrets, tokens.expires_at)

    async def revoke(self, http: Http, account: Account) -> None:
        """Give the tokens back where the platform takes them."""
        if self.give_back:
            await self.give_back(http, account)
