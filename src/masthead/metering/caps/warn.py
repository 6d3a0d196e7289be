"""Telling owners and admins that a cap is reached: once for each of its windows."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from masthead.kit.money import Money
from masthead.metering.models import CapWindow
from masthead.metering.wording import money_in_words
from masthead.notifications.tell import tell
from masthead.workspaces.models import Member
from masthead.workspaces.roles import Role

KIND = "over_budget"


def warn(now: datetime) -> int:
    """Tell of windows whose money is gone, or where a call was refused; returns how many were new. Safe to run twice."""
    reached = Q(spent__gte=F("micros")) | Q(denied_at__isnull=False)
    rows = CapWindow.objects.select_related("cap__workspace").filter(reached, ends_at__gt=now, told_at=None)
    for row in rows:
        _tell(row)
        CapWindow.objects.filter(pk=row.pk).update(told_at=now)
    return len(rows)


def _tell(row: CapWindow) -> None:
    workspace = row.cap.workspace
    heads = Member.objects.filter(workspace=workspace, role__in=[Role.OWNER, Role.ADMIN]).select_related("user")
    with override(workspace.language):
        amount = money_in_words(Money(row.micros, row.cap.currency))
        title = _("The cap of %s is reached") % amount
        begins = date_format(localtime(row.ends_at), "DATETIME_FORMAT")
        body = (
            _("What costs money waits until %s, unless you raise the cap.")
            if row.cap.hard
            else _("Nothing is stopped. The cap begins anew on %s.")
        ) % begins
    link = f"/w/{workspace.slug}/costs/caps/"
    tell(workspace, [one.user for one in heads], KIND, title, body, link, f"cap:{row.pk}:{row.micros}")
