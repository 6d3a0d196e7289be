"""Every call the connector can make was held against X's own description, and a wrong one would be noticed."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from masthead.connectors.tests.described import Described, Told
from masthead.connectors.tests.kit import delivery, picture
from masthead.connectors.x.operations import OPERATIONS
from masthead.connectors.x.publish import XPublisher
from masthead.connectors.x.tests.double import TWEETS, XDouble
from masthead.connectors.x.tests.harness import XHarness
from masthead.connectors.x.tests.test_history import history_of, listing
from masthead.connectors.x.tests.test_upload import QUICK, film
from masthead.contract.http import Http
from masthead.contract.inbox import Kind, Reply
from masthead.contract.values import Account, Poll, Segment

NAMES = {
    "me": "getUsersMe",
    "create_post": "createPosts",
    "create_post_with_link": "createPosts",
    "delete_post": "deletePosts",
    "own_posts": "getUsersPosts",
    "posts_by_id": "getPostsByIds",
    "create_summoned_post": "createPosts",
    "mentions": "getUsersMentions",
    "messages": "getDirectMessagesEvents",
    "messages_with": "getDirectMessagesEventsByParticipantId",
    "messages_of_group": "getDirectMessagesEventsByConversationId",
    "send_message": "createDirectMessagesByParticipantId",
    "send_to_group": "createDirectMessagesByConversationId",
    "usage": "getUsage",
    "upload": "mediaUpload",
    "initialize_upload": "initializeMediaUpload",
    "append_upload": "appendMediaUpload",
    "finalize_upload": "finalizeMediaUpload",
    "upload_status": "getMediaUploadStatus",
    "describe_media": "createMediaMetadata",
}
UNDESCRIBED = {"get_token", "revoke_token"}


async def test_every_call_is_as_described(harness: XHarness, http: Http, account: Account, double: XDouble) -> None:
    TWEETS.needed()
    before, double.memory.plan_quotes = TWEETS.requests.copy(), True
    assert isinstance(harness.platform.publisher, XPublisher)
    publisher = replace(harness.platform.publisher, uploading=QUICK)
    options = {"quote": "42", "reply_settings": "verified", "made_with_ai": True, "paid_partnership": True}
    await publisher.publish(http, account, delivery("Quoting", options=options), 0, ())
    await publisher.publish(http, account, delivery(Segment("Film", (film(b"x" * 5000),))), 0, ())
    thread = delivery(
        Segment("See https://example.org/", (picture("image/png", "A"),)), Segment("Which?", poll=Poll(("A", "B"), 300))
    )
    first = await publisher.publish(http, account, thread, 0, ())
    second = await publisher.publish(http, account, thread, 1, (first,))
    await publisher.find(http, account, thread, 1, (first,))
    posts = await listing(harness.platform, http, account)
    await history_of(harness.platform).metrics(http, account, posts)
    await publisher.remove(http, account, second)
    await answering(harness, http, account)
    await harness.platform.connecting.verify(http, account)
    assert harness.platform.usage
    await harness.platform.usage.days(http, {"bearer_token": double.memory.bearer}, 31)
    made = TWEETS.requests - before
    assert set(NAMES) | UNDESCRIBED == set(OPERATIONS)
    assert set(made) == set(NAMES.values())
    assert TWEETS.wrong == []
    print(f"X: {made.total()} requests of {len(made)} operations are as described")


async def answering(harness: XHarness, http: Http, account: Account) -> None:
    """Every call of the inbox."""
    part, group = harness.platform.inbox, frozenset((account.remote_id, harness.double.memory.person().id))
    assert part
    await harness.receive(account, Kind.MENTION, "One")
    await harness.receive(account, Kind.DIRECT, "Two, see https://example.org/")
    harness.double.memory.message(min(group), "", "Three", talk="1000000000000000001", people=group)
    for stream in ("mentions", "messages"):
        for message in (await part.page(http, account, stream, "")).messages:
            reply = Reply(secrets.token_hex(16), message, f"Answer {secrets.token_hex(3)}", datetime.now(UTC))
            await part.reply(http, account, reply)
            await part.find(http, account, reply)


def test_a_wrong_call_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    TWEETS.needed()
    monkeypatch.setattr("masthead.connectors.tests.described.KNOWN", {})
    apart = Described("apart", TWEETS.file)
    for told in (
        Told("POST", "/2/tweets", (), {"text": "A", "media": {"media_ids": ["x"]}}, "application/json"),
        Told("POST", "/2/tweets", (), {"status": "A"}, "application/json"),
        Told("GET", "/2/users/12/tweets", [("max_results", "101")]),
        Told("GET", "/2/dm_events", [("dm_event.fields", "text,colour")]),
        Told("POST", "/2/dm_conversations/with/12/messages", (), {"texts": "A"}, "application/json"),
        Told("GET", "/2/users/12/tweets", [("tweet.fields", "referenced_posts")]),
    ):
        assert apart.check_request(told), told
    assert apart.check_answer(told, 200, {"data": [{"text": 7}]})
