"""Real Bluesky servers for tests: `with running_pds() as pds:` starts PLC directory and PDS, on request the AppView.

They need Node (18 to 22) and the packages that `bin/servers/bluesky` installs; the AppView also Debian's PostgreSQL.
Where those are absent the test is skipped with the reason; with MASTHEAD_ALL=1 it fails instead.
"""

from __future__ import annotations

import itertools
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest

from masthead.connectors.bluesky.records import POST
from masthead.connectors.bluesky.tests.gate import Gate

ROOT = Path(__file__).resolve().parents[5]
PACKAGES = Path(os.environ.get("MASTHEAD_BLUESKY_PACKAGES") or ROOT / ".tools" / "bluesky")
SCRIPT = Path(__file__).with_name("network.mjs")
PASSWORD = "correct-horse-battery"
NODE_MAJORS = range(18, 23)
WRITES = frozenset({"/xrpc/com.atproto.repo.putRecord", "/xrpc/com.atproto.repo.createRecord"})
START_SECONDS = 120.0
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """An account on the running PDS. `app_password` is fresh; `password` is the main one."""

    handle: str
    did: str
    password: str = field(repr=False)
    app_password: str = field(repr=False)


@dataclass
class RunningPds:
    """A running PDS: `url` leads through the gate, `plc` is its directory, `appview` is "" where none was asked for."""

    url: str
    plc: str
    appview: str
    gate: Gate
    settle_url: str
    accounts: list[Person] = field(default_factory=list)

    def person(self, name: str = "") -> Person:
        """A new account with an app password."""
        handle = f"{name or 'person'}{next(_numbers)}.test"
        body = {"handle": handle, "password": PASSWORD, "email": f"{handle.replace('.', '-')}@mail.example"}
        made = self.xrpc("com.atproto.server.createAccount", body)
        app = self.xrpc("com.atproto.server.createAppPassword", {"name": "masthead"}, made["accessJwt"])
        found = Person(handle, made["did"], PASSWORD, app["password"])
        self.accounts.append(found)
        return found

    def xrpc(self, method: str, body: Any = None, token: str = "", base: str = "") -> Any:
        """One plain call beside the connector; POST where there is a body. Raises urllib.error.HTTPError."""
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{base or self.url}/xrpc/{method}", data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=90) as answer:
            return json.loads(answer.read() or b"{}")

    def posts(self, did: str) -> list[dict[str, Any]]:
        """The account's posts as they lie in its repository, oldest record key first."""
        found = self.xrpc(f"com.atproto.repo.listRecords?repo={did}&collection={POST}&limit=100&reverse=true")
        return list(found["records"])

    def settle(self) -> None:
        """Wait until the AppView has indexed everything."""
        urllib.request.urlopen(self.settle_url, timeout=90).close()


@contextmanager
def running_pds(*, accounts: int = 2, appview: bool = False, rate_limits: bool = False) -> Iterator[RunningPds]:
    """Start the servers on free ports of 127.0.0.1 and stop them in the end. Takes 2 to 10 seconds."""
    node = require_node()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="masthead-bluesky-")))
        names = ("PLC_PORT", "PDS_PORT", "PDS_INNER_PORT", "APPVIEW_PORT", "SETTLE_PORT")
        ports = dict(zip(names, free_ports(len(names)), strict=True))
        gate = stack.enter_context(Gate(ports["PDS_PORT"], ports["PDS_INNER_PORT"], _creates_post))
        environment = {
            **os.environ,
            **{name: str(port) for name, port in ports.items()},
            "TMPDIR": str(home),
            "LOG_ENABLED": "false",
            "RATE_LIMITS": "1" if rate_limits else "0",
            "APPVIEW": "1" if appview else "0",
            "REDIS_HOST": "unused",
        }
        if appview:
            environment["DB_POSTGRES_URL"] = stack.enter_context(_postgres(home))
        told = stack.enter_context(_node(node, environment, home / "log"))
        pds = RunningPds(told["pds"], told["plc"], told["appview"], gate, f"http://127.0.0.1:{ports['SETTLE_PORT']}/")
        for name in ("alice", "bob", "carol", "dan")[:accounts]:
            pds.person(name)
        yield pds


def require_node() -> str:
    """The Node program; skips (or fails) the test where it or the packages are absent."""
    node = shutil.which("node")
    if not node:
        absent("Node is not installed")
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    major = int(told.removeprefix("v").split(".")[0])
    if major not in NODE_MAJORS:
        absent(f"Node {major} does not run Bluesky's servers; 18 to 22 do")
    if not (PACKAGES / "node_modules" / "@atproto" / "dev-env").exists():
        absent(f"Bluesky's servers are not installed in {PACKAGES}; run bin/servers/bluesky")
    return node


def absent(reason: str) -> NoReturn:
    """Skip with the reason, or fail where everything has to be tested."""
    if os.environ.get("MASTHEAD_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on just now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _creates_post(path: str, body: bytes) -> bool:
    return path in WRITES and f'"{POST}"'.encode() in body


@contextmanager
def _node(node: str, environment: dict[str, str], log: Path) -> Iterator[dict[str, Any]]:
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [node, "--no-deprecation", str(SCRIPT)],
            cwd=PACKAGES,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    try:
        yield _first_words(process, log)
    finally:
        _end(process)


def _first_words(process: subprocess.Popen[str], log: Path) -> dict[str, Any]:
    """What the servers say when they are ready."""
    assert process.stdout is not None
    limit = threading.Timer(START_SECONDS, process.kill)
    limit.start()
    try:
        for line in process.stdout:
            if '"ready":true' in line:
                told: dict[str, Any] = json.loads(line)
                return told
    finally:
        limit.cancel()
    raise RuntimeError(f"Bluesky's servers did not start: {log.read_text(errors='replace')[-2000:]}")


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@contextmanager
def _postgres(home: Path) -> Iterator[str]:
    """A throw-away PostgreSQL with pg_trgm, which the embedded one lacks: the system's own programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        absent("The AppView needs the system's PostgreSQL (Debian: postgresql)")
    programs, data, port = found[-1].parent, home / "postgres", free_ports(1)[0]
    data.mkdir()
    identity: dict[str, Any] = {"cwd": "/", "stdout": subprocess.DEVNULL}
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        identity |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        home.chmod(0o711)
        os.chown(data, user.pw_uid, user.pw_gid)
    subprocess.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale",
            "C.UTF-8",
        ],
        check=True,
        **identity,
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {data} -c fsync=off -c synchronous_commit=off"
    start: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start"]
    subprocess.run(start, check=True, **identity)
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=False, **identity)
