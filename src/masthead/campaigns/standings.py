"""Where each ad group stands on its platform, from what we told it (flights) and what it reported (results): what the guard needs.

Careful in every doubt: a call without a clear answer may have been obeyed, so its budget counts beside the one before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Sum

from masthead.campaigns.check import smallest
from masthead.campaigns.models import AdGroup, DayResult, Flight
from masthead.campaigns.order import account_of, rules_of, zone_of
from masthead.campaigns.pacing import OpenDay, Rule, Standing

Span = tuple[datetime, datetime, Flight]


def rule_of(group: AdGroup) -> Rule:
    """How far the ad group's platform may go."""
    rules = rules_of(group.channel)
    return Rule(
        over_delivery_percent=rules.budget.over_delivery_percent,
        total_cap=rules.budget.total,
        total_rounding=rules.budget.total_rounding,
        minimum=smallest(account_of(group), rules),
    )


def standing_of(group: AdGroup, now: datetime) -> Standing:
    """Where it stands at `now`; days are those of the ad account."""
    zone = zone_of(group.channel)
    today, spans = now.astimezone(zone).date(), spans_of(list(group.flights.filter(refused=False)))
    spent, final = _reported(group)
    open_days = [
        OpenDay(highest(spans, day, zone), spent.get(day, 0))
        for day in _days(spans, zone, today)
        if day not in final and day < today
    ]
    stray = sum(amount for day, amount in spent.items() if day < today and day not in _days(spans, zone, today))
    return Standing(
        closed=sum(spent.get(day, 0) for day in final if day < today) + stray,
        open_days=tuple(open_days),
        today=highest(spans, today, zone),
        today_reported=spent.get(today, 0),
        total=_total(spans),
    )


def spans_of(flights: Sequence[Flight]) -> list[Span]:
    """From when to when each budget may have stood: until a later one was confirmed, or its own end."""
    found: list[Span] = []
    for number, one in enumerate(flights):
        ended = min((later.set_at for later in flights[number + 1 :] if later.set_at), default=one.ends_at)
        found.append((one.sent_at, max(one.sent_at, min(one.ends_at, ended)), one))
    return found


def highest(spans: Sequence[Span], day: date, zone: ZoneInfo) -> int:
    """The highest budget that may have stood at any moment of a day."""
    begins, ends = datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)
    return max((one.daily for since, until, one in spans if since < ends and until > begins), default=0)


def _days(spans: Sequence[Span], zone: ZoneInfo, today: date) -> list[date]:
    """The days on which something may have run, up to today."""
    if not any(one.daily for _since, _until, one in spans):
        return []
    first = min(since for since, _until, one in spans if one.daily).astimezone(zone).date()
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    return [day for day in days if highest(spans, day, zone)]


def _reported(group: AdGroup) -> tuple[dict[date, int], set[date]]:
    """Spend by day, and the days that the platform changes no more."""
    rows = DayResult.objects.filter(group=group, place="").values("day").annotate(spent=Sum("spend"))
    spent = {row["day"]: int(row["spent"]) for row in rows}
    changing = set(DayResult.objects.filter(group=group, place="", final=False).values_list("day", flat=True))
    return spent, set(spent) - changing


def _total(spans: Sequence[Span]) -> int | None:
    """The highest total that may stand now: the last confirmed one, and those that were sent since."""
    confirmed = [number for number, (_since, _until, one) in enumerate(spans) if one.set_at]
    known = [one.total for _since, _until, one in spans[confirmed[-1] if confirmed else 0 :]]
    return None if not known or None in known else max(one for one in known if one is not None)
