"""What is held about a person can be had, and goes when it must."""

from __future__ import annotations

import json

import pytest

from masthead.workspaces import personal_data
from masthead.workspaces.audit import SYSTEM, record
from masthead.workspaces.models import AuditEntry, Member, User
from masthead.workspaces.roles import Role
from masthead.workspaces.tokens import make


def test_the_export_is_whole_and_holds_no_secrets(company):
    """Fits into JSON; hashes and keys are not in it."""
    client = company.client(Role.EDITOR)
    editor = company.members[Role.EDITOR]
    client.get("/w/acme/members/")
    row, raw = make(editor.user, editor, "site", ["read"], None)
    text = json.dumps(personal_data.export(editor.user))
    assert "editor@acme.example" in text and "Acme" in text and '"site"' in text and "token.make" in text
    for secret in (raw, row.token_hash, editor.user.password):
        assert secret not in text
    assert "owner@acme.example" not in text


def test_erasing(company):
    """The account, its sessions and its name in the trail are gone; what happened stays."""
    client = company.client(Role.EDITOR)
    editor = company.members[Role.EDITOR]
    client.get("/w/acme/members/")
    record(editor.user, company.workspace, "post.submit", "post 1")
    record(company.members[Role.OWNER].user, company.workspace, "member.change_role", editor.user.email)
    personal_data.erase(editor.user)
    assert (
        not User.objects.filter(email="editor@acme.example").exists()
        and not Member.objects.filter(pk=editor.pk).exists()
    )
    assert client.get("/w/acme/members/").status_code == 302
    assert AuditEntry.objects.filter(action="post.submit").exists()
    assert "editor@acme.example" not in str(list(AuditEntry.objects.values()))


def test_the_last_owner_cannot_be_erased(company):
    """A workspace without an owner could not be run any more."""
    with pytest.raises(personal_data.LastOwner):
        personal_data.erase(company.members[Role.OWNER].user)
    assert User.objects.filter(email="owner@acme.example").exists()


def test_masthead_itself_is_an_actor(company):
    """Things that nobody did by hand."""
    assert record(None, company.workspace, "channel.expired").actor == SYSTEM
