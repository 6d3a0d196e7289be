"""One hard cap, eight processes, 20,000 attempts to spend: is it ever exceeded, and does what the dead held come back?

Each attempt holds 1 to 9 micros, "calls" for a few milliseconds, writes what it really spent into a file of its own process (the
truth outside the database), and settles. Twice: undisturbed, with more demand than the cap allows; then with a process killed with
-9 every half second and replaced. Somebody else looks at spent + held all the while. Run: .venv/bin/python benchmarks/caps.py [--quick]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, os.path.dirname(__file__))

import asyncpg
import django
import stage

from masthead.metering.caps.hold import Account, Ask, Held, Spent, sweep

PROCESSES, TOGETHER, LEASE, KILL_EVERY = 8, 25, 4.0, 0.5
SEED = """
insert into metering_cap (workspace_id, platform, app, channel_id, purpose, period, month_day, hard, micros, currency, created_at)
  select id, '', '', 0, '', 'month', 1, true, {cap}, 'USD', now() from workspaces_workspace;
"""


async def work(dsn: str, folder: Path, attempts: int) -> None:
    """One process: so many attempts, some at a time. Each line of the file: attempts done, micros really spent."""
    django.setup()
    from masthead.metering.caps.till import Till, over

    luck, left = random.Random(os.getpid()), iter(range(attempts))
    pool = await asyncpg.create_pool(dsn, min_size=2, max_size=2)
    workspace = await pool.fetchval("select id from workspaces_workspace")
    account, till = Account(workspace, "x", "7", 1, "publish", "USD"), Till(over(pool))
    with (folder / str(os.getpid())).open("ab", buffering=0) as truth:

        async def spend() -> None:
            for _ in left:
                held = await till.hold(Ask(account, luck.randint(1, 9), LEASE))
                used = luck.randint(0, held.micros) if isinstance(held, Held) else 0
                if isinstance(held, Held):
                    await asyncio.sleep(luck.random() / 100)
                truth.write(b"%d\n" % used)
                if isinstance(held, Held):
                    await till.settle(Spent(held, used))

        await asyncio.gather(*(spend() for _ in range(TOGETHER)))
    await pool.close()


def spent_in_truth(folder: Path) -> tuple[int, int]:
    """Attempts that were made, and micros that were really spent."""
    lines = [int(line) for one in folder.iterdir() for line in one.read_bytes().split()]
    return len(lines), sum(lines)


class Watcher:
    """Looks at the window all the while: the most that spent + held was above the cap."""

    def __init__(self, dsn: str) -> None:
        self.dsn, self.above, self.looks = dsn, -(10**9), 0

    async def look(self, seconds: float) -> asyncpg.Record | None:
        """Look for so long; the last row."""
        connection, until, row = await asyncpg.connect(self.dsn), time.monotonic() + seconds, None
        while time.monotonic() < until:
            row = await connection.fetchrow("select micros, spent, held from metering_capwindow")
            if row:
                self.above = max(self.above, row["spent"] + row["held"] - row["micros"])
                self.looks += 1
            await asyncio.sleep(0.002)
        await connection.close()
        return row


def start(dsn: str, folder: Path, attempts: int) -> subprocess.Popen[bytes]:
    """A process that makes so many attempts."""
    return subprocess.Popen(
        [sys.executable, __file__, "--dsn", dsn, "--folder", str(folder), "--attempts", str(attempts)]
    )


def run(attempts: int, cap: int, *, kills: bool) -> dict[str, float]:
    """One round on a fresh database."""
    with stage.database() as dsn, TemporaryDirectory(prefix="mh-caps-") as name:
        asyncio.run(stage.execute(dsn, SEED.format(cap=cap)))
        folder, luck, watcher = Path(name), random.Random(1), Watcher(dsn)
        crew = [start(dsn, folder, attempts // PROCESSES) for _ in range(PROCESSES)]
        began, killed, row = time.monotonic(), 0, None
        try:
            while any(one.poll() is None for one in crew) and time.monotonic() - began < 180:
                row = asyncio.run(watcher.look(KILL_EVERY)) or row
                made = spent_in_truth(folder)[0]
                if kills and killed < 20 and made < attempts * 0.9:
                    victim = luck.randrange(PROCESSES)
                    if crew[victim].poll() is None:
                        crew[victim].send_signal(signal.SIGKILL)
                        crew[victim].wait()
                        killed += 1
                        crew[victim] = start(dsn, folder, max(1, (attempts - made) // PROCESSES))
        finally:
            stage.end(crew)
        seconds = time.monotonic() - began
        time.sleep(LEASE + 0.2)
        asyncio.run(swept(dsn))
        row = asyncio.run(watcher.look(0.05)) or row
        made, truth = spent_in_truth(folder)
        assert row is not None
        return {
            "attempts": made,
            "cap": cap,
            "spent": row["spent"],
            "overspent": max(0, truth - cap, watcher.above),
            "unbooked": truth - row["spent"],
            "held_after_lease": row["held"],
            "killed": killed,
            "looks": watcher.looks,
            "per_s": round(made / seconds),
        }


async def swept(dsn: str) -> None:
    """What the task does every minute."""
    connection = await asyncpg.connect(dsn)
    await sweep(lambda sql, arguments: connection.fetch(sql, *arguments))
    await connection.close()


def main() -> None:
    """Measure and print, or be one of the processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="4,000 attempts")
    parser.add_argument("--dsn")
    parser.add_argument("--folder")
    parser.add_argument("--attempts", type=int, default=0)
    given = parser.parse_args()
    if given.dsn:
        return asyncio.run(work(given.dsn, Path(given.folder), given.attempts))
    attempts = 4_000 if given.quick else 20_000
    calm, rough = run(attempts, attempts, kills=False), run(attempts, 5 * attempts, kills=True)
    figures = {
        f"{name}_{key}": value for name, one in (("calm", calm), ("killed", rough)) for key, value in one.items()
    }
    fine = not (calm["overspent"] or rough["overspent"] or calm["held_after_lease"] or rough["held_after_lease"])
    return print(json.dumps({"benchmark": "caps", **figures, "ok": fine and calm["unbooked"] == 0}))


if __name__ == "__main__":
    main()
