"""Past posts in a real browser: light and dark, wide and narrow, without accessibility faults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from masthead.channels.models import Channel
from masthead.posts.models import HistoryImport, Post, Sample
from masthead.posts.tests.scene import past_post, people
from masthead.web.tests.browser import browser, page, screenshots, sign_in  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_past_posts(page, live_server, transactional_db):  # noqa: F811
    workspace, owner = people()
    sign_in(page, live_server, owner)
    page.goto(f"{live_server.url}/w/bakery/past-posts/")
    assert screenshots(page, "past-empty") == []
    channel = Channel.objects.create(
        workspace=workspace, platform="sandbox", server="http://127.0.0.1:1", remote_id="1", handle="@a", name="Ticker"
    )
    for number in range(30):
        at = datetime.now(UTC) - timedelta(days=number + 2)
        numbers = {"views": 1200.0 + number, "likes": 30.0 * number, "replies": 2.0, "reposts": 3.0, "smiles": 1.0}
        media = [{"kind": "image", "url": "https://example.org/a.png", "preview_url": "", "alt": "A loaf"}] * (
            number % 2
        )
        past_post(channel, f"Bread number {number} is out of the oven", posted_at=at, metrics=numbers, media=media)
    HistoryImport.objects.update(finished_at=None, oldest_at=at, seen=30)
    page.goto(f"{live_server.url}/w/bakery/past-posts/")
    assert screenshots(page, "past-list") == []
    page.get_by_role("columnheader", name="Likes").get_by_role("link").click()
    page.locator("tbody tr").first.get_by_role("link", name="Bread number 29").click()
    post = channel.pk and Sample.objects.filter(past_post__text__contains="number 29").first().past_post
    for hour in range(1, 40):
        when = post.posted_at + timedelta(hours=hour * 12)
        Sample.objects.create(past_post=post, metric="views", native="views", value=1229 + hour**1.8, observed_at=when)
    page.reload()
    assert screenshots(page, "past-show") == []
    page.get_by_role("button", name="Use again").click()
    page.get_by_text("Add the pictures and videos again").wait_for()
    assert Post.objects.get().segments[0]["text"].startswith("Bread number 29")
