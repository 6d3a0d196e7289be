"""What the contract promises of past posts holds for every connector that has them, against its running server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest

from masthead.connectors.tests.harness import Harness
from masthead.connectors.tests.kit import parcel, publish_all
from masthead.contract.errors import NeedsReconnect
from masthead.contract.history import KINDS, METRICS, History, PastPost
from masthead.contract.http import Http
from masthead.contract.platform import Platform
from masthead.contract.values import Account, Receipt


def history_of(harness: Harness, platform: Platform) -> History:
    """The history part with pages as small as it lets us make them."""
    if platform.history is None:
        pytest.skip(f"{platform.name} has no history part")
    if reason := getattr(harness, "no_history", ""):
        pytest.skip(f"the {platform.name} server of this test shows no past posts: {reason}")
    small = hasattr(platform.history, "page_size")
    return replace(platform.history, page_size=2) if small else platform.history  # type: ignore[type-var]


async def past(harness: Harness, platform: Platform, http: Http, account: Account) -> list[PastPost]:
    """All pages, in the order in which they come."""
    found, cursor = [], ""
    for _ in range(20):
        page = await history_of(harness, platform).page(http, account, cursor)
        found += page.posts
        if not page.cursor:
            return found
        assert page.cursor != cursor, "the cursor does not move"
        cursor = page.cursor
    raise AssertionError("the cursor does not end")


async def three(harness: Harness, platform: Platform, http: Http, account: Account) -> list[Receipt]:
    """Three posts, one after the other; `beat` of the harness is how far apart, where a platform counts whole seconds."""
    receipts = []
    for text in ("Past, first", "Past, second", "Past, third"):
        receipts += await publish_all(platform, http, account, parcel(harness, text))
        await asyncio.sleep(getattr(harness, "beat", 0.002))
    return receipts


async def test_past_posts_come_newest_first_and_end(
    harness: Harness, platform: Platform, http: Http, account: Account
) -> None:
    history_of(harness, platform)
    receipts = await three(harness, platform, http, account)
    found = await past(harness, platform, http, account)
    ids = [one.remote_id for one in found]
    assert [one for one in ids if one in {receipt.remote_id for receipt in receipts}] == [
        receipt.remote_id for receipt in reversed(receipts)
    ], "each post comes once, under the id of its receipt, newest first"
    assert sorted((one.posted_at for one in found), reverse=True) == [one.posted_at for one in found]
    for one in found:
        assert one.kind in KINDS
        assert one.posted_at.tzinfo is not None
        assert one.url.startswith("http")
        assert all(isinstance(value, int | float) for value in one.metrics.values())
    assert {"Past, first", "Past, third"} <= {one.text.strip() for one in found}


async def test_metrics_of_past_posts_come_by_id_and_a_post_that_is_gone_is_missing(
    harness: Harness, platform: Platform, http: Http, account: Account
) -> None:
    history = history_of(harness, platform)
    receipts = await three(harness, platform, http, account)
    found = [one for one in await past(harness, platform, http, account) if one.text.strip().startswith("Past, ")]
    assert history.most_ids >= 1
    told: dict[str, Mapping[str, float]] = {}
    for start in range(0, len(found), history.most_ids):
        told |= await history.metrics(http, account, found[start : start + history.most_ids])
    assert set(told) == {receipt.remote_id for receipt in receipts}
    assert all(isinstance(value, int | float) for numbers in told.values() for value in numbers.values())
    if platform.capabilities.remove:
        await platform.publisher.remove(http, account, receipts[1])
        left = await history.metrics(http, account, [one for one in found if one.remote_id == receipts[1].remote_id])
        assert receipts[1].remote_id not in left


async def test_metrics_have_our_words_or_their_own(harness: Harness, platform: Platform, http: Http) -> None:
    history = history_of(harness, platform)
    if not history.names:  # a platform that shows own posts without numbers
        account = await harness.account()
        await three(harness, platform, http, account)
        assert not any(one.metrics for one in await past(harness, platform, http, account))
    assert set(history.names.values()) <= set(METRICS)
    assert not set(history.names) & (set(METRICS) - set(history.names.values())), "a native name that is a word of ours"


async def test_past_posts_of_a_dead_account_ask_for_a_reconnect(
    harness: Harness, platform: Platform, http: Http
) -> None:
    history = history_of(harness, platform)
    dead = await harness.dead_account()
    with pytest.raises(NeedsReconnect):
        await history.page(http, dead, "")
