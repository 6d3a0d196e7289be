"""What the contract promises of results: exact, by day, as they stand now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from masthead.connectors.tests import ads_kit as kit
from masthead.connectors.tests.ads_harness import AdsHarness
from masthead.contract.ads import AdsPart, DayResult, Order
from masthead.contract.http import Http
from masthead.contract.platform import Platform
from masthead.contract.values import Account

TODAY = datetime.now(UTC).date()


def day_of(harness: AdsHarness, group: str, ad: str, ago: int, spend: int, **told: float) -> DayResult:
    told_ad = ad if harness.by_ad else ""
    numbers = {"impressions": 1000, "clicks": 40, "conversions": 2.0, "value": 9_000_000, **told}
    return DayResult(TODAY - timedelta(days=ago), group, told_ad, spend, **numbers)  # type: ignore[arg-type]


async def asked(
    ads: AdsPart, http: Http, account: Account, made: dict[str, str], *, by_place: bool = False
) -> list[DayResult]:
    found = await ads.results(
        http, account, [made], TODAY - timedelta(days=6), TODAY - timedelta(days=1), by_place=by_place
    )
    return sorted(found, key=lambda one: (one.day, one.ad, one.place))


async def test_results_come_by_day_exactly_and_are_told_anew(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    made = await kit.create(platform, http, account, order)
    group, ad = kit.carrier(platform, made), made["ad:0"]
    cent = 10_000
    rows = [
        day_of(harness, group, ad, 3, 1_234 * cent),
        day_of(harness, group, ad, 2, 10_000_007 * cent, clicks=123_456, impressions=7_654_321),
        day_of(harness, group, ad, 1, 29 * cent, conversions=0.0, value=0),
    ]
    outside = [day_of(harness, group, ad, 8, 5 * cent), day_of(harness, group, ad, 0, 5 * cent)]
    await harness.report(account, [*outside, *rows])
    assert await asked(ads, http, account, made) == rows
    anew = [replace(rows[0], spend=1_200 * cent, conversions=5.0, value=21_000_000), *rows[1:]]
    await harness.report(account, anew)
    assert await asked(ads, http, account, made) == anew, "days of the past are read as they stand now"
    assert all(type(one.spend) is int and type(one.value) is int for one in await asked(ads, http, account, made))


async def test_results_of_several_ad_groups_are_kept_apart(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    other = kit.order_for(harness, account)
    made, others = await kit.create(platform, http, account, order), await kit.create(platform, http, account, other)
    mine = day_of(harness, kit.carrier(platform, made), made["ad:0"], 2, 3_000_000)
    second = day_of(harness, kit.carrier(platform, made), made["ad:1"], 2, 5_000_000)
    theirs = day_of(harness, kit.carrier(platform, others), others["ad:0"], 2, 7_000_000)
    wanted = [mine, second] if harness.by_ad else [mine]
    await harness.report(account, [*wanted, theirs])
    ours = await asked(ads, http, account, made)
    assert {one.ad: one for one in ours} == {one.ad: one for one in wanted}
    since, until = TODAY - timedelta(days=6), TODAY
    both = await ads.results(http, account, [made, others], since, until)
    assert sum(one.spend for one in both) == sum(one.spend for one in wanted) + 7_000_000
    assert {one.group for one in both} == {kit.carrier(platform, made), kit.carrier(platform, others)}
    assert await ads.results(http, account, [], since, until) == ()


async def test_results_by_place_sum_up_to_those_without(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    if not ads.rules.by_place:
        pytest.skip(f"{platform.name} tells no results by place")
    made = await kit.create(platform, http, account, order)
    one = day_of(harness, kit.carrier(platform, made), made["ad:0"], 2, 4_000_000)
    rows = [replace(one, place="AT"), replace(one, place="DE", spend=6_000_000)]
    await harness.report(account, rows)
    assert await asked(ads, http, account, made, by_place=True) == rows
    assert sum(found.spend for found in await asked(ads, http, account, made)) == 10_000_000
