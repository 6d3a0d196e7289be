"""The parent process of an installation: it starts the parts, starts them again when they end, and stops them.

It stays small on purpose: it must not import Django.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from masthead.config.installation import make_keys, own_database
from masthead.kit.database import AlreadyRunning, DatabaseFault, EmbeddedPostgres
from masthead.kit.locks import FileLock, Taken

LOCK_NAME = "masthead.lock"
STOP_SECONDS = 15
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60
MIGRATED = "The database is up to date."
"""Said as a line by a command that goes on after it: from then on the web server may start beside it."""


class CannotStart(Exception):
    """The installation does not start; the message says why and what to do."""


@dataclass
class Part:
    """One supervised process, started again with growing pauses when it ends by itself."""

    name: str
    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    pause: float = 0.5
    due: float = 0

    def tend(self, now: float) -> None:
        """Start it when it is due; notice its end and set the pause. `now` is monotonic seconds."""
        if self.process is None:
            if now >= self.due:
                self.process, self.started = start(self.arguments), now
            return
        code = self.process.poll()
        if code is not None:
            self.pause = 0.5 if now - self.started > STEADY_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
            self.due, self.process = now + self.pause, None
            tell(f"{self.name} ended ({code}), it starts again in {self.pause:g} s.")


@dataclass
class Installation:
    """An installation to run: where it listens, how many workers it has, what is done before it is up and runs beside it."""

    home: Path
    host: str
    port: int
    workers: int
    before: Sequence[Sequence[str]] = (["migrate"],)
    beside: Sequence[Sequence[str]] = ()
    stopping: bool = False
    server: EmbeddedPostgres | None = None
    parts: list[Part] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        shown = {"0.0.0.0": "localhost", "::": "localhost", "127.0.0.1": "localhost"}.get(self.host, self.host)
        return f"http://{shown}:{self.port}"

    def run(self) -> None:
        """Run until SIGTERM or SIGINT. Raises CannotStart; the database and all parts are stopped in any case."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            with FileLock(self.home / LOCK_NAME) as lock:
                check_port(self.host, self.port)
                lock.write_note(f"{self.url}, process {os.getpid()}")
                make_keys(self.home)
                with own_database(self.home) as self.server:
                    self._work()
        except (Taken, AlreadyRunning) as taken:
            raise CannotStart(
                f"Masthead already runs on the data in {self.home} ({taken.note or 'unknown process'}). "
                "Use that one, stop it first, or choose other data with --home."
            ) from None
        except DatabaseFault as fault:
            raise CannotStart(str(fault)) from None

    def _work(self) -> None:
        self.parts = [Part(arguments[0], arguments) for arguments in self.beside]
        try:
            self._begin()
            self._tend_until_stopped()
        finally:
            self._stop_parts()

    def _begin(self) -> None:
        """Start what runs beside, bring the database up to date, then name the other parts."""
        for part in self.parts:
            part.tend(time.monotonic())
        for arguments in self.before:
            if self.stopping:
                return
            self._do(arguments)
        self._begin_web()
        self.parts += [Part(f"worker {number}", ["worker"]) for number in range(1, self.workers + 1)]

    def _begin_web(self) -> None:
        """Start the web server, once."""
        if not any(part.name == "web" for part in self.parts):
            self.parts.append(Part("web", ["web", "--host", self.host, "--port", str(self.port)]))
            self.parts[-1].tend(time.monotonic())

    def _do(self, arguments: Sequence[str]) -> None:
        """Run a command to its end; what it prints is kept for when the installation is up."""
        process = start(arguments, stdout=subprocess.PIPE)
        for line in process.stdout or ():
            text = line.decode().rstrip()
            if text == MIGRATED and not self.stopping:
                self._begin_web()
            elif text != MIGRATED:
                self.said.append(text)
        if process.wait() and not self.stopping:
            raise CannotStart(f"`masthead {arguments[0]}` failed; the reason is above.")

    def _tend_until_stopped(self) -> None:
        ready, looked = False, 0.0
        while not self.stopping:
            now = time.monotonic()
            for part in self.parts:
                part.tend(now)
            if now - looked > (1 if ready else 0.1):
                looked = now
                self._revive_database()
                ready = ready or self._say_when_ready()
            time.sleep(0.1)

    def _revive_database(self) -> None:
        if self.server is not None and self.server.revive():
            tell("The database had ended; it was started again.")

    def _say_when_ready(self) -> bool:
        if not answers(self.host, self.port):
            return False
        address = os.environ.get("MASTHEAD_PUBLIC_URL", self.url)
        for line in (*self.said, f"Masthead is ready: {address}", "Ctrl-C stops it."):
            print(line, flush=True)
        return True

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _stop_parts(self) -> None:
        running = [part.process for part in self.parts if part.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def start(arguments: Sequence[str], stdout: int | None = None) -> subprocess.Popen[bytes]:
    """Start `masthead <arguments>` as a child that ends with us and does not hear the terminal's Ctrl-C."""
    return subprocess.Popen(
        [sys.executable, "-m", "masthead.config.cli", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        start_new_session=True,
        env={**os.environ, "MASTHEAD_PARENT": str(os.getpid())},
    )


def check_port(host: str, port: int) -> None:
    """Raise CannotStart where the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"Cannot listen on {host} port {port}: {error.strerror}. "
                f"Choose another with --port, such as --port {port + 1}."
            ) from None


def answers(host: str, port: int) -> bool:
    """True where the web server says that it is ready."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(near, port, timeout=2)
    try:
        connection.request("GET", "/health/ready", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def tell(text: str) -> None:
    """Say something to the one who watches the terminal."""
    print(text, file=sys.stderr, flush=True)
