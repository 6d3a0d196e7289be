"""X's text against the text that was sent: short links, escapes, media addresses, long posts, other people's posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from masthead.connectors.tests.kit import delivery, picture
from masthead.connectors.x import wire
from masthead.connectors.x.lookup import matches, sent, shown
from masthead.connectors.x.tests.double import XDouble
from masthead.connectors.x.tests.harness import XHarness
from masthead.contract.http import Http
from masthead.contract.values import Account, Presence, Segment


@pytest.mark.parametrize(
    "text",
    [
        "Plain",
        "Fish & chips < 5 > 3",
        "Line\n\nbreaks  and   spaces",
        "Cafe\u0301 👩‍🚀",
        "A link https://Example.org/a/?b=c&d=e in the middle",
        "Bare example.org/shop and https://example.org/shop/",
        "日本語のテキスト https://example.org/",
    ],
)
async def test_what_was_sent_is_found(harness: XHarness, http: Http, account: Account, text: str) -> None:
    publisher, parcel = harness.platform.publisher, delivery(Segment(text, (picture("image/png", "A"),)))
    receipt = await publisher.publish(http, account, parcel, 0, ())
    found = await publisher.find(http, account, parcel, 0, ())
    assert found.presence is Presence.FOUND, found.evidence
    assert found.receipt == receipt


async def test_a_long_post_is_found(harness: XHarness, http: Http) -> None:
    account = await harness.account("Premium")
    assert account.limits["text_limit"] == 25_000
    parcel = delivery("A long story. " * 60 + "https://example.org/the-end")
    await harness.platform.publisher.publish(http, account, parcel, 0, ())
    assert (await harness.platform.publisher.find(http, account, parcel, 0, ())).presence is Presence.FOUND


async def test_other_links_ask_a_person(harness: XHarness, http: Http, account: Account) -> None:
    publisher = harness.platform.publisher
    await publisher.publish(http, account, delivery("Read on: https://example.org/a"), 0, ())
    found = await publisher.find(http, account, delivery("Read on: https://example.org/b"), 0, ())
    assert found.presence is Presence.CANNOT_TELL
    assert "other links" in found.evidence


async def test_another_number_of_files_is_another_post(harness: XHarness, http: Http, account: Account) -> None:
    publisher = harness.platform.publisher
    await publisher.publish(http, account, delivery("Look"), 0, ())
    found = await publisher.find(http, account, delivery(Segment("Look", (picture("image/png", "A"),))), 0, ())
    assert found.presence is Presence.ABSENT


async def test_more_posts_than_x_shows(
    harness: XHarness, http: Http, account: Account, double: XDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("masthead.connectors.x.lookup.PAGE", 5)
    publisher = harness.platform.publisher
    for number in range(26):
        double.memory.create(double.memory.people[account.remote_id], {"text": f"Number {number}"})
    found = await publisher.find(http, account, delivery("Number 0"), 0, ())
    assert found.presence is Presence.CANNOT_TELL
    assert "only 25 posts" in found.evidence
    assert (await publisher.find(http, account, delivery("Number 9"), 0, ())).presence is Presence.FOUND


async def test_what_is_older_than_the_first_try_is_not_it(
    harness: XHarness, http: Http, account: Account, double: XDouble
) -> None:
    double.memory.create(double.memory.people[account.remote_id], {"text": "Again"})
    later = replace(delivery("Again"), sent_after=double.memory.clock.now() + timedelta(hours=1))
    found = await harness.platform.publisher.find(http, account, later, 0, ())
    assert found.presence is Presence.ABSENT


def test_a_link_x_tells_nothing_of_is_only_alike() -> None:
    post = wire.Post(id="1", text="Read https://t.co/abc")
    found = matches([post], delivery("Read https://example.org/"), 0, ())
    assert (found.same, found.alike) == ([], [post])


def test_readings() -> None:
    assert sent("A  b\nexample.org/X/") == sent("Ab https://example.org/x")
    links = wire.Entities(urls=[wire.Link(url="https://t.co/p", media_key="3_1"), wire.Link(url="https://t.co/q")])
    assert shown(wire.Post(id="1", text="A &amp; B https://t.co/p", entities=links)).text == "A&B"
