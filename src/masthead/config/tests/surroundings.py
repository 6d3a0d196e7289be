"""What these tests share: a home of their own and the command as a real process."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from masthead.kit.database import EmbeddedPostgres

COMMAND = [sys.executable, "-m", "masthead.config.cli"]
DROPPED = ("DATABASE_URL", "MASTHEAD_HOME", "MASTHEAD_PUBLIC_URL", "MASTHEAD_SANDBOX", "MASTHEAD_ALLOW_PRIVATE")


class Place:
    """A home and the processes of a test; everything is ended and removed by `clear`."""

    def __init__(self) -> None:
        self.around = Path(tempfile.mkdtemp(prefix="mh-"))
        self.around.chmod(0o711)
        self.home = self.around / "home"
        self.port = free_port()
        self.running: list[subprocess.Popen] = []

    def environment(self, **more: str) -> dict[str, str]:
        known = {name: value for name, value in os.environ.items() if name not in DROPPED}
        return {**known, "MASTHEAD_HOME": str(self.home), "PYTHONWARNINGS": "ignore", **more}

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [*COMMAND, *arguments],
            env=self.environment(**more),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def run_python(self, code: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-c", code]
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, timeout=300, check=False)

    def up(self, *arguments: str, **more: str) -> subprocess.Popen:
        log = (self.around / "log").open("a")
        command = [*COMMAND, "up", "--port", str(self.port), *arguments]
        process = subprocess.Popen(
            command, env=self.environment(**more), stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        self.running.append(process)
        wait_for(self.ready, 180, self.log)
        return process

    def log(self) -> str:
        return (self.around / "log").read_text()

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=2) as answer:
                return answer.status == 200 and "is ready" in self.log()
        except OSError:
            return False

    def processes(self, kind: str) -> list[int]:
        """Living processes of this home: `web`, `worker` or `postgres`."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and self._is_ours(folder, kind):
                found.append(int(folder.name))
        return found

    def _is_ours(self, folder: Path, kind: str) -> bool:
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if kind == "postgres":
                return str(self.home / "postgres/data").encode() in words
            surroundings = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            return False
        return kind.encode() in words and f"MASTHEAD_HOME={self.home}".encode() in surroundings

    def clear(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(30)
        EmbeddedPostgres(self.home).stop()
        shutil.rmtree(self.around)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, seconds: float, explain=lambda: "") -> None:
    """Wait until `condition()` holds, at most so many seconds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, re.sub(r"\n+", "\n", explain())
        time.sleep(0.1)
