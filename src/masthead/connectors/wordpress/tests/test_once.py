"""A post happens once: lost answers, late requests, drafts, trash, clocks, sites that drop the mark, listings that hide posts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.kit import delivery, picture
from masthead.connectors.wordpress import WORDPRESS
from masthead.connectors.wordpress.tests.double import WordPressDouble, drafts
from masthead.connectors.wordpress.tests.harness import WordPressHarness
from masthead.contract.errors import OutcomeUnknown, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.values import Account, Delivery, Found, Presence, Segment

PUBLISHER = WORDPRESS.publisher


async def find(http: Http, account: Account, sent: Delivery) -> Found:
    return await PUBLISHER.find(http, account, sent, 0, ())


async def test_a_lost_draft_is_taken_up_with_its_files(http: Http, account: Account, double: WordPressDouble) -> None:
    double.creates = drafts
    sent = delivery(Segment("Bread", (picture("image/png", "A loaf"),)))
    double.troubled.next(Trouble.CLOSE_AFTER)
    with pytest.raises(TryAgain):
        await PUBLISHER.publish(http, account, sent, 0, ())
    found = await find(http, account, sent)
    assert found.presence is Presence.ABSENT and "not published" in found.evidence
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    assert [(one.kind, one.status) for one in double.memory.rows.values()] == [("file", "inherit"), ("post", "publish")]
    assert (await find(http, account, sent)).receipt == receipt


async def test_files_of_a_try_that_made_no_draft_are_not_sent_again(
    http: Http, account: Account, double: WordPressDouble
) -> None:
    double.creates = drafts
    sent = delivery(Segment("Bread", (picture("image/png", "A loaf"), picture("image/png", "A roll"))))
    double.troubled.next(Trouble.FAIL_BEFORE)
    with pytest.raises(TryAgain):
        await PUBLISHER.publish(http, account, sent, 0, ())
    await PUBLISHER.publish(http, account, sent, 0, ())
    assert len(double.asked("POST", "/wp/v2/media")) == 2


async def test_a_request_that_arrives_late_publishes_nothing_new(
    http: Http, account: Account, harness: WordPressHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """We gave up, saw that it was not out, sent again; and then the first request arrives after all."""
    real = aiohttp.ClientTimeout
    monkeypatch.setattr(aiohttp, "ClientTimeout", lambda **told: real(**told | {"total": 0.3}))
    sent = delivery("Late")
    harness.trouble(Trouble.HELD)
    with pytest.raises(OutcomeUnknown):
        await PUBLISHER.publish(http, account, sent, 0, ())
    assert (await find(http, account, sent)).presence is Presence.ABSENT
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    await asyncio.sleep(1.6)
    assert [one.remote_id for one in await harness.posts(account)] == [receipt.remote_id]


async def test_twins_are_told_apart(http: Http, account: Account, harness: WordPressHarness) -> None:
    first, second = delivery("Twins"), delivery("Twins")
    one = await PUBLISHER.publish(http, account, first, 0, ())
    assert (await find(http, account, second)).presence is Presence.ABSENT
    other = await PUBLISHER.publish(http, account, second, 0, ())
    assert (await find(http, account, first)).receipt == one
    assert (await find(http, account, second)).receipt == other != one


async def test_a_site_that_drops_the_mark_gets_the_key_in_the_address(
    http: Http, account: Account, double: WordPressDouble
) -> None:
    double.memory.keeps_mark = False
    sent = delivery("Bread", options={"slug": "bread"})
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    assert f"/masthead-{sent.key}-0/" in receipt.url
    assert (await find(http, account, sent)).receipt == receipt
    double.memory.keeps_mark = True
    kept = await PUBLISHER.publish(http, account, delivery("Rolls", options={"slug": "bread"}), 0, ())
    assert kept.url.endswith("/bread/")


async def test_what_lies_in_the_trash_is_for_a_person_to_judge(
    http: Http, account: Account, harness: WordPressHarness
) -> None:
    sent = delivery("Thrown away")
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    await PUBLISHER.remove(http, account, receipt)
    found = await find(http, account, sent)
    assert found.presence is Presence.CANNOT_TELL and "trash" in found.evidence
    again = await PUBLISHER.publish(http, account, sent, 0, ())
    assert again.remote_id != receipt.remote_id and len(await harness.posts(account)) == 1
    assert (await find(http, account, sent)).receipt == again


async def test_a_status_of_a_plugin_is_for_a_person_to_judge(
    http: Http, account: Account, double: WordPressDouble
) -> None:
    sent = delivery("Odd")
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    double.memory.row(int(receipt.remote_id)).status = "archived"
    assert (await find(http, account, sent)).presence is Presence.CANNOT_TELL


async def test_a_post_kept_for_review_is_told_and_taken_once_it_is_out(
    http: Http, account: Account, double: WordPressDouble
) -> None:
    double.memory.reviews = True
    sent = delivery("To be reviewed")
    with pytest.raises(Refused) as caught:
        await PUBLISHER.publish(http, account, sent, 0, ())
    assert "pending" in caught.value.message and "role" in caught.value.remedy
    assert (await find(http, account, sent)).presence is Presence.ABSENT
    row = next(iter(double.memory.rows.values()))
    row.status, row.date = "publish", double.memory.now()
    assert (await PUBLISHER.publish(http, account, sent, 0, ())).remote_id == str(row.id)


async def test_a_post_that_the_site_keeps_for_later_is_asked_about_again(
    http: Http, account: Account, double: WordPressDouble
) -> None:
    sent = delivery("Later")
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    row = double.memory.row(int(receipt.remote_id))
    row.status = "future"
    found = await find(http, account, sent)
    assert found.receipt and found.receipt.processing
    assert (await PUBLISHER.settle(http, account, found.receipt)).processing
    row.status = "publish"
    assert not (await PUBLISHER.settle(http, account, found.receipt)).processing


async def test_a_post_that_a_person_saved_meanwhile_is_for_a_person_to_judge(
    http: Http, account: Account, double: WordPressDouble
) -> None:
    """The editors of some versions drop the key when somebody corrects the post between the lost answer and the look-up."""
    sent = delivery("Bred")
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    row = double.memory.row(int(receipt.remote_id))
    row.fields["content"] = "<!-- wp:paragraph -->\n<p>Bread</p>\n<!-- /wp:paragraph -->"
    found = await find(http, account, sent)
    assert found.presence is Presence.CANNOT_TELL and receipt.remote_id in found.evidence
    elsewhere = replace(sent, known=frozenset({receipt.remote_id}))
    assert (await find(http, account, elsewhere)).presence is Presence.ABSENT
    row.date = double.memory.now() - timedelta(hours=1)
    assert (await find(http, account, sent)).presence is Presence.ABSENT


async def test_posts_that_are_left_out_prove_nothing(http: Http, account: Account, double: WordPressDouble) -> None:
    """WordPress counts what one may not edit and leaves it out without a word."""
    await PUBLISHER.publish(http, account, delivery("Hidden"), 0, ())
    double.memory.users[account.secrets["user"]].rights.discard("edit_published_posts")
    assert (await find(http, account, delivery("Never sent"))).presence is Presence.CANNOT_TELL


@pytest.mark.parametrize("behind", [timedelta(0), timedelta(hours=-3), timedelta(hours=3)])
async def test_the_whole_time_since_the_first_try_is_looked_through_whatever_the_clock(
    http: Http, account: Account, double: WordPressDouble, behind: timedelta
) -> None:
    memory = double.memory
    memory.behind = behind
    user, began = memory.users[account.secrets["user"]], datetime.now(UTC) - timedelta(minutes=30)
    sent = replace(delivery("Deep down"), sent_after=began)
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    memory.row(int(receipt.remote_id)).modified = memory.now() - timedelta(minutes=29)
    for number in range(45):
        memory.create(user, {"title": f"Since then {number}"})
    assert (await find(http, account, sent)).receipt == receipt
    other = replace(delivery("Never sent"), sent_after=began)
    found = await find(http, account, other)
    assert found.presence is Presence.ABSENT and "46 posts" in found.evidence


async def test_older_posts_end_the_search_and_too_many_newer_ones_prove_nothing(
    http: Http, account: Account, double: WordPressDouble
) -> None:
    user = double.memory.users[account.secrets["user"]]
    rows = [double.memory.create(user, {"title": f"Post {number}"}) for number in range(205)]
    assert (await find(http, account, delivery("Never sent"))).presence is Presence.CANNOT_TELL
    rows[-30].modified = double.memory.now() - timedelta(days=1)
    double.seen.clear()
    assert (await find(http, account, delivery("Never sent"))).presence is Presence.ABSENT
    assert len(double.asked("GET", "/wp/v2/posts")) == 2
