"""The budget of reading: how much a workspace pays a month for reading posts' numbers again on a platform that charges for it.

What the money buys is told by a higher domain, which knows the posts:

@telling
def prospect(workspace_id, platform, micros, now): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest

from masthead.contract.calls import Purpose
from masthead.kit.money import Money
from masthead.metering.models import CallDay, ReadingBudget
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


def budget_of(workspace_id: int, platform: str) -> Money | None:
    """The budget of a month; None where there is none."""
    row = ReadingBudget.objects.filter(workspace=workspace_id, platform=platform).first()
    return Money(row.micros, row.currency) if row else None


@transaction.atomic
def set_budget(workspace: Workspace, who: HttpRequest | User, platform: str, budget: Money | None) -> None:
    """Set the budget of a platform; None takes it away. Raises NoAmount."""
    if budget is not None and not 0 <= budget.micros <= MOST:
        raise NoAmount("between 0 and 1,000,000")
    before = budget_of(workspace.pk, platform)
    if budget == before:
        return
    mine = ReadingBudget.objects.filter(workspace=workspace, platform=platform)
    if budget is None:
        mine.delete()
    else:
        told = {"micros": budget.micros, "currency": budget.currency}
        ReadingBudget.objects.update_or_create(workspace=workspace, platform=platform, defaults=told)
    record(
        who,
        workspace,
        "reading_budget.changed" if budget is not None else "reading_budget.removed",
        platform,
        before=str(before or ""),
        after=str(budget if budget is not None else ""),
    )


def spent_reading(workspace_id: int, platform: str, now: datetime) -> int:
    """Micros that reading cost since the month began (UTC)."""
    month = CallDay.objects.filter(
        workspace_id=workspace_id, platform=platform, purpose=Purpose.READ, day__gte=now.date().replace(day=1)
    )
    return int(month.aggregate(micros=Sum("micros"))["micros"] or 0)
