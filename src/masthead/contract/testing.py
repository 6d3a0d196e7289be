"""The Sandbox: a small scripted social network that runs beside Masthead, for the demo and for tests.

`SandboxNetwork` is the network itself (testing_network.py), `sandbox_app` its HTTP side (testing_app.py),
`SandboxServer` runs both in a thread. On its own: `python -m masthead.contract.testing --port 8020 --data sandbox.db`.
"""

from __future__ import annotations

import argparse
import asyncio
import threading
from pathlib import Path

from aiohttp import web

from masthead.contract.testing_ads import AdAccount, AdMarket, add_demo_accounts, demo_ads_token
from masthead.contract.testing_ads_model import CURVES, DAY, Curve
from masthead.contract.testing_app import sandbox_app
from masthead.contract.testing_faults import Fault
from masthead.contract.testing_network import Member, SandboxNetwork
from masthead.contract.testing_past import add_past
from masthead.contract.testing_store import Store
from masthead.contract.testing_visitors import add_demo_visitors

__all__ = [
    "CURVES",
    "DEMO_PORT",
    "AdAccount",
    "AdMarket",
    "Curve",
    "Fault",
    "Member",
    "SandboxNetwork",
    "SandboxServer",
    "Store",
    "add_demo_accounts",
    "add_demo_members",
    "add_demo_past",
    "add_demo_visitors",
    "demo_ads_token",
    "main",
    "sandbox_app",
]
DEMO_PORT = 8020
DEMO = (
    Member("ticker", "Ticker", "Short news, at most 280 characters.", {"text_limit": 280, "max_attachments": 1}),
    Member(
        "gallery",
        "Gallery",
        "Pictures first: a post needs at least one, or a poll.",
        {"text_limit": 1000, "max_attachments": 10, "media_required": True},
    ),
    Member("longread", "Long Read", "Essays of up to 5,000 characters.", {"text_limit": 5000, "max_attachments": 4}),
)


def demo_token(handle: str) -> str:
    """The account token of a demo member; named in the connect form's help, since it protects nothing."""
    return f"{handle}-demo-token"


def add_demo_members(network: SandboxNetwork) -> None:
    """The three members of the demo: a short-text one, a photo one and a long-form one. Those present already stay."""
    for member in DEMO:
        if network.member(member.handle) is None:
            network.add(member, token=demo_token(member.handle))


def add_demo_past(network: SandboxNetwork) -> None:
    """A year of posts for those of the demo's members who never posted."""
    for member in DEMO:
        add_past(network, member)


class SandboxServer:
    """The sandbox in a thread of its own, on a free port of 127.0.0.1: `with SandboxServer() as server: server.url`."""

    def __init__(self, network: SandboxNetwork | None = None, port: int = 0, market: AdMarket | None = None) -> None:
        self.network = network or SandboxNetwork(Store(":memory:"))
        self.market = market or AdMarket(self.network.store)
        self.port = port
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._problem: BaseException | None = None

    @property
    def url(self) -> str:
        """The origin, e.g. http://127.0.0.1:8020."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> SandboxServer:
        """Listen; raises OSError where the port is taken."""
        self._thread.start()
        self._ready.wait(10)
        if self._problem:
            raise self._problem
        return self

    def stop(self) -> None:
        """Stop listening and cut open requests."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)

    def __enter__(self) -> SandboxServer:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as problem:
            self._problem = problem
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        runner = await _listening(self.network, self.market, self.port)
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._stopping.wait()
        await runner.cleanup()


async def _listening(network: SandboxNetwork, market: AdMarket, port: int) -> web.AppRunner:
    runner = web.AppRunner(sandbox_app(network, market), access_log=None, handle_signals=False, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


def main(arguments: list[str] | None = None) -> None:
    """Serve a sandbox with the demo's members until it is told to stop."""
    parser = argparse.ArgumentParser(
        prog="masthead.contract.testing", description="The Sandbox, a small social network."
    )
    parser.add_argument("--port", type=int, default=DEMO_PORT)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data", type=Path, default=Path("sandbox.db"), help="the file that keeps its posts")
    parser.add_argument("--ads-day-seconds", type=float, default=DAY, help="how long a day of the ad market lasts")
    chosen = parser.parse_args(arguments)
    network = SandboxNetwork(Store(str(chosen.data)))
    market = AdMarket(network.store, day_seconds=chosen.ads_day_seconds)
    add_demo_members(network)
    add_demo_past(network)
    add_demo_visitors(network, DEMO)
    add_demo_accounts(market)
    web.run_app(
        sandbox_app(network, market),
        host=chosen.host,
        port=chosen.port,
        access_log=None,
        print=None,
        shutdown_timeout=1,
    )


if __name__ == "__main__":
    main()
