"""Past posts of the family: what the insights tell, and the pictures and videos of a post."""

from __future__ import annotations

from collections.abc import Iterable

from masthead.connectors.meta import wire
from masthead.connectors.meta.errors import Forbidden
from masthead.connectors.meta.graph import Way, call
from masthead.contract.errors import Gone, Refused
from masthead.contract.history import PastMedia
from masthead.contract.http import Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account


async def insights(
    http: Http, way: Way, operation: Operation, account: Account, post: str, metrics: str
) -> dict[str, float]:
    """The insights of a post; nothing where there are none (too few viewers, a metric that was taken away). Gone where it is."""
    try:
        answer = await call(http, way, operation, account, path={"id": post}, sent={"metric": metrics})
    except Gone:
        raise
    except (Refused, Forbidden):
        return {}
    return wire.numbers(wire.read(wire.Insights, answer.body))


def media(parts: Iterable[wire.Child]) -> tuple[PastMedia, ...]:
    """The pictures and videos of a post."""
    return tuple(
        PastMedia(
            "video" if one.media_type == "VIDEO" else "image",
            one.media_url,
            one.thumbnail_url or one.media_url,
            one.alt_text or "",
        )
        for one in parts
    )
