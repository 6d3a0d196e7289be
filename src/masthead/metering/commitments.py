"""Money that will be spent because somebody decided so already. Higher domains tell it: metering knows no post.

@committing
def commitments(workspace_id, since, until): ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Commitment:
    """So many units of a price that will be called for at `at`. `what` is a word for the operation's kind, such as "publish"."""

    platform: str
    channel_id: int
    at: datetime
    price_key: str
    units: int
    micros: int
    currency: str
    what: str
    app: str = ""


Source = Callable[[int, datetime, datetime], Iterable[Commitment]]
SOURCES: list[Source] = []


def committing(source: Source) -> Source:
    """Register a domain's commitments (a decorator); registering twice counts once."""
    if source not in SOURCES:
        SOURCES.append(source)
    return source


def committed(workspace_id: int, since: datetime, until: datetime) -> list[Commitment]:
    """What a workspace has committed itself to from `since` to before `until`."""
    return [one for source in SOURCES for one in source(workspace_id, since, until)]
