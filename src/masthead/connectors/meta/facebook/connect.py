"""Sign-in with Facebook: each Page of the person is a profile to choose."""

from __future__ import annotations

from masthead.connectors.meta.facebook.errors import WAY
from masthead.connectors.meta.facebook.operations import DEBUG_TOKEN, GET_PAGE, GET_TOKEN, MY_PAGES, SCOPES
from masthead.connectors.meta.pages import Calls, Page, PagesSignIn
from masthead.contract.values import Profile

FIELDS = "id,name,username,link,access_token,picture{url}"


def connecting(api: str, site: str) -> PagesSignIn:
    """The connect part for Facebook's servers: the Graph API and the site people sign in on."""
    calls = Calls(GET_TOKEN, DEBUG_TOKEN, MY_PAGES, GET_PAGE)
    return PagesSignIn(
        api, site, WAY, calls, SCOPES, FIELDS, profile_of, "Facebook shows no Page that you may post on."
    )


def profile_of(server: str, page: Page) -> Profile:
    """A Page as a profile; its secrets are filled in by the caller."""
    return Profile(
        server=server,
        remote_id=page.id,
        handle=f"@{page.username}" if page.username else page.name or page.id,
        name=page.name or page.id,
        secrets={},
        url=page.link or f"https://www.facebook.com/{page.id}",
        avatar_url=page.picture.data.url,
    )
