"""The register of use: each app of ours at a platform, what it is declared to be for, and what it called and got.

It is the list that a platform's lawyers ask for: for each app its purpose, the operations, how many calls and how many records.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min, Sum

from masthead.metering.models import CallDay
from masthead.rights.models import AppPurpose
from masthead.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Use:
    """One operation of one app for one purpose within the time asked for. `records`: resources the platform gave or took."""

    platform: str
    app: str
    declared: str
    purpose: str
    operation: str
    calls: int
    failed: int
    records: int
    first_on: date
    last_on: date


def register(workspace: Workspace, since: date, until: date) -> list[Use]:
    """Everything that was called from a day to before another, by platform, app, purpose and operation."""
    found = CallDay.objects.filter(workspace_id=workspace.pk, day__gte=since, day__lt=until)
    by = ("platform", "app", "purpose", "operation")
    sums = {"all_calls": Sum("calls"), "all_failed": Sum("failed"), "all_units": Sum("units")}
    rows = found.values(*by).annotate(**sums, first=Min("day"), last=Max("day")).order_by(*by)
    told = declared(workspace)
    return [_use(row, told.get((row["platform"], row["app"]), "")) for row in rows]


def declared(workspace: Workspace) -> dict[tuple[str, str], str]:
    """What each app is declared to be for."""
    return {(one.platform, one.app): one.purpose for one in AppPurpose.objects.filter(workspace=workspace)}


def declare(workspace: Workspace, platform: str, app: str, purpose: str, now: datetime) -> None:
    """Write down what an app is for."""
    AppPurpose.objects.update_or_create(
        workspace=workspace, platform=platform, app=app, defaults={"purpose": purpose, "changed_at": now}
    )


def _use(row: dict[str, Any], told: str) -> Use:
    numbers = (row["all_calls"], row["all_failed"], row["all_units"])
    return Use(row["platform"], row["app"], told, row["purpose"], row["operation"], *numbers, row["first"], row["last"])
