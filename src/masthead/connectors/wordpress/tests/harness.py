"""What the shared contract test needs of WordPress: the double, fresh authors on it, and its troubles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape

from joserfc.jwk import ECKey

from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.connectors.wordpress import WORDPRESS
from masthead.connectors.wordpress.blocks import plain
from masthead.connectors.wordpress.tests.double import WordPressDouble
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.platform import OAuthClient, Redirect
from masthead.contract.values import Account

ALT = re.compile(r'<img [^>]*?alt="([^"]*)"')


def stored(number: int | str, raw: str) -> Stored:
    """A post of the site as the shared tests see it."""
    return Stored(str(number), plain(raw), tuple(unescape(one) for one in ALT.findall(raw)))


class WordPressHarness:
    """Fulfils `Harness`. An application password does not run out; the draft keeps a repeat from making a second post."""

    platform = WORDPRESS
    troubles = frozenset(Trouble) - {Trouble.TOKEN_EXPIRED}
    media_type = "image/png"
    options: Mapping[str, object] = {}

    def __init__(self) -> None:
        self.double = WordPressDouble()

    def start(self) -> None:
        """Start the double."""
        self.double.start()

    def stop(self) -> None:
        """Stop the double."""
        self.double.stop()

    def reset(self) -> None:
        """Forget pending troubles."""
        self.double.troubled.clear()

    def good(self) -> Mapping[str, str]:
        """The site and a fresh author's application password, as WordPress shows it."""
        user = self.double.memory.user()
        chunks = " ".join(user.password[place : place + 4] for place in range(0, 24, 4))
        return {"server": self.double.url, "user": user.name, "password": chunks}

    def bad(self) -> Sequence[Bad]:
        """A host that does not answer, a senseless one, another page, a wrong password, none, and a user who may not publish."""
        good, reader = self.good(), self.double.memory.user("publish_posts")
        return (
            Bad("a site that does not answer", {**good, "server": "http://127.0.0.1:9"}, "server"),
            Bad("no site at all", {**good, "server": "not a site"}, "server"),
            Bad("a page that is not WordPress", {**good, "server": f"{self.double.url}/shop"}, "server"),
            Bad("a wrong password", {**good, "password": "wrong"}, "password"),
            Bad("no password", {**good, "password": " "}, "password"),
            Bad("no user", {**good, "user": " "}, "user"),
            Bad("no right to publish", {**good, "user": reader.name, "password": reader.password}, "user"),
        )

    def redirect_answers(self) -> None:
        """There is no redirect sign-in."""

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        """There is no page to visit."""
        raise AssertionError("there is no redirect sign-in")

    def client(self) -> OAuthClient:
        """Masthead at a test address."""
        return OAuthClient("http://127.0.0.1:1", "Masthead", ECKey.generate_key("P-256").as_dict(private=True))

    async def account(self) -> Account:
        """A connected account of a fresh author."""
        form = self.platform.connecting.form
        assert form
        async with Transport(allow_private=True) as transport:
            http = Http(transport, platform="wordpress", operations=self.platform.operations, meter=Unmetered())
            profile = await form.connect(http, self.good())
        return Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)

    async def dead_account(self) -> Account:
        """An author whose application password was taken back."""
        account = await self.account()
        self.double.memory.users.pop(account.secrets["user"])
        return account

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Do this to the next posts that are published."""
        self.double.troubled.next(kind, times)

    async def posts(self, account: Account) -> Sequence[Stored]:
        """What everybody sees of the author's posts, oldest first."""
        return [
            stored(one.id, one.fields.get("content", ""))
            for one in self.double.memory.rows.values()
            if str(one.owner) == account.remote_id and (one.kind, one.status) == ("post", "publish")
        ]

    def secrets(self, account: Account) -> Sequence[str]:
        """The application password."""
        return [str(account.secrets["password"])]


HARNESS = WordPressHarness
