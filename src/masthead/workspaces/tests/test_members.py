"""Roles, the last owner, removal, settings and deletion."""

from __future__ import annotations

import pytest

from masthead.workspaces.close import delete_workspace
from masthead.workspaces.invite import invite
from masthead.workspaces.members import Refusal, change_role, may_give, remove
from masthead.workspaces.models import AuditEntry, Invitation, Member, Workspace
from masthead.workspaces.roles import RANK, Role
from masthead.workspaces.tests.people import NOON


@pytest.mark.parametrize("actor", list(Role))
@pytest.mark.parametrize("given", list(Role))
def test_nobody_gives_more_than_they_have(company, actor, given):
    """The rule as a table."""
    assert may_give(company.members[actor], given) is (RANK[given] <= RANK[actor])


def test_unknown_roles_are_refused(company):
    """A role that is not in the table is no role."""
    with pytest.raises(Refusal):
        change_role(None, company.members[Role.OWNER], company.members[Role.VIEWER].pk, "emperor")


def test_an_admin_makes_no_owners_and_moves_none(company):
    """Only owners touch owners."""
    admin, owner, editor = (company.members[role] for role in (Role.ADMIN, Role.OWNER, Role.EDITOR))
    for act in (
        lambda: change_role(None, admin, editor.pk, Role.OWNER),
        lambda: change_role(None, admin, owner.pk, Role.VIEWER),
        lambda: remove(None, admin, owner.pk),
        lambda: change_role(None, admin, admin.pk, Role.OWNER),
    ):
        with pytest.raises(Refusal):
            act()
    assert Member.objects.get(pk=owner.pk).role == Role.OWNER


def test_the_last_owner_stays(company):
    """Neither demoted, removed nor gone, until there is another."""
    owner = company.members[Role.OWNER]
    with pytest.raises(Refusal):
        change_role(None, owner, owner.pk, Role.ADMIN)
    with pytest.raises(Refusal):
        remove(None, owner, owner.pk)
    change_role(None, owner, company.members[Role.ADMIN].pk, Role.OWNER)
    remove(None, owner, owner.pk)
    assert Member.objects.get(workspace=company.workspace, role=Role.OWNER).user == company.members[Role.ADMIN].user


@pytest.mark.parametrize("act", ["remove", "demote"])
def test_invitations_end_with_the_right_to_send_them(company, act):
    """An admin who is removed or demoted keeps no link in reserve; other people's invitations stay."""
    owner, admin = company.members[Role.OWNER], company.members[Role.ADMIN]
    invite(None, admin, "reserve@example.com", Role.ADMIN, NOON)
    invite(None, owner, "new@example.com", Role.EDITOR, NOON)
    if act == "remove":
        remove(None, owner, admin.pk)
    else:
        change_role(None, owner, admin.pk, Role.EDITOR)
    assert [row.email for row in Invitation.objects.all()] == ["new@example.com"]


def test_the_page_changes_a_role_and_writes_it_down(company):
    """Through the page, with the audit trail."""
    editor = company.members[Role.EDITOR]
    answer = company.client(Role.ADMIN).post(f"/w/acme/members/{editor.pk}/role/", {"role": "author"}, follow=True)
    assert "is now Author" in answer.content.decode()
    entry = AuditEntry.objects.get(action="member.change_role")
    assert entry.details == {"before": "editor", "after": "author"}
    assert entry.actor == "admin@acme.example" and entry.address == "127.0.0.1"


def test_a_member_may_leave(company):
    """A viewer removes nobody but themselves."""
    viewer = company.members[Role.VIEWER]
    answer = company.client(Role.VIEWER).post(f"/w/acme/members/{viewer.pk}/remove/", follow=True)
    assert not Member.objects.filter(pk=viewer.pk).exists()
    assert answer.redirect_chain[-1][0] == "/workspaces/new/"
    author = company.members[Role.AUTHOR]
    company.client(Role.EDITOR).post(f"/w/acme/members/{author.pk}/remove/")
    assert Member.objects.filter(pk=author.pk).exists()


def test_settings_are_saved_and_written_down(company):
    """A change names what it was and what it is."""
    given = {
        "name": "Acme Ltd",
        "time_zone": "Asia/Tokyo",
        "language": "de",
        "late_after_minutes": "15",
        "review_required": "on",
    }
    answer = company.client(Role.ADMIN).post("/w/acme/settings/", given)
    assert answer.status_code == 302
    workspace = Workspace.objects.get(slug="acme")
    assert (workspace.name, workspace.time_zone, workspace.late_after_minutes, workspace.review_required) == (
        "Acme Ltd",
        "Asia/Tokyo",
        15,
        True,
    )
    assert AuditEntry.objects.get(action="workspace.change").details["before"]["late_after_minutes"] == 60


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("time_zone", "Mars/Base"), ("language", "xx"), ("late_after_minutes", "0")]
)
def test_wrong_settings_are_told_beside_their_field(company, field, value):
    """Nothing is saved; the other fields keep what was typed."""
    given = {"name": "Typed", "time_zone": "Asia/Tokyo", "language": "de", "late_after_minutes": "15", field: value}
    answer = company.client(Role.OWNER).post("/w/acme/settings/", given)
    assert answer.status_code == 422
    assert "has-errors" in answer.content.decode()
    assert Workspace.objects.get(slug="acme").name == "Acme"


def test_deleting_needs_the_name(company):
    """The wrong name deletes nothing."""
    with pytest.raises(Refusal):
        delete_workspace(company.workspace, "acme")
    client = company.client(Role.OWNER)
    client.post("/w/acme/settings/delete/", {"name": "Acm"})
    assert Workspace.objects.filter(slug="acme").exists()
    client.post("/w/acme/settings/delete/", {"name": "Acme"})
    assert not Workspace.objects.filter(slug="acme").exists()


def test_another_workspace(company):
    """Slugs stay unique; the last visited workspace is where `/` leads."""
    client = company.client(Role.VIEWER)
    answer = client.post("/workspaces/new/", {"workspace": "Acme", "time_zone": "UTC", "language": "en"})
    path = answer["Location"]
    assert path.startswith("/w/acme-") and client.get(f"{path}members/").status_code == 200
    assert client.get("/")["Location"] == path
    client.get("/w/acme/members/")
    assert client.get("/")["Location"] == "/w/acme/"


def test_the_trail_filters_and_pages(company):
    """By person and by action, and never another workspace's."""
    client = company.client(Role.OWNER)
    for number in range(60):
        AuditEntry.objects.create(
            workspace=company.workspace, actor="bob@x", action="post.edit", subject=f"post {number}"
        )
    AuditEntry.objects.create(
        workspace=company.stranger.workspaces.get(), actor="eve@x", action="post.spy", subject="secret"
    )
    AuditEntry.objects.create(workspace=company.workspace, actor="eve@x", action="post.delete", subject="gone")
    page = client.get("/w/acme/audit/").content.decode()
    assert "secret" not in page and "post.spy" not in page and "Page 1 of 2" in page
    page = client.get("/w/acme/audit/", {"person": "eve@x", "action": "post.delete"}).content.decode()
    assert "gone" in page and "post 1" not in page
