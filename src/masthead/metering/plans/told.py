"""What a platform says of its own count, beside ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Min, Sum

from masthead.connectors import PLATFORMS
from masthead.metering.models import CallDay, ToldCount
from masthead.metering.plans.used import next_month


@dataclass(frozen=True, slots=True)
class Compared:
    """Both counts over the days that the platform told of, from `since` to `until`; `asked_at` is when it was asked last."""

    theirs: int
    ours: int
    since: date
    until: date
    asked_at: datetime

    @property
    def difference(self) -> int:
        """How many more the platform counts."""
        return self.theirs - self.ours


def compared(workspace_id: int, platform: str, month: date) -> Compared | None:
    """The month's counts; None where the platform did not tell."""
    found = ToldCount.objects.filter(
        workspace=workspace_id, platform=platform, day__gte=month, day__lt=next_month(month)
    )
    sums = found.aggregate(theirs=Sum("units"), since=Min("day"), until=Max("day"), asked=Max("asked_at"))
    if sums["theirs"] is None or platform not in PLATFORMS or (part := PLATFORMS[platform].usage) is None:
        return None
    apps = found.values_list("app", flat=True).distinct()
    mine = CallDay.objects.filter(
        workspace_id=workspace_id,
        platform=platform,
        app__in=list(apps),
        price_key__in=part.counts,
        day__gte=sums["since"],
        day__lte=sums["until"],
    )
    rows = mine.aggregate(units=Sum("units"), charged=Sum("charged"))
    ours = rows["charged"] or rows["units"] or 0
    return Compared(int(sums["theirs"]), int(ours), sums["since"], sums["until"], sums["asked"])
