"""The double keeps Mastodon's rules, and its faults do what their names say."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from masthead.connectors.mastodon.tests.double import MastodonDouble, operation_of
from masthead.connectors.mastodon.tests.rules import stamp


async def call(double: MastodonDouble, method: str, path: str, **more: Any) -> tuple[int, Any, Any]:
    headers = {"Authorization": f"Bearer {double.token}"} | more.pop("headers", {})
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, double.url + path, headers=headers, **more) as answer,
    ):
        return answer.status, await answer.json(content_type=None), answer.headers


async def post(double: MastodonDouble, text: str = "Hello", key: str = "", **more: Any) -> tuple[int, Any, Any]:
    headers = {"Idempotency-Key": key} if key else {}
    return await call(double, "POST", "/api/v1/statuses", json={"status": text} | more, headers=headers)


def test_operations_are_named_by_method_and_path() -> None:
    assert operation_of("POST", "/api/v1/statuses") == "post_status"
    assert operation_of("DELETE", "/api/v1/statuses/7") == "delete_status"
    assert operation_of("GET", "/api/v1/timelines/home") == ""


async def test_an_idempotency_key_is_kept_for_an_hour(double: MastodonDouble) -> None:
    _, first, _ = await post(double, key="k")
    double.clock.advance(3590)
    _, again, _ = await post(double, key="k")
    double.clock.advance(20)
    _, later, _ = await post(double, key="k")
    assert first["id"] == again["id"] != later["id"]
    assert len(double.statuses) == 2


async def test_a_scheduled_status_is_not_a_status(double: MastodonDouble) -> None:
    soon, later = (stamp(double.clock.now() + timedelta(minutes=minutes)) for minutes in (2, 10))
    assert (await post(double, scheduled_at=soon))[0] == 422
    status, body, _ = await post(double, scheduled_at=later)
    assert status == 200
    assert "content" not in body
    assert len(double.memory.scheduled) == 1
    assert not double.statuses


async def test_booleans_must_be_booleans(double: MastodonDouble) -> None:
    assert (await post(double, sensitive="0"))[0] == 422
    assert (await post(double, sensitive=False))[0] == 200


async def test_tokens_and_scopes_are_checked(double: MastodonDouble) -> None:
    assert (await call(double, "GET", "/api/v1/accounts/verify_credentials", headers={"Authorization": "Bearer x"}))[
        0
    ] == 401
    reader = double.fresh(scopes="read:statuses").value
    told = await call(
        double, "POST", "/api/v1/statuses", json={"status": "x"}, headers={"Authorization": f"Bearer {reader}"}
    )
    assert told[0] == 403


async def test_rate_limits_count_and_end_with_their_window(double: MastodonDouble) -> None:
    for left in range(299, -1, -1):
        status, _, headers = await call(double, "GET", "/api/v1/accounts/verify_credentials")
        assert (status, headers["X-RateLimit-Remaining"]) == (200, str(left))
    status, body, headers = await call(double, "GET", "/api/v1/accounts/verify_credentials")
    assert (status, headers["X-RateLimit-Remaining"]) == (429, "0")
    assert headers["X-RateLimit-Reset"].endswith("Z")
    assert body == {"error": "Too many requests"}
    double.clock.advance(300)
    assert (await call(double, "GET", "/api/v1/accounts/verify_credentials"))[0] == 200


async def test_without_limits_nothing_is_counted() -> None:
    with MastodonDouble(limited=False) as double:
        for _ in range(301):
            status, _, headers = await post(double)
        assert status == 200
        assert "X-RateLimit-Limit" not in headers


@pytest.mark.parametrize(
    ("fault", "stored"),
    [
        ("store_then_close", 1),
        ("store_then_500", 1),
        ("truncated", 1),
        ("no_id", 1),
        ("500_before", 0),
        ("close_before", 0),
        ("429", 0),
        ("token_expired", 0),
        ("refuse", 0),
        ("slow", 1),
    ],
)
async def test_faults_store_or_do_not(double: MastodonDouble, fault: str, stored: int) -> None:
    details = {"seconds": 0.01} if fault == "slow" else {}
    double.fail_next(fault, **details)
    try:
        status, body, _ = await post(double)
        assert status != 200 or fault in ("slow", "no_id") or body is None
    except (aiohttp.ClientError, ValueError):
        assert fault in ("store_then_close", "close_before", "truncated")
    assert len(double.statuses) == stored
    assert double.faults.happened == [("post_status", fault)]
    assert (await post(double))[0] == 200


async def test_a_hang_ends_when_the_client_goes(double: MastodonDouble) -> None:
    double.fail_next("store_then_hang")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await post(double)
    assert len(double.statuses) == 1


async def test_faults_wait_for_their_operation_and_count(double: MastodonDouble) -> None:
    double.fail_next("500_before", times=2)
    assert (await call(double, "GET", "/api/v1/accounts/verify_credentials"))[0] == 200
    assert [(await post(double))[0] for _ in range(3)] == [500, 500, 200]


def test_an_unknown_fault_is_a_mistake(double: MastodonDouble) -> None:
    with pytest.raises(KeyError):
        double.fail_next("earthquake")
