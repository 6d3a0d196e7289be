"""Sign-in on any WordPress site with an application password of one of its users."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from masthead.connectors.wordpress import wire
from masthead.connectors.wordpress.blocks import plain
from masthead.connectors.wordpress.errors import OPEN_API, ROLE, SWITCHED_OFF, code_of, explain
from masthead.connectors.wordpress.operations import CATEGORIES, CLOSED, ELSEWHERE, INDEX, ME
from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TryAgain
from masthead.contract.guard import check_url
from masthead.contract.http import Answer, Http
from masthead.contract.platform import Field, FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed
from masthead.kit.words import N_ as _

SERVER = Field("server", _("Site"), help=_("The address of the site's front page."), placeholder="example.org/blog")
USER = Field("user", _("User name"), help=_("As you sign in to WordPress; posts appear under this user's name."))
PASSWORD = Field(
    "password",
    _("Application password"),
    kind="password",
    help=_("From the site's dashboard: Users, Profile, Application Passwords. Not the password that you sign in with."),
)
MOST_REDIRECTS = 3
MOST_CATEGORIES = 100
PAGES = ("/wp-admin", "/wp-login.php", "/wp-json", "/index.php", "/xmlrpc.php")
"""Where people copy an address from although the site is one step above."""


def site_of(typed: str, *, allow_http: bool) -> str:
    """The address of a site without a slash at its end, perhaps with a path. Raises Refused(field="server")."""
    text = typed.strip()
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        host = f"{parts.hostname}{f':{parts.port}' if parts.port else ''}"
    except ValueError:
        parts, host = urlsplit("https://"), ""
    if not parts.hostname or " " in host or parts.scheme not in ("https", "http"):
        raise Refused("This is not the address of a site.", field="server", remedy="Type it like example.org.")
    if parts.scheme == "http" and not allow_http:
        raise Refused("The site must be reached over https.", field="server", remedy="Type it with https://.")
    path = parts.path
    for page in PAGES:
        path = path.partition(page)[0]
    site = f"{parts.scheme}://{host}{path.rstrip('/')}"
    check_url(site, allow_private=allow_http, field="server")
    return site


def basic(account: Account) -> dict[str, str]:
    """The header of a call in the account's name."""
    pair = f"{account.secrets.get('user', '')}:{account.secrets.get('password', '')}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


@dataclass
class PasswordForm:
    """The form sign-in."""

    fields: Sequence[Field] = (SERVER, USER, PASSWORD)

    async def connect(self, http: Http, answers: Mapping[str, str]) -> Profile:
        """The profile behind site, user and application password. Raises Refused or NeedsReconnect with the field."""
        site = site_of(answers.get("server", ""), allow_http=http.transport.allow_private)
        user, password = answers.get("user", "").strip(), "".join(answers.get("password", "").split())
        if not user or ":" in user:
            raise Refused("This is not a user name.", field="user", remedy="Type the name you sign in with.")
        if not password:
            raise Refused("There is no application password.", field="password", remedy="Make one in WordPress.")
        try:
            site, index = await _found(http, site)
            return await _profile(http, Account(0, 0, site, "", "", {"user": user, "password": password}), index)
        except TryAgain as error:
            raise Refused(
                f"The site does not answer as WordPress does: {error.message}",
                field="server",
                remedy="Check the address. " + OPEN_API,
                status=error.status,
            ) from None


@dataclass
class WordPressConnecting:
    """The connect part."""

    form: FormSignIn | None = field(default_factory=PasswordForm)
    redirect: RedirectSignIn | None = None

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask who we are, what the user may do and which categories there are. NeedsReconnect where the password is dead."""
        try:
            index = _index(await http.call(INDEX, account.server, explain=explain))
        except (Refused, TryAgain):
            index = None
        return await _profile(http, account, index)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """Application passwords do not run out."""
        return None

    async def revoke(self, http: Http, account: Account) -> None:
        """Only the person takes an application password back: the same one may serve elsewhere."""


async def _found(http: Http, site: str) -> tuple[str, wire.Index | None]:
    """The site's own address and what it tells of itself; it may have moved to https, to www or to another name."""
    for _hop in range(MOST_REDIRECTS):
        answer = await http.call(INDEX, site, explain=_explain_site)
        if answer.status not in ELSEWHERE:
            index = _index(answer)
            if index and index.authentication is not None and not index.takes_passwords:
                raise Refused("The site does not take application passwords.", field="password", remedy=SWITCHED_OFF)
            return site, index
        there = urljoin(site + "/", answer.headers.get("Location", ""))
        site = site_of(there.partition("?")[0], allow_http=http.transport.allow_private)
    raise Refused("The address redirects too often.", field="server", remedy="Use the site's final address.")


def _index(answer: Answer) -> wire.Index | None:
    """What the site tells of itself; None where it tells that only to people who are signed in."""
    if answer.status in CLOSED and code_of(answer.body):
        return None
    index = wire.read(wire.Index, answer.body) if isinstance(answer.body, dict) and answer.ok else wire.Index()
    if "wp/v2" not in index.namespaces:
        raise _no_site(answer)
    return index


def _explain_site(answer: Answer) -> ConnectorError | None:
    """For sign-in: a page that is missing means that this is not WordPress, or not its address."""
    return None if answer.status == 429 or answer.status >= 500 else _no_site(answer)


def _no_site(answer: Answer) -> Refused:
    return Refused(
        "There is no WordPress with an open REST API at this address.",
        field="server",
        remedy="Check the address of the site. " + OPEN_API,
        status=answer.status,
    )


async def _profile(http: Http, account: Account, index: wire.Index | None) -> Profile:
    query = {"context": "edit", "_fields": "id,username,slug,name,capabilities,avatar_urls"}
    answer = await http.call(ME, account.server, query=query, headers=basic(account), explain=explain)
    me = wire.read(wire.Me, answer.body)
    if me.lacks("edit_posts", "publish_posts", "edit_published_posts"):
        raise NeedsReconnect("This user may not publish on the site.", field="user", remedy=ROLE)
    parts = urlsplit(account.server)
    avatars = me.avatar_urls if isinstance(me.avatar_urls, dict) else {}
    found = Profile(
        server=account.server,
        remote_id=me.id,
        handle=f"{me.username or me.slug}@{parts.netloc}{parts.path}",
        name=plain(index.name if index else "") or me.name,
        secrets=dict(account.secrets),
        url=account.server + "/",
        avatar_url=(index and index.site_icon_url) or str(avatars.get("96", "")),
    )
    return replace(found, limits=await _limits(http, account, me))


async def _limits(http: Http, account: Account, me: wire.Me) -> dict[str, Any]:
    """The site's categories, and no files for those who may not upload; what is known so far where the site does not tell."""
    limits = {name: value for name, value in account.limits.items() if name != "max_attachments"}
    limits |= {"max_attachments": 0} if me.lacks("upload_files") else {}
    query = {"per_page": str(MOST_CATEGORIES), "orderby": "count", "order": "desc", "_fields": "id,name,parent"}
    try:
        answer = await http.call(CATEGORIES, account.server, query=query, headers=basic(account), explain=explain)
        terms = wire.rows(wire.Term, answer.body)
    except (Refused, TryAgain, NeedsReconnect):
        return limits
    names = {one.id: plain(one.name) for one in terms}
    labelled = [
        (one.id, f"{names[one.parent]} / {names[one.id]}" if one.parent in names else names[one.id]) for one in terms
    ]
    return limits | {
        "choices": {"category": [("", "As the site does"), *sorted(labelled, key=lambda one: one[1].lower())]}
    }
