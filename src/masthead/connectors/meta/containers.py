"""Publishing by containers, as Instagram and Threads do: make one, wait until its media are read, publish it.

A container is seen by nobody and is gone after a day; only the last step makes a post.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from masthead.contract.errors import Refused, TryAgain
from masthead.contract.values import Attachment

PUBLIC = "Set MASTHEAD_PUBLIC_URL to an address that the internet can reach, or keep media on S3."


@dataclass(frozen=True, slots=True)
class Container:
    """How far a container is: IN_PROGRESS, FINISHED, ERROR, EXPIRED or PUBLISHED, and what the platform says of it."""

    status: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a container, in seconds: the first pause, the longest, all together."""

    first: float = 1.0
    longest: float = 20.0
    most: float = 240.0


PATIENT = Patience()


async def finished(ask: Callable[[], Awaitable[Container]], patience: Patience) -> None:
    """Return when the container may be published. Refused (media that cannot be used), TryAgain (not ready in time)."""
    deadline, pause = time.monotonic() + patience.most, patience.first
    while True:
        told = await ask()
        if told.status == "FINISHED":
            return
        _check(told)
        if time.monotonic() + pause > deadline:
            raise TryAgain(f"The platform still works on the media after {patience.most:.0f} seconds.", after=120)
        await asyncio.sleep(pause)
        pause = min(patience.longest, pause * 1.5)


def _check(told: Container) -> None:
    if told.status == "ERROR":
        raise Refused(
            f"The platform could not use the media{f' and said: {told.words[:200]}' if told.words else ''}.",
            field="attachments",
            remedy="Use another file.",
        )
    if told.status in ("EXPIRED", "PUBLISHED"):
        raise TryAgain(f"What was prepared for publishing is {told.status.lower()} already.", after=60)


async def address(attachment: Attachment) -> str:
    """The address the platform fetches a file from. Refused where this installation has no public address."""
    if attachment.public_url is None:
        raise Refused("The platform fetches files itself and cannot reach them.", field="attachments", remedy=PUBLIC)
    return await attachment.public_url()
