"""The page of past posts: search, filters, order, one post over time, and using it again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from masthead.channels.models import Channel
from masthead.posts.history import chart
from masthead.posts.history.words import metric_word
from masthead.posts.models import HistoryImport, PastPost, Post, Sample
from masthead.posts.tests.scene import past_post, people

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 3, 10, 8, tzinfo=UTC)
TEXTS = re.compile(r'class="past-text"[^>]*>([^<]*)<')


@pytest.fixture
def channel() -> Channel:
    workspace, _owner = people()
    return Channel.objects.create(
        workspace=workspace, platform="sandbox", server="http://127.0.0.1:1", remote_id="1", handle="@a", name="Ticker"
    )


@pytest.fixture
def client(channel: Channel) -> Client:
    made = Client()
    made.force_login(channel.workspace.users.get())
    return made


def shown(client: Client, **query: Any) -> list[str]:
    page = client.get(reverse("posts:past", args=["bakery"]), query)
    assert page.status_code == 200
    return TEXTS.findall(page.content.decode())


def url(name: str, id_: int) -> str:
    return reverse(f"posts:{name}", args=["bakery", id_])


def test_search_filters_and_order(client: Client, channel: Channel) -> None:
    other = Channel.objects.create(
        workspace=channel.workspace, platform="sandbox", server="http://127.0.0.1:1", remote_id="2", handle="@b"
    )
    past_post(channel, "Rye bread", posted_at=DAY, metrics={"likes": 9.0, "views": 100.0})
    past_post(channel, "Walnut bread", posted_at=DAY - timedelta(days=2), metrics={"likes": 20.0})
    past_post(other, "A reply", posted_at=DAY - timedelta(days=1), kind="reply", metrics={"smile_count": 3.0})
    assert shown(client) == ["Rye bread", "A reply", "Walnut bread"]
    assert shown(client, sort="oldest") == ["Walnut bread", "A reply", "Rye bread"]
    assert shown(client, sort="likes") == ["Walnut bread", "Rye bread", "A reply"]
    assert shown(client, sort="smile_count")[0] == "A reply"
    assert shown(client, sort="metrics'; drop table x") == ["Rye bread", "A reply", "Walnut bread"]
    assert shown(client, q="bre wal") == ["Walnut bread"]
    assert shown(client, q="' & !") == []
    assert shown(client, channel=other.pk) == shown(client, kind="reply") == ["A reply"]
    assert shown(client, **{"from": "2026-03-09", "to": "2026-03-09"}) == ["A reply"]
    assert shown(client, to="2026-03-08") == ["Walnut bread"]
    assert len(shown(client, **{"from": "soon", "to": "9999-12-31", "channel": "x", "kind": "x"})) == 3


def test_numbers_stand_right_and_missing_ones_are_no_zeros(client: Client, channel: Channel) -> None:
    past_post(channel, "Rye", metrics={"views": 1234.0})
    past_post(channel, "Oat", metrics={"likes": 0.0})
    page = client.get(reverse("posts:past", args=["bakery"])).content.decode()
    cells = re.findall(r'<td class="numbers" data-label="(\w+)">(?:<span class="muted">)?([^<]*)<', page)
    assert cells == [("Views", "–"), ("Likes", "0"), ("Views", "1,234"), ("Likes", "–")]


def test_one_post_over_time(client: Client, channel: Channel) -> None:
    post = past_post(
        channel, "Rye", posted_at=DAY, metrics={"likes": 1.0}, media=[{"kind": "image", "url": "", "alt": "A loaf"}]
    )
    later = DAY + timedelta(days=1)
    Sample.objects.create(past_post=post, metric="likes", native="likes", value=7, observed_at=later)
    PastPost.objects.update(metrics={"likes": 7.0}, read_at=later + timedelta(days=1), gone_at=later)
    page = client.get(url("past_show", post.pk)).content.decode()
    assert "<polyline" in page and "A loaf" in page and "gone from the platform" in page and "style=" not in page
    assert re.findall(r'<td class="numbers">(\d+)<', page) == ["7", "1"]


def test_empty_pages_teach(client: Client, channel: Channel) -> None:
    def said() -> str:
        return client.get(reverse("posts:past", args=["bakery"])).content.decode()

    assert "No past posts yet" in said()
    past_post(channel, "x").delete()
    HistoryImport.objects.update(finished_at=None)
    assert "Your posts are on their way" in said() and "hx-trigger" in said()
    HistoryImport.objects.update(why="The platform asks to wait.")
    assert "The platform asks to wait." in said()
    Channel.objects.update(platform="gone")
    assert "show no past posts" in said()
    Channel.objects.all().delete()
    assert "See what worked" in said()


def test_use_again_makes_a_draft_and_says_what_is_missing(client: Client, channel: Channel) -> None:
    media = [{"kind": "image", "url": "https://x.test/a.png", "preview_url": "", "alt": ""}]
    post = past_post(channel, "Worth repeating", media=media, language="de")
    page = client.post(url("past_again", post.pk), follow=True).content.decode()
    draft = Post.objects.get()
    assert draft.segments == [{"text": "Worth repeating", "attachments": [], "poll": None}]
    assert (draft.state, draft.language, draft.variants.get().channel) == ("draft", "de", channel)
    assert "Add the pictures and videos again" in page
    Channel.objects.update(condition=Channel.Condition.DISCONNECTED)
    client.post(url("past_again", post.pk))
    assert Post.objects.latest("pk").variants.count() == 0


def test_the_button_begins_anew(client: Client, channel: Channel) -> None:
    past_post(channel, "x")
    client.post(url("past_import", channel.pk))
    row = HistoryImport.objects.get()
    assert row.finished_at is None and row.cursor == "" and row.seen == 0


def test_a_name_without_a_word_of_ours_is_made_readable() -> None:
    assert [metric_word(name) for name in ("likes", "bookmarkCount", "public_metrics.x")] == [
        "Likes",
        "Bookmark Count".capitalize(),
        "Public metrics x",
    ]


def test_a_line_holds_its_last_value_until_the_last_reading() -> None:
    points = [("likes", DAY, 0.0), ("likes", DAY + timedelta(hours=1), 10.0), ("views", DAY, 5.0)]
    likes, views = chart.lines(points, ["likes", "views"], DAY + timedelta(hours=2))
    assert likes.points == "6.0,90.0 160.0,6.0 314.0,6.0" and (likes.least, likes.most, likes.latest) == (0, 10, 10)
    assert views.points.split()[-1] == "314.0,6.0"
    assert chart.table(points, ["likes", "views"]) == [(points[1][1], [10.0, 5.0]), (DAY, [0.0, 5.0])]
