"""The page of plans, and the budget of reading that is set there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from masthead.connectors import PLATFORMS
from masthead.contract.errors import Refused
from masthead.kit.clock import now
from masthead.kit.money import Money
from masthead.metering.overrides import current
from masthead.metering.plans import chart, words
from masthead.metering.plans.compare import Question, advice_for, months, platforms
from masthead.metering.plans.outlook import ENOUGH_DAYS, bounds, outlook
from masthead.metering.plans.told import compared
from masthead.metering.prices import Tariff
from masthead.metering.reading import MOST, NoAmount, Prospect, budget_of, prospect, set_budget
from masthead.workspaces.access import member_view
from masthead.workspaces.roles import May

"""An interval from fewer past days would promise too much."""


@member_view(May.SEE_COSTS)
def plans(request: HttpRequest, slug: str) -> HttpResponse:
    """One platform's plans for one month."""
    known = platforms(request.workspace.pk)
    if not known:
        return render(request, "metering/plans.html", {"tariff": None})
    keys = [one.platform for one in known]
    key = request.GET.get("platform", "")
    tariff = known[keys.index(key)] if key in keys else known[0]
    today = now().date()
    choices = months(request.workspace.pk, tariff, today)
    month = next((one for one in choices if f"{one:%Y-%m}" == request.GET.get("month")), choices[0])
    advice = advice_for(request.workspace.pk, Question(tariff.platform, month))
    shown = {
        "tariff": tariff,
        "tariffs": known,
        "months": choices,
        "month": month,
        "advice": advice,
        "conclusion": words.conclusion(advice),
        "bars": [
            (one, words.offer_name(one.offer), words.total_word(one.offer))
            for one in chart.bars(advice.offers, advice.cheapest)
        ],
        "rows": [_row(one, advice.cheapest, tariff) for one in advice.offers],
        "told": compared(request.workspace.pk, tariff.platform, month),
        "calls": any(line.operation for one in advice.offers for line in one.bill.lines),
    }
    shown |= _this_month(request, tariff, today) if month == today.replace(day=1) else {}
    return render(request, "metering/plans.html", shown)


def _row(offer: Any, best: Any, tariff: Tariff) -> dict[str, Any]:
    return {
        "offer": offer,
        "app": words.app_word(offer),
        "name": words.offer_name(offer),
        "fee": words.amount(offer.fee) if offer.bill.known else _("by contract"),
        "use": words.amount(offer.use),
        "total": words.total_word(offer),
        "refused": words.number(offer.refused) if offer.refused else "",
        "verdict": words.verdict(offer),
        "best": offer is best,
        "lines": list(words.explained(offer, tariff)),
    }


def _this_month(request: HttpRequest, tariff: Tariff, today: date) -> dict[str, Any]:
    """The forecast, and what the budget of reading buys."""
    found = outlook(request.workspace.pk, tariff.platform, today, current())
    shown: dict[str, Any] = {"reads": tariff.platform in PLATFORMS and PLATFORMS[tariff.platform].reading is not None}
    if found:
        made, currency = found
        expected, low, high = (words.amount(one) for one in bounds(made, currency))
        shown["forecast"] = {
            "expected": expected,
            "low": low,
            "high": high,
            "spent": words.amount(Money(made.spent, currency)),
            "committed": words.amount(Money(made.committed, currency)) if made.committed else "",
            "days": made.days,
            "sure": made.days >= ENOUGH_DAYS,
        }
    budget = budget_of(request.workspace.pk, tariff.platform)
    shown["budget"], shown["budget_word"] = budget, words.amount(budget) if budget else ""
    if budget:
        seen = prospect(request.workspace.pk, tariff.platform, budget.micros, now())
        shown["prospect"] = list(_prospect(seen)) if seen else []
    return shown


def _prospect(seen: Prospect) -> Iterator[str]:
    """What a budget buys, in sentences."""
    told_ = {
        "reads": words.number(seen.reads),
        "posts": words.number(seen.posts),
        "days": words.number(seen.days),
        "cost": words.amount(seen.cost),
        "share": words.number(round(100 * seen.seen)),
    }
    yield (
        _(
            "In the next %(days)s days it pays for %(reads)s readings of %(posts)s posts (%(cost)s). They show %(share)s %% of what "
            "would otherwise stay unseen, weighed by how long."
        )
        % told_
    )
    more = round(100 * seen.more)
    if more:
        yield _("Another dollar would show %s %% of the rest.") % words.number(more)
    else:
        yield _("Another dollar would show hardly anything more.")


@require_POST
@member_view(May.MANAGE_WORKSPACE)
def reading_budget(request: HttpRequest, slug: str) -> HttpResponse:
    """Set or remove a platform's budget of reading."""
    tariff = current().tariffs.get(request.POST.get("platform", ""))
    if tariff is None or not tariff.prices:
        raise Http404
    try:
        budget = _typed(request.POST.get("amount", ""), tariff.currency)
        set_budget(request.workspace, request, tariff.platform, budget, now())
    except NoAmount:
        most = words.amount(Money(MOST, tariff.currency))
        messages.error(request, _("Type an amount between 0 and %s, such as 5 or 2.50.") % most)
    except Refused as error:
        messages.error(request, f"{error.message} {error.remedy}")
    else:
        messages.success(request, _("The budget of reading is saved."))
    return redirect(f"{reverse('metering:plans', args=[slug])}?platform={tariff.platform}")


def _typed(text: str, currency: str) -> Money | None:
    """The amount that was typed; None for nothing. Raises NoAmount."""
    text = text.strip().lstrip("$€£").strip().replace(",", ".")
    if not text:
        return None
    try:
        value = Decimal(text)
        if not value.is_finite() or not 0 <= value <= MOST:
            raise NoAmount(text)
        return Money.of(str(value), currency)
    except (InvalidOperation, ValueError):
        raise NoAmount(text) from None
