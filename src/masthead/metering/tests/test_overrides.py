"""An installation's own prices."""

from __future__ import annotations

from datetime import date

import pytest

from masthead.kit.money import Money
from masthead.metering import overrides
from masthead.metering.prices import Override

pytestmark = pytest.mark.django_db
CHEAPER = Override("x", "ppu", "post.read", Money.of("0.004", "USD"), date(2026, 9, 1), None, "contract 17")


@pytest.fixture(autouse=True)
def forgotten():
    overrides._kept.clear()
    yield
    overrides._kept.clear()


def price(at: date) -> Money:
    return overrides.current().price("x", "ppu", "post.read", at).amount


def test_it_stands_over_the_catalogue_from_its_day_until_it_is_removed():
    overrides.put(CHEAPER)
    assert overrides.stored() == (CHEAPER,)
    assert price(date(2026, 9, 1)) == Money.of("0.004", "USD")
    assert price(date(2026, 8, 31)) == Money.of("0.005", "USD")
    assert overrides.remove("x", "ppu", "post.read") == 1
    assert price(date(2026, 9, 1)) == Money.of("0.005", "USD")


def test_two_for_the_same_days_are_refused_and_one_after_the_other_is_not():
    overrides.put(Override("x", "ppu", "post.read", Money.of("0.003", "USD"), None, date(2026, 9, 1)))
    overrides.put(CHEAPER)
    with pytest.raises(overrides.WrongOverride, match="for these days already"):
        overrides.put(CHEAPER)


@pytest.mark.parametrize(
    ("platform", "plan", "key", "amount", "currency", "fault"),
    [
        ("nowhere", "", "post.read", "1", "USD", "no platform nowhere"),
        ("x", "gold", "post.read", "1", "USD", "no plan gold"),
        ("x", "", "post.write", "1", "USD", "no price for post.write"),
        ("x", "", "post.read", "1", "EUR", "paid in USD"),
        ("x", "", "post.read", "-1", "USD", "less than nothing"),
    ],
)
def test_what_means_nothing_is_refused(platform, plan, key, amount, currency, fault):
    with pytest.raises(overrides.WrongOverride, match=fault):
        overrides.put(Override(platform, plan, key, Money.of(amount, currency)))
    assert not overrides.stored()
