"""The sandbox's ad market: what it spends, what it tells of it, and how it can be made to misbehave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from masthead.contract import testing_ads_model as model
from masthead.contract import testing_ads_results as told
from masthead.contract import testing_ads_spend as spending
from masthead.contract.testing import CURVES, AdAccount, AdMarket, Curve, SandboxNetwork, SandboxServer, Store
from masthead.contract.testing_ads import Row, add_demo_accounts, demo_ads_token
from masthead.contract.testing_network import Problem

BEGAN = datetime(2026, 11, 1, 23, 0, tzinfo=UTC).timestamp()
"""Midnight where the accounts are: a Monday begins."""
SEARCH, SOCIAL, VIDEO = CURVES
TEXTS: Row = {"url": "https://bakery.example/?a=1", "headlines": ["Rye"], "bodies": ["Fresh rye"]}
EURO = 1_000_000


class Clock:
    """Real time that stands still until it is moved."""

    at = BEGAN

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def market(clock: Clock) -> AdMarket:
    return AdMarket(Store(":memory:"), clock)


def campaign(market: AdMarket, account: AdAccount, *, ads: int = 1, days: int = 60, **group: Any) -> Row:
    """An ad group with its campaign and ads, all started."""
    above = market.create(account, "campaigns", {"name": "C", "goal": "SALES"})
    dates = {"starts_at": market.now(), "ends_at": market.now() + days * model.DAY}
    wish = {"name": "G", "campaign": above["id"], "daily": 50 * EURO, **dates, **group}
    made = [above, market.create(account, "groups", wish)]
    creative = market.create(account, "creatives", {"name": "K", **TEXTS})
    for _ in range(ads):
        made.append(market.create(account, "ads", {"name": "A", "group": made[1]["id"], "creative": creative["id"]}))
    for one in made:
        market.change(account, one["kind"], one["id"], {"status": "active"})
    return market.must_find(account, "groups", made[1]["id"])


def go(market: AdMarket, account: AdAccount, days: float) -> None:
    market.move(days * model.DAY)
    spending.settle(market, account)


def days_of(market: AdMarket, account: AdAccount, group: Row, *, by_place: bool = False) -> list[Row]:
    return told.results(market, account, [group["id"]], "2026-11-01", "2027-03-01", by_place=by_place)


def test_it_spends_around_its_budget_and_never_more_than_a_day_may_bill(market: AdMarket) -> None:
    account = market.add(SOCIAL, "one")
    group = campaign(market, account, ads=2)
    go(market, account, 30)
    by_day: dict[str, int] = {}
    for row in days_of(market, account, group):
        by_day[row["day"]] = by_day.get(row["day"], 0) + row["spend"]
    assert len(by_day) == 30
    assert max(by_day.values()) <= 75 * EURO
    assert 0.9 < sum(by_day.values()) / (30 * 50 * EURO) < 1.1
    assert len(set(by_day.values())) > 20, "no two days are alike"


def test_a_hungry_account_takes_all_that_it_may(market: AdMarket) -> None:
    account = market.add(SOCIAL, "one")
    market.turn(account.id, hungry=True)
    group = campaign(market, account)
    go(market, account, 3)
    full = [spending.spent(market, group["id"], day) for day in ("2026-11-03", "2026-11-04")]
    assert full == pytest.approx([75 * EURO] * 2, abs=2)


def test_a_day_bills_by_the_highest_budget_that_stood_on_it(market: AdMarket) -> None:
    account = market.add(Curve("c", "C", 20, 200, 1, 9000, 0.5, 0.02, 1, 50, (1.0,) * 7, 0, 1), "one")
    market.turn(account.id, hungry=True)
    group = campaign(market, account, daily=100 * EURO)
    go(market, account, 0.5)
    market.change(account, "groups", group["id"], {"daily": 10 * EURO})
    go(market, account, 1.5)
    assert spending.spent(market, group["id"], "2026-11-02") == pytest.approx(75 * EURO + 7.5 * EURO, abs=10)
    assert spending.spent(market, group["id"], "2026-11-03") == pytest.approx(15 * EURO, abs=2)


@pytest.mark.parametrize("hungry", [False, True])
def test_it_never_bills_above_a_total_nor_after_the_end(market: AdMarket, hungry: bool) -> None:
    account = market.add(SEARCH, "one")
    market.turn(account.id, hungry=hungry)
    capped = campaign(market, account, total=180 * EURO)
    short = campaign(market, account, days=2)
    go(market, account, 20)
    assert spending.spent(market, capped["id"]) == 180 * EURO
    assert 0 < spending.spent(market, short["id"]) <= 2 * 75 * EURO
    assert {row["day"] for row in days_of(market, account, short)} == {"2026-11-02", "2026-11-03"}
    assert spending.state(market, account, short) == "over"


def test_a_full_account_leaves_money_unspent(market: AdMarket) -> None:
    account = market.add(SEARCH, "one")
    group = campaign(market, account, daily=900 * EURO)
    go(market, account, 7)
    most = SEARCH.capacity * max(SEARCH.weekdays) * EURO
    assert max(row["spend"] for row in days_of(market, account, group)) <= most


def test_nothing_is_spent_while_paused_removed_or_looked_at(market: AdMarket) -> None:
    account = market.add(VIDEO, "one")
    group = campaign(market, account)
    assert spending.state(market, account, group) == "waiting", "its ad is looked at for six hours"
    go(market, account, 0.25)
    assert spending.spent(market, group["id"]) == 0
    go(market, account, 0.25)
    some = spending.spent(market, group["id"])
    assert some > 0
    market.change(account, "campaigns", group["parent"], {"status": "paused"})
    go(market, account, 5)
    assert spending.spent(market, group["id"]) == some
    market.change(account, "campaigns", group["parent"], {"status": "active"})
    market.remove(account, "campaigns", group["parent"])
    go(market, account, 5)
    assert spending.spent(market, group["id"]) == some


@pytest.mark.parametrize(("word", "verdict"), [("forbidden", "rejected"), ("limited", "limited"), ("rye", "approved")])
def test_an_ad_is_judged_by_its_words(market: AdMarket, word: str, verdict: str) -> None:
    account = market.add(SEARCH, "one")
    group = campaign(market, account)
    creative = market.create(account, "creatives", {"name": "K", **TEXTS, "headlines": [f"A {word} word"]})
    ad = market.create(account, "ads", {"name": "A", "group": group["id"], "creative": creative["id"]})
    assert spending.review(market, account, ad, market.now())["verdict"] == verdict


def test_conversions_come_late_and_count_on_the_day_of_the_click(market: AdMarket) -> None:
    account = market.add(VIDEO, "one")
    group = campaign(market, account, daily=300 * EURO)
    go(market, account, 10)
    first = days_of(market, account, group)[0]
    market.change(account, "groups", group["id"], {"status": "paused"})
    seen = [sum(row["conversions"] for row in days_of(market, account, group))]
    for _day in range(9):
        go(market, account, 1)
        seen.append(sum(row["conversions"] for row in days_of(market, account, group)))
    assert seen == sorted(seen)
    assert seen[0] < seen[3] < seen[-1]
    assert seen[-2] == seen[-1], "after a week nothing is told anew"
    assert days_of(market, account, group)[0] == first, "the first day was whole after a week"


def test_the_same_orders_bring_the_same_and_follow_the_curve() -> None:
    day = "2026-11-05"

    def mean(curve: Curve, units: int) -> float:
        spend = units * EURO
        found = [len(model.conversions(curve, seed, "ad", day, 3, spend, spend)) for seed in range(60)]
        assert found == [len(model.conversions(curve, seed, "ad", day, 3, spend, spend)) for seed in range(60)]
        return sum(found) / len(found)

    for curve in CURVES:
        few, many = int(curve.half / 2), int(curve.half * 2)
        for units in (few, many):
            wanted = curve.expected(units) * curve.weekdays[3]
            assert mean(curve, units) == pytest.approx(wanted, rel=0.2)
    assert SEARCH.expected(120) / 120 > VIDEO.expected(120) / 120, "curves differ"
    assert SEARCH.expected(120) == pytest.approx(120 / 18)


def test_two_markets_of_one_seed_are_alike_and_of_another_are_not(clock: Clock) -> None:
    told_by: list[list[Row]] = []
    markets = [AdMarket(Store(":memory:"), clock, seed=seed) for seed in (7, 7, 8)]
    for market in markets:
        clock.at = BEGAN
        account = market.add(SEARCH, "one")
        group = campaign(market, account, ads=2)
        clock.at = BEGAN + 5 * model.DAY
        spending.settle(market, account)
        told_by.append(days_of(market, account, group))
    assert told_by[0] == told_by[1] != told_by[2]


def test_places_sum_up_to_the_day(market: AdMarket) -> None:
    account = market.add(SOCIAL, "one")
    group = campaign(market, account, places=["DE", "AT", "CH"])
    go(market, account, 3)
    whole, parts = days_of(market, account, group), days_of(market, account, group, by_place=True)
    assert {row["place"] for row in parts} == {"DE", "AT", "CH"}
    for name in told.COUNTED:
        assert sum(row[name] for row in whole) == sum(row[name] for row in parts) > 0


def test_clicks_can_be_walked_and_are_those_of_the_results(market: AdMarket) -> None:
    account = market.add(SEARCH, "one")
    group = campaign(market, account, ads=2)
    go(market, account, 12)
    clicks = told.clicks(market, account, "2026-11-03")
    rows = [row for row in days_of(market, account, group) if row["day"] == "2026-11-03"]
    assert len(clicks) == sum(row["clicks"] for row in rows) == len({one["id"] for one in clicks}) > 20
    paid = [one for one in clicks if one["converts_at"]]
    assert len(paid) == sum(row["conversions"] for row in rows) > 0
    assert sum(one["value"] for one in paid) == sum(row["value"] for row in rows)
    assert all(one["url"] == f"https://bakery.example/?a=1&sbclid={one['id']}" for one in clicks)
    assert all(account.day(one["at"]) == "2026-11-03" for one in clicks)
    assert all(one["converts_at"] > one["at"] for one in paid)


def test_a_late_account_tells_yesterday_by_half(market: AdMarket) -> None:
    account = market.add(SEARCH, "one")
    market.turn(account.id, late=True)
    account = market.account(account.id)
    group = campaign(market, account)
    go(market, account, 2.5)
    spent = [spending.spent(market, group["id"], f"2026-11-0{day}") for day in (2, 3, 4)]
    assert [row["spend"] for row in days_of(market, account, group)] == [spent[0], spent[1] // 2, 0]


def test_the_clock_can_be_pressed_together_and_outlives_a_restart(tmp_path: Path, clock: Clock) -> None:
    store = Store(str(tmp_path / "market.db"))
    market = AdMarket(store, clock, day_seconds=60)
    add_demo_accounts(market)
    group = campaign(market, market.account("search-demo"))
    clock.at += 5 * 60
    assert market.now() == pytest.approx(BEGAN + 5 * model.DAY)
    again = AdMarket(store, clock, day_seconds=model.DAY)
    clock.at += 30
    assert again.now() == pytest.approx(BEGAN + 5 * model.DAY + 30)
    spending.settle(again, again.account("search-demo"))
    assert len(days_of(again, again.account("search-demo"), group)) == 6
    store.close()


@pytest.mark.parametrize(
    ("kind", "wish", "field"),
    [
        ("campaigns", {"name": "C", "goal": "FAME"}, "goal"),
        ("campaigns", {"name": "x" * 101, "goal": "CLICKS"}, "name"),
        ("groups", {"daily": 999_999}, "daily"),
        ("groups", {"daily": 5_000_001}, "daily"),
        ("groups", {"total": 5_000_001}, "total"),
        ("groups", {"ends_at": 1.0}, "ends_at"),
        ("groups", {"places": ["Berlin"]}, "places"),
        ("creatives", {"headlines": ["x" * 41]}, "headlines"),
        ("creatives", {"bodies": []}, "bodies"),
        ("creatives", {"url": "ftp://bakery.example"}, "url"),
        ("creatives", {"assets": ["somebody's"]}, "assets"),
        ("creatives", {"boost": "no post"}, "boost"),
        ("assets", {"name": "P", "mime": "image/gif", "size": 5, "sha256": ""}, "assets"),
    ],
)
def test_what_it_does_not_take_is_named(market: AdMarket, kind: str, wish: Row, field: str) -> None:
    account = market.add(SEARCH, "one")
    above = market.create(account, "campaigns", {"name": "C", "goal": "CLICKS"})
    dates = {"starts_at": market.now(), "ends_at": market.now() + model.DAY}
    fine: Row = {"groups": {"campaign": above["id"], "daily": 5 * EURO, **dates}, "creatives": TEXTS}.get(kind, {})
    with pytest.raises(Problem) as caught:
        market.create(account, kind, {"name": "N", **fine, **wish})
    assert (caught.value.status, caught.value.field_name) == (422, field)


# Over HTTP


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    network = SandboxNetwork(Store(":memory:"))
    with SandboxServer(network, market=AdMarket(network.store)) as running:
        add_demo_accounts(running.market)
        yield running


async def test_knobs_turn_and_a_withdrawn_account_is_gone(server: SandboxServer) -> None:
    headers = {"Authorization": f"Bearer {demo_ads_token('video')}"}
    async with aiohttp.ClientSession(server.url) as session:
        me = await (await session.get("/ads/account", headers=headers)).json()
        assert (me["id"], me["currency"], me["minimum_daily"]) == ("video-demo", "EUR", 10 * EURO)
        knobs = {"account": "video-demo", "minimum": 20 * EURO}
        elsewhere = {"Sec-Fetch-Site": "cross-site"}
        assert (await session.post("/ads/market", json=knobs, headers=elsewhere)).status == 403
        assert (await session.post("/ads/market", json=knobs)).status == 200
        assert (await (await session.get("/ads/account", headers=headers)).json())["minimum_daily"] == 20 * EURO
        await session.post("/ads/market", json={"account": "video-demo", "withdrawn": True})
        assert (await session.get("/ads/account", headers=headers)).status == 410
        assert (await session.get("/ads/account")).status == 401


async def test_a_moved_clock_spends(server: SandboxServer) -> None:
    account = server.market.account("search-demo")
    group = campaign(server.market, account)
    async with aiohttp.ClientSession(server.url) as session:
        assert (await session.post("/ads/clock", json={"days": 3})).status == 200
    assert spending.spent(server.market, group["id"]) > 100 * EURO


async def test_faults_befall_what_they_are_for(server: SandboxServer) -> None:
    headers = {"Authorization": f"Bearer {demo_ads_token('search')}"}
    async with aiohttp.ClientSession(server.url, headers=headers) as session:
        await session.post("/ads/faults", json={"fault": "limited", "on": "read", "seconds": 9})
        wish = {"name": "C", "goal": "CLICKS"}
        assert (await session.post("/ads/campaigns", json=wish)).status == 201
        answer = await session.get("/ads/campaigns")
        assert (answer.status, answer.headers["Retry-After"]) == (429, "9")
        assert len((await (await session.get("/ads/campaigns")).json())["pieces"]) == 1
        await session.post("/ads/faults", json={"fault": "fail_500"})
        assert (await session.delete("/ads/faults")).status == 204
        assert (await session.post("/ads/campaigns", json=wish)).status == 201
