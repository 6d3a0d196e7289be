"""A Page's past posts with their numbers, and what is missing where Facebook gives none."""

from __future__ import annotations

import pytest

from masthead.connectors.meta.facebook.history import FacebookHistory
from masthead.connectors.meta.facebook.tests.harness import FacebookHarness
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.http import Http
from masthead.contract.values import Account, Segment


async def test_pages_of_past_posts(harness: FacebookHarness, http: Http, account: Account) -> None:
    history, publisher = FacebookHistory(page_size=2), harness.platform.publisher
    for number in range(2):
        await publisher.publish(http, account, delivery(f"Post {number}"), 0, ())
    image = picture("image/png", "A rectangle")
    await publisher.publish(http, account, delivery(Segment("Post 2", (image,))), 0, ())
    first = await history.page(http, account, "")
    second = await history.page(http, account, first.cursor)
    assert [one.text for one in (*first.posts, *second.posts)] == ["Post 2", "Post 1", "Post 0"]
    assert second.cursor == ""
    newest = first.posts[0]
    assert [(one.kind, one.alt) for one in newest.media] == [("image", "A rectangle")]
    assert newest.metrics == {"reactions": 3, "comments": 0, "shares": 1}
    assert newest.url.startswith("https://www.facebook.com/") and newest.posted_at.tzinfo


async def test_numbers_of_today_by_meta_s_names(harness: FacebookHarness, http: Http, account: Account) -> None:
    history, publisher = harness.platform.history, harness.platform.publisher
    assert history
    kept = await publisher.publish(http, account, delivery("Kept"), 0, ())
    lost = await publisher.publish(http, account, delivery("Lost"), 0, ())
    posts = (await history.page(http, account, "")).posts
    await publisher.remove(http, account, lost)
    numbers = await history.metrics(http, account, posts)
    assert set(numbers) == {kept.remote_id}
    told = numbers[kept.remote_id]
    assert told["post_media_view"] == 210 and told["reactions"] == 3
    assert set(told) == set(history.names)


async def test_where_insights_are_refused_the_counts_remain(
    harness: FacebookHarness, http: Http, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = harness.platform.history
    assert history
    await harness.platform.publisher.publish(http, account, delivery("Small Page"), 0, ())
    posts = (await history.page(http, account, "")).posts
    monkeypatch.setattr("masthead.connectors.meta.facebook.history.METRICS", "post_impressions")
    assert set((await history.metrics(http, account, posts))[posts[0].remote_id]) == {"reactions", "comments", "shares"}
