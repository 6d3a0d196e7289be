"""From the rows of an ad group to the order that a connector takes.

It is the same on every try: what can change was written down at the launch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from masthead.campaigns.check import FIELDS, Shape, Texts, Where, Wish, fits, fitting
from masthead.campaigns.models import Ad, AdGroup, Campaign, Creative
from masthead.channels.models import Channel
from masthead.connectors import EVERY
from masthead.contract.ads import AdContent, AdsPart, Audience, Order
from masthead.contract.ads_rules import AdRules, Goal
from masthead.contract.capabilities import MediaRule
from masthead.contract.errors import Unsupported
from masthead.contract.values import MediaKind
from masthead.media.attach import attachments
from masthead.posts.states import State as Delivered


def ads_of(channel: Channel) -> AdsPart:
    """The ads part of an ad account's platform; raises Unsupported where there is none any more."""
    platform = EVERY.get(channel.platform)
    if platform is None or platform.ads is None:
        raise Unsupported("This ad platform is no longer part of the installation.", remedy="Leave the ad account out.")
    return platform.ads


def rules_of(channel: Channel) -> AdRules:
    """The rules of an ad account's platform."""
    return ads_of(channel).rules


def zone_of(channel: Channel) -> ZoneInfo:
    """The time zone whose days the ad account counts."""
    return ZoneInfo(str(channel.limits.get("time_zone") or "UTC"))


def account_of(group: AdGroup) -> Where:
    """The ad account as far as rules look at it."""
    return Where(str(group.channel.limits.get("currency") or ""), group.known_minimum)


def wish_of(campaign: Campaign, daily: int, creatives: Sequence[Texts]) -> Wish:
    """What the campaign wants on one ad account."""
    audience = campaign.audience
    return Wish(
        goal=Goal(campaign.goal),
        daily=daily,
        currency=campaign.currency,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        places=campaign.places,
        categories=campaign.categories,
        min_age=audience.get("min_age"),
        max_age=audience.get("max_age"),
        interests=audience.get("interests", ()),
        creatives=creatives,
    )


def texts_of(creative: Creative) -> Texts:
    """A creative as far as rules look at it."""
    pictures = [one.asset for one in creative.pictures.all()]
    return Texts(
        creative.headlines,
        creative.bodies,
        creative.descriptions,
        [Shape(one.mime, one.size, one.width, one.height) for one in pictures],
        creative.call_to_action,
        boost=creative.publication_id is not None,
    )


def content_of(creative: Creative, rules: AdRules) -> dict[str, Any]:
    """What of a creative goes to this platform, as it is kept with the ad."""
    if creative.publication is not None:
        return {"boost": boost_of(creative, rules)}
    texts = texts_of(creative)
    content: dict[str, Any] = {name: fitting(getattr(texts, name), rules.text(part)) for part, name in FIELDS.items()}
    pairs = zip(texts.pictures, creative.pictures.all(), strict=True)
    taken = [one.asset_id for shape, one in pairs if rules.assets and fits(shape, rules.assets)]
    content["pictures"] = taken[: rules.assets.most] if rules.assets else []
    content["call_to_action"] = (
        creative.call_to_action if creative.call_to_action in (rules.calls_to_action or {}) else ""
    )
    return content


def boost_of(creative: Creative, rules: AdRules) -> str:
    """The remote id of the published post, where it is out on a network whose posts can become ads here; "" elsewhere."""
    row = creative.publication
    if row is None or row.state != Delivered.PUBLISHED or row.channel.platform not in rules.boosts:
        return ""
    return str(row.receipts[0]["remote_id"]) if row.receipts else ""


def order_of(group: AdGroup) -> Order:
    """The order of an ad group whose launch was decided."""
    campaign, fixed = group.campaign, group.ordered
    return Order(
        key=group.key.hex,
        name=str(campaign),
        goal=Goal(campaign.goal),
        daily=int(fixed["daily"]),
        total=fixed.get("total"),
        starts_at=datetime.fromisoformat(fixed["starts_at"]),
        ends_at=datetime.fromisoformat(fixed["ends_at"]),
        landing_url=campaign.landing_url,
        ads=tuple(_ad(one, campaign, group) for one in group.ads.select_related("creative").order_by("number")),
        places=tuple(campaign.places),
        audience=_audience(campaign.audience),
        categories=tuple(campaign.categories),
        conversion=str(group.channel.limits.get("conversion") or ""),
        options=campaign.options.get(group.channel.platform, {}),
    )


def _audience(given: Mapping[str, Any]) -> Audience:
    return Audience(
        given.get("min_age"), given.get("max_age"), tuple(given.get("languages", ())), tuple(given.get("interests", ()))
    )


def _ad(ad: Ad, campaign: Campaign, group: AdGroup) -> AdContent:
    content, rule = ad.content, rules_of(group.channel).assets
    stored = [{"asset": pk} for pk in content.get("pictures", ())]
    media = MediaRule(MediaKind.IMAGE, rule.mimes, rule.max_bytes, rule.most, rule.source) if rule else None
    return AdContent(
        key=ad.key.hex,
        name=ad.creative.name,
        url=content["url"],
        headlines=tuple(content.get("headlines", ())),
        bodies=tuple(content.get("bodies", ())),
        descriptions=tuple(content.get("descriptions", ())),
        assets=attachments(campaign.workspace_id, stored, [media]) if media and stored else (),
        call_to_action=content.get("call_to_action", ""),
        business=campaign.business,
        boost=content.get("boost", ""),
    )
