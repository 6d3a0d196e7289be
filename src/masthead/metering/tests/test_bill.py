"""A month's bill, line by line; what is counted once; what a plan includes and refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from masthead.kit.money import Money
from masthead.metering.bill import Kind, Usage, bill, cycle
from masthead.metering.price_rows import catalogue
from masthead.metering.prices import Billing, NotOffered

MONTH = date(2026, 8, 1)
START = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)


def worked_example() -> list[Usage]:
    """A shop's month: 30 posts (20 with a link), 60 summoned replies, 30 alternative texts, messages, 100 mentions, daily numbers."""
    usages = [Usage(START + timedelta(days=day), "post.create") for day in range(10)]
    usages += [Usage(START + timedelta(days=day), "post.create.url") for day in range(20)]
    usages += [Usage(START + timedelta(hours=12 * turn), "post.create.summoned") for turn in range(60)]
    usages += [Usage(START + timedelta(days=day), "media.metadata") for day in range(30)]
    usages += [Usage(START + timedelta(days=day), "dm.create") for day in range(30)]
    usages += [Usage(START + timedelta(hours=14 * turn), "dm.read", resources=(f"dm{turn}",)) for turn in range(50)]
    usages += [
        Usage(START + timedelta(hours=7 * turn), "post.read.owned", resources=(f"m{turn}",)) for turn in range(100)
    ]
    last = tuple(f"own{number}" for number in range(50))
    return usages + [Usage(START + timedelta(days=day), "post.read.owned", resources=last) for day in range(30)]


def table(usages: list[Usage], *, own_app: bool) -> dict[str, tuple[int, str, str]]:
    made = bill(usages, catalogue(), "x", "ppu", MONTH, own_app=own_app)
    return {one.operation: (one.units, str(one.each), str(one.amount)) for one in made.lines}


SAME = {
    "post.create": (10, "USD 0.015", "USD 0.15"),
    "post.create.url": (20, "USD 0.20", "USD 4.00"),
    "post.create.summoned": (60, "USD 0.01", "USD 0.60"),
    "media.metadata": (30, "USD 0.005", "USD 0.15"),
    "dm.create": (30, "USD 0.015", "USD 0.45"),
    "dm.read": (50, "USD 0.01", "USD 0.50"),
}


def test_the_worked_example_with_an_app_of_ones_own():
    assert table(worked_example(), own_app=True) == SAME | {"post.read.owned": (1_600, "USD 0.001", "USD 1.60")}
    total = bill(worked_example(), catalogue(), "x", "ppu", MONTH, own_app=True).total
    assert total == Money.of("7.45", "USD")


def test_the_worked_example_with_a_shared_app():
    assert table(worked_example(), own_app=False) == SAME | {"post.read": (1_600, "USD 0.005", "USD 8.00")}
    assert bill(worked_example(), catalogue(), "x", "ppu", MONTH, own_app=False).total == Money.of("13.85", "USD")


def test_what_is_read_twice_on_a_day_counts_once_and_the_line_says_how_many_there_were():
    again = [Usage(START + timedelta(hours=hours), "post.read", resources=("a", "b")) for hours in (0, 1, 24)]
    (line,) = bill(again, catalogue(), "x", "ppu", MONTH, own_app=False).lines
    assert (line.units, line.seen, str(line.amount)) == (4, 6, "USD 0.02")


def test_a_shared_app_pays_once_for_a_post_that_is_read_both_ways():
    both = [Usage(START, key, resources=("a",)) for key in ("post.read", "post.read.owned")]
    assert bill(both, catalogue(), "x", "ppu", MONTH, own_app=False).total == Money.of("0.005", "USD")
    assert bill(both, catalogue(), "x", "ppu", MONTH, own_app=True).total == Money.of("0.006", "USD")


def test_a_price_that_changes_within_the_month_gives_two_lines():
    posts = [Usage(datetime(2026, 4, day, tzinfo=UTC), "post.create.url") for day in (19, 20)]
    lines = bill(posts, catalogue(), "x", "ppu", date(2026, 4, 1), own_app=True).lines
    assert [(one.operation, str(one.amount)) for one in lines] == [
        ("post.create", "USD 0.01"),
        ("post.create.url", "USD 0.20"),
    ]


def test_a_fee_includes_so_much_and_beyond_it_units_are_refused_and_not_priced():
    reads = [Usage(START + timedelta(minutes=turn), "post.read", units=6_000) for turn in range(3)]
    made = bill([*reads, Usage(START, "post.create")], catalogue(), "x", "basic", MONTH, own_app=False)
    assert made.total == Money.of("200", "USD")
    assert [(one.kind, one.operation, one.units) for one in made.lines] == [
        (Kind.FEE, "", 1),
        (Kind.INCLUDED, "post.read", 15_000),
        (Kind.INCLUDED, "post.create", 1),
    ]
    (refused,) = made.refused
    assert (refused.operation, refused.units, refused.allowance.limit) == ("post.read", 3_000, 15_000)


def test_a_cap_refuses_what_goes_beyond_and_a_higher_cap_goes_on_counting():
    reads = [
        Usage(datetime(2026, 8, 12, tzinfo=UTC), "post.read", units=2_500_000),
        Usage(datetime(2026, 8, 14, tzinfo=UTC), "post.read", units=1_500_000),
    ]
    made = bill(reads, catalogue(), "x", "ppu", MONTH, own_app=False)
    assert [one.units for one in made.lines] == [3_000_000]
    assert [(one.units, one.allowance.limit) for one in made.refused] == [(500_000, 2_000_000), (500_000, 3_000_000)]
    assert made.total == Money.of("15000", "USD")


def test_one_account_meets_its_own_limit_before_the_apps():
    posts = [Usage(START + timedelta(seconds=n), "post.create", units=2_000, account=n % 2) for n in range(4)]
    made = bill(posts, catalogue(), "x", "basic", MONTH, own_app=False)
    assert sum(one.units for one in made.refused) == 2_000
    assert {one.allowance.scope for one in made.refused} == {"account"}


def test_units_of_a_day_are_weighed():
    day = datetime(2025, 3, 3, tzinfo=UTC)
    uploads = [Usage(day + timedelta(minutes=turn), "videos.insert") for turn in range(8)]
    made = bill(uploads, catalogue(), "youtube", "", date(2025, 3, 1), own_app=True)
    assert [(one.kind, one.units) for one in made.lines] == [(Kind.FREE, 6)]
    assert [one.units for one in made.refused] == [2]


def test_a_price_for_a_thousand_is_exact_for_one():
    calls = [Usage(START, "", units=12_345)]
    assert bill(calls, catalogue(), "reddit", "commercial", MONTH, own_app=True).total == Money.of("2.9628", "USD")


def test_a_month_begins_on_the_day_the_plan_was_bought():
    begin, end = cycle(Billing.ANNIVERSARY, date(2026, 1, 1), 31)
    assert (begin.date(), end.date()) == (date(2026, 1, 31), date(2026, 2, 28))
    posts = [Usage(datetime(2026, 8, day, tzinfo=UTC), "post.create") for day in (16, 17)]
    assert bill(posts, catalogue(), "x", "ppu", MONTH, own_app=True, anniversary=17).total == Money.of("0.015", "USD")


def test_calls_before_a_plan_was_there_are_not_its_bill():
    posts = [Usage(datetime(2026, 2, day, tzinfo=UTC), "post.create") for day in (5, 6)]
    assert bill(posts, catalogue(), "x", "ppu", date(2026, 2, 1), own_app=True).total == Money.of("0.01", "USD")
    with pytest.raises(NotOffered, match="no plan 'ppu' in 2026-01"):
        bill(posts, catalogue(), "x", "ppu", date(2026, 1, 1), own_app=True)


def test_a_fee_by_contract_is_said_to_be_unknown():
    made = bill([Usage(START, "post.create")], catalogue(), "x", "enterprise", MONTH, own_app=True)
    assert not made.known and not made.total
