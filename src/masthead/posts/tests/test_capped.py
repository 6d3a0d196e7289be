"""Publishing under caps: the whole delivery or nothing, never half a thread; what waits says why, and goes on once it may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync

from masthead.channels.calling import calling
from masthead.channels.models import Channel, Credential
from masthead.channels.secrets import bound
from masthead.connectors import PLATFORMS
from masthead.connectors.tests.kit import Remembering
from masthead.contract.calls import Purpose
from masthead.contract.errors import OverBudget
from masthead.contract.testing import Member, SandboxServer
from masthead.kit.clock import now
from masthead.metering.caps.limit import Limit, add, change, remove
from masthead.metering.meter import BatchedMeter
from masthead.metering.models import CapWindow, Hold
from masthead.notifications.models import Notification
from masthead.posts.history import turn as turns
from masthead.posts.models import HistoryImport, Lane, Publication
from masthead.posts.schedule import ensure_lane
from masthead.posts.states import State
from masthead.posts.telling import tell_outcomes
from masthead.posts.tests.scene import Crew, people, post_on

pytestmark = pytest.mark.django_db(transaction=True)
SANDBOX = PLATFORMS["sandbox"]
CENT = 10_000


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


@pytest.fixture
def channel(dsn: str, server: SandboxServer) -> Channel:
    workspace, _owner = people()
    member = Member(f"c{now().timestamp()}".replace(".", ""), "Member")
    made = Channel.objects.create(
        workspace=workspace, platform="sandbox", server=server.url, remote_id=member.handle, handle=member.handle
    )
    Credential.objects.create(channel=made, secrets=bound(made.pk, {"token": server.network.add(member)}))
    ensure_lane(made)
    return made


@pytest.fixture
def crew(dsn: str) -> Crew:
    return Crew(dsn, SANDBOX, meter=Remembering(), capped=True)


def calls(crew: Crew) -> list[str]:
    assert isinstance(crew.meter, Remembering)
    return [one.operation for one in crew.meter.calls]


def tried(row: Publication) -> bool:
    row.refresh_from_db()
    return row.state == State.SCHEDULED and row.attempts > 0


def test_a_thread_that_costs_too_much_does_not_begin(channel: Channel, crew: Crew) -> None:
    cap = add(channel.workspace, Limit(micros=3 * CENT, currency="USD"), now=now())
    row = post_on(channel, "One", "Two", "Three", "Four")
    crew.work(lambda: tried(row))
    assert calls(crew) == []
    assert (row.reason, row.receipts) == ("over_budget", []) and crew.told == {row.pk: "over_budget"}
    assert "USD 0.03 a month" in row.why and "Costs page" in row.remedy
    window = CapWindow.objects.get(cap=cap)
    assert (window.held, window.spent) == (0, 0) and window.denied_at
    assert Lane.objects.get(channel=channel).paused_until > now() + timedelta(minutes=10)


def test_what_waits_goes_on_once_the_cap_is_raised(channel: Channel, crew: Crew) -> None:
    cap = add(channel.workspace, Limit(micros=3 * CENT, currency="USD"), now=now())
    row = post_on(channel, "One", "Two", "Three", "Four")
    crew.work(lambda: tried(row))
    change(cap, 4 * CENT, hard=True, now=now())
    crew.work()
    row.refresh_from_db()
    window = CapWindow.objects.get(cap=cap)
    assert row.state == State.PUBLISHED and len(row.receipts) == 4
    assert (window.spent, window.held) == (4 * CENT, 0) and not Hold.objects.exists()
    assert [one.settled for one in crew.meter.calls] == [CENT] * 4  # type: ignore[attr-defined]


def test_an_advance_gives_back_what_was_not_needed(channel: Channel, crew: Crew) -> None:
    """A link in a later segment is foreseen at the price of the first, whose place it has while nothing is out."""
    cap = add(channel.workspace, Limit(micros=50 * CENT, currency="USD"), now=now())
    post_on(channel, "One https://example.org/1", "Two")
    crew.work()
    window = CapWindow.objects.get(cap=cap)
    assert (window.spent, window.held) == (16 * CENT, 0)


def test_without_a_cap_nothing_is_held_and_nothing_settled(channel: Channel, crew: Crew) -> None:
    post_on(channel, "One")
    crew.work()
    assert [one.settled for one in crew.meter.calls] == [0]  # type: ignore[attr-defined]
    assert not Hold.objects.exists()


def test_a_soft_cap_lets_posts_go(channel: Channel, crew: Crew) -> None:
    add(channel.workspace, Limit(micros=0, currency="USD", hard=False), now=now())
    row = post_on(channel, "One")
    crew.work()
    row.refresh_from_db()
    assert row.state == State.PUBLISHED


def test_the_author_is_told_once_while_it_waits(channel: Channel, crew: Crew) -> None:
    add(channel.workspace, Limit(micros=0, currency="USD"), now=now())
    row = post_on(channel, "One")
    crew.work(lambda: tried(row))
    for attempts in (1, 2):
        Publication.objects.update(attempts=attempts)
        tell_outcomes({row.pk: "over_budget"})
    told = Notification.objects.get(kind="over_budget")
    assert "Costs page" in told.body and told.link.endswith(f"/publications/{row.pk}/")
    Publication.objects.update(reason="")
    Notification.objects.all().delete()
    tell_outcomes({row.pk: "over_budget"})
    assert not Notification.objects.exists()


def test_reading_waits_and_keeps_its_place(channel: Channel) -> None:
    turns.begin(channel, now=now())
    taken = turns.take(channel.pk, now=now())
    assert taken is not None
    HistoryImport.objects.update(cursor="page 7")
    turns.put_off(taken, OverBudget("A cap does not allow it: x.", remedy="Raise it.", after=3600), now=now())
    row = HistoryImport.objects.get()
    assert row.cursor == "page 7" and row.why == "A cap does not allow it: x. Raise it."
    assert timedelta(minutes=59) < row.next_at - now() < timedelta(minutes=61)
    cap = add(channel.workspace, Limit(micros=0, currency="USD"), now=now())
    row.refresh_from_db()
    assert row.next_at <= now()
    remove(cap)
    assert not CapWindow.objects.exists()


def test_pages_are_under_the_caps_too(channel: Channel) -> None:
    cap = add(channel.workspace, Limit(micros=0, currency="USD"), now=now())

    async def create() -> None:
        async with calling(channel, Purpose.PUBLISH) as http:
            await http.call(SANDBOX.operations["create"], channel.server, json={"text": "x"})

    with pytest.raises(OverBudget):
        async_to_sync(create)()
    assert CapWindow.objects.get(cap=cap).denied_at


def test_what_was_settled_and_what_the_ledger_says_agree(channel: Channel, dsn: str) -> None:
    cap = add(channel.workspace, Limit(micros=50 * CENT, currency="USD"), now=now())
    crew = Crew(dsn, SANDBOX, meter=BatchedMeter(), capped=True)
    post_on(channel, "One", "Two")
    crew.work()
    assert CapWindow.objects.get(cap=cap).spent == 2 * CENT
    assert crew.meter.flush_sync() > 0  # type: ignore[attr-defined]
    assert CapWindow.objects.get(cap=cap).spent == 2 * CENT
