"""How much of what somebody who knows everything would reach does allocation reach, and how much do others?

The market is `benchmarks/market.py`, the others are `benchmarks/rivals.py`. Everything is counted in expected conversions, so that luck
in the counts of a day does not decide. What was computed is kept in a folder of the system's temporary files under a hash of
the sources, so that a run that was interrupted, or that asks for more seeds, goes on where it stopped.

Run: .venv/bin/python benchmarks/campaigns.py [--quick] [--seeds 50] [--only standard] [--strange]
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import multiprocessing
import os
import pickle
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from market import CONDITIONS, STANDARD, STRANGE, Array, Market, market, oracle, play
from rivals import RIVALS

import masthead.campaigns.allocation as product
from masthead.campaigns.allocation import Allocator, Limits

CACHE = Path(tempfile.gettempdir()) / "masthead-benchmark-campaigns"
HERE = Path(__file__).parent
ORIGINS = (7, 14, 21, 30, 40, 50)
AHEAD = 7
ALL = CONDITIONS | STRANGE


def digest(*files: Path) -> str:
    """A hash of sources."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()[:12]


@functools.cache
def versions() -> tuple[str, str, str]:
    """Hashes of the market, of the others, and of the product."""
    ours = [*Path(product.__file__).parent.glob("*.py"), HERE / "market.py"]
    return digest(HERE / "market.py"), digest(HERE / "market.py", HERE / "rivals.py"), digest(*ours)


def benchmarks(truth: Market) -> Array:
    """A platform's usual cost per conversion, known to within e^+-0.35."""
    even = truth.conditions.daily / truth.conditions.arms
    cost = even / truth.curve(np.minimum(np.full(truth.conditions.arms, even), truth.capacity))
    return cost * np.exp(np.random.default_rng([truth.seed, 3]).uniform(-0.35, 0.35, cost.size))


def policy(name: str, truth: Market):
    """Who plays."""
    if name in RIVALS:
        return RIVALS[name]()
    if name == "benchmarks":
        return Allocator(benchmarks=benchmarks(truth))
    return Allocator(Limits(hand_on_unspent=name != "strict"))


def job(task: tuple[str, str, int]) -> tuple[tuple[str, str, int], dict]:
    """One policy on one seed of one condition, from the store if it is there."""
    condition, name, seed = task
    version = versions()[0 if name == "oracle" else 1 if name in RIVALS else 2]
    kept = CACHE / f"{condition}-{name}-{seed}-{version}.pickle"
    if kept.exists():
        return task, pickle.loads(kept.read_bytes())
    truth = market(ALL[condition], seed)
    if name == "oracle":
        result = {"expected": oracle(truth)}
    else:
        forecasts = name == "allocation" and condition == "standard"
        player = policy(name, truth)
        run = play(truth, player, time.perf_counter, keep=forecasts)
        result = {
            "expected": run.expected,
            "over": run.overspent,
            "seconds": float(np.mean(run.seconds)),
            "budget": run.budget,
        }
        if forecasts:
            result["forecasts"] = [forecast(truth, player, run.views[day], run.budget[:, day]) for day in ORIGINS]
    CACHE.mkdir(exist_ok=True)
    part = kept.with_suffix(f".{os.getpid()}")
    part.write_bytes(pickle.dumps(result))
    part.replace(kept)
    return task, result


def forecast(
    truth: Market, player: Allocator, view: SimpleNamespace, budget: Array
) -> tuple[int, float, float, float, float]:
    """Day, expected, low, high, and what came of a plan that stays for a week; a withdrawal is known to nobody, so it is left out."""
    found = player.forecast(view, budget, AHEAD)
    luck = np.random.default_rng([truth.seed, view.t])
    came = 0.0
    for day in range(view.t, view.t + AHEAD):
        spend = np.minimum(budget, truth.capacity)
        mean = truth.curve(spend) * truth.factor[:, day] * ~truth.outage[:, day] * (budget > 0)
        came += luck.poisson(luck.gamma(truth.spread, np.maximum(mean, 1e-12) / truth.spread)).sum()
    return view.t, found.expected, found.low, found.high, came


def speed(arms: int = 40, days: int = 60) -> float:
    """Seconds of one decision for 8 platforms with 5 ad groups each, on the last day: the slowest."""
    from dataclasses import replace

    truth = market(replace(STANDARD, arms=arms, days=days, rate=120.0, withdrawal=False), 0)
    views = play(truth, RIVALS["equal"](), keep=True).views
    player = Allocator()
    player.start(arms, days, truth.conditions.daily)
    begun = time.perf_counter()
    player.act(views[-1])
    return time.perf_counter() - begun


def share(results: dict, condition: str, name: str, seeds: range, part: slice = slice(None)) -> Array:
    """Per cent of the oracle by seed."""
    keys = [(condition, name, seed) for seed in seeds]
    best = [results[condition, "oracle", seed]["expected"] for seed in seeds]
    return np.array(
        [100 * results[key]["expected"][part].sum() / top[part].sum() for key, top in zip(keys, best, strict=True)]
    )


def calibration(results: dict, seeds: range) -> dict[str, float]:
    """Per cent of weeks inside the 80 % interval, by age of the campaign."""
    rows = [row for seed in seeds for row in results["standard", "allocation", seed]["forecasts"]]
    inside = {day: [row[2] <= row[4] <= row[3] for row in rows if row[0] == day] for day in ORIGINS}
    bias = np.mean([row[1] / max(row[4], 1) - 1 for row in rows])
    bands = {"day_7_14": (7, 14), "day_21_30": (21, 30), "day_40_50": (40, 50)}
    found = {name: round(100 * float(np.mean(inside[a] + inside[b])), 1) for name, (a, b) in bands.items()}
    return found | {"bias": round(100 * float(bias), 1)}


def main() -> None:
    """Plays, and prints a table and a line of JSON."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--quick", action="store_true", help="a few seeds, under a minute")
    ask.add_argument("--seeds", type=int, default=50)
    ask.add_argument("--only", nargs="*", choices=list(ALL), help="only these conditions; no line of JSON")
    ask.add_argument("--strange", action="store_true", help="also the markets that break assumptions")
    given = ask.parse_args()
    seeds = range(3 if given.quick else given.seeds)
    names = given.only or [*CONDITIONS, *(STRANGE if given.strange else [])]
    tasks = []
    for condition in names:
        extra = ["benchmarks", "strict"] if condition == "standard" else []
        few = seeds if condition == "standard" else seeds[: max(2, len(seeds) * 3 // 5)]
        tasks += [(condition, name, seed) for seed in few for name in ("oracle", "allocation", *extra, *RIVALS)]
    with multiprocessing.Pool(2) as pool:
        results = dict(pool.imap_unordered(job, tasks, chunksize=2))
    played = {condition: range(1 + max(task[2] for task in tasks if task[0] == condition)) for condition in names}
    for condition in names:
        columns = [name for name in ("allocation", "benchmarks", "strict", *RIVALS) if (condition, name, 0) in results]
        shown = [share(results, condition, name, played[condition]) for name in columns]
        texts = [
            f"{name} {values.mean():.1f} ({np.quantile(values, 0.1):.1f})"
            for name, values in zip(columns, shown, strict=True)
        ]
        print(f"{condition:15s} " + "  ".join(texts), flush=True)
    if not given.only:
        print(json.dumps(summary(results, played, seeds)))


def summary(results: dict, played: dict[str, range], seeds: range) -> dict:
    """The line of JSON."""
    ours = share(results, "standard", "allocation", seeds)
    early, late = slice(0, 14), slice(14, None)
    others = {
        name: {
            condition: round(share(results, condition, name, played[condition]).mean(), 1) for condition in CONDITIONS
        }
        for name in ("allocation", *RIVALS)
    }
    over = max(
        result.get("over", 0.0) for key, result in results.items() if key[1] in ("allocation", "benchmarks", "strict")
    )
    strict = share(results, "standard", "strict", seeds)
    return {
        "oracle_mean": round(ours.mean(), 2),
        "oracle_p10": round(float(np.quantile(ours, 0.1)), 2),
        "oracle_from_day_14": round(share(results, "standard", "allocation", seeds, late).mean(), 2),
        "oracle_first_14": round(share(results, "standard", "benchmarks", seeds, early).mean(), 2),
        "oracle_first_14_without_benchmarks": round(share(results, "standard", "allocation", seeds, early).mean(), 2),
        "small_mean": others["allocation"]["small"],
        "strict_mean": round(strict.mean(), 2),
        "strict_p10": round(float(np.quantile(strict, 0.1)), 2),
        "rivals": others,
        "forecast_inside_80": calibration(results, seeds),
        "overspent_cents": int(np.floor(100 * over + 1e-6)),
        "decision_s": round(speed(), 3),
        "seeds": len(seeds),
    }


if __name__ == "__main__":
    main()
