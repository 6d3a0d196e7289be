"""Two publications of one channel with the same text: each takes a post of its own, however looks and sends fall together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from masthead.channels.queries import account
from masthead.connectors.mastodon.tests.harness import MastodonHarness
from masthead.posts.models import Attempt, Lane, Publication
from masthead.posts.states import State
from masthead.posts.tests.scene import Crew, channel_of, people, post_on

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
TEXT = "Open today"


class Slow:
    """A publisher whose platform does its work at once and answers late, by `find` and `publish` seconds."""

    def __init__(self, real: Any, *, find: float = 0.0, publish: float = 0.0) -> None:
        self.real, self.late = real, {"find": find, "publish": publish}

    def __getattr__(self, name: str) -> Any:
        async def act(*given: Any) -> Any:
            answer = await getattr(self.real, name)(*given)
            await asyncio.sleep(self.late.get(name, 0.0))
            return answer

        return act


@pytest.fixture(scope="module")
def harness() -> Iterator[MastodonHarness]:
    """A platform that is searched by text, so that twins look alike."""
    made = MastodonHarness()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def scene(harness: MastodonHarness, dsn: str) -> tuple[Any, Crew]:
    """A connected channel, and a crew to send."""
    harness.reset()
    workspace, _owner = people()
    return channel_of(workspace, asyncio.run(harness.account()), harness.platform.key), Crew(dsn, harness.platform)


def unconfirmed(row: Publication, after: float) -> Publication:
    """The row as after a lost answer, to be looked up in `after` seconds."""
    now = datetime.now(UTC)
    Publication.objects.filter(pk=row.pk).update(
        state=State.UNCONFIRMED, attempts=1, receipts=[], published_at=None, check_at=now + timedelta(seconds=after)
    )
    Attempt.objects.filter(publication=row).delete()
    Attempt.objects.create(
        publication=row, number=1, worker="dead", started_at=now - timedelta(seconds=60), lease_until=now, ended_at=now
    )
    return row


def each_has_its_own(harness: MastodonHarness, channel: Any, rows: list[Publication]) -> None:
    channel.refresh_from_db()
    stored = asyncio.run(harness.posts(account(channel)))
    for row in rows:
        row.refresh_from_db()
        assert row.state == State.PUBLISHED, (row.state, row.why)
    assert sorted(row.receipts[0]["remote_id"] for row in rows) == sorted(one.remote_id for one in stored)
    assert [one.text for one in stored] == [TEXT] * len(rows)


def slow(crew: Crew, **late: float) -> None:
    crew.platform = replace(crew.platform, publisher=Slow(crew.platform.publisher, **late))


def test_two_workers_never_look_on_one_channel_at_the_same_time(harness: MastodonHarness, scene: Any) -> None:
    """One of two twins arrived. Looked up at the same time, both would take it and the other would be lost."""
    channel, crew = scene
    first = post_on(channel, TEXT)
    crew.work()
    second = post_on(channel, TEXT)
    unconfirmed(first, 0.3), unconfirmed(second, 0.5)
    slow(crew, find=0.5)
    crew.work(workers=2)
    each_has_its_own(harness, channel, [first, second])


def test_nothing_is_sent_on_a_channel_while_it_is_looked_at(harness: MastodonHarness, scene: Any) -> None:
    """The twin that is on its way would be taken for the one that never arrived."""
    channel, crew = scene
    lost, sent = unconfirmed(post_on(channel, TEXT), 0.4), post_on(channel, TEXT)
    slow(crew, publish=1.2)
    crew.lease = 4.0
    crew.work()
    each_has_its_own(harness, channel, [lost, sent])


def test_a_busy_channel_makes_room_for_its_look(harness: MastodonHarness, scene: Any) -> None:
    """A look that is due does not wait until everything else was sent."""
    channel, crew = scene
    lost = unconfirmed(post_on(channel, TEXT), 0.2)
    rest = [post_on(channel, TEXT) for _ in range(30)]
    slow(crew, publish=0.05)
    crew.work(limit=40)
    each_has_its_own(harness, channel, [lost, *rest])
    seen = lost.moves.filter(source=State.UNCONFIRMED).earliest("at").at
    assert Publication.objects.filter(published_at__gt=seen).count() > 15


def test_a_look_of_a_dead_worker_frees_the_channel_when_its_lease_runs_out(scene: Any) -> None:
    channel, crew = scene
    Lane.objects.update(holder="dead:looks", held_until=datetime.now(UTC) + timedelta(seconds=1))
    row = unconfirmed(post_on(channel, TEXT), 0.0)
    crew.work()
    row.refresh_from_db()
    assert row.state == State.PUBLISHED and Lane.objects.get().holder == ""
