"""Small pure parts: addresses, headers, narrowing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from masthead.contract.capabilities import (
    Capabilities,
    Counting,
    MediaRule,
    PollRule,
    Quota,
    Source,
    TextRule,
    ThreadRule,
)
from masthead.contract.errors import Refused
from masthead.contract.guard import check_url, is_public
from masthead.contract.headers import QuotaTold, quota_told, retry_after
from masthead.contract.values import Account, Delivery, MediaKind, Profile, Refreshed

DOC = Source("https://north.example/docs", date(2026, 11, 1))
NORTH = Capabilities(
    text=TextRule(Counting.GRAPHEMES, 500, DOC),
    media=(
        MediaRule(MediaKind.IMAGE, ("image/png", "image/jpeg"), 1000, 4, DOC, alt_limit=100),
        MediaRule(MediaKind.VIDEO, ("video/mp4",), 5000, 1, DOC),
    ),
    max_attachments=4,
    threads=ThreadRule(25, DOC),
    quotas=(),
    edit=True,
    remove=True,
    source=DOC,
    poll=PollRule(4, 50, 300, 3600, True, DOC),
)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "::",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://north.example",
        "north.example",
        "https://",
        "https://user:pass@north.example",
        "http://localhost/",
        "http://a.localhost",
        "http://[::1]/",
        "javascript:alert(1)",
    ],
)
def test_bad_urls_are_refused_and_name_the_field(url: str) -> None:
    with pytest.raises(Refused) as caught:
        check_url(url, allow_private=False, field="server")
    assert caught.value.field == "server"
    assert caught.value.remedy


def test_private_addresses_can_be_allowed() -> None:
    check_url("http://127.0.0.1:8020", allow_private=True)
    check_url("https://north.example/a?b=c", allow_private=False)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "90"}, 90.0),
        ({"Retry-After": "999999"}, 86_400.0),
        ({"Retry-After": "Thu, 01 Jan 1970 00:02:00 GMT"}, 20.0),
        ({"Retry-After": "soon"}, None),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "1700000030"}, 30.0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2023-11-14T22:13:50Z"}, 30.0),
        ({"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": "1700000040"}, 40.0),
        ({"X-RateLimit-Remaining": "5", "X-RateLimit-Reset": "30"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    now = 100.0 if "1970" in headers.get("Retry-After", "") else 1_700_000_000.0
    assert retry_after(headers, now) == seconds


def test_quota_headers_that_make_no_sense() -> None:
    assert quota_told({"RateLimit-Remaining": "many"}) is None
    assert quota_told({"X-RateLimit-Remaining": "0.0", "X-RateLimit-Reset": "120"}) == QuotaTold(0, 120.0)
    assert quota_told({"RateLimit-Remaining": "3", "RateLimit-Reset": "later"}) == QuotaTold(3, 60.0)


def test_narrowing_by_what_a_server_told() -> None:
    told = {
        "text_limit": 5000,
        "max_attachments": 2,
        "mimes": ["image/png"],
        "image_max_bytes": 10,
        "alt_limit": 7,
        "poll_max_options": 9,
        "media_required": True,
        "unknown": 1,
    }
    narrow = NORTH.narrowed(told)
    assert narrow.text.limit == 5000
    assert narrow.max_attachments == 2
    assert narrow.media_rule(MediaKind.VIDEO) is None
    image = narrow.media_rule(MediaKind.IMAGE)
    assert image is not None
    assert (image.mimes, image.max_bytes, image.max_count, image.alt_limit) == (("image/png",), 10, 2, 7)
    assert narrow.poll is not None
    assert (narrow.poll.max_options, narrow.poll.option_limit) == (9, 50)
    assert narrow.media_required
    assert NORTH.narrowed({}) is NORTH


def test_secrets_do_not_show() -> None:
    from_sign_in = Profile("https://north.example", "1", "@a", "A", {"token": "hush"})
    values = (Account(1, 1, "", "1", "@a", {"token": "hush"}), from_sign_in, Refreshed({"token": "hush"}))
    assert not [value for value in values if "hush" in repr(value)]


def test_each_segment_has_its_own_key() -> None:
    sent = Delivery("ab" * 16, (), None)  # type: ignore[arg-type]
    assert sent.segment_key(0) != sent.segment_key(1)


def test_quotas_are_what_the_platform_told() -> None:
    daily = Quota("posts", "account", 50, 86_400, NORTH.source)
    can = replace(NORTH, quotas=(daily, replace(daily, bucket="api")))
    told = can.narrowed({"quotas": {"posts": [100, 43_200], "unknown": [1, 1]}}).quotas
    assert [(one.bucket, one.limit, one.seconds) for one in told] == [("posts", 100, 43_200), ("api", 50, 86_400)]
    assert can.narrowed({}).quotas == can.quotas
