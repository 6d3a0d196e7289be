"""Every part that calls a platform says for whom and what for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from asgiref.sync import async_to_sync

from masthead.channels.calling import ask
from masthead.channels.check import check_now
from masthead.channels.models import Channel, Credential
from masthead.channels.refresh import refresh_now
from masthead.channels.secrets import bound
from masthead.connectors import PLATFORMS
from masthead.connectors.tests.kit import Remembering
from masthead.contract.testing import Member, SandboxServer
from masthead.contract.testing_past import add_past
from masthead.kit.clock import now
from masthead.metering.models import Call
from masthead.posts.amend import remove
from masthead.posts.history import turn
from masthead.posts.history.read import read_history
from masthead.posts.schedule import ensure_lane
from masthead.posts.tests.scene import Crew, people, post_on

pytestmark = pytest.mark.django_db(transaction=True)
APP = {"app": "an-app", "plan": "ppu", "own_app": True}
SANDBOX = PLATFORMS["sandbox"]


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


@pytest.fixture
def channel(dsn: str, server: SandboxServer) -> Channel:
    workspace, _owner = people()
    member = Member(f"m{Channel.objects.count()}{now().timestamp()}".replace(".", ""), "Member")
    token = server.network.add(member)
    add_past(server.network, member, 3)
    made = Channel.objects.create(
        workspace=workspace, platform="sandbox", server=server.url, remote_id=member.handle, handle=member.handle, limits=APP
    )  # fmt: skip
    Credential.objects.create(channel=made, secrets=bound(made.pk, {"token": token}))
    ensure_lane(made)
    return made


def written(channel: Channel) -> set[tuple[str, ...]]:
    """What the rows of calls say, but for the operation."""
    assert set(Call.objects.values_list("workspace_id", "channel_id")) == {(channel.workspace_id, channel.pk)}
    return set(Call.objects.values_list("purpose", "app", "plan", "conditions"))


def test_publishing_and_looking_up(channel: Channel, dsn: str) -> None:
    meter = Remembering()
    post_on(channel, "One", "Two")
    Crew(dsn, SANDBOX, meter=meter).work()
    assert len(meter.calls) >= 2
    assert {(one.purpose, one.app, one.plan, *one.conditions) for one in meter.calls} == {
        ("publish", "an-app", "ppu", "own_app")
    }


def test_removing_on_the_platform(channel: Channel, dsn: str) -> None:
    publication = post_on(channel, "One")
    Crew(dsn, SANDBOX).work()
    publication.refresh_from_db()
    remove(publication, now=now(), actor="test")
    assert written(channel) == {("publish", "an-app", "ppu", "own_app")}


def test_reading_past_posts(channel: Channel) -> None:
    turn.begin(channel, now=now())
    asyncio.run(read_history(channel.pk))
    assert written(channel) == {("read", "an-app", "ppu", "own_app")}


def test_checking_and_refreshing(channel: Channel) -> None:
    check_now(channel)
    Channel.objects.update(limits=APP)
    async_to_sync(refresh_now)(channel.pk, 1)
    ask(SANDBOX, channel.workspace_id, _nothing, channel_id=channel.pk, limits=APP)
    assert written(channel) == {("connect", "an-app", "ppu", "own_app")}


async def _nothing(http: object) -> None:
    return None
