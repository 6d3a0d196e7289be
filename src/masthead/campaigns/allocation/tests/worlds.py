"""Small made-up pasts for the tests, smooth and without noise unless asked for."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np


def past(
    cost=(10.0, 20.0, 40.0),
    days=20,
    daily=300.0,
    half=2.0,
    capacity=None,
    budgets=None,
    luck=None,
    week=None,
    delay=None,
    **more,
):
    """A view of the morning after `days` days: arms with a cost per conversion at an even share, budgets even unless given."""
    arms = len(cost)
    even = daily / arms
    budget = np.full((arms, days), even) if budgets is None else np.array(budgets, float)
    spend = np.minimum(budget, np.inf if capacity is None else np.array(capacity, float)[:, None])
    part = spend / even
    mean = (even / np.array(cost))[:, None] * (1 + half) * part / (half + part)
    if week is not None:
        mean = mean * np.array(week)[np.arange(days) % 7]
    drawn = mean if luck is None else luck.poisson(mean).astype(float)
    age = days - 1 - np.arange(days)
    arrived = np.minimum((np.arange(15) + 1) / (delay or 1), 1.0)
    triangle = drawn[:, :, None] * arrived
    known = np.arange(15)[None, None, :] <= age[None, :, None]
    conversions = np.take_along_axis(triangle, np.minimum(age, 14)[None, :, None], axis=2)[:, :, 0]
    view = SimpleNamespace(
        t=days,
        T=60,
        P=arms,
        spend=spend,
        budget=budget,
        y=conversions,
        age=age,
        tri=np.where(known, triangle, np.nan),
        ok=np.ones((arms, days), bool),
        live=np.ones(arms, bool),
        left=daily * (60 - days),
        daily=daily,
    )
    for name, value in more.items():
        setattr(view, name, value)
    return view


def random_past(luck, arms, days, daily=500.0):
    """A past without sense: what any caller might send."""
    budget = luck.dirichlet(np.ones(arms), days).T * daily
    spend = budget * np.minimum(1, luck.uniform(0.3, 1.5, (arms, days)))
    cost = np.exp(luck.normal(3, 1, arms))
    view = past(cost, days, daily, budgets=budget, luck=luck, spend=spend)
    view.ok = luck.random((arms, days)) > 0.05
    view.live = luck.random(arms) > 0.2
    return view
