"""What is sent to create each piece, and looking one up by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from masthead.connectors.sandbox_ads.operations import (
    CREATE_AD,
    CREATE_CAMPAIGN,
    CREATE_CREATIVE,
    CREATE_GROUP,
    UPLOAD,
)
from masthead.connectors.sandbox_ads.rules import BUTTONS, OBJECTIVES, RULES
from masthead.contract.ads import Made, Order, Piece
from masthead.contract.ads_rules import Kind
from masthead.contract.operations import Operation

PATHS = {
    Kind.CAMPAIGN: "campaigns",
    Kind.AD_GROUP: "groups",
    Kind.ASSET: "assets",
    Kind.CREATIVE: "creatives",
    Kind.AD: "ads",
}
"""How the market calls our kinds."""
CREATES: Mapping[Kind, Operation] = {
    Kind.CAMPAIGN: CREATE_CAMPAIGN,
    Kind.AD_GROUP: CREATE_GROUP,
    Kind.ASSET: UPLOAD,
    Kind.CREATIVE: CREATE_CREATIVE,
    Kind.AD: CREATE_AD,
}


def wish(order: Order, piece: Piece, made: Made) -> dict[str, Any]:
    """The body that creates a piece, but for assets, whose body is the file."""
    named = {"name": piece.name(order)}
    if piece.kind is Kind.CAMPAIGN:
        return named | {"goal": OBJECTIVES[order.goal], "categories": list(order.categories)}
    if piece.kind is Kind.AD_GROUP:
        return named | _group(order, made)
    if piece.kind is Kind.CREATIVE:
        return named | _creative(order, piece, made)
    return named | {"group": made[Kind.AD_GROUP.value], "creative": made[f"creative:{piece.number}"]}


def whole(micros: int) -> int:
    """Rounded down to what the market takes."""
    return micros // RULES.budget.step * RULES.budget.step


def _group(order: Order, made: Made) -> dict[str, Any]:
    return {
        "campaign": made[Kind.CAMPAIGN.value],
        "daily": whole(order.daily),
        "total": None if order.total is None else whole(order.total),
        "starts_at": order.starts_at.isoformat(),
        "ends_at": order.ends_at.isoformat(),
        "places": list(order.places),
        "min_age": order.audience.min_age,
        "max_age": order.audience.max_age,
    }


def _creative(order: Order, piece: Piece, made: Made) -> dict[str, Any]:
    ad = order.ads[piece.number]
    return {
        "url": ad.url,
        "headlines": list(ad.headlines),
        "bodies": list(ad.bodies),
        "descriptions": list(ad.descriptions),
        "assets": [made[f"asset:{one.sha256}"] for one in ad.assets],
        "button": BUTTONS.get(ad.call_to_action, ""),
        "boost": ad.boost,
    }
