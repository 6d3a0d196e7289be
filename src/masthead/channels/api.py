"""Programs' way to channels: reading."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from masthead.channels.models import Channel
from masthead.workspaces.api import READ

router = Router(tags=["channels"])


class ChannelOut(Schema):
    """A connected profile. `condition` is connected, needs_reconnect, read_only (it has ended) or disconnected."""

    id: int
    platform: str
    server: str
    handle: str
    name: str
    url: str
    condition: str
    limits: dict[str, Any]


@router.get("/channels", response=list[ChannelOut], auth=READ)
def channels(request: HttpRequest) -> list[Channel]:
    """All channels of the workspace."""
    return list(Channel.objects.filter(workspace=request.workspace))  # type: ignore[attr-defined]


@router.get("/channels/{channel_id}", response=ChannelOut, auth=READ)
def channel(request: HttpRequest, channel_id: int) -> Channel:
    """One channel."""
    found = Channel.objects.filter(workspace=request.workspace, pk=channel_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404("There is no such channel in this workspace.")
    return found
