"""Past posts of servers that differ: without the call for several at once, without paging, with direct messages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from masthead.connectors.mastodon.history import MastodonHistory
from masthead.connectors.mastodon.publish import MastodonPublisher
from masthead.connectors.mastodon.tests.double import MastodonDouble
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.errors import TryAgain
from masthead.contract.history import PastPost
from masthead.contract.http import Http
from masthead.contract.values import Account, Receipt, Segment

HISTORY = MastodonHistory()


async def posted(
    http: Http, account: Account, publisher: MastodonPublisher, *texts: str, **options: Any
) -> list[Receipt]:
    return [await publisher.publish(http, account, delivery(text, options=options), 0, ()) for text in texts]


async def listed(http: Http, account: Account) -> tuple[PastPost, ...]:
    return (await HISTORY.page(http, account, "")).posts


async def test_text_media_and_numbers(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    sent = delivery(
        Segment("Two\n\nparagraphs & a link https://example.org/x", (picture("image/png", "A rectangle"),)), "Then"
    )
    first = await publisher.publish(http, account, sent, 0, ())
    await publisher.publish(http, account, sent, 1, (first,))
    double.statuses[0].favourites, double.statuses[0].reblogs = 7, 3
    reply, post = await listed(http, account)
    assert post.text.split() == ["Two", "paragraphs", "&", "a", "link", "https://example.org/x"]
    assert post.metrics == {"favourites_count": 7, "reblogs_count": 3, "replies_count": 1, "quotes_count": 0}
    assert [(one.kind, one.alt) for one in post.media] == [("image", "A rectangle")]
    assert (post.kind, reply.kind, reply.reply_to) == ("post", "reply", post.remote_id)
    assert "account" not in post.raw


async def test_direct_messages_are_no_posts(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    await posted(http, account, publisher, "Only for you", visibility="direct")
    await posted(http, account, publisher, "For all")
    assert [one.text for one in await listed(http, account)] == ["For all"]


@pytest.mark.parametrize("new", [True, False])
async def test_numbers_of_several(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher, new: bool
) -> None:
    """At once where the server can; on older ones one by one."""
    double.version_two = new
    receipts = await posted(http, account, publisher, "One", "Two", "Three")
    posts = await listed(http, account)
    await publisher.remove(http, account, receipts[1])
    told = await HISTORY.metrics(http, account, posts)
    assert set(told) == {receipts[0].remote_id, receipts[2].remote_id}
    assert len(double.asked("get_statuses")) == 1
    assert len(double.asked("get_status")) == (1 if new else 3)


async def test_a_server_that_cannot_page_ends(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    double.paging = False
    await posted(http, account, publisher, "One", "Two")
    history = replace(HISTORY, page_size=2)
    first = await history.page(http, account, "")
    assert (await history.page(http, account, first.cursor)).cursor == ""


async def test_a_server_that_fails_loses_no_post(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    """A 500 is not "gone"."""
    await posted(http, account, publisher, "One")
    posts = await listed(http, account)
    double.fail_next("500_before", operation="get_status")
    with pytest.raises(TryAgain):
        await HISTORY.metrics(http, account, posts)
