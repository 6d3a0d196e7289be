"""The budget of reading: how much a workspace pays a month for reading posts' numbers again on a platform that charges for it.

It is a hard cap on reading there, so no call can go beyond it, and it can be seen and changed among the caps as well.

What the money buys is told by a higher domain, which knows the posts:

@telling
def prospect(workspace_id, platform, micros, now): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from masthead.contract.calls import Purpose
from masthead.kit.money import Money
from masthead.metering.caps import limit
from masthead.metering.caps.cycles import MONTH, cycle
from masthead.metering.models import Cap, CapWindow
from masthead.workspaces.audit import record
from masthead.workspaces.models import User, Workspace

MOST = Money.of("1000000", "USD").micros


class NoAmount(ValueError):
    """What was typed is no amount that a budget can have; the text says why."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a budget buys in the coming days: `reads` of `posts`, which take away `seen` of what would stay unseen (0 to 1).

    `more` is the share of the rest that another dollar would take away.
    """

    days: int
    posts: int
    reads: int
    cost: Money
    seen: float
    more: float


Teller = Callable[[int, str, int, datetime], Prospect | None]
TELLERS: list[Teller] = []


def telling(teller: Teller) -> Teller:
    """Register what tells of posts (a decorator); registering twice counts once."""
    if teller not in TELLERS:
        TELLERS.append(teller)
    return teller


def prospect(workspace_id: int, platform: str, micros: int, now: datetime) -> Prospect | None:
    """What so much a month buys; None where there is nothing to read."""
    return next((told for one in TELLERS if (told := one(workspace_id, platform, micros, now))), None)


def caps_on_reading(**more: Any) -> list[Cap]:
    """The caps that are budgets of reading."""
    named: dict[str, Any] = {"app": "", "channel_id": 0, "purpose": Purpose.READ, "period": MONTH, "hard": True}
    return list(Cap.objects.filter(**named, **more).exclude(platform="").order_by("pk"))


def cap_of(workspace_id: int, platform: str) -> Cap | None:
    """The cap that is a platform's budget of reading."""
    return next(iter(caps_on_reading(workspace=workspace_id, platform=platform)), None)


def budget_of(workspace_id: int, platform: str) -> Money | None:
    """The budget of a month; None where there is none."""
    row = cap_of(workspace_id, platform)
    return Money(row.micros, row.currency) if row else None


@dataclass(frozen=True, slots=True)
class Purse:
    """What is left of a budget: micros, and the hours until it begins anew."""

    left: int
    hours: float


def left_of(cap: Cap, now: datetime) -> Purse:
    """What may still be spent: neither spent, nor held, nor needed by what is scheduled."""
    _start, end = cycle(cap.period, cap.month_day, now)
    window = CapWindow.objects.filter(cap=cap, starts_at__lte=now, ends_at__gt=now).order_by("pk").first()
    gone = window.spent + window.held + window.committed if window else 0
    amount = window.micros if window else cap.micros
    return Purse(max(0, amount - gone), (end - now).total_seconds() / 3600)


@transaction.atomic
def set_budget(
    workspace: Workspace, who: HttpRequest | User, platform: str, budget: Money | None, now: datetime
) -> None:
    """Set the budget of a platform; None takes it away. Raises NoAmount, and Refused where there are too many caps."""
    if budget is not None and not 0 <= budget.micros <= MOST:
        raise NoAmount("between 0 and 1,000,000")
    cap = cap_of(workspace.pk, platform)
    before = Money(cap.micros, cap.currency) if cap else None
    if budget == before:
        return
    if cap and (budget is None or budget.currency != cap.currency):
        limit.remove(cap)
        cap = None
    if budget is not None and cap:
        limit.change(cap, budget.micros, hard=True, now=now)
    elif budget is not None:
        new = limit.Limit(micros=budget.micros, currency=budget.currency, platform=platform, purpose=Purpose.READ)
        limit.add(workspace, new, now=now)
    action = "reading_budget.removed" if budget is None else "reading_budget.changed"
    record(who, workspace, action, platform, before=str(before or ""), after="" if budget is None else str(budget))
