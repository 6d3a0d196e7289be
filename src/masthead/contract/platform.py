"""A platform: a key, its capabilities and the parts it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from masthead.contract.ads import AdsPart
from masthead.contract.app import AppRule, Field
from masthead.contract.archive import ArchiveReader
from masthead.contract.capabilities import Capabilities, Source
from masthead.contract.foresight import Foresee
from masthead.contract.history import History, ReadingCalls
from masthead.contract.http import Http
from masthead.contract.inbox import InboxPart
from masthead.contract.operations import Operation
from masthead.contract.terms import Terms
from masthead.contract.usage import UsagePart
from masthead.contract.values import Account, Delivery, Found, Profile, Receipt, Refreshed


class Tested(StrEnum):
    """What a connector's tests run against."""

    SERVER = "server"
    DESCRIPTION = "description"
    RECORDINGS = "recordings"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Redirect:
    """Send the person to `url`; `keep` (secrets of the pending sign-in) comes back to `finish` unchanged. `state` is in the url,
    or in the request that was pushed before.
    """

    url: str
    state: str
    keep: Mapping[str, Any] = field(repr=False)


class FormSignIn(Protocol):
    """Sign-in by typing credentials (an app password, a bot token)."""

    fields: Sequence[Field]

    async def connect(self, http: Http, answers: Mapping[str, str]) -> Profile:
        """The profile behind the answers. Raises Refused(field=...) or NeedsReconnect with a remedy."""
        ...


class RedirectSignIn(Protocol):
    """Sign-in on the platform's own pages (OAuth)."""

    @property
    def fields(self) -> Sequence[Field]:
        """What is asked before the person is sent there."""
        ...

    async def start(
        self, http: Http, answers: Mapping[str, str], *, redirect_uri: str, client: OAuthClient
    ) -> Redirect:
        """Where to send the person."""
        ...

    async def finish(
        self, http: Http, keep: Mapping[str, Any], query: Mapping[str, str], *, redirect_uri: str, client: OAuthClient
    ) -> Profile | tuple[Profile, ...]:
        """The profile, from the query of the call back; several where the person must choose (pages, boards, locations).

        State was compared by the caller; issuer and denial are checked here.
        """
        ...


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """Who we are to an authorization server: our public address, product name and signing key (a private JWK)."""

    public_url: str
    name: str
    jwk: Mapping[str, Any] = field(repr=False)


class Connecting(Protocol):
    """The connect part of a connector; either way in may be None."""

    form: FormSignIn | None
    redirect: RedirectSignIn | None

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask who we are; the profile's secrets are the account's. Raises NeedsReconnect when the secrets are dead."""
        ...

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """New secrets; None where nothing needs refreshing. TryAgain never disconnects; NeedsReconnect does."""
        ...

    async def revoke(self, http: Http, account: Account) -> None:
        """Give the credentials back to the platform, as far as it offers that."""
        ...


class Publisher(Protocol):
    """The publish part: one segment at a time; generic code loops and saves each receipt before the next."""

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Publish segment `index` after those `before`. The idempotency key is `delivery.segment_key(index)`."""
        ...

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look segment `index` up on the platform without creating anything."""
        ...

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """Ask again about a receipt that was still processing."""
        ...

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete on the platform; no error if it is gone already."""
        ...

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Change a published segment's text in place. Raises Unsupported where capabilities say edit=False."""
        ...


@dataclass(frozen=True, slots=True)
class Platform:
    """A connector's promise. A part that is missing is None; `insights` comes with its domain.

    `about` is a sentence for people who choose; `notes` are sentences for the page of platforms. `app`: the developer app
    a sign-in needs. `api_version`: the dated version it speaks, "" where the API has none. `tested`: what its tests run
    against, best first. `terms`: what may be done with data obtained there.
    `foresee`: the calls that publishing will make; None where nothing has a price. `usage`: the platform's own count of them.
    `reading`: the calls of the history part, where they have a price. `archive` reads the platform's own export of an account.
    `ads`: its channels are ad accounts.
    """

    key: str
    name: str
    capabilities: Capabilities
    connecting: Connecting
    publisher: Publisher
    operations: Mapping[str, Operation]
    terms: Terms
    home: Source
    many_servers: bool = False
    max_request_seconds: float = 60.0
    look_up_after_seconds: float = 5.0
    about: str = ""
    notes: tuple[str, ...] = ()
    app: AppRule | None = None
    api_version: str = ""
    history: History | None = None
    reading: ReadingCalls | None = None
    inbox: InboxPart | None = None
    foresee: Foresee | None = None
    usage: UsagePart | None = None
    archive: ArchiveReader | None = None
    ads: AdsPart | None = None
    tested: tuple[Tested, ...] = (Tested.CONTRACT,)


__all__ = [
    "AdsPart",
    "AppRule",
    "ArchiveReader",
    "Connecting",
    "Field",
    "FormSignIn",
    "History",
    "InboxPart",
    "OAuthClient",
    "Platform",
    "Publisher",
    "ReadingCalls",
    "Redirect",
    "RedirectSignIn",
    "Tested",
    "UsagePart",
]
