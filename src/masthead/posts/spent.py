"""What a publication did cost, by the ledger of calls, or will cost while it waits for its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, Sum

from masthead.contract.calls import Purpose
from masthead.kit.money import Money
from masthead.metering.models import Call
from masthead.metering.overrides import current
from masthead.metering.wording import money_in_words, price_in_words
from masthead.posts.models import Publication
from masthead.posts.pricing import cost_of
from masthead.posts.problems import assets_of
from masthead.posts.states import State


@dataclass(frozen=True, slots=True)
class Spent:
    """A line: what, how many, what they cost together, both in words too."""

    what: str
    units: int
    amount: Money

    @property
    def words(self) -> str:
        """The amount in words."""
        return money_in_words(self.amount)


def spent_on(row: Publication) -> list[Spent]:
    """What its tries cost, dearest first. A channel sends one thing at a time, so its calls during a try are the publication's.

    Empty where nothing was charged, and where the calls are no longer kept.
    """
    tries = [(one.started_at, one.ended_at or one.lease_until) for one in row.tries.all()]
    if not tries:
        return []
    found = (
        Call.objects.filter(
            _during(tries),
            workspace_id=row.workspace_id,
            channel_id=row.channel_id,
            purpose=Purpose.PUBLISH,
            micros__gt=0,
            at__gte=min(begin for begin, _end in tries),
            at__lte=max(end for _begin, end in tries),
        )
        .values_list("price_key", "currency")
        .annotate(units=Sum("charged"), sum=Sum("micros"))
        .order_by("-sum")
    )
    catalogue = current()
    return [
        Spent(price_in_words(catalogue, row.channel.platform, key), units, Money(micros, currency))
        for key, currency, units, micros in found
    ]


def costs_of(row: Publication, at: datetime) -> dict[str, Any] | None:
    """For the page of a publication: {"lines", "total", "ahead"}: what it did cost, or will where it waits for its time; else None."""
    ahead = row.state == State.SCHEDULED and not row.receipts
    lines = _foreseen(row, max(at, row.publish_at)) if ahead else spent_on(row)
    if not lines:
        return None
    total = sum((one.amount for one in lines[1:]), lines[0].amount)
    return {"lines": lines, "total": money_in_words(total), "ahead": ahead}


def _foreseen(row: Publication, at: datetime) -> list[Spent]:
    segments = row.content["segments"]
    costs = cost_of(row.channel, segments, assets_of(row.workspace_id, segments), at)
    catalogue, key = current(), row.channel.platform
    return [
        Spent(price_in_words(catalogue, key, one.price_key), one.units, one.amount)
        for one in (costs.charges if costs else ())
        if one.amount
    ]


def _during(tries: list[tuple[datetime, datetime]]) -> Q:
    return reduce(or_, (Q(at__gte=begin, at__lte=end) for begin, end in tries))
