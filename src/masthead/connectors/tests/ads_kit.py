"""What the shared contract test of ad platforms needs: orders within a platform's rules, and creating them piece by piece."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import math
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from masthead.connectors import AD_PLATFORMS
from masthead.connectors.tests.ads_harness import AdsHarness
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.kit import Remembering, package_of
from masthead.contract.ads import AdContent, AdsPart, Budget, Order, Piece, pieces
from masthead.contract.ads_rules import AdRules, AssetRule, Goal, Part
from masthead.contract.http import Http, Transport
from masthead.contract.platform import Platform
from masthead.contract.values import Account, Attachment, MediaKind

HARNESS = "{package}.tests.ads_harness"
DAILY = 40_000_000
"""Micros a day; more where the platform wants more."""


def module_of(key: str) -> str:
    """Where a platform's harness for this test is looked for."""
    return HARNESS.format(package=package_of(AD_PLATFORMS[key]))


def joined() -> list[str]:
    """The ad platforms that lend a harness."""
    return [key for key in sorted(AD_PLATFORMS) if importlib.util.find_spec(module_of(key))]


def ads_of(platform: Platform) -> AdsPart:
    """The ads part, which an ad platform always has."""
    assert platform.ads
    return platform.ads


def http_of(harness: AdsHarness, transport: Transport, meter: Remembering) -> Http:
    """A client as the worker makes it, for channel 7 of workspace 3."""
    platform = harness.platform
    return Http(
        transport,
        platform=platform.key,
        operations=platform.operations,
        meter=meter,
        workspace_id=3,
        channel_id=7,
        purpose="ads",
    )


def smallest(rules: AdRules, account: Account) -> int:
    """The rules' own smallest daily budget in the account's currency; 0 where there is none."""
    known = rules.budget.minimum or {}
    return known.get(str(account.limits.get("currency", "")), known.get("", 0))


def order_for(harness: AdsHarness, account: Account, *, ads: int = 2) -> Order:
    """An order that the platform takes: two ads with as few texts as it wants, and pictures where it wants them."""
    rules = ads_of(harness.platform).rules
    starts = datetime.now(UTC).replace(microsecond=0)
    order = Order(
        key=secrets.token_hex(16),
        name="Spring bread",
        goal=Goal.VISITS if Goal.VISITS in rules.objectives else next(iter(rules.objectives)),
        daily=max(DAILY, 2 * smallest(rules, account)),
        starts_at=starts,
        ends_at=starts + timedelta(days=min(20, rules.max_days or 20)),
        landing_url="https://bakery.example/spring",
        ads=tuple(content(rules, number) for number in range(ads)),
        total=None,
        places=("DE",),
        categories=(),
    )
    return harness.fitted(order)


def content(rules: AdRules, number: int) -> AdContent:
    """One ad; each has texts and a picture of its own."""
    texts = {part: tuple(_text(part, number, which) for which in range(_least(rules, part))) for part in Part}
    wanted = rules.assets.least if rules.assets and rules.assets.least else bool(rules.assets)
    return AdContent(
        key=secrets.token_hex(8),
        name=f"Ad {number}",
        url=f"https://bakery.example/spring?ad={number}&utm_source=masthead",
        headlines=texts[Part.HEADLINE],
        bodies=texts[Part.BODY],
        descriptions=texts[Part.DESCRIPTION],
        assets=tuple(picture(rules.assets, number * 10 + which) for which in range(wanted) if rules.assets),
        call_to_action="learn_more" if "learn_more" in (rules.calls_to_action or {}) else "",
        business="Corner Bakery",
    )


def _least(rules: AdRules, part: Part) -> int:
    rule = rules.text(part)
    return 0 if rule is None else max(1, rule.least)


def _text(part: Part, number: int, which: int) -> str:
    return f"{'Rye' if part is Part.HEADLINE else 'Fresh rye'} {number} {which}"


def picture(rule: AssetRule, shade: int) -> Attachment:
    """A picture of the first shape that the rule allows, at least as large as it says."""
    across, down = rule.ratios[0] if rule.ratios else (1, 1)
    unit = max(math.ceil((rule.min_width or 64) / across), math.ceil((rule.min_height or 64) / down))
    mime, buffer = next(one for one in rule.mimes if one in ("image/png", "image/jpeg")), io.BytesIO()
    Image.new("RGB", (unit * across, unit * down), (180, 90, shade % 256)).save(buffer, mime.removeprefix("image/"))
    raw = buffer.getvalue()

    async def load() -> bytes:
        return raw

    sha = hashlib.sha256(raw).hexdigest()
    return Attachment(
        MediaKind.IMAGE, mime, len(raw), sha, load, unit * across, unit * down, alt="A brown picture", file_name="rye"
    )


async def create(platform: Platform, http: Http, account: Account, order: Order) -> dict[str, str]:
    """Every piece, one after the other; what was made."""
    made: dict[str, str] = {}
    for piece in pieces(ads_of(platform).rules, order):
        await add(platform, http, account, order, piece, made)
    return made


async def add(
    platform: Platform, http: Http, account: Account, order: Order, piece: Piece, made: dict[str, str]
) -> None:
    """One piece, noted in `made`."""
    made[piece.slot] = (await ads_of(platform).create(http, account, order, piece, dict(made))).remote_id


def carrier(platform: Platform, made: dict[str, str]) -> str:
    """The id of what carries the budget."""
    return made[ads_of(platform).rules.budget.at.value]


def renamed(order: Order, name: str) -> Order:
    """The same order under another name."""
    return replace(order, name=name)


def needs(harness: AdsHarness, trouble: Trouble) -> None:
    """Skip where this server cannot be made to do that."""
    if trouble not in harness.troubles:
        pytest.skip(f"the {harness.platform.name} server of this test cannot be made to: {trouble}")


def budget_of(order: Order, daily: int, *, days: int = 2) -> Budget:
    """A budget with an end so many days after the order's start."""
    return Budget(daily, order.starts_at + timedelta(days=days), order.total)
