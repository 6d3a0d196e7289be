"""How long the demo takes from an empty folder to its first page, and how much memory web and worker hold when idle.

`masthead demo` is started in a new folder on free ports; the first page is /account/login/. Then it is left alone for a minute, and
the resident memory of the web server's and the worker's processes is added up (Linux: /proc). The environment is ready before, as
`bin/demo` has it.

Run: .venv/bin/python benchmarks/start.py [--quick]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

LONGEST = 120.0
MASTHEAD = Path(sys.executable).with_name("masthead")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def seconds_to_first_page(port: int, started: float) -> float:
    """Ask for the page until it answers 200. Raises TimeoutError."""
    while time.monotonic() - started < LONGEST:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=5) as page:
                page.read()
            return time.monotonic() - started
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError("The demo did not answer.")


def resident(parent: int) -> dict[str, float]:
    """Megabytes held by what runs below the demo, by what it is: "web", "worker" or something else."""
    held: dict[int, tuple[int, str, float]] = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            about = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines() if ":" in line)
        except OSError:
            continue
        held[int(place.name)] = (int(about["PPid"]), words, int(about.get("VmRSS", "0 kB").split()[0]) / 1024)
    found = {"web": 0.0, "worker": 0.0}
    for number, (_above, _words, size) in held.items():
        line = lineage(held, number, parent)
        for name in found:
            if any(f" {name} " in f"{held[one][1]} " for one in line):
                found[name] += size
    return found


def lineage(held: dict[int, tuple[int, str, float]], number: int, parent: int) -> list[int]:
    """A process and those above it up to the demo; nothing for what does not run below it."""
    line: list[int] = []
    while number in held and number != parent:
        line.append(number)
        number = held[number][0]
    return line if number == parent else []


def measured(idle: float) -> dict[str, float]:
    """One start. The demo is ended with everything below it."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        command = [str(MASTHEAD), "demo", "--port", str(port), "--home", f"{folder}/demo"]
        demo = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ})
        try:
            cold = seconds_to_first_page(port, started)
            time.sleep(idle)
            held = resident(demo.pid)
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(60)
    return {
        "cold_start_s": round(cold, 1),
        "web_mb": round(held["web"]),
        "worker_mb": round(held["worker"]),
        "total_mb": round(held["web"] + held["worker"]),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="wait 10 s instead of 60 before memory is looked at")
    given = parser.parse_args()
    print(json.dumps({"benchmark": "start", **measured(10 if given.quick else 60)}))
