"""What people write to an account, on the double: kinds, pages, late arrivals; and where a reply is written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from masthead.connectors.bluesky.inbox import BlueskyInbox
from masthead.connectors.bluesky.operations import OPERATIONS
from masthead.connectors.bluesky.tests.double import DID, HANDLE, Double, running_double
from masthead.connectors.bluesky.tests.lexicons import validate
from masthead.contract.errors import Unsupported
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.inbox import Kind, Reply
from masthead.contract.values import Account

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
CID = "bafyreibjo4xmgaevkgud7mbifn3dzp4v4lyaui4yvqp3f2bqwtxcjrdqg4"
OTHER = "did:plc:gggghhhhiiiijjjjkkkkllll"
OURS = {"uri": f"at://{DID}/app.bsky.feed.post/3aaaaaaaaaaaa", "cid": CID}


@pytest.fixture
async def double() -> AsyncIterator[Double]:
    async with running_double() as one:
        yield one


@pytest.fixture
def http(transport: Transport) -> Http:
    return Http(transport, platform="bluesky", operations=OPERATIONS, meter=Unmetered())


@pytest.fixture
def account(double: Double) -> Account:
    secrets = {"kind": "app_password", "access": "token", "refresh": "token2", "expires": 0}
    return Account(1, 1, double.url, DID, HANDLE, secrets)


def notification(reason: str, number: int, minutes: float = 0, **record: Any) -> dict[str, Any]:
    """A notification whose post was made so many minutes after noon."""
    at = (NOON + timedelta(minutes=minutes or number)).isoformat().replace("+00:00", "Z")
    return {
        "uri": f"at://{OTHER}/app.bsky.feed.post/3bbbbbbbbb{number:03}",
        "cid": CID,
        "author": {"did": OTHER, "handle": "eve.test", "displayName": "Eve"},
        "reason": reason,
        "record": {"$type": "app.bsky.feed.post", "text": f"Number {number}", "createdAt": at, **record},
        "isRead": False,
        "indexedAt": at,
    }


async def test_kinds_and_what_is_said(http: Http, account: Account, double: Double) -> None:
    under = {"reply": {"root": OURS, "parent": OURS}}
    double.notifications = [
        notification("mention", 1, langs=["de"]),
        notification("like", 2),
        notification("quote", 3),
        notification("reply", 4, **under),
        notification("mention", 4, **under),
    ]
    page = await BlueskyInbox().page(http, account, "notifications", "")
    assert [(one.text, one.kind, one.summons) for one in page.messages] == [
        ("Number 1", Kind.MENTION, True),
        ("Number 3", Kind.MENTION, True),
        ("Number 4", Kind.COMMENT, False),
    ]
    first, last = page.messages[0], page.messages[-1]
    assert (last.reply_to, last.conversation.remote_id) == (OURS["uri"], OURS["uri"])
    assert (first.language, first.conversation.remote_id) == ("de", first.remote_id)
    assert (first.author.handle, first.author.name) == ("@eve.test", "Eve")
    assert first.url == "https://bsky.app/profile/eve.test/post/3bbbbbbbbb001"
    assert first.sent_at == NOON + timedelta(minutes=1)
    assert double.asked[-1]["reasons"] == ["mention", "quote", "reply"]


async def test_pages_since_the_last_reading(http: Http, account: Account, double: Double) -> None:
    part = BlueskyInbox(page_size=3)
    double.notifications = [notification("mention", number) for number in range(1, 6)]
    page = await part.page(http, account, "notifications", "")
    assert [one.text for one in page.messages] == ["Number 3", "Number 4", "Number 5"] and not page.more
    double.notifications += [notification("mention", number) for number in range(20, 27)]
    texts = list[str]()
    for _ in range(9):
        page = await part.page(http, account, "notifications", page.cursor)
        texts += [one.text for one in page.messages]
        if not page.more:
            break
    assert {f"Number {number}" for number in range(20, 27)} <= set(texts) and not page.more


async def test_a_post_that_arrives_late_is_read(http: Http, account: Account, double: Double) -> None:
    double.notifications = [notification("mention", 30)]
    page = await BlueskyInbox().page(http, account, "notifications", "")
    double.notifications.insert(0, notification("mention", 25))
    double.notifications.insert(0, notification("mention", 1))
    page = await BlueskyInbox().page(http, account, "notifications", page.cursor)
    assert [one.text for one in page.messages] == ["Number 25", "Number 30"]


async def test_a_sweep_begins_again_where_its_place_is_unknown(http: Http, account: Account, double: Double) -> None:
    part = BlueskyInbox(page_size=2)
    double.notifications = [notification("mention", 1)]
    page = await part.page(http, account, "notifications", "")
    double.notifications += [notification("mention", number) for number in range(40, 46)]
    page = await part.page(http, account, "notifications", page.cursor)
    assert page.more
    double.forgetful = True
    again = await part.page(http, account, "notifications", page.cursor)
    assert [one.text for one in again.messages] == ["Number 44", "Number 45"] and again.more
    assert [("cursor" in one) for one in double.asked[-2:]] == [True, False]


async def test_a_reply_stands_under_the_post_and_its_root(http: Http, account: Account, double: Double) -> None:
    root = {"uri": f"at://{OTHER}/app.bsky.feed.post/3cccccccccccc", "cid": CID}
    double.notifications = [
        notification("mention", 1),
        notification("reply", 2, reply={"root": root, "parent": OURS}),
    ]
    alone, deep = (await BlueskyInbox().page(http, account, "notifications", "")).messages
    for message, above in ((alone, alone.remote_id), (deep, root["uri"])):
        double.records.clear()
        await BlueskyInbox().reply(http, account, Reply("a" * 32, message, "Good day", NOON, language="en"))
        ((place, record),) = double.records.items()
        validate("app.bsky.feed.post", record)
        assert place.startswith("app.bsky.feed.post/")
        assert (record["reply"]["root"]["uri"], record["reply"]["parent"]["uri"]) == (above, message.remote_id)
        assert (record["text"], record["langs"]) == ("Good day", ["en"])


async def test_chat_is_not_offered(http: Http, account: Account, double: Double) -> None:
    double.notifications = [notification("mention", 1)]
    message = (await BlueskyInbox().page(http, account, "notifications", "")).messages[0]
    reply = replace(Reply("a" * 32, message, "Psst", NOON), private=True)
    assert BlueskyInbox().rules.objection(message, NOON, private=True)
    with pytest.raises(Unsupported):
        await BlueskyInbox().reply(http, account, reply)
