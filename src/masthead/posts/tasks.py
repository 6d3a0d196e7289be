"""Ways in for time: what the worker does by itself. Safe to run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async

from masthead.kit.clock import now
from masthead.kit.jobs import every, job
from masthead.posts.archive import purge_empty_drafts
from masthead.posts.models import Heartbeat
from masthead.posts.telling import tell_outcomes


@job("posts.tell_outcomes")
async def tell(payload: dict[str, Any]) -> None:
    """Tell people what became of their publications."""
    await sync_to_async(tell_outcomes)({int(id_): state for id_, state in payload["states"].items()})


@every("posts.clean", "17 4 * * *")
async def clean() -> None:
    """Once a day: empty drafts and workers long gone."""
    await sync_to_async(purge_empty_drafts)(now())
    await Heartbeat.objects.filter(beat_at__lt=now() - timedelta(days=7)).adelete()
