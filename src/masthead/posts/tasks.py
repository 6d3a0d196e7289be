"""Ways in for time: what the worker does by itself. Safe to run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async

from masthead.kit.clock import now
from masthead.kit.jobs import every, job
from masthead.media import bundle
from masthead.posts.archive import purge_empty_drafts
from masthead.posts.export import ask
from masthead.posts.export.telling import tell_ready
from masthead.posts.export.write import write
from masthead.posts.history import turn
from masthead.posts.history.read import read_history
from masthead.posts.history.spend import plan_all
from masthead.posts.models import Heartbeat
from masthead.posts.sunset.hold import hold_all
from masthead.posts.telling import tell_outcomes


@job("posts.tell_outcomes")
async def tell(payload: dict[str, Any]) -> None:
    """Tell people what became of their publications."""
    await sync_to_async(tell_outcomes)({int(id_): state for id_, state in payload["states"].items()})


@job(turn.JOB)
async def read(payload: dict[str, Any]) -> None:
    """A turn at a channel's past posts."""
    await read_history(int(payload["channel"]))


@every("posts.history_due", "* * * * *")
async def history_due() -> None:
    """Every minute: begin for new channels, and ask for a turn where something is due."""
    await sync_to_async(turn.begin_new)(now())
    await sync_to_async(turn.ask_for_turns)(await sync_to_async(turn.due)(now()))


@every("posts.plan_reading", "11 * * * *")
async def plan_reading() -> None:
    """Every hour: plan what is read when, where reading costs money and has a budget."""
    await sync_to_async(plan_all)(now())


@every("posts.hold_ended", "* * * * *")
async def hold_ended() -> None:
    """Every minute: put aside what is scheduled on channels that have ended."""
    await sync_to_async(hold_all)(now())


@job(ask.JOB)
async def export(payload: dict[str, Any]) -> None:
    """Make an export and tell people."""
    if await bundle.made(write, int(payload["export"])):
        await sync_to_async(tell_ready)(int(payload["export"]))


@every("posts.exports", "*/5 * * * *")
async def exports() -> None:
    """Every five minutes: exports before an end, and those whose worker is gone."""
    await sync_to_async(ask.ask_before_ends)(now())
    await sync_to_async(ask.ask_again)(now())


@every("posts.clean", "17 4 * * *")
async def clean() -> None:
    """Once a day: empty drafts and workers long gone."""
    await sync_to_async(purge_empty_drafts)(now())
    await sync_to_async(ask.forget_old)(now())
    await Heartbeat.objects.filter(beat_at__lt=now() - timedelta(days=7)).adelete()
