"""What an ad connector lends to the shared contract test (the folder `ads`), so that one test runs over every one of them.

To join: `<the connector's folder>/tests/ads_harness.py` with a subclass of `AdsHarness`, exported as `HARNESS` (made without arguments),
and the platform in `AD_PLATFORMS`. The server is a stateful double (or the vendor's own) outside the test's event loop. What has a
default below may stay. Money is whole micros; days are dates of the account's time zone. The double must judge for itself what may
spend (`spending`), create things with whatever status it is told, and keep double creations apart. Troubles are those of `harness.Trouble`
and befall the next requests that create a piece, of whatever kind (`connectors/tests/troubles.py` brings them about).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from masthead.connectors.tests.harness import Bad, Trouble
from masthead.contract.ads import DayResult, Made, Order
from masthead.contract.ads_rules import Kind
from masthead.contract.platform import OAuthClient, Platform, Redirect
from masthead.contract.values import Account


@dataclass(frozen=True, slots=True)
class StoredPiece:
    """A thing as it lies on the platform, not removed. `on`: its own switch, whatever is above it.

    `daily`, `total`: micros, where it carries them.
    """

    kind: Kind
    remote_id: str
    name: str
    on: bool = False
    daily: int | None = None
    total: int | None = None


class AdsHarness(ABC):
    """A running ad platform to test against. `start` and `stop` are called once per module, `reset` before each test."""

    platform: Platform
    troubles: frozenset[Trouble]
    """Those that `trouble` can bring about; the tests of the others are skipped with that reason."""
    cannot_tell: frozenset[Kind] = frozenset()
    """Kinds of which the platform's listing never says for certain that one is absent."""
    unnamed: frozenset[Kind] = frozenset()
    """Kinds that carry no name there (pictures known by their hash), so that the mark cannot stand in it."""
    by_ad: bool = True
    """Results come by ad; False: by what carries the budget only."""
    verdicts: frozenset[str] = frozenset({"approved", "pending", "rejected"})
    """What `review` can bring about."""

    @abstractmethod
    def start(self) -> None:
        """Start the server. Calls pytest.skip with a reason where a needed server is absent."""

    @abstractmethod
    def stop(self) -> None:
        """Stop the server."""

    @abstractmethod
    def reset(self) -> None:
        """Forget pending troubles."""

    @abstractmethod
    async def account(self) -> Account:
        """A connected, empty ad account, with the limits that its sign-in tells (currency and time_zone among them)."""

    @abstractmethod
    async def dead_account(self) -> Account:
        """An account whose secrets were revoked on the platform."""

    def good(self) -> Mapping[str, str] | None:
        """Answers to the connect form that work; None where there is no form sign-in."""
        return None

    def bad(self) -> Sequence[Bad]:
        """Answers to the connect form that must be refused, naming the field."""
        return ()

    def redirect_answers(self) -> Mapping[str, str] | None:
        """Answers for the redirect sign-in's own fields; None where the double has no sign-in page."""
        return None

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        """Go to the redirect's address as a person who allows or denies; the query that comes back."""
        return {}

    def client(self) -> OAuthClient:
        """Who we are to the authorization server."""
        return OAuthClient("http://masthead.test", "Masthead", {})

    def fitted(self, order: Order) -> Order:
        """The test's order with what this platform needs beside (options, a conversion action, keywords, special categories)."""
        return order

    @abstractmethod
    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Do this to the next `times` requests that create a piece."""

    @abstractmethod
    async def stored(self, account: Account) -> Sequence[StoredPiece]:
        """All that lies on the account and was not removed, in the order of creation."""

    @abstractmethod
    async def spending(self, account: Account) -> Sequence[str]:
        """Ids of what carries a budget and may spend by the double's own judgement: it and all above it on, an ad of it on, not over."""

    @abstractmethod
    async def foreign(self, account: Account) -> None:
        """Somebody else's campaign begins to run on the account, without our mark."""

    @abstractmethod
    async def vanish(self, account: Account, made: Made) -> None:
        """A person removes everything of an order on the platform, as far as it lets them."""

    @abstractmethod
    async def review(
        self, account: Account, ad: str, verdict: Literal["approved", "pending", "rejected"], why: str
    ) -> None:
        """The platform thinks this of an ad (by the id that stands in `made`)."""

    @abstractmethod
    async def report(self, account: Account, results: Sequence[DayResult]) -> None:
        """From now on these are all results the platform tells of the account; a second call tells the days anew.

        `group` is the id of what carries the budget. Rows with places come only to platforms with `rules.by_place`.
        """

    @abstractmethod
    def secrets(self, account: Account) -> Sequence[str]:
        """Strings that must never be seen in logs, errors or reprs."""
