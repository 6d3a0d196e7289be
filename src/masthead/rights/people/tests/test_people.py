"""People's rights: what is held, a copy, erasure with a certificate that holds, holds that stop it, and no way back in."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse

from masthead.connectors import PLATFORMS
from masthead.posts.tests.scene import people
from masthead.rights.archive.export.ask import ask_for as ask_copy
from masthead.rights.archive.tests.scene import brought
from masthead.rights.archive.wanted import Wanted
from masthead.rights.datasets.dsse import read, read_public
from masthead.rights.keep import keep_all
from masthead.rights.models import Erasure, Hold, Import, MarkKey, Record, Release, Removal
from masthead.rights.people.certificate import CLAIM
from masthead.rights.people.erase import OnHold, erase, erase_again, on_hold, place_hold
from masthead.rights.people.held import copy, held
from masthead.rights.people.marks import marker
from masthead.rights.release import release
from masthead.rights.signing import key_of
from masthead.rights.tests.gates import item, term, terms
from masthead.workspaces.models import Member
from masthead.workspaces.roles import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = date(2026, 11, 23)


@pytest.fixture
def workspace(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    made = people()[0]
    brought(made, "Hello", kind="others_post", author="@Ann")
    brought(made, "Privately", 1, kind="message", author="ann")
    brought(made, "Mine", 2, author="@ann-bakery")
    brought(made, "Other platform", 3, kind="others_post", author="ann", platform="other")
    return made


def ann(workspace: Any, **changes: Any) -> Erasure:
    return erase(workspace, "sandbox", "@ANN", **({"asked_on": DAY, "by": None, "now": NOW} | changes))


def test_what_is_held_is_counted_by_kind(workspace):
    found = held(workspace, "sandbox", "ann")
    assert found.kinds == {"others_post": 1, "message": 1} and found.number == 2 and not found.on_hold
    assert held(people("smith")[0], "sandbox", "ann").number == 0


def test_erasure_empties_what_they_wrote_and_nothing_else(workspace):
    row = ann(workspace)
    assert row.counts == {"others_post": 1, "message": 1} and held(workspace, "sandbox", "ann").number == 0
    texts = set(Record.objects.values_list("text", "author"))
    assert texts == {("", ""), ("Mine", "@ann-bakery"), ("Other platform", "ann")}
    assert Record.objects.exclude(gone_at=None).count() == 2 and Removal.objects.filter(rule="erasure").count() == 2
    assert "ann" not in json.dumps([row.mark, row.counts, row.certificate]).lower()


@pytest.mark.django_db(transaction=True)
def test_files_go_with_the_last_record_that_needs_them(workspace):
    both, only = f"{workspace.pk}/archive/both.png", f"{workspace.pk}/archive/only.png"
    for where in (both, only):
        default_storage.save(where, ContentFile(b"x"))
    media = [{"kind": "image", "file": one} for one in (both, only)]
    Record.objects.filter(author="@Ann").update(media=media)
    Record.objects.filter(text="Mine").update(media=media[:1])
    ann(workspace)
    assert default_storage.exists(both) and not default_storage.exists(only)


def test_the_certificate_is_signed_and_can_be_checked_by_the_person(workspace):
    row = ann(workspace)
    told = read(row.certificate, [read_public(key_of(workspace, NOW).public)], CLAIM)
    salt = told.predicate["salt"]
    assert told.subjects["person"] == hashlib.sha256(f'{salt}["sandbox", "ann"]'.encode()).hexdigest()
    assert told.predicate["erased"] == {"others_post": 1, "message": 1} and told.predicate["asked_on"] == "2026-11-23"


def test_what_comes_back_is_refused_and_emptied(workspace):
    ann(workspace)
    back = brought(workspace, "Again", kind="others_post", author="@ann")
    mine = [item(workspace_id=workspace.pk, author="ann"), item(workspace_id=workspace.pk, author="bob", id="read:2")]
    assert [one.author for one in release(workspace, "display", mine, purpose="p", actor="a")] in (["bob"], [])
    assert Release.objects.get().by_rule["stop:erased"] == 1
    assert erase_again(NOW) == 1 and erase_again(NOW) == 0
    back.refresh_from_db()
    assert back.text == "" and back.gone_at == NOW


def test_a_hold_stops_erasure_emptying_and_handing_on(workspace, monkeypatch):
    place_hold(workspace, "sandbox", "@Ann", "claim 7", by=None, now=NOW)
    with pytest.raises(OnHold, match="claim 7"):
        ann(workspace)
    rows = Record.objects.filter(author="@Ann")
    rows.update(obtained_via="api", obtained_at=NOW - timedelta(days=3))
    limited = terms(term("others_post", "store", "allow", timedelta(days=2)))
    monkeypatch.setitem(PLATFORMS, "sandbox", replace(PLATFORMS["sandbox"], terms=limited))
    keep_all(NOW)
    assert held(workspace, "sandbox", "ann").number == 2 and held(workspace, "sandbox", "ann").on_hold == "claim 7"
    out = release(workspace, "redistribute", [item(workspace_id=workspace.pk)], purpose="p", actor="a")
    assert not list(out) and Release.objects.get().by_rule == {"stop:hold": 1}
    Hold.objects.update(lifted_at=NOW)
    keep_all(NOW)
    assert held(workspace, "sandbox", "ann").number == 1


def test_the_mark_differs_by_workspace_and_platform(workspace):
    mine, theirs = marker(workspace.pk), marker(people("smith")[0].pk)
    assert len({mine("a", "x"), theirs("a", "x"), mine("b", "x")}) == 3 and mine("a", "@X") == mine("a", "x")


def test_the_mark_outlives_the_keys_of_the_installation(workspace, settings):
    ann(workspace)
    back = brought(workspace, "Again", 9, kind="others_post", author="@ann")
    settings.SECRET_KEY = "another"
    assert erase_again(NOW) == 1
    back.refresh_from_db()
    assert back.text == ""


def test_the_key_of_marks_is_encrypted(workspace):
    marker(workspace.pk)
    with connection.cursor() as cursor:
        cursor.execute("select key from rights_markkey")
        stored = cursor.fetchone()[0]
    assert MarkKey.objects.get().key not in stored and len(MarkKey.objects.get().key) == 64


@pytest.mark.parametrize("name", ["İlker", "straße", "ΣΊΣΥΦΟΣ", " ann ", "@@bob", "ｗｉｄｅ", "José"])
def test_a_person_is_found_however_the_name_is_written(workspace, name):
    row = brought(workspace, "words", 9, kind="others_post", author=name)
    asked = [name, f"@{name.strip()}", name.upper(), name.lower(), unicodedata.normalize("NFD", name)]
    assert all(held(workspace, "sandbox", one).number for one in asked)
    hold = place_hold(workspace, "sandbox", asked[2], "claim", by=None, now=NOW)
    assert list(on_hold("imported", [row.pk])) == [row.pk]
    hold.delete()
    assert erase(workspace, "sandbox", asked[4], asked_on=DAY, by=None, now=NOW).counts["others_post"]
    assert not Record.objects.filter(text="words").exists()
    mine = [item(workspace_id=workspace.pk, author=one) for one in asked]
    assert not list(release(workspace, "display", mine, purpose="p", actor="a"))


def test_the_certificate_says_what_was_looked_at_and_what_was_not(workspace):
    first = read(ann(workspace).certificate, [read_public(key_of(workspace, NOW).public)], CLAIM).predicate
    assert first["taken_back"] == {"copies": 0, "datasets": 0}
    assert any("copies of the archive" in one for one in first["looked_at"])
    assert any("reposts" in one or "repost" in one for one in first["not_looked_at"])
    assert not any("uploaded" in one for one in first["not_looked_at"])
    begun = {"name": "a.zip", "storage_path": "1/imports/x", "created_at": NOW, "held_until": NOW}
    Import.objects.create(workspace=workspace, state="stopped", **begun)
    ask_copy(workspace, Wanted(), now=NOW, by=None)
    again = read(ann(workspace).certificate, [read_public(key_of(workspace, NOW).public)], CLAIM).predicate
    assert again["taken_back"] == {"copies": 1, "datasets": 0} and any(
        "uploaded" in one for one in again["not_looked_at"]
    )


def test_a_copy_for_the_person_tells_nothing_of_our_storage_and_leaves_during_a_hold(workspace):
    media = [{"kind": "image", "file": f"{workspace.pk}/archive/x.png", "name": "x.png"}]
    Record.objects.filter(author="@Ann").update(media=media)
    place_hold(workspace, "sandbox", "ann", "claim", by=None, now=NOW)
    told = b"".join(copy(workspace, "sandbox", "ann", actor="a")).decode()
    assert '"name": "x.png"' in told and "/archive/" not in told and len(told.splitlines()) == 2


@pytest.fixture
def client(workspace: Any) -> Client:
    made = Client()
    made.force_login(workspace.users.get())
    return made


def url(name: str, *more: Any) -> str:
    return reverse(f"rights:{name}", args=["bakery", *more])


WHO = {"platform": "sandbox", "person": "@ann"}


def test_from_looking_up_to_the_certificate(client):
    page = client.get(url("people"), WHO).content.decode()
    assert "Held of @ann on" in page and "style=" not in page
    lines = b"".join(client.post(url("person_copy"), WHO).streaming_content).splitlines()
    assert {json.loads(line)["text"] for line in lines} == {"Hello", "Privately"}
    assert client.post(url("person_hold"), WHO | {"why": "claim"}).status_code == 302
    refused = client.post(url("person_erase"), WHO | {"asked_on": "2026-11-20"}, follow=True)
    assert "It is on hold" in refused.content.decode() or "it is on hold" in refused.content.decode()
    assert client.post(url("hold_lift", Hold.objects.get().pk)).status_code == 302
    done = client.post(url("person_erase"), WHO | {"asked_on": "2026-11-20"}, follow=True)
    assert "Erased." in done.content.decode()
    assert b"payloadType" in client.get(url("certificate", Erasure.objects.get().pk)).content
    assert "Nothing that this person wrote is held" in client.get(url("people"), WHO).content.decode()


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("person_erase", WHO | {"asked_on": "2999-01-01"}, "has not come yet"),
        ("person_erase", WHO | {"asked_on": "soon"}, "Enter a valid date"),
        ("person_hold", WHO | {"why": ""}, "This field is required"),
        ("person_copy", {"platform": "nowhere", "person": "x"}, "nowhere"),
    ],
)
def test_bad_input_names_the_field(client, name, given, says):
    answer = client.post(url(name), given)
    assert answer.status_code == 400 and says in answer.content.decode()
    assert not Erasure.objects.exists() and not Hold.objects.exists()


def test_who_may_and_strangers(client, workspace):
    hold = place_hold(workspace, "sandbox", "bob", "why", by=None, now=NOW)
    row = ann(workspace)
    stranger = Client()
    stranger.force_login(people("smith")[1])
    posts = [("person_copy", ()), ("person_erase", ()), ("person_hold", ()), ("hold_lift", (hold.pk,))]
    for name, more in posts:
        assert stranger.post(url(name, *more), WHO).status_code == 404
        assert Client().post(url(name, *more), WHO).status_code == 302
    for name, more in (("people", ()), ("certificate", (row.pk,))):
        assert stranger.get(url(name, *more)).status_code == 404
    assert stranger.get(reverse("rights:certificate", args=["smith", row.pk])).status_code == 404
    assert stranger.post(reverse("rights:hold_lift", args=["smith", hold.pk])).status_code == 404
    Member.objects.filter(workspace=workspace).update(role=Role.EDITOR)
    assert client.get(url("people")).status_code == 403
    assert all(client.post(url(name, *more), WHO).status_code == 403 for name, more in posts)
