"""What is special about posting on X: settings, prices, polls, and text that X says it has already."""

from __future__ import annotations

from dataclasses import replace

import pytest

from masthead.connectors.tests.kit import Remembering, delivery
from masthead.connectors.x.publish import quoted
from masthead.connectors.x.tests.double import XDouble
from masthead.connectors.x.tests.harness import XHarness
from masthead.contract.errors import OutcomeUnknown, Refused, Unsupported
from masthead.contract.http import Http
from masthead.contract.values import Account, Poll, Presence, Segment


async def test_settings_and_a_poll(harness: XHarness, http: Http, account: Account, double: XDouble) -> None:
    options = {"reply_settings": "following", "paid_partnership": True, "made_with_ai": False}
    sent = delivery(Segment("Which?", poll=Poll(("Rye", "Spelt"), 3600)), "More", options=options)
    publisher = harness.platform.publisher
    first = await publisher.publish(http, account, sent, 0, ())
    await publisher.publish(http, account, sent, 1, (first,))
    assert double.asked("POST", "/2/tweets") == [
        {
            "text": "Which?",
            "reply_settings": "following",
            "poll": {"options": ["Rye", "Spelt"], "duration_minutes": 60},
            "paid_partnership": True,
        },
        {"text": "More", "reply": {"in_reply_to_tweet_id": first.remote_id}, "paid_partnership": True},
    ]
    assert first.url == f"{double.url}/{account.handle[1:]}/status/{first.remote_id}"


async def test_a_link_has_its_own_price(harness: XHarness, http: Http, account: Account, meter: Remembering) -> None:
    for text in ("Without", "With https://example.org/a", "With example.org/b"):
        await harness.platform.publisher.publish(http, account, delivery(text), 0, ())
    assert [call.price_key for call in meter.calls] == ["post.create", "post.create.url", "post.create.url"]


@pytest.mark.parametrize("typed", ["https://x.com/alice/status/123?s=20", "123", " https://twitter.com/a/status/123 "])
def test_what_to_quote(typed: str) -> None:
    assert quoted(typed) == "123"


async def test_a_quote_goes_alone(harness: XHarness, http: Http, account: Account, meter: Remembering) -> None:
    sent = delivery(Segment("Which?", poll=Poll(("A", "B"), 3600)), options={"quote": "42"})
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, sent, 0, ())
    assert caught.value.field == "options.quote"
    assert not meter.calls


async def test_quoting(harness: XHarness, http: Http, account: Account, double: XDouble) -> None:
    publisher, sent = harness.platform.publisher, delivery("Look", options={"quote": "https://x.com/a/status/42"})
    with pytest.raises(Refused) as caught:
        await publisher.publish(http, account, sent, 0, ())
    assert caught.value.field == "options.quote"
    double.memory.plan_quotes = True
    await publisher.publish(http, account, sent, 0, ())
    assert double.memory.posts[0].quotes == "42"
    with pytest.raises(Refused) as caught:
        await publisher.publish(http, account, delivery("Look", options={"quote": "that one"}), 0, ())
    assert caught.value.field == "options.quote"


async def test_the_same_text_on_a_first_try_is_the_authors(harness: XHarness, http: Http, account: Account) -> None:
    publisher = harness.platform.publisher
    await publisher.publish(http, account, delivery("Good morning"), 0, ())
    with pytest.raises(Refused) as caught:
        await publisher.publish(http, account, replace(delivery("Good morning"), tries=1), 0, ())
    assert (caught.value.field, bool(caught.value.remedy)) == ("text", True)


async def test_the_same_text_on_a_later_try_is_looked_up(
    harness: XHarness, http: Http, account: Account, double: XDouble
) -> None:
    publisher, sent = harness.platform.publisher, replace(delivery("Good morning"), tries=2)
    first = await publisher.publish(http, account, sent, 0, ())
    with pytest.raises(OutcomeUnknown):
        await publisher.publish(http, account, sent, 0, ())
    found = await publisher.find(http, account, sent, 0, ())
    assert found.receipt is not None and found.receipt.remote_id == first.remote_id
    assert len(double.memory.posts) == 1


async def test_an_older_post_with_the_text_is_not_ours(
    harness: XHarness, http: Http, account: Account, double: XDouble
) -> None:
    publisher = harness.platform.publisher
    await publisher.publish(http, account, delivery("Good morning"), 0, ())
    double.memory.posts[0].at = double.memory.clock.now().replace(year=2025)
    double.memory.duplicates_for = 1e9
    with pytest.raises(Refused):
        await publisher.publish(http, account, replace(delivery("Good morning"), tries=2), 0, ())


async def test_a_twin_that_is_out_is_not_taken_for_the_other(harness: XHarness, http: Http, account: Account) -> None:
    publisher = harness.platform.publisher
    first = await publisher.publish(http, account, delivery("Good morning"), 0, ())
    twin = replace(delivery("Good morning"), known=frozenset({first.remote_id}))
    found = await publisher.find(http, account, twin, 0, ())
    assert found.presence is Presence.CANNOT_TELL
    assert first.url in found.evidence


async def test_a_part_that_answers_another_persons_post_is_explained(
    harness: XHarness, http: Http, account: Account
) -> None:
    other = await harness.account()
    foreign = await harness.platform.publisher.publish(http, other, delivery("Theirs"), 0, ())
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, delivery("A", "B"), 1, (foreign,))
    assert caught.value.field == "thread"


async def test_posts_are_not_edited(harness: XHarness, http: Http, account: Account) -> None:
    with pytest.raises(Unsupported):
        await harness.platform.publisher.edit(http, account, delivery("A"), 0, ())
