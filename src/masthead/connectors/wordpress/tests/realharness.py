"""The connector against a real WordPress, as the shared contract test sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from masthead.connectors.tests.forward import Forward
from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import Troubled
from masthead.connectors.wordpress.tests.double import ANSWERS, Routed, releases
from masthead.connectors.wordpress.tests.harness import WordPressHarness, stored
from masthead.connectors.wordpress.tests.realwordpress import PASSWORD, running_wordpress
from masthead.contract.values import Account


class RealHarness(WordPressHarness):
    """A WordPress site behind a door that breaks answers. `permalinks` as the site's setting has them, "" for plain ones."""

    def __init__(self, permalinks: str = "/%postname%/") -> None:
        self.permalinks = permalinks
        self._stack = ExitStack()

    def start(self) -> None:
        """Start site and door; skips where the programs are absent."""
        serving = Serving()
        self.site = self._stack.enter_context(running_wordpress(serving.url, self.permalinks))
        self.door = Troubled(Forward(self.site.url), releases, ANSWERS)
        serving.start(Routed(self.door))
        self._stack.callback(serving.stop)
        self.url = serving.url

    def stop(self) -> None:
        """Stop both."""
        self._stack.close()

    def reset(self) -> None:
        """Forget pending troubles."""
        self.door.clear()

    def good(self) -> Mapping[str, str]:
        """The site and a fresh author's application password."""
        _, name, password = self.site.person()
        return {"server": self.url, "user": name, "password": password}

    def bad(self) -> Sequence[Bad]:
        """What the double refuses, and users whose role does not suffice."""
        good = self.good()
        _, name, password = self.site.person("contributor")
        _, reader, other = self.site.person("subscriber")
        return (
            Bad("a site that does not answer", {**good, "server": "http://127.0.0.1:9"}, "server"),
            Bad("a wrong password", {**good, "password": "wrong"}, "password"),
            Bad("the password of the sign-in page", {**good, "password": PASSWORD}, "password"),
            Bad("no user of the site", {**good, "user": "nobody"}, "password"),
            Bad("a contributor", {**good, "user": name, "password": password}, "user"),
            Bad("a subscriber", {**good, "user": reader, "password": other}, "user"),
        )

    async def dead_account(self) -> Account:
        """An author whose application password was taken back."""
        account = await self.account()
        self.site.take_back(account.remote_id)
        return account

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Break the next answers to posts that are published."""
        self.door.next(kind, times)

    async def posts(self, account: Account) -> Sequence[Stored]:
        """What everybody sees of the author's posts, oldest first."""
        return [stored(one["id"], one["content"]["raw"]) for one in self.site.posts(author=account.remote_id)]
