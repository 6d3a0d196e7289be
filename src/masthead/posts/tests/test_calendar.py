"""The calendar: month and week, what a day shows, and moving by its script's request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from masthead.posts.calendar import SHOWN
from masthead.posts.models import Publication
from masthead.posts.states import State
from masthead.posts.tests.test_pages import SOON, Desk, client_of
from masthead.workspaces.models import Member, User
from masthead.workspaces.roles import Role

pytestmark = pytest.mark.django_db


def page(client: Client, desk: Desk, **query: str) -> str:
    return client.get(desk.url("calendar"), query).content.decode()


def ask_to_move(client: Client, desk: Desk, text: str):
    return client.post(desk.url("move"), {"publish_at": text}, headers={"Accept": "application/json"})


@pytest.mark.parametrize(
    "query",
    [{"month": "2027-01"}, {"week": "2027-01-04"}, {"week": "2027-01-10"}],
)
def test_a_publication_is_in_its_month_and_its_week(query: dict[str, str]):
    desk = Desk("bakery")
    assert "secret of bakery" in page(client_of(desk.owner), desk, **query)


@pytest.mark.parametrize("query", [{"month": "2027-03"}, {"week": "2027-01-11"}, {"week": "2027-01-03"}])
def test_it_is_in_no_other(query: dict[str, str]):
    desk = Desk("bakery")
    assert "secret of bakery" not in page(client_of(desk.owner), desk, **query)


@pytest.mark.parametrize("text", ["", "x", "2027-13", "0001-01", "9999-12", "2027-01-04"])
def test_an_odd_month_shows_the_present_one(text: str):
    desk = Desk("bakery")
    assert client_of(desk.owner).get(desk.url("calendar"), {"month": text, "week": text[:4]}).status_code == 200


def test_a_full_day_names_the_rest_and_the_week_shows_all():
    desk = Desk("bakery")
    for number in range(SHOWN + 2):
        Publication.objects.create(
            workspace=desk.workspace,
            post=desk.post,
            channel=desk.channel,
            publish_at=SOON + timedelta(minutes=number),
            not_before=SOON,
            expires_at=SOON + timedelta(hours=1),
            content=desk.row.content,
        )
    client = client_of(desk.owner)
    assert page(client, desk, month="2027-01").count("month-item ") == SHOWN
    assert "+3 more" in page(client, desk, month="2027-01")
    assert page(client, desk, week="2027-01-04").count("month-item ") == SHOWN + 3


def test_the_script_is_told_how_a_move_went():
    desk = Desk("bakery")
    client = client_of(desk.owner)
    done = ask_to_move(client, desk, "2027-01-06T09:00")
    assert (done.status_code, done.json()) == (200, {"told": "Moved."})
    desk.row.refresh_from_db()
    assert desk.row.publish_at.day == 6
    late = ask_to_move(client, desk, "2020-01-06T09:00")
    assert late.status_code == 409 and "passed" in late.json()["told"]
    assert "This time has passed" not in page(client, desk)  # told once


def test_only_what_is_scheduled_can_be_moved_and_only_by_those_who_publish():
    desk = Desk("bakery")
    viewer = User.objects.create_user("v@example.com", "a-long-password-1")
    Member.objects.create(workspace=desk.workspace, user=viewer, role=Role.VIEWER)
    assert "data-move" in page(client_of(desk.owner), desk, month="2027-01")
    assert "data-move" not in page(client_of(viewer), desk, month="2027-01")
    assert ask_to_move(client_of(viewer), desk, "2027-01-06T09:00").status_code == 403
    Publication.objects.update(state=State.PUBLISHED)
    assert "data-move" not in page(client_of(desk.owner), desk, month="2027-01")
