"""Broken, huge and hostile input: every page and endpoint answers in words, none with an error of its own."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from masthead.api.tests.test_api import Program
from masthead.workspaces.tests.people import signed_in

pytestmark = pytest.mark.django_db
HUGE, LONG, DEEP = 10**30, "9" * 5000, "[" * 100_000 + "]" * 100_000
PART = '{"segments": [{"text": "a"}], %s}'


@pytest.fixture
def program() -> Program:
    made = Program("bakery")
    made.made = made.post()  # type: ignore[attr-defined]
    return made


def answered(program: Program, method: str, path: str, body: Any = None) -> int:
    """The status of an endpoint."""
    path = path.format(post=program.made["id"], asset=program.asset.pk)  # type: ignore[attr-defined]
    answer = getattr(Client(raise_request_exception=False), method)(
        f"/api/v1{path}", body, content_type="application/json", headers={"Authorization": f"Bearer {program.token}"}
    )
    return int(answer.status_code)


@pytest.mark.parametrize(
    "body",
    [
        {"segments": [{"text": "a\x00b"}], "title": "\x00", "language": "\x00"},
        {"segments": [{"text": "a", "attachments": [{"asset": 1, "alt": "\x00"}]}]},
        {"segments": [{"text": "a", "attachments": [{"asset": HUGE}]}]},
        {"segments": [{"text": "a", "poll": {"options": ["\x00", "b"], "seconds": HUGE}}]},
        '{"segments": [{"text": "\\ud800"}], "title": "\\ud800"}',
        '{"segments": ' + DEEP + "}",
    ],
    ids=["nul", "nul-alt", "huge", "poll", "surrogate", "deep"],
)
def test_a_program_sends_what_no_database_takes(program: Program, body: Any) -> None:
    assert answered(program, "post", "/posts", body) < 500


@pytest.mark.parametrize("value", ['"\\u0000"', "NaN", "[]", '{"a": 1}', '"\\ud800"'])
def test_settings_of_a_channel_are_simple_values(program: Program, value: str) -> None:
    body = PART % f'"variants": [{{"channel": {program.channel.pk}, "options": {{"mood": {value}, "\\ud800": 1}}}}]'
    assert answered(program, "post", "/posts", body) in (201, 400)
    assert signed_in(program.user).get("/w/bakery/posts/").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("patch", "/posts/{post}", {"title": "x" * 300, "language": "x" * 300}),
        ("patch", "/posts/{post}", {"title": "\x00"}),
        ("patch", "/posts/{post}", {"version": HUGE}),
        ("get", f"/posts?offset={HUGE}", None),
        ("get", f"/media?offset={2**63}", None),
        ("get", f"/posts/{HUGE}", None),
        ("patch", "/media/{asset}", {"alt": "\x00"}),
        ("patch", "/media/{asset}", {"alt": "x" * 3000}),
        ("post", "/posts/{post}/schedule", {"publish_at": "9999-12-31T23:59:59-14:00"}),
        ("post", "/posts/{post}/schedule", {"publish_at": "0001-01-01T00:00:00+14:00"}),
    ],
)
def test_a_program_is_answered_in_words(program: Program, method: str, path: str, body: Any) -> None:
    assert answered(program, method, path, body) < 500


@pytest.mark.parametrize(
    "path",
    [
        "posts/?channel=²",
        f"posts/?channel={LONG}",
        "posts/?q=%00",
        "calendar/?month=9999-12",
        "calendar/?month=0001-01",
        "calendar/?week=9999-12-31",
        "calendar/?week=0001-01-01",
        "media/?q=%00",
        "channels/connect/sandbox/?channel=²",
        f"channels/connect/sandbox/?channel={LONG}",
        "audit/?person=%00&action=%00",
    ],
)
def test_pages_are_shown_whatever_their_address_says(program: Program, path: str) -> None:
    browser = signed_in(program.user)
    browser.raise_request_exception = False
    assert browser.get(f"/w/bakery/{path}").status_code in (200, 404)


@pytest.mark.parametrize(
    "body",
    [
        '{"a": ' + DEEP + "}",
        b"\xff\xfe",
        '{"segments": [{"text": "\\ud800"}], "title": "\\u0000"}',
        PART % '"channels": [1]',
        PART % '"channels": {"²": {}}',
        PART % f'"channels": {{"{LONG}": {{}}}}',
        PART % '"version": "²"',
        PART % f'"version": "{LONG}"',
        PART % '"wanted_at": "0001-01-01T00:00"',
        PART % '"wanted_at": "9999-12-31T23:59-14:00"',
        '{"segments": [{"text": "a", "attachments": [{"asset": "²"}]}]}',
        '{"segments": [{"text": "a", "attachments": 5}]}',
        '{"segments": [{"text": "a", "poll": {"options": ["a", "b"], "seconds": 1e999}}]}',
    ],
)
def test_the_composer_saves_or_refuses_and_the_list_still_opens(program: Program, body: Any) -> None:
    """A time beyond what the driver reads once closed the list of posts for everybody in the workspace."""
    browser = signed_in(program.user)
    browser.raise_request_exception = False
    address = f"/w/bakery/posts/{program.made['id']}/"  # type: ignore[attr-defined]
    assert browser.post(f"{address}save/", body, content_type="application/json").status_code < 500
    assert [browser.get(page).status_code for page in (address, "/w/bakery/posts/")] == [200, 200]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("posts/{post}/schedule/", {"publish_at": "9999-12-31T23:59-14:00"}),
        ("posts/{post}/comments/", {"text": "\x00"}),
        ("posts/new/", {"at": "x"}),
        ("posts/new/", {"at": "9999-12-31T23:59-14:00"}),
        ("channels/{channel}/slots/", {"weekday": ["²", LONG], "time": "\x00"}),
        ("media/from-url/", {"url": "http://[/"}),
    ],
)
def test_forms_answer_in_words(program: Program, path: str, sent: dict[str, Any]) -> None:
    browser = signed_in(program.user)
    browser.raise_request_exception = False
    path = path.format(post=program.made["id"], channel=program.channel.pk)  # type: ignore[attr-defined]
    assert browser.post(f"/w/bakery/{path}", sent).status_code < 500
