"""What is special about Matrix, against a real homeserver: rooms, segments of several messages, threads, edits, tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from masthead.connectors.matrix.history import MatrixHistory
from masthead.connectors.matrix.publish import MatrixPublisher
from masthead.connectors.matrix.tests.harness import HARNESS
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.errors import OutcomeUnknown, Refused, Unsupported
from masthead.contract.http import Http, Transport
from masthead.contract.values import Delivery, Presence, Segment

pytestmark = pytest.mark.servers
PUBLISHER = MatrixPublisher()


@pytest.fixture(scope="module")
def running() -> Iterator[HARNESS]:
    one = HARNESS()
    one.start()
    yield one
    one.stop()


@pytest.fixture
def harness(running: HARNESS) -> HARNESS:
    running.reset()
    return running


@pytest.fixture
async def http(harness: HARNESS) -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield harness.http(transport)


def parcel(harness: HARNESS, *segments: Any) -> Delivery:
    return delivery(*segments, options=harness.options)


async def test_rooms_are_told_by_name_without_encrypted_ones(harness: HARNESS, http: Http) -> None:
    account = await harness.account()
    token = account.secrets["access_token"]
    secret = harness.synapse.room(token, "Cellar", encrypted=True)
    attic = harness.synapse.room(token, "Attic")
    told = (await harness.platform.connecting.verify(http, account)).limits["choices"]["room"]
    assert told == [(attic, "Attic"), (harness.room, "Bakery")] and secret not in dict(told)
    option = harness.platform.capabilities.narrowed({"choices": {"room": told}}).options[0]
    assert option.required and dict(option.choices)[attic] == "Attic"


async def test_a_token_signs_in_and_stays_the_persons_own(harness: HARNESS, http: Http) -> None:
    user, token = harness.synapse.person()
    form = harness.platform.connecting.form
    assert form is not None
    profile = await form.connect(http, {"server": harness.url, "access_token": token})
    assert (profile.remote_id, dict(profile.secrets)) == (user, {"access_token": token})
    assert profile.limits["image_max_bytes"] == 10 * 1024 * 1024
    account = replace(await harness.account(), secrets=profile.secrets, remote_id=user)
    await harness.platform.connecting.revoke(http, account)
    assert (await harness.platform.connecting.verify(http, account)).remote_id == user
    assert await harness.platform.connecting.refresh(http, account) is None


async def test_a_broken_segment_is_completed_without_doubles(harness: HARNESS, http: Http) -> None:
    """The text is in the room, the pictures are not: the next try sends just those."""
    account = await harness.account()
    files = (picture("image/png", "First"), picture("image/jpeg", "Second"))
    sent = replace(parcel(harness, Segment("Three messages", files)), tries=1)
    harness.trouble(Trouble.CLOSE_AFTER)
    with pytest.raises(OutcomeUnknown):
        await PUBLISHER.publish(http, account, sent, 0, ())
    found = await PUBLISHER.find(http, account, sent, 0, ())
    assert found.presence is Presence.ABSENT and "1 of 3" in found.evidence
    receipt = await PUBLISHER.publish(http, account, replace(sent, tries=2), 0, ())
    assert [one["content"]["body"] for one in harness.events(account)] == ["Three messages", "First", "Second"]
    again = await PUBLISHER.find(http, account, sent, 0, ())
    assert again.receipt == receipt and len(receipt.raw["events"]) == 3
    await PUBLISHER.remove(http, account, receipt)
    assert not [one for one in harness.events(account) if one["content"]]


async def test_the_key_holds_after_a_new_sign_in(harness: HARNESS, http: Http) -> None:
    """Transaction ids end with the session; the key in the content does not."""
    account, sent = await harness.account(), parcel(harness, "Before the new session")
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    form = harness.platform.connecting.form
    assert form is not None
    answers = {**harness.good(), "user": account.remote_id}
    fresh = replace(account, secrets=(await form.connect(http, answers)).secrets)
    found = await PUBLISHER.find(http, fresh, sent, 0, ())
    assert found.receipt is not None and found.receipt.remote_id == receipt.remote_id


async def test_files_and_threads_as_clients_read_them(harness: HARNESS, http: Http) -> None:
    account = await harness.account()
    sent = parcel(harness, "Root", Segment("", (picture("image/png", "A loaf"),)))
    first = await PUBLISHER.publish(http, account, sent, 0, ())
    second = await PUBLISHER.publish(http, account, sent, 1, (first,))
    told = harness.events(account)[-1]["content"]
    assert second.remote_id != first.remote_id and second.url.startswith("https://matrix.to/#/")
    assert (told["msgtype"], told["body"], told["info"]["w"]) == ("m.image", "A loaf", 48)
    assert told["url"].startswith("mxc://")
    assert told["m.relates_to"]["rel_type"] == "m.thread" and told["m.relates_to"]["event_id"] == first.remote_id
    with pytest.raises(Unsupported):
        await PUBLISHER.edit(http, account, replace(sent, segments=(Segment(""),)), 0, (first,))


async def test_back_and_forth_edits_all_arrive(harness: HARNESS, http: Http) -> None:
    account, sent = await harness.account(), parcel(harness, "One")
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    for text in ("Two", "Three", "Two"):
        await PUBLISHER.edit(http, account, replace(sent, segments=(Segment(text),)), 0, (receipt,))
    assert [one.text for one in await harness.posts(account)] == ["Two"]


async def test_a_room_that_was_left_is_named(harness: HARNESS, http: Http) -> None:
    account = await harness.account()
    path = f"/_matrix/client/v3/rooms/{quote(harness.room)}/leave"
    harness.synapse.call("POST", path, {}, account.secrets["access_token"])
    with pytest.raises(Refused) as caught:
        await PUBLISHER.publish(http, account, parcel(harness, "From outside"), 0, ())
    assert caught.value.field == "room"
    with pytest.raises(Refused):
        await PUBLISHER.publish(http, account, delivery("Nowhere"), 0, ())


async def test_a_refresh_replaces_both_tokens(harness: HARNESS, http: Http) -> None:
    account = await harness.account()
    fresh = await harness.platform.connecting.refresh(http, account)
    assert fresh is not None and fresh.expires_at is not None
    assert fresh.secrets["access_token"] != account.secrets["access_token"] and fresh.secrets["ours"]


async def test_past_messages_come_with_reactions_answers_and_edits(harness: HARNESS, http: Http) -> None:
    account, (_other, token) = await harness.account(), harness.synapse.person()
    harness.synapse.call("POST", f"/_matrix/client/v3/join/{quote(harness.room)}", {}, token)
    sent = parcel(harness, Segment("Fresh bread", (picture("image/png", "A loaf"),)), "And rye")
    first = await PUBLISHER.publish(http, account, sent, 0, ())
    second = await PUBLISHER.publish(http, account, sent, 1, (first,))
    place = f"/_matrix/client/v3/rooms/{quote(harness.room)}/send"
    for number, sign in enumerate("🍞👍"):
        about = {"rel_type": "m.annotation", "event_id": first.remote_id, "key": sign}
        harness.synapse.call("PUT", f"{place}/m.reaction/r{number}", {"m.relates_to": about}, token)
    edited = replace(sent, segments=(replace(sent.segments[0], text="Fresh rolls"), sent.segments[1]))
    await PUBLISHER.edit(http, account, edited, 0, (first, second))
    history = MatrixHistory()
    told = (await history.page(http, account, "")).posts
    assert [(one.text, one.kind) for one in told] == [("And rye", "reply"), ("", "post"), ("Fresh rolls", "post")]
    assert told[1].media[0].alt == "A loaf" and told[0].reply_to == first.remote_id
    numbers = await history.metrics(http, account, told)
    assert numbers[first.remote_id] == {"reactions": 2, "replies": 1}
    assert numbers[second.remote_id] == {"reactions": 0, "replies": 0}


async def test_rooms_are_read_side_by_side(harness: HARNESS, http: Http) -> None:
    account = await harness.account()
    attic = harness.synapse.room(account.secrets["access_token"], "Attic")
    account = replace(
        account, limits={"choices": {"room": [(attic, "Attic"), (harness.room, "Bakery"), ("!gone:x", "")]}}
    )
    texts = [f"Number {number}" for number in range(5)]
    for number, text in enumerate(texts):
        room = attic if number % 2 else harness.room
        await PUBLISHER.publish(http, account, delivery(text, options={"room": room}), 0, ())
    history, cursor, found = MatrixHistory(page_size=2), "", list[str]()
    for _ in range(9):
        page = await history.page(http, account, cursor)
        found += [one.text for one in page.posts]
        cursor = page.cursor
        if not cursor:
            break
    assert not cursor and found == texts[::-1]
