"""A worker process for tests to kill. It is forked from a server that has loaded everything, so that it starts at once.

It says "halted" and waits for its end right before segment `index` is sent, or right after the platform acknowledged it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

import masthead.config.ready  # noqa: F401 - Django first, then what has models
from masthead.connectors import PLATFORMS
from masthead.contract.values import Account, Delivery, Receipt
from masthead.posts.tests.scene import Crew

LONGEST = 60.0
NEW = multiprocessing.get_context("forkserver")
NEW.set_forkserver_preload([__name__])


class Halting:
    """A publisher that stops at one moment and never goes on."""

    def __init__(self, real: Any, side: str, index: int, says: Connection) -> None:
        self.real, self.side, self.index, self.says = real, side, index, says

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    async def publish(
        self, http: Any, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """As the real one, up to that moment."""
        await self._halt(index, "before")
        receipt: Receipt = await self.real.publish(http, account, delivery, index, before)
        await self._halt(index, "after")
        return receipt

    async def _halt(self, index: int, side: str) -> None:
        if (side, index) == (self.side, self.index):
            self.says.send("halted")
            await asyncio.sleep(LONGEST)


class Hand:
    """The process as the test sees it."""

    def __init__(self, crew: Crew, side: str, index: int) -> None:
        self.hears, self.says = NEW.Pipe(duplex=False)
        self.process = NEW.Process(target=work, args=(crew.dsn, crew.platform.key, side, index, self.says), daemon=True)
        self.process.start()

    def halted(self) -> bool:
        """Wait, at most a minute, until it says that it stands at its moment."""
        return bool(self.hears.poll(LONGEST) and self.hears.recv() == "halted")

    def kill(self) -> None:
        """End it with -9."""
        self.process.kill()
        self.process.join(10)


@contextmanager
def hand(crew: Crew, side: str = "", index: int = 0) -> Iterator[Hand]:
    """A worker process; killed with -9 at the end."""
    made = Hand(crew, side, index)
    try:
        yield made
    finally:
        made.kill()


def work(dsn: str, key: str, side: str, index: int, says: Connection) -> None:
    """Work until killed, at most a minute."""
    platform = replace(PLATFORMS[key], publisher=Halting(PLATFORMS[key].publisher, side, index, says))
    Crew(dsn, platform).work(lambda: False, limit=LONGEST)
