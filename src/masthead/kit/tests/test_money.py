"""Money is exact."""

from __future__ import annotations

from decimal import Decimal

import pytest

from masthead.kit.money import Money


def test_a_decimal_text_becomes_whole_micros():
    assert Money.of("0.015", "USD") == Money(15_000, "USD")
    assert Money.of("42000", "USD").decimal == 42_000


@pytest.mark.parametrize("wrong", ["0.0000001", "a lot", "", "NaN", "Infinity"])
def test_what_is_finer_than_a_micro_or_no_number_is_refused(wrong):
    with pytest.raises(ValueError, match="not a"):
        Money.of(wrong, "USD")


def test_currencies_do_not_mix():
    assert Money(5, "USD") + Money(6, "USD") - Money(1, "USD") == Money(10, "USD")
    with pytest.raises(ValueError, match="EUR and USD"):
        Money(5, "EUR") + Money(5, "USD")


def test_it_is_shown_with_the_places_it_needs():
    assert [str(Money.of(one, "USD")) for one in ("0.2", "0.015", "100", "0.00024")] == [
        "USD 0.20",
        "USD 0.015",
        "USD 100.00",
        "USD 0.00024",
    ]
    assert Money.of("7.445", "USD").rounded() == Decimal("7.45")
    assert Money.of("1.5", "USD") * 3 == Money.of("4.5", "USD")
