"""What is special about Misskey: options, polls, files that are there already, clocks, codes that come with any status."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from masthead.connectors.misskey.errors import explain
from masthead.connectors.misskey.tests.double import MisskeyDouble
from masthead.connectors.misskey.tests.harness import MisskeyHarness
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.errors import NeedsReconnect, Refused, Unsupported
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Poll, Presence, Segment


async def test_the_server_tells_its_limits(http: Http, account: Account, harness: MisskeyHarness) -> None:
    allowed = harness.platform.capabilities.narrowed(account.limits)
    assert (allowed.text.limit, [rule.max_bytes for rule in allowed.media]) == (3000, [30 * 1024 * 1024] * 4)
    harness.double.memory.text_limit = 500
    profile = await harness.platform.connecting.verify(http, account)
    assert harness.platform.capabilities.narrowed(profile.limits).text.limit == 500


async def test_options_and_a_poll(http: Http, account: Account, harness: MisskeyHarness, double: MisskeyDouble) -> None:
    chosen = {"visibility": "followers", "cw": "Food", "local_only": True, "sensitive": True}
    part = Segment("Which?", (picture("image/png", "Soup"),), Poll(("A", "B"), 3600, multiple=True))
    sent = delivery(part, options=chosen)
    receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    body = double.asked("/api/notes/create")[0]
    assert (body["visibility"], body["cw"], body["localOnly"]) == ("followers", "Food", True)
    assert body["poll"] == {"choices": ["A", "B"], "multiple": True, "expiredAfter": 3_600_000}
    assert [file.sensitive for file in double.memory.files.values()] == [True]
    found = await harness.platform.publisher.find(http, account, sent, 0, ())
    assert found.receipt == receipt
    with pytest.raises(Unsupported):
        await harness.platform.publisher.edit(http, account, sent, 0, (receipt,))


async def test_a_picture_that_is_in_the_drive_already_gets_its_own_description(
    http: Http, account: Account, harness: MisskeyHarness
) -> None:
    for alt in ("First", "Second"):
        sent = delivery(Segment(alt, (picture("image/png", alt),)))
        await harness.platform.publisher.publish(http, account, sent, 0, ())
    assert [post.alts for post in await harness.posts(account)] == [("First",), ("Second",)]


async def test_a_server_whose_clock_is_behind_is_looked_through_from_its_own_time(
    http: Http, account: Account, harness: MisskeyHarness, double: MisskeyDouble
) -> None:
    double.memory.behind = timedelta(hours=1)
    sent = delivery("By an old clock")
    await harness.platform.publisher.publish(http, account, sent, 0, ())
    assert (await harness.platform.publisher.find(http, account, sent, 0, ())).presence is Presence.FOUND


async def test_a_listing_that_hides_what_is_older_proves_nothing(
    http: Http, account: Account, harness: MisskeyHarness, double: MisskeyDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    double.since_known = False
    moment = double.memory.now()
    monkeypatch.setattr(double.memory, "now", lambda: moment)  # all within one millisecond
    for number in range(101):
        double.memory.create(
            double.memory.owner(account.secrets["access_token"]), {"text": f"Note {number}", "visibility": "public"}
        )
    publisher = harness.platform.publisher
    assert (await publisher.find(http, account, delivery("Note 0"), 0, ())).presence is Presence.CANNOT_TELL
    assert (await publisher.find(http, account, delivery("Note 100"), 0, ())).presence is Presence.FOUND


async def test_older_and_known_notes_are_not_taken(http: Http, account: Account, harness: MisskeyHarness) -> None:
    publisher, sent = harness.platform.publisher, delivery("Twice")
    first = await publisher.publish(http, account, sent, 0, ())
    known = replace(sent, known=frozenset({first.remote_id}))
    assert (await publisher.find(http, account, known, 0, ())).presence is Presence.ABSENT
    later = replace(sent, sent_after=datetime.now(UTC) + timedelta(minutes=5))
    assert (await publisher.find(http, account, later, 0, ())).presence is Presence.ABSENT


async def test_numbers_of_past_notes(
    http: Http, account: Account, harness: MisskeyHarness, double: MisskeyDouble
) -> None:
    receipt = await harness.platform.publisher.publish(http, account, delivery("Liked"), 0, ())
    double.memory.note(receipt.remote_id).reactions = {"❤": 2, ":cat:": 1}
    assert harness.platform.history
    page = await harness.platform.history.page(http, account, "")
    assert page.posts[0].metrics == {"reactionCount": 3, "renoteCount": 0, "repliesCount": 0}


@pytest.mark.parametrize(
    ("status", "code", "param", "kind", "field"),
    [
        (403, "AUTHENTICATION_FAILED", "", NeedsReconnect, "access_token"),
        (500, "PERMISSION_DENIED", "", NeedsReconnect, "access_token"),
        (400, "INVALID_PARAM", "#/properties/cw/maxLength", Refused, "options.cw"),
        (400, "INVALID_PARAM", "#/properties/poll/properties/choices/maxItems", Refused, "poll"),
        (400, "NO_SUCH_REPLY_TARGET", "", Refused, "thread"),
    ],
)
def test_the_code_decides_whatever_the_status(
    status: int, code: str, param: str, kind: type[Exception], field: str
) -> None:
    error = explain(Answer(status, {}, {"error": {"code": code, "message": "Said.", "info": {"param": param}}}))
    assert isinstance(error, kind)
    assert (error.field, bool(error.remedy)) == (field, True)


@pytest.mark.parametrize("body", [None, [], {"error": "no"}, {"error": {"code": "INTERNAL_ERROR"}}])
def test_what_is_not_listed_is_judged_by_its_status(body: object) -> None:
    assert explain(Answer(500, {}, body)) is None
