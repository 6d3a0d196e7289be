"""What is believed of an arm before it has shown much: the others' cost per conversion, or a platform benchmark."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from masthead.campaigns.allocation.days import Days
from masthead.campaigns.allocation.history import Array

MEMORY = 0.98  # weight of a day against the next
POOLED_COUNT = 1.6  # 1 / relative variance of levels around what all arms bring
BENCHMARK_COUNT = 6.0  # the same around a benchmark
GUESS = 0.3  # even shares of spend that the benchmarks weigh in what all arms bring
FIRST = 2.0  # even shares of spend that what all arms bring weighs in an arm's own


@dataclass(frozen=True)
class Prior:
    """Level (conversions of an ordinary day at an even share) and how sure it is, by arm."""

    level: Array
    count: Array


def pooled(days: Days, even: float, costs: Array) -> Prior:
    """Prior of each arm: centred on a benchmark cost per conversion where `costs` has one (not NaN), else on what all arms bring."""
    age = MEMORY ** np.arange(days.spend.shape[1])[::-1]
    part = days.spend / even
    exposure = (np.where(days.use, 2 * part / (1 + part) * days.factor, 0.0) * age).sum(axis=1)
    seen = (np.where(days.use, days.conversions, 0.0) * age).sum(axis=1)
    known = np.isfinite(costs) & (costs > 0)
    guess = even / np.exp(np.mean(np.log(costs[known]))) if known.any() else 1.0
    weight = GUESS if known.any() else 1e-6
    common = (seen.sum() + weight * guess) / (exposure.sum() + weight)
    own = np.maximum((seen + FIRST * common) / (exposure + FIRST), 1e-9)
    centre = np.exp(np.log(own).mean()) if own.size else 1.0
    level = np.where(known, even / np.where(known, costs, 1.0), centre)
    return Prior(np.maximum(level, 1e-9), np.where(known, BENCHMARK_COUNT, POOLED_COUNT))
