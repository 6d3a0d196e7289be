"""What the sandbox's ad market can do and allows. A test compares it with what the market refuses."""

from __future__ import annotations

from datetime import date

from masthead.connectors.sandbox_ads.operations import CHANGES
from masthead.contract.ads_rules import AdRules, AdTextRule, AssetRule, BudgetRule, Goal, Kind, Learning, Part
from masthead.contract.capabilities import Counting, Quota, Source
from masthead.kit.words import N_ as _

ABOUT = Source("http://127.0.0.1:8020/about", date(2026, 11, 24))
QUOTAS = (Quota(CHANGES, "account", 3000, 300, ABOUT),)
OBJECTIVES = {Goal.VISITS: "CLICKS", Goal.LEADS: "LEADS", Goal.SALES: "SALES"}
BUTTONS = {
    "learn_more": "LEARN",
    "shop_now": "SHOP",
    "sign_up": "SIGN_UP",
    "book_now": "BOOK",
    "contact_us": "CONTACT",
    "get_offer": "OFFER",
    "download": "DOWNLOAD",
    "subscribe": "SUBSCRIBE",
}

RULES = AdRules(
    objectives=OBJECTIVES,
    kinds=(Kind.CAMPAIGN, Kind.AD_GROUP, Kind.ASSET, Kind.CREATIVE, Kind.AD),
    budget=BudgetRule(
        at=Kind.AD_GROUP,
        schedule_at=Kind.AD_GROUP,
        over_delivery_percent=150,
        source=ABOUT,
        total=True,
        minimum={"": 1_000_000},
    ),
    texts=(
        AdTextRule(Part.HEADLINE, 1, 5, 40, Counting.CODE_POINTS, ABOUT, shown=27),
        AdTextRule(Part.BODY, 1, 3, 200, Counting.CODE_POINTS, ABOUT, shown=125),
        AdTextRule(Part.DESCRIPTION, 0, 2, 90, Counting.CODE_POINTS, ABOUT),
    ),
    restated_days=7,
    source=ABOUT,
    assets=AssetRule(("image/png", "image/jpeg", "image/webp"), 5_000_000, 0, 4, ABOUT),
    learning=Learning(50, 7, 20, ABOUT),
    categories=(("HOUSING", _("Housing")), ("JOBS", _("Jobs"))),
    calls_to_action=BUTTONS,
    click_ids=("sbclid",),
    boosts=("sandbox",),
    by_place=True,
    max_days=90,
)
