"""Money and prices in words, for pages."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from masthead.kit.money import Money
from masthead.metering.prices import Catalogue

NAMES = (
    gettext_noop("Post"),
    gettext_noop("Post with a link"),
    gettext_noop("Reply to somebody who asked for it"),
    gettext_noop("Deleting a post"),
    gettext_noop("Reading a post"),
    gettext_noop("Reading a post of one's own"),
    gettext_noop("Reading a profile"),
    gettext_noop("Reading one's own followers and followed"),
    gettext_noop("Reading a direct message"),
    gettext_noop("Direct message"),
    gettext_noop("Uploading a file"),
    gettext_noop("Alternative text of a file"),
    gettext_noop("Hiding a reply, and the like"),
    gettext_noop("Any call"),
)
"""Of the names in the catalogue those that a workspace's own calls can have; the rest stays in English."""


def money_in_words(money: Money) -> str:
    """Such as USD 0.015, in the reader's way of writing numbers: two places, more where they are needed."""
    places = max(2, -int(money.decimal.normalize().as_tuple().exponent))
    amount = number_format(money.decimal, decimal_pos=places, force_grouping=True)
    return _("%(currency)s %(amount)s") % {"currency": money.currency, "amount": amount}


def price_in_words(catalogue: Catalogue, platform: str, price_key: str) -> str:
    """What a price is for."""
    tariff = catalogue.tariffs.get(platform)
    name = tariff.names.get(price_key) if tariff else None
    return _(name) if name else price_key or _("Any call")


def charge_in_words(name: str, units: int, each: Money) -> str:
    """Such as "3 × Post at USD 0.015"."""
    return _("%(units)s × %(what)s at %(each)s") % {
        "units": number_format(units, force_grouping=True),
        "what": name,
        "each": money_in_words(each),
    }
