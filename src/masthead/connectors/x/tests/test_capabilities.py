"""What an account may do, by plan and by subscription."""

from __future__ import annotations

import re

import pytest

from masthead.connectors.x.capabilities import CAPABILITIES, CASHTAG, limits_of
from masthead.connectors.x.words import POSTS, TWEETS, chosen
from masthead.contract.values import MediaKind


def names(plan: str) -> set[str]:
    return {one.name for one in CAPABILITIES.narrowed({"plan": plan}).options}


@pytest.mark.parametrize("plan", ["", "ppu", "basic", "pro", "free"])
def test_self_serve_plans_cannot_quote_and_take_one_cashtag(plan: str) -> None:
    can = CAPABILITIES.narrowed({"plan": plan} if plan else {})
    assert "quote" not in {one.name for one in can.options}
    assert [one.most for one in can.patterns] == [1]


def test_enterprise_may_quote_and_name_many() -> None:
    assert "quote" in names("enterprise")
    assert CAPABILITIES.narrowed({"plan": "enterprise"}).patterns == ()


def test_quotas_follow_the_plan() -> None:
    def posts(plan: str) -> list[tuple[str, int, int]]:
        quotas = CAPABILITIES.narrowed({"plan": plan}).quotas
        return [(one.scope, one.limit, one.seconds) for one in quotas if one.bucket == "posts"]

    assert posts("ppu") == posts("pro") == [("account", 100, 900), ("app", 10_000, 86_400)]
    assert posts("basic") == [("account", 100, 86_400), ("app", 1_667, 86_400)]
    assert posts("free") == [("account", 17, 86_400), ("app", 17, 86_400)]


@pytest.mark.parametrize(
    ("subscription", "verified", "text", "seconds"),
    [
        ("None", "none", 280, 1200),
        ("", "", 280, 1200),
        ("Basic", "none", 25_000, 1200),
        ("Premium", "blue", 25_000, 7500),
        ("PremiumPlus", "blue", 25_000, 7500),
        ("None", "business", 25_000, 7500),
    ],
)
def test_subscriptions(subscription: str, verified: str, text: int, seconds: float) -> None:
    can = CAPABILITIES.narrowed(limits_of(subscription, verified, "ppu"))
    film = can.media_rule(MediaKind.VIDEO)
    assert film is not None
    assert (can.text.limit, film.max_seconds) == (text, seconds)
    assert can.plan(limits_of(subscription, verified, "basic")) is CAPABILITIES.plans[1]


def test_an_installation_chooses_the_words() -> None:
    assert chosen("") is chosen("tweets") is TWEETS
    assert chosen("Posts ") is POSTS


@pytest.mark.parametrize(
    ("text", "found"),
    [("$TSLA and $aapl", 2), ("$5 and US$ and $100k", 0), ("$BRK.B up", 1), ("a$b $TOOLONGNAME", 0), ("($X)", 1)],
)
def test_cashtags(text: str, found: int) -> None:
    assert len(re.findall(CASHTAG, text)) == found
