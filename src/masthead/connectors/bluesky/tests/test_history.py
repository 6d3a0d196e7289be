"""Past posts through the index, on the double; test_appview.py does the same with the real one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from masthead.connectors.bluesky import BLUESKY
from masthead.connectors.bluesky.history import NAMES, BlueskyHistory
from masthead.connectors.bluesky.tests import lexicons
from masthead.connectors.bluesky.tests.double import DID, HANDLE, Double, running_double
from masthead.contract.errors import NeedsReconnect
from masthead.contract.history import METRICS
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.values import Account

CID = "bafyreiabc"


@pytest.fixture
async def double() -> AsyncIterator[Double]:
    async with running_double() as one:
        yield one


@pytest.fixture
def account(double: Double) -> Account:
    return Account(1, 1, double.url, DID, HANDLE, {"kind": "app_password", "access": "a", "refresh": "r"})


@pytest.fixture
def http(transport: Transport) -> Http:
    return Http(transport, platform="bluesky", operations=BLUESKY.operations, meter=Unmetered())


def item(number: int, *, did: str = DID, reply: str = "", embed: Any = None, created: str = "", **more: Any) -> Any:
    """One item of a feed; a higher number is older."""
    at = f"2026-11-{20 - number:02}T08:00:00.000Z"
    record: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": f"Post {number}", "createdAt": created or at}
    if reply:
        parent = {"uri": reply, "cid": CID}
        record["reply"] = {"root": parent, "parent": parent}
    post = {
        "uri": f"at://{did}/app.bsky.feed.post/3k{number}",
        "cid": CID,
        "author": {"did": did, "handle": HANDLE},
        "record": record | {"langs": ["de"]},
        "indexedAt": at,
        "likeCount": number,
        "repostCount": 2,
        "replyCount": 0,
        "quoteCount": 1,
        "bookmarkCount": 4,
        **({"embed": embed} if embed else {}),
    }
    return {"post": post, **more}


async def all_of(http: Http, account: Account, size: int) -> list[Any]:
    found, cursor, history = [], "", replace(BlueskyHistory(), page_size=size)
    for _ in range(10):
        page = await history.page(http, account, cursor)
        found += page.posts
        cursor = page.cursor
        if not cursor:
            break
    return found


async def test_own_posts_with_their_numbers(double: Double, http: Http, account: Account) -> None:
    double.feed = [item(number) for number in range(5)]
    found = await all_of(http, account, 2)
    assert [one.text for one in found] == [f"Post {number}" for number in range(5)]
    assert found[3].metrics == {"likeCount": 3, "repostCount": 2, "replyCount": 0, "quoteCount": 1, "bookmarkCount": 4}
    assert found[0].url == f"https://bsky.app/profile/{HANDLE}/post/3k0"
    assert (found[0].posted_at, found[0].language) == (datetime(2026, 11, 20, 8, tzinfo=UTC), "de")
    assert double.asked[0] == {
        "actor": [DID],
        "limit": ["2"],
        "filter": ["posts_with_replies"],
        "includePins": ["false"],
    }


async def test_what_others_wrote_is_left_out(double: Double, http: Http, account: Account) -> None:
    repost = item(1, did="did:plc:other", reason={"$type": "app.bsky.feed.defs#reasonRepost"})
    double.feed = [
        item(0),
        repost,
        item(2, did="did:plc:other"),
        item(3, reply="at://did:plc:other/app.bsky.feed.post/1"),
    ]
    found = await all_of(http, account, 50)
    assert [(one.kind, one.text) for one in found] == [("post", "Post 0"), ("reply", "Post 3")]
    assert found[1].reply_to == "at://did:plc:other/app.bsky.feed.post/1"


async def test_media_are_references(double: Double, http: Http, account: Account) -> None:
    image = {"thumb": "https://cdn.test/t", "fullsize": "https://cdn.test/f", "alt": "A loaf"}
    images = {"$type": "app.bsky.embed.images#view", "images": [image]}
    video = {
        "$type": "app.bsky.embed.video#view",
        "cid": CID,
        "playlist": "https://cdn.test/p.m3u8",
        "thumbnail": "https://cdn.test/v",
    }
    beside = {"$type": "app.bsky.embed.recordWithMedia#view", "media": images, "record": {}}
    double.feed = [item(0, embed=images), item(1, embed=video), item(2, embed=beside), item(3)]
    found = await all_of(http, account, 50)
    assert [[(one.kind, one.preview_url, one.alt) for one in post.media] for post in found] == [
        [("image", "https://cdn.test/t", "A loaf")],
        [("video", "https://cdn.test/v", "")],
        [("image", "https://cdn.test/t", "A loaf")],
        [],
    ]


@pytest.mark.parametrize("created", ["2031-01-01T00:00:00Z", "yesterday"])
async def test_a_date_from_the_future_or_nonsense_is_not_believed(
    double: Double, http: Http, account: Account, created: str
) -> None:
    double.feed = [item(0, created=created)]
    assert (await all_of(http, account, 50))[0].posted_at == datetime(2026, 11, 20, 8, tzinfo=UTC)


async def test_numbers_by_id_and_what_is_gone(double: Double, http: Http, account: Account) -> None:
    double.feed = [item(number) for number in range(3)]
    posts = await all_of(http, account, 50)
    del double.feed[1]
    told = await BlueskyHistory().metrics(http, account, posts)
    assert set(told) == {posts[0].remote_id, posts[2].remote_id}
    assert told[posts[2].remote_id]["likeCount"] == 2


async def test_a_dead_sign_in_asks_for_a_reconnect(double: Double, http: Http, account: Account) -> None:
    double.refuse["app.bsky.feed.getAuthorFeed"] = (401, {"error": "AuthenticationRequired", "message": "no"})
    with pytest.raises(NeedsReconnect):
        await BlueskyHistory().page(http, account, "")


def test_names_are_the_lexicons_and_ours() -> None:
    assert set(NAMES.values()) <= set(METRICS)
    if not lexicons.lexicons():
        pytest.skip("the folder of contracts is absent")
    assert set(NAMES) <= set(lexicons.lexicons()["app.bsky.feed.defs#postView"]["properties"])
    feed = lexicons.lexicons()["app.bsky.feed.getAuthorFeed#main"]["parameters"]["properties"]
    assert {"actor", "limit", "filter", "includePins", "cursor"} <= set(feed)
    assert BlueskyHistory().page_size <= feed["limit"]["maximum"]
    posts = lexicons.lexicons()["app.bsky.feed.getPosts#main"]["parameters"]["properties"]["uris"]
    assert BlueskyHistory().most_ids <= posts["maxLength"]
