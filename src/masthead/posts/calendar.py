"""The pages of the calendar: a month or a week of publications, in the reader's time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from masthead.posts import queries
from masthead.posts.commitments import together
from masthead.posts.cost_words import in_words
from masthead.posts.crowding import overfull
from masthead.posts.models import Publication
from masthead.workspaces.access import member_view
from masthead.workspaces.roles import May, allows

SHOWN = 4
"""Publications of a day that a month shows; the rest are one link away, in the week."""


@member_view(May.SEE)
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """`?month=2026-11`, or `?week=2026-11-24` for the week with that day; without either, the present month."""
    today = timezone.localdate()
    week = _date(request.GET.get("week", ""))
    context = _week(week) if week else _month(_date(f"{request.GET.get('month', '')}-01") or today)
    zone = timezone.get_current_timezone()
    days = _days(request, context["start"], context["weeks"], zone)
    grid = [[_day(day, found, context, today) for day, found in days[at : at + 7]] for at in range(0, len(days), 7)]
    empty = not any(day["publications"] for row in grid for day in row if not day["outside"])
    committed = _committed(request, context, zone)
    can = {"may_move": allows(request.member.role, May.PUBLISH), "may_write": allows(request.member.role, May.WRITE)}
    return render(
        request,
        "posts/calendar.html",
        {**context, **can, "grid": grid, "empty": empty, "today": today, "zone": zone, "committed": committed},
    )


def _committed(request: HttpRequest, context: dict[str, Any], zone: tzinfo) -> str:
    """What the publications that wait in the month or week will cost, in words; "" for nothing."""
    begin, end = _midnight(context["first"], zone), _midnight(context["last"] + timedelta(days=1), zone)
    return in_words(together(request.workspace.pk, begin, end))


def _month(day: date) -> dict[str, Any]:
    first = day.replace(day=1)
    start = first - timedelta(days=first.weekday())
    after = (first + timedelta(days=32)).replace(day=1)
    weeks = -(-(after - start).days // 7)
    return {"view": "month", "first": first, "start": start, "weeks": weeks, "last": after - timedelta(days=1)} | {
        "before": first - timedelta(days=1),
        "after": after,
        "weekdays": [start + timedelta(days=number) for number in range(7)],
    }


def _week(day: date) -> dict[str, Any]:
    start = day - timedelta(days=day.weekday())
    return {"view": "week", "first": start, "start": start, "weeks": 1, "last": start + timedelta(days=6)} | {
        "before": start - timedelta(days=7),
        "after": start + timedelta(days=7),
        "weekdays": [start + timedelta(days=number) for number in range(7)],
    }


def _date(text: str) -> date | None:
    """A day between the years 1970 and 2200, so that a step either way is a day as well."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 2200 else None


def _days(request: HttpRequest, start: date, weeks: int, zone: tzinfo) -> list[tuple[date, list[Publication]]]:
    """Every day of the weeks with its publications, in order of time."""
    found: dict[date, list[Publication]] = {start + timedelta(days=number): [] for number in range(7 * weeks)}
    end = start + timedelta(weeks=weeks)
    for row in queries.calendar(request.workspace, _midnight(start, zone), _midnight(end, zone)):
        found.get(row.publish_at.astimezone(zone).date(), []).append(row)
    return list(found.items())


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _day(day: date, found: list[Publication], context: dict[str, Any], today: date) -> dict[str, Any]:
    most = SHOWN if context["view"] == "month" and len(found) > SHOWN + 1 else len(found)
    return {
        "date": day,
        "outside": not context["first"] <= day <= context["last"],
        "today": day == today,
        "past": day < today,
        "publications": found[:most],
        "more": len(found) - most,
        "full": [] if day < today else overfull(found),
    }
