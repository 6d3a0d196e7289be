"""The calendar in a real browser: a scheduled publication goes to another day by mouse and by keyboard, and stays there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from masthead.kit.clock import now
from masthead.posts.models import Publication
from masthead.posts.tests.test_pages import Desk
from masthead.web.tests.browser import browser, page, sign_in  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def monday() -> datetime:
    """Ten in the morning on the Monday after next, so that every day of its week lies ahead."""
    at = now().replace(hour=10, minute=0, second=0, microsecond=0)
    return at + timedelta(days=14 - at.weekday())


@pytest.fixture
def desk(transactional_db: None, monday: datetime) -> Desk:
    desk = Desk("bakery")
    Publication.objects.update(publish_at=monday, not_before=monday, expires_at=monday + timedelta(hours=1))
    return desk


@pytest.fixture
def week(page: Any, live_server: Any, desk: Desk, monday: datetime) -> Any:  # noqa: F811
    """The page of that week."""
    sign_in(page, live_server, desk.owner)
    page.goto(f"{live_server.url}{desk.url('calendar')}?week={monday:%Y-%m-%d}")
    return page


def at(desk: Desk) -> datetime:
    return Publication.objects.get(pk=desk.row.pk).publish_at


def test_dragging_moves_it(week: Any, desk: Desk, monday: datetime) -> None:
    day = week.locator(f"td[data-date='{monday + timedelta(days=2):%Y-%m-%d}']")
    week.locator(f"#publication-{desk.row.pk}").drag_to(day)
    week.get_by_text("Moved.").wait_for()
    assert at(desk) == monday + timedelta(days=2)
    day.locator(f"#publication-{desk.row.pk}").wait_for()


def test_keys_move_it_and_escape_takes_it_back(week: Any, desk: Desk, monday: datetime) -> None:
    item = week.locator(f"#publication-{desk.row.pk}")
    item.focus()
    week.keyboard.press("Shift+ArrowRight")
    week.keyboard.press("Escape")
    week.get_by_text("Left where it was.").wait_for()
    week.keyboard.press("Shift+ArrowRight")
    week.keyboard.press("Shift+ArrowRight")
    week.keyboard.press("Shift+ArrowRight")
    week.get_by_text("Moved.").wait_for()
    assert at(desk) == monday + timedelta(days=3)
    week.wait_for_function("id => document.activeElement.id === id", arg=f"publication-{desk.row.pk}")


def test_what_the_server_refuses_goes_back(week: Any, desk: Desk, monday: datetime) -> None:
    Publication.objects.update(state="published")
    week.locator(f"#publication-{desk.row.pk}").focus()
    week.keyboard.press("Shift+ArrowRight")
    week.get_by_text("changed meanwhile").wait_for()
    week.locator(f"td[data-date='{monday:%Y-%m-%d}'] #publication-{desk.row.pk}").wait_for()
