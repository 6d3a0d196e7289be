"""What the sandbox's ad market takes: each kind of piece is checked, and a problem names the field at fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from masthead.contract.testing_network import Problem

if TYPE_CHECKING:
    from masthead.contract.testing_ads import AdAccount, AdMarket

NAME_LIMIT = 100
GOALS = ("CLICKS", "LEADS", "SALES")
TEXTS = {"headlines": (1, 5, 40), "bodies": (1, 3, 200), "descriptions": (0, 2, 90)}
"""Fewest, most, and characters of each."""
MIMES = ("image/png", "image/jpeg", "image/webp")
ASSET_BYTES = 5_000_000
MOST_ASSETS = 4
MOST_DAYS = 90
OVER_DELIVERY = 1.5
"""A day may bill so many times the highest daily budget that stood on it."""
CENT = 10_000
AGES = (18, 65)
BUTTONS = ("LEARN", "SHOP", "SIGN_UP", "BOOK", "CONTACT", "OFFER", "DOWNLOAD", "SUBSCRIBE")
CATEGORIES = ("HOUSING", "JOBS")


def _refuse(word: str, message: str, field: str) -> Problem:
    return Problem(422, word, message, field)


def _campaign(market: AdMarket, account: AdAccount, wish: Mapping[str, Any]) -> dict[str, Any]:
    if wish.get("goal") not in GOALS:
        raise _refuse("goal", f"A goal is one of {', '.join(GOALS)}.", "goal")
    if set(wish.get("categories", ())) - set(CATEGORIES):
        raise _refuse("categories", f"Special categories are {', '.join(CATEGORIES)}.", "categories")
    return {"goal": wish["goal"], "categories": list(wish.get("categories", ()))}


def _group(market: AdMarket, account: AdAccount, wish: Mapping[str, Any]) -> dict[str, Any]:
    places = [str(one) for one in wish.get("places", ())]
    if any(len(one) != 2 or not one.isupper() for one in places):
        raise _refuse("places", "Places are countries of two capital letters.", "places")
    ages = [int(wish[name]) for name in ("min_age", "max_age") if wish.get(name)]
    if any(not AGES[0] <= one <= AGES[1] for one in ages):
        raise _refuse("ages", f"Ages are {AGES[0]} to {AGES[1]}.", "audience")
    told = {"places": places, "ages": ages, "starts_at": moment(wish["starts_at"], "starts_at")}
    return budget(account, {**wish, **told}, {}, account.day(market.now())) | told


def budget(account: AdAccount, wish: Mapping[str, Any], before: Mapping[str, Any], today: str) -> dict[str, Any]:
    """The budget part of an ad group after a change; it knows the highest daily budget of the day."""
    daily, total = wish.get("daily"), wish.get("total")
    if not isinstance(daily, int) or daily < account.minimum:
        raise _refuse("budget_too_small", f"The smallest daily budget is {account.minimum / 1e6:.2f}.", "daily")
    if daily % CENT or (total is not None and (not isinstance(total, int) or total % CENT or total <= 0)):
        raise _refuse("budget_step", "Budgets are whole cents.", "total" if not daily % CENT else "daily")
    ends_at, starts_at = moment(wish["ends_at"], "ends_at"), float(wish["starts_at"])
    if ends_at <= starts_at or ends_at - starts_at > MOST_DAYS * 86_400:
        raise _refuse("dates", f"An ad group runs at most {MOST_DAYS} days and ends after it starts.", "ends_at")
    stood = before.get("highest", daily) if before.get("highest_on") == today else before.get("daily", daily)
    told = {"daily": daily, "total": total, "ends_at": ends_at, "highest": max(daily, stood), "highest_on": today}
    return {**before, **told}


def _asset(market: AdMarket, account: AdAccount, wish: Mapping[str, Any]) -> dict[str, Any]:
    if wish.get("mime") not in MIMES:
        raise _refuse("kind_not_taken", "Pictures are PNG, JPEG or WebP.", "assets")
    if not 0 < int(wish["size"]) <= ASSET_BYTES:
        raise _refuse("file_too_large", f"A picture has at most {ASSET_BYTES} bytes.", "assets")
    return {"mime": wish["mime"], "size": int(wish["size"]), "sha256": str(wish["sha256"])}


def _creative(market: AdMarket, account: AdAccount, wish: Mapping[str, Any]) -> dict[str, Any]:
    if not str(wish.get("url", "")).startswith(("http://", "https://")):
        raise _refuse("url", "An ad leads to an http or https address.", "url")
    if wish.get("button") and wish["button"] not in BUTTONS:
        raise _refuse("button", f"A button is one of {', '.join(BUTTONS)}.", "call_to_action")
    assets = [str(one) for one in wish.get("assets", ())]
    if len(assets) > MOST_ASSETS or any(not market.found(account, "assets", one) for one in assets):
        raise _refuse("assets", f"An ad has at most {MOST_ASSETS} pictures of this account.", "assets")
    told = {"url": wish["url"], "button": wish.get("button", ""), "assets": assets, "boost": wish.get("boost", "")}
    return told | (_boosted(market, wish) if wish.get("boost") else _texts(wish))


def _boosted(market: AdMarket, wish: Mapping[str, Any]) -> dict[str, Any]:
    post = market.store.row("select text from post where id = ? and removed = 0", str(wish["boost"]))
    if not post:
        raise _refuse("no_such_post", "The post is not there.", "boost")
    return {"headlines": [], "bodies": [post["text"]], "descriptions": []}


def _texts(wish: Mapping[str, Any]) -> dict[str, Any]:
    for field, (least, most, limit) in TEXTS.items():
        texts = wish.get(field, ())
        if not least <= len(texts) <= most:
            raise _refuse("how_many", f"An ad has {least} to {most} {field}.", field)
        if any(not str(one).strip() or len(str(one)) > limit for one in texts):
            raise _refuse("too_long", f"Each of the {field} has 1 to {limit} characters.", field)
    return {field: [str(one) for one in wish.get(field, ())] for field in TEXTS}


def _ad(market: AdMarket, account: AdAccount, wish: Mapping[str, Any]) -> dict[str, Any]:
    creative = market.found(account, "creatives", str(wish.get("creative")))
    if not creative:
        raise _refuse("no_creative", "The creative is not there.", "creative")
    return {"creative": creative["id"], "ready_at": market.now() + account.curve.review_seconds, "verdict": {}}


def moment(told: Any, field: str) -> float:
    """Seconds since the epoch of an ISO 8601 text, or of a number that is just that."""
    try:
        return float(told) if isinstance(told, int | float) else datetime.fromisoformat(str(told)).timestamp()
    except ValueError:
        raise _refuse("moment", "A moment is written as ISO 8601.", field) from None


Check = Callable[["AdMarket", "AdAccount", Mapping[str, Any]], dict[str, Any]]
CHECKS: Mapping[str, Check] = {
    "campaigns": _campaign,
    "groups": _group,
    "assets": _asset,
    "creatives": _creative,
    "ads": _ad,
}
