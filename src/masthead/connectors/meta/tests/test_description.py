"""Every request of the family and every answer of its double is as Meta's own files describe them, where those are at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from masthead.connectors.meta.facebook.tests.harness import FacebookHarness
from masthead.connectors.meta.instagram.tests.harness import InstagramHarness
from masthead.connectors.meta.tests.double import DESCRIBED
from masthead.connectors.meta.tests.lending import Lending
from masthead.connectors.meta.tests.scene import clip
from masthead.connectors.tests.described_graph import GraphDescribed
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.http import Http, Transport
from masthead.contract.values import Account, Delivery, Segment

WALKS: dict[str, tuple[type[Lending], dict[str, str]]] = {
    "instagram": (InstagramHarness, {"first_comment": "More", "location_id": "7", "collaborators": "@ann, ben"}),
    "facebook": (FacebookHarness, {"first_comment": "More below", "title": "A film"}),
}


@pytest.fixture(params=sorted(WALKS))
def walk(request: pytest.FixtureRequest) -> Iterator[tuple[Lending, dict[str, str]]]:
    made, options = WALKS[request.param]
    harness = made()
    harness.start()
    yield harness, options
    harness.stop()


async def test_all_requests_and_answers_are_as_described(walk: tuple[Lending, dict[str, str]]) -> None:
    DESCRIBED.needed()
    harness, options = walk
    before, known = DESCRIBED.requests.total(), len(DESCRIBED.wrong)
    account = await harness.account()
    async with Transport(allow_private=True) as transport:
        http = harness.http(transport)
        await harness.platform.connecting.verify(http, account)
        await harness.platform.connecting.refresh(http, account)
        for segment in segments(harness):
            await everything(harness, http, account, delivery(segment, options=options))
        history = harness.platform.history
        assert history
        await history.metrics(http, account, (await history.page(http, account, "")).posts)
    assert not DESCRIBED.wrong[known:]
    assert DESCRIBED.requests.total() > before
    print(f"{DESCRIBED.requests.total() - before} requests of {harness.platform.name} checked")


def segments(harness: Lending) -> list[Segment]:
    """One of each kind that the platform takes."""
    image, second = picture(harness.media_type, "A rectangle"), picture(harness.media_type, "Another")
    found = [Segment("Two pictures", (image, second)), Segment("One picture", (image,)), Segment("Moving", (clip(),))]
    return found if harness.platform.capabilities.media_required else [Segment("https://example.org"), *found]


async def everything(harness: Lending, http: Http, account: Account, sent: Delivery) -> None:
    """Publish, look up, settle, edit and remove, as far as the platform can."""
    publisher = harness.platform.publisher
    receipt = await publisher.publish(http, account, sent, 0, ())
    for _ in range(3):
        receipt = await publisher.settle(http, account, receipt)
    assert (await publisher.find(http, account, sent, 0, ())).receipt
    if harness.platform.capabilities.edit:
        changed = replace(sent, segments=(replace(sent.segments[0], text="Changed"),))
        await publisher.edit(http, account, changed, 0, (receipt,))
    if harness.platform.capabilities.remove and not sent.segments[0].attachments:
        await publisher.remove(http, account, receipt)


@pytest.mark.parametrize(
    ("method", "node", "edge", "sent", "why"),
    [
        ("POST", "Page", "feed", {"text": "no such name"}, "text is not described"),
        ("POST", "Page", "feed", {"published": "yes"}, "neither true nor false"),
        ("POST", "Page", "feed", {"attached_media": "photo"}, "is no JSON"),
        ("POST", "Page", "videos", {"upload_phase": "begin"}, "is none of"),
        ("POST", "Page", "videos", {"file_size": "large"}, "is no number"),
        ("POST", "IGUser", "media_publish", {}, "creation_id is missing"),
        ("GET", "Page", "published_posts", {"fields": "id,likers{id}"}, "likers of PagePost is not described"),
        ("POST", "Page", "mail", {}, "is not described"),
    ],
)
def test_what_is_not_described_would_be_noticed(
    method: str, node: str, edge: str, sent: dict[str, str], why: str
) -> None:
    DESCRIBED.needed()
    one = GraphDescribed("a copy", DESCRIBED.file)
    one.check_request(method, node, edge, sent)
    assert why in " ".join(one.wrong)


def test_an_answer_with_a_field_nobody_described_would_be_noticed() -> None:
    DESCRIBED.needed()
    one = GraphDescribed("a copy", DESCRIBED.file)
    one.check_answer("PagePost", {"data": [{"id": "1", "message": "x"}, {"id": "2", "text": "y"}]})
    assert one.wrong == ["PagePost: answer: text is not described"]
