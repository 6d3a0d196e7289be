"""The months of the table of calls: made ahead, dropped when they are over and old. What has no month yet waits in `_rest`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction

TABLE = "metering_call"
REST = "metering_call_rest"
AHEAD = 2
LOCK = 7_262_843_112

EXISTING = """select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'metering_call'::regclass order by 1"""
MAKE = """
create table {name} (like metering_call including defaults including indexes);
with moved as (delete from metering_call_rest where at >= '{begin}' and at < '{end}' returning *)
insert into {name} select * from moved;
alter table metering_call attach partition {name} for values from ('{begin}') to ('{end}');
"""


def name_of(month: date) -> str:
    """The table of a month, such as metering_call_2026_11."""
    return f"{TABLE}_{month:%Y_%m}"


def following(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def make_ahead(now: datetime) -> list[str]:
    """Make this month's table and those of the next two where they are missing; returns the new ones."""
    made, month = [], now.astimezone(UTC).date().replace(day=1)
    for _ in range(AHEAD + 1):
        with transaction.atomic():
            _take_turn()
            if name_of(month) not in names():
                _make(month)
                made.append(name_of(month))
        month = following(month)
    return made


def drop_before(day: date) -> list[str]:
    """Drop the months that ended before a day, and what waits in the rest from before it; returns the dropped tables."""
    with transaction.atomic(), connection.cursor() as cursor:
        _take_turn()
        old = [one for one in names() if one != REST and following(_month_of(one)) <= day]
        for one in old:
            cursor.execute(f"drop table {one}")
        cursor.execute(
            "delete from metering_call_rest where at < %s", [datetime(day.year, day.month, day.day, tzinfo=UTC)]
        )
    return old


def names() -> list[str]:
    """The tables of all months, and the rest."""
    with connection.cursor() as cursor:
        cursor.execute(EXISTING)
        return [row[0] for row in cursor.fetchall()]


def _take_turn() -> None:
    """One process at a time: two that make the same month would collide."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])


def _make(month: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MAKE.format(name=name_of(month), begin=f"{month} 00:00+00", end=f"{following(month)} 00:00+00"))


def _month_of(name: str) -> date:
    year, month = name.removeprefix(f"{TABLE}_").split("_")
    return date(int(year), int(month), 1)
