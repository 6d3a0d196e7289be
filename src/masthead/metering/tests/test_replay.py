"""An agency's months on six platforms, priced by the catalogue and by a spreadsheet of its own in SQL, agree to the cent.

The spreadsheet knows nothing of Masthead: its prices are the small tables below, in hundred-thousandths of a dollar, typed in by hand.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import groupby

import pytest

from masthead.metering.bill import Usage, bill
from masthead.metering.price_rows import catalogue

FIRST, LAST = (2023, 3), (2026, 8)
PLATFORMS = ("x", "reddit", "youtube", "bluesky", "mastodon", "instagram")
FEES = """
essential 2023-03 2023-04 0
elevated 2023-03 2023-04 0
free 2023-03 2026-08 0
basic 2023-03 2024-10 100
basic 2024-11 2026-08 200
pro 2023-05 2026-08 5000
enterprise_small 2023-03 2026-08 42000
enterprise_medium 2023-03 2026-08 125000
enterprise_large 2023-03 2026-08 210000
pilot 2025-10 2026-02 0
ppu 2026-02 2026-08 0
"""
PRICES = """
read            2025-10-20 2026-09-01 500
user            2025-10-20 2026-09-01 1000
dm_in           2025-10-20 2026-09-01 1000
dm_out          2025-10-20 2026-04-20 1000
dm_out          2026-04-20 2026-09-01 1500
post            2025-10-20 2026-04-20 1000
post            2026-04-20 2026-09-01 1500
post_link       2025-10-20 2026-04-20 1000
post_link       2026-04-20 2026-09-01 20000
reply_summoned  2025-10-20 2026-04-20 1000
reply_summoned  2026-04-20 2026-09-01 1000
repost          2025-10-20 2026-09-01 1500
own_read        2026-04-20 2026-09-01 100
alt_text        2026-04-20 2026-09-01 500
delete          2026-04-20 2026-09-01 1000
"""
KEYS = {
    "read": "post.read", "own_read": "post.read.owned", "user": "user.read", "dm_in": "dm.read", "dm_out": "dm.create",
    "post": "post.create", "post_link": "post.create.url", "reply_summoned": "post.create.summoned",
    "repost": "interaction.create", "alt_text": "media.metadata", "delete": "post.delete",
}  # fmt: skip
READS = ("read", "own_read", "user", "dm_in")
OTHERS = {"reddit": "", "youtube": "list", "bluesky": "create", "mastodon": "status", "instagram": "post.publish"}

Fact = tuple[datetime, int, str, str, str]
"""(when, channel, platform, what, which resource)."""


def months() -> list[date]:
    span = range(FIRST[0] * 12 + FIRST[1] - 1, LAST[0] * 12 + LAST[1])
    return [date(number // 12, number % 12 + 1, 1) for number in span]


@cache
def agency(month: date) -> tuple[Fact, ...]:
    """What 30 channels on six platforms do in a month; the same on every run."""
    dice = random.Random(f"agency {month}")
    busy = 4 if month.month in (3, 11) else 1
    facts: list[Fact] = []
    for channel in range(30):
        platform = PLATFORMS[channel % len(PLATFORMS)]
        for day in range(31):
            at = datetime(month.year, month.month, 1, tzinfo=UTC) + timedelta(days=day)
            if at.month == month.month:
                facts += on_x(dice, at, channel, busy) if platform == "x" else elsewhere(dice, at, channel, platform)
    return tuple(facts)


def on_x(dice: random.Random, day: datetime, channel: int, busy: int) -> Iterator[Fact]:
    for what, most in (
        ("post", 3), ("post_link", 2), ("reply_summoned", 4), ("repost", 2), ("alt_text", 3), ("dm_out", 2), ("delete", 1),
    ):  # fmt: skip
        for _turn in range(dice.randrange(most + 1)):
            yield day + timedelta(seconds=dice.randrange(86_400)), channel, "x", what, ""
    for what, count in (("own_read", 8), ("read", 4), ("user", 2), ("dm_in", 2)):
        for _call in range(2):
            at = day + timedelta(seconds=dice.randrange(86_400))
            for _turn in range(count * busy // 2):
                yield at, channel, "x", what, f"{'p' if 'read' in what else what}{dice.randrange(40 * busy)}"


def elsewhere(dice: random.Random, day: datetime, channel: int, platform: str) -> Iterator[Fact]:
    for _turn in range(dice.randrange(12)):
        yield day + timedelta(seconds=dice.randrange(86_400)), channel, platform, "call", ""


@cache
def usages(month: date, platform: str) -> list[Usage]:
    """The facts as the meter tells them: a call that reads brings several things at once."""
    calls = groupby((fact for fact in agency(month) if fact[2] == platform), key=lambda fact: fact[:4])
    made = []
    for (at, channel, _platform, what), brought in calls:
        ids = [which for *_rest, which in brought]
        key = KEYS[what] if platform == "x" else OTHERS[platform]
        made.append(Usage(at, key, len(ids), resources=tuple(ids) if ids[0] else (), account=channel))
    return made


@cache
def sheet() -> sqlite3.Connection:
    """The spreadsheet: facts, fees and prices as tables."""
    book = sqlite3.connect(":memory:")
    book.executescript("""
        create table fact(day text, month text, channel int, platform text, what text, which text);
        create table fee(plan text, first text, last text, dollars int);
        create table price(what text, first text, until text, amount int);
    """)
    for month in months():
        rows = [(str(at.date()), f"{month:%Y-%m}", *rest) for at, *rest in agency(month)]
        book.executemany("insert into fact values (?, ?, ?, ?, ?, ?)", rows)
    for name, text in (("fee", FEES), ("price", PRICES)):
        rows = [line.split() for line in text.strip().splitlines()]
        book.executemany(f"insert into {name} values (?, ?, ?, ?)", rows)
    book.execute("create index of_month on fact(platform, month)")
    return book


BY_CALL = """
with mine as (
  select day, which, case when what = 'own_read' and (not :own or day < '2026-04-20') then 'read' else what end as what
  from fact where platform = 'x' and day >= :first and day < :until
), counted as (
  select day, what, case when what in ('read', 'own_read', 'user', 'dm_in') then count(distinct which) else count(*) end as n
  from mine group by day, what
)
select coalesce(sum(n * amount), 0) from counted join price using (what) where day >= price.first and day < price.until
"""
WHOLE = {"pilot": ("2025-10-20", "2026-02-06"), "ppu": ("2026-02-06", "2026-09-01")}


def spreadsheet(plan: str, month: date, *, own: bool) -> int | None:
    """Hundred-thousandths of a dollar for a month on X; None where there was no such plan."""
    name, following = f"{month:%Y-%m}", (month + timedelta(days=32)).replace(day=1)
    fees = (
        sheet().execute("select dollars from fee where plan = ? and ? between first and last", (plan, name)).fetchall()
    )
    if not fees:
        return None
    if plan not in WHOLE:
        return fees[0][0] * 100_000
    first, until = WHOLE[plan]
    span = {"first": max(first, f"{month:%F}"), "until": min(until, f"{following:%F}"), "own": own}
    return sheet().execute(BY_CALL, span).fetchone()[0]


PLANS = sorted({line.split()[0] for line in FEES.strip().splitlines()})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("plan", "own"), [(plan, own) for plan in PLANS for own in ((True, False) if plan in WHOLE else (False,))]
)
def test_every_month_since_march_2023_costs_what_the_spreadsheet_says(plan, own):
    compared, spent = 0, 0
    for month in months():
        expected = spreadsheet(plan, month, own=own)
        if expected is None:
            continue
        made = bill(usages(month, "x"), catalogue(), "x", plan, month, own_app=own)
        assert made.total.micros == expected * 10, month
        compared, spent = compared + 1, spent + expected
    assert compared >= 2
    assert (spent > 0) == (plan not in {"essential", "elevated", "free"})


def test_what_basic_refuses_is_what_the_spreadsheet_counts():
    """Reads beyond the cap, each post once in a month; November is a month of four times the reading."""
    count = "select count(distinct which) from fact where platform = 'x' and month = ? and what in ('read', 'own_read')"
    for month, cap in ((date(2023, 11, 1), 0), (date(2024, 11, 1), 50), (date(2025, 11, 1), 100)):
        (different,) = sheet().execute(count, (f"{month:%Y-%m}",)).fetchone()
        made = bill(usages(month, "x"), catalogue(), "x", "free", month, own_app=False)
        assert different > cap
        assert sum(one.units for one in made.refused if one.operation.startswith("post.read")) == different - cap


@pytest.mark.parametrize("platform", PLATFORMS[1:])
def test_the_other_platforms_cost_nothing_but_reddits_commercial_calls(platform):
    for month in months()[4:]:
        (calls,) = (
            sheet()
            .execute("select count(*) from fact where platform = ? and month = ?", (platform, f"{month:%Y-%m}"))
            .fetchone()
        )
        for plan, each in (("", 0), ("commercial", 24)) if platform == "reddit" else (("", 0),):
            made = bill(usages(month, platform), catalogue(), platform, plan, month, own_app=False)
            assert made.total.micros == calls * each * 10
        assert calls > 100
