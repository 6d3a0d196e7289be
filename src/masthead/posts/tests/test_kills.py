"""A real worker process is killed with -9 at each moment of sending; the next worker settles what it left behind."""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from masthead.channels.queries import account
from masthead.connectors.tests.harness import Trouble
from masthead.contract.testing import Fault
from masthead.posts.models import Publication
from masthead.posts.states import State
from masthead.posts.tests.hand import hand
from masthead.posts.tests.scene import Crew, channel_of, people, post_on

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
VANISHED = "The worker that was sending it stopped before it could write down the answer."
SENT, LOOKED_UP = ["publishing"], ["publishing", "unconfirmed"]


@pytest.fixture(scope="module", params=["mastodon", "sandbox"])
def harness(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A platform that is searched by text, and one that is asked by key."""
    made = importlib.import_module(f"masthead.connectors.{request.param}.tests.harness").HARNESS()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def scene(harness: Any, dsn: str) -> tuple[Any, Any, Crew]:
    """The harness, a connected channel, and the crew that comes after."""
    harness.reset()
    workspace, _owner = people()
    channel = channel_of(workspace, asyncio.run(harness.account()), harness.platform.key)
    return harness, channel, Crew(dsn, harness.platform)


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, list(Publication.objects.values("state", "why"))
        time.sleep(0.02)


def on_platform(harness: Any, channel: Any) -> list[str]:
    channel.refresh_from_db()
    return [one.text for one in asyncio.run(harness.posts(account(channel)))]


def waiting_troubles(harness: Any) -> int:
    """Troubles that no request has met yet."""
    return len(harness.double.faults.waiting if hasattr(harness, "double") else harness.network.knobs.turned)


def settled(crew: Crew, row: Publication) -> list[str]:
    """Another worker goes on; the states the row went through after its first claim."""
    row.refresh_from_db()
    assert row.state == State.PUBLISHING and row.attempts == 1, "the dead worker left it so"
    crew.work(limit=30)
    row.refresh_from_db()
    assert row.state == State.PUBLISHED and row.remote_url and not crew.told, (row.state, row.reason, row.why)
    assert row.moves.get(target=State.UNCONFIRMED).why == VANISHED
    assert [one.outcome for one in row.tries.all()][1:] == ["published"][: row.attempts - 1]
    return list(row.moves.values_list("target", flat=True))


def test_killed_before_the_request(scene: Any) -> None:
    harness, channel, crew = scene
    row = post_on(channel, "Before")
    with hand(crew, "before", 0) as process:
        assert process.halted()
    assert on_platform(harness, channel) == []
    assert settled(crew, row) == [*LOOKED_UP, "scheduled", *SENT, "published"]
    assert on_platform(harness, channel) == ["Before"]
    assert row.moves.get(target=State.SCHEDULED).why.startswith("It is certainly not there: ")


def test_killed_during_the_request_which_the_platform_then_carries_out(scene: Any) -> None:
    """The platform holds the request while the worker dies, and stores the post afterwards."""
    harness, channel, crew = scene
    row = post_on(channel, "During")
    harness.trouble(Trouble.HELD)
    with hand(crew) as process:
        wait_for(lambda: not waiting_troubles(harness))
        process.kill()
        assert on_platform(harness, channel) == []
    assert settled(crew, row) == [*LOOKED_UP, "published"]
    assert on_platform(harness, channel) == ["During"] and Publication.objects.get().why


def test_killed_after_the_post_was_stored_and_before_the_answer(scene: Any) -> None:
    harness, channel, crew = scene
    row = post_on(channel, "Stored")
    harness.trouble(Trouble.HANG_AFTER)
    with hand(crew):
        wait_for(lambda: on_platform(harness, channel) == ["Stored"])
    assert settled(crew, row) == [*LOOKED_UP, "published"]
    assert on_platform(harness, channel) == ["Stored"] and Publication.objects.get().why


@pytest.mark.parametrize(
    ("halt", "saved"),
    [(("after", 0), 0), (("before", 1), 1), (("after", 1), 1)],
    ids=["after-0", "before-1", "after-1"],
)
def test_killed_between_two_segments(scene: Any, halt: tuple[str, int], saved: int) -> None:
    """Acknowledged but not saved, saved and nothing more sent, and the same one segment later."""
    harness, channel, crew = scene
    row, texts = post_on(channel, "One", "Two", "Three"), ["One", "Two", "Three"]
    with hand(crew, *halt) as process:
        assert process.halted()
    row.refresh_from_db()
    assert len(row.receipts) == saved
    assert settled(crew, row) == [*LOOKED_UP, "scheduled", *SENT, "published"]
    assert sorted(on_platform(harness, channel)) == sorted(texts)
    row.refresh_from_db()
    assert len({one["remote_id"] for one in row.receipts}) == 3


def test_killed_again_and_again_under_load(scene: Any) -> None:
    """Two workers, each killed in the middle of its work, and a third that is left alone."""
    harness, channel, crew = scene
    others = [channel_of(channel.workspace, asyncio.run(harness.account()), channel.platform) for _ in range(3)]
    rows = [post_on(one, f"{number}") for one in (channel, *others) for number in range(15)]
    for least in (3, 13):
        with hand(crew):
            wait_for(lambda least=least: Publication.objects.filter(state=State.PUBLISHED).count() >= least)
    assert Publication.objects.exclude(state=State.PUBLISHED).exists()
    crew.work(limit=60)
    assert {one.state for one in Publication.objects.all()} == {State.PUBLISHED} and len(rows) == 60
    for one in (channel, *others):
        assert sorted(on_platform(harness, one), key=int) == [str(number) for number in range(15)]


def test_what_the_platform_still_works_on_ends_published(scene: Any) -> None:
    """Accepted and in processing: the platform is asked until it is done."""
    harness, channel, crew = scene
    if not hasattr(harness, "network"):
        pytest.skip("this double never keeps a post in processing")
    row = post_on(channel, "Slow bake")
    harness.network.turn(Fault.SLOW, seconds=1.0)
    crew.work()
    assert list(row.moves.values_list("target", flat=True)) == ["publishing", "processing", "published"]
    assert on_platform(harness, channel) == ["Slow bake"]
