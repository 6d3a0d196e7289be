"""The first visit: one owner, however many try."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from masthead.workspaces.begin import AlreadyBegun, begin
from masthead.workspaces.models import Member, User, Workspace
from masthead.workspaces.tests.people import person

GIVEN = {
    "name": "Ada",
    "email": "Ada@Example.com",
    "password": "correct horse battery",
    "workspace": "Ada & Co",
    "time_zone": "Europe/Berlin",
    "language": "en",
}


def test_the_way_of_a_newcomer(db):
    """From `/` to the own workspace; afterwards welcome is closed and sign-up too."""
    client = Client()
    assert client.get("/")["Location"] == "/welcome/"
    assert client.get("/account/signup/")["Location"] == "/welcome/"
    page = client.get("/welcome/").content.decode()
    assert "data-guess-zone" in page and "workspaces/zone.js" in page
    answer = client.post("/welcome/", GIVEN)
    assert answer["Location"] == "/w/ada-co/"
    owner = Member.objects.get()
    assert (owner.role, owner.user.email, owner.user.name) == ("owner", "ada@example.com", "Ada")
    assert owner.workspace.time_zone == "Europe/Berlin"
    assert client.get("/w/ada-co/members/").status_code == 200
    assert client.get("/")["Location"] == "/w/ada-co/"
    assert Client().get("/welcome/")["Location"] == "/"
    assert Client().get("/")["Location"] == "/account/login/"
    assert Client().post("/welcome/", {**GIVEN, "email": "eve@example.com"})["Location"] == "/"
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("password", "12345678", "too common"),
        ("password", "ada@example.com", "too similar"),
        ("email", "ada", "valid email"),
        ("workspace", "", "required"),
        ("time_zone", "Nowhere", "valid choice"),
    ],
)
def test_wrong_input_is_told_and_kept(db, field, value, said):
    """The message stands at the field, the rest stays typed, nobody is made."""
    answer = Client().post("/welcome/", {**GIVEN, field: value})
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and 'value="Ada"' in page
    assert not User.objects.exists()


def test_names_that_make_no_slug(db):
    """Any script works as a name."""
    assert begin("a@example.com", "pw", name="Z", workspace="東京").slug == "workspace"


@pytest.mark.django_db(transaction=True)
def test_two_first_visitors_at_once_make_one_owner():
    """The lock lets one through; the other learns that somebody was first."""
    barrier, outcomes = Barrier(2), []

    def visit(number: int) -> None:
        try:
            barrier.wait()
            begin(f"v{number}@example.com", "pw", name="V", workspace=f"W{number}")
            outcomes.append("owner")
        except AlreadyBegun:
            outcomes.append("late")
        finally:
            connection.close()

    threads = [Thread(target=visit, args=(number,)) for number in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["late", "owner"]
    assert (User.objects.count(), Workspace.objects.count()) == (1, 1)


def test_somebody_without_a_workspace_is_led_to_make_one(db):
    """For example after leaving the last one."""
    client = Client()
    client.force_login(person(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/")["Location"] == "/workspaces/new/"
    assert client.get("/workspaces/new/").status_code == 200
