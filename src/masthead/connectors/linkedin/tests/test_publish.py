"""What is special about posts on LinkedIn: little text, files, polls, cards, comments, duplicates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from masthead.connectors.linkedin import linkedin_platform
from masthead.connectors.linkedin.tests.double import LinkedInDouble
from masthead.connectors.linkedin.tests.harness import LinkedInHarness
from masthead.connectors.linkedin.upload import Uploading
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.errors import OutcomeUnknown, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, MediaKind, Poll, Presence, Receipt, Segment

HARD = "50% (off) [today] {now} <b> | a_b *c* ~d @me #bread, C# and a\\b #12 #süß_brot"


def file(kind: MediaKind, mime: str, content: bytes, name: str = "Menu.pdf") -> Attachment:
    async def load() -> bytes:
        return content

    return Attachment(kind, mime, len(content), "0" * 64, load, file_name=name)


async def posted(
    harness: LinkedInHarness,
    http: Http,
    account: Account,
    segment: Segment,
    options: Mapping[str, object] | None = None,
) -> tuple[Receipt, dict[str, Any]]:
    sent = delivery(segment, options=options)
    receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    return receipt, next(one.body for one in harness.double.memory.posts if one.urn == receipt.remote_id)


async def test_nothing_of_a_text_is_lost(harness: LinkedInHarness, http: Http, page: Account) -> None:
    _, body = await posted(harness, http, page, Segment(HARD))
    assert [one.text for one in await harness.posts(page)] == [HARD]
    assert (
        "{hashtag|\\#|bread}" in body["commentary"]
        and "C\\# and" in body["commentary"]
        and "\\#12" in body["commentary"]
    )
    assert (await harness.platform.publisher.find(http, page, delivery(HARD), 0, ())).presence is Presence.FOUND


async def test_two_pictures_go_together(harness: LinkedInHarness, http: Http, page: Account) -> None:
    both = (picture("image/png", "One"), picture("image/jpeg", ""))
    _, body = await posted(harness, http, page, Segment("Two", both))
    assert [one.get("altText") for one in body["content"]["multiImage"]["images"]] == ["One", None]


async def test_a_document_has_a_title_and_is_waited_for(
    harness: LinkedInHarness, http: Http, page: Account, double: LinkedInDouble
) -> None:
    pdf = file(MediaKind.DOCUMENT, "application/pdf", b"%PDF-1.7 ... %%EOF")
    _, body = await posted(harness, http, page, Segment("Leaf through", (pdf,)))
    assert body["content"]["media"]["title"] == "Menu.pdf"
    assert double.memory.files[body["content"]["media"]["id"]].parts[0].startswith(b"%PDF")
    _, body = await posted(harness, http, page, Segment("And again", (pdf,)), {"title": "Our menu"})
    assert body["content"]["media"]["title"] == "Our menu"


async def test_a_video_goes_up_in_parts(
    harness: LinkedInHarness, http: Http, page: Account, double: LinkedInDouble
) -> None:
    content = bytes(range(256)) * 20_000
    _, body = await posted(harness, http, page, Segment("Film", (file(MediaKind.VIDEO, "video/mp4", content),)))
    parts = double.memory.files[body["content"]["media"]["id"]].parts
    assert len(parts) == 2 and b"".join(parts.values()) == content


async def test_a_file_that_is_never_ready_posts_nothing(
    harness: LinkedInHarness, http: Http, page: Account, double: LinkedInDouble
) -> None:
    pdf = file(MediaKind.DOCUMENT, "application/pdf", b"%PDF")
    hasty = linkedin_platform(double.url, double.url, Uploading(seconds=-1.0, pause=0.0)).publisher
    double.memory.looks = 3
    with pytest.raises(TryAgain):
        await hasty.publish(http, page, delivery(Segment("Late", (pdf,))), 0, ())
    double.memory.looks, double.memory.breaks = 1, True
    with pytest.raises(Refused) as caught:
        await posted(harness, http, page, Segment("Broken", (pdf,)))
    double.memory.breaks = False
    assert caught.value.field == "attachments"
    assert not await harness.posts(page)


async def test_a_poll_asks_its_text_or_the_given_question(harness: LinkedInHarness, http: Http, page: Account) -> None:
    asked = Poll(("Rye", "Wheat"), 2 * 86_400)
    _, body = await posted(harness, http, page, Segment("Which?", poll=asked))
    assert body["content"]["poll"] == {
        "question": "Which?",
        "options": [{"text": "Rye"}, {"text": "Wheat"}],
        "settings": {"duration": "THREE_DAYS"},
    }
    long = Segment("x" * 200, poll=asked)
    with pytest.raises(Refused) as caught:
        await posted(harness, http, page, long)
    assert caught.value.field == "options.poll_question"
    _, body = await posted(harness, http, page, long, {"poll_question": "So?"})
    assert body["content"]["poll"]["question"] == "So?"


async def test_a_link_has_a_card_and_a_post_its_first_comment(
    harness: LinkedInHarness, http: Http, page: Account, double: LinkedInDouble
) -> None:
    options = {"link": "http://127.0.0.1:9/bread", "link_title": "Bread", "first_comment": "More (soon)"}
    receipt, body = await posted(harness, http, page, Segment("Look"), options)
    assert body["content"] == {"article": {"source": "http://127.0.0.1:9/bread", "title": "Bread"}}
    assert receipt.raw == {"commented": True}
    assert [one["message"]["text"] for one in double.memory.posts[-1].comments] == ["More (soon)"]
    failed, _ = await posted(harness, http, page, Segment("Too much"), {"first_comment": "x" * 1300})
    assert failed.raw["comment_failed"]


async def test_who_can_see_it_is_for_members_to_say(
    harness: LinkedInHarness, http: Http, page: Account, member: Account
) -> None:
    for account, wanted in ((page, "PUBLIC"), (member, "CONNECTIONS")):
        _, body = await posted(harness, http, account, Segment("Only some"), {"visibility": "CONNECTIONS"})
        assert body["visibility"] == wanted
    told = harness.platform.capabilities.narrowed(page.limits)
    assert "visibility" not in [one.name for one in told.options]


async def test_a_text_linkedin_has_already(harness: LinkedInHarness, http: Http, page: Account) -> None:
    sent = replace(delivery("The same"), tries=1)
    await harness.platform.publisher.publish(http, page, sent, 0, ())
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, page, sent, 0, ())
    assert caught.value.field == "text"
    with pytest.raises(OutcomeUnknown):
        await harness.platform.publisher.publish(http, page, replace(sent, tries=2), 0, ())


async def test_a_members_lost_answer_is_for_a_person(harness: LinkedInHarness, http: Http, member: Account) -> None:
    sent = delivery("From a member")
    harness.trouble(Trouble.CLOSE_AFTER)
    with pytest.raises(OutcomeUnknown):
        await harness.platform.publisher.publish(http, member, sent, 0, ())
    found = await harness.platform.publisher.find(http, member, sent, 0, ())
    assert found.presence is Presence.CANNOT_TELL
    assert "person" not in found.evidence and "Pages" in found.evidence


async def test_another_publication_is_not_taken_for_this_one(
    harness: LinkedInHarness, http: Http, page: Account
) -> None:
    first, _ = await posted(harness, http, page, Segment("Twice meant"))
    again = replace(delivery("Twice meant"), known=frozenset({first.remote_id}))
    assert (await harness.platform.publisher.find(http, page, again, 0, ())).presence is Presence.ABSENT
