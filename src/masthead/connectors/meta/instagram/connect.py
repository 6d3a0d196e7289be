"""Sign-in with Facebook: each professional Instagram account behind the person's Pages is a profile to choose."""

from __future__ import annotations

from typing import Any

from masthead.connectors.meta.containers import quotas, told_limit
from masthead.connectors.meta.instagram.errors import WAY
from masthead.connectors.meta.instagram.operations import DEBUG_TOKEN, GET_PAGE, GET_TOKEN, MY_PAGES, SCOPES
from masthead.connectors.meta.instagram.prepare import STEPS
from masthead.connectors.meta.pages import Calls, Page, PagesSignIn
from masthead.contract.http import Http
from masthead.contract.values import Account, Profile

FIELDS = "id,name,access_token,instagram_business_account{id,username,name,profile_picture_url}"
NOTHING = (
    "None of the Pages that Facebook shows has a professional Instagram account. Make the account a business or creator "
    "account and link it to a Page."
)


def connecting(api: str, site: str) -> PagesSignIn:
    """The connect part for Facebook's servers: the Graph API and the site people sign in on."""
    return PagesSignIn(
        api,
        site,
        WAY,
        Calls(GET_TOKEN, DEBUG_TOKEN, MY_PAGES, GET_PAGE),
        SCOPES,
        FIELDS,
        profile_of,
        NOTHING,
        limits_of,
    )


async def limits_of(http: Http, account: Account) -> dict[str, Any]:
    """How many posts Instagram takes from the account, as it tells at the moment."""
    return quotas({"posts": (await told_limit(http, STEPS, account)).config})


def profile_of(server: str, page: Page) -> Profile | None:
    """The account of a Page as a profile; None where it has none. Its secrets are filled in by the caller."""
    account = page.instagram_business_account
    if account is None:
        return None
    return Profile(
        server=server,
        remote_id=account.id,
        handle=f"@{account.username or account.id}",
        name=account.name or account.username or account.id,
        secrets={},
        url=f"https://www.instagram.com/{account.username}/" if account.username else "",
        avatar_url=account.profile_picture_url or "",
    )
