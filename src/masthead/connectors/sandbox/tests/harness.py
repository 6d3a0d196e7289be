"""The sandbox for the shared contract test: the real network, in a thread."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from masthead.connectors.sandbox import SANDBOX
from masthead.connectors.tests.harness import Bad, Stored, Trouble
from masthead.contract import testing_inbox as inbox
from masthead.contract.inbox import Kind
from masthead.contract.platform import OAuthClient, Platform, Redirect
from masthead.contract.testing import Fault, Member, SandboxServer
from masthead.contract.values import Account

FAULTS = {
    Trouble.FAIL_BEFORE: Fault.FAIL_500,
    Trouble.FAIL_AFTER: Fault.STORE_THEN_500,
    Trouble.CLOSE_AFTER: Fault.STORE_THEN_CLOSE,
    Trouble.CUT_SHORT: Fault.STORE_THEN_CUT,
    Trouble.HANG_AFTER: Fault.STORE_THEN_HANG,
    Trouble.HELD: Fault.HELD,
    Trouble.LIMITED: Fault.LIMITED,
    Trouble.TOKEN_EXPIRED: Fault.TOKEN_EXPIRED,
    Trouble.REFUSED: Fault.REFUSED,
}
HELD_SECONDS = 1.5
PUBLIC_URL = "http://masthead.test"


class SandboxHarness:
    """See masthead.connectors.tests.harness.Harness."""

    platform: Platform = SANDBOX
    troubles = frozenset(FAULTS)
    media_type = "image/png"
    options: Mapping[str, object] = {}

    def __init__(self) -> None:
        self.numbers = itertools.count(1)

    def start(self) -> None:
        self.server = SandboxServer().start()
        self.network = self.server.network

    def stop(self) -> None:
        self.server.stop()
        self.network.store.close()

    def reset(self) -> None:
        self.network.knobs.clear()

    def _member(self) -> tuple[Member, str]:
        number = next(self.numbers)
        member = Member(f"member{number}", f"Member {number}")
        return member, self.network.add(member)

    def good(self) -> Mapping[str, str]:
        return {"server": self.server.url, "token": self._member()[1]}

    def bad(self) -> Sequence[Bad]:
        token = self._member()[1]
        return (
            Bad("a host that does not answer", {"server": "http://127.0.0.1:9", "token": token}, "server"),
            Bad("not an address", {"server": "http://[::1", "token": token}, "server"),
            Bad("no address", {"server": "", "token": token}, "server"),
            Bad("a wrong token", {"server": self.server.url, "token": "wrong-token"}, "token"),
            Bad("no token", {"server": self.server.url, "token": ""}, "token"),
        )

    def redirect_answers(self) -> Mapping[str, str]:
        return {"server": self.server.url}

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        form = dict(parse_qsl(urlsplit(redirect.url).query))
        form |= {"handle": self._member()[0].handle, "answer": "allow" if allow else "deny"}
        async with aiohttp.ClientSession() as session:
            assert (await session.get(redirect.url)).status == 200
            answer = await session.post(f"{self.server.url}/authorize", data=form, allow_redirects=False)
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def client(self) -> OAuthClient:
        return OAuthClient(PUBLIC_URL, "Masthead", {})

    async def account(self) -> Account:
        member = self._member()[0]
        code = self.network.allow(member.handle, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", PUBLIC_URL)
        tokens = self.network.exchange(code, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", PUBLIC_URL)
        secrets = {"token": tokens.token, "refresh_token": tokens.refresh}
        return Account(1, 1, self.server.url, member.handle, f"@{member.handle}", secrets, dict(member.limits))

    async def dead_account(self) -> Account:
        account = await self.account()
        self.network.revoke(account.secrets["token"])
        return account

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        seconds = HELD_SECONDS if kind is Trouble.HELD else 120
        self.network.turn(FAULTS[kind], times=times, seconds=seconds)

    async def posts(self, account: Account) -> Sequence[Stored]:
        found = self.network.recent(account.remote_id, most=1000)
        return [
            Stored(post["id"], post["text"], tuple(one["alt"] for one in post["media"]), post["reply_to"])
            for post in reversed(found)
        ]

    async def receive(self, account: Account, kind: Kind, text: str, about: str = "") -> str:
        other = self._member()[0]
        if kind is Kind.DIRECT:
            return str(inbox.write(self.network, other, account.remote_id, text, None)["id"])
        named = f"@{account.remote_id} {text}" if kind is Kind.MENTION else text
        return str(self.network.post(other, {"text": named, "reply_to": about}, None)["id"])

    async def told(self, account: Account, kind: Kind) -> Sequence[Stored]:
        if kind is not Kind.DIRECT:
            return await self.posts(account)
        member = self.network.member(account.remote_id)
        assert member
        found = inbox.directs(self.network, member, 0, 1000)
        return [Stored(one["id"], one["text"]) for one in found if one["sender"] == member.handle]

    def secrets(self, account: Account) -> Sequence[str]:
        return [str(secret) for secret in account.secrets.values()]


HARNESS = SandboxHarness
