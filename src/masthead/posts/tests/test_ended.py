"""After the date of an end nothing is sent, looked up or read; what was scheduled is neither sent nor lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from masthead.channels.close import settle
from masthead.channels.models import Sunset
from masthead.channels.sunset import announce, withdraw
from masthead.connectors.sandbox import SANDBOX
from masthead.connectors.tests.kit import stand_in  # noqa: F401 (loads the stand-ins that the crew attaches)
from masthead.contract.testing import Member, SandboxServer
from masthead.contract.values import Account
from masthead.kit.clock import given, now
from masthead.posts import amend, schedule
from masthead.posts.compose import Invalid
from masthead.posts.history import turn
from masthead.posts.history.read import read_history
from masthead.posts.models import HistoryImport, Move, Publication
from masthead.posts.states import State
from masthead.posts.sunset.hold import held, hold_all, restore
from masthead.posts.tests.scene import Crew, channel_of, people, post_on

DAY = timedelta(days=1)


@pytest.fixture
def stage(dsn: str):
    """A workspace with a channel on a sandbox that counts calls."""
    with SandboxServer() as server:
        token = server.network.add(Member("ann", "Ann"))
        workspace, owner = people()
        account = Account(0, 0, server.url, "ann", "@ann", secrets={"token": token})
        yield Crew(dsn, SANDBOX), channel_of(workspace, account, "sandbox"), owner, server.network


def ends(channel: Any, owner: Any, at: datetime) -> Sunset:
    fields = {"platform": "sandbox", "scope": "platform", "ends_at": at}
    return announce(channel.workspace, owner, now=now(), **fields)


def states() -> list[str]:
    return list(Publication.objects.order_by("id").values_list("state", flat=True))


def test_what_is_due_goes_out_until_the_end_and_not_after(stage):
    crew, channel, owner, network = stage
    ends(channel, owner, datetime.now(UTC) + DAY)
    post_on(channel, "Before the end")
    crew.work()
    assert states() == [State.PUBLISHED]
    Sunset.objects.update(ends_at=datetime.now(UTC) - timedelta(seconds=1))
    post_on(channel, "After the end")
    calls = network.calls
    crew.work(lambda: False, limit=1.5)  # the channel is not marked yet: the claim itself looks
    assert states() == [State.PUBLISHED, State.SCHEDULED]
    assert network.calls == calls
    assert not Publication.objects.get(state=State.SCHEDULED).tries.exists()


def test_what_was_claimed_just_before_the_end_is_not_sent_after_it(stage):
    crew, channel, owner, network = stage
    ends(channel, owner, datetime.now(UTC) + DAY)
    row, calls = post_on(channel, "Claimed in time"), network.calls
    with given(datetime.now(UTC) + 2 * DAY):  # this process's clock is past the end, the database's is not
        crew.work(lambda: row.tries.exclude(outcome="").exists(), limit=10)
    row.refresh_from_db()
    assert (row.state, row.reason) == (State.SCHEDULED, "ended")
    assert network.calls == calls


@pytest.mark.parametrize("state", [State.UNCONFIRMED, State.PROCESSING])
def test_what_cannot_be_asked_any_more_is_a_persons_to_say(stage, state):
    crew, channel, owner, network = stage
    at = datetime.now(UTC)
    receipts = [{"remote_id": "1", "url": "", "processing": True, "raw": {}}] if state == State.PROCESSING else []
    row = post_on(channel, state=state, check_at=at, attempts=1, receipts=receipts)
    row.tries.create(number=1, worker="w", started_at=at, lease_until=at)
    ends(channel, owner, at - DAY)
    calls = network.calls
    crew.work(limit=10)
    row.refresh_from_db()
    assert (row.state, row.check_at) == (State.UNCONFIRMED, None)
    assert crew.told == {row.pk: State.UNCONFIRMED}
    assert network.calls == calls
    with pytest.raises(Invalid, match="ends on"):
        amend.say_it_is_not_there(row, again=True, now=now(), actor="ann")


def test_nothing_is_read_after_the_end(stage):
    _crew, channel, owner, network = stage
    turn.begin(channel, now=now())
    sunset = ends(channel, owner, datetime.now(UTC) + DAY)
    async_to_sync(read_history)(channel.pk)
    assert (calls := network.calls) > 0
    HistoryImport.objects.update(next_at=now(), looked_at=None)
    with given(sunset.ends_at):
        async_to_sync(read_history)(channel.pk)  # in the minute before the channel is marked
        assert network.calls == calls
        settle(channel.workspace, now())
        assert turn.due(now() + DAY) == []
        assert turn.take(channel.pk, now=now() + DAY) is None


def test_a_schedule_after_the_end_is_refused_with_a_remedy(stage):
    _crew, channel, owner, _network = stage
    row = post_on(channel, publish_at=now() + DAY)
    ends(channel, owner, now() + 2 * DAY)
    post = row.post
    schedule.cancel(row, now=now(), actor="ann")
    with pytest.raises(Invalid, match="ends on") as refused:
        schedule.schedule(post, now() + 3 * DAY, now=now(), actor="ann")
    assert refused.value.field == "publish_at"
    assert "another channel" in refused.value.remedy
    made = schedule.schedule(post, now() + DAY, now=now(), actor="ann")[0]
    with pytest.raises(Invalid, match="ends on"):
        schedule.move(made, now() + 3 * DAY, now=now(), actor="ann")
    made.refresh_from_db()
    assert made.publish_at < now() + 2 * DAY
    with pytest.raises(Invalid, match="ends on"):
        schedule.again(row, now() + 3 * DAY, now=now(), actor="ann")


def test_what_was_scheduled_is_put_aside_and_comes_back_when_the_end_is_withdrawn(stage):
    _crew, channel, owner, _network = stage
    row, late = post_on(channel, publish_at=now() + 3 * DAY), post_on(channel, publish_at=now() + DAY / 2)
    sunset = ends(channel, owner, now() + DAY)
    assert hold_all(now()) == 0
    Sunset.objects.update(ends_at=now())
    settle(channel.workspace, now())
    assert (hold_all(now()), hold_all(now())) == (2, 0)
    assert states() == [State.CANCELLED] * 2
    assert [one.pk for one in held([channel])] == [late.pk, row.pk]
    assert "Sunset page" in held([channel])[0].remedy
    assert Move.objects.filter(publication=row, target=State.CANCELLED, actor="worker").exists()
    channel.refresh_from_db()
    assert restore([channel], now=now(), actor="ann") == 0  # it is still over
    withdraw(sunset, channel.workspace, owner, now=now())
    channel.refresh_from_db()
    assert restore([channel], now=now() + DAY, actor="ann") == 1
    assert states() == [State.SCHEDULED, State.CANCELLED]  # what is late by now waits for a person
    row.refresh_from_db()
    assert (row.reason, row.remedy) == ("", "")
