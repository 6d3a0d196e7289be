"""The pages and the API of imports: who may, what strangers get, how an upload goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from masthead.kit.clock import now
from masthead.posts.tests.scene import people
from masthead.rights.archive.imports import ask, pieces
from masthead.rights.archive.imports.bring import bring
from masthead.rights.archive.imports.tests.scene import archive, brought, read
from masthead.rights.models import Hold, Import, Record
from masthead.rights.people.erase import place_hold
from masthead.workspaces.models import AuditEntry, Member, User, Workspace
from masthead.workspaces.roles import Role
from masthead.workspaces.tokens import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return people()[0]


def signed_in(workspace: Workspace, role: str = Role.OWNER) -> Client:
    user = User.objects.create_user(f"{role}@people.example", "a long pass phrase")
    Member.objects.create(workspace=workspace, user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def url(name: str, workspace: Workspace, *ids: int) -> str:
    return reverse(f"rights:{name}", args=[workspace.slug, *ids])


def begun(client: Client, workspace: Workspace, data: bytes, name: str = "archive.zip") -> dict[str, Any]:
    told = client.post(
        url("import_begin", workspace), json.dumps({"name": name, "size": len(data)}), "application/json"
    )
    assert told.status_code == 201, told.content
    return dict(told.json())


def test_an_archive_goes_up_in_pieces(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE", 300)
    client, data = signed_in(workspace), archive(20)
    told = begun(client, workspace, data)
    assert (told["next"], told["piece"]) == (0, 300)
    while told["next"] is not None:
        part = data[told["next"] * 300 : (told["next"] + 1) * 300]
        answer = client.post(url("import_piece", workspace, told["id"], told["next"]), part, "application/octet-stream")
        told = answer.json()
        if told["done"] == 600:
            assert begun(client, workspace, data)["next"] == 2, "the same file goes on"
    assert bring(told["id"])
    page = client.get(url("import", workspace, told["id"])).content.decode()
    assert "Finished" in page and "ada" in page and "hx-get" not in page
    assert AuditEntry.objects.filter(action="import.begun").count() == 1


def test_a_piece_out_of_turn_says_which_is_wanted(workspace: Workspace) -> None:
    client, data = signed_in(workspace), archive(3)
    told = begun(client, workspace, data)
    answer = client.post(url("import_piece", workspace, told["id"], 0), data + b"x", "application/octet-stream")
    assert answer.status_code == 409 and answer.json()["next"] == 0 and answer.json()["remedy"]


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"name": "a", "size": "x"}', '{"name": "a", "size": 0}', "[" * 100_000]
)
def test_nonsense_is_refused(workspace: Workspace, body: str) -> None:
    assert signed_in(workspace).post(url("import_begin", workspace), body, "application/json").status_code == 400


def test_without_a_script_a_small_file_goes_at_once(workspace: Workspace, settings: Any) -> None:
    client = signed_in(workspace)
    answer = client.post(url("import_upload", workspace), {"file": SimpleUploadedFile("a.zip", archive(3))})
    assert answer.status_code == 302 and bring(Import.objects.get().pk)
    settings.MAX_UPLOAD_BYTES = 100
    assert (
        client.post(url("import_upload", workspace), {"file": SimpleUploadedFile("a.zip", archive(3))}).status_code
        == 302
    )
    assert client.post(url("import_upload", workspace)).status_code == 302
    assert Import.objects.count() == 1


def test_progress_problems_stop_go_on_and_removal(workspace: Workspace) -> None:
    client = signed_in(workspace)
    row = brought(workspace, archive(3, **{"../evil.js": "x"}))
    assert "hx-get" in client.get(url("import", workspace, row.pk)).content.decode()
    assert client.post(url("import_stop", workspace, row.pk)).status_code == 302
    assert not bring(row.pk)
    assert "Go on" in client.get(url("import", workspace, row.pk)).content.decode()
    client.post(url("import_go_on", workspace, row.pk))
    assert bring(row.pk) and Record.objects.count() == 3
    page = client.get(url("import", workspace, row.pk)).content.decode()
    assert "../evil.js" in page and "leads outside" in page
    assert "archive.zip" in client.get(url("imports", workspace)).content.decode()
    client.post(url("import_remove", workspace, row.pk))
    assert not Record.objects.exists() and not Import.objects.exists()
    assert AuditEntry.objects.get(action="import.removed").details["records"] == 3


@pytest.mark.parametrize("program", [False, True])
def test_what_is_on_hold_stays_and_its_import_with_it(workspace: Workspace, program: bool) -> None:
    client, row = signed_in_once(workspace), read(workspace, archive(3))
    held = Record.objects.filter(text="Post 1")
    held.update(author="@ann", kind="others_post")
    place_hold(workspace, "x", "ann", "a claim", by=None, now=now())
    if program:
        answer = client.delete(f"/api/v1/imports/{row.pk}", **token(workspace, workspace.users.get()))
        assert answer.status_code == 400 and "1 are on hold" in answer.content.decode()
    else:
        page = client.post(url("import_remove", workspace, row.pk), follow=True).content.decode()
        assert "2 records were removed" in page and "1 record is on hold and stays" in page
    assert [one.text for one in Record.objects.filter(source=row)] == ["Post 1"]
    Hold.objects.update(lifted_at=now())
    client.post(url("import_remove", workspace, row.pk))
    assert not Record.objects.exists() and not Import.objects.exists()


def test_the_overview_says_how_to_get_every_archive(workspace: Workspace) -> None:
    page = signed_in(workspace).get(url("imports", workspace)).content.decode()
    for words in (
        "Download an archive of your data",
        "Request your archive",
        "Download CAR file",
        "Get a copy of your data",
    ):
        assert words in page


def test_a_name_that_is_markup_is_shown_as_text(workspace: Workspace) -> None:
    row = brought(workspace, archive(1), "<script>alert(1)</script>.zip")
    for address in (url("imports", workspace), url("import", workspace, row.pk)):
        assert "<script>alert" not in signed_in_once(workspace).get(address).content.decode()


def signed_in_once(workspace: Workspace) -> Client:
    client = Client()
    client.force_login(workspace.users.get())
    return client


GETS = ("imports", "import")
POSTS = ("import_upload", "import_begin", "import_piece", "import_stop", "import_go_on", "import_remove")


def address(name: str, workspace: Workspace, row: Import) -> str:
    ids = {"imports": [], "import_upload": [], "import_begin": [], "import_piece": [row.pk, 0]}.get(name, [row.pk])
    return url(name, workspace, *ids)


@pytest.mark.parametrize("name", [*GETS, *POSTS])
def test_strangers_get_nothing(workspace: Workspace, name: str) -> None:
    other, stranger = people("other")
    row = brought(workspace, archive(1))
    client = Client()
    client.force_login(stranger)
    asked = client.get if name in GETS else client.post
    assert asked(address(name, workspace, row)).status_code == 404
    if name not in ("imports", "import_upload", "import_begin"):
        assert asked(address(name, other, row)).status_code == 404, "by its number in a workspace of their own"
    row.refresh_from_db()
    assert row.state == Import.State.WAITING


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_only_owners_and_admins_act(workspace: Workspace, name: str, role: str) -> None:
    row = brought(workspace, archive(1))
    assert signed_in(workspace, role).post(address(name, workspace, row)).status_code == 403


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_every_member_sees_how_it_stands_and_no_buttons(workspace: Workspace, role: str) -> None:
    row = brought(workspace, archive(1))
    client = signed_in(workspace, role)
    pages = [client.get(address(name, workspace, row)) for name in GETS]
    assert all(one.status_code == 200 for one in pages)
    assert not any("import_stop" in one.content.decode() or "/stop/" in one.content.decode() for one in pages)


def token(workspace: Workspace, user: User) -> dict[str, str]:
    member = Member.objects.get(workspace=workspace, user=user)
    return {"HTTP_AUTHORIZATION": f"Bearer {make(user, member, 'test', ['read', 'write', 'publish'], None)[1]}"}


def test_the_api(workspace: Workspace) -> None:
    head, client, data = token(workspace, workspace.users.get()), Client(), archive(3)
    made = client.post("/api/v1/imports", {"name": "a.zip", "size": len(data)}, "application/json", **head)
    assert made.status_code == 201 and made.json()["next_piece"] == 0
    place = f"/api/v1/imports/{made.json()['id']}"
    sent = client.put(f"{place}/pieces/0", data, "application/octet-stream", **head)
    assert sent.status_code == 200 and sent.json()["next_piece"] is None
    assert client.post(f"{place}/stop", **head).json()["state"] == "stopped"
    assert client.post(f"{place}/go-on", **head).json()["state"] == "waiting"
    assert bring(made.json()["id"])
    found = client.get(place, **head).json()
    assert (found["state"], found["added"], found["platform"]) == ("finished", 3, "x")
    assert [one["id"] for one in client.get("/api/v1/imports", **head).json()] == [found["id"]]
    assert client.delete(place, **head).status_code == 204 and not Record.objects.exists()


def test_strangers_and_editors_get_nothing_from_the_api(workspace: Workspace) -> None:
    row = read(workspace, archive(1))
    other, stranger = people("other")
    editor = User.objects.create_user("e@people.example", "a long pass phrase")
    Member.objects.create(workspace=workspace, user=editor, role=Role.EDITOR)
    client, theirs, hers = Client(), token(other, stranger), token(workspace, editor)
    place = f"/api/v1/imports/{row.pk}"
    for call, path in ((client.get, place), (client.post, f"{place}/stop"), (client.delete, place)):
        assert call(path, **theirs).status_code == 404
    assert client.put(f"{place}/pieces/0", b"x", "application/octet-stream", **theirs).status_code == 404
    assert client.get("/api/v1/imports", **theirs).json() == []
    for call, path in ((client.post, f"{place}/stop"), (client.delete, place)):
        assert call(path, **hers).status_code == 403
    assert client.get(place, **hers).status_code == 200
    assert Record.objects.count() == 1 and ask.imports(workspace).count() == 1
