"""How running ad groups of the sandbox's market spend: caught up on whenever somebody asks, and before anything changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from masthead.contract.testing_ads import AdAccount, AdMarket, Row
from masthead.contract.testing_ads_checks import OVER_DELIVERY
from masthead.contract.testing_ads_model import DAY, MICROS, delivery

SPEND = """insert into ad_spend (ad, day, ad_group, spend) values (?, ?, ?, ?)
on conflict (ad, day) do update set spend = spend + excluded.spend"""
FORBIDDEN, LIMITED = "forbidden", "limited"


def settle(market: AdMarket, account: AdAccount) -> None:
    """Spend what was to be spent until now."""
    with market.lock:
        account, until = market.account(account.id), market.now()
        if until <= account.settled_at:
            return
        if not account.knobs.get("withdrawn"):
            for group in market.listed(account, "groups"):
                _catch_up(market, account, group, until)
        market.store.change("update ad_account set settled_at = ? where id = ?", until, account.id)


def review(market: AdMarket, account: AdAccount, ad: Row, at: float) -> dict[str, str]:
    """What the market thinks of an ad: pending for a while, then by its words."""
    if ad["details"]["verdict"]:
        return dict(ad["details"]["verdict"])
    if at < ad["details"]["ready_at"]:
        return {"verdict": "pending", "why": "It is being looked at."}
    creative = market.store.row("select details from ad_piece where id = ?", ad["details"]["creative"])
    said = str(creative["details"] if creative else "").casefold()
    if FORBIDDEN in said:
        return {"verdict": "rejected", "why": "The ad has a word that is forbidden here."}
    if LIMITED in said:
        return {"verdict": "limited", "why": "The ad is shown to fewer people."}
    return {"verdict": "approved", "why": ""}


def state(market: AdMarket, account: AdAccount, group: Row) -> str:
    """What an ad group does now: paused, over, waiting (not begun, no ad approved, or out of money) or serving."""
    campaign, at = market.found(account, "campaigns", group["parent"]), market.now()
    if group["status"] != "active" or not campaign or campaign["status"] != "active":
        return "paused"
    if at >= group["details"]["ends_at"]:
        return "over"
    left = _left(market, group)
    serving = at >= group["details"]["starts_at"] and left > 0 and _shown(market, account, group, at)
    return "serving" if serving else "waiting"


def _shown(market: AdMarket, account: AdAccount, group: Row, at: float) -> list[Row]:
    active = [one for one in market.listed(account, "ads", parent=group["id"]) if one["status"] == "active"]
    return [one for one in active if review(market, account, one, at)["verdict"] in ("approved", "limited")]


def _left(market: AdMarket, group: Row) -> int:
    """Micros that the total still allows; very many where there is no total."""
    total = group["details"]["total"]
    return 2**62 if total is None else max(0, total - spent(market, group["id"]))


def spent(market: AdMarket, group: str, day: str = "") -> int:
    """Micros that an ad group spent, on a day or ever."""
    sql = "select coalesce(sum(spend), 0) as sum from ad_spend where ad_group = ? and ? in ('', day)"
    row = market.store.row(sql, group, day)
    return int(row["sum"]) if row else 0


def _catch_up(market: AdMarket, account: AdAccount, group: Row, until: float) -> None:
    campaign, told = market.found(account, "campaigns", group["parent"]), group["details"]
    if group["status"] != "active" or not campaign or campaign["status"] != "active":
        return
    start, end = max(account.settled_at, told["starts_at"]), min(until, told["ends_at"])
    if start >= end:
        return
    ads = market.listed(account, "ads", parent=group["id"])
    ready = [ad["details"]["ready_at"] for ad in ads if start < ad["details"]["ready_at"] < end]
    for since, to in _slices(account, start, end, ready):
        shown = _shown(market, account, group, since)
        if shown:
            _spend(market, account, group, shown, since, to)


def _slices(account: AdAccount, start: float, end: float, cuts: Sequence[float]) -> list[tuple[float, float]]:
    """The time from start to end in pieces within which nothing changes, cut where a day begins."""
    points, day, later = {start, end, *cuts}, account.day(start), 1
    while (midnight := account.begins(day, later)) < end:
        points.add(midnight)
        later += 1
    return list(pairwise(sorted(points)))


def _spend(market: AdMarket, account: AdAccount, group: Row, ads: Sequence[Row], since: float, to: float) -> None:
    told, day = group["details"], account.day(since)
    highest = told["highest"] if told["highest_on"] == day else told["daily"]
    hungry = bool(account.knobs.get("hungry"))
    wanted = told["daily"] * delivery(market.seed, group["id"], day, hungry=hungry, most=OVER_DELIVERY)
    room = account.curve.capacity * MICROS * _weekday(account, since)
    part = int(min(wanted, room) * (to - since) / DAY)
    allowed = int(highest * OVER_DELIVERY) - spent(market, group["id"], day)
    amount = max(0, min(part, allowed, _left(market, group)))
    each, rest = divmod(amount, len(ads))
    for place, ad in enumerate(ads):
        market.store.change(SPEND, ad["id"], day, group["id"], each + (rest if place == 0 else 0))


def _weekday(account: AdAccount, at: float) -> float:
    return account.curve.weekdays[weekday_of(account.day(at))]


def weekday_of(day: str) -> int:
    """0 for Monday."""
    return date.fromisoformat(day).weekday()
