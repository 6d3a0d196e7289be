"""Plans, bills and refusals in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from masthead.kit.money import Money
from masthead.metering.advice import Advice, Offer
from masthead.metering.bill import OWN_APP, Kind, Line, Refusal
from masthead.metering.prices import Allowance, Dedup, Per, Price, Row, Tariff, Unit
from masthead.metering.wording import money_in_words

PER: dict[Per, Any] = {
    Per.DAY: gettext_lazy("a day"),
    Per.MONTH: gettext_lazy("a calendar month"),
    Per.BILLING_CYCLE: gettext_lazy("a billing month"),
}


@dataclass(frozen=True, slots=True)
class Explained:
    """One line of a bill as people read it; `row` is the catalogue's row that says so."""

    what: str
    units: str
    each: str
    amount: str
    why: str
    row: Row | None
    refused: bool = False


def amount(money: Money, *, exact: bool = False) -> str:
    """An amount to the cent, or with `exact` as fine as it is."""
    return money_in_words(money if exact else Money.of(str(money.rounded()), money.currency))


def word_for(price_key: str, tariff: Tariff) -> str:
    """What a price key stands for; the key itself, made readable, where the catalogue has no name for it."""
    name = tariff.names.get(price_key)
    if name is None:
        return price_key.replace(".", " ").replace("_", " ").capitalize() if price_key else _("Calls without a price")
    return _(name)


def number(value: int) -> str:
    """A whole number in the reader's language."""
    return str(number_format(value, decimal_pos=0, force_grouping=True))


def day(on: date) -> str:
    """A day in the reader's language."""
    return str(date_format(on, _("j M Y")))


def app_word(offer: Offer) -> str:
    """Whose developer app an offer is for; "" where it makes no difference."""
    if offer.own_app is None:
        return ""
    return _("own app") if offer.own_app else _("shared app")


def offer_name(offer: Offer) -> str:
    """An offer in a few words, such as "Pay per use, own app"."""
    app = app_word(offer)
    return f"{offer.plan.name}, {app}" if app else offer.plan.name


def total_word(offer: Offer) -> str:
    """Its total; in words where the fee is a matter of contract."""
    return amount(offer.total) if offer.bill.known else _("by contract")


def verdict(offer: Offer) -> str:
    """Why an offer does not fit, or cannot be had; "" where it fits and can."""
    if offer.ended_on:
        return _("It ended on %s.") % day(offer.ended_on)
    if offer.refused:
        return _("It would have refused %s.") % number(offer.refused)
    if not offer.bill.known:
        return _("The price is a matter of contract: ask the platform.")
    if not offer.sold and not offer.held:
        return _("It is no longer sold.")
    return ""


def conclusion(advice: Advice) -> str:
    """The advice in a sentence or two."""
    best, held, saving = advice.cheapest, advice.held, advice.saving
    if best is None:
        return _("No plan would have allowed all of it for a known price.")
    told = {"plan": offer_name(best), "total": amount(best.total)}
    if best is held:
        return _("The plan in use, %(plan)s, was the cheapest that fits: %(total)s.") % told
    if saving:
        return _(
            "%(plan)s would have been the cheapest that fits: %(total)s, %(saving)s less than the plan in use."
        ) % {
            **told,
            "saving": amount(saving),
        }
    return _("%(plan)s would have been the cheapest that fits: %(total)s.") % told


def explained(offer: Offer, tariff: Tariff) -> Iterator[Explained]:
    """An offer's bill line by line, then what it would have refused."""
    for line in offer.bill.lines:
        what = _("Fee of the plan") if line.kind is Kind.FEE else word_for(line.operation, tariff)
        each = "" if line.kind in (Kind.INCLUDED, Kind.FREE) else amount(line.each, exact=True)
        yield Explained(what, number(line.units), each, amount(line.amount), " ".join(_why(line)), line.row)
    for one in offer.bill.refused:
        yield Explained(word_for(one.operation, tariff), number(one.units), "", "", _refusal(one), one.allowance, True)


def _why(line: Line) -> Iterator[str]:
    row = line.row
    if line.kind is Kind.FEE:
        yield _("It is due whatever is called.")
    elif line.kind is Kind.FREE:
        yield _("The catalogue knows no price for it.")
    elif isinstance(row, Allowance):
        yield _("Covered by the fee, up to %(limit)s %(per)s.") % {"limit": number(row.limit), "per": PER[row.per]}
    elif isinstance(row, Price):
        yield from _price(row, line)


def _price(row: Price, line: Line) -> Iterator[str]:
    if OWN_APP in row.when:
        yield _("The lower price, because the developer app is your own.")
    if row.dedup is Dedup.UTC_DAY:
        yield _("The same one counts once a day (UTC).")
    elif row.unit is Unit.REQUEST:
        yield _("Each call counts.")
    if line.seen > line.units:
        yield _("%s were read altogether.") % number(line.seen)
    if row.override:
        yield _("A price of this installation.")
    if row.since:
        yield _("Price since %s.") % day(row.since)


def _refusal(one: Refusal) -> str:
    row = one.allowance
    whose = _("of one account") if row.scope == "account" else _("of the app")
    return _("Refused: beyond the %(limit)s %(per)s %(whose)s.") % {
        "limit": number(row.limit),
        "per": PER[row.per],
        "whose": whose,
    }
