"""Which plan a month's use would have been cheapest on, and why the others do not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from masthead.kit.money import Money
from masthead.metering.advice import Advice, Offer, advise
from masthead.metering.bill import Usage
from masthead.metering.price_rows import catalogue
from masthead.metering.tests.test_bill import MONTH, START, worked_example


def of(advice: Advice, plan: str, own_app: bool | None = None) -> Offer:
    (found,) = [one for one in advice.offers if one.plan.key == plan and one.own_app == own_app]
    return found


def test_the_worked_example_on_every_plan() -> None:
    advice = advise(worked_example(), catalogue(), "x", MONTH, held="ppu", own_app=False)
    assert of(advice, "ppu", True).total == Money.of("7.45", "USD")
    assert of(advice, "ppu", False).total == Money.of("13.85", "USD")
    assert (of(advice, "basic").total, of(advice, "basic").use) == (Money.of("200", "USD"), Money(0, "USD"))
    assert of(advice, "enterprise_small").total == Money.of("42000", "USD")
    assert of(advice, "free").refused == 50 and not of(advice, "free").fits
    assert not of(advice, "enterprise").bill.known
    assert advice.cheapest is of(advice, "ppu", True) and advice.held is of(advice, "ppu", False)
    assert advice.saving == Money.of("6.40", "USD")


def test_what_fits_stands_first_from_cheap_to_dear() -> None:
    offers = advise(worked_example(), catalogue(), "x", MONTH).offers
    fitting = [one.total for one in offers if one.fits]
    assert fitting == sorted(fitting) and [one.fits for one in offers] == sorted(
        (one.fits for one in offers), reverse=True
    )
    assert offers[-1].plan.key == "enterprise"


def test_april_2023_as_it_was() -> None:
    """Three thousand posts and some reading: Free refuses, Basic is cheapest, and above it stood 42,000 only."""
    day = datetime(2023, 4, 3, tzinfo=UTC)
    used = [Usage(day + timedelta(days=ahead), "post.create", units=100, account=1) for ahead in range(25)]
    used += [Usage(day + timedelta(days=ahead), "post.read", units=300) for ahead in range(25)]
    advice = advise(used, catalogue(), "x", date(2023, 4, 1))
    assert advice.cheapest is of(advice, "basic") and advice.cheapest.total == Money.of("100", "USD")
    assert of(advice, "free").refused == 1_000 + 7_500
    more = [*used, Usage(day, "post.read", units=5_000)]
    advice = advise(more, catalogue(), "x", date(2023, 4, 1))
    assert advice.cheapest is of(advice, "enterprise_small") and not of(advice, "basic").fits
    assert advice.cheapest.total == Money.of("42000", "USD")


def test_a_plan_that_ends_within_the_month_is_not_advised() -> None:
    elevated = of(advise([], catalogue(), "x", date(2023, 4, 1), held="elevated"), "elevated")
    assert elevated.held and elevated.ended_on == date(2023, 4, 29) and not elevated.fits


def test_a_plan_that_is_no_longer_sold_is_advised_only_to_those_who_have_it() -> None:
    used = [Usage(START, "post.create.url", units=2_000, account=1)]
    assert not of(advise(used, catalogue(), "x", MONTH), "basic").sold
    assert (found := advise(used, catalogue(), "x", MONTH).cheapest) and found.plan.key == "ppu"
    assert (found := advise(used, catalogue(), "x", MONTH, held="basic").cheapest) and found.plan.key == "basic"


def test_whose_the_app_is_matters_only_where_a_price_depends_on_it() -> None:
    advice = advise([], catalogue(), "x", date(2026, 3, 1))
    assert [one.own_app for one in advice.offers if one.plan.key == "ppu"] == [None]
    assert advice.saving is None


def test_limits_of_a_minute_refuse_nothing() -> None:
    """A day's calls come as one number; the minute's limit made them wait at the time."""
    advice = advise([Usage(START, "anything", units=5_000)], catalogue(), "reddit", MONTH)
    assert advice.offers and all(one.fits for one in advice.offers if one.bill.known)


def test_an_unknown_platform_has_no_offers() -> None:
    assert advise([], catalogue(), "myspace", MONTH).offers == ()
