"""A stage for tests of delivery: a workspace, channels on a platform under test, publications, and workers in this process."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from asgiref.sync import sync_to_async

from masthead.channels.models import Channel, Credential
from masthead.channels.refresh import after_refusal
from masthead.channels.secrets import bound
from masthead.connectors import PLATFORMS
from masthead.connectors.tests.kit import stand_in
from masthead.contract.errors import ConnectorError
from masthead.contract.http import Meter, Transport, Unmetered
from masthead.contract.platform import Platform
from masthead.contract.values import Account
from masthead.kit.pool import connect
from masthead.media.attach import attachments
from masthead.metering.caps.till import Till, over
from masthead.posts import parcel
from masthead.posts.confirm import Confirmer
from masthead.posts.ledger import Ledger, worker_name
from masthead.posts.models import HistoryImport, PastPost, Post, Publication, Sample, Variant
from masthead.posts.publish import Publisher, Surroundings
from masthead.posts.schedule import ensure_lane, frozen, late_after
from masthead.posts.states import ENDED, Editorial, State
from masthead.workspaces.models import Member, User, Workspace
from masthead.workspaces.roles import Role

STAND_IN = {"asset": 0, "alt": "", "focus": None}
"""In the place of a stored file: where a platform takes nothing without one, the crew attaches a file of its own."""


def people(slug: str = "bakery") -> tuple[Workspace, User]:
    """A workspace and its owner."""
    user = User.objects.create_user(f"owner@{slug}.example", "a long pass phrase")
    workspace = Workspace.objects.create(name=slug.title(), slug=slug)
    Member.objects.create(workspace=workspace, user=user, role=Role.OWNER)
    return workspace, user


def channel_of(workspace: Workspace, account: Account, platform: str) -> Channel:
    """A connected channel for an account of the platform under test."""
    channel = Channel.objects.create(
        workspace=workspace,
        platform=platform,
        server=account.server,
        remote_id=account.remote_id,
        handle=account.handle,
        limits=dict(account.limits),
    )
    Credential.objects.create(channel=channel, secrets=bound(channel.pk, account.secrets))
    ensure_lane(channel)
    return channel


def post_on(channel: Channel, *texts: str, options: Mapping[str, Any] | None = None, **changes: Any) -> Publication:
    """An approved post with one scheduled publication, due now unless `changes` say otherwise."""
    files = [STAND_IN] if PLATFORMS[channel.platform].capabilities.media_required else []
    segments = [{"text": text, "attachments": files, "poll": None} for text in texts or ("Fresh bread at eight",)]
    post = Post.objects.create(
        workspace=channel.workspace,
        segments=segments,
        state=Editorial.APPROVED,
        language="en",
        author=channel.workspace.users.first(),
    )
    variant = Variant.objects.create(post=post, channel=channel, options=dict(options or {}))
    at = changes.pop("publish_at", datetime.now(UTC) - timedelta(seconds=1))
    row = {"publish_at": at, "not_before": at, "expires_at": at + late_after(post), "content": frozen(post, variant)}
    return Publication.objects.create(workspace=channel.workspace, post=post, channel=channel, **(row | changes))


def past_post(channel: Channel, text: str, **changes: Any) -> PastPost:
    """A past post of a channel, with one reading of its numbers, `metrics`."""
    at = changes.setdefault("posted_at", datetime.now(UTC) - timedelta(days=3))
    metrics = changes.setdefault("metrics", {"likes": 5.0})
    known = {"remote_id": uuid.uuid4().hex, "url": "https://example.org/1", "platform": channel.platform}
    read = {"operation": "list", "obtained_at": at, "read_at": at, "changed_at": at}
    made = PastPost.objects.create(workspace=channel.workspace, channel=channel, text=text, **(known | read | changes))
    Sample.objects.bulk_create(
        Sample(past_post=made, metric=name, native=name, value=value, observed_at=at) for name, value in metrics.items()
    )
    row, _made = HistoryImport.objects.get_or_create(
        channel=channel,
        defaults={"begun_at": at, "finished_at": at, "looked_at": at, "next_at": at, "held_until": at, "metrics": []},
    )
    row.metrics = sorted({*row.metrics, *metrics})
    row.save()
    return made


@dataclass
class Crew:
    """Workers in this process, without quotas. `told` is what people would have been told; `shift` moves their clocks, in seconds."""

    dsn: str
    platform: Platform
    lease: float = 2.0
    shift: float = 0.0
    told: dict[int, str] = field(default_factory=dict)
    meter: Meter = field(default_factory=Unmetered)
    capped: bool = False

    def __post_init__(self) -> None:
        self.platform = replace(self.platform, look_up_after_seconds=0.2, max_request_seconds=1.0)

    def around(self, transport: Transport) -> Surroundings:
        """The surroundings of a publisher; telling is noted, quotas and the pause of an app are left to their own tests."""
        rules = self.platform.capabilities

        async def attach(workspace: int, platform: str, limits: Mapping[str, Any], stored: Any) -> Any:
            if rules.media_required:
                return (stand_in(self.platform),)
            return await sync_to_async(attachments)(workspace, stored, rules.narrowed(limits).media)

        async def reconnect(channel: int, version: int, error: ConnectorError) -> None:
            await after_refusal(channel, version, error)

        async def told(states: Mapping[int, str]) -> None:
            self.told.update(states)

        async def reserve(lanes: Any) -> list[tuple[int, float]]:
            return [(count, 0.0) for _row, count in lanes]

        async def pause_app(row: Mapping[str, Any], seconds: float, why: str) -> None:
            return None

        return Surroundings(
            transport, self.meter, {self.platform.key: self.platform}, attach, reconnect, told, reserve, pause_app
        )

    def work(self, done: Any = None, *, limit: float = 20.0, workers: int = 1, patience: float = 0.0) -> None:
        """Let workers run until `done()` (default: nothing waits any more), at most `limit` seconds, then stop them."""
        asyncio.run(self._work(done or nothing_waits, limit, workers, patience))

    async def _work(self, done: Any, limit: float, workers: int, patience: float) -> None:
        parcel._secrets.cache_clear()
        pool = await connect(self.dsn, 6)
        async with Transport(allow_private=True) as transport:
            crew: list[Any] = []
            for number in range(workers):
                ledger = Ledger(
                    pool, worker_name(), shift=self.shift * number, lease=self.lease, waits={self.platform.key: 0.5}
                )
                around = self.around(transport)
                around.till = Till(over(pool)) if self.capped else None
                crew += [Publisher(ledger, around, idle=0.05), Confirmer(ledger, around, idle=0.05)]
            tasks = [asyncio.create_task(one.run()) for one in crew]
            await asyncio.sleep(patience)
            until = asyncio.get_running_loop().time() + limit
            while not await sync_to_async(done)() and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110 (it asks the database)
                await asyncio.sleep(0.05)
            for one in crew:
                one.stopping.set()
            await asyncio.wait(tasks, timeout=10)
        await pool.close()


def nothing_waits() -> bool:
    """True when every publication has ended or waits for a person."""
    waiting = Publication.objects.exclude(state__in=ENDED).exclude(state=State.UNCONFIRMED, check_at=None)
    return not waiting.exists()
