"""Addresses, forms and bodies that nobody sends by mistake: they are refused in words or tidied, and never end in an error page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from masthead.kit.clock import now
from masthead.posts.tests.scene import people
from masthead.rights.archive.export.write import write
from masthead.rights.archive.tests.scene import brought
from masthead.rights.models import ArchiveExport, LicenceRequest
from masthead.workspaces.models import Member, Workspace
from masthead.workspaces.tokens import make

pytestmark = pytest.mark.django_db
NINES, LAST = "9" * 5000, 2**63 - 1


@pytest.fixture
def workspace(settings: Any, tmp_path: Any) -> Workspace:
    settings.MEDIA_ROOT = tmp_path
    made = people()[0]
    brought(made, "Mine")
    return made


@pytest.fixture
def page(workspace: Workspace) -> Client:
    made = Client(raise_request_exception=False)
    made.force_login(workspace.users.get())
    return made


@pytest.fixture
def api(workspace: Workspace) -> Client:
    member = Member.objects.get(workspace=workspace)
    token = make(member.user, member, "t", ["read", "publish"], None)[1]
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})


def short(odd: object) -> str:
    return ascii(odd)[:50]


PATHS = [
    f"archive/items/imported:{NINES}/", f"archive/items/read:{NINES}/", f"archive/items/published:1:{NINES}/",
    f"archive/items/published:{NINES}:0/", f"archive/items/imported:{LAST}/",
    "archive/?q=a%00b", "archive/?account=x%00/y", "archive/?account=x/y%00", f"archive/?channel={'9' * 18}", "archive/?channel=٣",
    f"archive/?after=2024-01-01T00:00:00%2B00:00_{NINES}_1_1", "archive/?after=0001-01-01T00:00:00%2B14:00_0_1_1",
    "archive/?from=0001-01-01&to=9999-12-31", "archive/?from=9999-12-31", "archive/?q=%ed%a0%80", "archive/?q=" + "a%26%7C!(" * 20,
    "people/?platform=sandbox&person=a%00b", "people/?platform=x&person=" + "a" * 300,
    f"grants/new/?request={NINES}", "grants/new/?request=-1", f"grants/{'9' * 30}/", f"datasets/{'9' * 30}/",
    f"archive/imports/{'9' * 30}/", f"datasets/?page={NINES}", "datasets/new/?since=%00&grant=%00", "rules/?platform=%00",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=short)
def test_pages(page: Client, path: str) -> None:
    assert page.get(f"/w/bakery/{path}").status_code < 500


BODIES = [
    '{"name":"a","size":1e400}', '{"name":"a","size":NaN}', '{"name":"a","size":' + NINES + "}", "[]", '{"name":null,"size":"1"}',
    '{"name":"\\ud800\\u0000","size":3}', "[" * 100_000, '{"name":"a","size":-1}', b"\xff",
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=short)
def test_the_beginning_of_an_import(page: Client, body: str | bytes) -> None:
    assert page.post(reverse("rights:import_begin", args=["bakery"]), body, "application/json").status_code < 500


@pytest.mark.parametrize("number", [999_999, 2**31, 10**18, 10**30])
def test_pieces_beyond_the_end(page: Client, number: int) -> None:
    begin = reverse("rights:import_begin", args=["bakery"])
    row = page.post(begin, '{"name":"a.zip","size":10}', "application/json").json()
    place = f"/w/bakery/archive/imports/{row['id']}/pieces/{number}/"
    assert page.post(place, b"0123456789", "application/octet-stream").status_code < 500


GRANT = {"grantee": "G", "uses": ["redistribute"], "currency": "EUR"}
FORMS: list[tuple[str, dict[str, Any]]] = [
    ("people/hold/", {"platform": "sandbox", "person": "@" + "a" * 248, "why": "x\x00"}),
    ("people/hold/", {"platform": "sandbox", "person": "ß" * 249, "why": "w"}),
    ("people/hold/", {"platform": "sandbox", "person": "İ" * 249, "why": "w"}),
    ("people/hold/", {"platform": "sandbox", "person": "a" * 250, "why": "w"}),
    ("people/erase/", {"platform": "sandbox", "person": "ﷺ" * 200, "asked_on": "2026-01-01"}),
    ("people/erase/", {"platform": "sandbox", "person": "a\u2028", "asked_on": "0001-01-01"}),
    ("people/copy/", {"platform": "sandbox", "person": "\ud7ff"}),
    ("grants/new/", {**GRANT, "ends_on": "9999-12-31"}),
    ("grants/new/", {**GRANT, "first": "0001-01-01", "last": "9999-12-31"}),
    ("grants/new/", {**GRANT, "price": "NaN"}),
    ("datasets/new/", {"name": "\x01", "use": "redistribute", "purpose": "p", "form": "jsonl", "until": "9999-12-31"}),
    ("grants/use/", {"platform": "x" * 32, "app": "\x00", "purpose": "p"}),
    ("archive/exports/", {"q": "\x00", "account": "a\x00/b", "from": "9999-12-31", "to": "9999-12-31"}),
]


@pytest.mark.parametrize(("path", "form"), FORMS, ids=short)
def test_forms(page: Client, path: str, form: dict[str, Any]) -> None:
    assert page.post(f"/w/bakery/{path}", form).status_code < 500


def test_a_request_is_declined_with_nul(page: Client, workspace: Workspace) -> None:
    row = LicenceRequest.objects.create(workspace=workspace, company="c", uses=[], asked_at=now())
    page.post(reverse("rights:request_decline", args=["bakery", row.pk]), {"answer": "no\x00"})
    row.refresh_from_db()
    assert (row.state, row.answer) == ("declined", "no")


QUERIES = [
    "q=%00", "platform=%00", "account=%00", "kind=%00", "shelf=%00", f"channel={2**70}", "channel=-1", "limit=" + "9" * 30, "limit=-5",
    "start=0001-01-01T00:00:00%2B14:00", "end=9999-12-31T23:59:59-14:00", f"after=2024-01-01T00:00:00%2B00:00_0_{LAST}_1",
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES, ids=short)
def test_programs_lists(api: Client, query: str) -> None:
    assert api.get(f"/api/v1/archive?{query}").status_code < 500


@pytest.mark.parametrize("name", ["q", "platform", "account", "kind", "shelf"])
def test_an_odd_wish_is_no_wish_for_everything(api: Client, page: Client, name: str) -> None:
    assert api.get("/api/v1/archive").json()["items"] and not api.get(f"/api/v1/archive?{name}=%00").json()["items"]
    if name == "account":
        assert b"Mine" not in page.get("/w/bakery/archive/?account=%00/").content


@pytest.mark.parametrize(
    "item", [f"imported:{NINES}", f"published:1:{NINES}", "imported:\u0661", "imported:%00", ":", "published:1"]
)
def test_programs_items(api: Client, item: str) -> None:
    assert api.get(f"/api/v1/archive/{item}").status_code == 404


COPIES: list[dict[str, Any]] = [
    {"platform": "\x00"}, {"account": "a" * 10_000}, {"channel": 2**70}, {"kind": "x" * 100}, {"q": "\ud800"}, {"q": "\x00"},
    {"start": "0001-01-01T00:00:00+14:00", "end": "9999-12-31T23:59:59-14:00"}, {"private": True},
]  # fmt: skip


@pytest.mark.parametrize("body", COPIES, ids=short)
def test_programs_copies(api: Client, body: dict[str, Any]) -> None:
    assert api.post("/api/v1/archive-copies", json.dumps(body), "application/json").status_code < 500
    for row in ArchiveExport.objects.all():
        write(row.pk)


@pytest.mark.parametrize(
    "body", [{"name": "\x00", "size": 5}, {"name": "a", "size": 2**60 - 1}, {"name": "\ud800", "size": 5}], ids=short
)
def test_programs_imports(api: Client, body: dict[str, Any]) -> None:
    assert api.post("/api/v1/imports", json.dumps(body), "application/json").status_code < 500
