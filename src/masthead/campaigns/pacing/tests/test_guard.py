"""The guard never lets the worst case pass the cap, whatever stood before and whatever is wanted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.campaigns.pacing import OpenDay, Rule, Standing, exposure, guard, reported
from masthead.campaigns.pacing.even import even, likely
from masthead.campaigns.pacing.standing import total_exposure

MICROS = st.integers(0, 10**12)
RULES = st.builds(
    Rule,
    over_delivery_percent=st.sampled_from([100, 125, 150, 175, 200]),
    total_cap=st.booleans(),
    total_rounding=st.sampled_from([0, 10_000]),
    minimum=st.sampled_from([0, 1_000_000]),
)
DAYS = st.builds(lambda budget, part: OpenDay(budget, budget * part // 100), MICROS, st.integers(0, 200))
STANDINGS = st.builds(
    Standing, closed=MICROS, open_days=st.lists(DAYS, max_size=3).map(tuple), today=MICROS, total=st.none() | MICROS
)
ROWS = st.lists(st.tuples(MICROS, RULES, STANDINGS), min_size=1, max_size=8)


@given(ROWS, st.integers(0, 10**13), st.integers(0, 60))
def test_the_worst_case_of_the_orders_stays_under_the_cap(rows, cap, days_left):
    wanted, rules, standings = (list(one) for one in zip(*rows, strict=True))
    plan = guard(cap, wanted, rules, standings, days_left=days_left)
    stood = total_exposure(rules, standings)
    assert plan.worst <= max(cap, stood)
    if stood > cap:
        assert not any(one.budget for one in plan.orders)
    for order, want, rule in zip(plan.orders, wanted, rules, strict=True):
        assert 0 <= order.budget <= want and (order.budget == 0 or order.budget >= rule.minimum or order.budget == want)
        assert (order.days == 0) == (order.budget == 0) and order.days <= max(days_left, 0)


@given(ROWS, st.integers(0, 10**13), st.integers(1, 60))
def test_no_total_is_put_below_what_may_be_spent_already(rows, cap, days_left):
    wanted, rules, standings = (list(one) for one in zip(*rows, strict=True))
    for order, rule, standing in zip(
        guard(cap, wanted, rules, standings, days_left=days_left).orders, rules, standings, strict=True
    ):
        if rule.total_cap:
            assert order.total is not None and order.total + rule.total_rounding >= exposure(rule, standing)
        else:
            assert order.total is None


def test_what_is_wanted_is_given_where_it_fits():
    plan = guard(1_000, [10, 20], [Rule(200), Rule(150)], [Standing(), Standing()], days_left=30)
    assert [one.budget for one in plan.orders] == [10, 20] and plan.share == 1
    assert plan.worst == 3 * 20 + 3 * 30 and {one.days for one in plan.orders} == {3}


def test_near_the_cap_an_order_runs_for_one_day_only():
    plan = guard(45, [20], [Rule(200)], [Standing()], days_left=30)
    assert plan.orders[0].budget == 20 and plan.orders[0].days == 1


def test_a_hungry_platform_without_a_total_gets_half_of_what_is_left():
    assert guard(100, [100], [Rule(200)], [Standing()], days_left=1).orders[0].budget == 50


def test_a_platform_that_keeps_a_total_gets_all_of_it():
    order = guard(100, [100], [Rule(200, total_cap=True)], [Standing()], days_left=1).orders[0]
    assert (order.budget, order.total) == (100, 100)


def test_what_ran_this_morning_counts_whatever_is_ordered_now():
    standing = Standing(today=40)
    plan = guard(100, [10], [Rule(200)], [standing], days_left=10)
    assert plan.orders[0].budget == 10 and plan.worst >= 80


def test_yesterday_counts_at_its_worst_until_it_is_final():
    standing = Standing(closed=50, open_days=(OpenDay(20, 8),))
    assert (reported(standing), exposure(Rule(200), standing)) == (58, 90)
    assert exposure(Rule(200, total_cap=True), Standing(50, (OpenDay(20, 8),), total=75)) == 75


def test_less_than_the_minimum_is_a_pause_that_says_so():
    rules = [Rule(100, minimum=50), Rule(100)]
    orders = guard(100, [60, 100], rules, [Standing(), Standing()], days_left=1).orders
    assert (orders[0].budget, orders[0].why) == (0, "minimum") and orders[1].why == "cap"


@pytest.mark.parametrize("days_left", [0, -1])
def test_after_the_end_everything_is_paused(days_left):
    plan = guard(100, [10], [Rule()], [Standing()], days_left=days_left)
    assert plan.orders[0].budget == 0


def test_an_even_day_is_what_is_left_over_the_days_left():
    standing = Standing(closed=40, open_days=(OpenDay(10, 5),))
    assert likely(Rule(200), standing) == 50
    assert even(100, [Rule(100)], [standing], days_left=5) == 10
    assert even(100, [Rule(200)], [standing], days_left=5) == 12, "yesterday's worst cannot be spent on the last day"
    assert even(100, [Rule(100)], [standing], days_left=0) == 0
