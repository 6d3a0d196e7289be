"""What an allocator promises whatever the market: money, limits, determinism, sense."""

from __future__ import annotations

import itertools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.campaigns.allocation import Allocator, Limits, Why
from masthead.campaigns.allocation.tests.worlds import past, random_past


def allocator(view, limits=None, benchmarks=None):
    """An allocator that was told of the campaign of a view."""
    made = Allocator(limits, benchmarks)
    made.start(view.P, view.T, view.daily)
    return made


def decide(view, limits=None, benchmarks=None):
    """The decision of a new allocator."""
    return allocator(view, limits, benchmarks).decide(view)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    arms=st.integers(1, 9),
    days=st.integers(0, 25),
    daily=st.sampled_from([0.05, 7.0, 500.0, 3e7]),
)
def test_money_and_limits_hold_whatever_was_seen(seed, arms, days, daily):
    view = random_past(np.random.default_rng(seed), arms, days, daily)
    budgets = decide(view).budgets
    assert budgets.shape == (arms,) and np.isfinite(budgets).all() and (budgets >= 0).all()
    assert budgets.sum() <= daily * (1 + 1e-12)
    assert (budgets[~view.live] == 0).all()


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    arms=st.integers(2, 8),
    days=st.integers(1, 20),
    strict=st.booleans(),
    part=st.sampled_from([1, 0.5]),
)
def test_no_budget_moves_more_than_a_fifth_when_what_was_given_is_spent(seed, arms, days, strict, part):
    luck = np.random.default_rng(seed)
    budgets = luck.dirichlet(np.ones(arms) * 3, days).T * 500 * part
    view = past(np.exp(luck.normal(3, 1, arms)), days, 500.0, budgets=budgets, luck=luck)
    moved = decide(view, Limits(hand_on_unspent=not strict)).budgets / budgets[:, -1]
    assert (moved < 1.2 + 1e-6).all() and (moved > 0.8 - 1e-6).all()


def test_the_strict_limit_holds_for_budgets_that_are_left_unspent_too():
    view = past(capacity=(30.0, 500.0, 500.0))
    strict, free = decide(view, Limits(hand_on_unspent=False)).budgets, decide(view).budgets
    assert strict[0] == pytest.approx(80.0)
    assert free[0] <= 35 and free[1:].sum() > 240


def test_the_same_view_gives_the_same_budgets_and_moves():
    view = random_past(np.random.default_rng(5), 6, 20)
    first, second = decide(view), decide(view)
    assert (first.budgets == second.budgets).all() and first.moves == second.moves


def test_a_mapping_and_an_object_say_the_same():
    view = past()
    assert (allocator(view).act(vars(view)) == allocator(view).act(view)).all()


def test_the_first_day_is_even_without_and_by_benchmarks_with():
    view = past(days=0)
    assert decide(view).budgets == pytest.approx([100, 100, 100], abs=3)
    told = decide(view, benchmarks=(10.0, 20.0, 40.0)).budgets
    assert told[0] > told[1] > told[2]
    assert {move.why for move in decide(view).moves} == {Why.FIRST_DAY}


def test_money_goes_to_where_it_brings_more():
    budgets = decide(past()).budgets
    assert budgets[0] == pytest.approx(120, abs=2) and budgets[2] == pytest.approx(80, abs=2)


def test_what_is_withdrawn_hands_its_money_on_at_once():
    view = past(live=np.array([False, True, True]))
    decision = decide(view)
    assert decision.budgets[0] == 0 and decision.budgets.sum() == pytest.approx(300, rel=1e-6)
    assert decision.moves[0].why is Why.WITHDRAWN and decision.moves[1].why is Why.HANDED_ON
    assert decision.budgets[1] > 120  # more than the daily limit, since the money was freed


def test_days_of_outage_teach_nothing():
    view = past()
    broken = past()
    broken.ok[0, 12:16] = False
    broken.y[0, 12:16] = 0.0
    broken.spend[0, 12:16] = 3.0
    assert decide(broken).budgets == pytest.approx(decide(view).budgets, abs=6)
    broken.ok[:] = True
    assert decide(broken).budgets != pytest.approx(decide(view).budgets, abs=6)


def test_floors_ceilings_and_minimums():
    view = past()
    assert decide(view, Limits(floor=(0, 0, 95))).budgets[2] >= 95 - 1e-9
    assert decide(view, Limits(ceiling=(90, None, None))).budgets[0] <= 90 + 1e-9
    assert decide(view, Limits(ceiling=(90, np.nan, np.nan))).moves[0].before == 100
    few = decide(past(daily=10.0), Limits(minimum=6.0)).budgets
    assert sorted(few > 0) == [False, False, True] and few.max() >= 6
    assert decide(past(days=0, daily=10.0), Limits(minimum=4.0)).budgets.min() == 0


def test_an_arm_that_learns_is_left_alone():
    view = past(learning=np.array([False, False, True]))
    decision = decide(view)
    assert decision.budgets[2] == pytest.approx(100)
    assert decision.moves[2].why is Why.LEARNING


@pytest.mark.parametrize(
    "limits", [Limits(max_cost=15.0, change=None), Limits(min_return=2.0, worth=30.0, change=None)]
)
def test_a_target_ends_spending_where_the_next_coin_costs_too_much(limits):
    decision = decide(past(half=0.8), limits)
    assert decision.budgets.sum() < 200 and decision.budgets[0] > decision.budgets[2]
    assert decide(past(half=0.8), Limits(max_cost=10_000.0)).budgets.sum() == pytest.approx(300, rel=1e-6)


def test_targets_that_contradict_themselves_are_refused():
    for wrong in ({"max_cost": 1.0, "min_return": 1.0}, {"max_cost": 0.0}, {"change": 1.5}):
        with pytest.raises(ValueError):
            Limits(**wrong)
    with pytest.raises(ValueError):
        decide(past(), Limits(floor=(1.0, 2.0)))


def test_coins_are_rounded_down():
    budgets = decide(past(daily=100.0), Limits(round_to=0.01)).budgets
    assert budgets.sum() <= 100 and np.allclose(budgets * 100, np.round(budgets * 100))


def test_every_move_has_a_reason_and_a_chance():
    view = past(capacity=(30.0, 500.0, 500.0))
    moves = decide(view).moves
    assert [move.arm for move in moves] == [0, 1, 2]
    assert moves[0].why is Why.FULL and moves[0].capacity == pytest.approx(30)
    assert all(0.5 <= move.sure <= 1 for move in moves)
    seen = decide(past(days=20)).moves
    assert seen[0].why is Why.BRINGS_MORE and seen[2].why is Why.BRINGS_LESS and seen[0].held
    assert seen[0].sure > decide(past(days=2)).moves[0].sure


@pytest.mark.parametrize("missing", ["spend", "budget", "y", "age", "tri", "ok", "live", "left", "daily", "T", "t"])
def test_a_missing_array_is_no_error(missing):
    view = vars(past(luck=np.random.default_rng(1)))
    budgets = allocator(past()).act({name: value for name, value in view.items() if name != missing})
    assert budgets.sum() == pytest.approx(300, rel=0.05) and np.isfinite(budgets).all()


def test_numbers_that_are_none_and_columns_of_the_future_are_no_error():
    view = past(luck=np.random.default_rng(1))
    view.y[0, 3], view.spend[1, 4], view.budget[2, 5], view.tri[0, 6, 0] = np.nan, np.nan, np.inf, -5
    assert decide(view).budgets.sum() == pytest.approx(300, rel=1e-6)
    whole = past()
    wide = {name: np.pad(getattr(whole, name), ((0, 0), (0, 40))) for name in ("spend", "budget", "y")}
    assert allocator(whole).act({**vars(whole), **wide}) == pytest.approx(allocator(whole).act(whole))


def test_ages_from_one_and_triangles_by_lag_are_understood():
    view = past(delay=4)
    plain = decide(view).budgets
    steps = np.diff(np.nan_to_num(view.tri), axis=2, prepend=0)
    steps[steps < 0] = 0
    for age, triangle in itertools.product((view.age, view.age + 1), (view.tri, np.nan_to_num(view.tri), steps)):
        assert allocator(view).act({**vars(view), "age": age, "tri": triangle}) == pytest.approx(plain)


def test_nothing_to_divide():
    assert decide(past(days=0, cost=(5.0,))).budgets == pytest.approx([300])
    assert decide(past(live=np.zeros(3, bool))).budgets.tolist() == [0, 0, 0]
    assert decide(past(left=0.0)).budgets.tolist() == [0, 0, 0]
    assert decide(past(left=40.0)).budgets.sum() <= 40
    none = past()
    none.y[:], none.tri[:] = 0, 0
    assert decide(none).budgets.sum() == pytest.approx(300, rel=1e-6)


def test_it_is_imported_without_django():
    code = "import sys; sys.modules['django'] = None; from masthead.campaigns.allocation import Allocator; print(Allocator.__name__)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "Allocator\n"
    )
