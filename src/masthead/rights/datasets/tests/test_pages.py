"""The pages of datasets: asking, following, taking the file, the key; strangers see nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from masthead.posts.tests.scene import people
from masthead.rights.archive.tests.scene import brought, channel_in, read
from masthead.rights.datasets.croissant import IN_COPYRIGHT
from masthead.rights.datasets.make import make
from masthead.rights.models import Dataset, SigningKey
from masthead.workspaces.models import AuditEntry, Member
from masthead.workspaces.roles import Role

pytestmark = pytest.mark.django_db
GIVEN = {"name": "Museum", "use": "redistribute", "purpose": "for a museum", "form": "jsonl", "license": IN_COPYRIGHT}


@pytest.fixture
def client(settings: Any, tmp_path: Any) -> Client:
    settings.MEDIA_ROOT = tmp_path
    made = Client()
    made.force_login(people()[1])
    return made


def url(name: str, *more: Any) -> str:
    return reverse(f"rights:{name}", args=["bakery", *more])


def asked(client: Client, **changes: Any) -> Dataset:
    answer = client.post(url("dataset_new"), GIVEN | changes)
    assert answer.status_code == 302, answer.content.decode()
    return Dataset.objects.get()


def test_from_asking_to_the_file(client):
    assert "Nothing was handed on" in client.get(url("datasets")).content.decode()
    member = Member.objects.get()
    brought(member.workspace, "Own")
    read(channel_in(member.workspace), "Read")
    row = asked(client)
    page = client.get(url("dataset", row.pk)).content.decode()
    assert "It is being made" in page and "style=" not in page
    assert make(row.pk)
    page = client.get(url("dataset", row.pk)).content.decode()
    assert "records.jsonl" in page and "What stayed in" in page
    assert "Museum" in client.get(url("datasets")).content.decode()
    assert b"".join(client.get(url("dataset_file", row.pk)).streaming_content)[:2] == b"PK"
    assert client.get(url("key")).content.startswith(b"-----BEGIN PUBLIC KEY")
    assert client.post(url("dataset_delete", row.pk)).status_code == 302
    assert client.get(url("dataset_file", row.pk)).status_code == 404
    told = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"rights.dataset_asked", "rights.dataset_taken", "rights.dataset_deleted"} <= told


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"license": "none"}, "Give the address of a licence"),
        ({"use": "sell"}, "sell"),
        ({"purpose": ""}, "This field is required"),
        ({"since": "2026-02-02", "until": "2026-01-01"}, "lies before the first one"),
    ],
)
def test_bad_input_names_the_field_and_keeps_the_rest(client, changes, says):
    answer = client.post(url("dataset_new"), GIVEN | changes)
    page = answer.content.decode()
    assert answer.status_code == 400 and says in page and 'value="Museum"' in page
    assert not Dataset.objects.exists()


def test_the_key_changes_for_those_who_manage_the_workspace(client):
    client.get(url("key"))
    client.post(url("new_key"))
    assert SigningKey.objects.count() == 2 and SigningKey.objects.filter(retired_at=None).count() == 1
    assert "BEGIN PRIVATE" not in client.get(url("key")).content.decode()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUTHOR, Role.EDITOR])
def test_who_may_not_hand_on(client, role):
    row = asked(client)
    Member.objects.update(role=role)
    for name, more in (("dataset_new", ()), ("dataset_file", (row.pk,))):
        assert client.get(url(name, *more)).status_code == 403
    for name, more in (("dataset_delete", (row.pk,)), ("new_key", ())):
        assert client.post(url(name, *more)).status_code == 403
    assert client.get(url("dataset", row.pk)).status_code == 200


def test_strangers_see_nothing(client):
    row = asked(client)
    stranger = Client()
    stranger.force_login(people("smith")[1])
    names = [("datasets", ()), ("dataset_new", ()), ("key", ()), ("dataset", (row.pk,)), ("dataset_file", (row.pk,))]
    for name, more in names:
        assert stranger.get(url(name, *more)).status_code == 404
        assert Client().get(url(name, *more)).status_code == 302
    for name, more in (("dataset_delete", (row.pk,)), ("new_key", ())):
        assert stranger.post(url(name, *more)).status_code == 404
    own = reverse("rights:dataset", args=["smith", row.pk])
    assert stranger.get(own).status_code == 404
