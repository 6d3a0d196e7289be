"""Money kept for what is scheduled: reading may not take it. Before: somebody scheduled. After: publishing draws on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from masthead.metering.commitments import Commitment, committed
from masthead.metering.models import Cap, CapWindow

LATE = timedelta(days=1)
"""What should be out since so long may still go, and needs its money."""


def earmark(workspace_id: int, now: datetime) -> int:
    """Reckon anew what the open windows of a workspace's caps must keep; returns how many changed."""
    rows = list(_open(now).filter(cap__workspace=workspace_id))
    if not rows:
        return 0
    promised = committed(workspace_id, now - LATE, max(row.ends_at for row in rows))
    changed = 0
    with transaction.atomic():
        for row in (
            CapWindow.objects.select_for_update(of=("self",))
            .select_related("cap")
            .filter(pk__in=[row.pk for row in rows])
            .order_by("pk")
        ):
            needed = sum(one.micros for one in promised if one.at < row.ends_at and covers(row.cap, one))
            if needed != row.committed:
                CapWindow.objects.filter(pk=row.pk).update(committed=needed)
                changed += 1
    return changed


def earmark_all(now: datetime) -> None:
    """The same for every workspace that has caps."""
    for workspace in workspaces(_open(now)):
        earmark(workspace, now)


def covers(cap: Cap, one: Commitment) -> bool:
    """True where a commitment falls under a cap, as the call will."""
    return (
        cap.currency == one.currency
        and cap.platform in ("", one.platform)
        and cap.app in ("", one.app)
        and cap.channel_id in (0, one.channel_id)
        and cap.purpose in ("", one.what)
    )


def workspaces(windows: Iterable[CapWindow]) -> list[int]:
    """Whose windows these are."""
    return sorted({one.cap.workspace_id for one in windows})


def _open(now: datetime):  # type: ignore[no-untyped-def]
    return CapWindow.objects.select_related("cap").filter(starts_at__lte=now, ends_at__gt=now)
