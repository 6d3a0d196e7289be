"""Allocate: each day, from what is known of every ad group to today's budgets, each move with its reason. Before: measure. After: pace.

What a platform's terms keep out of a model of several platforms does not enter it: of such an ad group only our own budgets, visits
and conversions are used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction
from django.db.models import Sum

from masthead.campaigns.allocation import Allocator, Limits
from masthead.campaigns.check import smallest
from masthead.campaigns.measure import LAGS, may_combine, own_by_day, own_visits
from masthead.campaigns.models import AdGroup, Campaign, Conversion, DayResult, Decision, Move, Reading
from masthead.campaigns.order import account_of, rules_of, zone_of
from masthead.campaigns.pace import allowed, days_left
from masthead.campaigns.pacing.even import even
from masthead.campaigns.standings import highest, rule_of, spans_of, standing_of
from masthead.campaigns.states import Group, State
from masthead.contract.ads_rules import Goal
from masthead.kit.money import MICROS

USABLE = (Group.READY, Group.RUNNING, Group.PAUSED)
Table = np.ndarray[Any, np.dtype[np.float64]]


@transaction.atomic
def decide(campaign_id: int, now: datetime) -> Decision | None:
    """Today's decision, written down once a day; None where there is nothing to decide, or it was decided."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    today = now.astimezone(ZoneInfo(campaign.time_zone)).date()
    groups = list(campaign.groups.exclude(made={}).select_related("channel").order_by("pk"))
    began = campaign.starts_on or today
    if campaign.state != State.RUNNING or not groups or today < began or campaign.decisions.filter(day=today).exists():
        return None
    campaign.decisions.filter(state=Decision.State.PROPOSED).update(state=Decision.State.REPLACED)
    money = todays_money(campaign, groups, now)
    allocator = allocator_of(campaign, groups, money)
    view = view_of(campaign, groups, began, today, money, now)
    found = allocator.decide(view)
    wanted = [round(float(one) * MICROS) for one in found.budgets]
    plan = allowed(campaign, groups, wanted, now)
    state = {"propose": Decision.State.PROPOSED, "dry_run": Decision.State.SHOWN}.get(
        campaign.mode, Decision.State.APPROVED
    )
    row = Decision.objects.create(
        campaign=campaign, day=today, state=state, forecast=_forecast(allocator, view, found.budgets), seen=_seen(view),
        worst=plan.worst, decided_at=now,
    )  # fmt: skip
    _moves(row, groups, found.moves, wanted, plan.orders)
    return row


def todays_money(campaign: Campaign, groups: Sequence[AdGroup], now: datetime) -> int:
    """Micros for today: the daily budget, or what is left spread over the days that are left where that is less."""
    left = days_left(campaign, now)
    spread = even(
        campaign.cap, [rule_of(one) for one in groups], [standing_of(one, now) for one in groups], days_left=left
    )
    return min(campaign.daily_budget, spread) if campaign.ends_on else campaign.daily_budget


def allocator_of(campaign: Campaign, groups: Sequence[AdGroup], money: int) -> Allocator:
    """The allocator under the campaign's own limits; money in main units of the currency."""
    wishes, day = campaign.limits, money / MICROS
    floors, ceilings = (_by_group(wishes.get(name, {}), groups, day) for name in ("floors", "ceilings"))
    limits = Limits(
        change=wishes.get("change", 20) / 100,
        floor=[0.0 if one is None else one for one in floors],
        ceiling=[day if one is None else one for one in ceilings],
        minimum=[smallest(account_of(one), rules_of(one.channel)) / MICROS for one in groups],
        max_cost=campaign.target / MICROS if campaign.target else None,
        min_return=campaign.roas / 1000 if campaign.roas and not campaign.target else None,
        worth=_worth(campaign, groups),
        round_to=max(rules_of(one.channel).budget.step for one in groups) / MICROS,
    )
    allocator = Allocator(limits)
    length = (campaign.ends_on - campaign.starts_on).days + 1 if campaign.ends_on and campaign.starts_on else 365
    allocator.start(len(groups), length, day)
    return allocator


def _by_group(wishes: Mapping[str, float], groups: Sequence[AdGroup], day: float) -> list[float | None]:
    found = [wishes.get(str(one.channel_id)) for one in groups]
    return [None if one is None else one / 100 * day for one in found]


def _worth(campaign: Campaign, groups: Sequence[AdGroup]) -> list[float]:
    """What a conversion of each ad group is worth, in main units: its own average drawn to that of all; 1 where money is no matter."""
    if campaign.goal != Goal.SALES:
        return [1.0] * len(groups)
    sums = [_sales(one) for one in groups]
    count, value = sum(n for n, _ in sums), sum(v for _, v in sums)
    usual = value / count if count else (campaign.value / MICROS or 1.0)
    return [(v + 20 * usual) / (n + 20) or 1.0 for n, v in sums]


def _sales(group: AdGroup) -> tuple[float, float]:
    own = Conversion.objects.filter(visit__link__ad__group=group).aggregate(sum=Sum("value"))["sum"]
    if own:
        return float(Conversion.objects.filter(visit__link__ad__group=group).count()), own / MICROS
    if not may_combine(group.channel.platform):
        return 0.0, 0.0
    told = DayResult.objects.filter(group=group, place="").aggregate(n=Sum("conversions"), v=Sum("value"))
    return float(told["n"] or 0), float(told["v"] or 0) / MICROS


def view_of(
    campaign: Campaign, groups: Sequence[AdGroup], began: date, today: date, money: int, now: datetime
) -> dict[str, Any]:
    """What the allocator sees (docs/reference/allocation.md): one column for each day before today, money in main units."""
    days = [began + timedelta(days=number) for number in range((today - began).days)]
    source = "own" if measured_by_us(campaign) else "platform"
    rows = [_history(campaign, one, days, source) for one in groups]
    triangle = np.stack([_triangle(one, days, source) for one in groups]) if days else np.zeros((len(groups), 0, LAGS))
    return {
        "t": len(days), "P": len(groups),
        "spend": _stack([one["spend"] for one in rows], len(days)), "budget": _stack([one["budget"] for one in rows], len(days)),
        "y": _stack([one["y"] for one in rows], len(days)), "ok": _stack([one["ok"] for one in rows], len(days)),
        "age": np.array([(today - day).days - 1 for day in days]), **({"tri": triangle} if campaign.goal != Goal.VISITS else {}),
        "live": np.array([one.state in USABLE for one in groups]), "learning": np.array([still_learning(one, len(days)) for one in groups]),
        "daily": money / MICROS, "left": campaign.cap / MICROS,
    }  # fmt: skip


def still_learning(group: AdGroup, days: int) -> bool:
    """True while the platform says so, and no longer than it usually takes: one that never sees enough would stop all moves for good."""
    usual = rules_of(group.channel).learning
    return bool(group.learning) and days <= (usual.days if usual else 7)


def _stack(rows: Sequence[Sequence[float]], days: int) -> Table:
    return np.array(rows, float).reshape(len(rows), days)


def measured_by_us(campaign: Campaign) -> bool:
    """True where our own links or conversions say what the campaign brings: then they are used for every ad group."""
    own = Conversion.objects.filter(visit__link__ad__group__campaign=campaign)
    return campaign.goal != Goal.VISITS and own.exists()


def _history(campaign: Campaign, group: AdGroup, days: Sequence[date], source: str) -> dict[str, list[float]]:
    open_ = may_combine(group.channel.platform)
    zone, spans = zone_of(group.channel), spans_of(list(group.flights.filter(refused=False)))
    budget = [highest(spans, day, zone) / MICROS for day in days]
    told = {
        row["day"]: row
        for row in DayResult.objects.filter(group=group, place="").values("day").annotate(
            spent=Sum("spend"), clicks=Sum("clicks"), n=Sum("conversions")
        )
    } if open_ else {}  # fmt: skip
    spend = [
        told[day]["spent"] / MICROS if day in told else (0.0 if open_ else set_)
        for day, set_ in zip(days, budget, strict=True)
    ]
    known = [day in told or not open_ or not set_ for day, set_ in zip(days, budget, strict=True)]
    return {
        "spend": spend,
        "budget": budget,
        "y": _brought(campaign, group, days, told, source),
        "ok": [float(one) for one in known],
    }


def _brought(
    campaign: Campaign, group: AdGroup, days: Sequence[date], told: Mapping[date, Mapping[str, Any]], source: str
) -> list[float]:
    if campaign.goal == Goal.VISITS:
        visits = own_visits(group) if not told else {}
        return [float(told[day]["clicks"] if day in told else visits.get(day, 0)) for day in days]
    if source == "own" or not may_combine(group.channel.platform):
        own = own_by_day(group)
        return [own.get(day, (0.0, 0))[0] for day in days]
    return [float(told[day]["n"]) if day in told else 0.0 for day in days]


def _triangle(group: AdGroup, days: Sequence[date], source: str) -> Table:
    """Conversions of each click day as they were known at each age, NaN where nobody looked."""
    source = source if may_combine(group.channel.platform) else "own"
    table = np.full((len(days), LAGS), np.nan)
    places = {day: place for place, day in enumerate(days)}
    for day, lag, count in Reading.objects.filter(group=group, source=source).values_list("day", "lag", "conversions"):
        if day in places and 1 <= lag <= LAGS:
            table[places[day], lag - 1] = count
    return table


def _forecast(allocator: Allocator, view: Mapping[str, Any], budgets: Table) -> dict[str, Any]:
    if not view["t"]:
        return {}
    found = allocator.forecast(view, budgets)
    return {"days": 7, "expected": found.expected, "low": found.low, "high": found.high}


def _seen(view: Mapping[str, Any]) -> dict[str, float]:
    return {
        "days": view["t"],
        "spend": float(view["spend"].sum()),
        "results": float(np.nansum(view["y"])),
        "money": view["daily"],
    }


def _moves(
    row: Decision, groups: Sequence[AdGroup], moves: Sequence[Any], wanted: Sequence[int], orders: Sequence[Any]
) -> None:
    by_arm = {one.arm: one for one in moves}
    Move.objects.bulk_create(
        Move(
            decision=row, group=group, before=group.daily, wanted=want, after=order.budget,
            reason=order.why or (by_arm[arm].why if arm in by_arm else "steady"),
            sure=round(1000 * by_arm[arm].sure) if arm in by_arm else 1000, held=bool(arm in by_arm and by_arm[arm].held),
            numbers=_numbers(by_arm.get(arm)),
        )
        for arm, (group, want, order) in enumerate(zip(groups, wanted, orders, strict=True))
    )  # fmt: skip


def _numbers(move: Any) -> dict[str, float]:
    if move is None:
        return {}
    found = {"marginal": move.marginal, "elsewhere": move.elsewhere, "capacity": move.capacity, "weekday": move.weekday}
    return {name: float(value) for name, value in found.items() if value is not None and np.isfinite(value)}
