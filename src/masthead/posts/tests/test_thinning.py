"""When numbers are read again: by age, by what moved, never where it costs and is old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from masthead.posts.history.thinning import RARELY, next_read

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (timedelta(0), HOUR),
        (DAY - HOUR, HOUR),
        (DAY, 6 * HOUR),
        (6 * DAY, 6 * HOUR),
        (7 * DAY, DAY),
        (29 * DAY, DAY),
        (30 * DAY, 7 * DAY),
        (364 * DAY, 7 * DAY),
        (365 * DAY, RARELY),
        (3000 * DAY, RARELY),
    ],
)
def test_the_older_the_rarer(age: timedelta, wait: timedelta) -> None:
    """With numbers that moved at the last reading but one, which is neither still nor just now."""
    posted = NOW - age
    changed = NOW - min(2 * wait, age)
    assert next_read(posted, changed, NOW) == NOW + wait


@pytest.mark.parametrize(("age", "wait"), [(2 * DAY, 12 * HOUR), (20 * DAY, 2 * DAY), (200 * DAY, 14 * DAY)])
def test_what_stands_still_is_read_half_as_often(age: timedelta, wait: timedelta) -> None:
    assert next_read(NOW - age, NOW - age, NOW) == NOW + wait


def test_nothing_waits_longer_than_the_longest_step() -> None:
    assert next_read(NOW - 4000 * DAY, NOW - 4000 * DAY, NOW) == NOW + RARELY


def test_the_first_day_is_read_hourly_whatever_happens() -> None:
    assert next_read(NOW - 20 * HOUR, NOW - 20 * HOUR, NOW) == NOW + HOUR


@pytest.mark.parametrize("age", [60 * DAY, 900 * DAY])
def test_an_old_post_that_moves_again_is_read_daily(age: timedelta) -> None:
    assert next_read(NOW - age, NOW, NOW) == NOW + DAY


def test_where_reading_costs_old_posts_rest() -> None:
    assert next_read(NOW - 29 * DAY, NOW - DAY, NOW, charged=True) == NOW + DAY
    assert next_read(NOW - 30 * DAY, NOW, NOW, charged=True) is None
