"""The usage part of a connector: what the platform itself says that a developer app used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from masthead.contract.http import Http


@dataclass(frozen=True, slots=True)
class ToldUsage:
    """Units by UTC day, as the platform counts them. `limit` is what the plan allows in its month; None where it was not told."""

    days: Mapping[date, int]
    limit: int | None = None


class UsagePart(Protocol):
    """The usage part. `counts` are the price keys of what the platform counts, so that our own count can stand beside it."""

    @property
    def counts(self) -> tuple[str, ...]:
        """Price keys of the catalogue."""
        ...

    async def days(self, http: Http, app: Mapping[str, str], days: int) -> ToldUsage | None:
        """The last `days` days. `app` are the developer app's fields; None where they do not allow asking. TryAgain, NeedsReconnect."""
        ...
