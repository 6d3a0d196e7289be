"""Tells metering how channels are named."""

from __future__ import annotations

from masthead.channels.models import Channel
from masthead.metering.naming import names


@names
def channel_names(workspace_id: int) -> dict[int, str]:
    """The workspace's channels by id, disconnected ones included."""
    rows = Channel.objects.filter(workspace=workspace_id).values_list("pk", "name", "handle")
    return {pk: name or handle for pk, name, handle in rows}
