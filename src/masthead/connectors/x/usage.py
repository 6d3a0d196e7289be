"""What X itself counts of the developer app: posts read, by day. It answers only the app's own bearer token, which people may enter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from masthead.connectors.x import wire
from masthead.connectors.x.errors import explaining
from masthead.connectors.x.operations import USAGE
from masthead.contract.http import Http
from masthead.contract.usage import ToldUsage

MOST_DAYS = 90
FIELDS = "daily_project_usage,project_cap"


@dataclass(frozen=True)
class XUsage:
    """The usage part. X counts by project, which holds the app; its id of the app is not the one that signs people in."""

    api: str
    counts: tuple[str, ...] = ("post.read", "post.read.owned")

    async def days(self, http: Http, app: Mapping[str, str], days: int) -> ToldUsage | None:
        """Posts read on each of the last days, at most 90; None without a bearer token."""
        token = app.get("bearer_token", "")
        if not token:
            return None
        answer = await http.call(
            USAGE,
            self.api,
            query={"days": str(min(max(days, 1), MOST_DAYS)), "usage.fields": FIELDS},
            headers={"Accept": "application/json", "Authorization": f"Bearer {token}"},
            explain=explaining(),
        )
        told = wire.data_of(wire.Usage, answer.body)
        found: Counter[date] = Counter()
        for one in told.daily_project_usage.usage:
            found[one.date.date()] += one.usage
        return ToldUsage(dict(found), told.project_cap)
