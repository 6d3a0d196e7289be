"""What an ad platform can do and allows, as data with a source and a date. All money is whole micros of a currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from masthead.contract.capabilities import Counting, Source


class Goal(StrEnum):
    """What a campaign is for."""

    VISITS = "visits"
    LEADS = "leads"
    SALES = "sales"


class Kind(StrEnum):
    """What an ad platform is made to keep, each created by one call of its own."""

    BUDGET = "budget"
    CAMPAIGN = "campaign"
    AD_GROUP = "ad_group"
    KEYWORDS = "keywords"
    ASSET = "asset"
    CREATIVE = "creative"
    AD = "ad"


class Part(StrEnum):
    """A text of an ad."""

    HEADLINE = "headline"
    BODY = "body"
    DESCRIPTION = "description"


@dataclass(frozen=True, slots=True)
class AdTextRule:
    """How many texts of a part an ad takes, and how long each may be, in units of `counting`.

    `shown`: what is longer is taken but cut when shown, 0 where nobody says. `wide_as_two`: a wide letter (CJK, emoji) counts twice.
    """

    part: Part
    least: int
    most: int
    limit: int
    counting: Counting
    source: Source
    shown: int = 0
    wide_as_two: bool = False


@dataclass(frozen=True, slots=True)
class AssetRule:
    """A picture that ads take: the smallest sides in pixels, the shape as width to height, the size in bytes.

    `least` and `most`: how many an ad must and may have. `ratios`: allowed shapes, empty for any.
    """

    mimes: tuple[str, ...]
    max_bytes: int
    least: int
    most: int
    source: Source
    min_width: int = 0
    min_height: int = 0
    ratios: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class BudgetRule:
    """Where money and time stand, and how far the platform may go beyond what it was told.

    `at`, `schedule_at`: the kind that carries the daily budget, and the dates. `over_delivery_percent`: the most one day may
    bill, in percent of the highest budget that stood on it. `total`: it keeps a total that is never billed above, but for
    `total_rounding`. `minimum`: smallest daily budget by currency, "" for every other; None where there is none.
    `changes_per_hour`: 0 where nobody says. `step`: budgets are multiples of it.
    """

    at: Kind
    schedule_at: Kind
    over_delivery_percent: int
    source: Source
    total: bool = False
    total_rounding: int = 0
    minimum: Mapping[str, int] | None = None
    changes_per_hour: int = 0
    step: int = 10_000


@dataclass(frozen=True, slots=True)
class Learning:
    """The platform tries things out until it has seen `conversions` in `days`; moves above `tolerated_percent` begin that anew."""

    conversions: int
    days: int
    tolerated_percent: int
    source: Source


@dataclass(frozen=True, slots=True)
class AdRules:
    """All that generic code needs to know of an ad platform.

    `kinds`: what is created for one ad group of ours, in order; ASSET once for each picture, CREATIVE and AD once for each ad.
    `objectives`: our goals in the platform's words; a goal that is missing cannot be had. `restated_days`: results of so many
    days back still change. `categories`: special categories (value, label) that a campaign must name, `category_required`: also
    that there is none. `calls_to_action`: ours to theirs. `click_ids`: query fields by which the platform names a click.
    `boosts`: platforms whose published posts can become ads here. `keywords`: ads are found by words searched for. `regions`: places may be
    ISO 3166-2 too. `by_place`: results can be had by place. `ages`: youngest and oldest that can be aimed at. `max_days`: the
    longest an ad group may run, 0 without a limit.
    """

    objectives: Mapping[Goal, str]
    kinds: tuple[Kind, ...]
    budget: BudgetRule
    texts: tuple[AdTextRule, ...]
    restated_days: int
    source: Source
    assets: AssetRule | None = None
    learning: Learning | None = None
    categories: tuple[tuple[str, str], ...] = ()
    category_required: bool = False
    calls_to_action: Mapping[str, str] | None = None
    click_ids: tuple[str, ...] = ()
    boosts: tuple[str, ...] = ()
    keywords: bool = False
    regions: bool = False
    by_place: bool = False
    ages: tuple[int, int] = (18, 65)
    max_days: int = 0

    @property
    def boost(self) -> bool:
        """True where published posts can become ads."""
        return bool(self.boosts)

    def text(self, part: Part) -> AdTextRule | None:
        """The rule for a part; None where ads have no such text."""
        return next((one for one in self.texts if one.part == part), None)


CALLS_TO_ACTION = ("learn_more", "shop_now", "sign_up", "book_now", "contact_us", "get_offer", "download", "subscribe")
"""What a button may say; each platform has its own words for these."""
