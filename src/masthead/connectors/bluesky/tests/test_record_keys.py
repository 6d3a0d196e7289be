"""Record keys are valid TIDs, the same on each try, in the order of the thread, and do not collide."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as some

from masthead.connectors.bluesky.record_keys import VALID, record_key

MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@given(
    some.datetimes(timezones=some.just(UTC)),
    some.text(max_size=40),
    some.integers(0, 100),
)
def test_valid_and_the_same_each_time(at: datetime, key: str, index: int) -> None:
    made = record_key(at, key, index)
    assert VALID.fullmatch(made)
    assert made == record_key(at.astimezone(timezone(timedelta(hours=9))), key, index)


def test_a_known_key_never_changes() -> None:
    """Stored publications are looked up by it: a change here would let old ones double."""
    assert record_key(MOMENT, "0" * 32, 0) == "3n32me7zk3uru"


@given(some.text(max_size=40), some.integers(0, 98))
def test_threads_keep_their_order(key: str, index: int) -> None:
    assert record_key(MOMENT, key, index) < record_key(MOMENT, key, index + 1)


def test_posts_made_in_one_moment_do_not_collide() -> None:
    keys = {record_key(MOMENT, uuid.UUID(int=number).hex, 0) for number in range(20_000)}
    assert len(keys) == 20_000
