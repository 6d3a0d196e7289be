"""Calls to platforms from pages and from the worker's side jobs: one short-lived transport, metered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import structlog
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import Error

from masthead.channels.ending import endings_for
from masthead.channels.models import Channel
from masthead.connectors import EVERY
from masthead.contract.calls import Purpose, charged_to
from masthead.contract.errors import Unsupported
from masthead.contract.http import Http, Meter, Transport
from masthead.contract.platform import Platform
from masthead.metering.caps.purse import purse_for
from masthead.metering.caps.till import Till, here
from masthead.metering.meter import BatchedMeter

log = structlog.get_logger()
T = TypeVar("T")


def platform_of(channel: Channel) -> Platform:
    """The channel's platform; raises Unsupported where it is no longer part of the installation."""
    found = EVERY.get(channel.platform)
    if found is None:
        raise Unsupported("This platform is no longer part of the installation.", remedy="Choose another channel.")
    return found


@asynccontextmanager
async def metered() -> AsyncIterator[tuple[Transport, Meter]]:
    """A transport and a meter whose sums are written down at the end."""
    meter = BatchedMeter()
    async with Transport(allow_private=settings.ALLOW_PRIVATE, limit=50) as transport:
        try:
            yield transport, meter
        finally:
            await sync_to_async(_flush)(meter)


def _flush(meter: BatchedMeter) -> None:
    try:
        meter.flush_sync()
    except Error as error:
        log.warning("calls could not be counted", kind=type(error).__name__)


async def bound_http(
    transport: Transport,
    meter: Meter,
    platform: Platform,
    workspace_id: int,
    channel_id: int = 0,
    *,
    limits: Mapping[str, Any],
    purpose: Purpose,
) -> Http:
    """The transport bound to a platform and, where there is one, a channel, whose `limits` name the developer app.

    It refuses what has ended, and what no cap allows.
    """
    return Http(
        transport,
        platform=platform.key,
        operations=platform.operations,
        meter=meter,
        workspace_id=workspace_id,
        channel_id=channel_id,
        endings=await sync_to_async(endings_for)(workspace_id, platform.key, channel_id),
        purpose=purpose,
        budget=await purse_for(Till(here), platform.key, workspace_id, channel_id, purpose, limits),
        **charged_to(limits),
    )


async def http_of(transport: Transport, meter: Meter, channel: Channel, purpose: Purpose) -> Http:
    """The transport bound to a channel."""
    platform = platform_of(channel)
    return await bound_http(
        transport, meter, platform, channel.workspace_id, channel.pk, limits=channel.limits, purpose=purpose
    )


@asynccontextmanager
async def calling(channel: Channel, purpose: Purpose) -> AsyncIterator[Http]:
    """An Http bound to a channel, for the length of one piece of work."""
    async with metered() as (transport, meter):
        yield await http_of(transport, meter, channel, purpose)


def ask(
    platform: Platform,
    workspace_id: int,
    act: Callable[[Http], Awaitable[T]],
    *,
    channel_id: int = 0,
    limits: Mapping[str, Any],
    purpose: Purpose = Purpose.CONNECT,
) -> T:
    """Run `act` with an Http from synchronous code, and return what it returns. `limits` name the developer app that is used."""

    async def run() -> T:
        async with metered() as (transport, meter):
            http = await bound_http(
                transport, meter, platform, workspace_id, channel_id, limits=limits, purpose=purpose
            )
            return await act(http)

    return async_to_sync(run)()
