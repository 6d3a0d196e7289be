"""Names of channels: metering knows only their ids, so the domain that has them registers how to name them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Namer = Callable[[int], Mapping[int, str]]
NAMERS: list[Namer] = []


def names(namer: Namer) -> Namer:
    """Register a function from a workspace's id to the names of its channels by id (a decorator); twice counts once."""
    if namer not in NAMERS:
        NAMERS.append(namer)
    return namer


def channel_names(workspace_id: int) -> dict[int, str]:
    """The names of a workspace's channels by id, those no longer connected included."""
    return {pk: name for namer in NAMERS for pk, name in namer(workspace_id).items()}
