"""Usage headers, the proof of the app's secret, and how a call carries its token."""

from __future__ import annotations

import json

import pytest

from masthead.connectors.meta.facebook.tests.harness import FacebookHarness
from masthead.connectors.meta.graph import Debugged, missing, proof
from masthead.connectors.meta.usage import Usage, usage
from masthead.connectors.tests.kit import delivery
from masthead.contract.http import Transport


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, Usage(0, 0)),
        ({"X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":3}'}, Usage(28, 0)),
        ({"X-App-Usage": "not json"}, Usage(0, 0)),
        ({"X-App-Usage": '["call_count"]'}, Usage(0, 0)),
        (
            {
                "X-Business-Use-Case-Usage": json.dumps(
                    {
                        "7": [{"call_count": 1, "total_cputime": 101, "estimated_time_to_regain_access": 3}, "odd"],
                        "8": 9,
                    }
                )
            },
            Usage(101, 180),
        ),
    ],
)
def test_usage_is_read_from_the_headers(headers: dict[str, str], told: Usage) -> None:
    assert usage(headers) == told


def test_the_proof_is_the_token_signed_with_the_secret() -> None:
    assert proof("token", "secret") == "e941110e3d2bfe82621f0e3e1434730d7305d106c5f68c87165d0b27a4611a4a"


def test_missing_permissions_are_named_only_where_meta_told_any() -> None:
    assert missing(Debugged(frozenset({"a"}), None), ("a", "b")) == ["b"]
    assert missing(Debugged(frozenset(), None), ("a", "b")) == []


async def test_the_token_stays_out_of_addresses_and_a_full_quota_pauses() -> None:
    harness = FacebookHarness()
    harness.start()
    try:
        account = await harness.account()
        harness.double.asked.clear()
        harness.double.usage = {"X-App-Usage": '{"call_count":100}'}
        async with Transport(allow_private=True) as transport:
            http = harness.http(transport)
            await harness.platform.publisher.publish(http, account, delivery("Full"), 0, ())
            told = http.told
        assert told and (told.remaining, told.resets_in) == (0, 300)
        assert harness.double.asked
        for asked in harness.double.asked:
            assert asked.token == account.secrets["access_token"]
            assert "access_token" not in asked.sent and "appsecret_proof" in asked.sent
    finally:
        harness.stop()
