"""Sign-in with Facebook: one sign-in shows the Pages of a person, and the Instagram accounts behind them.

The token a channel keeps is the Page's own, which does not run out; the person's long-lived token renews it where Meta took it back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from masthead.connectors.meta import wire
from masthead.connectors.meta.errors import GRANT
from masthead.connectors.meta.graph import VERSION, Way, call, debug, exchanged, missing, with_token
from masthead.contract.authorization_code import AuthorizationCode, Dialect, Tokens
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Http
from masthead.contract.operations import Operation
from masthead.contract.platform import FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed

MOST_PAGES = 10


class Url(wire.Shape):
    """The inside of a picture."""

    url: str = ""


class Picture(wire.Shape):
    """A Page's picture."""

    data: Url = Url()


class Professional(wire.Shape):
    """The Instagram account of a Page."""

    id: str
    username: str = ""
    name: str | None = ""
    profile_picture_url: str | None = ""


class Page(wire.Shape):
    """A Page, with the token to act as it where the person may."""

    id: str
    name: str = ""
    username: str = ""
    link: str = ""
    access_token: str = ""
    tasks: list[str] = []
    picture: Picture = Picture()
    instagram_business_account: Professional | None = None


class Pages(wire.Shape):
    """/me/accounts."""

    data: list[Page] = []
    paging: wire.Paging = wire.Paging()


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls a sign-in makes, as listed by the platform that uses it."""

    token: Operation
    debug: Operation
    pages: Operation
    page: Operation


ProfileOf = Callable[[str, Page], Profile | None]
Limits = Callable[[Http, Account], Awaitable[Mapping[str, Any]]]


@dataclass
class PagesSignIn:
    """The connect part of a platform behind Facebook's sign-in. `fields`: what is asked of a Page; `profile`: whose it is.

    `limits`: what the platform tells of an account's own limits.
    """

    api: str
    site: str
    way: Way
    calls: Calls
    scopes: tuple[str, ...]
    fields: str
    profile: ProfileOf
    nothing: str
    limits: Limits | None = None
    form: FormSignIn | None = None
    redirect: RedirectSignIn | None = field(init=False)

    def __post_init__(self) -> None:
        self.redirect = AuthorizationCode(
            self.api,
            f"{self.site}/{VERSION}/dialog/oauth",
            self.calls.token,
            self.scopes,
            self.who,
            Dialect(separator=",", pkce=False),
            self.lengthen,
        )

    async def lengthen(self, http: Http, tokens: Tokens) -> Tokens:
        """A token of an hour or two for one of 60 days."""
        return await self._longer(http, tokens, tokens.access_token)

    async def who(self, http: Http, tokens: Tokens) -> tuple[Profile, ...]:
        """The profiles behind a sign-in. Refused where a permission was not given, or none of its Pages will do."""
        told = await debug(http, self.calls.debug, self.api, tokens.secrets, tokens.access_token)
        if lacks := missing(told, self.scopes):
            raise Refused(f"These permissions were not given: {', '.join(lacks)}.", remedy=GRANT)
        me = Account(0, 0, self.api, "me", "", tokens.secrets)
        found = [self._filled(page, tokens) for page in await self._pages(http, me)]
        profiles = tuple(one for one in found if one)
        if not profiles:
            raise Refused(self.nothing, remedy="Choose the Page in Facebook's own dialogue when you sign in.")
        return profiles

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask for the Page and about the token. NeedsReconnect where it is dead or lacks a permission."""
        page = await self._page(http, account)
        told = await debug(
            http, self.calls.debug, account.server, account.secrets, str(account.secrets.get("access_token", ""))
        )
        if lacks := missing(told, self.scopes):
            raise NeedsReconnect(f"These permissions are missing: {', '.join(lacks)}.", remedy=GRANT)
        profile = self.profile(account.server, page)
        if profile is None:
            raise NeedsReconnect(self.nothing, remedy=GRANT)
        limits = await self.limits(http, account) if self.limits else {}
        return replace(profile, secrets=dict(account.secrets), limits=limits, expires_at=told.expires_at)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """A new Page token, by way of the person's renewed one. None where no person's token is kept."""
        secrets = account.secrets
        if not secrets.get("user_token"):
            return None
        tokens = await self._longer(http, Tokens(secrets, None, {}), str(secrets["user_token"]))
        page = await self._page(http, with_token(account, tokens.access_token))
        if not page.access_token:
            raise NeedsReconnect("You may no longer act as this Page.", remedy=GRANT)
        return Refreshed(
            dict(secrets) | {"access_token": page.access_token, "user_token": tokens.access_token}, expires_at=None
        )

    async def revoke(self, http: Http, account: Account) -> None:
        """Nothing: Meta only takes back the whole sign-in, and with it every other Page's channel."""

    def _filled(self, page: Page, tokens: Tokens) -> Profile | None:
        """A profile with its secrets; None where the person may not post there."""
        profile = self.profile(self.api, page)
        if profile is None or not page.access_token or (page.tasks and "CREATE_CONTENT" not in page.tasks):
            return None
        app = {name: tokens.secrets[name] for name in ("client_id", "client_secret") if tokens.secrets.get(name)}
        kept = {"access_token": page.access_token, "user_token": tokens.access_token, "page_id": page.id}
        return replace(profile, secrets=app | kept)

    async def _longer(self, http: Http, tokens: Tokens, token: str) -> Tokens:
        app = {name: str(tokens.secrets.get(name, "")) for name in ("client_id", "client_secret")}
        asked = app | {"grant_type": "fb_exchange_token", "fb_exchange_token": token}
        return await exchanged(http, self.calls.token, self.api, asked, tokens)

    async def _page(self, http: Http, account: Account) -> Page:
        answer = await call(
            http,
            self.way,
            self.calls.page,
            account,
            path={"id": str(account.secrets.get("page_id", ""))},
            sent={"fields": self.fields},
        )
        return wire.read(Page, answer.body)

    async def _pages(self, http: Http, me: Account) -> Sequence[Page]:
        found: list[Page] = []
        cursor = ""
        for _ in range(MOST_PAGES):
            sent = {"fields": f"{self.fields},tasks", "limit": "100"} | ({"after": cursor} if cursor else {})
            answer = await call(http, self.way, self.calls.pages, me, sent=sent)
            page = wire.read(Pages, answer.body)
            found += page.data
            cursor = page.paging.cursor
            if not cursor:
                break
        return found
