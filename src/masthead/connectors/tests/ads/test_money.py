"""What the contract promises of budgets, of starting and stopping, and of what runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from masthead.connectors.tests import ads_kit as kit
from masthead.connectors.tests.ads_harness import AdsHarness
from masthead.connectors.tests.ads_kit import budget_of
from masthead.contract.ads import AdsPart, Order, pieces
from masthead.contract.errors import Refused
from masthead.contract.http import Http
from masthead.contract.platform import Platform
from masthead.contract.values import Account


async def test_a_budget_is_exact_and_may_be_set_again(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    made = await kit.create(platform, http, account, order)
    step = ads.rules.budget.step
    wanted = order.daily // step * step + 3 * step
    before = len(await harness.stored(account))
    for _again in range(2):
        await ads.set_budget(http, account, made, budget_of(order, wanted))
        money = {one.remote_id: one for one in await harness.stored(account)}[kit.carrier(platform, made)]
        assert money.daily == wanted
        standing = await ads.standing(http, account, order, made)
        assert standing.daily in (wanted, None)
        if standing.ends_at:
            assert abs(standing.ends_at - budget_of(order, 0).ends_at) < timedelta(days=1)
    assert len(await harness.stored(account)) == before
    assert not await harness.spending(account), "a budget starts nothing"
    if step > 1:
        await ads.set_budget(http, account, made, budget_of(order, wanted + step - 1))
        money = {one.remote_id: one for one in await harness.stored(account)}[kit.carrier(platform, made)]
        assert money.daily == wanted, "what is finer than a step is left out, never added"


async def test_a_total_stands_where_the_platform_keeps_one(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    if not ads.rules.budget.total:
        pytest.skip(f"{platform.name} keeps no total")
    whole = replace(order, total=order.daily * 10)
    await kit.create(platform, http, account, whole)
    assert [one.total for one in await harness.stored(account) if one.total] == [order.daily * 10]


async def test_a_budget_below_the_minimum_is_refused(
    platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    made = await kit.create(platform, http, account, order)
    told = await ads.minimum(http, account, order.goal)
    least = kit.smallest(ads.rules, account) if told is None else told
    if not least:
        pytest.skip(f"{platform.name} has no smallest budget")
    await ads.set_budget(http, account, made, budget_of(order, least))
    with pytest.raises(Refused) as caught:
        await ads.set_budget(http, account, made, budget_of(order, least - ads.rules.budget.step))
    assert caught.value.field == "daily"
    assert all((caught.value.message, caught.value.remedy))
    assert (await ads.standing(http, account, order, made)).daily in (least, None)


async def test_start_pause_and_end_may_be_repeated(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    made = await kit.create(platform, http, account, order)
    for _again in range(2):
        await ads.start(http, account, made)
        assert list(await harness.spending(account)) == [kit.carrier(platform, made)]
        assert (await ads.standing(http, account, order, made)).running
    for _again in range(2):
        await ads.pause(http, account, made)
        assert not await harness.spending(account)
        standing = await ads.standing(http, account, order, made)
        assert standing.present and not standing.running
    await ads.start(http, account, made)
    assert await harness.spending(account)
    for _again in range(2):
        await ads.end(http, account, made)
        assert not await harness.spending(account)
        assert not (await ads.standing(http, account, order, made)).running
    assert await ads.running(http, account) == ()


async def test_a_half_made_order_can_be_paused_and_ended(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    made: dict[str, str] = {}
    for piece in pieces(ads.rules, order):
        await ads.pause(http, account, dict(made))
        await kit.add(platform, http, account, order, piece, made)
        assert not (await ads.standing(http, account, order, dict(made))).running
    first = dict([next(iter(made.items()))])
    await ads.end(http, account, first)
    await ads.end(http, account, made)
    assert not await harness.spending(account)


async def test_what_a_person_removed_is_gone_and_no_trouble_to_stop(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    made = await kit.create(platform, http, account, order)
    await ads.start(http, account, made)
    await harness.vanish(account, made)
    standing = await ads.standing(http, account, order, made)
    assert not standing.present and not standing.running
    await ads.pause(http, account, made)
    await ads.end(http, account, made)
    with pytest.raises(Refused):
        await ads.start(http, account, made)
    assert not await harness.spending(account)


async def test_reviews_are_told_by_ad(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    made = await kit.create(platform, http, account, order)
    await ads.start(http, account, made)
    assert "approved" in harness.verdicts and "rejected" in harness.verdicts
    await harness.review(account, made["ad:0"], "approved", "")
    await harness.review(account, made["ad:1"], "rejected", "It shouts.")
    reviews = (await ads.standing(http, account, order, made)).reviews
    assert set(reviews) == {"ad:0", "ad:1"}
    assert reviews["ad:0"].verdict == "approved"
    assert reviews["ad:1"].verdict == "rejected"
    assert reviews["ad:1"].why
    if "pending" in harness.verdicts:
        await harness.review(account, made["ad:1"], "pending", "")
        assert (await ads.standing(http, account, order, made)).reviews["ad:1"].verdict == "pending"


async def test_running_is_what_bears_our_mark_and_may_spend(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    started, still = await kit.create(platform, http, account, order), kit.order_for(harness, account)
    await kit.create(platform, http, account, still)
    await harness.foreign(account)
    assert await ads.running(http, account) == ()
    await ads.start(http, account, started)
    found = await ads.running(http, account)
    assert [one.remote_id for one in found] == [kit.carrier(platform, started)]
    assert order.mark in found[0].name
    assert found[0].daily in (order.daily, None)
    await ads.pause(http, account, started)
    assert await ads.running(http, account) == ()
    assert await harness.spending(account), "what is not ours goes on"
