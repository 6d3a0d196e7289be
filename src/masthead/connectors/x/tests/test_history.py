"""The account's own past posts: two stretches, the owner's numbers for thirty days, both of X's vocabularies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from masthead.connectors.tests.kit import Remembering, delivery, http_of, picture
from masthead.connectors.x import x_platform
from masthead.connectors.x.history import XHistory
from masthead.connectors.x.tests.double import XDouble
from masthead.connectors.x.tests.harness import XHarness
from masthead.connectors.x.words import POSTS
from masthead.contract.history import PastPost
from masthead.contract.http import Http, Transport
from masthead.contract.platform import Platform
from masthead.contract.values import Account, Presence, Segment


def history_of(platform: Platform) -> XHistory:
    assert isinstance(platform.history, XHistory)
    return platform.history


async def listing(platform: Platform, http: Http, account: Account) -> list[PastPost]:
    history, cursor, found = history_of(platform), "", list[PastPost]()
    for _ in range(20):
        page = await history.page(http, account, cursor)
        found += page.posts
        cursor = page.cursor
        if not cursor:
            return found
    raise AssertionError("the listing has no end")


async def filled(platform: Platform, http: Http, account: Account, double: XDouble) -> None:
    """Five posts: three of today, the last with a parent, one with a picture; two of two months ago."""
    publisher = platform.publisher
    for text in ("Old one", "Old two"):
        await publisher.publish(http, account, delivery(text), 0, ())
    for post in double.memory.posts:
        post.at -= timedelta(days=60)
    await publisher.publish(http, account, delivery(Segment("New", (picture("image/png", "A loaf"),))), 0, ())
    thread = delivery("First", "Second")
    first = await publisher.publish(http, account, thread, 0, ())
    await publisher.publish(http, account, thread, 1, (first,))


async def test_all_posts_with_what_came_back(
    harness: XHarness, http: Http, account: Account, double: XDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("masthead.connectors.x.history.PAGE", 5)
    for number in range(6):
        double.memory.create(double.memory.people[account.remote_id], {"text": f"Ancient {number}"})
    await filled(harness.platform, http, account, double)
    posts = await listing(harness.platform, http, account)
    assert [one.text.split(" https")[0] for one in posts][:5] == ["Second", "First", "New", "Old two", "Old one"]
    assert len(posts) == 11
    assert [one.kind for one in posts[:3]] == ["reply", "post", "post"]
    assert posts[0].reply_to == posts[1].remote_id
    assert [(one.kind, one.alt) for one in posts[2].media] == [("image", "A loaf")]
    assert posts[1].metrics["url_link_clicks"] == 7
    assert "url_link_clicks" not in posts[3].metrics
    assert posts[3].metrics["like_count"] == 5
    assert posts[0].metrics["impression_count"] == 100


async def test_numbers_of_single_posts(
    harness: XHarness, http: Http, account: Account, double: XDouble, meter: Remembering
) -> None:
    await filled(harness.platform, http, account, double)
    posts = await listing(harness.platform, http, account)
    double.memory.posts.pop()
    meter.calls.clear()
    found = await history_of(harness.platform).metrics(http, account, posts)
    assert set(found) == {one.remote_id for one in posts[1:]}
    assert found[posts[1].remote_id]["user_profile_clicks"] == 4
    assert "user_profile_clicks" not in found[posts[4].remote_id]
    assert [call.price_key for call in meter.calls] == ["post.read", "post.read"]


async def test_where_private_numbers_are_withheld_no_post_is_lost(
    harness: XHarness, http: Http, account: Account, double: XDouble
) -> None:
    await filled(harness.platform, http, account, double)
    double.private_for = timedelta()
    posts = await listing(harness.platform, http, account)
    assert len(posts) == 5
    found = await history_of(harness.platform).metrics(http, account, posts)
    assert len(found) == 5
    assert found[posts[0].remote_id]["like_count"] == 5


async def test_every_number_has_a_word_of_ours(
    harness: XHarness, http: Http, account: Account, double: XDouble
) -> None:
    await filled(harness.platform, http, account, double)
    posts, names = await listing(harness.platform, http, account), history_of(harness.platform).names
    ours = {names[name] for one in posts for name in one.metrics}
    assert ours >= {"impressions", "likes", "replies", "reposts", "quotes", "bookmarks", "clicks", "profile_visits"}


@pytest.fixture
def renamed() -> Iterator[XHarness]:
    harness = XHarness(XDouble(new_words=True))
    harness.platform = x_platform(harness.double.url, harness.double.url, POSTS)
    harness.start()
    yield harness
    harness.stop()


async def test_the_new_words(renamed: XHarness) -> None:
    account, platform = await renamed.account("Premium"), renamed.platform
    async with Transport(allow_private=True) as transport:
        http = http_of(renamed, transport, Remembering())
        await filled(platform, http, account, renamed.double)
        long = delivery("Long. " * 100)
        await platform.publisher.publish(http, account, long, 0, ())
        assert (await platform.publisher.find(http, account, long, 0, ())).presence is Presence.FOUND
        posts = await listing(platform, http, account)
    assert posts[0].text == "Long. " * 100
    assert posts[1].reply_to == posts[2].remote_id
    assert {history_of(platform).names[name] for name in posts[1].metrics} >= {"reposts", "clicks"}


async def test_what_is_read_is_counted_as_x_charges_it(harness: XHarness, account: Account, double: XDouble) -> None:
    meter = Remembering()
    async with Transport(allow_private=True) as transport:
        http = http_of(harness, transport, meter)
        await filled(harness.platform, http, account, double)
        posts = await listing(harness.platform, http, account)
        await harness.platform.connecting.verify(http, account)
        await history_of(harness.platform).metrics(http, account, posts)
    ids = sorted(one.remote_id for one in posts)
    by_key = {
        key: sorted(one for call in meter.calls if call.price_key == key for one in call.resources)
        for key in ("post.read.owned", "post.read", "user.read")
    }
    assert by_key == {"post.read.owned": ids, "post.read": ids, "user.read": [account.remote_id]}
    assert all(call.units == len(call.resources) for call in meter.calls if ".read" in call.price_key)
    created = [call.units for call in meter.calls if call.price_key == "post.create"]
    assert created == [1] * 5
