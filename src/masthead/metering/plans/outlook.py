"""This month's forecast of a platform, from the ledger, the schedule and the budget of reading."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Sum

from masthead.contract.calls import Purpose
from masthead.kit.money import Money
from masthead.metering.commitments import committed
from masthead.metering.forecast import Day, Forecast, Known, forecast
from masthead.metering.models import CallDay
from masthead.metering.plans.used import next_month
from masthead.metering.prices import Catalogue
from masthead.metering.reading import budget_of

ENOUGH_DAYS = 14
"""Before that a forecast does not say how sure it is."""
LOOK_BACK = timedelta(days=84)
"""Twelve weeks: enough of each weekday, and not so long that another season speaks."""


def outlook(workspace_id: int, platform: str, today: date, catalogue: Catalogue) -> tuple[Forecast, str] | None:
    """The forecast of the calls of today's month (the plan's fee apart) and its currency; None where nothing was ever charged."""
    tariff = catalogue.tariffs.get(platform)
    if tariff is None:
        return None
    rows = _rows(workspace_id, platform, today, tariff.currency)
    spent = sum(micros for (on, _kind), micros in rows.items() if on >= today.replace(day=1))
    known = _known(workspace_id, platform, today, tariff.currency, rows)
    past = _past(rows, today)
    if not past and not spent and not known.floors:
        return None
    return forecast(past, today, spent=spent, known=known), tariff.currency


def _rows(workspace_id: int, platform: str, today: date, currency: str) -> Counter[tuple[date, str]]:
    """Micros by day and kind of call."""
    since = min(today - LOOK_BACK, today.replace(day=1))
    found = CallDay.objects.filter(
        workspace_id=workspace_id, platform=platform, currency=currency, day__gte=since, day__lte=today
    )
    rows: Counter[tuple[date, str]] = Counter()
    for row in found.values("day", "purpose").annotate(micros=Sum("micros")):
        rows[row["day"], _kind(row["purpose"])] += int(row["micros"])
    return rows


def _kind(purpose: str) -> str:
    return purpose if purpose in (Purpose.PUBLISH, Purpose.READ) else "other"


def _past(rows: Counter[tuple[date, str]], today: date) -> list[Day]:
    """Whole days since the first charged one, quiet days included."""
    if not rows:
        return []
    begin = max(min(on for on, _kind in rows), today - LOOK_BACK)
    days = [begin + timedelta(days=ahead) for ahead in range((today - begin).days)]
    kinds = {kind for _on, kind in rows}
    return [Day(on, {kind: rows[on, kind] for kind in kinds}) for on in days]


def _known(workspace_id: int, platform: str, today: date, currency: str, rows: Counter[tuple[date, str]]) -> Known:
    """What is scheduled after today, and what the budget of reading leaves of this month."""
    since = datetime.combine(today + timedelta(days=1), time(), UTC)
    until = datetime.combine(next_month(today.replace(day=1)), time(), UTC)
    floors: Counter[str] = Counter()
    for one in committed(workspace_id, since, until) if since < until else ():
        if (one.platform, one.currency) == (platform, currency):
            floors[_kind(one.what)] += one.micros
    budget = budget_of(workspace_id, platform)
    if budget is None or budget.currency != currency:
        return Known(floors)
    read = sum(micros for (on, kind), micros in rows.items() if kind == Purpose.READ and on >= today.replace(day=1))
    return Known(floors, {str(Purpose.READ): max(0, budget.micros - read)})


def bounds(made: Forecast, currency: str) -> tuple[Money, Money, Money]:
    """Expected, low and high as money."""
    return Money(made.expected, currency), Money(made.low, currency), Money(made.high, currency)
