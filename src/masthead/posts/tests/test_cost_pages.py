"""What pages say of costs and full days; what the workspace's policy refuses; what metering is told of the schedule."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from masthead.channels.models import Channel
from masthead.kit.money import Money
from masthead.metering.caps.cycles import cycle
from masthead.metering.commitments import committed
from masthead.metering.models import Call, Cap, CapWindow
from masthead.posts.capping import beyond
from masthead.posts.compose import Invalid
from masthead.posts.composer_state import checked
from masthead.posts.cost_words import total_of
from masthead.posts.crowding import crowd_on, fullest, overfull
from masthead.posts.models import Attempt, Post, Publication, Variant
from masthead.posts.schedule import ensure_lane, move, schedule
from masthead.posts.states import Editorial, State
from masthead.posts.tests.scene import people, post_on
from masthead.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
SOON = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def channel_on(workspace: Workspace, platform: str = "sandbox", name: str = "Ticker", **more: Any) -> Channel:
    channel = Channel.objects.create(
        workspace=workspace,
        platform=platform,
        server="http://127.0.0.1:1",
        remote_id=name,
        handle="@a",
        name=name,
        **more,
    )
    ensure_lane(channel)
    return channel


def draft_on(channel: Channel, *texts: str) -> Post:
    segments = [{"text": text, "attachments": [], "poll": None} for text in texts]
    post = Post.objects.create(workspace=channel.workspace, segments=segments, state=Editorial.APPROVED, language="en")
    Variant.objects.create(post=post, channel=channel)
    return post


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def saved(client: Client, post: Post, **more: Any) -> dict[str, Any]:
    channel = post.variants.get().channel_id
    body = {"version": post.version, "segments": post.segments, "channels": {channel: {}}} | more
    address = reverse("posts:save", args=[post.workspace.slug, post.pk])
    answer = client.post(address, json.dumps(body), content_type="application/json").json()
    return answer | {"mine": answer["check"][str(channel)]}


def test_saving_tells_the_cost_and_the_cheaper_forms():
    workspace, owner = people()
    post = draft_on(channel_on(workspace), "Menu: https://example.org/menu")
    told = saved(signed_in(owner), post)
    assert told["cost"] == "USD 0.15"
    assert told["mine"]["cost"]["charges"] == ["1 × Post with a link at USD 0.15"]
    forms = {one["name"]: one for one in told["mine"]["cost"]["forms"]}
    assert list(forms) == ["link_in_reply", "link_in_bio", "no_link"]
    assert forms["link_in_reply"]["saves"] == "USD 0.02, saves USD 0.13"
    assert [one["text"] for one in forms["link_in_reply"]["segments"]] == ["Menu:", "https://example.org/menu"]
    assert forms["link_in_bio"]["segments"][0]["text"] == "Menu: (link in bio)"


def test_the_words_put_into_a_text_are_in_the_posts_language():
    workspace, owner = people()
    post = draft_on(channel_on(workspace), "Karte: https://example.org/menu")
    forms = saved(signed_in(owner), post, language="de-CH")["mine"]["cost"]["forms"]
    assert forms[1]["segments"][0]["text"] == "Karte: (Link im Profil)"


def test_a_channel_that_costs_nothing_says_nothing():
    workspace, owner = people()
    told = saved(signed_in(owner), draft_on(channel_on(workspace, "mastodon"), "See https://example.org"))
    assert told["cost"] == "" and told["mine"]["cost"] is None and told["mine"]["crowd"] == ""


def test_what_is_scheduled_is_committed_and_only_in_its_own_workspace():
    workspace, _owner = people()
    other, _other = people("butcher")
    channel = channel_on(workspace)
    post_on(channel, "See https://example.org", "and more", publish_at=SOON)
    post_on(channel_on(other), "Sausages", publish_at=SOON)
    cancelled = post_on(channel, "Not this", publish_at=SOON)
    Publication.objects.filter(pk=cancelled.pk).update(state=State.CANCELLED)
    found = committed(workspace.pk, SOON, SOON + timedelta(days=1))
    assert [(one.price_key, one.units, one.micros, one.channel_id) for one in found] == [
        ("post.create.url", 1, 150_000, channel.pk),
        ("post.create", 1, 10_000, channel.pk),
    ]
    assert not committed(workspace.pk, SOON + timedelta(seconds=1), SOON + timedelta(days=1))


def test_of_a_thread_under_way_only_the_rest_is_committed():
    workspace, _owner = people()
    post_on(
        channel_on(workspace), "See https://example.org", "and more", publish_at=SOON, receipts=[{"remote_id": "1"}]
    )
    assert [one.micros for one in committed(workspace.pk, SOON, SOON + timedelta(days=1))] == [10_000]


def test_the_calendar_says_what_the_month_costs_and_which_day_is_too_full():
    workspace, owner = people()
    post_on(channel_on(workspace), "See https://example.org", publish_at=SOON)
    pictures = channel_on(workspace, "instagram", "Pictures")
    rows = [post_on(pictures, f"Loaf {n}", publish_at=SOON + timedelta(minutes=n)) for n in range(101)]
    page = signed_in(owner).get(reverse("posts:calendar", args=[workspace.slug]) + "?month=2027-01").content.decode()
    assert "Scheduled in this month costs <strong>USD 0.15</strong>" in page
    assert "101 of 100 on Instagram" in page
    rows[0].delete()
    page = signed_in(owner).get(reverse("posts:calendar", args=[workspace.slug]) + "?month=2027-01").content.decode()
    assert " of 100 on Instagram" not in page


def test_any_24_hours_around_a_time_count():
    day = timedelta(days=1)
    others = [(SOON - day, 1), (SOON - day + timedelta(seconds=1), 2), (SOON + timedelta(hours=23), 4), (SOON + day, 8)]
    assert fullest(others, (SOON, 1)) == 5
    assert fullest([], (SOON, 3)) == 3


def full(workspace: Workspace, count: int = 100) -> Channel:
    channel = channel_on(workspace, "instagram", "Pictures")
    for number in range(count):
        post_on(channel, f"Loaf {number}", publish_at=SOON)
    return channel


def test_the_composer_tells_the_place_in_a_full_day():
    workspace, owner = people()
    post = draft_on(full(workspace), "One more loaf")
    post.wanted_at = SOON
    post.save()
    told = saved(signed_in(owner), post, wanted_at=SOON.strftime("%Y-%m-%dT%H:%M"))["mine"]
    assert told["crowd"] == "It would be number 101 of the 100 that Instagram takes in a day."
    assert crowd_on(post.variants.get().channel, 1, SOON + timedelta(days=2)).number == 1


def picture_post(channel: Channel) -> Post:
    """A post that only lacks room: Instagram's own rules are looked at elsewhere."""
    return draft_on(channel, "One more")


def test_policy_refuses_or_warns(monkeypatch):
    monkeypatch.setattr("masthead.posts.schedule.problems_of", lambda post, variant: [])
    workspace, _owner = people()
    channel = full(workspace)
    (made,) = schedule(picture_post(channel), SOON, now=NOW, actor="x")
    Publication.objects.filter(pk=made.pk).delete()
    workspace.over_quota = "refuse"
    workspace.save()
    channel = Channel.objects.get(pk=channel.pk)
    with pytest.raises(Invalid, match="number 101 of the 100"):
        schedule(draft_on(channel, "And another"), SOON, now=NOW, actor="x")
    (row,) = schedule(draft_on(channel, "On another day"), SOON + timedelta(days=3), now=NOW, actor="x")
    with pytest.raises(Invalid, match="number 101 of the 100"):
        move(row, SOON, now=NOW, actor="x")
    mine = Publication.objects.filter(channel=channel).exclude(pk=row.pk).first()
    move(Publication.objects.get(pk=mine.pk), SOON + timedelta(hours=1), now=NOW, actor="x")


def test_the_policy_is_a_setting():
    workspace, owner = people()
    address = reverse("workspaces:settings", args=[workspace.slug])
    assert 'name="over_quota"' in signed_in(owner).get(address).content.decode()
    form = {"name": "Bakery", "time_zone": "UTC", "language": "en", "late_after_minutes": 60, "over_quota": "refuse"}
    signed_in(owner).post(address, form)
    assert Workspace.objects.get(pk=workspace.pk).over_quota == "refuse"


def test_an_app_of_several_channels_is_counted_together_and_not_with_other_workspaces():
    workspace, _owner = people()
    other, _other = people("butcher")
    limits = {"plan": "free", "app": "one"}
    mine = [channel_on(workspace, "x", name, limits=limits) for name in ("First", "Second")]
    theirs = channel_on(other, "x", "Theirs", limits=limits)
    rows = [post_on(one, f"Number {n}", publish_at=SOON) for n in range(8) for one in (*mine, theirs)]
    assert (crowd_on(mine[0], 2, SOON).number, crowd_on(mine[0], 2, SOON).limit) == (18, 17)
    ours = [one for one in rows if one.workspace_id == workspace.pk]
    assert not overfull(ours)
    ((_channel, crowd),) = overfull([*ours, rows[0], rows[1]])
    assert (crowd.number, crowd.limit, crowd.platform) == (18, 17, "X")


def called(row: Publication, at: datetime, key: str, micros: int, **more: Any) -> None:
    kept = {"workspace_id": row.workspace_id, "channel_id": row.channel_id, "platform": row.channel.platform} | more
    Call.objects.create(
        at=at, price_key=key, micros=micros, currency="USD" if micros else "", charged=1, units=1, status=200, weight=1,
        seconds=0.1, server="s", operation="create", **({"purpose": "publish"} | kept),
    )  # fmt: skip


def test_the_page_of_a_publication_says_what_its_tries_cost():
    workspace, owner = people()
    row = post_on(channel_on(workspace), "See https://example.org", publish_at=NOW, state=State.PUBLISHED)
    Attempt.objects.create(
        publication=row, number=1, worker="w", started_at=NOW, lease_until=NOW + timedelta(minutes=2),
        ended_at=NOW + timedelta(seconds=20),
    )  # fmt: skip
    called(row, NOW + timedelta(seconds=1), "media.upload", 2_000)
    called(row, NOW + timedelta(seconds=2), "post.create.url", 150_000)
    called(row, NOW + timedelta(seconds=3), "post.create", 7_000, purpose="read")
    called(row, NOW + timedelta(seconds=30), "post.create", 7_000)
    called(row, NOW + timedelta(seconds=2), "post.create", 7_000, channel_id=row.channel_id + 1)
    address = reverse("posts:publication", args=[workspace.slug, row.pk])
    page = signed_in(owner).get(address).content.decode()
    assert "What it cost" in page and "1 × Post with a link" in page and "USD 0.152" in page and "USD 0.159" not in page


def test_the_page_of_a_scheduled_publication_says_what_it_will_cost():
    workspace, owner = people()
    row = post_on(channel_on(workspace), "Bread", "and more", publish_at=SOON)
    page = signed_in(owner).get(reverse("posts:publication", args=[workspace.slug, row.pk])).content.decode()
    assert "What it will cost" in page and "2 × Post" in page and "USD 0.02" in page


def capped(channel: Channel, amount: str, **more: Any) -> Cap:
    return Cap.objects.create(
        workspace=channel.workspace, micros=Money.of(amount, "USD").micros, currency="USD", **more
    )


def test_a_cap_counts_what_is_spent_and_what_is_scheduled():
    workspace, _owner = people()
    channel, other = channel_on(workspace), channel_on(workspace, name="Gallery")
    post_on(channel, "See https://example.org", publish_at=SOON)
    cap = capped(channel, "0.20")
    span = cycle(cap.period, 1, SOON)
    cost = Money.of("0.05", "USD")
    assert beyond(channel, cost, SOON, now=NOW) is None
    CapWindow.objects.create(cap=cap, starts_at=span[0], ends_at=span[1], micros=200_000, spent=1)
    over = beyond(other, cost, SOON, now=NOW)
    assert over and (over.used, over.cap, over.hard) == (Money(150_001, "USD"), Money(200_000, "USD"), True)
    assert beyond(other, cost, SOON + timedelta(days=60), now=NOW) is None
    assert beyond(other, cost, SOON, now=NOW, moved_from=SOON + timedelta(days=1)) is None


@pytest.mark.parametrize(
    "cap",
    [{"platform": "x"}, {"channel_id": 1}, {"purpose": "read"}, {"app": "another"}, {"currency": "EUR"}],
    ids=str,
)
def test_a_cap_on_something_else_is_not_in_the_way(cap):
    workspace, _owner = people()
    channel = channel_on(workspace)
    made = capped(channel, "0")
    Cap.objects.filter(pk=made.pk).update(**cap)
    assert beyond(channel, Money.of("0.05", "USD"), SOON, now=NOW) is None


def test_another_workspaces_cap_and_schedule_do_not_count():
    workspace, _owner = people()
    other, _other = people("butcher")
    channel, theirs = channel_on(workspace), channel_on(other)
    capped(channel, "0.20")
    capped(theirs, "0")
    post_on(theirs, "See https://example.org", publish_at=SOON)
    assert beyond(channel, Money.of("0.15", "USD"), SOON, now=NOW) is None


def test_beyond_a_cap_the_composer_warns_and_the_policy_refuses():
    workspace, owner = people()
    channel = channel_on(workspace)
    capped(channel, "0.02")
    post = draft_on(channel, "See https://example.org")
    says = "It would go beyond a cap: USD 0.00 of USD 0.02 are spent or scheduled."
    assert saved(signed_in(owner), post)["mine"]["cap"] == says
    workspace.over_quota = "refuse"
    workspace.save()
    Post.objects.filter(pk=post.pk).update(state=Editorial.APPROVED)
    with pytest.raises(Invalid, match="beyond a cap"):
        schedule(Post.objects.get(pk=post.pk), SOON, now=NOW, actor="x")
    (row,) = schedule(draft_on(Channel.objects.get(pk=channel.pk), "Bread"), SOON, now=NOW, actor="x")
    move(row, SOON + timedelta(days=1), now=NOW, actor="x")


def test_the_composer_says_what_its_month_costs_already():
    workspace, owner = people()
    channel = channel_on(workspace)
    post_on(channel, "See https://example.org", publish_at=SOON)
    post = Post.objects.create(workspace=workspace, segments=[{"text": "New"}], wanted_at=SOON)
    address = reverse("posts:compose", args=[workspace.slug, post.pk])
    assert "Scheduled for January already: <strong>USD 0.15</strong>" in signed_in(owner).get(address).content.decode()
    Post.objects.filter(pk=post.pk).update(wanted_at=SOON + timedelta(days=40))
    assert "Scheduled for" not in signed_in(owner).get(address).content.decode()


def test_what_is_out_costs_no_more():
    workspace, _owner = people()
    row = post_on(channel_on(workspace), "See https://example.org", publish_at=NOW)
    assert checked(row.post)[row.channel_id]["cost"]["total"] == "USD 0.15"
    Publication.objects.filter(pk=row.pk).update(state=State.PUBLISHED)
    found = checked(row.post)
    assert found[row.channel_id]["cost"] is None and total_of(found.values()) == ""
