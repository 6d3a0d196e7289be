"""The parts one by one: knapsack, delay, weekday, capacity, curves, forecast."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import nbinom

from masthead.campaigns.allocation import Allocator, capacity, curve, days, delay, history, knapsack, prior, weekday
from masthead.campaigns.allocation.tests.worlds import past


def read(view):
    """The history of a view."""
    return history.read(view, view.P, view.T, view.daily)


@pytest.mark.parametrize("seed", range(40))
def test_the_knapsack_is_as_good_as_trying_everything(seed):
    luck = np.random.default_rng(seed)
    arms, units = luck.integers(1, 5), int(luck.integers(1, 8))
    values = [luck.normal(0, 1, luck.integers(1, units + 3)) for _ in range(arms)]
    for row in values:
        row[1:][luck.random(row.size - 1) < 0.2] = -np.inf
    choices = itertools.product(*(range(min(row.size, units + 1)) for row in values))
    best = max(sum(row[k] for row, k in zip(values, pick, strict=True)) for pick in choices if sum(pick) <= units)
    chosen = knapsack.solve(values, units)
    assert chosen.sum() <= units
    assert sum(row[k] for row, k in zip(values, chosen, strict=True)) == pytest.approx(best)


def test_the_delay_is_learnt_and_the_newest_days_are_lifted():
    view = past(cost=(0.5, 0.5, 0.5), delay=5)
    shares = delay.arrived(read(view))
    assert shares[0, :5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0], abs=0.03)
    assert (np.diff(shares, axis=1) >= 0).all() and (shares[:, -1] == 1).all()


def test_an_arm_without_conversions_has_the_delay_of_the_others():
    view = past(cost=(0.5, 0.5, 1e9), delay=5)
    assert delay.arrived(read(view))[2, :4] == pytest.approx([0.2, 0.4, 0.6, 0.8], abs=0.05)


def test_the_week_is_learnt_from_many_conversions_and_not_from_few():
    rhythm = np.array([1.3, 1.2, 1.1, 1.0, 0.9, 0.8, 0.7])
    for cost, learnt in ((0.2, True), (400.0, False)):
        seen = read(past(cost=(cost,) * 3, days=35, week=rhythm))
        found = weekday.factors(seen, np.ones(seen.spend.shape))
        assert found.mean(axis=1) == pytest.approx(np.ones(3))
        assert (np.abs(found - rhythm).max() < 0.03) == learnt
        assert learnt or np.abs(found - 1).max() < 0.12


def test_capacity_is_seen_where_budget_is_left_and_nowhere_else():
    found = capacity.measure(read(past(capacity=(40.0, 500.0, 100.0))))
    assert found.most[0] == pytest.approx(40) and np.isinf(found.most[1:]).all()
    assert found.taken == pytest.approx([40.8, 100, 100])


def test_uneven_delivery_is_no_capacity():
    luck = np.random.default_rng(3)
    view = past(days=30)
    view.spend[0] *= luck.uniform(0.8, 1.0, 30)
    assert np.isinf(capacity.measure(read(view)).most[0])


def test_an_audience_that_grew_is_noticed():
    view = past(capacity=(40.0, 500.0, 500.0))
    view.spend[0, -1] = 70.0
    assert capacity.measure(read(view)).most[0] >= 70


def curves_of(view):
    """The curves of a view."""
    seen = days.corrected(read(view))
    even = view.daily / view.P
    costs = np.full(view.P, np.nan)
    return curve.fit(seen, prior.pooled(seen, even, costs), even, [view.spend.shape[1]])[0]


def test_curves_find_the_level_and_never_fall():
    found = curves_of(past(cost=(2.0, 4.0, 8.0), days=30))
    assert found.mean(np.full((3, 1), 100.0))[:, 0] == pytest.approx([50, 25, 12.5], rel=0.05)
    line = found.mean(np.tile(np.linspace(0, 300, 50), (3, 1)))
    assert (np.diff(line, axis=1) > 0).all() and (line[:, 0] == 0).all()


def test_curves_find_that_an_arm_is_satiated():
    luck = np.random.default_rng(0)
    budgets = 100 * np.exp(luck.normal(0, 0.4, (3, 40)))
    flat, steep = (curves_of(past((1.0, 1.0, 1.0), 40, half=h, budgets=budgets)) for h in (0.1, 10.0))
    grid = np.tile([100.0, 200.0], (3, 1))
    ratio = [f.mean(grid)[:, 1] / f.mean(grid)[:, 0] for f in (flat, steep)]
    assert (ratio[0] < 1.2).all() and (ratio[1] > 1.6).all()


def test_a_jump_is_followed_within_days():
    view = past(cost=(2.0, 2.0, 2.0), days=30)
    view.y[0, -6:] *= 0.4
    view.tri[0, -6:] *= 0.4
    assert curves_of(view).mean(np.full((3, 1), 100.0))[0, 0] < 27


def test_the_chance_of_a_count_is_near_enough():
    for y in (0.0, 1.0, 3.0, 40.0, 900.0):
        mean, size = np.meshgrid(np.geomspace(0.01, 1000, 30), np.geomspace(0.7, 300, 30))
        ours = curve._chance(mean, np.log(mean), size, np.array(y))
        assert np.abs(ours - nbinom.logpmf(y, size, size / (size + mean))).max() < 0.01


def test_a_forecast_holds_what_comes_and_is_wider_for_a_young_campaign():
    widths = []
    for length in (4, 40):
        view = past(cost=(5.0, 5.0, 5.0), days=length, luck=np.random.default_rng(2))
        made = Allocator()
        made.start(3, 60, 300.0)
        found = made.forecast(view, np.full(3, 100.0))
        assert found.low < 7 * 60 < found.high
        assert found.by_arm.sum() == pytest.approx(found.expected)
        widths.append(found.high / found.low)
    assert widths[0] > widths[1]


def test_a_forecast_becomes_wider_where_forecasts_have_failed():
    luck = np.random.default_rng(4)
    calm = past(cost=(2.0, 2.0, 2.0), days=40, luck=luck)
    wild = past(cost=(2.0, 2.0, 2.0), days=40, luck=luck)
    wild.y *= np.repeat(luck.choice([0.5, 1.6], 8), 5)
    wild.tri = np.repeat(wild.y[:, :, None], 15, axis=2)
    scales = []
    for view in (calm, wild):
        made = Allocator()
        made.start(3, 60, 300.0)
        scales.append(made.forecast(view).scale)
    assert scales[1] > scales[0]
