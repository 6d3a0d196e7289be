"""Reddit's own answers, as PRAW recorded them for its tests from 2016 to 2026, led through our shapes and our table of errors.

`bin/servers/reddit` brings the recordings; they are PRAW's and no part of this project.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest

from masthead.connectors.reddit import REDDIT, wire
from masthead.connectors.reddit.errors import errors_in, explaining
from masthead.connectors.reddit.history import RedditHistory
from masthead.connectors.reddit.operations import OPERATIONS
from masthead.connectors.reddit.publish import RedditPublisher
from masthead.connectors.tests.real import absent, tools
from masthead.contract.errors import ConnectorError, NeedsReconnect
from masthead.contract.http import Answer

pytestmark = pytest.mark.servers
SITE = "https://www.reddit.com"
PATHS = [
    (one.method, re.compile(re.sub(r"\{\w+\}", "[^/]+", one.path) + r"/?\Z"), one.name)
    for one in OPERATIONS.values()
    if one.name not in ("upload", "get_token", "revoke_token")
]


@dataclass(frozen=True)
class Recorded:
    """One answer of Reddit's to an operation of ours, and the file it stands in."""

    operation: str
    answer: Answer
    file: str


@cache
def recorded() -> tuple[Recorded, ...]:
    """All recorded answers to operations of ours. Skips where the recordings are not at hand."""
    place = tools("MASTHEAD_PRAW", "praw")
    files = sorted(place.glob("*.json"))
    if not files:
        absent(f"PRAW's recordings are not in {place}; run bin/servers/reddit")
    return tuple(one for file in files for one in _in(file.name, json.loads(file.read_text())))


def _in(file: str, told: Any) -> Iterator[Recorded]:
    for one in told.get("interactions", ()):
        asked, said = one["request"], one["response"]
        name = _operation(asked["method"], asked["uri"])
        body = said["body"].get("string")
        if name and body is not None:
            headers = {key: values[0] for key, values in said["headers"].items()}
            yield Recorded(name, Answer(said["status"]["code"], headers, _parsed(body)), file)


def _operation(method: str, uri: str) -> str:
    parts = urlsplit(uri)
    found = (name for verb, path, name in PATHS if verb == method and path.fullmatch(parts.path))
    return next(found, "") if parts.hostname == "oauth.reddit.com" else ""


def _parsed(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


def good(operation: str) -> list[Recorded]:
    """The answers to an operation that are no refusal."""
    return [
        one for one in recorded() if one.operation == operation and one.answer.ok and not errors_in(one.answer.body)
    ]


def bad() -> list[Recorded]:
    """The refusals, whatever their status."""
    return [one for one in recorded() if not one.answer.ok or errors_in(one.answer.body)]


def listing(body: Any) -> None:
    """A page of submissions: each has its names, a moment, and becomes a past post."""
    found = wire.read(wire.Listing, body).data.posts
    past = [RedditHistory(SITE)._past(one) for one in found]
    assert all(one.remote_id.startswith("t3_") and one.posted_at.year > 2004 and one.url for one in past)


READERS: dict[str, tuple[Callable[[Any], object], int]] = {
    "me": (lambda body: wire.read(wire.User, body), 20),
    "own_posts": (listing, 40),
    "posts_by_id": (listing, 5),
    "flairs": (lambda body: [wire.read(wire.Flair, one) for one in body], 4),
    "lend_upload": (lambda body: wire.read(wire.Lease, body), 40),
}


@pytest.mark.parametrize("operation", sorted(READERS))
def test_recorded_answers_have_our_shapes(operation: str) -> None:
    read, least = READERS[operation]
    found = good(operation)
    for one in found:
        try:
            read(one.answer.body)
        except (ConnectorError, AssertionError, TypeError) as error:
            raise AssertionError(f"{one.file}: {error!r}") from error
    print(f"Reddit: {len(found)} recorded answers to {operation} read")
    assert len(found) >= least


def test_recorded_submissions_tell_their_id_but_for_one_picture_or_video() -> None:
    publisher, told = REDDIT.publisher, Counter[str]()
    assert isinstance(publisher, RedditPublisher)
    for operation in ("submit", "submit_gallery"):
        for one in good(operation):
            receipt = publisher._told(one.answer, "bread")
            kind = operation if receipt else "without an id"
            told[kind] += 1
            media = "websocket_url" in one.answer.body["json"]["data"]
            assert (receipt is None) == media, one.file
            assert receipt is None or re.fullmatch(r"t3_[a-z0-9]+", receipt.remote_id), one.file
    print(f"Reddit: recorded submissions: {dict(told)}")
    assert told["submit"] >= 10 and told["submit_gallery"] >= 2 and told["without an id"] >= 5


def test_recorded_refusals_are_named_with_a_remedy() -> None:
    found, kinds = bad(), Counter[str]()
    for one in found:
        error = errors_in(one.answer.body) if one.answer.ok else explaining()(one.answer)
        assert error is not None, one.file
        kinds[type(error).__name__] += 1
        assert error.message and error.remedy, one.file
        assert isinstance(error, NeedsReconnect) == (one.answer.status == 401), one.file
        assert error.field or one.answer.status == 401, one.file
    print(f"Reddit: recorded refusals: {dict(kinds)} of {len(found)}")
    assert kinds["Refused"] >= 5 and kinds["NeedsReconnect"] >= 1
