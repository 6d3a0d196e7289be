"""Servers as people type them."""

from __future__ import annotations

import pytest

from masthead.contract.errors import Refused
from masthead.contract.origins import origin_of


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("mastodon.social", "https://mastodon.social"),
        (" Mastodon.Social/ ", "https://mastodon.social"),
        ("https://mastodon.social/@me", "https://mastodon.social"),
        ("mastodon.social/@me", "https://mastodon.social"),
        ("@me@mastodon.social", "https://mastodon.social"),
        ("social.example:8443", "https://social.example:8443"),
        ("https://me:secret@social.example", "https://social.example"),
    ],
)
def test_servers_are_read_from_what_people_type(typed: str, origin: str) -> None:
    assert origin_of(typed, allow_http=False, example="mastodon.social") == origin


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "not a server",
        "http://mastodon.social",
        "ftp://mastodon.social",
        "https://",
        "https://[",
        "127.0.0.1",
        "localhost",
        "https://10.0.0.1",
        "https://social.example:port",
        "javascript://x",
    ],
)
def test_what_is_no_public_server_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        origin_of(typed, allow_http=False, example="mastodon.social")
    assert caught.value.field == "server"
    assert caught.value.remedy
