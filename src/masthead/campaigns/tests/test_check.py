"""The check of a plan: each rule has a case that it stops, and one that passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from masthead.campaigns.check import Shape, Texts, Weight, Where, Wish, check, fitting, length, stops
from masthead.campaigns.words import WORDS, told
from masthead.contract.ads_rules import AdRules, AdTextRule, AssetRule, BudgetRule, Goal, Kind, Part
from masthead.contract.capabilities import Counting, Source

SEEN = Source("https://example.org/rules", date(2026, 11, 1))
HEADLINES = AdTextRule(Part.HEADLINE, 3, 5, 30, Counting.CODE_POINTS, SEEN, shown=20)
BODIES = AdTextRule(Part.BODY, 1, 2, 90, Counting.CODE_POINTS, SEEN)
PICTURES = AssetRule(("image/jpeg",), 1_000_000, 1, 2, SEEN, 600, 314, ((191, 100), (1, 1)))
RULES = AdRules(
    objectives={Goal.VISITS: "TRAFFIC", Goal.LEADS: "LEADS"},
    kinds=(Kind.CAMPAIGN, Kind.AD_GROUP, Kind.AD),
    budget=BudgetRule(Kind.CAMPAIGN, Kind.CAMPAIGN, 200, SEEN, minimum={"EUR": 5_000_000, "": 7_000_000}),
    texts=(HEADLINES, BODIES),
    restated_days=3,
    source=SEEN,
    assets=PICTURES,
    calls_to_action={"shop_now": "SHOP"},
    max_days=90,
)
GOOD = Texts(
    ["Fresh bread", "Every morning", "From seven"],
    ["Come by"],
    [],
    [Shape("image/jpeg", 90_000, 1200, 628)],
    "shop_now",
)
WISH = Wish(Goal.VISITS, 5_000_000, "EUR", date(2026, 12, 1), date(2026, 12, 31), ["DE"], creatives=[GOOD])
HERE = Where("EUR")


def codes(wish: Wish = WISH, where: Where = HERE, rules: AdRules = RULES) -> list[tuple[str, str]]:
    return [(one.where, one.code) for one in check(wish, where, rules)]


def with_texts(**changes) -> Wish:
    return replace(WISH, creatives=[replace(GOOD, **changes)])


def test_a_good_plan_has_no_problem():
    assert codes() == []


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        (replace(WISH, goal=Goal.SALES), ("goal", "no_such_goal")),
        (replace(WISH, daily=4_999_999), ("daily_budget", "below_minimum")),
        (replace(WISH, currency="USD"), ("currency", "other_currency")),
        (replace(WISH, starts_on=None), ("starts_on", "no_start")),
        (replace(WISH, ends_on=date(2026, 11, 30)), ("ends_on", "ends_before_start")),
        (replace(WISH, ends_on=date(2027, 3, 31)), ("ends_on", "too_many_days")),
        (replace(WISH, places=[]), ("places", "no_place")),
        (replace(WISH, places=["DE-BY"]), ("places", "countries_only")),
        (replace(WISH, min_age=13), ("audience", "ages")),
        (replace(WISH, min_age=50, max_age=20), ("audience", "ages_turned")),
        (replace(WISH, creatives=[]), ("creatives", "no_creative")),
        (with_texts(headlines=["One", "Two"]), ("creatives.0.headlines", "too_few")),
        (with_texts(headlines=["One", "Two", "x" * 31]), ("creatives.0.headlines.2", "too_long")),
        (with_texts(bodies=[]), ("creatives.0.bodies", "too_few")),
        (with_texts(pictures=[]), ("creatives.0.pictures", "picture_missing")),
        (with_texts(pictures=[Shape("image/png", 1, 1200, 628)]), ("creatives.0.pictures.0", "picture_kind")),
        (with_texts(pictures=[Shape("image/jpeg", 1, 300, 157)]), ("creatives.0.pictures.0", "picture_too_small")),
        (
            with_texts(pictures=[Shape("image/jpeg", 2_000_000, 1200, 628)]),
            ("creatives.0.pictures.0", "picture_too_large"),
        ),
        (with_texts(pictures=[Shape("image/jpeg", 1, 1200, 900)]), ("creatives.0.pictures.0", "picture_shape")),
        (with_texts(boost=True), ("creatives.0", "no_boost")),
    ],
)
def test_what_stops_a_launch(wish, problem):
    found = check(wish, HERE, RULES)
    assert problem in codes(wish) and stops(found)


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        (with_texts(headlines=["One", "Two", "Three", "x" * 31]), ("creatives.0.headlines.3", "too_long")),
        (with_texts(headlines=["a", "b", "c", "d", "e", "f"]), ("creatives.0.headlines", "too_many")),
        (with_texts(headlines=["One", "Two", "x" * 25]), ("creatives.0.headlines.2", "cut_when_shown")),
        (with_texts(descriptions=["Nobody sees it"]), ("creatives.0.descriptions", "part_not_shown")),
        (with_texts(call_to_action="subscribe"), ("creatives.0.call_to_action", "button_not_there")),
        (
            with_texts(pictures=[*GOOD.pictures, Shape("image/png", 1, 1200, 628)]),
            ("creatives.0.pictures.1", "picture_kind"),
        ),
    ],
)
def test_what_is_told_and_left_out(wish, problem):
    assert problem in codes(wish) and not stops(check(wish, HERE, RULES))


def test_the_account_knows_its_minimum_better():
    assert codes(where=Where("EUR", 6_000_000)) == [("daily_budget", "below_minimum")]
    assert codes(replace(WISH, currency="CHF"), Where("CHF")) == [("daily_budget", "below_minimum")]


def test_nothing_is_cut():
    texts = [" One ", "x" * 31, "Two", "", "Three", "Four", "Five", "Six"]
    assert fitting(texts, HEADLINES) == ["One", "Two", "Three", "Four", "Five"]


def test_wide_letters_count_twice_where_the_platform_says_so():
    assert length("パン屋", HEADLINES) == 3 and length("パン屋", replace(HEADLINES, wide_as_two=True)) == 6


def test_every_problem_has_words_and_a_remedy():
    wishes = [replace(WISH, daily=1), with_texts(headlines=["x" * 31]), with_texts(pictures=[])]
    for one in [problem for wish in wishes for problem in check(wish, HERE, RULES)]:
        why, remedy = told(one, "EUR")
        assert why and remedy and "%(" not in why + remedy
    assert "EUR 5.00" in told(check(replace(WISH, daily=1), HERE, RULES)[0], "EUR")[0]
    assert all(len(pair) == 2 for pair in WORDS.values()) and Weight.STOPS
