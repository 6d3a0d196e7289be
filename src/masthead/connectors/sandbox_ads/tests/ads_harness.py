"""The sandbox's ad market for the shared contract test: the real market, in a thread."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Literal

from masthead.connectors.sandbox_ads import SANDBOX_ADS
from masthead.connectors.sandbox_ads.create import PATHS
from masthead.connectors.tests.ads_harness import AdsHarness, StoredPiece
from masthead.connectors.tests.harness import Bad, Trouble
from masthead.contract import testing_ads_results as told
from masthead.contract.ads import DayResult, Made
from masthead.contract.platform import Platform
from masthead.contract.testing import CURVES, AdAccount, Fault, SandboxServer
from masthead.contract.testing_ads_spend import state
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
KINDS = {path: kind for kind, path in PATHS.items()}
SEARCH = CURVES[0]
TEXTS = {"url": "https://bakery.example", "headlines": ["Rye"], "bodies": ["Fresh rye"]}


class SandboxAdsHarness(AdsHarness):
    """See masthead.connectors.tests.ads_harness."""

    platform: Platform = SANDBOX_ADS
    troubles = frozenset(FAULTS)

    def start(self) -> None:
        self.server = SandboxServer().start()
        self.market = self.server.market

    def stop(self) -> None:
        self.server.stop()
        self.server.network.store.close()

    def reset(self) -> None:
        for one in self.market.knobs.values():
            one.clear()

    def good(self) -> Mapping[str, str]:
        return {"server": self.server.url, "token": self.market.add(SEARCH).token}

    def bad(self) -> Sequence[Bad]:
        token = self.market.add(SEARCH).token
        return (
            Bad("a host that does not answer", {"server": "http://127.0.0.1:9", "token": token}, "server"),
            Bad("no address", {"server": "", "token": token}, "server"),
            Bad("a wrong token", {"server": self.server.url, "token": "wrong-token"}, "token"),
            Bad("no token", {"server": self.server.url, "token": ""}, "token"),
        )

    async def account(self) -> Account:
        one = self.market.add(SEARCH)
        limits = {"currency": one.currency, "time_zone": one.time_zone}
        return Account(1, 1, self.server.url, one.id, one.id, {"token": one.token}, limits)

    async def dead_account(self) -> Account:
        account = await self.account()
        self.market.renew(account.remote_id, secrets.token_hex(8))
        return account

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        self.market.fault(FAULTS[kind], times=times, seconds=HELD_SECONDS if kind is Trouble.HELD else 120)

    def _there(self, account: Account) -> AdAccount:
        return self.market.account(account.remote_id)

    async def stored(self, account: Account) -> Sequence[StoredPiece]:
        rows = [row for path in KINDS for row in self.market.listed(self._there(account), path)]
        return [
            StoredPiece(
                KINDS[row["kind"]],
                row["id"],
                row["name"],
                row["status"] == "active",
                row["details"].get("daily"),
                row["details"].get("total"),
            )
            for row in sorted(rows, key=lambda row: int(row["seq"]))
        ]

    async def spending(self, account: Account) -> Sequence[str]:
        there = self._there(account)
        return [
            row["id"]
            for row in self.market.listed(there, "groups")
            if state(self.market, there, row) in ("serving", "waiting")
        ]

    async def foreign(self, account: Account) -> None:
        there, market = self._there(account), self.market
        made = [market.create(there, "campaigns", {"name": "Theirs", "goal": "CLICKS"})]
        dates = {"starts_at": market.now(), "ends_at": market.now() + 86_400}
        group = {"name": "Theirs", "campaign": made[0]["id"], "daily": 5_000_000, **dates}
        made += [market.create(there, "groups", group), market.create(there, "creatives", {"name": "Theirs", **TEXTS})]
        ad = {"name": "Theirs", "group": made[1]["id"], "creative": made[2]["id"]}
        for row in (*made, market.create(there, "ads", ad)):
            market.change(there, row["kind"], row["id"], {"status": "active"})

    async def vanish(self, account: Account, made: Made) -> None:
        self.market.remove(self._there(account), "campaigns", made["campaign"])

    async def review(
        self, account: Account, ad: str, verdict: Literal["approved", "pending", "rejected"], why: str
    ) -> None:
        row = self.market.must_find(self._there(account), "ads", ad)
        self.market.store.save("ad_piece", ad, row["details"] | {"verdict": {"verdict": verdict, "why": why}})

    async def report(self, account: Account, results: Sequence[DayResult]) -> None:
        rows = [{**asdict(one), "day": one.day.isoformat()} for one in results]
        told.tell(self.market, self._there(account), rows)

    def secrets(self, account: Account) -> Sequence[str]:
        return [str(account.secrets["token"])]


HARNESS = SandboxAdsHarness
