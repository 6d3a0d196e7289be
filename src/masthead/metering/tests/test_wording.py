"""Money and prices in words, and every name that a workspace's own calls can have in the reader's language."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from masthead.connectors import PLATFORMS
from masthead.kit.money import Money
from masthead.metering.price_rows import catalogue
from masthead.metering.wording import NAMES, charge_in_words, money_in_words, price_in_words


@pytest.mark.parametrize(
    ("amount", "english", "german"),
    [
        ("0.2", "USD 0.20", "0,20 USD"),
        ("0.015", "USD 0.015", "0,015 USD"),
        ("0", "USD 0.00", "0,00 USD"),
        ("42000", "USD 42,000.00", "42.000,00 USD"),
        ("-1.5", "USD -1.50", "-1,50 USD"),
    ],
)
def test_an_amount_has_the_places_it_needs_and_the_readers_signs(amount, english, german):
    money = Money.of(amount, "USD")
    assert money_in_words(money) == english
    with override("de"):
        assert money_in_words(money) == german


def test_a_charge_says_how_many_at_what_price():
    assert charge_in_words("Post", 3, Money.of("0.015", "USD")) == "3 × Post at USD 0.015"


def test_what_the_connectors_call_has_a_translated_name():
    """A new price key needs its name in the catalogue, and that name in NAMES, where the translation is collected."""
    for platform in PLATFORMS.values():
        tariff = catalogue().tariffs[platform.key]
        keys = {one.price_key for one in platform.operations.values()} - {""}
        assert keys <= set(tariff.names), platform.key
        assert {tariff.names[key] for key in keys} <= set(NAMES), platform.key


def test_a_price_without_a_name_is_called_by_its_key():
    assert price_in_words(catalogue(), "x", "post.create.url") == "Post with a link"
    assert price_in_words(catalogue(), "x", "made.up") == "made.up"
    assert price_in_words(catalogue(), "nowhere", "") == "Any call"
