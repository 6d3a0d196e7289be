"""Does a plan obey an ad platform's rules? Pure: values in, problems out.

Nothing is ever cut: a text stays whole, is left out, or stops the launch.
Used in the wizard, before a launch, and for proposals of a model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from masthead.contract.ads_rules import AdRules, AdTextRule, AssetRule, Goal, Part
from masthead.kit.text import count, graphemes

FIELDS = {Part.HEADLINE: "headlines", Part.BODY: "bodies", Part.DESCRIPTION: "descriptions"}


class Weight(StrEnum):
    """What a problem does."""

    STOPS = "stops"
    LEFT_OUT = "left_out"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` names the field ("creatives.0.headlines.2"), `code` the sentence, `numbers` what the sentence needs."""

    where: str
    code: str
    weight: Weight = Weight.STOPS
    numbers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """A picture as far as rules look at it."""

    mime: str
    size: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Texts:
    """A creative as far as rules look at it. `boost`: it is a published post as it is, and has no texts of its own."""

    headlines: Sequence[str] = ()
    bodies: Sequence[str] = ()
    descriptions: Sequence[str] = ()
    pictures: Sequence[Shape] = ()
    call_to_action: str = ""
    boost: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted on one ad account: micros a day, both days included, places as ISO 3166 codes."""

    goal: Goal
    daily: int
    currency: str
    starts_on: date | None
    ends_on: date | None
    places: Sequence[str] = ()
    categories: Sequence[str] = ()
    min_age: int | None = None
    max_age: int | None = None
    interests: Sequence[str] = ()
    creatives: Sequence[Texts] = ()


@dataclass(frozen=True, slots=True)
class Where:
    """The ad account: its currency, and the smallest daily budget it told, if it did."""

    currency: str
    minimum: int | None = None


def check(wish: Wish, account: Where, rules: AdRules) -> list[Problem]:
    """All problems, those that stop the launch among them, in the order of the form."""
    found = [*_goal(wish, rules), *_money(wish, account, rules), *_dates(wish, rules), *_audience(wish, rules)]
    if not wish.creatives:
        found.append(Problem("creatives", "no_creative"))
    for number, one in enumerate(wish.creatives):
        found += check_creative(one, rules, f"creatives.{number}")
    return found


def stops(problems: Sequence[Problem]) -> bool:
    """True where something must be changed before a launch."""
    return any(one.weight is Weight.STOPS for one in problems)


def check_creative(texts: Texts, rules: AdRules, where: str) -> list[Problem]:
    """Problems of one creative."""
    if texts.boost:
        return [] if rules.boost else [Problem(where, "no_boost")]
    found: list[Problem] = []
    for part, name in FIELDS.items():
        found += _texts(getattr(texts, name), rules.text(part), f"{where}.{name}")
    found += _pictures(texts.pictures, rules.assets, f"{where}.pictures")
    if texts.call_to_action and texts.call_to_action not in (rules.calls_to_action or {}):
        found.append(Problem(f"{where}.call_to_action", "button_not_there", Weight.LEFT_OUT))
    return found


def fitting(texts: Sequence[str], rule: AdTextRule | None) -> list[str]:
    """The texts that the platform takes, whole and in order; the others are left out, as `check` told."""
    if rule is None:
        return []
    return [one.strip() for one in texts if one.strip() and length(one.strip(), rule) <= rule.limit][: rule.most]


def length(text: str, rule: AdTextRule) -> int:
    """How long a text is, as the platform counts it."""
    plain = count(text, rule.counting)
    return plain + sum(1 for one in graphemes(text) if ord(one[0]) > 0x1100) if rule.wide_as_two else plain


def _goal(wish: Wish, rules: AdRules) -> list[Problem]:
    return [] if wish.goal in rules.objectives else [Problem("goal", "no_such_goal")]


def _money(wish: Wish, account: Where, rules: AdRules) -> list[Problem]:
    if account.currency != wish.currency:
        return [Problem("currency", "other_currency", numbers={"account": account.currency, "wanted": wish.currency})]
    least = smallest(account, rules)
    if wish.daily < least:
        return [Problem("daily_budget", "below_minimum", numbers={"minimum": least, "share": wish.daily})]
    return []


def smallest(account: Where, rules: AdRules) -> int:
    """The smallest daily budget in micros: as the account told, else as the rules know it; never less than one step."""
    known = rules.budget.minimum or {}
    told = account.minimum if account.minimum is not None else known.get(account.currency, known.get("", 0))
    return max(told, rules.budget.step)


def _dates(wish: Wish, rules: AdRules) -> list[Problem]:
    if wish.starts_on is None:
        return [Problem("starts_on", "no_start")]
    if wish.ends_on is None:
        return []
    days = (wish.ends_on - wish.starts_on).days + 1
    if days < 1:
        return [Problem("ends_on", "ends_before_start")]
    if rules.max_days and days > rules.max_days:
        return [Problem("ends_on", "too_many_days", numbers={"days": days, "most": rules.max_days})]
    return []


def _audience(wish: Wish, rules: AdRules) -> list[Problem]:
    found = []
    if not wish.places:
        found.append(Problem("places", "no_place"))
    if not rules.regions and any("-" in one for one in wish.places):
        found.append(Problem("places", "countries_only"))
    youngest, oldest = rules.ages
    if (wish.min_age or youngest) < youngest or (wish.max_age or oldest) > oldest:
        found.append(Problem("audience", "ages", numbers={"youngest": youngest, "oldest": oldest}))
    if wish.min_age and wish.max_age and wish.min_age > wish.max_age:
        found.append(Problem("audience", "ages_turned"))
    if rules.keywords and not wish.interests:
        found.append(Problem("interests", "no_keywords"))
    known = {value for value, _label in rules.categories}
    if any(one not in known for one in wish.categories):
        found.append(Problem("categories", "category_not_there", Weight.NOTE))
    return found


def _texts(texts: Sequence[str], rule: AdTextRule | None, where: str) -> list[Problem]:
    written = [(number, one.strip()) for number, one in enumerate(texts) if one.strip()]
    if rule is None:
        return [Problem(where, "part_not_shown", Weight.LEFT_OUT)] if written else []
    left = len(fitting(texts, rule))
    short = left < rule.least
    found = [
        _long(f"{where}.{number}", one, rule, stops=short) for number, one in written if length(one, rule) > rule.limit
    ]
    if short and len(written) - len(found) == left:
        found.append(Problem(where, "too_few", numbers={"count": left, "least": rule.least}))
    if len(written) - len(found) > rule.most and not short:
        found.append(Problem(where, "too_many", Weight.LEFT_OUT, {"count": len(written), "most": rule.most}))
    found += [
        Problem(f"{where}.{number}", "cut_when_shown", Weight.NOTE, {"shown": rule.shown})
        for number, one in written
        if rule.shown and rule.shown < length(one, rule) <= rule.limit
    ]
    return found


def _long(where: str, text: str, rule: AdTextRule, *, stops: bool) -> Problem:
    used = length(text, rule)
    numbers = {"used": used, "limit": rule.limit, "over": used - rule.limit}
    return Problem(where, "too_long", Weight.STOPS if stops else Weight.LEFT_OUT, numbers)


def _pictures(pictures: Sequence[Shape], rule: AssetRule | None, where: str) -> list[Problem]:
    if rule is None:
        return [Problem(where, "no_pictures", Weight.LEFT_OUT)] if pictures else []
    bad = {number: code for number, one in enumerate(pictures) if (code := _misfit(one, rule))}
    fit = len(pictures) - len(bad)
    weight = Weight.STOPS if fit < rule.least else Weight.LEFT_OUT
    numbers = {"width": rule.min_width, "height": rule.min_height, "bytes": rule.max_bytes}
    found = [Problem(f"{where}.{number}", code, weight, numbers) for number, code in bad.items()]
    if fit < rule.least and not bad:
        found.append(Problem(where, "picture_missing", numbers={"least": rule.least}))
    if fit > rule.most:
        found.append(Problem(where, "too_many_pictures", Weight.LEFT_OUT, {"count": fit, "most": rule.most}))
    return found


def fits(picture: Shape, rule: AssetRule) -> bool:
    """True for a picture that the platform takes."""
    return not _misfit(picture, rule)


def _misfit(one: Shape, rule: AssetRule) -> str:
    if one.mime not in rule.mimes:
        return "picture_kind"
    if one.size > rule.max_bytes:
        return "picture_too_large"
    if one.width < rule.min_width or one.height < rule.min_height:
        return "picture_too_small"
    near = (abs(one.width * high - one.height * wide) <= 0.01 * one.width * high for wide, high in rule.ratios)
    return "" if not rule.ratios or any(near) else "picture_shape"
