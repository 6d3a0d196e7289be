"""Words of the page of costs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from masthead.contract.calls import Purpose
from masthead.kit.money import Money
from masthead.metering.costs.month import Charge
from masthead.metering.prices import Catalogue
from masthead.metering.wording import money_in_words

PURPOSES: dict[str, Any] = {
    Purpose.PUBLISH: gettext_lazy("Publishing"),
    Purpose.READ: gettext_lazy("Reading past posts and numbers"),
    Purpose.INBOX: gettext_lazy("Inbox"),
    Purpose.ADS: gettext_lazy("Ads"),
    Purpose.CONNECT: gettext_lazy("Connecting and keeping channels connected"),
}


def purpose_in_words(purpose: str) -> str:
    """What calls were made for; calls from before that was written down have none."""
    return str(PURPOSES.get(purpose) or _("Not recorded"))


def platform_in_words(catalogue: Catalogue, platform: str) -> str:
    """A platform's name."""
    tariff = catalogue.tariffs.get(platform)
    return tariff.name if tariff else platform


def month_in_words(month: date) -> str:
    """Such as November 2026."""
    return date_format(month, "F Y")


def amounts_in_words(amounts: Iterable[Money]) -> str:
    """Sums of money to the cent, a small one to the mill; a dash for none."""
    return " + ".join(amount_in_words(one) for one in amounts if one) or "–"


def amount_in_words(amount: Money) -> str:
    """A sum to the cent; exact where it is less than ten."""
    if abs(amount.micros) < 10_000_000:
        return money_in_words(amount)
    number = number_format(amount.rounded(), decimal_pos=2, force_grouping=True)
    return _("%(currency)s %(amount)s") % {"currency": amount.currency, "amount": number}


def remarks_on(charge: Charge) -> list[str]:
    """Why a line is what it is."""
    told = []
    if charge.again:
        text = ngettext(
            "%(seen)s in all; %(again)s came again on the same day and counts once.",
            "%(seen)s in all; %(again)s came again on the same day and count once.",
            charge.again,
        )
        told.append(
            text % {"seen": number_format(charge.units, force_grouping=True), "again": number_format(charge.again)}
        )
    if charge.own:
        told.append(_("The lower price, because the account owns the developer app."))
    if charge.each is None:
        told.append(_("Not all at the same price."))
    return told
