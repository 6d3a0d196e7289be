"""What a connector lends to the shared contract test (test_contract.py), so that one test runs over every connector.

Each connector has `tests/harness.py` with a class that fulfils `Harness`, exported as `HARNESS` (the class; it is made
without arguments). Its server is a contract double or the vendor's own server, and runs outside the test's event loop.
A harness whose server cannot show past posts says why in `no_history`, and those tests are skipped with that reason; the
same goes for `no_inbox`. A harness of a platform with an inbox fulfils `InboxHarness` too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from masthead.contract.inbox import Kind
from masthead.contract.platform import OAuthClient, Platform, Redirect
from masthead.contract.values import Account


class Trouble(StrEnum):
    """What the platform does to the next request that creates a post (after any uploads went well)."""

    FAIL_BEFORE = "fail_before"
    """Answers 500; nothing is stored. The connector cannot know that: OutcomeUnknown, then `find` says absent."""
    FAIL_AFTER = "fail_after"
    """Stores the post, then answers 500."""
    CLOSE_AFTER = "close_after"
    """Stores the post, then closes the connection without an answer."""
    CUT_SHORT = "cut_short"
    """Stores the post, then answers 200 with JSON that breaks off."""
    HANG_AFTER = "hang_after"
    """Stores the post, then says nothing more."""
    HELD = "held"
    """Holds the request for 1.5 seconds, then stores the post and answers, whether anybody still listens or not."""
    LIMITED = "limited"
    """Answers 429 with a wait of 120 seconds (Retry-After, or the platform's own header); nothing is stored."""
    TOKEN_EXPIRED = "token_expired"
    """Says that the access token ran out, once; nothing is stored; a refresh helps."""
    REFUSED = "refused"
    """Refuses the content (422 or the platform's own status); nothing is stored."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A post as it lies on the platform. `alts`: the alt texts of its media in order; `reply_to`: a remote id or ""."""

    remote_id: str
    text: str
    alts: tuple[str, ...] = ()
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Bad:
    """Answers to the connect form that must be refused, naming `field`."""

    what: str
    answers: Mapping[str, str]
    field: str


class Harness(Protocol):
    """A running platform to test against. `start` and `stop` are called once per module, `reset` before each test."""

    platform: Platform
    troubles: frozenset[Trouble]
    """Those that `trouble` can bring about; the tests of the others are skipped with that reason."""
    media_type: str
    """A MIME type of a small image the platform takes, "image/png" or "image/jpeg"; "" where it takes none."""
    options: Mapping[str, object]
    """Options every delivery needs; mostly empty.

    A harness may also say `keyed = False`: the platform honours no key, so the same request again makes a second post.
    """

    def start(self) -> None:
        """Start the server. Calls pytest.skip with a reason where a needed server is absent."""
        ...

    def stop(self) -> None:
        """Stop the server."""
        ...

    def reset(self) -> None:
        """Forget pending troubles. Stored posts may stay: `posts` is asked per account."""
        ...

    def good(self) -> Mapping[str, str] | None:
        """Answers to the connect form that work, for a fresh profile; None where there is no form sign-in."""
        ...

    def bad(self) -> Sequence[Bad]:
        """Answers that must be refused: at least a host that does not answer (if many servers) and a wrong secret."""
        ...

    def redirect_answers(self) -> Mapping[str, str] | None:
        """Answers for the redirect sign-in's own fields; None where the double has no sign-in page."""
        ...

    async def visit(self, redirect: Redirect, *, allow: bool) -> Mapping[str, str]:
        """Go to the redirect's address as a person who allows or denies; the query that comes back."""
        ...

    def client(self) -> OAuthClient:
        """Who we are to the authorization server, with a real test key."""
        ...

    async def account(self) -> Account:
        """A connected account of a fresh profile, with the limits its server tells."""
        ...

    async def dead_account(self) -> Account:
        """An account whose secrets were revoked on the platform: neither they nor a refresh with them work any more."""
        ...

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Do this to the next `times` requests that create a post."""
        ...

    async def posts(self, account: Account) -> Sequence[Stored]:
        """What lies on the platform for this account, oldest first."""
        ...

    def secrets(self, account: Account) -> Sequence[str]:
        """Strings that must never be seen in logs, errors or reprs: tokens, passwords, keys."""
        ...


class InboxHarness(Harness, Protocol):
    """What a platform with an inbox lends beside the rest."""

    async def receive(self, account: Account, kind: Kind, text: str, about: str = "") -> str:
        """Somebody else writes to the account; the message's remote id. `about`: for a comment, the post it answers."""
        ...

    async def told(self, account: Account, kind: Kind) -> Sequence[Stored]:
        """What the account sent, oldest first: in private for direct messages, else its posts."""
        ...
