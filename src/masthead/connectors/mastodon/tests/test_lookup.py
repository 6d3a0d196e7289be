"""Looking up: which statuses are taken for the segment, and when nothing can be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from masthead.connectors.mastodon.lookup import MOST_PAGES, PAGE, alike, bare, plain, squeezed
from masthead.connectors.mastodon.publish import MastodonPublisher
from masthead.connectors.mastodon.tests.double import MastodonDouble
from masthead.connectors.mastodon.tests.rules import rendered
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.errors import TryAgain
from masthead.contract.http import Http
from masthead.contract.values import Account, Delivery, Found, Presence, Segment

TEXTS = [
    "Plain",
    "Two\nlines\n\nand two paragraphs",
    'A <tag>, an & and "quotes"',
    "👩‍🚀 Grüße aus Tōkyō",
    "https://example.org/a/very/long/path/that/the/server/shortens?with=a&query=string#fragment at the start",
    "#Tag, @name@server.example and @other",
    "  spaces  inside  and  around  ",
    "a://b @ # ~ ^",
    "Line\r\nends",
]


@pytest.mark.parametrize("text", TEXTS)
def test_rendered_text_is_read_back(text: str) -> None:
    assert squeezed(plain(rendered(text, "https://server.example"))) == squeezed(text)


def test_markdown_leaves_letters_and_digits() -> None:
    assert bare(plain("<p>It <i>is</i> <b>bold</b></p><ul><li>one</li></ul>")) == bare("It *is* **bold**\n- one")
    assert alike("<p>Something <b>rather</b> long</p>", "Something **rather** long")
    assert not alike("<p>Entirely different words here</p>", "0123456789 0123456789 0123456789")


async def find(http: Http, account: Account, sent: Delivery) -> Found:
    return await MastodonPublisher().find(http, account, sent, 0, ())


async def test_an_equal_text_with_another_picture_count_is_another_post(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    await publisher.publish(http, account, delivery("Same words"), 0, ())
    pictured = delivery(Segment("Same words", (picture("image/png", "x"),)))
    assert (await find(http, account, pictured)).presence is Presence.ABSENT


async def test_a_reply_is_not_taken_for_a_post_of_its_own(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    thread = delivery("First", "Again")
    first = await publisher.publish(http, account, thread, 0, ())
    await publisher.publish(http, account, thread, 1, (first,))
    assert (await find(http, account, delivery("Again"))).presence is Presence.ABSENT


async def test_another_profiles_post_is_not_ours(double: MastodonDouble, http: Http, account: Account) -> None:
    other = double.fresh()
    double.memory.post(other, {"status": "Not ours"}, "")
    assert (await find(http, account, delivery("Not ours"))).presence is Presence.ABSENT


async def test_a_post_older_than_the_first_try_is_another(double: MastodonDouble, http: Http, account: Account) -> None:
    double.memory.post(double.first, {"status": "Good morning"}, "")
    double.statuses[0].created_at -= timedelta(hours=1)
    recurring = replace(delivery("Good morning"), created_at=datetime.now(UTC) - timedelta(days=7))
    tried = replace(recurring, sent_after=datetime.now(UTC))
    assert (await find(http, account, tried)).presence is Presence.ABSENT
    assert (await find(http, account, recurring)).presence is Presence.FOUND


async def test_twins_each_find_their_own(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    sent = delivery("Twins")
    first, second = [
        await publisher.publish(http, account, replace(sent, key=key), 0, ()) for key in ("a" * 32, "b" * 32)
    ]
    assert first.remote_id != second.remote_id
    found = await find(http, account, sent)
    assert found.receipt
    assert found.receipt.remote_id == first.remote_id
    found = await find(http, account, replace(sent, known=frozenset({first.remote_id})))
    assert found.receipt
    assert found.receipt.remote_id == second.remote_id


@pytest.mark.parametrize("offset", [-7200, 7200])
async def test_a_server_with_a_wrong_clock_is_understood(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher, offset: float
) -> None:
    double.clock.advance(offset)
    sent = replace(delivery("Wrong clock"), sent_after=datetime.now(UTC))
    double.memory.post(double.first, {"status": "Wrong clock"}, "")
    double.statuses[0].created_at -= timedelta(minutes=30)
    assert (await find(http, account, sent)).presence is Presence.ABSENT
    await publisher.publish(http, account, sent, 0, ())
    assert (await find(http, account, sent)).presence is Presence.FOUND


def fill(double: MastodonDouble, count: int) -> None:
    for number in range(count):
        double.memory.post(double.first, {"status": f"Number {number}, and then some more words"}, "")


async def test_pages_are_turned(double: MastodonDouble, http: Http, account: Account) -> None:
    sent = delivery("The oldest of many")
    double.memory.post(double.first, {"status": "The oldest of many"}, "")
    fill(double, 3 * PAGE)
    assert (await find(http, account, sent)).presence is Presence.FOUND
    assert len(double.asked("own_statuses")) >= 4


async def test_too_many_posts_to_look_at_all_cannot_be_told(
    double: MastodonDouble, http: Http, account: Account
) -> None:
    fill(double, MOST_PAGES * PAGE + 1)
    found = await find(http, account, delivery("Not among those"))
    assert found.presence is Presence.CANNOT_TELL
    assert str(MOST_PAGES * PAGE) in found.evidence


async def test_a_server_that_cannot_page_cannot_tell(double: MastodonDouble, http: Http, account: Account) -> None:
    double.paging = False
    fill(double, 2 * PAGE)
    found = await find(http, account, replace(delivery("Older"), sent_after=datetime.now(UTC) - timedelta(hours=1)))
    assert found.presence is Presence.CANNOT_TELL
    assert len(double.asked("own_statuses")) == 2


@pytest.mark.faults
async def test_a_reading_call_is_repeated_on_a_new_connection(
    double: MastodonDouble, http: Http, account: Account
) -> None:
    await find(http, account, delivery("Opens a connection"))
    double.fail_next("close_before", operation="own_statuses")
    assert (await find(http, account, delivery("On a new one"))).presence is Presence.ABSENT


@pytest.mark.faults
@pytest.mark.parametrize("fault", ["500_before", "truncated", "429", "no_id"])
async def test_a_look_up_that_fails_says_nothing(
    double: MastodonDouble, http: Http, account: Account, fault: str
) -> None:
    double.fail_next(fault, operation="own_statuses")
    with pytest.raises(TryAgain):
        await find(http, account, delivery("Unknown"))


async def test_markdown_servers_are_asked_for_the_source(
    double: MastodonDouble, http: Http, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "masthead.connectors.mastodon.tests.rules.rendered",
        lambda text, url: text.replace("**", "").replace(";-)", "😉"),
    )
    double.memory.post(double.first, {"status": "Some **bold** words ;-)"}, "")
    assert (await find(http, account, delivery("Some **bold** words ;-)"))).presence is Presence.FOUND
    assert (await find(http, account, delivery("Some bold words"))).presence is Presence.ABSENT
    double.fail_next("refuse", operation="get_source", status=404, words="Not Found", times=9)
    assert (await find(http, account, delivery("Some *bold* words 😉"))).presence is Presence.FOUND
