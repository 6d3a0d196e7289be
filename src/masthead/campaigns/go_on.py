"""Going on: what a campaign does by itself as time passes. Each question is one query, each answer safe to give twice."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from masthead.campaigns.models import AdGroup, Campaign, Decision, Flight
from masthead.campaigns.states import Group, State
from masthead.campaigns.stop import move

OPEN = (Group.WAITING, Group.CREATING)
DECIDED_AT = 4
"""The hour of the campaign's day from which yesterday's results are taken as read."""


def settle_launches(now: datetime) -> list[int]:
    """Launches with nothing left to create: they run, or stand with the reason why. Returns those that run now."""
    found = Campaign.objects.filter(state=State.LAUNCHING).exclude(groups__state__in=OPEN)
    running = []
    for one in found[:200]:
        if one.groups.filter(state__in=(Group.READY, Group.RUNNING, Group.PAUSED)).exists():
            running.append(move(one, State.RUNNING, None).pk)
        else:
            move(one, State.PAUSED, None, "Nothing could be created. Look at each ad account for the reason.")
    return running


def end_over(now: datetime) -> list[int]:
    """End the campaigns whose last day is over everywhere."""
    ended = []
    for one in Campaign.objects.filter(ends_on__lte=now.date()).exclude(state__in=(State.DRAFT, State.ENDED))[:500]:
        if now.astimezone(ZoneInfo(one.time_zone)).date() > one.ends_on:
            move(one, State.ENDED, None, "Its last day is over.")
            ended.append(one.pk)
    return ended


def to_decide(now: datetime) -> list[int]:
    """Running campaigns without a decision of today, once their day has begun."""
    found = Campaign.objects.filter(state=State.RUNNING).exclude(starts_on=None)
    waiting = []
    for one in found.only("pk", "time_zone", "starts_on"):
        here = now.astimezone(ZoneInfo(one.time_zone))
        if (
            here.hour >= DECIDED_AT
            and here.date() >= one.starts_on
            and not one.decisions.filter(day=here.date()).exists()
        ):
            waiting.append(one.pk)
    return waiting


def to_apply() -> list[int]:
    """Approved decisions of running campaigns that were not carried out yet, the newest of each."""
    found = Decision.objects.filter(state=Decision.State.APPROVED, campaign__state=State.RUNNING)
    return [one.pk for one in found.order_by("campaign_id", "-day", "-pk").distinct("campaign_id")]


def to_pace(now: datetime) -> list[int]:
    """Running campaigns with an ad group that waits to be started, or whose rolling end was set before today."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    old = Flight.objects.filter(sent_at__gte=today).values("group")
    waits = AdGroup.objects.filter(state__in=(Group.READY, Group.RUNNING)).exclude(pk__in=old)
    return list(
        Campaign.objects.filter(Q(state=State.RUNNING), groups__in=waits).distinct().values_list("pk", flat=True)[:200]
    )


def wanted_of(decision: Decision) -> dict[int, int]:
    """The budgets of a decision, micros a day by ad group id."""
    return dict(decision.moves.values_list("group_id", "wanted"))


def applied(decision: Decision, now: datetime) -> None:
    """It was carried out."""
    Decision.objects.filter(pk=decision.pk).update(state=Decision.State.APPLIED, applied_at=now)
    older = Decision.objects.filter(campaign=decision.campaign_id, state=Decision.State.APPROVED, pk__lt=decision.pk)
    older.update(state=Decision.State.REPLACED)
