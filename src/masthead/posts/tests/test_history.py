"""Importing past posts: resumable, once each, paced, kept fresh; what is gone is marked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from masthead.channels.models import Channel, Credential
from masthead.channels.secrets import bound
from masthead.connectors import PLATFORMS
from masthead.contract.errors import NeedsReconnect, Refused, TokenExpired, TryAgain
from masthead.contract.history import PastPost as Shown
from masthead.contract.testing import Member, SandboxServer
from masthead.contract.testing_past import add_past
from masthead.kit.clock import now as clock
from masthead.posts import tasks
from masthead.posts.history import queries, turn
from masthead.posts.history.keep import keep_page
from masthead.posts.history.pacing import PacedHttp
from masthead.posts.history.read import read_history
from masthead.posts.models import HistoryImport, Lane, PastPost, Publication, Sample
from masthead.posts.schedule import ensure_lane
from masthead.posts.states import State
from masthead.posts.tests.scene import people, post_on

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 45
SANDBOX = PLATFORMS["sandbox"]


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


@pytest.fixture
def channel(dsn: str, server: SandboxServer) -> Channel:
    """A channel of a member with a year of posts."""
    workspace, _owner = people()
    member = Member(f"m{Channel.objects.count()}{clock().timestamp()}".replace(".", ""), "Member")
    token = server.network.add(member)
    add_past(server.network, member, MOST)
    made = Channel.objects.create(
        workspace=workspace, platform="sandbox", server=server.url, remote_id=member.handle, handle=member.handle
    )
    Credential.objects.create(channel=made, secrets=bound(made.pk, {"token": token}))
    ensure_lane(made)
    turn.begin(made, now=clock())
    return made


def read(channel: Channel) -> HistoryImport:
    """One turn, whether it is due or not."""
    HistoryImport.objects.filter(channel=channel).update(next_at=clock())
    asyncio.run(read_history(channel.pk))
    return HistoryImport.objects.get(channel=channel)


class Broken:
    """The sandbox's history part with something that goes wrong."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Any = None, *, after: int = 0, size: int = 10) -> None:
        self.inner = replace(SANDBOX.history, page_size=size)  # type: ignore[type-var]
        self.names, self.most_ids = self.inner.names, 20
        self.error, self.left, self.cursors, self.asked = error, after, list[str](), list[int]()
        monkeypatch.setitem(PLATFORMS, "sandbox", replace(SANDBOX, history=self))

    def _fail(self) -> None:
        if self.error and self.left <= 0:
            raise self.error
        self.left -= 1

    async def page(self, http: Any, account: Any, cursor: str) -> Any:
        self.cursors.append(cursor)
        self._fail()
        return await self.inner.page(http, account, cursor)

    async def metrics(self, http: Any, account: Any, posts: Any) -> Any:
        self.asked.append(len(posts))
        self._fail()
        return await self.inner.metrics(http, account, posts)


def test_everything_is_imported_once_with_its_numbers_and_its_origin(channel: Channel) -> None:
    row = read(channel)
    assert row.finished_at and row.seen == MOST and row.why == ""
    assert read(channel).seen == MOST and PastPost.objects.count() == MOST
    post = PastPost.objects.order_by("posted_at")[0]
    assert (post.platform, post.operation, post.kind) == ("sandbox", "list", "post")
    assert post.obtained_at and post.url.startswith("http") and post.raw["id"] == post.remote_id
    assert {"views", "likes", "reposts", "replies", "bookmarks", "smiles"} == set(post.metrics) == set(row.metrics)
    sample = post.samples.get(metric="reposts")
    assert (sample.native, sample.value) == ("shares", post.metrics["reposts"])
    assert row.oldest_at == post.posted_at


def test_a_back_fill_goes_on_where_it_stopped(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Broken(monkeypatch, TryAgain("Come back later.", after=77), after=2)
    before = clock()
    row = read(channel)
    assert (row.finished_at, row.seen, row.why) == (None, 20, "Come back later.")
    assert row.next_at >= before + timedelta(seconds=77) and PastPost.objects.count() == 20
    broken.error = None
    assert read(channel).finished_at and PastPost.objects.count() == MOST
    assert broken.cursors[3] == row.cursor and len(broken.cursors) == 6


def test_a_cursor_that_does_not_move_ends(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Broken(monkeypatch)
    inner = broken.inner.page

    async def same(http: Any, account: Any, cursor: str) -> Any:
        return replace(await inner(http, account, ""), cursor="again")

    broken.page = same  # type: ignore[method-assign]
    assert read(channel).finished_at and PastPost.objects.count() == 10


def test_only_one_worker_at_a_time(channel: Channel) -> None:
    first = turn.take(channel.pk, now=clock())
    assert first and turn.take(channel.pk, now=clock()) is None
    later = turn.take(channel.pk, now=clock() + turn.LEASE)
    assert later, "a lease that ran out is free"
    turn.end(channel.pk, first.held_until, next_at=clock())
    assert turn.take(channel.pk, now=clock()) is None, "who lost the lease cannot give it back"


def test_a_dead_sign_in_marks_the_channel(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    Broken(monkeypatch, NeedsReconnect("No longer accepted.", remedy="Reconnect."))
    read(channel)
    channel.refresh_from_db()
    assert channel.condition == Channel.Condition.NEEDS_RECONNECT
    assert channel.pk not in turn.due(clock() + timedelta(days=1))


def test_an_expired_token_is_refreshed_and_tried_again(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Broken(monkeypatch, TokenExpired("Ran out."))
    version = Credential.objects.get(channel=channel).version
    read(channel)
    assert Credential.objects.get(channel=channel).version > version
    broken.error = None
    assert read(channel).finished_at


def test_a_refusal_is_shown_and_the_cursor_forgotten(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    Broken(monkeypatch, Refused("Not in your plan.", remedy="Choose another."), after=1)
    row = read(channel)
    assert (row.cursor, row.why) == ("", "Not in your plan. Choose another.")
    assert row.next_at > clock() + timedelta(hours=5)


def age(channel: Channel, server: SandboxServer, days: float) -> None:
    """Let time pass on the sandbox, and let every post be due."""
    server.network.shift += days * 86_400
    PastPost.objects.filter(channel=channel, gone_at=None).update(next_read_at=clock())
    HistoryImport.objects.filter(channel=channel).update(looked_at=clock() - timedelta(hours=2))


def test_numbers_are_kept_fresh_and_samples_only_added_where_they_moved(
    channel: Channel, server: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(channel)
    broken, before = Broken(monkeypatch, size=5), Sample.objects.count()
    age(channel, server, 0.2)
    row = read(channel)
    young, old = PastPost.objects.order_by("-posted_at")[0], PastPost.objects.order_by("posted_at")[0]
    assert young.samples.filter(metric="views").count() == 2 and old.samples.filter(metric="views").count() == 1
    assert young.metrics["views"] == young.samples.filter(metric="views").last().value  # type: ignore[union-attr]
    assert Sample.objects.count() > before and sum(broken.asked) == MOST - 5, "the first page told the newest five"
    assert not PastPost.objects.filter(next_read_at__lte=clock()).exists() and row.next_at > clock()


def test_new_posts_are_found(channel: Channel, server: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    read(channel)
    broken = Broken(monkeypatch, size=5)
    member = server.network.member(channel.remote_id)
    assert member
    for number in range(7):
        server.network.post(member, {"text": f"New {number}"}, None)
    HistoryImport.objects.update(looked_at=clock() - timedelta(hours=2))
    read(channel)
    assert PastPost.objects.count() == MOST + 7 and len(broken.cursors) == 3


def test_what_is_gone_is_marked_and_may_come_back(channel: Channel, server: SandboxServer) -> None:
    read(channel)
    gone = PastPost.objects.order_by("posted_at")[0]
    server.network.store.change("update post set removed = 1 where id = ?", gone.remote_id)
    age(channel, server, 0)
    read(channel)
    gone.refresh_from_db()
    assert gone.gone_at and gone.next_read_at is None and gone.metrics and PastPost.objects.count() == MOST
    server.network.store.change("update post set removed = 0 where id = ?", gone.remote_id)
    turn.begin(channel, now=clock())
    read(channel)
    gone.refresh_from_db()
    assert gone.gone_at is None


def test_a_platform_that_knows_nothing_any_more_is_not_believed(
    channel: Channel, server: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(channel)
    broken = Broken(monkeypatch)

    async def nothing(http: Any, account: Any, posts: Any) -> Any:
        return {}

    broken.metrics = nothing  # type: ignore[method-assign]
    age(channel, server, 0)
    assert read(channel).why and not PastPost.objects.exclude(gone_at=None).exists()


def shown(id_: str, **changes: Any) -> Shown:
    values = {"text": "Hello", "url": "https://x.test/1", "posted_at": datetime(2026, 1, 2, tzinfo=UTC)}
    return Shown(id_, **(values | changes))


def keep(channel: Channel, *posts: Shown) -> int:
    return keep_page(channel, posts, {"likes": "likes"}, operation="list", now=clock(), charged=False)


def test_a_post_says_under_which_terms_it_was_read(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = PLATFORMS["sandbox"]
    for version in ("1", "2"):
        monkeypatch.setitem(PLATFORMS, "sandbox", replace(sandbox, terms=replace(sandbox.terms, version=version)))
        keep(channel, shown("a"))
        assert PastPost.objects.get().terms_version == version


def test_a_post_of_ours_is_tied_to_its_publication(channel: Channel) -> None:
    ours = post_on(channel, "One", "Two")
    Publication.objects.filter(pk=ours.pk).update(
        state=State.PUBLISHED, receipts=[{"remote_id": "a"}, {"remote_id": "b"}]
    )
    assert keep(channel, shown("b"), shown("c"), shown("b")) == 2
    assert {one.remote_id: one.publication_id for one in PastPost.objects.all()} == {"b": ours.pk, "c": None}
    assert keep(channel, shown("b", text="Edited")) == 0
    assert PastPost.objects.get(remote_id="b").text == "Edited"


def test_what_a_database_or_a_browser_cannot_take_is_cleaned(channel: Channel) -> None:
    keep(channel, shown("x", text="a\x00b", url="javascript:alert(1)", kind="odd", raw={"a": ["\x00", clock()]}))
    post = PastPost.objects.get(remote_id="x")
    assert (post.text, post.url, post.kind) == ("ab", "", "post") and post.raw["a"][0] == ""
    keep(channel, shown("y", text="a\ud83d", raw={"\x00k": ["\\u0000", '"\\u0000', float("nan"), "\ud83d"]}))
    odd = PastPost.objects.get(remote_id="y")
    assert odd.text == "a?" and odd.raw == {"k": ["\\u0000", '"\\u0000', None, "?"]}, "a text about NUL stays as it is"


def test_reading_leaves_publishing_half_of_the_quota(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    platform = PLATFORMS["mastodon"]
    operation = next(one for one in platform.operations.values() if one.bucket == "api" and one.method == "GET")
    channel.server = "http://quota.test"
    http = PacedHttp(None, None, platform, channel)  # type: ignore[arg-type]
    quota = next(one for one in platform.capabilities.quotas if one.bucket == "api")

    async def use() -> int:
        for number in range(quota.limit):
            try:
                await http._reserve(operation)
            except TryAgain:
                return number
        return quota.limit

    monkeypatch.setattr("masthead.posts.history.pacing.LONGEST_NAP", 0)
    assert quota.limit * 0.45 < asyncio.run(use()) < quota.limit * 0.6


def test_the_clock_begins_and_asks_for_turns(channel: Channel) -> None:
    HistoryImport.objects.all().delete()
    asyncio.run(tasks.history_due())
    assert HistoryImport.objects.get().channel == channel
    asyncio.run(tasks.history_due())
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pgqueuer where entrypoint = %s", [turn.JOB])
        assert cursor.fetchone() == (1,)
    asyncio.run(tasks.read({"channel": channel.pk}))
    assert PastPost.objects.count() == MOST


def test_what_may_not_be_stored_is_not_begun_by_itself(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page says why, and a person may still begin."""
    HistoryImport.objects.all().delete()
    strict = tuple(replace(one, verdict="deny") if one.use == "store" else one for one in SANDBOX.terms.rules)
    monkeypatch.setitem(PLATFORMS, "sandbox", replace(SANDBOX, terms=replace(SANDBOX.terms, rules=strict)))
    turn.begin_new(clock())
    assert not HistoryImport.objects.exists()
    assert [one.forbidden for one in queries.sources(channel.workspace)] == [True]
    turn.begin(channel, now=clock())
    assert turn.due(clock()) == [channel.pk]
    HistoryImport.objects.all().delete()
    monkeypatch.setitem(PLATFORMS, "sandbox", SANDBOX)
    turn.begin_new(clock())
    assert HistoryImport.objects.exists()


def test_a_silenced_channel_waits_and_a_priced_platform_is_not_begun_by_itself(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert turn.due(clock()) == [channel.pk]
    Lane.objects.filter(channel=channel).update(paused_until=clock() + timedelta(minutes=5))
    assert turn.due(clock()) == []
    priced = {name: replace(one, price_key="x") for name, one in SANDBOX.operations.items()}
    monkeypatch.setitem(PLATFORMS, "sandbox", replace(SANDBOX, operations=priced))
    HistoryImport.objects.all().delete()
    turn.begin_new(clock())
    assert not HistoryImport.objects.exists()
