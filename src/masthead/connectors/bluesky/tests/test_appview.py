"""What readers see: the whole network with its AppView, on a real PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from masthead.connectors.bluesky.tests.harness import account_of, platform_at
from masthead.connectors.bluesky.tests.realpds import RunningPds
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.values import Account, Delivery, Segment

pytestmark = [pytest.mark.servers, pytest.mark.slow]


async def connected(network: RunningPds, http: Http, number: int) -> Account:
    form, person = platform_at(network).connecting.form, network.accounts[number]
    assert form is not None
    answers = {"handle": person.handle, "password": person.app_password, "server": network.url}
    return account_of(await form.connect(http, answers))


async def test_a_post_is_seen_answered_and_liked(network: RunningPds, transport: Transport) -> None:
    platform = platform_at(network)
    http = Http(transport, platform="bluesky", operations=platform.operations, meter=Unmetered())
    alice, bob = [await connected(network, http, number) for number in (0, 1)]
    mention = Delivery("a" * 32, (Segment(f"hello @{bob.handle} #tag"), Segment("second")), datetime.now(UTC))
    first = await platform.publisher.publish(http, alice, mention, 0, ())
    second = await platform.publisher.publish(http, alice, mention, 1, (first,))
    subject = {"uri": first.raw["uri"], "cid": first.raw["cid"]}
    like = {"$type": "app.bsky.feed.like", "subject": subject, "createdAt": datetime.now(UTC).isoformat()}
    body = {"repo": bob.remote_id, "collection": "app.bsky.feed.like", "record": like}
    network.xrpc("com.atproto.repo.createRecord", body, bob.secrets["access"])
    network.settle()
    thread = network.xrpc(f"app.bsky.feed.getPostThread?uri={first.remote_id}", token=bob.secrets["access"])["thread"]
    assert thread["post"]["likeCount"] == 1
    assert thread["post"]["replyCount"] == 1
    assert thread["replies"][0]["post"]["uri"] == second.remote_id
    told = network.xrpc("app.bsky.notification.listNotifications", token=bob.secrets["access"])["notifications"]
    assert [(one["reason"], one["uri"]) for one in told] == [("mention", first.remote_id)]
    feed = network.xrpc(f"app.bsky.feed.getAuthorFeed?actor={alice.handle}", token=bob.secrets["access"])["feed"]
    assert {one["post"]["uri"] for one in feed} == {first.remote_id, second.remote_id}
    page = await platform.history.page(http, alice, "")  # type: ignore[union-attr]
    assert [one.remote_id for one in page.posts] == [second.remote_id, first.remote_id]
    assert page.posts[1].metrics["likeCount"] == 1
    numbers = await platform.history.metrics(http, alice, page.posts)  # type: ignore[union-attr]
    assert numbers[first.remote_id]["replyCount"] == 1
