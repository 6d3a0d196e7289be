"""Programs' way to the advice on plans."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema

from masthead.kit.clock import now
from masthead.kit.money import Money
from masthead.metering.advice import Offer
from masthead.metering.overrides import current
from masthead.metering.plans.compare import Question, advice_for, asks_money
from masthead.metering.plans.words import conclusion, explained, verdict
from masthead.metering.prices import Tariff
from masthead.workspaces.api import READ, Forbidden
from masthead.workspaces.roles import May, allows

router = Router(tags=["costs"])
Month = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2100, 1, 1))]
"""No platform had prices before, and nobody reckons with a month after."""


class LineOut(Schema):
    """A line of a plan's bill; all as people read it, "" where there is none. `source` says so."""

    what: str
    units: str
    each: str
    amount: str
    why: str
    refused: bool
    source: str


class OfferOut(Schema):
    """A plan's bill. `own_app` is null where it makes no difference; `total` is null where the fee is a matter of contract."""

    plan: str
    name: str
    own_app: bool | None
    fee: str | None
    use: str
    total: str | None
    refused: int
    fits: bool
    sold: bool
    held: bool
    why_not: str
    lines: list[LineOut]


class AdviceOut(Schema):
    """The plans of a month, those that fit first, from cheap to dear; `cheapest` is the place of the one that is advised."""

    platform: str
    month: date
    currency: str
    conclusion: str
    cheapest: int | None
    offers: list[OfferOut]


@router.get("/plans/{platform}", response=AdviceOut, auth=READ)
def plans(request: HttpRequest, platform: str, month: Month | None = None) -> dict[str, Any]:
    """What a month (any day of it; default: this one) would have cost on each plan of a platform."""
    if not allows(request.member.role, May.SEE_COSTS):  # type: ignore[attr-defined]
        raise Forbidden("The role of this token's owner does not let it see costs.")
    tariff = current().tariffs.get(platform)
    if tariff is None or not asks_money(tariff):
        raise Http404("No plan of this platform asks money.")
    asked = Question(platform, (month or now().date()).replace(day=1))
    advice = advice_for(request.workspace.pk, asked)  # type: ignore[attr-defined]
    offers = list(advice.offers)
    return {
        "platform": platform,
        "month": asked.month,
        "currency": tariff.currency,
        "conclusion": conclusion(advice),
        "cheapest": offers.index(advice.cheapest) if advice.cheapest else None,
        "offers": [_offer(one, tariff) for one in offers],
    }


def _offer(one: Offer, tariff: Tariff) -> dict[str, Any]:
    known = one.bill.known
    return {
        "plan": one.plan.key,
        "name": one.plan.name,
        "own_app": one.own_app,
        "fee": _decimal(one.fee) if known else None,
        "use": _decimal(one.use),
        "total": _decimal(one.total) if known else None,
        "refused": one.refused,
        "fits": one.fits,
        "sold": one.sold,
        "held": one.held,
        "why_not": verdict(one),
        "lines": [
            {
                "what": line.what,
                "units": line.units,
                "each": line.each,
                "amount": line.amount,
                "why": line.why,
                "refused": line.refused,
                "source": line.row.source if line.row else "",
            }
            for line in explained(one, tariff)
        ],
    }


def _decimal(money: Money) -> str:
    return f"{money.decimal:f}"
