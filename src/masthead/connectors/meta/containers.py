"""Publishing by containers, as Instagram and Threads do: make one, wait until its media are read, publish it.

A container is seen by nobody and is gone after a day; only the last step makes a post.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from masthead.connectors.meta import wire
from masthead.connectors.meta.graph import Way, call
from masthead.contract.errors import ConnectorError, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account, Attachment, Receipt

PUBLIC = "Set MASTHEAD_PUBLIC_URL to an address that the internet can reach, or keep media on S3."


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a container, in seconds: the first pause, the longest, all together."""

    first: float = 1.0
    longest: float = 20.0
    most: float = 240.0


PATIENT = Patience()
AN_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Steps:
    """The calls of one platform on the way to a post, and the `fields` that tell how far a container is."""

    name: str
    way: Way
    prepare: Operation
    container: Operation
    limit: Operation
    post: Operation
    fields: str


async def prepared(http: Http, steps: Steps, account: Account, sent: Mapping[str, str], patience: Patience) -> str:
    """Make a container and wait until it may be published; its id."""
    answer = await call(http, steps.way, steps.prepare, account, path={"id": account.remote_id}, sent=sent)
    made = wire.read(wire.Made, answer.body).id

    async def ask() -> wire.Container:
        fields = {"fields": steps.fields}
        told = await call(http, steps.way, steps.container, account, path={"id": made}, sent=fields)
        return wire.read(wire.Container, told.body)

    await finished(ask, patience)
    return made


async def told_limit(http: Http, steps: Steps, account: Account, fields: str = "quota_usage,config") -> wire.Limit:
    """How many posts the platform takes, and how many it took; told live, for it was changed several times."""
    answer = await call(http, steps.way, steps.limit, account, path={"id": account.remote_id}, sent={"fields": fields})
    return next(iter(wire.read(wire.Limits, answer.body).data), wire.Limit())


def quotas(told: Mapping[str, wire.Config]) -> dict[str, Any]:
    """What was told of quotas, by bucket, as `Capabilities.narrowed` takes it."""
    known = {name: [one.quota_total, one.quota_duration] for name, one in told.items() if one.quota_total > 0}
    return {"quotas": known} if known else {}


def check_room(steps: Steps, config: wire.Config, used: int, what: str = "posts") -> None:
    """TryAgain where a quota is used up."""
    if 0 < config.quota_total <= used:
        raise TryAgain(
            f"{steps.name} takes {config.quota_total} {what} in {config.quota_duration // 3600} hours, and all are used.",
            after=AN_HOUR,
            whole_channel=True,
        )


async def addressed(http: Http, steps: Steps, account: Account, receipt: Receipt) -> Receipt:
    """The receipt with the post's address. The post is out, so nothing that fails here may undo that."""
    if receipt.url:
        return receipt
    try:
        sent = {"fields": "id,timestamp,permalink"}
        answer = await call(http, steps.way, steps.post, account, path={"id": receipt.remote_id}, sent=sent)
        return replace(receipt, url=wire.read(wire.Addressed, answer.body).permalink)
    except ConnectorError:
        return receipt


async def finished(ask: Callable[[], Awaitable[wire.Container]], patience: Patience) -> None:
    """Return when the container may be published. Refused (media that cannot be used), TryAgain (not ready in time)."""
    deadline, pause = time.monotonic() + patience.most, patience.first
    while True:
        told = await ask()
        if told.step == "FINISHED":
            return
        _check(told)
        if time.monotonic() + pause > deadline:
            raise TryAgain(f"The platform still works on the media after {patience.most:.0f} seconds.", after=120)
        await asyncio.sleep(pause)
        pause = min(patience.longest, pause * 1.5)


def _check(told: wire.Container) -> None:
    if told.step == "ERROR":
        raise Refused(
            f"The platform could not use the media{f' and said: {told.words[:200]}' if told.words else ''}.",
            field="attachments",
            remedy="Use another file.",
        )
    if told.step in ("EXPIRED", "PUBLISHED"):
        raise TryAgain(f"What was prepared for publishing is {told.step.lower()} already.", after=60)


async def address(attachment: Attachment) -> str:
    """The address the platform fetches a file from. Refused where this installation has no public address."""
    if attachment.public_url is None:
        raise Refused("The platform fetches files itself and cannot reach them.", field="attachments", remedy=PUBLIC)
    return await attachment.public_url()
