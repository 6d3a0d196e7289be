"""Publishing on the double: what is sent, what comes back, and what each trouble becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from masthead.connectors.mastodon.operations import POST_STATUS
from masthead.connectors.mastodon.publish import MastodonPublisher
from masthead.connectors.mastodon.tests.double import MastodonDouble
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.errors import NeedsReconnect, OutcomeUnknown, Refused, TokenExpired, TryAgain
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Focus, MediaKind, Poll, Presence, Segment


async def load() -> bytes:
    return b"not really a film"


FILM = Attachment(MediaKind.VIDEO, "video/mp4", 17, "", load, alt="A film", file_name="film.mp4")


async def test_the_whole_body_is_json_with_true_booleans(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    options = {"spoiler_text": "Careful", "sensitive": True, "visibility": "unlisted"}
    sent = replace(delivery(Segment("Which?", poll=Poll(("A", "B"), 600, True)), options=options), language="de-AT")
    receipt = await publisher.publish(http, account, sent, 0, ())
    asked = double.asked("post_status")[0]
    assert asked.headers["idempotency-key"] == sent.segment_key(0)
    assert asked.body == {
        "status": "Which?",
        "visibility": "unlisted",
        "spoiler_text": "Careful",
        "sensitive": True,
        "language": "de",
        "poll": {"options": ["A", "B"], "expires_in": 600, "multiple": True},
    }
    assert receipt.remote_id == double.statuses[0].id
    assert receipt.url.startswith(double.url)


async def test_a_warning_covers_every_part_that_has_room(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    sent = delivery("One", "Two", "x" * 498, options={"spoiler_text": "Careful"})
    receipts = []
    for index in range(3):
        receipts.append(await publisher.publish(http, account, sent, index, receipts))
    assert [one.spoiler for one in double.statuses] == ["Careful", "Careful", ""]


async def test_a_picture_goes_with_its_description_and_focus(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    image = replace(picture("image/png", "A rectangle"), focus=Focus(-0.5, 0.25))
    receipt = await publisher.publish(http, account, delivery(Segment("", (image,))), 0, ())
    media = double.statuses[0].media[0]
    assert (media.alt, media.focus, media.mime) == ("A rectangle", (-0.5, 0.25), "image/png")
    assert receipt.raw["media_ids"] == [media.id]


async def test_a_film_is_waited_for(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    double.memory.video_polls = 3
    await publisher.publish(http, account, delivery(Segment("A film", (FILM,))), 0, ())
    assert len(double.asked("get_media")) == 4
    assert double.statuses[0].media[0].alt == "A film"


async def test_a_film_that_takes_too_long_is_tried_again_later(
    double: MastodonDouble, http: Http, account: Account
) -> None:
    double.memory.video_polls = 1000
    impatient = MastodonPublisher(media_seconds=0.1, first_pause=0.01)
    with pytest.raises(TryAgain):
        await impatient.publish(http, account, delivery(Segment("A film", (FILM,))), 0, ())
    assert not double.asked("post_status")


async def test_an_older_server_takes_uploads_at_the_older_address(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    double.fail_next("refuse", operation="upload_media", status=404, words="Not Found")
    await publisher.publish(http, account, delivery(Segment("Old", (picture("image/png", "x"),))), 0, ())
    assert len(double.asked("upload_media_v1")) == 1


@pytest.mark.faults
@pytest.mark.parametrize("fault", ["store_then_close", "store_then_500", "500_before", "truncated", "close_before"])
async def test_a_lost_upload_is_harmless(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher, fault: str
) -> None:
    double.fail_next(fault, operation="upload_media", times=1)
    with pytest.raises(TryAgain):
        await publisher.publish(http, account, delivery(Segment("Once", (picture("image/png", "x"),))), 0, ())
    assert not double.statuses


async def test_a_file_the_server_cannot_process_is_the_files_fault(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    double.fail_next(
        "refuse", operation="upload_media", status=500, words="Error processing thumbnail for uploaded media"
    )
    with pytest.raises(Refused) as caught:
        await publisher.publish(http, account, delivery(Segment("x", (picture("image/png", "x"),))), 0, ())
    assert caught.value.field == "attachments"


@pytest.mark.faults
async def test_a_hanging_answer_is_an_unknown_outcome(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = replace(POST_STATUS, seconds=0.3)
    monkeypatch.setattr("masthead.connectors.mastodon.publish.POST_STATUS", quick)
    monkeypatch.setattr(
        http, "operations", {quick.name: quick} | {k: v for k, v in http.operations.items() if k != quick.name}
    )
    double.fail_next("store_then_hang")
    sent = delivery("Hanging")
    with pytest.raises(OutcomeUnknown):
        await publisher.publish(http, account, sent, 0, ())
    found = await publisher.find(http, account, sent, 0, ())
    assert found.presence is Presence.FOUND


@pytest.mark.faults
async def test_an_answer_without_a_status_is_an_unknown_outcome(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    double.fail_next("no_id")
    sent = delivery("Without an id")
    with pytest.raises(OutcomeUnknown):
        await publisher.publish(http, account, sent, 0, ())
    assert (await publisher.find(http, account, sent, 0, ())).presence is Presence.FOUND


@pytest.mark.faults
async def test_a_slow_answer_is_an_answer(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    double.fail_next("slow", seconds=0.2)
    assert (await publisher.publish(http, account, delivery("Slow"), 0, ())).remote_id


@pytest.mark.faults
async def test_a_wait_of_an_hour_is_taken_over(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    double.fail_next("429", retry_after=3600)
    with pytest.raises(TryAgain) as caught:
        await publisher.publish(http, account, delivery("Too fast"), 0, ())
    assert caught.value.whole_channel
    assert caught.value.after == 3600


async def test_the_servers_own_limit_tells_when_it_ends(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    image = picture("image/png", "x")
    for number in range(30):
        await publisher.publish(http, account, delivery(Segment(f"{number}", (image,))), 0, ())
    with pytest.raises(TryAgain) as caught:
        await publisher.publish(http, account, delivery(Segment("31st", (image,))), 0, ())
    left = 1800 - datetime.now(UTC).timestamp() % 1800
    assert caught.value.whole_channel
    assert abs(caught.value.after - left) < 5
    assert len(double.statuses) == 30


@pytest.mark.parametrize(
    ("segment", "options", "field"),
    [
        (Segment("x" * 501), {}, "text"),
        (Segment(" "), {}, "text"),
        (Segment("x" * 490), {"spoiler_text": "y" * 11}, "text"),
        (Segment("Poll", poll=Poll(("One",), 600)), {}, "poll"),
        (Segment("Poll", poll=Poll(("One", "Two"), 10)), {}, "poll"),
        (Segment("x"), {"visibility": "everyone"}, "options.visibility"),
        (Segment("x", (replace(FILM, mime="video/x-odd"),)), {}, "attachments"),
        (Segment("x", (FILM, FILM)), {}, "attachments"),
        (Segment("x", (replace(FILM, alt="x" * 1501),)), {}, "attachments"),
    ],
)
async def test_refusals_name_the_field(
    double: MastodonDouble,
    http: Http,
    account: Account,
    publisher: MastodonPublisher,
    segment: Segment,
    options: dict[str, object],
    field: str,
) -> None:
    with pytest.raises(Refused) as caught:
        await publisher.publish(http, account, delivery(segment, options=options), 0, ())
    assert caught.value.field == field
    assert caught.value.remedy
    assert not double.statuses


async def test_links_and_mentions_count_as_on_the_server(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    text = "x" * 470 + " https://example.org/" + "y" * 100 + " @me@" + "z" * 50 + ".example"
    await publisher.publish(http, account, delivery(text), 0, ())
    assert double.statuses[0].text == text


async def test_a_reply_to_a_deleted_post_is_refused(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    sent = delivery("One", "Two")
    first = await publisher.publish(http, account, sent, 0, ())
    double.statuses.clear()
    with pytest.raises(Refused) as caught:
        await publisher.publish(http, account, sent, 1, (first,))
    assert caught.value.field == "thread"


async def test_missing_scopes_need_a_reconnect(
    double: MastodonDouble, http: Http, publisher: MastodonPublisher
) -> None:
    token = double.fresh(scopes="read")
    reader = Account(1, 1, double.url, token.account_id, "", {"access_token": token.value})
    with pytest.raises(NeedsReconnect):
        await publisher.publish(http, reader, delivery("Not allowed"), 0, ())


@pytest.mark.faults
async def test_a_token_that_expires_midway_is_named(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    double.fail_next("token_expired", times=2)
    with pytest.raises(NeedsReconnect) as caught:
        await publisher.publish(http, account, delivery("Expired"), 0, ())
    assert not isinstance(caught.value, TokenExpired)
    renewable = replace(account, secrets=dict(account.secrets) | {"refresh_token": "r"})
    with pytest.raises(TokenExpired):
        await publisher.publish(http, renewable, delivery("Expired"), 0, ())


async def test_an_edit_keeps_media_and_poll(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    sent = delivery(Segment("Bevore", (picture("image/png", "x"),)), options={"spoiler_text": "Careful"})
    receipts = [await publisher.publish(http, account, sent, 0, ())]
    polled = delivery(Segment("Wich?", poll=Poll(("A", "B"), 600)))
    receipts.append(await publisher.publish(http, account, polled, 0, ()))
    await publisher.edit(http, account, replace(sent, segments=(Segment("Before"),)), 0, receipts[:1])
    fixed = replace(polled, segments=(Segment("Which?", poll=Poll(("A", "B"), 600)),))
    await publisher.edit(http, account, fixed, 0, receipts[1:])
    pictured, asked = double.statuses
    assert (pictured.text, pictured.spoiler, len(pictured.media)) == ("Before", "Careful", 1)
    assert asked.text == "Which?"
    assert asked.poll
    assert all("scheduled_at" not in (one.body or {}) for one in double.requests)


async def test_settling_changes_nothing(
    double: MastodonDouble, http: Http, account: Account, publisher: MastodonPublisher
) -> None:
    receipt = await publisher.publish(http, account, delivery("There at once"), 0, ())
    assert await publisher.settle(http, account, replace(receipt, processing=True)) == receipt
