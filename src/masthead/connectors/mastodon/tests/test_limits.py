"""Limits told by servers of different make, and what they do to the capabilities."""

from __future__ import annotations

from typing import Any

import pytest

from masthead.connectors.mastodon.capabilities import CAPABILITIES
from masthead.connectors.mastodon.limits import domain_in, limits_in
from masthead.contract.values import MediaKind

MASTODON = {
    "domain": "social.example",
    "version": "4.7.0",
    "configuration": {
        "statuses": {"max_characters": 1000, "max_media_attachments": 6, "characters_reserved_per_url": 23},
        "media_attachments": {
            "supported_mime_types": ["image/png", "image/jpeg", "application/x-odd", 7],
            "image_size_limit": 1000,
            "image_matrix_limit": 2000,
            "video_size_limit": 3000,
            "description_limit": 10_000,
        },
        "polls": {"max_options": 9, "max_characters_per_option": 99},
    },
}
PLEROMA = {
    "uri": "https://pleroma.example",
    "max_toot_chars": 5000,
    "upload_limit": 16_000_000,
    "poll_limits": {"max_options": 20, "max_option_chars": 200},
}


def test_mastodon_tells_everything() -> None:
    can = CAPABILITIES.narrowed(limits_in(MASTODON))
    image, video = can.media_rule(MediaKind.IMAGE), can.media_rule(MediaKind.VIDEO)
    assert can.text.limit == 1000
    assert can.max_attachments == 6
    assert image
    assert (image.mimes, image.max_bytes, image.max_pixels, image.alt_limit) == (
        ("image/jpeg", "image/png"),
        1000,
        2000,
        10_000,
    )
    assert video is None
    assert can.poll
    assert (can.poll.max_options, can.poll.option_limit) == (9, 99)
    assert domain_in(MASTODON) == "social.example"


def test_pleroma_tells_it_elsewhere() -> None:
    told = limits_in(PLEROMA)
    assert told["text_limit"] == 5000
    assert told["image_max_bytes"] == told["video_max_bytes"] == 16_000_000
    assert (told["poll_max_options"], told["poll_option_limit"]) == (20, 200)
    assert domain_in(PLEROMA) == "pleroma.example"


def test_a_server_that_drops_connections_is_known_by_its_version() -> None:
    assert limits_in({"version": "4.0.0 (not true; really snac/2.96)"})["drops_connections"]
    assert "drops_connections" not in limits_in(MASTODON)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        {},
        {"configuration": None},
        {"configuration": {"statuses": []}},
        {"configuration": {"statuses": {"max_characters": "many"}}},
        {"configuration": {"statuses": {"max_characters": -1}}},
        {"configuration": {"statuses": {"max_characters": True}}},
        {"configuration": {"media_attachments": {"supported_mime_types": [1]}}},
    ],
)
def test_nonsense_leaves_the_usual_limits(body: Any) -> None:
    assert limits_in(body) == {}
    assert CAPABILITIES.narrowed(limits_in(body)) == CAPABILITIES
