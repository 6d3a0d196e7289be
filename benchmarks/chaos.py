"""Chaos: due publications on a bad platform while workers are killed with -9 at random; then everything must settle.

Run: .venv/bin/python benchmarks/chaos.py [--quick]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from typing import Any

sys.path.insert(0, os.path.dirname(__file__))

import stage
from publish import open_rows


def run(dsn: str, port: int, count: int, channels: int, kills: int, pause: tuple[float, float]) -> dict[str, Any]:
    """Two workers; one is killed and replaced `kills` times."""
    server, crew = f"http://127.0.0.1:{port}", []
    stage.fill(dsn, count, channels, "now()")
    crew = [stage.worker("masthead", server) for _ in range(2)]
    time.sleep(3)
    killed_while_open = 0
    for _ in range(kills):
        killed_while_open += open_rows(dsn) > 0
        victim = random.randrange(2)
        stage.end([crew[victim]])
        crew[victim] = stage.worker("masthead", server)
        time.sleep(random.uniform(*pause))
    last = time.monotonic()
    stage.wait_until(lambda: open_rows(dsn) == 0, 120)
    settle = time.monotonic() - last
    stage.end(crew)
    found = stage.ask(port, "stats")
    return {
        "count": count,
        "kills": kills,
        "kills_with_work_left": killed_while_open,
        "lost": count - found["unique"],
        "doubled": found["doubled"],
        "unsettled": open_rows(dsn),
        "settle_s": round(settle, 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer publications and kills, under 50 s")
    quick = parser.parse_args().quick
    with stage.database() as dsn, stage.sink("--faults") as port:
        channels = 60 if quick else 200
        stage.seed(dsn, port, channels)
        figures = run(dsn, port, 400 if quick else 4_000, channels, 2 if quick else 10, (0.3, 1.0))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
