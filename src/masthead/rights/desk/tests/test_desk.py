"""The licence desk: requests, grants that open the gate for exactly what they say, and the register of use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from masthead.metering.models import CallDay
from masthead.posts.tests.scene import people
from masthead.rights.archive.tests.scene import DAY, brought
from masthead.rights.archive.wanted import Wanted
from masthead.rights.datasets.ask import ask_for
from masthead.rights.datasets.make import make
from masthead.rights.desk.covers import covering
from masthead.rights.desk.grant import as_permit, give, standing, withdraw
from masthead.rights.desk.register import declare, register
from masthead.rights.models import Dataset, Grant, LicenceRequest, Release
from masthead.rights.permit import answer
from masthead.rights.tests.gates import NOW, item, rules
from masthead.workspaces.models import AuditEntry, Member
from masthead.workspaces.roles import Role

pytestmark = pytest.mark.django_db
TODAY = datetime.now(UTC).date()
TERMS: dict[str, Any] = {"grantee": "Lab", "uses": ["redistribute"], "since": NOW - timedelta(days=1)}


@pytest.fixture
def client(settings: Any, tmp_path: Any) -> Client:
    settings.MEDIA_ROOT = tmp_path
    made = Client()
    made.force_login(people()[1])
    return made


def url(name: str, *more: Any) -> str:
    return reverse(f"rights:{name}", args=["bakery", *more])


def given(**changes: Any) -> Grant:
    member = Member.objects.get(workspace__slug="bakery")
    return give(member.workspace, TERMS | changes, by=member.user, now=NOW, request=None)


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(), True),
        (Wanted(platform="sandbox", account="ann"), True),
        (Wanted(platform="other"), False),
        (Wanted(account="@bob"), False),
        (Wanted(kind="own_post"), False),
        (Wanted(shelf="imported"), False),
        (Wanted(channel=2), False),
        (Wanted(start=NOW), False),
        (Wanted(end=NOW - timedelta(days=9)), False),
        (Wanted(end=NOW), True),
        (Wanted(media=True), False),
        (Wanted(gone=True), False),
        (Wanted(gone=False), True),
        (Wanted(words="bread"), False),
    ],
)
def test_a_grant_covers_what_its_filters_name(wanted, fits):
    assert covering(wanted)(item(author="@somebody", account="@ann")) is fits


def test_chosen_records_are_covered_by_id_and_messages_by_no_filter():
    assert covering(Wanted(), ["read:1"])(item()) and not covering(Wanted(), ["read:2"])(item())
    assert not covering(Wanted())(item(kind="message"))


def test_a_grant_opens_the_gate_for_its_time_and_grantee_only(client):
    row = given(until=NOW + timedelta(days=1))
    own = item(obtained_via="export", kind="own_post")

    def verdict(to: str = "Lab", at: datetime = NOW, use: Any = "redistribute") -> str:
        return answer(own, use, rules=rules(), grants=[as_permit(row)], now=at, to=to).verdict

    assert verdict() == "allow"
    assert verdict(to="Other") == "ask" and verdict(use="ai_train") == "ask"
    assert verdict(at=NOW + timedelta(days=2)) == "ask"
    assert [one.pk for one in standing(row.workspace, NOW)] == [row.pk]
    assert withdraw(row, NOW) and not withdraw(row, NOW)
    row.refresh_from_db()
    assert verdict(at=NOW + timedelta(minutes=1)) == "ask" and not standing(row.workspace, NOW)


def test_what_leaves_under_a_grant_is_listed_with_it(client):
    row = given(until=datetime.now(UTC) + timedelta(days=1), wanted={"start": (DAY - timedelta(days=1)).isoformat()})
    brought(row.workspace, "New")
    brought(row.workspace, "Old", 9)
    fields = {"name": "Lab", "use": "redistribute", "purpose": "research", "license": "https://l.example"}
    made = ask_for(row.workspace, fields | {"grant": str(row.pk)}, by=None, now=NOW)
    assert make(made.pk)
    left = Release.objects.get()
    assert (left.to, left.grant, left.released, left.by_rule) == ("Lab", str(row.pk), 1, {"grantee": 1})
    page = client.get(url("grant", row.pk)).content.decode()
    assert "research" in page and "Make a dataset under it" in page


def test_nothing_leaves_under_a_withdrawn_grant(client):
    row = given()
    brought(row.workspace, "New")
    withdraw(row, NOW)
    fields = {"name": "Lab", "use": "redistribute", "purpose": "research", "license": "https://l.example"}
    made = ask_for(row.workspace, fields | {"grant": str(row.pk)}, by=None, now=NOW)
    assert not make(made.pk)
    made.refresh_from_db()
    assert (made.state, made.storage_path) == ("failed", "") and "grant" in made.why


def test_from_a_request_to_a_grant(client):
    asks = {"company": "Lab", "contact": "a@lab.example", "uses": ["ai_train"], "message": "All <b>posts</b>"}
    assert client.post(url("request_new"), asks).status_code == 302
    asked = LicenceRequest.objects.get()
    page = client.get(url("desk")).content.decode()
    assert "Lab" in page and "&lt;b&gt;" in page and "style=" not in page
    form = client.get(url("grant_new"), {"request": asked.pk}).content.decode()
    assert 'value="Lab"' in form
    tomorrow = TODAY + timedelta(days=1)
    said = {"grantee": "Lab", "uses": ["ai_train"], "ends_on": str(tomorrow), "price": "1200", "currency": "EUR"}
    assert client.post(url("grant_new"), said | {"request": asked.pk}).status_code == 302
    row = Grant.objects.get()
    asked.refresh_from_db()
    assert (row.micros, row.request, asked.state) == (1_200_000_000, asked, "granted") and row.until
    assert "Lab" in client.get(url("dataset_new")).content.decode()
    assert client.post(url("grant_withdraw", row.pk)).status_code == 302
    assert "It was withdrawn" in client.get(url("grant", row.pk)).content.decode()
    told = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"licence.asked", "licence.granted", "licence.withdrawn"} <= told


def test_declining_keeps_what_was_said(client):
    client.post(url("request_new"), {"company": "Lab", "uses": ["ai_train"]})
    asked = LicenceRequest.objects.get()
    client.post(url("request_decline", asked.pk), {"answer": "No."})
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("declined", "No.")
    assert client.get(url("grant_new"), {"request": asked.pk}).status_code == 404


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"uses": []}, "This field is required"),
        ({"ends_on": "2020-01-01"}, "This day is over"),
        ({"price": "-1"}, "greater than or equal to 0"),
        ({"currency": "euro"}, "Enter a valid value"),
        ({"first": "2026-02-02", "last": "2026-01-01"}, "lies before the first one"),
    ],
)
def test_bad_grants_name_the_field_and_keep_the_rest(client, changes, says):
    good = {"grantee": "The Lab", "uses": ["ai_train"], "currency": "EUR"}
    answer = client.post(url("grant_new"), good | changes)
    page = answer.content.decode()
    assert answer.status_code == 400 and says in page and 'value="The Lab"' in page and not Grant.objects.exists()


def call(workspace_id: int, **changes: Any) -> None:
    about = {"day": TODAY, "channel_id": 1, "platform": "sandbox", "operation": "posts.read", "purpose": "read"}
    CallDay.objects.create(workspace_id=workspace_id, **(about | {"app": "own", "calls": 3, "units": 60} | changes))


def test_the_register_lists_apps_with_their_purpose(client):
    member = Member.objects.get()
    call(member.workspace_id)
    call(member.workspace_id, channel_id=2, calls=1, units=20, failed=1)
    call(member.workspace_id + 1, operation="other")
    assert (
        client.post(url("use_register"), {"platform": "sandbox", "app": "own", "purpose": "=Numbers"}).status_code
        == 302
    )
    (row,) = register(member.workspace, TODAY, TODAY + timedelta(days=1))
    assert (row.calls, row.failed, row.records, row.declared) == (4, 1, 80, "=Numbers")
    assert "=Numbers" in client.get(url("use_register")).content.decode()
    lines = client.get(url("use_register_file")).content.decode().splitlines()
    assert lines[1].startswith("sandbox,own,'=Numbers,read,posts.read,4,1,80,")
    declare(member.workspace, "sandbox", "own", "Other", NOW)
    assert register(member.workspace, TODAY, TODAY + timedelta(days=1))[0].declared == "Other"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_who_may_not_grant(client, role):
    row = given()
    client.post(url("request_new"), {"company": "Lab", "uses": ["ai_train"]})
    asked = LicenceRequest.objects.get()
    Member.objects.update(role=role)
    assert client.get(url("grant_new")).status_code == 403 and client.get(url("request_new")).status_code == 403
    for name, pk in (("grant_withdraw", row.pk), ("request_decline", asked.pk)):
        assert client.post(url(name, pk)).status_code == 403
    assert client.post(url("use_register"), {"platform": "sandbox", "purpose": "x"}).status_code == 403
    assert client.get(url("grant", row.pk)).status_code == 200


def test_strangers_see_nothing(client):
    row = given()
    client.post(url("request_new"), {"company": "Lab", "uses": ["ai_train"]})
    asked = LicenceRequest.objects.get()
    stranger = Client()
    stranger.force_login(people("smith")[1])
    reads = [("desk", ()), ("grant_new", ()), ("request_new", ()), ("use_register", ()), ("use_register_file", ())]
    for name, more in [*reads, ("grant", (row.pk,))]:
        assert stranger.get(url(name, *more)).status_code == 404
        assert Client().get(url(name, *more)).status_code == 302
    for name, pk in (("grant_withdraw", row.pk), ("request_decline", asked.pk)):
        assert stranger.post(url(name, pk)).status_code == 404
        assert stranger.post(reverse(f"rights:{name}", args=["smith", pk])).status_code == 404
    assert stranger.get(reverse("rights:grant", args=["smith", row.pk])).status_code == 404
    assert stranger.get(reverse("rights:grant_new", args=["smith"]), {"request": asked.pk}).status_code == 404
    foreign = {"name": "X", "use": "redistribute", "purpose": "x", "form": "jsonl", "license": "https://l.example"}
    answer = stranger.post(reverse("rights:dataset_new", args=["smith"]), foreign | {"grant": str(row.pk)})
    assert answer.status_code == 400 and not Dataset.objects.exists()
