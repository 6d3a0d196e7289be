"""What is scheduled has a price already: told to metering, which keeps money for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from masthead.connectors import PLATFORMS
from masthead.contract.calls import Purpose, charged_to
from masthead.kit.money import Money
from masthead.metering.commitments import Commitment, committing
from masthead.posts.models import Publication
from masthead.posts.pricing import cost_of
from masthead.posts.problems import assets_of
from masthead.posts.states import State

WAITING = (State.SCHEDULED, State.PUBLISHING)


@committing
def commitments(workspace_id: int, since: datetime, until: datetime) -> Iterator[Commitment]:
    """The charges of every publication that waits for its time; of a thread under way, only the parts that are not out yet."""
    charged = [key for key, platform in PLATFORMS.items() if platform.foresee]
    rows = list(
        Publication.objects.filter(
            workspace_id=workspace_id,
            state__in=WAITING,
            publish_at__gte=since,
            publish_at__lt=until,
            channel__platform__in=charged,
        ).select_related("channel")
    )
    assets = assets_of(workspace_id, [part for row in rows for part in row.content["segments"]])
    for row in rows:
        costs = cost_of(row.channel, row.content["segments"][len(row.receipts) :], assets, row.publish_at)
        for one in costs.charges if costs else ():
            yield Commitment(
                platform=row.channel.platform,
                channel_id=row.channel_id,
                at=row.publish_at,
                price_key=one.price_key,
                units=one.units,
                micros=one.amount.micros,
                currency=one.amount.currency,
                what=Purpose.PUBLISH,
                app=charged_to(row.channel.limits)["app"],
            )


def together(workspace_id: int, since: datetime, until: datetime) -> list[Money]:
    """The sum of a workspace's commitments, one for each currency."""
    sums: Counter[str] = Counter()
    for one in commitments(workspace_id, since, until):
        sums[one.currency] += one.micros
    return [Money(micros, currency) for currency, micros in sums.items()]
