"""Punctuality and throughput: publications due at one second, with all safety on, against the bare loop and the job engine alone.

Everything runs on this machine in one run, against the same sink. Run: .venv/bin/python benchmarks/publish.py [--quick]
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

sys.path.insert(0, os.path.dirname(__file__))

import asyncpg
import stage
from pgqueuer.queries import Queries


def rate(found: dict[str, Any], count: int) -> float:
    """Posts per second from the first arrival to the last."""
    return round(count / max(found["span"], 1e-6), 1)


def arrived(port: int, count: int, limit: float) -> dict[str, Any]:
    """The sink's figures once all have arrived (or the limit is over)."""
    stage.wait_until(lambda: stage.ask(port, "stats")["unique"] >= count, limit)
    time.sleep(1)
    return dict(stage.ask(port, "stats"))


def bare(port: int, count: int) -> float:
    """Two processes that only send."""
    due = time.time() + 2
    stage.ask(port, f"reset/{due}")
    half = count // 2
    crew = [stage.worker("bare", f"http://127.0.0.1:{port}", half, n, due) for n in range(2)]
    found = arrived(port, 2 * half, 60)
    stage.end(crew)
    return rate(found, 2 * half)


async def enqueue(dsn: str, count: int, due: float) -> None:
    """Jobs for the engine, all due at once."""
    pool = await asyncpg.create_pool(dsn, min_size=1, max_size=4)
    queries = Queries.from_asyncpg_pool(pool)
    for start in range(0, count, 1000):
        ids = range(start, min(start + 1000, count))
        wait = dt.timedelta(seconds=max(0.0, due - time.time()))
        await queries.enqueue(["bench"] * len(ids), [b"%d" % i for i in ids], [0] * len(ids), [wait] * len(ids))
    await pool.close()


def engine(dsn: str, port: int, count: int, workers: int) -> float:
    """The job engine alone."""
    stage.clear_jobs(dsn)
    crew = [stage.worker("engine", f"http://127.0.0.1:{port}") for _ in range(workers)]
    time.sleep(3)
    due = time.time() + 4
    stage.ask(port, f"reset/{due}")
    asyncio.run(enqueue(dsn, count, due))
    found = arrived(port, count, 90)
    stage.end(crew)
    return rate(found, count)


def masthead(dsn: str, port: int, count: int, channels: int, workers: int) -> dict[str, Any]:
    """The publisher with its ledger: figures of one run."""
    crew = [stage.worker("masthead", f"http://127.0.0.1:{port}") for _ in range(workers)]
    time.sleep(4)
    due = time.time() + 5
    stage.ask(port, f"reset/{due}")
    stage.fill(dsn, count, channels, f"to_timestamp({due})")
    found = arrived(port, count, 120)
    stage.wait_until(lambda: open_rows(dsn) == 0, 30)
    stage.end(crew)
    found["per_s"] = rate(found, count)
    found["lost"] = count - found["unique"] + open_rows(dsn)
    return found


def open_rows(dsn: str) -> int:
    """Due publications that are not published."""

    async def count() -> int:
        connection = await asyncpg.connect(dsn)
        try:
            return int(
                await connection.fetchval(
                    "select count(*) from posts_publication where state <> 'published' and not_before < now()"
                )
            )
        finally:
            await connection.close()

    return asyncio.run(count())


def median(values: Sequence[float]) -> float:
    """The middle one, to a tenth."""
    return round(statistics.median(values), 1)


def spread(values: Sequence[float]) -> str:
    """The middle one with the least and the most."""
    return f"{median(values)}/s ({min(values)} to {max(values)})"


def measure(
    dsn: str, port: int, count: int, channels: int, backlog: int, rounds: int, crews: Sequence[int]
) -> dict[str, Any]:
    """Everything in turn, so often: a busy minute of the machine must not fall on one of the things compared."""
    figures: dict[str, Any] = {"bare": [], "full": []} | {
        f"{kind}{n}": [] for kind in ("engine", "runs") for n in crews
    }
    for _ in range(rounds):
        figures["bare"].append(bare(port, count))
        for workers in crews:
            figures[f"engine{workers}"].append(engine(dsn, port, count, workers))
            figures[f"runs{workers}"].append(masthead(dsn, port, count, channels, workers))
        stage.fill(dsn, backlog, channels, "now() + interval '2 days'")
        figures["full"].append(masthead(dsn, port, count, channels, 2))
        stage.clear_backlog(dsn)
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller numbers and one round, under 50 s")
    quick = parser.parse_args().quick
    count, channels, backlog = (3_000, 300, 20_000) if quick else (10_000, 1_000, 200_000)
    rounds, crews = (1, (2,)) if quick else (3, (1, 2))
    with stage.database() as dsn, stage.sink() as port:
        stage.seed(dsn, port, channels)
        found = measure(dsn, port, count, channels, backlog, rounds, crews)
    for workers in crews:
        print(
            f"{workers} worker(s): {spread(speeds(found[f'runs{workers}']))}, engine alone {spread(found[f'engine{workers}'])}"
        )
    print(json.dumps(summary(found, count, channels, backlog, crews)))


def speeds(runs: Sequence[dict[str, Any]]) -> list[float]:
    """Publications per second of each run."""
    return [run["per_s"] for run in runs]


def summary(found: dict[str, Any], count: int, channels: int, backlog: int, crews: Sequence[int]) -> dict[str, Any]:
    """The medians and their ratios. Lost and doubled are sums over all runs."""
    every = [run for name, runs in found.items() if name.startswith(("runs", "full")) for run in runs]
    speed, engine_speed, bare_speed = median(speeds(found["runs2"])), median(found["engine2"]), median(found["bare"])
    figures = {
        "count": count,
        "channels": channels,
        "rounds": len(found["bare"]),
        "bare_per_s": bare_speed,
        "per_s": speed,
        "engine_per_s": engine_speed,
        "ratio_to_engine": round(speed / engine_speed, 3),
        "ratio_to_bare": round(speed / bare_speed, 3),
        "p50_s": round(statistics.median(run["p50"] for run in found["runs2"]), 3),
        "p99_s": round(statistics.median(run["p99"] for run in found["runs2"]), 3),
        "backlog": backlog,
        "backlog_ratio": round(median(speeds(found["full"])) / speed, 3),
        "lost": sum(run["lost"] for run in every),
        "doubled": sum(run["doubled"] for run in every),
    }
    if 1 in crews:
        figures["per_s_1"] = median(speeds(found["runs1"]))
        figures["ratio_to_engine_1"] = round(figures["per_s_1"] / median(found["engine1"]), 3)
    return figures


if __name__ == "__main__":
    main()
