"""The ads part of a connector: campaigns, ad groups and ads on an ad platform. An ad account is a connected channel.

Everything is created paused, one call for each piece, and can be looked up by the mark in its name. All money is whole micros
of the account's currency (`account.limits["currency"]`), a day is one of the account's time zone (`account.limits["time_zone"]`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from masthead.contract.ads_rules import AdRules, Goal, Kind
from masthead.contract.errors import Unsupported
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Delivery, Found, Receipt

Made = Mapping[str, str]
"""What was created already: the piece's slot to the platform's id."""
Verdict = Literal["approved", "pending", "rejected", "limited"]


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom ads are meant for. Empty: everybody. `languages` are BCP 47, `interests` plain words for those who search by words."""

    min_age: int | None = None
    max_age: int | None = None
    languages: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdContent:
    """One ad. `url` is where a click leads, with our marks in it.

    `boost`: the remote id of the published post that it is made of, then texts are empty. `call_to_action` is one of ours
    (`CALLS_TO_ACTION`), or "". `business` is the name shown as sender where the platform asks.
    """

    key: str
    name: str
    url: str
    headlines: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    assets: tuple[Attachment, ...] = ()
    call_to_action: str = ""
    business: str = ""
    boost: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """One ad group of ours on one ad account, already within the platform's rules. The same on every try.

    `key`: 32 hex digits. `daily`: micros a day. `total`: micros, where the platform keeps a total. `ends_at` is the rolling end at launch.
    `places`: ISO 3166-1 countries, 3166-2 regions where the rules say so. `categories`: special categories, () for none.
    `conversion`: the account's own conversion action, pixel or tag that it counts by, "" for none. `options`: the platform's own settings.
    """

    key: str
    name: str
    goal: Goal
    daily: int
    starts_at: datetime
    ends_at: datetime
    landing_url: str
    ads: tuple[AdContent, ...]
    total: int | None = None
    places: tuple[str, ...] = ()
    audience: Audience = Audience()
    categories: tuple[str, ...] = ()
    conversion: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """What stands in the name of everything that belongs to it, so that it can be found again."""
        return f"mh-{self.key[:12]}"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing to create. `slot` is unique within an order ("campaign", "asset:<sha256>", "ad:0") and names it in `Made`."""

    kind: Kind
    slot: str
    number: int = 0

    def name(self, order: Order) -> str:
        """The name it has on the platform, at most 100 characters, its mark included."""
        mark = f" [{order.mark}-{self.slot.replace(':', '')[:16]}]"
        plain = order.ads[self.number].name if self.kind in (Kind.CREATIVE, Kind.AD) else order.name
        return plain[: 100 - len(mark)] + mark


def pieces(rules: AdRules, order: Order) -> tuple[Piece, ...]:
    """All that must be created for an order, in order."""
    found: list[Piece] = []
    for kind in rules.kinds:
        if kind is Kind.ASSET:
            digests = dict.fromkeys(one.sha256 for ad in order.ads for one in ad.assets)
            found += [Piece(kind, f"asset:{digest}") for digest in digests]
        elif kind in (Kind.CREATIVE, Kind.AD):
            found += [Piece(kind, f"{kind}:{number}", number) for number in range(len(order.ads))]
        else:
            found.append(Piece(kind, kind.value))
    return tuple(found)


def asset(order: Order, piece: Piece) -> Attachment:
    """The picture that an ASSET piece stands for."""
    digest = piece.slot.partition(":")[2]
    return next(one for ad in order.ads for one in ad.assets if one.sha256 == digest)


@dataclass(frozen=True, slots=True)
class Budget:
    """What an ad group may spend: micros a day, the end, and a total where the platform keeps one."""

    daily: int
    ends_at: datetime
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """What the platform thinks of an ad; `why` in its own words."""

    verdict: Verdict
    why: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an ad group stands on its platform now. `present` False: it is gone there. `running`: it can spend now.

    `reviews` by slot of the ad. `learning`: the platform says that it still tries things out, None where it does not say.
    `daily`, `total`, `ends_at`: what is set there, None where it does not say.
    """

    present: bool
    running: bool
    daily: int | None = None
    total: int | None = None
    ends_at: datetime | None = None
    reviews: Mapping[str, Review] = field(default_factory=dict)
    learning: bool | None = None


@dataclass(frozen=True, slots=True)
class DayResult:
    """What one ad brought on one day (of one place, where asked by place). `spend` and `value` in micros.

    `ad` is the platform's id of the ad; "" where it counts by ad group only, then `group` is the id of what carries the budget.
    """

    day: date
    group: str
    ad: str
    spend: int
    impressions: int
    clicks: int
    conversions: float = 0.0
    value: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """Something with our mark that can spend money on an ad account now."""

    remote_id: str
    name: str
    daily: int | None = None


class AdsPart(Protocol):
    """The ads part. Setting is safe to repeat; creating is not, and an unclear outcome raises OutcomeUnknown."""

    @property
    def rules(self) -> AdRules:
        """What can be had, and how far."""
        ...

    async def minimum(self, http: Http, account: Account, goal: Goal) -> int | None:
        """The smallest daily budget the account may set, asked now; None where the platform does not tell: the rules' own holds."""
        ...

    async def create(self, http: Http, account: Account, order: Order, piece: Piece, made: Made) -> Receipt:
        """Create one piece, paused. Refused.field names the field of the order or the ad ("headlines", "daily", "places", "assets"...)."""
        ...

    async def find(self, http: Http, account: Account, order: Order, piece: Piece, made: Made) -> Found:
        """Look a piece up by its name without creating anything. ABSENT only where that is certain."""
        ...

    async def standing(self, http: Http, account: Account, order: Order, made: Made) -> Standing:
        """What is set and runs there now."""
        ...

    async def set_budget(self, http: Http, account: Account, made: Made, budget: Budget) -> None:
        """Set daily budget, end and total; a repeat changes nothing more. Raises Refused(field="daily") below the minimum."""
        ...

    async def start(self, http: Http, account: Account, made: Made) -> None:
        """Let it run: ads and ad group first, what carries the money last."""
        ...

    async def pause(self, http: Http, account: Account, made: Made) -> None:
        """Stop it: what carries the money first. No error if it is gone or stands already."""
        ...

    async def end(self, http: Http, account: Account, made: Made) -> None:
        """Take it off for good (remove or archive, what the platform has). No error if it is gone already."""
        ...

    async def results(
        self, http: Http, account: Account, groups: Sequence[Made], since: date, until: date, *, by_place: bool = False
    ) -> tuple[DayResult, ...]:
        """Results of these ad groups by ad and day, both ends included. Days without anything may be missing."""
        ...

    async def running(self, http: Http, account: Account) -> tuple[Running, ...]:
        """Everything with our mark ("[mh-") that can spend on this account now: what a stop is proved with."""
        ...


class NoPosts:
    """The publish part of a platform that takes ads only."""

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Refuses."""
        raise _no_posts()

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Refuses."""
        raise _no_posts()

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """Refuses."""
        raise _no_posts()

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Refuses."""
        raise _no_posts()

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Refuses."""
        raise _no_posts()


def _no_posts() -> Unsupported:
    return Unsupported("An ad account takes no posts.", remedy="Choose a channel.")
