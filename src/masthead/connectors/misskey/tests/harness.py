"""What the shared contract test needs of Misskey: the double, fresh accounts on it, and its troubles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from joserfc.jwk import ECKey

from masthead.connectors.misskey import MISSKEY
from masthead.connectors.misskey.tests.double import MisskeyDouble
from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.platform import OAuthClient, Redirect
from masthead.contract.values import Account


class MisskeyHarness:
    """Fulfils `Harness`. An access token does not run out, and no key keeps a repeat from making a second note."""

    platform = MISSKEY
    troubles = frozenset(Trouble) - {Trouble.TOKEN_EXPIRED}
    media_type = "image/png"
    options: Mapping[str, object] = {}
    keyed = False

    def __init__(self) -> None:
        self.double = MisskeyDouble()

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
        """Server and token of a fresh account."""
        return {"server": self.double.url, "access_token": self.double.memory.person()}

    def bad(self) -> Sequence[Bad]:
        """A host that does not answer, a senseless one, a wrong token and none."""
        good = self.good()
        return (
            Bad("a server that does not answer", {**good, "server": "http://127.0.0.1:9"}, "server"),
            Bad("no server at all", {**good, "server": "not a server"}, "server"),
            Bad("a wrong token", {**good, "access_token": "wrong"}, "access_token"),
            Bad("no token", {**good, "access_token": " "}, "access_token"),
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
        """A connected account of a fresh profile."""
        form = self.platform.connecting.form
        assert form
        async with Transport(allow_private=True) as transport:
            http = Http(transport, platform="misskey", operations=self.platform.operations, meter=Unmetered())
            profile = await form.connect(http, self.good())
        return Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)

    async def dead_account(self) -> Account:
        """An account whose token was deleted on the server."""
        account = await self.account()
        self.double.memory.people.pop(account.secrets["access_token"])
        return account

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Do this to the next notes."""
        self.double.troubled.next(kind, times)

    async def posts(self, account: Account) -> Sequence[Stored]:
        """The account's notes, oldest first."""
        return [
            Stored(
                one.id,
                str(one.body.get("text") or ""),
                tuple(file.comment or "" for file in one.files),
                str(one.body.get("replyId") or ""),
            )
            for one in self.double.memory.notes
            if one.owner == account.remote_id
        ]

    def secrets(self, account: Account) -> Sequence[str]:
        """The access token."""
        return [str(account.secrets["access_token"])]


HARNESS = MisskeyHarness
