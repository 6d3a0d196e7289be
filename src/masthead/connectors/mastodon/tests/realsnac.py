"""snac, a real server with Mastodon's API, for tests marked `servers`. `bin/servers/snac` installs it.

Where it is absent the test is skipped with the reason; with MASTHEAD_ALL=1 it fails instead.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest

from masthead.contract.platform import Redirect

ROOT = Path(__file__).parents[5]
PROGRAM = Path(os.environ.get("MASTHEAD_SNAC", ROOT / ".tools" / "snac")) / "usr" / "bin" / "snac"


class Snac:
    """A running server with two users; `passwords` by user name."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = _free_port()
        self.url = f"http://localhost:{self.port}"
        self.passwords: dict[str, str] = {}

    def prepare(self) -> None:
        """Initialise the storage (it asks for address, port, host, prefix and e-mail) and add the users.

        It delivers to its own users over HTTP, which with few threads waits for itself.
        """
        self._run("init", str(self.home), typed=f"127.0.0.1\n{self.port}\nlocalhost:{self.port}\n\n\n")
        path = self.home / "server.json"
        wanted = {
            "protocol": "http",
            "host": f"localhost:{self.port}",
            "disable_email_notifications": True,
            "num_threads": 16,
        }
        path.write_text(json.dumps(json.loads(path.read_text()) | wanted))
        for name in ("alice", "bob"):
            said = self._run("adduser", str(self.home), name, typed="\n")
            self.passwords[name] = re.search(r"User password is (\S+)", said)[1]  # type: ignore[index]

    @contextlib.contextmanager
    def running(self) -> Iterator[Snac]:
        """Serve until the end of the block."""
        with (self.home / "log").open("wb") as log:
            process = subprocess.Popen([PROGRAM, "httpd", str(self.home)], stdout=log, stderr=log)
        try:
            _await_port(self.port)
            yield self
        finally:
            process.terminate()
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:  # it waits for its own deliveries to hosts that do not answer
                process.kill()
                process.wait(10)

    async def visit(self, redirect: Redirect, user: str) -> Mapping[str, str]:
        """Sign in on snac's page as a person does; the query it sends back."""
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as browser:
            async with browser.get(redirect.url) as page:
                text = await page.text()
            form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
            form |= {"login": user, "passwd": self.passwords[user]}
            target = re.search(r'action="([^"]+)"', text)[1]  # type: ignore[index]
            async with browser.post(target, data=form, allow_redirects=False) as back:
                return dict(parse_qsl(urlsplit(back.headers["Location"]).query))

    def _run(self, *words: str, typed: str) -> str:
        done = subprocess.run([PROGRAM, *words], input=typed, capture_output=True, text=True, timeout=60, check=False)
        return done.stdout + done.stderr


def installed() -> None:
    """Skip, or fail with MASTHEAD_ALL=1, where snac is not installed."""
    if not PROGRAM.exists():
        why = f"snac is not installed at {PROGRAM}; run bin/servers/snac"
        (pytest.fail if os.environ.get("MASTHEAD_ALL") == "1" else pytest.skip)(why)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _await_port(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("snac did not start")
