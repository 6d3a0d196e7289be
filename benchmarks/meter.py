"""What the meter costs: publishing with it and without it in turn, and the page of costs with 10 million calls in the ledger.

The two kinds of runs alternate in the same processes, on one database and one sink, and are compared pair by pair; CPU is counted beside
the time, because a busy machine changes it less. Run:
.venv/bin/python benchmarks/meter.py [--quick]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, os.path.dirname(__file__))

import asyncpg
import django
import django.apps
import django.conf
import django.db
import django.test
import psutil
import publish
import stage

CALLS = 10_000_000
CHANNELS = 30
DAYS = 30
RAW = """
insert into metering_call (at, workspace_id, channel_id, platform, server, operation, purpose, app, plan, conditions, price_key,
    status, error, weight, seconds, units, charged, micros, currency)
  select date_trunc('month', now()) + (i % (86400 * {days})) * interval '1 second', w.id, 1 + i % {channels}, p.platform,
    'https://api.example', p.operation, p.purpose, 'app' || i % 3, 'ppu', '', p.price_key, 200, '', 1, 0.1, 1, p.charged, p.micros,
    p.currency
  from generate_series({start}, {end} - 1) i
    join (values (0, 'x', 'create_post', 'publish', 'post.create', 1, 15000, 'USD'),
      (1, 'x', 'own_posts', 'read', 'post.read', 1, 5000, 'USD'), (2, 'bluesky', 'list', 'read', '', 0, 0, ''),
      (3, 'mastodon', 'post', 'publish', '', 0, 0, ''), (4, 'instagram', 'insights', 'read', '', 0, 0, ''))
      p(n, platform, operation, purpose, price_key, charged, micros, currency) on p.n = i / {channels} % 5
    cross join workspaces_workspace w
"""
ROLL_UP = """
insert into metering_callday (workspace_id, day, channel_id, platform, operation, purpose, app, plan, conditions, price_key, currency,
    calls, weight, seconds, units, charged, micros, failed)
  select workspace_id, (at at time zone 'UTC')::date, channel_id, platform, operation, purpose, app, plan, conditions, price_key,
    currency, count(*), sum(weight), sum(seconds), sum(units), sum(charged), sum(micros), 0
  from metering_call group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;
analyze metering_callday;
"""


def beating(dsn: str) -> int:
    """Workers that said they are there."""

    async def count() -> int:
        connection = await asyncpg.connect(dsn)
        try:
            return int(await connection.fetchval("select count(*) from posts_heartbeat"))
        finally:
            await connection.close()

    return asyncio.run(count())


def cpu(crew: Sequence[psutil.Process]) -> float:
    """Seconds of CPU of the workers and of PostgreSQL so far."""
    server = psutil.Process(
        int((Path(os.environ["MASTHEAD_HOME"]) / "postgres/data/postmaster.pid").read_text().split()[0])
    )
    times = [one.cpu_times() for one in (*crew, server, *server.children(recursive=True))]
    return sum(one.user + one.system for one in times)


def run(
    dsn: str, port: int, count: int, channels: int, crew: Sequence[psutil.Process], metered: bool
) -> tuple[float, float]:
    """Publications per second, and seconds of CPU for all of them with what the meter had still to write."""
    for one in crew:
        one.send_signal(signal.SIGUSR1 if metered else signal.SIGUSR2)
    due, before = time.time() + 1.5, cpu(crew)
    stage.ask(port, f"reset/{due}")
    stage.fill(dsn, count, channels, f"to_timestamp({due})")
    found = publish.arrived(port, count, 120)
    stage.wait_until(lambda: publish.open_rows(dsn) == 0, 30)
    for one in crew:
        one.send_signal(signal.SIGUSR2)
    time.sleep(1.0)
    return publish.rate(found, count), cpu(crew) - before


def throughput(dsn: str, port: int, count: int, channels: int, rounds: int) -> dict[str, Any]:
    """With and without the meter in turn, in the same processes, after one run that warms up: medians of the pairs' ratios."""
    started = [stage.worker("masthead", f"http://127.0.0.1:{port}") for _ in range(2)]
    # A signal before the handler is there would end the process.
    assert stage.wait_until(lambda: beating(dsn) == len(started), 60), "the workers did not start"
    crew = [psutil.Process(one.pid) for one in started]
    run(dsn, port, min(count, 2000), channels, crew, True)
    pairs = []
    for turn in range(rounds):
        first = run(dsn, port, count, channels, crew, turn % 2 == 0)
        second = run(dsn, port, count, channels, crew, turn % 2 == 1)
        pairs.append((first, second) if turn % 2 == 0 else (second, first))
    stage.end(started)
    ratios = [on[0] / off[0] for on, off in pairs]
    return {
        "per_s_on": round(statistics.median(on[0] for on, _off in pairs), 1),
        "per_s_off": round(statistics.median(off[0] for _on, off in pairs), 1),
        "ratio_on_off": round(statistics.median(ratios), 3),
        "ratios": [round(one, 3) for one in ratios],
        "cpu_ratio_off_on": round(statistics.median(off[1] / on[1] for on, off in pairs), 3),
        "cpu_us_of_the_meter": round(statistics.median(1e6 * (on[1] - off[1]) / count for on, off in pairs)),
    }


def fill_ledger(dsn: str, calls: int) -> float:
    """Calls of this month in the ledger, in pieces, and their sums of days; returns the seconds it took."""
    began, piece = time.perf_counter(), 1_000_000
    for start in range(0, calls, piece):
        sizes = {"start": start, "end": min(start + piece, calls), "channels": CHANNELS, "days": DAYS}
        asyncio.run(stage.execute(dsn, RAW.format(**sizes)))
    asyncio.run(stage.execute(dsn, ROLL_UP))
    return round(time.perf_counter() - began, 1)


def client() -> Any:
    """An owner who is signed in. Django is set up by now, so its models may be looked up."""
    models = django.apps.apps
    user = models.get_model("workspaces", "User").objects.create_user("bench@example.org", "a long pass phrase")
    workspace = models.get_model("workspaces", "Workspace").objects.get()
    models.get_model("workspaces", "Member").objects.create(workspace=workspace, user=user, role="owner")
    made = django.test.Client()
    made.force_login(user)
    return made


def page(turns: int) -> dict[str, Any]:
    """Milliseconds of the page of costs, after one turn that warms up."""
    browser, times, work = client(), list[float](), list[float]()
    for turn in range(turns + 1):
        began, worked = time.perf_counter(), time.process_time()
        answer = browser.get("/w/bench/costs/")
        took, cpu = time.perf_counter() - began, time.process_time() - worked
        assert answer.status_code == 200 and b"What was charged" in answer.content, answer.status_code
        if turn:
            times.append(1000 * took)
            work.append(1000 * cpu)
    return {
        "costs_page_p50_ms": round(statistics.median(times), 1),
        "costs_page_p95_ms": round(statistics.quantiles(times, n=20, method="inclusive")[18], 1),
        "costs_page_cpu_ms": round(statistics.median(work), 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer publications and calls, one pair, under 50 s")
    quick = parser.parse_args().quick
    count, channels, rounds, calls, turns = (2_000, 300, 1, 500_000, 30) if quick else (10_000, 1_000, 3, CALLS, 200)
    figures: dict[str, Any] = {"count": count, "channels": channels, "rounds": rounds, "calls": calls}
    with stage.database() as dsn, stage.sink() as port:
        django.setup()
        django.conf.settings.ALLOWED_HOSTS = ["*"]
        stage.seed(dsn, port, channels)
        figures["load"] = round(os.getloadavg()[0], 1)
        figures |= throughput(dsn, port, count, channels, rounds)
        asyncio.run(stage.execute(dsn, "truncate metering_call, metering_callcount, metering_callday"))
        figures["fill_s"] = fill_ledger(dsn, calls)
        figures |= page(turns)
        django.db.connection.close()
    print(json.dumps(figures | {"ok": figures["ratio_on_off"] >= 0.95 and figures["costs_page_p95_ms"] < 150}))


if __name__ == "__main__":
    main()
