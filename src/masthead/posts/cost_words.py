"""Costs and full days in words: what the composer, the calendar and the page of a publication say of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from masthead.channels.models import Channel
from masthead.kit.clock import now as present
from masthead.kit.money import Money
from masthead.media.models import Asset
from masthead.metering.overrides import current
from masthead.metering.wording import charge_in_words, money_in_words, price_in_words
from masthead.posts.capping import Beyond, beyond
from masthead.posts.cost import IN_BIO, IN_REPLY, NO_LINK, Charge, Form
from masthead.posts.crowding import Crowd, crowd_on
from masthead.posts.models import Publication, Variant
from masthead.posts.pricing import cheaper_forms, cost_of
from masthead.posts.problems import assets_of
from masthead.posts.states import State

LABELS = {
    IN_REPLY: gettext_lazy("Put the link into a reply"),
    IN_BIO: gettext_lazy("Put the link into the profile"),
    NO_LINK: gettext_lazy("Leave the link out"),
}


def told(variant: Variant, segments: Any, assets: Mapping[int, Asset], at: datetime, language: str) -> dict[str, Any]:
    """What the composer shows under a channel: {"cost": ... or null, "crowd": a sentence or "", "cap": the same}."""
    channel, crowd = variant.channel, crowd_on(variant.channel, len(segments), at)
    costs = cost_of(channel, segments, assets, at)
    told: dict[str, Any] = {"cost": None, "crowd": crowd_in_words(crowd) if crowd and crowd.near else "", "cap": ""}
    if costs is not None:
        over = beyond(channel, costs.total, at, now=present())
        told["cap"] = beyond_in_words(over) if over else ""
        told["micros"], told["currency"] = costs.total.micros, costs.total.currency
        told["cost"] = {
            "total": money_in_words(costs.total),
            "charges": [_charge(channel.platform, one) for one in costs.charges],
            "forms": [_form(form, costs.total) for form in cheaper_forms(variant, segments, assets, at, language)],
        }
    return told


def beyond_limits(
    channel: Channel, segments: Any, at: datetime, *, now: datetime, moved: Publication | None = None
) -> str:
    """Why it would not go out at that time: the platform's day is full, or a cap has no room. "" where all is well.

    `moved` is the publication that is to go then, where it is scheduled already.
    """
    crowd = crowd_on(channel, len(segments), at, without=moved.pk if moved else None)
    if crowd and crowd.over:
        return crowd_in_words(crowd)
    costs = cost_of(channel, segments, assets_of(channel.workspace_id, segments), at)
    before = moved.publish_at if moved and moved.state == State.SCHEDULED else None
    over = beyond(channel, costs.total, at, now=now, moved_from=before) if costs else None
    return beyond_in_words(over) if over else ""


def total_of(checked: Iterable[Mapping[str, Any]]) -> str:
    """What all channels cost together; "" where none costs anything. Currencies stay apart."""
    sums: dict[str, Money] = {}
    for one in checked:
        if one.get("currency"):
            more = Money(one["micros"], one["currency"])
            sums[more.currency] = sums.get(more.currency, Money(0, more.currency)) + more
    return in_words(sums.values())


def in_words(sums: Iterable[Money]) -> str:
    """Sums of several currencies in a line, those of nothing left out."""
    return ", ".join(money_in_words(one) for one in sums if one)


def crowd_in_words(crowd: Crowd) -> str:
    """Such as "It would be number 101 of the 100 that a platform takes in a day"."""
    says = _("It would be number %(number)d of the %(limit)d that %(platform)s takes in a day.")
    return says % {"number": crowd.number, "limit": crowd.limit, "platform": crowd.platform}


def beyond_in_words(over: Beyond) -> str:
    """How much of a cap is used already."""
    says = _("It would go beyond a cap: %(used)s of %(cap)s are spent or scheduled.")
    return says % {"used": money_in_words(over.used), "cap": money_in_words(over.cap)}


def _charge(platform: str, one: Charge) -> str:
    return charge_in_words(price_in_words(current(), platform, one.price_key), one.units, one.each)


def _form(form: Form, was: Money) -> dict[str, Any]:
    costs = form.estimate.total
    saves = _("%(cost)s, saves %(saved)s") % {"cost": money_in_words(costs), "saved": money_in_words(was - costs)}
    return {"name": form.name, "label": str(LABELS[form.name]), "saves": saves, "segments": list(form.segments)}
