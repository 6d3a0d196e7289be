"""Verdicts on creatives: exact boundaries, evidence whose mean is 1 under "alike", shares that add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom, norm

from masthead.campaigns.experiments import Arm, Day, boundaries, evidence, judge, judge_open, shares
from masthead.campaigns.experiments.boundary import spent
from masthead.campaigns.experiments.evidence import interval
from masthead.campaigns.experiments.verdict import shares_looked_at

MONTH = [(day + 1) / 30 for day in range(30)]


def test_one_look_at_the_end_is_the_plain_test():
    assert boundaries([1.0]) == pytest.approx([norm.isf(0.025)], abs=1e-6)


def test_the_published_boundaries_of_five_even_looks():
    # Lan and DeMets, O'Brien-Fleming spending, two-sided .05: tables of Reboussin and others (2000)
    assert boundaries([0.2, 0.4, 0.6, 0.8, 1.0]) == pytest.approx([4.877, 3.357, 2.680, 2.290, 2.031], abs=0.004)


def test_looking_daily_misleads_as_often_as_was_agreed():
    needed = np.array(boundaries(MONTH))
    steps = np.random.default_rng(5).normal(size=(40_000, 30)).cumsum(axis=1) / np.sqrt(np.arange(1, 31))
    assert np.mean((abs(steps) > needed).any(axis=1)) == pytest.approx(0.05, abs=0.0035)


@pytest.mark.parametrize("looks", [[0.5, 0.5], [0.0, 1.0], [0.4, 1.2], [0.6, 0.4]])
def test_looks_that_do_not_rise_are_refused(looks):
    with pytest.raises(ValueError, match="must rise"):
        boundaries(looks)


def test_nothing_is_spent_before_the_start_and_all_at_the_end():
    assert (spent(0, 0.05), spent(1, 0.05)) == (0, pytest.approx(0.05))


@pytest.mark.parametrize(("seen", "other", "both"), [(30, 50, 7), (5, 5, 4), (200, 20, 12)])
def test_the_mean_of_the_evidence_is_one_where_both_are_alike(seen, other, both):
    possible = range(max(0, both - other), min(both, seen) + 1)
    mean = sum(hypergeom.pmf(k, seen + other, seen, both) * evidence([Day(seen, k, other, both - k)]) for k in possible)
    assert mean == pytest.approx(1, abs=1e-9)


def test_evidence_grows_with_the_difference_and_days_multiply_knowledge():
    day = Day(1_000, 30, 1_000, 20)
    assert evidence([]) == pytest.approx(1)
    assert evidence([day] * 20) > evidence([day] * 10) > evidence([day])
    low, high = interval([day] * 20, 20)
    assert 1 < low < 1.51 < high
    assert interval([], 20) == (0.0, float("inf"))


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="more clicks than impressions"):
        evidence([Day(5, 6, 5, 0)])


@given(st.lists(st.tuples(st.integers(0, 10**7), st.floats(0, 0.3)), min_size=2, max_size=8), st.floats(0, 0.125))
def test_shares_add_up_and_none_is_under_the_floor(rows, floor):
    seen = [one for one, _ in rows]
    clicked = [int(one * rate) for one, rate in rows]
    found = shares(seen, clicked, floor=floor)
    assert sum(found) == pytest.approx(1) and min(found) >= floor - 1e-9


def test_the_share_is_the_probability_of_being_best():
    seen, clicked = [1_000, 1_000, 1_000], [20, 30, 24]
    draws = np.random.default_rng(3).beta(
        np.add(clicked, 1), np.subtract(seen, clicked) + 1 / (75 / 3_100), (200_000, 3)
    )
    wanted = np.bincount(draws.argmax(axis=1), minlength=3) / 200_000
    assert shares(seen, clicked) == pytest.approx(list(wanted), abs=0.01)


def test_a_floor_that_cannot_be_held_is_refused():
    with pytest.raises(ValueError, match="floor"):
        shares([1, 1, 1], [0, 0, 0], floor=0.4)


def test_a_clear_lead_wins_at_the_end_and_not_on_the_first_day():
    assert judge([Arm(45_000, 900), Arm(45_000, 1_080)], planned=45_000).name == "winner"
    early = judge([Arm(1_500, 30), Arm(1_500, 45)], planned=45_000)
    assert (early.name, early.best) == ("going_on", 1) and early.lift_low < 0 < early.lift
    assert judge([Arm(100, 2), Arm(100, 3)], planned=45_000).name == "too_early"


def test_a_planned_end_without_a_difference_says_so():
    verdict = judge([Arm(45_000, 900), Arm(45_000, 910)], planned=45_000, looks=MONTH[:-1])
    assert verdict.name == "no_difference" and verdict.lift_low < 0 < verdict.lift_high


def test_a_winner_among_many_beats_each_of_them():
    arms = [Arm(45_000, 1_080), Arm(45_000, 1_075), Arm(45_000, 800)]
    assert judge(arms, planned=45_000).name == "no_difference"
    assert judge([*arms[:1], *arms[2:]], planned=45_000).name == "winner"


def test_an_open_test_needs_evidence_against_each():
    day = (Arm(3_000, 60), Arm(3_000, 90))
    assert judge_open([day]).name == "going_on"
    verdict = judge_open([day] * 12)
    assert (verdict.name, verdict.best) == ("winner", 1) and 0 < verdict.lift_low < verdict.lift
    with pytest.raises(ValueError, match="days"):
        judge_open([])


def test_one_creative_is_no_test():
    with pytest.raises(ValueError, match="two creatives"):
        judge([Arm(10, 1)], planned=10)


def test_looks_are_the_evenings_that_brought_something():
    assert shares_looked_at([10, 0, 20, 100], 100) == pytest.approx([0.1, 0.3, 1.0])
