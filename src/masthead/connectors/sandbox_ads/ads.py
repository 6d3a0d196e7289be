"""The ads part: create paused, look up by name, budgets, start and pause, results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from masthead.connectors.sandbox_ads import wire
from masthead.connectors.sandbox_ads.connect import asked, bearer
from masthead.connectors.sandbox_ads.create import CREATES, PATHS, whole, wish
from masthead.connectors.sandbox_ads.errors import explain
from masthead.connectors.sandbox_ads.operations import CHANGE, LIST, REMOVE, RESULTS, SHOW
from masthead.connectors.sandbox_ads.rules import RULES
from masthead.contract.ads import (
    Budget,
    DayResult,
    Made,
    Order,
    Piece,
    Review,
    Running,
    Standing,
    asset,
)
from masthead.contract.ads_rules import AdRules, Goal, Kind
from masthead.contract.errors import Gone
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Found, Presence, Receipt

GROUPS_AT_ONCE = 50
SPENDING = ("serving", "waiting")
CAMPAIGN, GROUP = Kind.CAMPAIGN.value, Kind.AD_GROUP.value


class SandboxAds:
    """The market knows no keys; what was created is found by its name. Budget and dates stand at the ad group."""

    rules: AdRules = RULES

    async def minimum(self, http: Http, account: Account, goal: Goal) -> int | None:
        """The smallest daily budget, as the account tells it now."""
        return (await asked(http, account.server, account.secrets)).minimum_daily

    async def create(self, http: Http, account: Account, order: Order, piece: Piece, made: Made) -> Receipt:
        """One piece, paused."""
        operation = CREATES[piece.kind]
        sent: dict[str, Any] = {"headers": bearer(account)}
        if piece.kind is Kind.ASSET:
            picture = asset(order, piece)
            sent |= {"query": {"name": piece.name(order)}, "data": await picture.load()}
            sent["headers"] |= {"Content-Type": picture.mime}
        else:
            sent["json"] = wish(order, piece, made)
        answer = await http.call(operation, account.server, explain=explain, **sent)
        return Receipt(wire.read(wire.Piece, answer, operation).id)

    async def find(self, http: Http, account: Account, order: Order, piece: Piece, made: Made) -> Found:
        """By its whole name, which is unique; the market lists everything, so what is not listed is not there."""
        found = await _listed(http, account, PATHS[piece.kind], {"name": piece.name(order)})
        if not found:
            return Found(Presence.ABSENT, "The ad account has nothing of this name.")
        return Found(Presence.FOUND, "The ad account has it under this name.", Receipt(found[0].id))

    async def standing(self, http: Http, account: Account, order: Order, made: Made) -> Standing:
        """The ad group as the market sees it, and the reviews of its ads."""
        group = await _shown(http, account, "groups", made.get(GROUP, ""))
        if group is None:
            alone = GROUP not in made and await _shown(http, account, "campaigns", made.get(CAMPAIGN, ""))
            return Standing(present=bool(alone), running=False)
        ads = {one.id: one for one in await _listed(http, account, "ads", {"parent": group.id})}
        slots = [slot for slot in made if slot.startswith(f"{Kind.AD}:") and made[slot] in ads]
        return Standing(
            present=True,
            running=group.state in SPENDING,
            daily=group.daily,
            total=group.total,
            ends_at=group.ends_at,
            reviews={slot: _review(ads[made[slot]]) for slot in slots},
            learning=group.learning,
        )

    async def set_budget(self, http: Http, account: Account, made: Made, budget: Budget) -> None:
        """Daily budget, end and total, all at the ad group."""
        total = None if budget.total is None else whole(budget.total)
        told = {"daily": whole(budget.daily), "total": total, "ends_at": budget.ends_at.isoformat()}
        await _change(http, account, "groups", made[GROUP], told)

    async def start(self, http: Http, account: Account, made: Made) -> None:
        """The ads, the campaign, and last the ad group."""
        for kind, id_ in (*_ads(made), ("campaigns", made[CAMPAIGN]), ("groups", made[GROUP])):
            await _change(http, account, kind, id_, {"status": "active"})

    async def pause(self, http: Http, account: Account, made: Made) -> None:
        """The ad group, then its campaign."""
        for kind, id_ in _carriers(made):
            try:
                await _change(http, account, kind, id_, {"status": "paused"})
            except Gone:
                continue

    async def end(self, http: Http, account: Account, made: Made) -> None:
        """Remove the ad group with its ads, then the campaign."""
        for kind, id_ in _carriers(made):
            try:
                path = {"kind": kind, "id": id_}
                await http.call(REMOVE, account.server, path=path, headers=bearer(account), explain=explain)
            except Gone:
                continue

    async def results(
        self, http: Http, account: Account, groups: Sequence[Made], since: date, until: date, *, by_place: bool = False
    ) -> tuple[DayResult, ...]:
        """By ad and day, so many ad groups at once."""
        ids = [made[GROUP] for made in groups if GROUP in made]
        query = {"since": since.isoformat(), "until": until.isoformat(), "by_place": "yes" if by_place else "no"}
        found: list[DayResult] = []
        for first in range(0, len(ids), GROUPS_AT_ONCE):
            asks = query | {"groups": ",".join(ids[first : first + GROUPS_AT_ONCE])}
            answer = await http.call(RESULTS, account.server, query=asks, headers=bearer(account), explain=explain)
            found += [DayResult(**dict(one)) for one in wire.read(wire.Results, answer, RESULTS).results]
        return tuple(found)

    async def running(self, http: Http, account: Account) -> tuple[Running, ...]:
        """Ad groups with our mark that are on, whether they spend at this moment or may later."""
        found = await _listed(http, account, "groups", {"has": "[mh-"})
        return tuple(Running(one.id, one.name, one.daily) for one in found if one.state in SPENDING)


def _ads(made: Made) -> list[tuple[str, str]]:
    return [("ads", id_) for slot, id_ in made.items() if slot.startswith(f"{Kind.AD}:")]


def _carriers(made: Made) -> list[tuple[str, str]]:
    return [(path, made[slot]) for slot, path in ((GROUP, "groups"), (CAMPAIGN, "campaigns")) if slot in made]


def _review(ad: wire.Piece) -> Review:
    return Review(ad.review.verdict, ad.review.why) if ad.review else Review("pending")


async def _change(http: Http, account: Account, kind: str, id_: str, told: Mapping[str, Any]) -> Answer:
    path = {"kind": kind, "id": id_}
    return await http.call(CHANGE, account.server, path=path, headers=bearer(account), json=told, explain=explain)


async def _shown(http: Http, account: Account, kind: str, id_: str) -> wire.Piece | None:
    if not id_:
        return None
    try:
        path = {"kind": kind, "id": id_}
        answer = await http.call(SHOW, account.server, path=path, headers=bearer(account), explain=explain)
    except Gone:
        return None
    return wire.read(wire.Piece, answer, SHOW)


async def _listed(http: Http, account: Account, kind: str, query: Mapping[str, str]) -> list[wire.Piece]:
    found: list[wire.Piece] = []
    after = "0"
    while after:
        asks = {**query, "after": after}
        answer = await http.call(
            LIST, account.server, path={"kind": kind}, query=asks, headers=bearer(account), explain=explain
        )
        page = wire.read(wire.Pieces, answer, LIST)
        found += page.pieces
        after = page.next
    return found
