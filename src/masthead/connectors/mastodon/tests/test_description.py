"""Every request the connector makes is valid by the published description of Mastodon's API, where that is at hand."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from masthead.connectors.mastodon import MASTODON
from masthead.connectors.mastodon.history import MastodonHistory
from masthead.connectors.mastodon.inbox import MastodonInbox
from masthead.connectors.mastodon.publish import MastodonPublisher
from masthead.connectors.mastodon.tests.double import Asked, MastodonDouble
from masthead.connectors.mastodon.tests.harness import MastodonHarness
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.http import Http
from masthead.contract.inbox import Kind, Reply
from masthead.contract.values import Account, Poll, Segment

ROOT = Path(__file__).parents[5]
FOLDER = Path(os.environ.get("MASTHEAD_CONTRACTS", ROOT.parent / "shared" / "contracts"))
BACK = "http://127.0.0.1:1/connect/callback/mastodon/"


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    files = sorted(FOLDER.glob("mastodon-*.json"))
    if not files:
        pytest.skip(f"no description of Mastodon's API in {FOLDER}; set MASTHEAD_CONTRACTS")
    return json.loads(files[-1].read_text())  # type: ignore[no-any-return]


def described(description: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """The description's entry for a request."""
    parts = asked.path.strip("/").split("/")
    for path, methods in description["paths"].items():
        pattern = path.strip("/").split("/")
        same = len(pattern) == len(parts) and all(
            one.startswith("{") or one == other for one, other in zip(pattern, parts, strict=True)
        )
        if same and asked.method.lower() in methods:
            return methods[asked.method.lower()]  # type: ignore[no-any-return]
    raise AssertionError(f"{asked.method} {asked.path} is not described")


def check(description: dict[str, Any], asked: Asked) -> None:
    entry = described(description, asked)
    names = {one["name"] for one in entry.get("parameters", ()) if one.get("in") == "query"}
    assert {name.removesuffix("[]") for name in asked.query} <= names, asked
    body = entry.get("requestBody")
    if asked.body is None:
        assert not (body or {}).get("required"), asked
        return
    schema = next(iter(body["content"].values()))["schema"]
    told = dict(asked.body)
    if "redirect_uris" in told:  # described as a list, which servers before 4.3 do not take; one string is as good
        told["redirect_uris"] = [told["redirect_uris"]]
    told.pop("file", None)
    wanted = {"components": description["components"]} | _without_file(_any_of(schema))
    jsonschema.Draft202012Validator(wanted).validate(told)


def _any_of(schema: dict[str, Any]) -> dict[str, Any]:
    """The kinds of status are not exclusive: a status with text and media is both."""
    return {"anyOf": schema["oneOf"]} if "oneOf" in schema else schema


def _without_file(schema: dict[str, Any]) -> dict[str, Any]:
    return schema | {"required": [one for one in schema.get("required", ()) if one != "file"]}


async def test_all_requests_are_as_described(
    description: dict[str, Any], double: MastodonDouble, http: Http, publisher: MastodonPublisher
) -> None:
    harness = MastodonHarness()
    harness.double, way = double, MASTODON.connecting.redirect
    assert way
    client = harness.client()
    sent = await way.start(http, {"server": double.url}, redirect_uri=BACK, client=client)
    query = await harness.visit(sent, allow=True)
    profile = await way.finish(http, sent.keep, query, redirect_uri=BACK, client=client)
    account = Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)
    await harness.receive(account, Kind.DIRECT, "To be read")
    await everything(http, account, publisher)
    await MASTODON.connecting.revoke(http, account)
    checked = {one.operation for one in double.requests if one.operation}
    for one in double.requests:
        if one.operation:
            check(description, one)
    assert checked >= {
        "register_app",
        "get_token",
        "upload_media",
        "post_status",
        "own_statuses",
        "edit_status",
        "delete_status",
        "revoke_token",
        "instance",
        "verify_credentials",
        "get_source",
        "get_status",
        "get_statuses",
        "get_notifications",
        "get_context",
    }


async def everything(http: Http, account: Account, publisher: MastodonPublisher) -> None:
    options = {"spoiler_text": "Careful", "sensitive": True, "visibility": "unlisted"}
    image = picture("image/png", "A rectangle")
    sent = delivery(Segment("One", (image,)), Segment("Two", poll=Poll(("A", "B"), 600, True)), options=options)
    first = await publisher.publish(http, account, sent, 0, ())
    second = await publisher.publish(http, account, sent, 1, (first,))
    await publisher.publish(http, account, delivery("Short"), 0, ())
    await publisher.find(http, account, delivery("Other"), 0, ())
    await publisher.edit(
        http, account, replace(sent, segments=(Segment("Eins", (image,)), *sent.segments[1:])), 0, (first,)
    )
    await publisher.edit(http, account, sent, 1, (first, second))
    posts = (await MastodonHistory().page(http, account, "")).posts
    await publisher.remove(http, account, second)
    await MastodonHistory().metrics(http, account, posts)
    message = (await MastodonInbox().page(http, account, "notifications", "1")).messages[0]
    await MastodonInbox().find(http, account, Reply("0" * 32, message, "Never said", message.sent_at))


async def test_an_undescribed_request_would_be_noticed(description: dict[str, Any]) -> None:
    wrong = Asked("POST", "/api/v1/statuses", "post_status", {}, {}, {"status": 7})
    with pytest.raises(jsonschema.ValidationError):
        check(description, wrong)
    with pytest.raises(AssertionError):
        check(description, Asked("GET", "/api/v9/statuses", "", {}, {}, None))
