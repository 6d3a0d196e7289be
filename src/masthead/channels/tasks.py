"""Ways in for time: refreshes that are due, the daily look at each channel, clean-up. Safe to run twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async

from masthead.channels.calling import metered
from masthead.channels.check import check_quietly
from masthead.channels.close import settle_all
from masthead.channels.models import PendingChoice, PendingSignIn
from masthead.channels.propose import propose_all
from masthead.channels.queries import due_for_check, due_for_refresh
from masthead.channels.refresh import refresh
from masthead.channels.usage import ask_all
from masthead.contract.http import Meter, Transport
from masthead.kit.clock import now
from masthead.kit.jobs import every

AT_ONCE = 20
Act = Callable[[int, int, Transport, Meter], Awaitable[Any]]


@every("channels.refresh", "* * * * *")
async def refresh_due() -> None:
    """Every minute: refresh what runs out within ten minutes."""
    await _each(await sync_to_async(due_for_refresh)(now()), refresh)


@every("channels.check", "*/10 * * * *")
async def check_due() -> None:
    """Every ten minutes: look at channels that were not looked at for a day."""
    await _each(await sync_to_async(due_for_check)(now()), check_quietly)


@every("channels.sunset", "* * * * *")
async def close_due() -> None:
    """Every minute: close channels whose end has come. Calls stop at the very instant without it: see ending.py."""
    await sync_to_async(settle_all)(now())


@every("channels.propose_ends", "13 * * * *")
async def propose_ends() -> None:
    """Every hour: channels that answer "gone", and known ends ahead."""
    await sync_to_async(propose_all)(now())


@every("channels.clean", "23 * * * *")
async def clean() -> None:
    """Every hour: sign-ins that never came back, and choices that were never made."""
    await PendingSignIn.objects.filter(created_at__lt=now() - timedelta(hours=1)).adelete()
    await PendingChoice.objects.filter(created_at__lt=now() - timedelta(hours=1)).adelete()


@every("channels.usage", "47 5 * * *")
async def ask_for_usage() -> None:
    """Once a day: what platforms say themselves that developer apps used."""
    await ask_all(now())


async def _each(due: list[tuple[int, int]], act: Act) -> None:
    """Do it for all, a few at once; one that fails does not keep the others from being done."""
    if not due:
        return
    room = asyncio.Semaphore(AT_ONCE)
    async with metered() as (transport, meter):

        async def one(channel_id: int, version: int) -> None:
            async with room:
                await act(channel_id, version, transport, meter)

        results = await asyncio.gather(*(one(*pair) for pair in due), return_exceptions=True)
    for failure in (one for one in results if isinstance(one, Exception)):
        raise failure
