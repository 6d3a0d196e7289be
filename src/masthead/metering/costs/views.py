"""The page of costs and its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from masthead.kit.clock import now
from masthead.kit.money import Money
from masthead.metering.caps.shown import caps_of
from masthead.metering.costs import chart, sheet
from masthead.metering.costs.month import Costs, added, costs, following, month_of, months
from masthead.metering.costs.words import (
    amount_in_words,
    amounts_in_words,
    month_in_words,
    platform_in_words,
    purpose_in_words,
    remarks_on,
)
from masthead.metering.forecast import Forecast
from masthead.metering.naming import channel_names
from masthead.metering.overrides import current
from masthead.metering.plans.outlook import ENOUGH_DAYS, bounds, outlook
from masthead.metering.spending import Spent, first_day
from masthead.metering.wording import money_in_words, price_in_words
from masthead.workspaces.access import member_view
from masthead.workspaces.roles import May

KEPT_SECONDS = 600


@member_view(May.SEE_COSTS)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A month's costs: by platform, channel, purpose and day, with what was charged line by line."""
    at = now()
    month = month_of(request.GET.get("month", ""), at.date())
    found, first = costs(request.workspace.pk, month, at), first_day(request.workspace.pk)
    present = month == at.date().replace(day=1)
    context = {
        "month": month,
        "month_word": month_in_words(month),
        "months": [(one.strftime("%Y-%m"), month_in_words(one)) for one in _choices(first, month, at.date())],
        "present": present,
        "ever": first is not None,
        "costs": found,
        "caps": caps_of(request.workspace.pk, at),
        "tiles": [*_tiles(found), *(_ahead(request.workspace.pk, found, at.date()) if present else ())],
        "charges": _charges(found),
        "fees": [
            (
                platform_in_words(current(), one.platform),
                one.name,
                one.app[:6],
                one.amount and money_in_words(one.amount),
            )
            for one in found.fees
        ],
        "splits": _splits(found, channel_names(request.workspace.pk)),
        "charts": [(one, money_in_words(one.most), amount_in_words(one.total)) for one in found.charts],
        "days": [(one.key[0], amounts_in_words(one.money), one.calls, one.failed) for one in found.by["day"]],
        "width": chart.WIDTH,
        "height": chart.HEIGHT,
    }
    return render(request, "metering/costs.html", context)


@member_view(May.SEE_COSTS)
def file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The same as a file of comma-separated values."""
    month = month_of(request.GET.get("month", ""), now().date())
    lines = sheet.lines(request.workspace.pk, month, following(month))
    name = f"costs-{slug}-{month:%Y-%m}.csv"
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _choices(first: date | None, month: date, today: date) -> Sequence[date]:
    """The months to choose from, and the shown one even where there was nothing in it."""
    return sorted({*months(first, today), month}, reverse=True)


def _tiles(found: Costs) -> list[tuple[str, str, str]]:
    """What, how much, and a word on it."""
    fees = added(one.amount for one in found.fees if one.amount)
    total = found.total
    tiles = [(_("Spent on calls"), amounts_in_words(total.money), _("by the price of each call"))]
    if fees:
        tiles.append((_("Fees of plans"), amounts_in_words(fees), _("for the whole month")))
    if found.committed:
        tiles.append((_("Committed"), amounts_in_words(found.committed), _("scheduled until the month ends")))
    return tiles


def _ahead(workspace_id: int, found: Costs, today: date) -> list[tuple[str, str, str]]:
    """The forecast of the month's calls, all platforms together; the Plans page tells it platform by platform."""
    rows = [row for row in found.by["platform"] if row.money]
    made = [one for row in rows if (one := _outlook(workspace_id, row, today, found.committed))]
    if not made:
        return []
    expected, low, high = ([bounds(*one)[place] for one in made] for place in range(3))
    about = _("between %(low)s and %(high)s, four times of five") % {
        "low": amounts_in_words(added(low)),
        "high": amounts_in_words(added(high)),
    }
    sure = all(one.days >= ENOUGH_DAYS for one, _currency in made)
    return [(_("Forecast"), amounts_in_words(added(expected)), about if sure else _("too little past use to be sure"))]


def _outlook(workspace_id: int, row: Spent, today: date, committed: Sequence[Money]) -> tuple[Forecast, str] | None:
    """A platform's forecast. Drawing it takes longer than the rest of the page, so it is kept while nothing it stands on moves."""
    sums = [(one.currency, one.micros) for one in (*row.money, *committed)]
    key = f"costs.outlook:{workspace_id}:{row.key[0]}:{today}:{hash(tuple(sums))}"
    return cache.get_or_set(key, lambda: outlook(workspace_id, row.key[0], today, current()), KEPT_SECONDS)


def _charges(found: Costs) -> list[dict[str, Any]]:
    catalogue = current()
    return [
        {
            "what": price_in_words(catalogue, one.platform, one.price_key),
            "platform": platform_in_words(catalogue, one.platform),
            "units": one.charged,
            "each": money_in_words(one.each) if one.each else "–",
            "amount": amount_in_words(one.amount),
            "remarks": remarks_on(one),
        }
        for one in found.charges
    ]


def _splits(found: Costs, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """The tables: heading, head of the first column, and rows of name, amount, calls and failed calls."""
    catalogue = current()

    def channel(row: Spent) -> str:
        platform, pk = row.key
        name = names.get(pk) or (_("Deleted channel") if pk else _("Before a channel was connected"))
        return f"{name} · {platform_in_words(catalogue, platform)}"

    ways: list[tuple[str, str, str, Any]] = [
        ("platform", _("By platform"), _("Platform"), lambda row: platform_in_words(catalogue, row.key[0])),
        ("channel", _("By channel"), _("Channel"), channel),
        ("purpose", _("By purpose"), _("Purpose"), lambda row: purpose_in_words(row.key[0])),
    ]
    return [
        {
            "title": title,
            "head": head,
            "rows": [(word(row), amounts_in_words(row.money), row.calls, row.failed) for row in found.by[name]],
        }
        for name, title, head, word in ways
    ]
