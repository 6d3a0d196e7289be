"""Plan: from a goal, a budget, dates, places and creatives to what each ad account gets, checked against its platform's rules.

After: launch.py, once a person says so.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from masthead.campaigns.check import Problem, Weight, check, stops
from masthead.campaigns.models import Ad, AdGroup, Campaign, Creative, Step, TrackedLink
from masthead.campaigns.order import account_of, boost_of, content_of, order_of, rules_of, texts_of, wish_of, zone_of
from masthead.campaigns.pacing.guard import DAYS_ALONE
from masthead.campaigns.states import CAMPAIGN, Group, State
from masthead.channels.models import Channel
from masthead.contract.ads import pieces
from masthead.contract.ads_rules import AdRules
from masthead.contract.errors import Refused
from masthead.contract.guard import is_outside
from masthead.workspaces.audit import record
from masthead.workspaces.models import User


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """What one ad account gets: micros a day, and what speaks against it."""

    group: AdGroup
    rules: AdRules
    daily: int
    problems: tuple[Problem, ...]

    @property
    def ready(self) -> bool:
        """True where nothing stops it."""
        return not stops(self.problems)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole campaign: each ad account's part, and what is wrong with the campaign itself."""

    groups: tuple[GroupPlan, ...]
    problems: tuple[Problem, ...]

    @property
    def ready(self) -> bool:
        """True where the campaign can be launched: nothing stops it or any ad account."""
        return bool(self.groups) and not stops(self.problems) and all(one.ready for one in self.groups)


def plan(campaign: Campaign, today: date) -> Plan:
    """The plan as it stands now; nothing is changed."""
    groups = list(campaign.groups.exclude(state__in=(Group.ENDED, Group.WITHDRAWN)).select_related("channel"))
    creatives = list(campaign.creatives.prefetch_related("pictures__asset").select_related("publication__channel"))
    money = split(campaign.daily_budget, groups)
    parts = tuple(_part(campaign, one, micros, creatives) for one, micros in zip(groups, money, strict=True))
    return Plan(parts, tuple(_problems(campaign, groups, creatives, today)))


def split(daily: int, groups: Sequence[AdGroup]) -> list[int]:
    """The day's money among the ad accounts: by the shares that were wished for, the rest evenly, each in whole steps of its platform."""
    wished = sum(one.share for one in groups)
    free = sum(1 for one in groups if not one.share)
    rest = max(0, 100 - wished)
    percents = [one.share or rest / max(free, 1) for one in groups]
    whole = max(sum(percents), 100.0)
    steps = [rules_of(one.channel).budget.step for one in groups]
    return [int(daily * percent / whole) // step * step for percent, step in zip(percents, steps, strict=True)]


def _part(campaign: Campaign, group: AdGroup, daily: int, creatives: Sequence[Creative]) -> GroupPlan:
    rules = rules_of(group.channel)
    found = check(wish_of(campaign, daily, [texts_of(one) for one in creatives]), account_of(group), rules)
    if group.channel.condition != Channel.Condition.CONNECTED:
        found.insert(0, Problem("accounts", "not_connected"))
    found += [
        Problem(f"creatives.{number}", "not_out", Weight.LEFT_OUT if len(creatives) > 1 else Weight.STOPS)
        for number, one in enumerate(creatives)
        if one.publication_id and rules.boost and not boost_of(one, rules)
    ]
    return GroupPlan(group, rules, daily, tuple(found))


def _problems(
    campaign: Campaign, groups: Sequence[AdGroup], creatives: Sequence[Creative], today: date
) -> list[Problem]:
    found = []
    if not groups:
        found.append(Problem("accounts", "no_account"))
    if campaign.daily_budget <= 0 or campaign.cap <= 0:
        found.append(Problem("daily_budget", "no_budget"))
    if not campaign.landing_url.startswith(("https://", "http://")):
        found.append(Problem("landing_url", "no_landing"))
    if campaign.state == State.DRAFT and campaign.starts_on and campaign.starts_on < today:
        found.append(Problem("starts_on", "started"))
    found += [
        Problem(f"creatives.{number}", "not_reviewed")
        for number, one in enumerate(creatives)
        if one.drafted_by and not one.reviewed_by_id
    ]
    return found


@transaction.atomic
def begin(campaign: Campaign, user: User, now: datetime) -> Campaign:
    """Write down everything that is to be created, and let the worker begin. Raises Refused where the plan has problems that stop it."""
    row = Campaign.objects.select_for_update().get(pk=campaign.pk)
    made = plan(row, now.astimezone(ZoneInfo(row.time_zone)).date())
    if not made.ready:
        raise Refused("The plan has problems.", field="plan", remedy="Look at the problems, and mend them first.")
    CAMPAIGN.check_move(State(row.state), State.LAUNCHING)
    for one in made.groups:
        if one.group.state == Group.WAITING and not one.group.steps.exists():
            _write_down(row, one, now)
    row.state, row.why, row.launched_at = State.LAUNCHING, "", row.launched_at or now
    row.save(update_fields=["state", "why", "launched_at"])
    record(user, row.workspace, "campaign.launched", str(row), campaign=row.pk)
    return row


def _write_down(campaign: Campaign, part: GroupPlan, now: datetime) -> None:
    group, zone = part.group, zone_of(part.group.channel)
    first = max(campaign.starts_on or now.date(), now.astimezone(zone).date())
    group.daily, group.campaign = part.daily, campaign
    group.ordered = {
        "daily": part.daily,
        "total": part.daily if part.rules.budget.total else None,
        "starts_at": datetime.combine(first, time(), zone).isoformat(),
        "ends_at": rolling_end(campaign, zone, first, DAYS_ALONE).isoformat(),
    }
    group.save(update_fields=["daily", "ordered"])
    for number, creative in enumerate(_taking_part(campaign, part)):
        _ad(campaign, group, creative, number, content_of(creative, part.rules))
    for number, piece in enumerate(pieces(part.rules, order_of(group))):
        Step.objects.create(group=group, slot=piece.slot, number=number)


def rolling_end(campaign: Campaign, zone: ZoneInfo, first: date, days: int) -> datetime:
    """The midnight that ends the last of so many days from `first` on, never after the campaign's own last day."""
    last = first + timedelta(days=max(days, 1) - 1)
    last = min(last, campaign.ends_on) if campaign.ends_on else last
    return datetime.combine(last + timedelta(days=1), time(), zone)


def _taking_part(campaign: Campaign, part: GroupPlan) -> list[Creative]:
    """The creatives that nothing keeps from this platform."""
    left_out = {one.where for one in part.problems if one.code in ("not_out", "no_boost")}
    return [one for number, one in enumerate(campaign.creatives.all()) if f"creatives.{number}" not in left_out]


def _ad(campaign: Campaign, group: AdGroup, creative: Creative, number: int, content: dict[str, Any]) -> None:
    token = secrets.token_urlsafe(9)
    ad = Ad.objects.create(group=group, creative=creative, number=number, content={})
    link = TrackedLink.objects.create(ad=ad, token=token, url=marked(campaign, ad))
    ad.content = {
        **content,
        "url": f"{settings.PUBLIC_URL}/go/{token}" if is_outside(settings.PUBLIC_URL) else link.url,
    }
    ad.save(update_fields=["content"])


def marked(campaign: Campaign, ad: Ad) -> str:
    """The landing page's address with the usual marks for analytics; marks that it has already stay as they are."""
    parts = urlsplit(campaign.landing_url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    there = {name for name, _value in query}
    marks = {
        "utm_source": ad.group.channel.platform.removesuffix("_ads"),
        "utm_medium": "paid",
        "utm_campaign": str(campaign),
        "utm_content": ad.creative.name,
    }
    query += [(name, value) for name, value in marks.items() if name not in there]
    return urlunsplit(parts._replace(query=urlencode(query)))
