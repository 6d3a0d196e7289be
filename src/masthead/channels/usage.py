"""Asking platforms for their own count of what a workspace's developer app used: once a day, kept beside ours."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from asgiref.sync import sync_to_async
from django.db import transaction

from masthead.channels.calling import bound_http, metered
from masthead.channels.developer_apps import app_of, limits_of
from masthead.channels.models import App
from masthead.connectors import EVERY
from masthead.contract.calls import Purpose, charged_to
from masthead.contract.errors import ConnectorError
from masthead.contract.usage import ToldUsage
from masthead.kit.secrets import NoKey
from masthead.metering.models import ToldCount
from masthead.workspaces.models import Workspace

log = structlog.get_logger()
OFTEN = timedelta(hours=20)
DAYS = 62
"""This month and the one before: days may be told late."""


def due(now: datetime) -> list[App]:
    """The workspaces' own apps on platforms that tell, that were not asked today. An app of the installation is many workspaces'."""
    telling = [key for key, one in EVERY.items() if one.usage]
    found = App.objects.filter(platform__in=telling).select_related("workspace")
    fresh = set(ToldCount.objects.filter(asked_at__gt=now - OFTEN).values_list("workspace_id", "platform"))
    return [one for one in found if (one.workspace_id, one.platform) not in fresh]


async def ask_all(now: datetime) -> None:
    """Ask for every app that is due. One that is refused is asked again the next time, and keeps no other from being asked."""
    for row in await sync_to_async(due)(now):
        try:
            await ask(row, now)
        except (ConnectorError, NoKey) as error:
            log.info("usage not told", app=row.pk, platform=row.platform, kind=type(error).__name__)


async def ask(row: App, now: datetime) -> None:
    """Ask for one app and keep what is told; nothing where its fields do not allow asking. Raises ConnectorError, NoKey."""
    platform = EVERY[row.platform]
    known = await sync_to_async(app_of)(row.workspace, platform)
    if known is None or platform.usage is None:
        return
    limits = limits_of(platform, known)
    async with metered() as (transport, meter):
        http = await bound_http(transport, meter, platform, row.workspace_id, limits=limits, purpose=Purpose.READ)
        told = await platform.usage.days(http, known.answers, DAYS)
    if told is not None:
        await sync_to_async(keep)(row.workspace, row.platform, charged_to(limits)["app"], told, now)


@transaction.atomic
def keep(workspace: Workspace, platform: str, app: str, told: ToldUsage, now: datetime) -> None:
    """Write the days down; a day that is told anew replaces what was told before."""
    ToldCount.objects.bulk_create(
        [
            ToldCount(workspace=workspace, platform=platform, app=app, day=on, units=units, asked_at=now)
            for on, units in sorted(told.days.items())
        ],
        update_conflicts=True,
        unique_fields=["workspace", "platform", "app", "day"],
        update_fields=["units", "asked_at"],
    )
