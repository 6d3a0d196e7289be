"""Bad answers, dead workers, wrong clocks: whatever happens, each post is on the platform once, and its row says so.

Runs over every connector's harness: the same troubles on the Sandbox, the strict double and the vendor's own server.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from django.db import connection

from masthead.channels.queries import account
from masthead.connectors import PLATFORMS
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.kit import package_of
from masthead.contract.capabilities import LookUp
from masthead.kit.pool import APPLICATION
from masthead.posts.models import Attempt, Lane, Publication
from masthead.posts.states import State
from masthead.posts.tests.scene import Crew, channel_of, nothing_waits, people, post_on

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module", params=sorted(PLATFORMS))
def harness(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Each connector's platform, running."""
    made = importlib.import_module(f"{package_of(PLATFORMS[request.param])}.tests.harness").HARNESS()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def scene(harness: Any, dsn: str) -> tuple[Any, Any, Crew]:
    """The harness, a connected channel, and a crew to send."""
    harness.reset()
    account = asyncio.run(harness.account())
    workspace, _owner = people()
    return harness, channel_of(workspace, account, harness.platform.key), Crew(dsn, harness.platform)


def on_platform(harness: Any, channel: Any) -> list[str]:
    """The texts that lie on the platform."""
    channel.refresh_from_db()
    return [one.text for one in asyncio.run(harness.posts(account(channel)))]


def trouble(harness: Any, kind: Trouble, times: int = 1) -> None:
    if kind not in harness.troubles:
        pytest.skip(f"{harness.platform.key}'s test server cannot do “{kind}”")
    harness.trouble(kind, times)


def ended(row: Publication, state: State) -> Publication:
    row.refresh_from_db()
    assert row.state == state, (row.state, row.reason, row.why, [(a.outcome, a.why) for a in row.tries.all()])
    return row


def asks_a_person(harness: Any, crew: Crew, row: Publication, *, out: bool = True) -> bool:
    """Where a person must look, what is unclear ends as a question, nothing sent again. `out`: it is there to be found."""
    look_up = harness.platform.capabilities.look_up
    if look_up is not LookUp.PERSON and (out or look_up is not LookUp.PUBLIC_POSTS):
        return False
    row = ended(row, State.UNCONFIRMED)
    assert crew.told == {row.pk: "unconfirmed"} and row.attempts == 1 and row.why
    return True


@pytest.mark.parametrize("kind", [Trouble.CLOSE_AFTER, Trouble.FAIL_AFTER, Trouble.CUT_SHORT, Trouble.FAIL_BEFORE])
def test_unclear_answers_end_as_one_post(scene: Any, kind: Trouble) -> None:
    """Stored then closed, stored then 500, stored then cut short, 500 before storing."""
    harness, channel, crew = scene
    row = post_on(channel, f"Bread, {kind}", options=harness.options)
    trouble(harness, kind)
    crew.work()
    if asks_a_person(harness, crew, row, out=kind is not Trouble.FAIL_BEFORE):
        assert on_platform(harness, channel) == ([] if kind is Trouble.FAIL_BEFORE else [f"Bread, {kind}"])
        return
    row = ended(row, State.PUBLISHED)
    assert on_platform(harness, channel) == [f"Bread, {kind}"]
    assert row.moves.filter(target=State.UNCONFIRMED).exists()
    assert row.remote_url and not crew.told


def test_a_platform_that_stores_and_then_hangs_ends_as_one_post(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request's own time-out ends the wait (shortened here); what was stored is found."""
    harness, channel, crew = scene
    row, real = post_on(channel, "Ciabatta", options=harness.options), aiohttp.ClientTimeout
    monkeypatch.setattr(aiohttp, "ClientTimeout", lambda **told: real(**told | {"total": 1.5}))
    trouble(harness, Trouble.HANG_AFTER)
    crew.work()
    if asks_a_person(harness, crew, row):
        assert on_platform(harness, channel) == ["Ciabatta"]
        return
    row = ended(row, State.PUBLISHED)
    assert on_platform(harness, channel) == ["Ciabatta"] and row.attempts == 1 and row.remote_url
    assert "no clear answer came back" in row.moves.get(target=State.UNCONFIRMED).why and not crew.told


def test_a_long_wait_silences_the_whole_channel(scene: Any) -> None:
    """429 with a wait: nothing is sent meanwhile, nothing is lost, and the reason can be read."""
    harness, channel, crew = scene
    rows = [post_on(channel, text, options=harness.options) for text in ("First loaf", "Second loaf")]
    trouble(harness, Trouble.LIMITED)
    crew.work(lambda: Attempt.objects.exclude(outcome="").exists(), patience=1.0)
    lane = Lane.objects.get(channel=channel)
    assert lane.paused_until > datetime.now(UTC) + timedelta(seconds=60)
    assert on_platform(harness, channel) == [] and "limit" in ended(rows[0], State.SCHEDULED).why.lower()
    assert Attempt.objects.filter(outcome="try_again").count() == 1
    Lane.objects.update(paused_until=datetime.now(UTC))
    crew.work()
    assert sorted(on_platform(harness, channel)) == ["First loaf", "Second loaf"]
    assert rows[0].tries.last().started_at <= rows[1].tries.last().started_at


def test_a_token_that_runs_out_is_refreshed_and_the_post_goes_out_once(scene: Any) -> None:
    harness, channel, crew = scene
    row = post_on(channel, "Rye today", options=harness.options)
    trouble(harness, Trouble.TOKEN_EXPIRED)
    crew.work(limit=30)
    ended(row, State.PUBLISHED)
    assert on_platform(harness, channel) == ["Rye today"]


def test_a_refusal_is_told_with_its_reason(scene: Any) -> None:
    harness, channel, crew = scene
    row = post_on(channel, "Not this one", options=harness.options)
    trouble(harness, Trouble.REFUSED)
    crew.work()
    row = ended(row, State.FAILED)
    assert row.why and crew.told == {row.pk: "failed"} and on_platform(harness, channel) == []


@pytest.mark.parametrize("reached", [False, True])
def test_a_worker_that_vanished_is_settled_by_looking(scene: Any, reached: bool) -> None:
    """Killed before the request, or after it: the row is looked up, and sent only where it is certainly not there."""
    harness, channel, crew = scene
    row = post_on(channel, "Baguette", options=harness.options)
    if reached:
        crew.work()
    now = datetime.now(UTC)
    Publication.objects.filter(pk=row.pk).update(state=State.PUBLISHING, attempts=1, receipts=[], published_at=None)
    Attempt.objects.filter(publication=row).delete()
    Attempt.objects.create(
        publication=row, number=1, worker="dead", started_at=now, lease_until=now - timedelta(seconds=1)
    )
    crew.work()
    if asks_a_person(harness, crew, row, out=reached):
        assert on_platform(harness, channel) == (["Baguette"] if reached else [])
        return
    row = ended(row, State.PUBLISHED)
    assert on_platform(harness, channel) == ["Baguette"]
    assert row.attempts == (1 if reached else 2)


def test_a_thread_resumes_after_its_last_saved_segment(scene: Any) -> None:
    """Killed between two segments: what is out stays, the rest follows, nothing twice."""
    harness, channel, crew = scene
    if harness.platform.capabilities.threads.max_segments < 3:
        pytest.skip(f"{harness.platform.name} has no threads")
    row = post_on(channel, "One", "Two", "Three", options=harness.options)
    trouble(harness, Trouble.CLOSE_AFTER, 2)
    crew.work(limit=30)
    if asks_a_person(harness, crew, row):
        assert on_platform(harness, channel) == ["One"]
        return
    row = ended(row, State.PUBLISHED)
    assert sorted(on_platform(harness, channel)) == ["One", "Three", "Two"] and len(row.receipts) == 3


def test_two_workers_a_minute_apart_send_once(scene: Any) -> None:
    harness, channel, crew = scene
    rows = [post_on(channel, f"Roll {number}", options=harness.options) for number in range(6)]
    crew.shift = 60.0
    crew.work(workers=2)
    for row in rows:
        ended(row, State.PUBLISHED)
    assert sorted(on_platform(harness, channel)) == sorted(f"Roll {number}" for number in range(6))


def test_after_a_day_off_what_is_too_late_expires_and_people_are_told(scene: Any) -> None:
    harness, channel, crew = scene
    old = post_on(
        channel, "Yesterday's news", publish_at=datetime.now(UTC) - timedelta(days=1), options=harness.options
    )
    fresh = post_on(channel, "Today's news", options=harness.options)
    crew.work()
    assert ended(old, State.EXPIRED).why and crew.told == {old.pk: "expired"}
    ended(fresh, State.PUBLISHED)
    assert on_platform(harness, channel) == ["Today's news"]


def test_connections_cut_under_load_lose_nothing(scene: Any) -> None:
    """The database drops every connection while posts are being sent."""
    harness, channel, crew = scene
    rows = [post_on(channel, f"Bun {number}", options=harness.options) for number in range(12)]
    cuts = [3]

    def cut_and_ask() -> bool:
        if cuts[0] and Publication.objects.filter(state=State.PUBLISHED).count() >= 4 - cuts[0]:
            cuts[0] -= 1
            with connection.cursor() as cursor:
                cursor.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                    "where datname = current_database() and application_name = %s",
                    [APPLICATION],
                )
        return nothing_waits()

    crew.work(cut_and_ask, limit=60)
    asked = harness.platform.capabilities.look_up is LookUp.PERSON
    sent = [row for row in rows if not asked or Publication.objects.filter(pk=row.pk, state=State.PUBLISHED).exists()]
    for row in rows:
        ended(row, State.PUBLISHED if row in sent else State.UNCONFIRMED)
    found = on_platform(harness, channel)
    assert len(found) == len(set(found)) and len(sent) <= len(found)
    assert asked or sorted(found) == sorted(f"Bun {number}" for number in range(12))
