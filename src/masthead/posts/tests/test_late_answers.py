"""A worker that froze beyond its lease wakes with an answer: what it says is kept, but never a post that another row holds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from masthead.channels.models import Channel
from masthead.contract.values import Receipt
from masthead.kit.pool import connect
from masthead.posts.ledger import LOCK_LANES, Ledger, Outcome
from masthead.posts.models import Publication
from masthead.posts.outcome import succeeded
from masthead.posts.parcel import receipts_json
from masthead.posts.publish import Publisher
from masthead.posts.schedule import ensure_lane
from masthead.posts.states import State
from masthead.posts.tests.scene import people, post_on

pytestmark = pytest.mark.django_db(transaction=True)
URL = "https://example.org/p/42"


@pytest.fixture
def channel() -> Channel:
    workspace, _owner = people()
    made = Channel.objects.create(
        workspace=workspace, platform="sandbox", server="http://127.0.0.1:1", remote_id="1", handle="@a"
    )
    ensure_lane(made)
    return made


def frozen_one(channel: Channel, state: State = State.UNCONFIRMED, **changes: Any) -> Publication:
    """Its worker froze while sending."""
    at = datetime.now(UTC) + timedelta(minutes=1)
    return post_on(channel, "Open today", state=state, attempts=1, check_at=at, **changes)


def holds(channel: Channel, remote_id: str) -> Publication:
    """A publication that a look-up linked to the post."""
    receipts = receipts_json([Receipt(remote_id, URL)])
    return post_on(channel, "Open today", state=State.PUBLISHED, attempts=1, receipts=receipts)


def settle(dsn: str, *outcomes: Outcome) -> dict[int, str]:
    """A publisher writes it down; returns what people were told."""
    said: dict[int, str] = {}

    async def told(states: Mapping[int, str]) -> None:
        said.update(states)

    async def act() -> None:
        pool = await connect(dsn, 2)
        made = Publisher(Ledger(pool, "w"), SimpleNamespace(told=told))  # type: ignore[arg-type]
        made.outcomes = list(outcomes)
        await made._settle()
        await pool.close()

    asyncio.run(act())
    return said


def answered(row: Publication, remote_id: str) -> Outcome:
    return succeeded(row.pk, 1, [Receipt(remote_id, URL)], 1.0)


def test_a_late_answer_is_believed(dsn: str, channel: Channel) -> None:
    row = frozen_one(channel)
    holds(channel, "41")
    told = settle(dsn, answered(row, "42"))
    row.refresh_from_db()
    assert (row.state, row.receipts[0]["remote_id"], row.remote_url) == (State.PUBLISHED, "42", URL) and not told


def test_a_post_that_another_publication_holds_is_a_question_for_a_person(dsn: str, channel: Channel) -> None:
    """Two rows with one post would hide that the other's post may never have arrived."""
    row, twin = frozen_one(channel), holds(channel, "42")
    told = settle(dsn, answered(row, "42"))
    row.refresh_from_db()
    assert (row.state, row.check_at, row.reason) == (State.UNCONFIRMED, None, "cannot_tell")
    assert row.receipts == [] and row.published_at is None, "one post, one row"
    assert URL in row.why and row.remedy and told == {row.pk: "unconfirmed"}
    assert not row.moves.filter(source=State.UNCONFIRMED, target=State.UNCONFIRMED).exists(), "it did not move"
    twin.refresh_from_db()
    assert twin.state == State.PUBLISHED


def test_another_channels_post_of_the_same_number_is_another_post(dsn: str, channel: Channel) -> None:
    row = frozen_one(channel)
    other = Channel.objects.create(
        workspace=channel.workspace, platform="sandbox", server="http://127.0.0.1:2", remote_id="2", handle="@b"
    )
    holds(other, "42")
    settle(dsn, answered(row, "42"))
    row.refresh_from_db()
    assert row.state == State.PUBLISHED


def test_platforms_that_name_no_post_are_not_compared(dsn: str, channel: Channel) -> None:
    row = frozen_one(channel)
    holds(channel, "")
    settle(dsn, answered(row, ""))
    row.refresh_from_db()
    assert row.state == State.PUBLISHED


def test_two_late_answers_at_the_same_instant_see_each_other(dsn: str, channel: Channel) -> None:
    """A look-up links the post while the worker that slept writes it down too: one of them waits for the other's commit."""
    row, twin = frozen_one(channel), frozen_one(channel)

    async def act() -> dict[int, str]:
        pool = await connect(dsn, 3)
        first, second = Ledger(pool, "looks"), Ledger(pool, "slept")
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(LOCK_LANES, [twin.pk])
            both = asyncio.gather(
                first.settle([answered(twin, "42")], []),
                second.settle([answered(row, "42")], []),
                return_exceptions=False,
            )
            await asyncio.sleep(0.3)
            assert not both.done(), "neither writes while another settles late on the channel"
        moved = await both
        await pool.close()
        return moved[0] | moved[1]

    assert sorted(asyncio.run(act()).values()) == ["published", "unconfirmed"]
    assert Publication.objects.filter(state=State.PUBLISHED).count() == 1, "one post, one row"
