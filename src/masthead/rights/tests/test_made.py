"""Copies and datasets follow what holds now: an erasure, a hold or an ended grant reaches what was made and what is being made."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from masthead.connectors import PLATFORMS
from masthead.contract.terms import Terms
from masthead.kit.clock import now
from masthead.posts.tests.scene import people
from masthead.rights.archive.export import collect, write
from masthead.rights.archive.export.ask import ask_for as ask_copy
from masthead.rights.archive.tests.scene import brought
from masthead.rights.archive.wanted import Wanted
from masthead.rights.datasets import make
from masthead.rights.datasets.ask import ask_for
from masthead.rights.desk.grant import give, withdraw
from masthead.rights.models import ArchiveExport, Dataset, Grant, Hold, Leftover
from masthead.rights.people.erase import erase, place_hold

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "Ann's secret words"


@pytest.fixture
def workspace(settings: Any, tmp_path: Any, monkeypatch: Any) -> Any:
    """A person's words that may leave by her own wish; the platform says nothing about it."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setitem(PLATFORMS, "sandbox", replace(PLATFORMS["sandbox"], terms=Terms("1", None, ())))
    made = people()[0]
    brought(made, SECRET, 1, kind="others_post", author="@ann", preference={"redistribute": "allow"})
    brought(made, "Mine")
    return made


def copy_of(workspace: Any) -> ArchiveExport:
    return ask_copy(workspace, Wanted(), now=now() - timedelta(minutes=1), by=workspace.users.get())


def dataset_of(workspace: Any, grant: Grant | None = None) -> Dataset:
    fields = {"name": "Posts", "use": "redistribute", "purpose": "p", "license": "https://l.example"}
    fields["grant"] = str(grant.pk) if grant else ""
    return ask_for(workspace, fields, by=workspace.users.get(), now=now() - timedelta(minutes=1))


def museum(workspace: Any, **changes: Any) -> Grant:
    fields = {"grantee": "Museum", "uses": ["redistribute"], "wanted": {}, "since": now() - timedelta(days=1)}
    return give(workspace, fields | {"until": None} | changes, by=None, now=now(), request=None)


def erased(workspace: Any) -> dict[str, int]:
    return erase(workspace, "sandbox", "ann", asked_on=date(2026, 11, 1), by=None, now=now()).counts


def stored(workspace: Any) -> bytes:
    """Everything that lies in storage, out of its zips."""
    found = b""
    for place in [one for folder in ("exports", "datasets") for one in _below(workspace, folder)]:
        with default_storage.open(place) as file:
            if zipfile.is_zipfile(file):
                with zipfile.ZipFile(file) as archive:
                    found += b"".join(archive.read(name) for name in archive.namelist())
            else:
                file.seek(0)
                found += file.read()
    return found


def _below(workspace: Any, kind: str) -> list[str]:
    root = default_storage.path("")
    return [str(one) for one in Path(root).glob(f"{workspace.pk}/{kind}/*/*") if one.is_file()]


def fetch(workspace: Any, name: str, key: Any) -> int:
    client = Client()
    client.force_login(workspace.users.get())
    return client.get(reverse(f"rights:{name}", args=[workspace.slug, key])).status_code


def test_what_was_made_before_an_erasure_goes(workspace):
    copy, data = copy_of(workspace), dataset_of(workspace)
    assert write.write(copy.pk) and make.make(data.pk) and SECRET.encode() in stored(workspace)
    assert fetch(workspace, "archive_export", copy.key) == fetch(workspace, "dataset_file", data.pk) == 200
    assert erased(workspace) == {"others_post": 1}
    assert fetch(workspace, "archive_export", copy.key) == fetch(workspace, "dataset_file", data.pk) == 404
    assert not stored(workspace) and not Leftover.objects.exists()
    data.refresh_from_db()
    assert data.state == "ready" and data.release is not None, "what left stays in the books"


def test_another_workspace_keeps_its_copies(workspace):
    other = people("smith")[0]
    brought(other, "Theirs")
    copy = copy_of(other)
    assert write.write(copy.pk)
    erased(workspace)
    copy.refresh_from_db()
    assert copy.state == "ready" and b"Theirs" in stored(other)


@pytest.mark.parametrize("step", ["collect", "_assemble"])
def test_a_copy_begins_anew_when_somebody_is_erased_at_any_step(workspace, monkeypatch, step):
    copy, real = copy_of(workspace), getattr(write, step)

    def then_erased(*asked: Any) -> Any:
        found = real(*asked)
        monkeypatch.setattr(write, step, real)
        assert erased(workspace) == {"others_post": 1}
        return found

    monkeypatch.setattr(write, step, then_erased)
    assert not write.write(copy.pk)
    assert SECRET.encode() not in stored(workspace)
    assert write.write(copy.pk)
    copy.refresh_from_db()
    assert copy.state == "ready" and b"Mine" in stored(workspace) and SECRET.encode() not in stored(workspace)


@pytest.mark.parametrize("step", ["_items", "_sign"])
def test_a_dataset_begins_anew_when_somebody_is_erased(workspace, monkeypatch, step):
    data, real = dataset_of(workspace), getattr(make, step)

    def erased_first(*asked: Any) -> Any:
        monkeypatch.setattr(make, step, real)
        found = list(real(*asked) or ())
        erased(workspace)
        return iter(found)

    monkeypatch.setattr(make, step, erased_first)
    assert not make.make(data.pk) and SECRET.encode() not in stored(workspace)
    assert make.make(data.pk) and b"Mine" in stored(workspace) and SECRET.encode() not in stored(workspace)


def test_a_hold_reaches_a_copy_that_is_being_made(workspace, monkeypatch):
    for number in range(4):
        brought(
            workspace,
            f"Ann {number}",
            2 + number,
            kind="others_post",
            author="@ann",
            preference={"redistribute": "allow"},
        )
    copy, line, seen = copy_of(workspace), collect.line_of, []

    def slow(item: Any) -> bytes:
        seen.append(item)
        if len(seen) == 2:
            place_hold(workspace, "sandbox", "@ann", "a claim", by=None, now=now())
        return line(item)

    monkeypatch.setattr(collect, "line_of", slow)
    assert not write.write(copy.pk) and write.write(copy.pk)
    assert (
        b"Mine" in stored(workspace) and b"Ann " not in stored(workspace) and SECRET.encode() not in stored(workspace)
    )
    copy.refresh_from_db()
    assert fetch(workspace, "archive_export", copy.key) == 200


def test_a_grant_that_ends_while_a_dataset_is_made_stops_it(workspace, monkeypatch):
    given, add, seen = museum(workspace), make.Parts.add, []
    data = dataset_of(workspace, given)

    def slow(self: Any, item: Any) -> None:
        seen.append(item)
        withdraw(given, now())
        add(self, item)

    monkeypatch.setattr(make.Parts, "add", slow)
    assert not make.make(data.pk)
    data.refresh_from_db()
    assert data.state == "failed" and "grant" in data.why and seen and not stored(workspace)


def test_a_dataset_is_handed_over_only_while_its_grant_stands(workspace):
    given, short = museum(workspace), museum(workspace, until=now() + timedelta(hours=1))
    rows = [dataset_of(workspace, one) for one in (given, short)]
    assert all(make.make(one.pk) for one in rows)
    assert [fetch(workspace, "dataset_file", one.pk) for one in rows] == [200, 200]
    assert withdraw(given, now())
    Grant.objects.filter(pk=short.pk).update(until=now() - timedelta(seconds=1))
    assert [fetch(workspace, "dataset_file", one.pk) for one in rows] == [404, 404]
    client = Client()
    client.force_login(workspace.users.get())
    page = client.get(reverse("rights:dataset", args=[workspace.slug, rows[0].pk])).content.decode()
    assert "has ended" in page and "Download" not in page


def test_what_was_made_before_a_hold_is_not_handed_over_while_it_stands(workspace):
    copy, data = copy_of(workspace), dataset_of(workspace)
    assert write.write(copy.pk) and make.make(data.pk)
    place_hold(workspace, "sandbox", "@ann", "a claim", by=None, now=now())
    assert fetch(workspace, "archive_export", copy.key) == fetch(workspace, "dataset_file", data.pk) == 404
    client = Client()
    client.force_login(workspace.users.get())
    pages = [
        reverse("rights:archive_exports", args=[workspace.slug]),
        reverse("rights:dataset", args=[workspace.slug, data.pk]),
    ]
    for page in (client.get(one).content.decode() for one in pages):
        assert "put on hold since" in page and ">Download<" not in page
    again = copy_of(workspace)
    assert write.write(again.pk) and fetch(workspace, "archive_export", again.key) == 200
    assert SECRET.encode() in stored(workspace), "a hold keeps what is there"
    Hold.objects.update(lifted_at=now())
    assert fetch(workspace, "archive_export", copy.key) == fetch(workspace, "dataset_file", data.pk) == 200
