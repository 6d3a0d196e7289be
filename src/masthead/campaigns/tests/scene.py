"""A campaign on ad platforms that live in memory, for tests of verbs; the connectors' own tests speak HTTP."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from masthead.campaigns.models import AdGroup, Campaign, Creative
from masthead.channels.connect import keep_secrets
from masthead.channels.models import Channel
from masthead.connectors import AD_PLATFORMS, PLATFORMS
from masthead.contract.ads import Budget, Made, NoPosts, Order, Piece, Running, Standing
from masthead.contract.ads_rules import AdRules, AdTextRule, BudgetRule, Goal, Kind, Part
from masthead.contract.capabilities import Counting, Source, no_posts
from masthead.contract.errors import OutcomeUnknown, Refused, TryAgain
from masthead.contract.values import Found, Presence, Receipt
from masthead.workspaces.models import Workspace

SEEN = Source("https://example.org/rules", date(2026, 11, 1))
EURO = 1_000_000
MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def rules(**budget: Any) -> AdRules:
    return AdRules(
        objectives={Goal.VISITS: "visits", Goal.LEADS: "leads"},
        kinds=(Kind.CAMPAIGN, Kind.AD_GROUP, Kind.AD),
        budget=BudgetRule(Kind.CAMPAIGN, Kind.CAMPAIGN, **{"over_delivery_percent": 200, "source": SEEN} | budget),
        texts=(AdTextRule(Part.HEADLINE, 1, 3, 30, Counting.CODE_POINTS, SEEN),),
        restated_days=3,
        source=SEEN,
        click_ids=("fclid",),
    )


class Died(BaseException):
    """The process is killed here."""


@dataclass
class Market:
    """An ad platform in memory. `trouble` maps a moment ("before ad:0", "after campaign") to what happens there, once."""

    rules: AdRules = field(default_factory=rules)
    things: dict[str, str] = field(default_factory=dict)  # id -> name
    runs: set[str] = field(default_factory=set)
    budgets: list[Budget] = field(default_factory=list)
    trouble: dict[str, BaseException] = field(default_factory=dict)
    told: list[Any] = field(default_factory=list)
    blind: bool = False
    stuck: bool = False

    def _at(self, moment: str) -> None:
        if moment in self.trouble:
            raise self.trouble.pop(moment)

    async def minimum(self, *given: Any) -> int | None:
        return None

    async def create(self, http: Any, account: Any, order: Order, piece: Piece, made: Made) -> Receipt:
        self._at(f"before {piece.slot}")
        remote = f"{piece.slot}-{len(self.things)}"
        self.things[remote] = piece.name(order)
        self._at(f"after {piece.slot}")
        return Receipt(remote)

    async def find(self, http: Any, account: Any, order: Order, piece: Piece, made: Made) -> Found:
        if self.blind:
            return Found(Presence.CANNOT_TELL, "The list was not to be had.")
        found = [remote for remote, name in self.things.items() if name == piece.name(order)]
        return (
            Found(Presence.FOUND, "by its name", Receipt(found[0]))
            if found
            else Found(Presence.ABSENT, "not in the list")
        )

    async def standing(self, http: Any, account: Any, order: Order, made: Made) -> Standing:
        return Standing(made["campaign"] in self.things, made["campaign"] in self.runs, order.daily)

    async def set_budget(self, http: Any, account: Any, made: Made, budget: Budget) -> None:
        self._at("budget")
        self.budgets.append(budget)

    async def start(self, http: Any, account: Any, made: Made) -> None:
        self._at("start")
        self.runs.add(made["campaign"])

    async def pause(self, http: Any, account: Any, made: Made) -> None:
        self._at("pause")
        if not self.stuck:
            self.runs.discard(made["campaign"])

    async def end(self, http: Any, account: Any, made: Made) -> None:
        await self.pause(http, account, made)

    async def results(
        self, http: Any, account: Any, groups: Any, since: date, until: date, **more: Any
    ) -> tuple[Any, ...]:
        self._at("results")
        return tuple(one for one in self.told if since <= one.day <= until)

    async def running(self, http: Any, account: Any) -> tuple[Running, ...]:
        return tuple(Running(one, self.things[one]) for one in sorted(self.runs))

    @property
    def kinds(self) -> Counter[str]:
        """How many of each kind there are."""
        return Counter(remote.partition("-")[0].partition(":")[0] for remote in self.things)


def market(monkeypatch: Any, key: str = "fair_ads", **budget: Any) -> Market:
    """A market registered as an ad platform."""
    made = Market(rules(**budget))
    platform = replace(
        PLATFORMS["sandbox"],
        key=key,
        name=key,
        publisher=NoPosts(),
        capabilities=no_posts(SEEN),
        ads=made,
        foresee=None,
    )
    monkeypatch.setitem(AD_PLATFORMS, key, platform)
    return made


def account(workspace: Workspace, key: str = "fair_ads") -> Channel:
    row = Channel.objects.create(
        workspace=workspace, platform=key, server="https://ads.example", remote_id=key, handle=key, name=key, ads=True,
        limits={"currency": "EUR", "time_zone": "Europe/Berlin"},
    )  # fmt: skip
    keep_secrets(row, {"token": "x"}, None)
    return row


def campaign(workspace: Workspace, *keys: str, **changes: Any) -> Campaign:
    facts: dict[str, Any] = {
        "name": "Bread", "goal": "visits", "daily_budget": 30 * EURO, "cap": 300 * EURO, "currency": "EUR",
        "time_zone": "Europe/Berlin", "starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 10),
        "landing_url": "https://bakery.example/?a=1", "places": ["DE"], "created_at": MORNING,
    }  # fmt: skip
    row = Campaign.objects.create(workspace=workspace, **facts | changes)
    Creative.objects.create(campaign=row, name="Fresh", headlines=["Fresh bread"])
    Creative.objects.create(campaign=row, name="Early", headlines=["Early bread"], place=1)
    for key in keys or ("fair_ads",):
        AdGroup.objects.create(campaign=row, channel=account(workspace, key))
    return row


def lost() -> OutcomeUnknown:
    return OutcomeUnknown("No answer came.")


def later() -> TryAgain:
    return TryAgain("Too fast.", after=60)


def no() -> Refused:
    return Refused("This text is not allowed.", field="headlines", remedy="Change it.")
