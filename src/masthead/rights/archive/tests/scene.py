"""A stage for tests of the archive: a workspace with a channel, and things on all three shelves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from masthead.channels.models import Channel
from masthead.posts.models import PastPost, Publication
from masthead.posts.states import State
from masthead.posts.tests.scene import past_post, post_on
from masthead.rights.models import Record
from masthead.workspaces.models import Workspace

DAY = datetime(2026, 3, 10, 8, tzinfo=UTC)


def channel_in(workspace: Workspace, handle: str = "@a") -> Channel:
    """A channel on the sandbox."""
    kept = {"workspace": workspace, "platform": "sandbox", "server": "http://127.0.0.1:1"}
    return Channel.objects.create(**kept, remote_id=handle, handle=handle, name=f"Channel {handle}")


def brought(workspace: Workspace, text: str, days: float = 0, **changes: Any) -> Record:
    """A record out of an archive, `days` before DAY."""
    known = {"platform": "sandbox", "account": "@a", "kind": "own_post", "author": "@a", "remote_id": text}
    at = {"posted_at": DAY - timedelta(days=days), "obtained_at": DAY + timedelta(days=30)}
    return Record.objects.create(workspace=workspace, text=text, **(known | at | changes))


def read(channel: Channel, text: str, days: float = 0, **changes: Any) -> PastPost:
    """A post read from the platform, `days` before DAY."""
    return past_post(channel, text, **({"remote_id": text, "posted_at": DAY - timedelta(days=days)} | changes))


def sent(channel: Channel, *texts: str, days: float = 0, **changes: Any) -> Publication:
    """A publication that went out, `days` before DAY, with the texts as remote ids."""
    at = DAY - timedelta(days=days)
    receipts = [{"remote_id": one, "url": f"https://example.org/{one}"} for one in texts]
    made = {"state": State.PUBLISHED, "publish_at": at, "published_at": at, "receipts": receipts}
    return post_on(channel, *texts, **(made | changes))
