"""API tokens: shown once, limited, revoked, never kept in clear."""

from __future__ import annotations

from datetime import timedelta

import pytest

from masthead.kit.clock import now
from masthead.workspaces import tokens
from masthead.workspaces.members import Refusal
from masthead.workspaces.models import ApiToken
from masthead.workspaces.roles import Role
from masthead.workspaces.tests.people import NOON


def test_made_on_the_page_and_shown_once(company):
    """The answer shows it; the list does not; the row has only the hash."""
    client = company.client(Role.EDITOR)
    page = client.post(
        "/w/acme/tokens/", {"name": "site", "scopes": ["read", "publish"], "days": "30"}
    ).content.decode()
    row = ApiToken.objects.get()
    raw = page.split('id="token">')[1].split("<")[0]
    assert tokens.authenticate(raw) == row and row.scopes == ["read", "publish"] and row.expires_at is not None
    assert raw not in client.get("/w/acme/tokens/").content.decode()
    assert raw not in str(ApiToken.objects.values().get())


@pytest.mark.parametrize(
    ("role", "scopes"),
    [
        (Role.AUTHOR, ["publish"]),
        (Role.VIEWER, ["write"]),
        (Role.OWNER, ["everything"]),
        (Role.OWNER, []),
    ],
)
def test_no_more_than_the_role_allows(company, role, scopes):
    """On the page and in the verb."""
    answer = company.client(role).post("/w/acme/tokens/", {"name": "site", "scopes": scopes, "days": ""})
    assert answer.status_code == 422
    with pytest.raises(Refusal):
        tokens.make(None, company.members[role], "site", scopes, None)
    assert not ApiToken.objects.exists()


def test_what_no_longer_works(company):
    """Wrong, expired, revoked, or of a deactivated user."""
    member = company.members[Role.EDITOR]
    row, raw = tokens.make(None, member, "site", ["read"], NOON)
    assert tokens.authenticate(raw, NOON - timedelta(seconds=1)) == row
    assert tokens.authenticate(raw, NOON) is None
    assert tokens.authenticate(raw + "x") is None and tokens.authenticate("") is None
    row, raw = tokens.make(None, member, "site", ["read"], None)
    tokens.revoke(None, member, row.pk, now())
    assert tokens.authenticate(raw) is None
    _row, raw = tokens.make(None, member, "site", ["read"], None)
    member.user.is_active = False
    member.user.save()
    assert tokens.authenticate(raw) is None


def test_use_is_noted_about_once_a_minute(company):
    """So that a busy program does not write a row on each call."""
    row, raw = tokens.make(None, company.members[Role.EDITOR], "site", ["read"], None)
    for seconds, noted in ((0, 0), (30, 0), (61, 61)):
        tokens.authenticate(raw, NOON + timedelta(seconds=seconds))
        row.refresh_from_db()
        assert row.used_at == NOON + timedelta(seconds=noted)


def test_members_see_and_revoke_their_own(company):
    """Those who manage members see all."""
    row, _raw = tokens.make(None, company.members[Role.OWNER], "of the owner", ["read"], None)
    assert "of the owner" not in company.client(Role.EDITOR).get("/w/acme/tokens/").content.decode()
    assert "of the owner" in company.client(Role.ADMIN).get("/w/acme/tokens/").content.decode()
    assert company.client(Role.EDITOR).post(f"/w/acme/tokens/{row.pk}/revoke/").status_code == 404
    assert company.client(Role.ADMIN).post(f"/w/acme/tokens/{row.pk}/revoke/").status_code == 302
