"""Promises that only the ledger's SQL keeps: the pause of a whole app, and a begun thread that is late."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from masthead.channels.models import Channel
from masthead.contract.errors import TryAgain
from masthead.contract.values import Receipt
from masthead.kit.pool import connect
from masthead.metering.models import Pause
from masthead.posts.ledger import Freed, Ledger, Outcome
from masthead.posts.models import Lane
from masthead.posts.outcome import failed, released
from masthead.posts.schedule import ensure_lane
from masthead.posts.states import State
from masthead.posts.tests.scene import people, post_on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channels() -> list[Channel]:
    """Two channels of one app and one of another."""
    workspace, _owner = people()
    made = [
        Channel.objects.create(
            workspace=workspace, platform="sandbox", server="http://127.0.0.1:1", remote_id=str(n), limits={"app": app}
        )
        for n, app in enumerate(("south", "south", "north"))
    ]
    for one in made:
        ensure_lane(one)
    return made


def with_ledger(dsn: str, act: Callable[[Ledger], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        pool = await connect(dsn, 2)
        try:
            return await act(Ledger(pool, "w"))
        finally:
            await pool.close()

    return asyncio.run(run())


def test_a_pause_of_an_app_silences_all_its_channels_and_no_other(dsn: str, channels: list[Channel]) -> None:
    for one in channels:
        post_on(one)
    soon = datetime.now(UTC) + timedelta(minutes=1)
    Pause.objects.create(key=Lane.objects.get(channel=channels[0]).app, until=soon)
    claimed = with_ledger(dsn, lambda ledger: ledger.claim(10, 5))
    assert [row["channel_id"] for row in claimed] == [channels[2].pk]


@pytest.mark.parametrize(("sent", "kept"), [(1, True), (0, False)])
def test_a_thread_that_has_begun_goes_on_although_it_is_late(
    dsn: str, channels: list[Channel], sent: int, kept: bool
) -> None:
    """Half a thread is worse than a late one; what has not begun is still too late."""
    soon = datetime.now(UTC) + timedelta(seconds=30)
    row = post_on(channels[0], "One", "Two", state=State.PUBLISHING, attempts=1, expires_at=soon)
    verdict = failed(row.pk, 1, [Receipt("1")] * sent, TryAgain("slow down", after=60), 1.0)
    with_ledger(dsn, lambda ledger: ledger.settle([verdict.outcome], []))
    row.refresh_from_db()
    assert row.state == State.SCHEDULED and (row.expires_at > soon + timedelta(minutes=50)) is kept


def test_what_no_column_takes_does_not_stop_the_others(dsn: str, channels: list[Channel]) -> None:
    """A server may say anything: NUL, half a surrogate pair, more than fits. The batch is written down all the same."""
    odd, fine = (post_on(channel, state=State.PUBLISHING, attempts=1) for channel in channels[:2])
    said = "\x00\ud800" + "long " * 100
    Lane.objects.filter(channel=channels[0]).update(holder="w")
    outcomes = [
        Outcome(odd.pk, 1, State.FAILED, "refused", "refused", said, said, said, [{"remote_id": "1", "raw": said}]),
        Outcome(fine.pk, 1, State.PUBLISHED, "published", receipts=[{"remote_id": "2"}]),
    ]
    moved = with_ledger(dsn, lambda ledger: ledger.settle(outcomes, [Freed(channels[0].pk, 60.0, said)]))
    assert moved == {odd.pk: "failed", fine.pk: "published"}
    odd.refresh_from_db()
    clean = said.replace("\x00", "").replace("\ud800", "?")
    assert (odd.why, odd.remedy, odd.field) == (clean, clean, clean[:64]) and odd.receipts[0]["raw"] == clean
    assert Lane.objects.get(channel=channels[0]).why == clean[:300]


def test_nothing_to_say_of_receipts_leaves_them(dsn: str, channels: list[Channel]) -> None:
    kept = [{"remote_id": "1"}]
    row = post_on(channels[0], state=State.PUBLISHING, attempts=1, receipts=kept)
    assert with_ledger(dsn, lambda ledger: ledger.settle([released(row.pk, 1, "no")], [])) == {row.pk: "scheduled"}
    row.refresh_from_db()
    assert row.receipts == kept


def test_attempts_leave_room_for_their_end() -> None:
    """On the same page the second writing needs no index entries."""
    with connection.cursor() as cursor:
        cursor.execute("select reloptions from pg_class where relname = 'posts_attempt'")
        assert cursor.fetchone() == (["fillfactor=50"],)
