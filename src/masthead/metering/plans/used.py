"""What a workspace used of a platform, out of the ledger's days, as a bill can be made of it.

Days are already counted once where the plan in use counts the same thing once a day. A plan that counts it once a month
would count a little less; the ledger does not keep ids for that long.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Min, QuerySet, Sum

from masthead.contract.calls import OWN_APP
from masthead.metering.bill import Usage
from masthead.metering.models import CallDay
from masthead.metering.prices import Catalogue, Dedup, Unit

KIND = ("day", "channel_id", "price_key", "plan", "conditions")


@dataclass(frozen=True, slots=True)
class InUse:
    """The plan and the kind of app of a workspace's last priced call; "" and False where there was none."""

    plan: str = ""
    own_app: bool = False


def next_month(month: date) -> date:
    """The first day of the following month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _days(workspace_id: int, platform: str, since: date, until: date) -> QuerySet[CallDay]:
    return CallDay.objects.filter(workspace_id=workspace_id, platform=platform, day__gte=since, day__lt=until)


def used(workspace_id: int, platform: str, since: date, until: date, catalogue: Catalogue) -> list[Usage]:
    """The usages from a day to before another, one for each day, channel and kind of call."""
    rows = _days(workspace_id, platform, since, until).values(*KIND)
    rows = rows.annotate(units=Sum("units"), charged=Sum("charged")).order_by("day")
    return [
        Usage(
            datetime.combine(row["day"], time(12), UTC),
            row["price_key"],
            units=units,
            account=row["channel_id"],
        )
        for row in rows
        if (units := _units(row, platform, catalogue))
    ]


def _units(row: dict[str, Any], platform: str, catalogue: Catalogue) -> int:
    """Units after the rule of counting once a day, where the price in force has it."""
    conditions = frozenset(filter(None, row["conditions"].split(",")))
    price = catalogue.price(platform, row["plan"], row["price_key"], row["day"], conditions)
    once = price is not None and price.unit is Unit.RESOURCE and price.dedup is Dedup.UTC_DAY
    return int(row["charged"] if once else row["units"])


def in_use(workspace_id: int, platform: str, until: date) -> InUse:
    """The plan and app of the last call before a day that named a price; else of the last of all."""
    found = CallDay.objects.filter(workspace_id=workspace_id, platform=platform).exclude(price_key="")
    row = found.filter(day__lt=until).order_by("-day", "-pk").first() or found.order_by("day", "pk").first()
    return InUse(row.plan, OWN_APP in row.conditions.split(",")) if row else InUse()


def platforms_used(workspace_id: int) -> list[str]:
    """The platforms that the workspace ever called, those that cost most first."""
    found = CallDay.objects.filter(workspace_id=workspace_id).values("platform").annotate(micros=Sum("micros"))
    return [row["platform"] for row in found.order_by("-micros", "platform")]


def first_month(workspace_id: int, today: date) -> date:
    """The first month with a call; this one where there was none."""
    found = CallDay.objects.filter(workspace_id=workspace_id).aggregate(first=Min("day"))["first"]
    return (found or today).replace(day=1)
