"""Reading for money: what is planned when, within the budget whatever happens, and how it goes back when the budget goes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from masthead.channels.models import Channel, Credential
from masthead.channels.secrets import bound
from masthead.connectors import PLATFORMS
from masthead.contract.errors import TryAgain
from masthead.contract.history import PastPage
from masthead.kit.clock import now as clock
from masthead.kit.money import Money
from masthead.metering.models import CallDay, CapWindow
from masthead.metering.plan import CURVE
from masthead.metering.reading import cap_of, left_of, prospect, set_budget
from masthead.posts.history import spend
from masthead.posts.history.read import read_history
from masthead.posts.history.spend import Purse, look_every, plan, plan_all, price_of
from masthead.posts.history.turn import take
from masthead.posts.models import HistoryImport, PastPost, Sample
from masthead.posts.tests.scene import past_post, people
from masthead.workspaces.models import AuditEntry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 3, 12, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)
READ = 5_000


def channel_on_x(slug: str = "bakery", **limits: Any) -> Channel:
    workspace, _owner = people(slug)
    return Channel.objects.create(
        workspace=workspace, platform="x", server="http://127.0.0.1:1", remote_id="1", handle="@a", limits=limits
    )


@pytest.fixture
def channel() -> Channel:
    return channel_on_x(plan="ppu")


def budget(channel: Channel, amount: str | None, now: datetime = NOW) -> None:
    money = Money.of(amount, "USD") if amount is not None else None
    set_budget(channel.workspace, channel.workspace.users.get(), "x", money, now)


def post(channel: Channel, hours: float, rate: float, *, read: Sequence[float] = (0.5,)) -> PastPost:
    """A post so many hours old whose likes follow the curve at a pace, read at the given shares of its age."""
    at = NOW - timedelta(hours=hours)
    made = past_post(channel, f"{hours} {rate}", posted_at=at, metrics={})
    for share in read:
        age = hours * share
        value = round(rate * CURVE.grown(age), 3)
        Sample.objects.create(
            past_post=made, metric="likes", native="l", value=value, observed_at=at + timedelta(hours=age)
        )
        made.read_at, made.metrics = at + timedelta(hours=age), {"likes": value}
    made.save()
    return made


def due(*posts: PastPost) -> list[datetime | None]:
    found = PastPost.objects.in_bulk([one.pk for one in posts])
    return [found[one.pk].next_read_at for one in posts]


def test_what_moves_most_is_read_and_what_has_settled_is_not(channel: Channel) -> None:
    hot, still = post(channel, 5, 50), post(channel, 5, 0)
    old = post(channel, 24 * 80, 50, read=(0.3, 0.99))
    plan(channel.workspace_id, "x", Purse(2 * READ, 48), NOW)
    first, never, settled = due(hot, still, old)
    assert first is not None and NOW <= first <= NOW + 48 * HOUR
    assert never is None and settled is None
    row = HistoryImport.objects.get()
    assert row.next_at <= first


def test_a_plan_never_costs_more_than_its_money(channel: Channel) -> None:
    for hours in range(1, 60):
        post(channel, hours, 20 / hours)
    for micros in (0, 4_999, 5_000, 123_456, 2_000_000):
        made = plan(channel.workspace_id, "x", Purse(micros, 168), NOW)
        assert made.spent <= micros
        assert made.spent == READ * len(made.readings)


def test_the_week_has_its_share_of_what_is_left_of_the_month(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    budget(channel, "10")
    asked: list[Purse] = []
    monkeypatch.setattr(spend, "plan", lambda _w, _p, purse, _now: asked.append(purse))
    plan_all(NOW)
    CapWindow.objects.update(spent=4_000_000, held=500_000, committed=500_000)
    plan_all(NOW)
    plan_all(datetime(2026, 11, 30, 12, tzinfo=UTC))
    hours = left_of(cap_of(channel.workspace_id, "x") or pytest.fail("no cap"), NOW).hours
    assert [one.micros for one in asked[:2]] == [int(10_000_000 * 168 / hours), int(5_000_000 * 168 / hours)]
    assert (asked[2].micros, asked[2].hours) == (5_000_000, 12.0)


def test_looking_for_new_posts_takes_a_fifth_at_most(channel: Channel) -> None:
    for hours in range(1, 41):
        post(channel, hours, 1)
    assert look_every(channel, NOW, HOUR) == HOUR
    budget(channel, "5")
    every = look_every(channel, NOW, HOUR)
    per_month = 730 / (every.total_seconds() / 3600) * 41 * READ
    assert timedelta(days=1) < every and per_month <= 0.2 * 5_000_000 * 1.001
    budget(channel, "1000")
    assert look_every(channel, NOW, HOUR) == timedelta(days=1)
    budget(channel, "0")
    assert look_every(channel, NOW, HOUR) == timedelta(days=30)


def test_own_posts_are_cheaper_with_an_app_of_one_s_own(channel: Channel) -> None:
    calls = PLATFORMS["x"].reading
    assert calls
    own = channel_on_x("mill", plan="ppu", own_app=True)
    assert price_of(channel, calls.page, NOW) == Money.of("0.005", "USD")
    assert price_of(own, calls.page, NOW) == Money.of("0.001", "USD")
    assert price_of(channel_on_x("cafe", plan="basic"), calls.page, NOW) is None


def test_only_the_workspace_s_own_posts_are_planned(channel: Channel) -> None:
    theirs = post(channel_on_x("mill", plan="ppu"), 3, 50)
    PastPost.objects.filter(pk=theirs.pk).update(next_read_at=NOW + HOUR)
    post(channel, 3, 50)
    plan(channel.workspace_id, "x", Purse(1_000_000, 48), NOW)
    assert due(theirs) == [NOW + HOUR]


def test_without_a_budget_posts_go_back_to_reading_by_age(channel: Channel) -> None:
    young, old = post(channel, 24, 0), post(channel, 24 * 60, 0)
    budget(channel, "5")
    plan_all(NOW)
    PastPost.objects.update(next_read_at=None)
    budget(channel, None)
    plan_all(NOW + HOUR)
    assert due(young, old) == [NOW + HOUR, None]


def test_a_dollar_more_is_told_in_shares(channel: Channel) -> None:
    assert prospect(channel.workspace_id, "x", 1_000_000, NOW) is None
    for hours in range(1, 80):
        post(channel, hours, 30)
    small, large = (prospect(channel.workspace_id, "x", micros, NOW) for micros in (500_000, 20_000_000))
    assert small and large
    assert 0 < small.seen < large.seen <= 1 and 1 >= small.more > large.more >= 0
    assert small.cost.micros == small.reads * READ <= 500_000 * 168 / 730
    assert prospect(channel.workspace_id, "mastodon", 1_000_000, NOW) is None


def test_an_import_says_what_it_costs_and_asks(channel: Channel) -> None:
    client = Client()
    client.force_login(channel.workspace.users.get())
    place = reverse("posts:past_import", args=["bakery", channel.pk])
    text = client.post(place).content.decode()
    assert "This costs up to USD 16.00" in text and "newest 3,200" in text
    assert not HistoryImport.objects.exists()
    assert "This costs up to" in client.post(place, {"agreed": "1"}).content.decode()
    assert client.post(place, {"agreed": "16000000"}).status_code == 302 and HistoryImport.objects.exists()
    entry = AuditEntry.objects.get(action="history.import")
    assert entry.details["at_most"] == "USD 16.00"
    HistoryImport.objects.update(finished_at=NOW, seen=120)
    budget(channel, "5", clock())
    text = client.post(place).content.decode()
    assert "This costs up to USD 0.60" in text and "of which USD 5.00 are left" in text
    stranger = Client()
    stranger.force_login(people("mill")[1])
    assert stranger.post(place, {"agreed": "600000"}).status_code == 404


class Flaky:
    """X's history part over nothing: each second reading fails after it was sent."""

    def __init__(self, inner: Any) -> None:
        self.names, self.most_ids, self.tries = inner.names, 10, 0

    async def page(self, http: Any, account: Any, cursor: str) -> PastPage:
        return PastPage(())

    async def metrics(self, http: Any, account: Any, posts: Sequence[Any]) -> Mapping[str, Mapping[str, float]]:
        self.tries += 1
        calls = PLATFORMS["x"].reading
        assert calls and http.budget
        ticket = await http.budget.hold(calls.metrics, len(posts))
        if self.tries % 2:
            await http.budget.settle(ticket, None)
            raise TryAgain("Lost.", after=5)
        await http.budget.settle(ticket, len(posts))
        return {one.remote_id: {"like_count": 1.0} for one in posts}


@pytest.mark.django_db(transaction=True)
def test_retries_never_go_beyond_the_budget(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = channel_on_x(plan="ppu")
    Credential.objects.create(channel=channel, secrets=bound(channel.pk, {"access_token": "a"}))
    history = Flaky(PLATFORMS["x"].history)
    monkeypatch.setitem(PLATFORMS, "x", replace(PLATFORMS["x"], history=history))  # type: ignore[arg-type]
    for _ in range(40):
        past_post(channel, "A", posted_at=clock() - 3 * HOUR)
    budget(channel, "0.40", clock())
    for _ in range(12):
        PastPost.objects.update(next_read_at=clock() - HOUR)
        HistoryImport.objects.update(next_at=clock() - HOUR, looked_at=clock(), held_until=clock() - HOUR)
        asyncio.run(read_history(channel.pk))
    window = CapWindow.objects.get()
    assert 350_000 <= window.spent <= 400_000 and window.held == 0
    assert history.tries >= 6 and CallDay.objects.count() == 0
    row = HistoryImport.objects.get()
    assert "A cap does not allow it" in row.why
    HistoryImport.objects.update(next_at=clock() - HOUR, held_until=clock() - HOUR)
    held = take(channel.pk, now=clock())
    assert held and held.planned and held.charged


def test_a_reading_leaves_the_next_one_to_the_plan(channel: Channel) -> None:
    one = post(channel, 5, 50)
    budget(channel, "5")
    assert spend.is_planned(channel)
    other = channel_on_x("mill", plan="ppu")
    assert not spend.is_planned(other)
    plan_all(NOW)
    assert due(one) != [None]
