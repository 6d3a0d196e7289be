"""Sign-in on LinkedIn: the person's own profile and each Page they administer are profiles to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from masthead.connectors.linkedin import wire
from masthead.connectors.linkedin.capabilities import PAGE_WITHOUT
from masthead.connectors.linkedin.errors import GRANT, Forbidden
from masthead.connectors.linkedin.operations import GET_PAGES, GET_TOKEN, ME, MY_PAGES, USER_INFO
from masthead.connectors.linkedin.plans import MEMBER_READ, SCOPES, SELF_SERVE, plan_of
from masthead.connectors.linkedin.rest import call, quoted, renewable
from masthead.contract.authorization_code import AuthorizationCode, Dialect, Tokens
from masthead.contract.errors import NeedsReconnect
from masthead.contract.http import Http
from masthead.contract.platform import Field, FormSignIn, OAuthClient, Redirect, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed

PAGE = "urn:li:organization:"
MEMBER = "urn:li:person:"
MAY_POST = frozenset({"ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN"})
MOST_ROLES = 100


def is_page(account: Account) -> bool:
    """True for a Page's account."""
    return account.remote_id.startswith(PAGE)


def shows_posts(account: Account) -> bool:
    """True where LinkedIn lets the account's own posts be read: Pages, and members of apps with r_member_social."""
    return is_page(account) or account.limits.get("plan") == MEMBER_READ


@dataclass
class SignIn:
    """The redirect: what is asked for depends on the product the app has."""

    ways: Mapping[str, AuthorizationCode]
    fields: tuple[Field, ...] = ()

    async def start(
        self, http: Http, answers: Mapping[str, str], *, redirect_uri: str, client: OAuthClient
    ) -> Redirect:
        """Where to send the person."""
        way = self.ways[plan_of(answers.get("plan"))]
        return await way.start(http, answers, redirect_uri=redirect_uri, client=client)

    async def finish(
        self, http: Http, keep: Mapping[str, Any], query: Mapping[str, str], *, redirect_uri: str, client: OAuthClient
    ) -> Profile | tuple[Profile, ...]:
        """The profiles behind the code."""
        way = self.ways[plan_of(keep.get("plan"))]
        return await way.finish(http, keep, query, redirect_uri=redirect_uri, client=client)


@dataclass
class LinkedInConnecting:
    """The connect part. `api` is the origin of the API, `site` that of the pages people see."""

    api: str
    site: str
    form: FormSignIn | None = None
    redirect: RedirectSignIn | None = None
    ways: dict[str, AuthorizationCode] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for plan, scopes in SCOPES.items():
            self.ways[plan] = AuthorizationCode(
                server=self.api,
                authorize_url=f"{self.site}/oauth/v2/authorization",
                token=GET_TOKEN,
                scopes=scopes,
                who=self.who,
                dialect=Dialect(pkce=False),
                token_url=f"{self.site}/oauth/v2/accessToken",
            )
        self.redirect = SignIn(self.ways)

    async def who(self, http: Http, tokens: Tokens) -> tuple[Profile, ...]:
        """The person's Pages, if the app may know them, then the person."""
        me = Account(0, 0, self.api, "", "", tokens.secrets, {"plan": plan_of(tokens.secrets.get("plan"))})
        pages = () if me.limits["plan"] == SELF_SERVE else await self._pages(http, me)
        found = (*pages, await self._member(http, me))
        return tuple(replace(one, expires_at=tokens.expires_at) for one in found)

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask LinkedIn who we are; a Page must still be shown to the person."""
        me = replace(account, limits={"plan": plan_of(account.secrets.get("plan"))})
        if not is_page(account):
            return await self._member(http, me)
        found = await self._by_number(http, me, [account.remote_id.removeprefix(PAGE)])
        if not found:
            raise NeedsReconnect("LinkedIn no longer shows you this Page.", remedy=GRANT)
        return found[0]

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """New tokens where LinkedIn gave a refresh token; without one only a new sign-in helps, every 60 days."""
        if not renewable(account):
            return None
        tokens = await self.ways[plan_of(account.secrets.get("plan"))].renew(http, account.secrets)
        return Refreshed(tokens.secrets, tokens.expires_at)

    async def revoke(self, http: Http, account: Account) -> None:
        """Nothing: the sign-in is shared by the person's other channels. They can take it back in LinkedIn's settings."""

    async def _member(self, http: Http, me: Account) -> Profile:
        if me.limits["plan"] == SELF_SERVE:
            info = wire.read(wire.UserInfo, (await call(http, USER_INFO, me)).body)
            return self._profile(me, MEMBER + info.sub, info.name, f"{self.site}/in/me", info.picture)
        one = wire.read(wire.Me, (await call(http, ME, me)).body)
        name = f"{one.localizedFirstName} {one.localizedLastName}".strip()
        return self._profile(me, MEMBER + one.id, name, f"{self.site}/in/{one.vanityName or 'me'}")

    async def _pages(self, http: Http, me: Account) -> tuple[Profile, ...]:
        ready = {"start": "0", "count": str(MOST_ROLES)}
        try:
            roles = wire.read(wire.Roles, (await call(http, MY_PAGES, me, ready=ready)).body)
        except Forbidden:
            return ()
        numbers = [one.organization.removeprefix(PAGE) for one in roles.elements if one.role in MAY_POST]
        return await self._by_number(http, me, list(dict.fromkeys(numbers))) if numbers else ()

    async def _by_number(self, http: Http, me: Account, numbers: list[str]) -> tuple[Profile, ...]:
        ready = {"ids": ",".join(quoted(one) for one in numbers)}
        found = wire.read(wire.Organizations, (await call(http, GET_PAGES, me, ready=ready)).body).results.values()
        return tuple(
            replace(
                self._profile(me, PAGE + one.id, one.localizedName, f"{self.site}/company/{one.vanityName or one.id}"),
                limits={**me.limits, "without_options": PAGE_WITHOUT},
            )
            for one in found
        )

    def _profile(self, me: Account, urn: str, name: str, url: str, picture: str = "") -> Profile:
        shown = name or urn
        return Profile(self.api, urn, shown, shown, dict(me.secrets), url, picture, dict(me.limits))
