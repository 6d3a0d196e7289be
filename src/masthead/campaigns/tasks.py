"""Ways in for time: what the worker does for campaigns by itself. Safe to run twice."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connection

from masthead.campaigns import go_on, launch, measure, pace, stop
from masthead.campaigns.models import Decision, Flight
from masthead.kit.clock import now
from masthead.kit.jobs import enqueue, every, job


@job(launch.JOB)
async def take_steps(payload: dict[str, Any]) -> None:
    """Create what is still missing of an ad group."""
    await launch.take_steps(int(payload["id"]))


@job(measure.JOB)
async def read_results(payload: dict[str, Any]) -> None:
    """Read the results of an ad account."""
    await measure.measure(int(payload["id"]))


@job("campaigns.pace")
async def set_budgets(payload: dict[str, Any]) -> None:
    """Bring a campaign's budgets to what stands, with ends a few days away."""
    await pace.pace(int(payload["id"]))


@job("campaigns.apply")
async def apply(payload: dict[str, Any]) -> None:
    """Carry a decision out."""
    decision = await Decision.objects.aget(pk=int(payload["id"]))
    await pace.pace(decision.campaign_id, await sync_to_async(go_on.wanted_of)(decision))
    await sync_to_async(go_on.applied)(decision, now())


@job("campaigns.send")
async def send_again(payload: dict[str, Any]) -> None:
    """Send a budget again whose answer was lost."""
    await pace.carry_out([await Flight.objects.aget(pk=int(payload["id"]))])


@job("campaigns.stand")
async def stand(payload: dict[str, Any]) -> None:
    """Bring a campaign to a stand and prove it."""
    await stop.bring_to_stand(int(payload["id"]))


@job("campaigns.decide")
async def decide(payload: dict[str, Any]) -> None:
    """Decide on today's budgets; what has numpy in it is loaded only where there is something to decide."""
    allocate = import_module("masthead.campaigns.allocate")
    await sync_to_async(allocate.decide)(int(payload["id"]), now())


@every("campaigns.minute", "* * * * *")
async def minute() -> None:
    """Every minute: what waits to be created, started, sent again, decided or brought to a stand."""
    at = now()
    await sync_to_async(_ask)(launch.JOB, await sync_to_async(launch.due)(at))
    await sync_to_async(go_on.settle_launches)(at)
    await sync_to_async(go_on.end_over)(at)
    await sync_to_async(_ask)("campaigns.stand", await sync_to_async(stop.to_stand)())
    await sync_to_async(_ask)("campaigns.decide", await sync_to_async(go_on.to_decide)(at))
    await sync_to_async(_ask)("campaigns.apply", await sync_to_async(go_on.to_apply)())
    await sync_to_async(_ask)("campaigns.pace", await sync_to_async(go_on.to_pace)(at))
    await sync_to_async(_ask)("campaigns.send", await sync_to_async(pace.unsent)(at))


@every("campaigns.results", "*/10 * * * *")
async def results() -> None:
    """Every ten minutes: ad accounts whose results are due."""
    await sync_to_async(_ask)(measure.JOB, await sync_to_async(measure.due)(now()))


@every("campaigns.forget", "23 4 * * *")
async def forget() -> None:
    """Once a day: results that may not be kept any longer."""
    await sync_to_async(measure.forget)(now())


def _ask(name: str, ids: Iterable[int]) -> None:
    connection.ensure_connection()
    for one in ids:
        enqueue(connection.connection, name, {"id": one}, key=f"{name}:{one}")
