"""Setting caps: add, change, remove. What is held and spent stays true while people do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from masthead.contract.errors import Refused
from masthead.metering.caps.cycles import MONTH, cycle, share
from masthead.metering.models import Cap, CapWindow, Hold
from masthead.workspaces.models import Workspace

MOST = 50
LOCK = "select pg_advisory_xact_lock(770001)"
"""Nobody writes calls down while a window is filled from the ledger (see correct.py)."""
SPENT = """
select coalesce(sum(micros), 0)::bigint from metering_callday where workspace_id = %s and currency = %s
  and day >= (%s at time zone 'UTC')::date and day < (%s at time zone 'UTC')::date
  and %s in ('', platform) and %s in ('', app) and %s in (0, channel_id) and %s in ('', purpose)
"""
FOLLOWERS: list[Callable[[int], None]] = []


def then(act: Callable[[int], None]) -> Callable[[int], None]:
    """Register (a decorator) what a domain does once a workspace's caps have changed, such as trying again what waits."""
    if act not in FOLLOWERS:
        FOLLOWERS.append(act)
    return act


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a cap is to be. Empty fields match everything; `month_day` counts for months only."""

    micros: int
    currency: str
    platform: str = ""
    app: str = ""
    channel_id: int = 0
    purpose: str = ""
    period: str = MONTH
    month_day: int = 1
    hard: bool = True


def add(workspace: Workspace, limit: Limit, *, now: datetime, part: bool = False) -> Cap:
    """Set a cap. It counts what was spent in this window already; with `part` it begins now, with the rest's share of the amount.

    Raises Refused.
    """
    if limit.micros < 0:
        raise Refused(_("An amount below nothing is no limit."), field="amount", remedy=_("Type an amount."))
    if not 1 <= limit.month_day <= 31:
        raise Refused(_("A month has no such day."), field="month_day", remedy=_("Type a day from 1 to 31."))
    if Cap.objects.filter(workspace=workspace).count() >= MOST:
        raise Refused(_("A workspace may have at most %d caps.") % MOST, remedy=_("Remove one first."))
    try:
        with transaction.atomic():
            cap = Cap.objects.create(workspace=workspace, **{name: getattr(limit, name) for name in limit.__slots__})
            _begin(cap, now, part=part)
            transaction.on_commit(lambda: _changed(workspace.pk))
    except IntegrityError:
        raise Refused(_("There is such a cap already."), remedy=_("Change its amount instead.")) from None
    return cap


def change(cap: Cap, micros: int, *, hard: bool, now: datetime) -> Cap:
    """Set another amount from now on; a window that began in its midst keeps its share. Raises Refused.

    The share is reckoned from the amount as it is under the lock: two who change a cap at once would multiply it otherwise.
    """
    if micros < 0:
        raise Refused(_("An amount below nothing is no limit."), field="amount", remedy=_("Type an amount."))
    try:
        with transaction.atomic():
            before = Cap.objects.select_for_update().get(pk=cap.pk).micros
            for window in CapWindow.objects.select_for_update().filter(cap=cap, ends_at__gt=now).order_by("pk"):
                window.micros = micros * window.micros // before if before else micros
                window.told_at = window.denied_at = None
                window.save(update_fields=["micros", "told_at", "denied_at"])
            cap.micros, cap.hard = micros, hard
            cap.save(update_fields=["micros", "hard"])
            transaction.on_commit(lambda: _changed(cap.workspace_id))
    except IntegrityError:
        raise Refused(_("There is such a cap already."), remedy=_("Change its amount instead.")) from None
    except Cap.DoesNotExist:
        raise Refused(_("The cap was removed meanwhile."), remedy=_("Set it again where it is needed.")) from None
    return cap


@transaction.atomic
def remove(cap: Cap) -> None:
    """Take a cap away. Its windows are locked first, so that nothing is held in them meanwhile."""
    workspace = cap.workspace_id
    windows = list(CapWindow.objects.select_for_update().filter(cap=cap).order_by("pk").values_list("pk", flat=True))
    Hold.objects.filter(window__in=windows).delete()
    CapWindow.objects.filter(pk__in=windows).delete()
    cap.delete()
    transaction.on_commit(lambda: _changed(workspace))


def _begin(cap: Cap, now: datetime, *, part: bool) -> None:
    """The window of now. The lock keeps calls from being written down between the sum and the window."""
    start, end = cycle(cap.period, cap.month_day, now)
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        who = (cap.platform, cap.app, cap.channel_id, cap.purpose)
        cursor.execute(SPENT, [cap.workspace_id, cap.currency, start, end, *who])
        spent = 0 if part else cursor.fetchone()[0]
    micros = share(cap.micros, (start, end), now) if part else cap.micros
    CapWindow.objects.create(cap=cap, starts_at=now if part else start, ends_at=end, micros=micros, spent=spent)


def _changed(workspace_id: int) -> None:
    for act in FOLLOWERS:
        act(workspace_id)
