"""Mastodon's own answers, as Mastodon.py recorded them for its tests, led through our shapes and our table of errors.

`bin/servers/mastodon` brings the recordings; they are Mastodon.py's and no part of this project.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from multidict import CIMultiDict

from masthead.connectors.mastodon import wire
from masthead.connectors.mastodon.errors import TABLE
from masthead.connectors.mastodon.history import _past
from masthead.connectors.mastodon.operations import OPERATIONS
from masthead.connectors.tests.real import absent, tools
from masthead.contract.errors import Refused
from masthead.contract.headers import quota_told
from masthead.contract.http import Answer
from masthead.contract.refusals import first_fit

pytestmark = pytest.mark.servers
PATHS = [
    (one.method, re.compile(re.sub(r"\{\w+\}", "[^/]+", one.path) + r"\Z"), one.name) for one in OPERATIONS.values()
]


@dataclass(frozen=True)
class Recorded:
    """One answer of Mastodon's to an operation of ours, and the file it stands in."""

    operation: str
    answer: Answer
    file: str


@cache
def recorded() -> tuple[Recorded, ...]:
    """All recorded answers to operations of ours. Skips where the recordings are not at hand."""
    place = tools("MASTHEAD_MASTODON_PY", "mastodon-py")
    files = sorted(place.glob("*.yaml"))
    if not files:
        absent(f"Mastodon.py's recordings are not in {place}; run bin/servers/mastodon")
    return tuple(one for file in files for one in _in(file))


def _in(file: Path) -> Iterator[Recorded]:
    told = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
    for one in told.get("interactions", ()):
        asked, said = one["request"], one["response"]
        name = _operation(asked["method"], urlsplit(asked["uri"]).path)
        if name:
            headers = CIMultiDict((key, values[0]) for key, values in said["headers"].items())
            yield Recorded(name, Answer(said["status"]["code"], headers, _parsed(said["body"]["string"])), file.name)


def _operation(method: str, path: str) -> str:
    return next((name for verb, known, name in PATHS if verb == method and known.fullmatch(path)), "")


def _parsed(body: str | bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


def good(operation: str) -> list[Recorded]:
    """The answers to an operation that are no refusal."""
    return [one for one in recorded() if one.operation == operation and one.answer.ok]


def status(body: Any) -> None:
    """A status, which becomes a past post; one that is to come has no address yet."""
    found = wire.read(wire.Status, body)
    past = _past(found, body)
    assert past.remote_id == found.id and past.url.startswith("http") and past.posted_at.tzinfo
    assert set(past.metrics) >= {"favourites_count", "reblogs_count", "replies_count"}


def posted(body: Any) -> None:
    """The answer to posting: a status, or what is scheduled for later (which we never ask for)."""
    if "scheduled_at" not in body:
        status(body)


READERS: dict[str, tuple[Callable[[Any], object], int]] = {
    "verify_credentials": (lambda body: wire.read(wire.Account, body), 60),
    "post_status": (posted, 200),
    "get_status": (status, 8),
    "edit_status": (status, 3),
    "own_statuses": (lambda body: [status(one) for one in body], 12),
    "upload_media": (lambda body: wire.read(wire.Media, body), 14),
    "get_media": (lambda body: wire.read(wire.Media, body), 3),
    "get_notifications": (lambda body: [wire.read(wire.Notification, one) for one in body], 13),
    "get_context": (lambda body: wire.read(wire.Context, body), 1),
    "register_app": (lambda body: wire.read(wire.App, body), 2),
    "get_token": (lambda body: wire.read(wire.Token, body), 2),
    "authorization_server": (lambda body: wire.read(wire.Metadata, body), 3),
}


@pytest.mark.parametrize("operation", sorted(READERS))
def test_recorded_answers_have_our_shapes(operation: str) -> None:
    read, least = READERS[operation]
    found = good(operation)
    for one in found:
        try:
            read(one.answer.body)
        except Exception as error:
            raise AssertionError(f"{one.file}: {error!r}") from error
    print(f"Mastodon: {len(found)} recorded answers to {operation} read")
    assert len(found) >= least


def test_recorded_refusals_of_posts_ask_the_author() -> None:
    found = [one for one in recorded() if one.operation == "post_status" and not one.answer.ok]
    assert len(found) >= 4
    for one in found:
        problem = first_fit(TABLE, one.answer.status, one.answer.body["error"])
        assert problem is not None and problem.error is Refused and problem.remedy, (one.file, one.answer.body)


def test_recorded_headers_tell_the_quota() -> None:
    told = [quota for one in good("verify_credentials") if (quota := quota_told(one.answer.headers))]
    assert len(told) >= 60 and all(0 <= one.remaining <= 300 for one in told)
