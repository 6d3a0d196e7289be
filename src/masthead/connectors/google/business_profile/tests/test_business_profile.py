"""What is special about Business Profile: the choice among locations, kinds of posts, buttons, photos, states."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from masthead.connectors.google.business_profile import BUSINESS_PROFILE
from masthead.connectors.google.business_profile.local_post import words
from masthead.connectors.google.business_profile.tests.double import HOLDERS, PLACES, BusinessProfileDouble
from masthead.connectors.google.business_profile.tests.harness import BusinessProfileHarness
from masthead.connectors.google.business_profile.tests.memory import Place
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.authorization_code import Tokens
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Http
from masthead.contract.values import Account, Delivery, Presence, Profile, Segment

DATES = {"title": "Stollen week", "starts": "2026-12-01", "ends": "2026-12-24 18:30"}
EVENT: Mapping[str, object] = {"kind": "EVENT", **DATES}
OFFER: Mapping[str, object] = {
    "kind": "OFFER",
    **DATES,
    "coupon": "STOLLEN",
    "redeem_link": "https://bakery.example/redeem",
    "terms": "One each.",
}
SCHEDULE = {
    "startDate": {"year": 2026, "month": 12, "day": 1},
    "startTime": {"hours": 0, "minutes": 0, "seconds": 0, "nanos": 0},
    "endDate": {"year": 2026, "month": 12, "day": 24},
    "endTime": {"hours": 18, "minutes": 30, "seconds": 0, "nanos": 0},
}


def sent(text: str = "Fresh stollen", **options: object) -> Delivery:
    return delivery(text, options=options)


async def signed_in(harness: BusinessProfileHarness, http: Http, who: str) -> list[Profile]:
    """What `who` of the connecting part offers for a person."""
    secrets = dict(harness.redirect_answers()) | harness.double.memory.tokens(who)
    found = await harness.platform.connecting.redirect.who(http, Tokens(secrets, None, {}))  # type: ignore[union-attr]
    return list(found) if isinstance(found, tuple) else [found]


async def test_every_verified_location_is_offered_once(
    harness: BusinessProfileHarness, http: Http, double: BusinessProfileDouble
) -> None:
    who = double.memory.person().id
    branches = [Place(f"locations/9{number:03}", f"Branch {number}") for number in range(230)]
    own = double.memory.holders[who][f"accounts/{who}"]
    double.memory.holders[who] |= {f"accounts/77{number}": [] for number in range(40)}
    double.memory.holders[who] |= {"accounts/88": [*branches, own[0], Place("locations/1", "Shut", verified=False)]}
    found = await signed_in(harness, http, who)
    assert [one.remote_id for one in found] == [f"locations/{who}", *(one.name for one in branches)]
    assert {one.limits["account"] for one in found} == {f"accounts/{who}", "accounts/88"}
    assert found[1].handle == "Branch 0, Main Street 1, Hamburg" and found[1].name == "Branch 0"


async def test_without_a_verified_location_there_is_nothing_to_connect(
    harness: BusinessProfileHarness, http: Http, double: BusinessProfileDouble
) -> None:
    who = double.memory.person().id
    double.memory.holders[who][f"accounts/{who}"][0].verified = False
    with pytest.raises(NeedsReconnect) as caught:
        await signed_in(harness, http, who)
    assert "verified" in caught.value.message and caught.value.remedy


async def test_a_location_that_is_gone_needs_a_new_sign_in(
    harness: BusinessProfileHarness, http: Http, account: Account, double: BusinessProfileDouble
) -> None:
    double.memory.holders[account.remote_id.removeprefix("locations/")].clear()
    with pytest.raises(NeedsReconnect):
        await harness.platform.connecting.verify(http, account)
    with pytest.raises(NeedsReconnect):
        await harness.platform.publisher.publish(http, replace(account, limits={}), sent(), 0, ())


@pytest.mark.parametrize("button", ["BOOK", "ORDER", "SHOP", "LEARN_MORE", "SIGN_UP", "CALL"])
async def test_an_update_has_a_button_and_a_language(
    harness: BusinessProfileHarness, http: Http, account: Account, double: BusinessProfileDouble, button: str
) -> None:
    post = sent(button=button, button_link="https://bakery.example")
    await harness.platform.publisher.publish(http, account, post, 0, ())
    address = {} if button == "CALL" else {"url": "https://bakery.example"}
    assert double.memory.posts[0].told == {
        "summary": "Fresh stollen",
        "topicType": "STANDARD",
        "languageCode": "en",
        "callToAction": {"actionType": button} | address,
    }


async def test_events_and_offers_arrive_whole(
    harness: BusinessProfileHarness, http: Http, account: Account, double: BusinessProfileDouble
) -> None:
    event = replace(sent(**EVENT, button="CALL"), language="de")
    await harness.platform.publisher.publish(http, account, event, 0, ())
    told = double.memory.posts[0].told
    assert told["event"] == {"title": "Stollen week", "schedule": SCHEDULE} and told["languageCode"] == "de"
    assert told["callToAction"] == {"actionType": "CALL"}
    await harness.platform.publisher.publish(http, account, sent(**OFFER), 0, ())
    told = double.memory.posts[1].told
    offer = {
        "couponCode": "STOLLEN",
        "redeemOnlineUrl": "https://bakery.example/redeem",
        "termsConditions": "One each.",
    }
    assert (told["event"]["schedule"], told["offer"]) == (SCHEDULE, offer)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"button": "BOOK"}, "button_link"),
        ({"button": "BOOK", "button_link": "bakery.example"}, "button_link"),
        ({**OFFER, "button": "CALL"}, "button"),
        ({**EVENT, "title": " "}, "title"),
        ({**EVENT, "starts": ""}, "starts"),
        ({**EVENT, "ends": "24.12.2026"}, "ends"),
        ({**EVENT, "ends": "2026-12-24T18:00+01:00"}, "ends"),
        ({**EVENT, "starts": "2026-12-25"}, "ends"),
        ({**OFFER, "redeem_link": "here"}, "redeem_link"),
    ],
)
def test_what_does_not_fit_is_named(options: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as caught:
        words(sent(**options), 0)
    assert caught.value.field == f"options.{field}" and caught.value.remedy
    assert field in {one.name for one in BUSINESS_PROFILE.capabilities.options}


async def test_google_fetches_the_photo_itself(
    harness: BusinessProfileHarness, http: Http, account: Account, double: BusinessProfileDouble
) -> None:
    file = picture("image/jpeg", "")
    post = delivery(Segment("With a photo", (file,)))
    await harness.platform.publisher.publish(http, account, post, 0, ())
    assert file.public_url
    assert double.memory.posts[0].told["media"] == [{"mediaFormat": "PHOTO", "sourceUrl": await file.public_url()}]
    hidden = delivery(Segment("With a photo", (replace(file, public_url=None),)))
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, hidden, 0, ())
    assert caught.value.field == "attachments" and "MASTHEAD_PUBLIC_URL" in caught.value.remedy
    assert len(double.memory.posts) == 1


async def test_a_post_is_out_once_google_says_so(
    harness: BusinessProfileHarness, http: Http, account: Account, double: BusinessProfileDouble
) -> None:
    double.memory.looks = 2
    publisher = harness.platform.publisher
    receipt = await publisher.publish(http, account, sent(), 0, ())
    assert receipt.processing and receipt.url.startswith("https://local.google.com")
    assert (await publisher.find(http, account, sent(), 0, ())).receipt == receipt
    assert (await publisher.settle(http, account, receipt)).processing
    assert (await publisher.settle(http, account, receipt)).processing
    assert not (await publisher.settle(http, account, receipt)).processing
    double.memory.posts[0].rejected = True
    with pytest.raises(Refused) as caught:
        await publisher.settle(http, account, receipt)
    assert caught.value.field == "text" and "telephone" in caught.value.remedy
    kept = await publisher.find(http, account, sent(), 0, ())
    assert kept.receipt and kept.receipt.processing, "a rejected post lies there too; settle tells the author"


async def test_an_edit_sends_the_text_alone(
    harness: BusinessProfileHarness, http: Http, account: Account, double: BusinessProfileDouble
) -> None:
    publisher, event = harness.platform.publisher, sent(**EVENT, button="CALL")
    receipt = await publisher.publish(http, account, event, 0, ())
    before = dict(double.memory.posts[0].told)
    changed = replace(event, segments=(Segment("Stollen is sold out"),))
    assert await publisher.edit(http, account, changed, 0, (receipt,)) == receipt
    assert double.memory.posts[0].told == before | {"summary": "Stollen is sold out"}
    assert json.loads(double.seen[-1]) == {"summary": "Stollen is sold out"}


async def test_the_same_text_of_another_kind_or_title_is_another_post(
    harness: BusinessProfileHarness, http: Http, account: Account
) -> None:
    publisher = harness.platform.publisher
    receipt = await publisher.publish(http, account, sent(**EVENT), 0, ())
    for other in (sent(), sent(**{**EVENT, "title": "Bread week"}), sent(**OFFER)):
        assert (await publisher.find(http, account, other, 0, ())).presence is Presence.ABSENT
    known = replace(sent(**EVENT), known=frozenset({receipt.remote_id}))
    assert (await publisher.find(http, account, known, 0, ())).presence is Presence.ABSENT
    assert (await publisher.find(http, account, sent(**EVENT), 0, ())).receipt == receipt


@pytest.mark.parametrize("order", [list, sorted, lambda posts: posts[::-1]])
async def test_posts_are_found_in_whatever_order_they_come(
    harness: BusinessProfileHarness, http: Http, account: Account, double: BusinessProfileDouble, order: Any
) -> None:
    double.order = (lambda posts: sorted(posts, key=lambda one: one.told["summary"])) if order is sorted else order
    place = account.remote_id
    for number in range(250):
        post = double.memory.make(place, {"summary": f"Old {number}", "topicType": "STANDARD"})
        post.at -= timedelta(days=300 - number)
    receipt = await harness.platform.publisher.publish(http, account, sent(), 0, ())
    found = await harness.platform.publisher.find(http, account, sent(), 0, ())
    assert found.receipt == receipt
    assert (await harness.platform.publisher.find(http, account, sent("Never"), 0, ())).presence is Presence.ABSENT


async def test_more_posts_than_are_read_leave_it_open(
    harness: BusinessProfileHarness, http: Http, account: Account, double: BusinessProfileDouble
) -> None:
    for number in range(1001):
        double.memory.make(account.remote_id, {"summary": f"Now {number}", "topicType": "STANDARD"})
    found = await harness.platform.publisher.find(http, account, sent("Never"), 0, ())
    assert found.presence is Presence.CANNOT_TELL and "only" in found.evidence


async def test_a_clock_that_is_wrong_loses_no_post(
    harness: BusinessProfileHarness, http: Http, account: Account, double: BusinessProfileDouble
) -> None:
    double.memory.clock.advance(-7200)
    receipt = await harness.platform.publisher.publish(http, account, sent(), 0, ())
    assert (await harness.platform.publisher.find(http, account, sent(), 0, ())).receipt == receipt


async def test_past_posts_have_their_photo_and_no_numbers(
    harness: BusinessProfileHarness, http: Http, account: Account
) -> None:
    await harness.platform.publisher.publish(
        http, account, delivery(Segment("One", (picture("image/png", ""),))), 0, ()
    )
    assert harness.platform.history
    (post,) = (await harness.platform.history.page(http, account, "")).posts
    assert [one.url for one in post.media] == ["https://lh3.googleusercontent.com/p/a"]
    assert (post.metrics, post.language, post.raw["state"]) == ({}, "en", "LIVE")
    assert await harness.platform.history.metrics(http, account, (post,)) == {post.remote_id: {}}


async def test_accounts_and_locations_are_as_google_describes_them(
    harness: BusinessProfileHarness, http: Http, double: BusinessProfileDouble
) -> None:
    HOLDERS.needed()
    PLACES.needed()
    account = await harness.account()
    await signed_in(harness, http, account.remote_id.removeprefix("locations/"))
    assert not HOLDERS.wrong + PLACES.wrong
    assert set(HOLDERS.requests) == {"mybusinessaccountmanagement.accounts.list"}
    names = {"accounts.locations.list", "locations.get"}
    assert set(PLACES.requests) == {f"mybusinessbusinessinformation.{one}" for one in names}
