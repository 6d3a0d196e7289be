"""What can be asked on the page of plans: which platforms, which months, and the advice for one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from masthead.connectors import PLATFORMS
from masthead.metering.advice import Advice, advise
from masthead.metering.overrides import current
from masthead.metering.plans.used import first_month, in_use, next_month, platforms_used, used
from masthead.metering.prices import Tariff

MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Question:
    """A platform and the first day of a month."""

    platform: str
    month: date


def platforms(workspace_id: int) -> list[Tariff]:
    """Platforms that ask money under some plan: those the workspace used first, then the others of the installation."""
    mine, tariffs = platforms_used(workspace_id), current().tariffs
    paid = {key: one for key, one in tariffs.items() if asks_money(one)}
    used_first = [paid[key] for key in mine if key in paid]
    return used_first + [one for key, one in sorted(paid.items()) if key not in mine and key in PLATFORMS]


def asks_money(tariff: Tariff) -> bool:
    """True where some plan has a fee, or some call a price."""
    return any(one.fee for one in tariff.plans) or any(one.amount for one in tariff.prices)


def months(workspace_id: int, tariff: Tariff, today: date) -> list[date]:
    """The months that can be compared, newest first: from the first call, or the tariff's first date, to this one."""
    dates = [one.since for one in tariff.plans if one.since]
    begin = min([first_month(workspace_id, today), *(on.replace(day=1) for on in dates)])
    found, month = list[date](), begin
    while month <= today and len(found) < MOST_MONTHS:
        found.append(month)
        month = next_month(month)
    return found[::-1]


def advice_for(workspace_id: int, asked: Question) -> Advice:
    """Every plan's bill of what the workspace used in that month, by the catalogue of then."""
    catalogue, until = current(), next_month(asked.month)
    plan = in_use(workspace_id, asked.platform, until)
    usages = used(workspace_id, asked.platform, asked.month, until, catalogue)
    return advise(usages, catalogue, asked.platform, asked.month, held=plan.plan, own_app=plan.own_app)
