"""Errors of a platform call, named by who must act."""

from __future__ import annotations

from typing import ClassVar


class ConnectorError(Exception):
    """A platform call did not succeed.

    `code` is a stable word for tables and metrics; `message` is for people and holds no secret;
    `remedy` says what the person can do; `field` names the part of the post at fault, if any.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, remedy: str = "", field: str = "", status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.field = field
        self.status = status


class TryAgain(ConnectorError):
    """Nobody must act: certainly nothing was created; try again after `after` seconds.

    `whole_channel` (a 429 or Retry-After) postpones everything on the channel; `scope="app"` everything of the app.
    """

    code = "try_again"

    def __init__(
        self,
        message: str,
        *,
        after: float = 30.0,
        whole_channel: bool = False,
        scope: str = "account",
        remedy: str = "",
        status: int | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy, status=status)
        self.after = after
        self.whole_channel = whole_channel
        self.scope = scope


class NeedsReconnect(ConnectorError):
    """The channel's owner must act: the platform no longer accepts the stored credentials. Nothing was created."""

    code = "needs_reconnect"


class TokenExpired(NeedsReconnect):
    """The access token ran out; a refresh may help before the owner is asked. Nothing was created."""

    code = "token_expired"


class Refused(ConnectorError):
    """The author must act: the platform refused the content. Nothing was created."""

    code = "refused"


class Gone(Refused):
    """What was asked for is not there (any more), or not for us."""


class Unsupported(ConnectorError):
    """We must act: the platform or this account does not offer what was asked. Nothing was created."""

    code = "unsupported"


class OutcomeUnknown(ConnectorError):
    """The look-up must act: the request may or may not have created something. It must not be sent again blindly."""

    code = "outcome_unknown"


class OverBudget(ConnectorError):
    """The workspace must act: a cap forbids the call. Nothing was sent; `after` so many seconds the cap begins anew."""

    code = "over_budget"

    def __init__(self, message: str, *, remedy: str = "", after: float = 900.0, status: int | None = None) -> None:
        super().__init__(message, remedy=remedy, status=status)
        self.after = after


class GoneForGood(ConnectorError):
    """The platform says that it, the account or the developer app is no more. Nothing was created.

    Heard again and again, it makes Masthead propose to end the channel.
    """

    code = "gone"


class Ended(ConnectorError):
    """Nobody can act any more: what was to be called has been ended. Nothing was sent."""

    code = "ended"
