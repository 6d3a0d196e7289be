"""The event this was made for, end to end: on 19 April 2023 a tool said that it drops Twitter on 25 April. Here nothing is lost.

The clock of the process, of the workers and of the double shows April 2023. The channel, the past tweets with what came back and
the schedules into June are on a double of X that keeps every request.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connections

from masthead.channels import tasks as of_channels
from masthead.channels.models import Channel, Sunset
from masthead.connectors import PLATFORMS
from masthead.connectors.x.tests.harness import XHarness
from masthead.contract.http import Transport
from masthead.contract.testing import Member, SandboxServer
from masthead.contract.values import Account
from masthead.kit.clock import away, given, now
from masthead.kit.pool import connect
from masthead.posts import parcel
from masthead.posts import tasks as of_posts
from masthead.posts.confirm import Confirmer
from masthead.posts.export.telling import tell_ready
from masthead.posts.export.write import write
from masthead.posts.history import turn
from masthead.posts.history.read import read_history
from masthead.posts.ledger import Ledger, worker_name
from masthead.posts.models import Export, HistoryImport, PastPost, Post, Publication
from masthead.posts.publish import Publisher
from masthead.posts.states import Editorial, State
from masthead.posts.tests.scene import Crew, channel_of, people, post_on
from masthead.web.tests.browser import browser, page, screenshots, sign_in  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ANNOUNCED, END = datetime(2023, 4, 19, 9, tzinfo=UTC), datetime(2023, 4, 25, tzinfo=UTC)
DAY = timedelta(days=1)
LONG = "The whole story of our sourdough, from the first bubble to the last crumb. " * 3
SOURCE = "https://mobilesyrup.com/2023/04/19/microsoft-to-drop-twitter-from-advertising-plan-starting-april-25"


def aside(act: Callable[[], Any]) -> None:
    """Run it in a thread of its own: Playwright's loop is in the way here."""
    wrong: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:
            wrong.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(120)
    assert not wrong, wrong


class Event:
    """The workspace of April 2023, its worlds outside, and time."""

    def __init__(self, dsn: str, harness: XHarness, sandbox: SandboxServer) -> None:
        self.dsn, self.double, self.sandbox = dsn, harness.double, sandbox
        self.workspace, self.owner = people()
        aside(lambda: self._connect(harness))
        token = sandbox.network.add(Member("news", "Newsletter", "", {"text_limit": 200}))
        there = Account(0, 0, sandbox.url, "news", "@news", {"token": token}, {"text_limit": 200})
        self.other = channel_of(self.workspace, there, "sandbox")
        Channel.objects.filter(pk=self.other.pk).update(name="Newsletter")
        self.other.refresh_from_db()

    def _connect(self, harness: XHarness) -> None:
        account = async_to_sync(harness.account)()
        self.twitter = channel_of(self.workspace, account, "x")
        me = self.double.memory.people[account.remote_id]
        me.name = "BakeryOnTwitter"
        for number in range(12):
            self.double.memory.create(me, {"text": f"Bread number {number} is out of the oven"})
        for number, one in enumerate(self.double.memory.posts):
            one.at -= timedelta(days=3 * (12 - number))

    @contextmanager
    def at(self, when: datetime) -> Iterator[None]:
        """Everywhere it is `when`."""
        with given(when):
            self.double.memory.clock.offset = away().total_seconds()
            yield

    def pass_time(self, seconds: float = 1.5) -> None:
        """What the workers do: what is due is sent, looked up, refreshed, checked, closed, put aside, exported and read."""
        aside(lambda: self._pass(seconds))

    def _pass(self, seconds: float) -> None:
        for task in (of_channels.close_due, of_channels.refresh_due, of_channels.check_due, of_channels.propose_ends):
            async_to_sync(task)()
        for task in (of_posts.hold_ended, of_posts.exports, of_posts.history_due):
            async_to_sync(task)()
        for row in Export.objects.filter(state=Export.State.WAITING):
            assert write(row.pk)
            tell_ready(row.pk)
        HistoryImport.objects.update(next_at=now() - DAY, held_until=now() - DAY)
        for channel in HistoryImport.objects.values_list("channel_id", flat=True):
            async_to_sync(read_history)(channel)
        asyncio.run(self._work(seconds))

    async def _work(self, seconds: float) -> None:
        parcel._secrets.cache_clear()
        pool = await connect(self.dsn, 6)
        async with Transport(allow_private=True) as transport:
            around = replace(Crew(self.dsn, PLATFORMS["sandbox"]).around(transport), platforms=PLATFORMS)
            ledger = Ledger(pool, worker_name(), shift=away().total_seconds(), lease=2.0)
            crew: list[Any] = [Publisher(ledger, around, idle=0.05), Confirmer(ledger, around, idle=0.05)]
            tasks = [asyncio.create_task(one.run()) for one in crew]
            await asyncio.sleep(seconds)
            for one in crew:
                one.stopping.set()
            await asyncio.wait(tasks, timeout=10)
        await pool.close()

    def tweets(self) -> list[str]:
        """What Twitter was told to publish, by its text."""
        return [body["text"] for body in self.double.asked("POST", "/2/tweets")]


@pytest.fixture
def event(dsn: str, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> Iterator[Event]:
    settings.MEDIA_ROOT = tmp_path
    harness = XHarness()
    harness.start()
    with SandboxServer() as sandbox, given(ANNOUNCED):
        monkeypatch.setitem(PLATFORMS, "x", harness.platform)
        harness.double.memory.clock.offset = away().total_seconds()
        yield Event(dsn, harness, sandbox)
    harness.stop()


def test_nothing_is_lost_when_twitter_goes(page, live_server, event):  # noqa: F811
    here, weekly = f"{live_server.url}/w/bakery/", []
    with event.at(ANNOUNCED - DAY):
        turn.begin(event.twitter, now=now())
        event.pass_time()
        assert PastPost.objects.filter(channel=event.twitter, metrics__likes__gt=0).count() == 12
        post_on(event.twitter, "Still in time: Monday's buns", publish_at=END - DAY)
        for week in range(1, 9):
            text = LONG if week == 3 else f"Week {week}: fresh bread at eight"
            weekly.append(post_on(event.twitter, text, publish_at=END + week * timedelta(days=5)))
        draft = [{"text": "A thought about rye, not finished", "attachments": [], "poll": None}]
        unfinished = Post.objects.create(workspace=event.workspace, author=event.owner, segments=draft)
        unfinished.variants.create(channel=event.twitter)
    assert max(one.publish_at for one in weekly) > datetime(2023, 6, 1, tzinfo=UTC)
    sign_in(page, live_server, event.owner)

    with event.at(ANNOUNCED):
        _announce(page, here)
        sunset = Sunset.objects.get()
        assert (sunset.ends_at, sunset.scope) == (END, "platform")
        page.get_by_text("6 days left").first.wait_for()
        assert page.locator(".ending-line").inner_text().startswith("X ends in 6 days")
        labels, numbers = (page.locator(f".counts li > {one}").all_inner_texts() for one in (":last-child", "strong"))
        shown = dict(zip(labels, numbers, strict=True))
        assert (shown["Drafts"], shown["Scheduled after the end"], shown["Past posts that stay"]) == ("1", "8", "12")
        assert screenshots(page, "sunset-announced") == []
        _refuses_later_schedules(page, here, unfinished)
        event.pass_time()
        _keeps_everything(page, here, sunset)
        _moves_all_but_one(page, here, sunset, weekly, event)
        page.get_by_role("button", name="Send to the members").click()
        page.get_by_text("1 member is told.").wait_for()
        assert screenshots(page, "sunset-done") == []
        page.goto(here)
        page.get_by_role("link", name="What to do").wait_for()
        assert screenshots(page, "sunset-banner") == []

    with event.at(END - DAY + timedelta(minutes=1)):
        event.pass_time(4)
        assert event.tweets() == ["Still in time: Monday's buns"]  # until the end all goes on
        assert Export.objects.filter(state=Export.State.READY).count() == 2  # the second one on the last day

    calls = len(event.double.seen)
    for when in (END, END + timedelta(hours=12)):
        with event.at(when):
            event.pass_time(3)
            assert event.double.seen[calls:] == []  # from the date on nothing is called
    moved = list(Publication.objects.filter(channel=event.other, state=State.SCHEDULED).order_by("publish_at"))
    for row in moved:
        with event.at(row.publish_at + timedelta(seconds=5)):
            event.pass_time(1)
    assert event.double.seen[calls:] == []
    out = Publication.objects.filter(channel=event.other, state=State.PUBLISHED).order_by("publish_at")
    assert [one.pk for one in out] == [one.pk for one in moved]  # what was moved goes out there, to June
    _is_read_only_and_can_be_searched(page, here, event, weekly[-1])


def _announce(there: Any, here: str) -> None:
    there.goto(here)
    assert there.locator(".ending-line").count() == 0
    there.get_by_role("link", name="Sunset").click()
    assert screenshots(there, "sunset-empty") == []
    there.get_by_role("link", name="Announce an end").click()
    there.get_by_label("Platform", exact=True).select_option("x")
    there.get_by_label("It ends on").fill("2023-04-25T00:00")
    there.get_by_label("Time zone of this time").select_option("UTC")
    there.get_by_label("Announced on").fill("2023-04-19")
    there.get_by_label("Source").fill(SOURCE)
    there.get_by_label("Note").fill("The help page says: no drafts, no past tweets, no scheduling from 25 April.")
    assert screenshots(there, "sunset-announce") == []
    there.get_by_role("button", name="Announce").click()
    there.get_by_text("Follow the steps below").wait_for()


def _refuses_later_schedules(there: Any, here: str, post: Post) -> None:
    """A new schedule after the end is refused with a remedy; the draft stays as it was."""
    there.goto(f"{here}posts/{post.pk}/")
    there.locator("#publish_at").fill("2023-06-01T08:00")
    there.get_by_role("button", name="Schedule", exact=True).click()
    there.get_by_text("Choose an earlier time, or another channel.").first.wait_for()
    post.refresh_from_db()
    assert (post.state, post.publications.count()) == (Editorial.DRAFT, 0)


def _keeps_everything(there: Any, here: str, sunset: Sunset) -> None:
    there.goto(f"{here}sunset/{sunset.pk}/")
    with there.expect_download() as loading:
        there.get_by_role("link", name="Download").first.click()
    path = loading.value.path()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == there.locator(".digest").first.inner_text()
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".jsonl")]
        kept = {name: [json.loads(one) for one in archive.read(name).splitlines()] for name in names}
        manifest = json.loads(archive.read("manifest.json"))
        assert all(
            hashlib.sha256(archive.read(name)).hexdigest() == one["sha256"] for name, one in manifest["files"].items()
        )
    assert len(kept["schedules.jsonl"]) == 9
    assert len(kept["drafts.jsonl"]) == 1
    assert len(kept["past_posts.jsonl"]) == 12
    assert all(any(s["metric"] == "likes" for s in one["samples"]) for one in kept["past_posts.jsonl"])


def _moves_all_but_one(there: Any, here: str, sunset: Sunset, weekly: list[Publication], event: Event) -> None:
    there.get_by_label("To the channel").select_option(str(event.other.pk))
    there.get_by_role("button", name="Check").click()
    there.get_by_text("It fits: 7. Drafts: 1.").wait_for()
    there.get_by_text("The text is too long").wait_for()
    assert screenshots(there, "sunset-checked") == []
    for one in weekly[:2]:
        there.locator("tr", has=there.locator(f'a[href$="/publications/{one.pk}/"]')).get_by_role(
            "button", name="Move"
        ).click()
        there.get_by_text("1 post moved to Newsletter.").wait_for()
        there.goto(f"{here}sunset/{sunset.pk}/?to={event.other.pk}")
    Publication.objects.filter(pk=weekly[-1].pk).update(publish_at=END - DAY / 2)  # one that nobody looks after
    there.goto(f"{here}sunset/{sunset.pk}/?to={event.other.pk}")
    there.get_by_role("button", name="Move all 5 posts to Newsletter").click()
    there.get_by_text("4 posts moved to Newsletter.").wait_for()
    there.get_by_text("is kept as a draft").wait_for()
    Publication.objects.filter(pk=weekly[-1].pk).update(publish_at=weekly[-1].publish_at)
    states = Publication.objects.filter(channel=event.twitter, publish_at__gte=END).exclude(pk=weekly[-1].pk)
    assert set(states.values_list("state", "reason")) == {(State.CANCELLED, "moved_on")}
    times = {one.publish_at for one in weekly if one.pk not in (weekly[2].pk, weekly[-1].pk)}
    moved = Publication.objects.filter(channel=event.other, state=State.SCHEDULED)
    assert set(moved.values_list("publish_at", flat=True)) == times
    assert Post.objects.get(state=Editorial.DRAFT, variants__channel=event.other).segments[0]["text"] == LONG


def _is_read_only_and_can_be_searched(there: Any, here: str, event: Event, left: Publication) -> None:
    with event.at(END + timedelta(hours=13)):
        there.goto(f"{here}channels/")
        there.get_by_text("Read-only").first.wait_for()
        assert there.locator(".ending-line").inner_text().startswith("X has ended")
        left.refresh_from_db()
        assert (left.state, left.reason) == (State.CANCELLED, "sunset")  # kept, not lost
        there.goto(f"{here}sunset/{Sunset.objects.get().pk}/")
        there.get_by_text("put aside").first.wait_for()
        assert screenshots(there, "sunset-over") == []
        there.goto(f"{here}past-posts/?q=number+7")
        assert there.locator("tbody tr").count() == 1
        assert there.locator("tbody tr").get_by_role("cell", name="5", exact=True).count() >= 1
        there.get_by_role("link", name="Bread number 7").click()
        there.get_by_text("Likes").first.wait_for()
        there.goto(f"{here}posts/?q=rye")
        there.get_by_text("A thought about rye").first.wait_for()
