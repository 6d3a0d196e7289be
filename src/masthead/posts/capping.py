"""Whether a post would go beyond a cap: what is spent, what is scheduled, and its own cost, in the cap's window at that time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from masthead.channels.models import Channel
from masthead.contract.calls import Purpose, charged_to
from masthead.kit.money import Money
from masthead.metering.caps.cycles import Span, cycle
from masthead.metering.commitments import Commitment
from masthead.metering.models import Cap, CapWindow
from masthead.posts.commitments import commitments


@dataclass(frozen=True, slots=True)
class Beyond:
    """A cap that a post does not fit under any more, and how much of it is spent or scheduled already."""

    cap: Money
    used: Money
    hard: bool


def beyond(
    channel: Channel, cost: Money, at: datetime, *, now: datetime, moved_from: datetime | None = None
) -> Beyond | None:
    """The first cap, hard ones first, that publishing at `at` for so much would go beyond; None where it fits under all.

    `moved_from`: when it is scheduled for already, where that is so; caps whose window it does not leave are passed over.
    """
    if not cost:
        return None
    for cap in _caps(channel, cost.currency):
        span = cycle(cap.period, cap.month_day, at)
        if moved_from and span[0] <= moved_from < span[1]:
            continue
        window = CapWindow.objects.filter(cap=cap, starts_at__lte=at, ends_at__gt=at).first()
        limit, spent = (window.micros, window.spent) if window else (cap.micros, 0)
        used = spent + _committed(cap, span, now)
        if used + cost.micros > limit:
            return Beyond(Money(limit, cap.currency), Money(used, cap.currency), cap.hard)
    return None


def _caps(channel: Channel, currency: str) -> list[Cap]:
    """The caps that a publication on the channel falls under."""
    found = Cap.objects.filter(
        workspace_id=channel.workspace_id,
        currency=currency,
        platform__in=("", channel.platform),
        app__in=("", charged_to(channel.limits)["app"]),
        channel_id__in=(0, channel.pk),
        purpose__in=("", Purpose.PUBLISH),
    )
    return list(found.order_by("-hard", "micros"))


def _committed(cap: Cap, span: Span, now: datetime) -> int:
    rows = commitments(cap.workspace_id, max(span[0], now), span[1])
    return sum(one.micros for one in rows if one.currency == cap.currency and _falls_under(one, cap))


def _falls_under(one: Commitment, cap: Cap) -> bool:
    return cap.platform in ("", one.platform) and cap.app in ("", one.app) and cap.channel_id in (0, one.channel_id)
