"""The catalogue answers for the day, the plan and the conditions that are asked for."""

from __future__ import annotations

from datetime import date

import pytest

from masthead.kit.money import Money
from masthead.metering.price_rows import catalogue
from masthead.metering.prices import NotOffered, Override

OWN = frozenset({"own_app"})


def asked(key: str, at: date, *, plan: str = "", conditions: frozenset[str] = frozenset()) -> str:
    price = catalogue().price("x", plan, key, at, conditions)
    return str(price.amount) if price else "free"


@pytest.mark.parametrize(
    ("key", "at", "amount"),
    [
        ("post.create.url", date(2026, 4, 19), "USD 0.01"),
        ("post.create.url", date(2026, 4, 20), "USD 0.20"),
        ("post.create", date(2026, 2, 5), "free"),
        ("post.create", date(2026, 2, 6), "USD 0.01"),
        ("trend.read", date(2026, 6, 17), "USD 0.01"),
        ("analytics.read", date(2026, 6, 18), "free"),
        ("event.mute", date(2026, 7, 21), "USD 0.001"),
    ],
)
def test_a_row_holds_from_its_first_day_up_to_the_day_it_ends(key, at, amount):
    assert asked(key, at) == amount


def test_an_own_read_is_cheap_only_where_the_account_owns_the_app_and_falls_to_a_read_elsewhere():
    at = date(2026, 8, 31)
    assert asked("post.read.owned", at, conditions=OWN) == "USD 0.001"
    assert asked("post.read.owned", at) == "USD 0.005"
    assert asked("post.read.owned", date(2026, 3, 1), conditions=OWN) == "USD 0.005"


def test_the_plan_decides_and_an_unknown_plan_is_the_default():
    at = date(2025, 11, 1)
    assert asked("post.create", at, plan="pilot") == "USD 0.01"
    assert asked("post.create", at, plan="basic") == "free"
    assert asked("post.create", date(2026, 5, 1), plan="nobody sells this") == "USD 0.015"
    assert catalogue().price("nowhere", "", "post.create", at) is None


def test_fees_have_their_history():
    fees = [catalogue().plan("x", "basic", at).fee for at in (date(2024, 10, 1), date(2024, 11, 1))]
    assert fees == [Money.of("100", "USD"), Money.of("200", "USD")]
    assert catalogue().plan("x", "enterprise", date(2026, 1, 1)).fee is None
    with pytest.raises(NotOffered, match="no plan 'pro' on 2023-05-01"):
        catalogue().plan("x", "pro", date(2023, 5, 1))


def test_an_installations_own_price_wins_while_it_holds():
    mine = Override("x", "", "post.read", Money.of("0.004", "USD"), date(2026, 9, 1), date(2026, 10, 1), "contract")
    mixed = catalogue().overridden([mine], date(2026, 11, 24))
    august, september = date(2026, 8, 31), date(2026, 9, 1)
    assert mixed.price("x", "ppu", "post.read", august).amount == Money.of("0.005", "USD")
    ours = mixed.price("x", "ppu", "post.read", september)
    assert (str(ours.amount), ours.override, ours.unit, ours.dedup) == ("USD 0.004", True, "resource", "utc_day")
    assert mixed.price("x", "basic", "post.read", september).amount == Money.of("0.004", "USD")
    assert catalogue().price("x", "ppu", "post.read", september).amount == Money.of("0.005", "USD")
