"""Who gets in: every page of this domain and of notifications, for every role, for strangers and for nobody."""

from __future__ import annotations

import pytest
from django.urls import reverse

from masthead.notifications import urls as notification_urls
from masthead.notifications.models import Notification
from masthead.workspaces import tokens, urls
from masthead.workspaces.invite import invite
from masthead.workspaces.models import ApiToken, Member
from masthead.workspaces.roles import ALLOWED, May, Role
from masthead.workspaces.tests.people import NOON, Company, person, signed_in

# view name -> (what it needs, extra argument: whose id stands in the address)
PAGES = {
    "workspaces:members": (May.SEE, None),
    "workspaces:invite": (May.MANAGE_MEMBERS, None),
    "workspaces:change_role": (May.MANAGE_MEMBERS, "member_id"),
    "workspaces:remove": (May.MANAGE_MEMBERS, "member_id"),
    "workspaces:resend": (May.MANAGE_MEMBERS, "invitation_id"),
    "workspaces:revoke": (May.MANAGE_MEMBERS, "invitation_id"),
    "workspaces:settings": (May.MANAGE_WORKSPACE, None),
    "workspaces:delete": (May.DELETE_WORKSPACE, None),
    "workspaces:tokens": (May.SEE, None),
    "workspaces:revoke_token": (May.MANAGE_MEMBERS, "token_id"),
    "workspaces:audit": (May.MANAGE_WORKSPACE, None),
    "notifications:list": (May.SEE, None),
    "notifications:read_all": (May.SEE, None),
    "notifications:choices": (May.SEE, None),
    "notifications:open": (May.SEE, "notification_id"),
}
POST_ONLY = {
    "workspaces:invite",
    "workspaces:change_role",
    "workspaces:remove",
    "workspaces:resend",
    "workspaces:revoke",
    "workspaces:delete",
    "workspaces:revoke_token",
    "notifications:read_all",
    "notifications:open",
}


def test_the_table_names_every_page():
    """A new page must be placed here."""
    own = [("workspaces", one) for one in urls.urlpatterns] + [
        ("notifications", one) for one in notification_urls.urlpatterns
    ]
    assert {f"{app}:{one.name}" for app, one in own if str(one.pattern).startswith("w/")} == set(PAGES)


def ids(company: Company) -> dict[str, int]:
    """Ids of things in the company that addresses name."""
    owner = company.members[Role.OWNER]
    row, _link = invite(owner.user, owner, "new@example.com", Role.VIEWER, NOON)
    token, _raw = tokens.make(owner.user, owner, "site", ["read"], None)
    note = Notification.objects.create(workspace=company.workspace, user=owner.user, kind="failed", title="Not out")
    newcomer = Member.objects.create(workspace=company.workspace, user=person("third@example.com"), role=Role.VIEWER)
    return {"member_id": newcomer.pk, "invitation_id": row.pk, "token_id": token.pk, "notification_id": note.pk}


def address(company: Company, page: str, known: dict[str, int]) -> str:
    """The page's address in the company."""
    extra = PAGES[page][1]
    return reverse(page, args=[company.workspace.slug, *([known[extra]] if extra else [])])


def visit(client, page: str, path: str):
    """Open the page the way it is meant to be opened."""
    return client.post(path, {}) if page in POST_ONLY else client.get(path)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("page", PAGES)
def test_each_role_on_each_page(company, page, role):
    """A role that may not gets the page that says so; one that may gets an answer."""
    needs = PAGES[page][0]
    answer = visit(company.client(role), page, address(company, page, ids(company)))
    if needs not in ALLOWED[role]:
        own_business = page == "workspaces:revoke_token"
        assert answer.status_code == (404 if own_business else 403)
        if not own_business:
            assert "Your role does not allow this" in answer.content.decode()
    elif page == "notifications:open" and role != Role.OWNER:
        assert answer.status_code == 404, "another person's notification"
    else:
        assert answer.status_code in (200, 302, 422), answer.content.decode()[:500]


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_finds_nothing(company, page):
    """Whoever is not a member is told nothing, not even that the workspace is there."""
    path = address(company, page, ids(company))
    assert visit(company.client("stranger"), page, path).status_code == 404
    missing = path.replace("/w/acme/", "/w/nowhere/")
    assert visit(company.client("stranger"), page, missing).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_nobody_is_asked_to_sign_in(company, page):
    """Without a session: to sign-in, and back afterwards."""
    path = address(company, page, ids(company))
    answer = visit(company.client("nobody"), page, path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=/w/acme/")


@pytest.mark.parametrize("page", sorted(POST_ONLY))
def test_changes_need_post_and_the_csrf_token(company, page):
    """A link or another site cannot make a change."""
    path = address(company, page, ids(company))
    client = company.client(Role.OWNER)
    assert client.get(path).status_code == 405
    client.handler.enforce_csrf_checks = True
    assert client.post(path, {}).status_code == 403


@pytest.mark.parametrize("page", [page for page, (_needs, extra) in PAGES.items() if extra])
def test_ids_of_another_workspace_are_not_found(company, page):
    """An owner elsewhere cannot reach in through the address of the own workspace."""
    elsewhere = Company("globex")
    known = ids(company)
    path = address(company, page, known).replace("/w/acme/", "/w/globex/")
    answer = visit(elsewhere.client(Role.OWNER), page, path)
    assert answer.status_code == 404
    assert Member.objects.filter(pk=known["member_id"]).exists()
    assert ApiToken.objects.get(pk=known["token_id"]).revoked_at is None


def test_removal_ends_access_at_once(company):
    """An open session of a removed member sees nothing on its next request, and the tokens are gone."""
    editor = company.members[Role.EDITOR]
    client = signed_in(editor.user)
    _row, raw = tokens.make(editor.user, editor, "site", ["read"], None)
    assert client.get("/w/acme/members/").status_code == 200
    company.client(Role.ADMIN).post(f"/w/acme/members/{editor.pk}/remove/")
    assert client.get("/w/acme/members/").status_code == 404
    assert tokens.authenticate(raw) is None


def test_a_deactivated_user_is_out(company):
    """An account that was switched off has no access with an old session."""
    client = company.client(Role.OWNER)
    user = company.members[Role.OWNER].user
    user.is_active = False
    user.save()
    assert client.get("/w/acme/members/").status_code == 302


def test_the_workspaces_zone_counts_until_the_person_chooses(company):
    """Times are shown in the person's zone, else in the workspace's."""
    owner = company.members[Role.OWNER]
    tokens.make(owner.user, owner, "site", ["read"], NOON.replace(year=2040, hour=23, minute=30))
    page = company.client(Role.OWNER).get("/w/acme/tokens/").content.decode()
    assert "3 Mar 2040" in page
    owner.user.time_zone = "America/New_York"
    owner.user.save()
    page = company.client(Role.OWNER).get("/w/acme/tokens/").content.decode()
    assert "2 Mar 2040" in page


def test_language_follows_the_person(company):
    """The person's language wins over the workspace's and the browser's."""
    owner = company.members[Role.OWNER]
    owner.user.language = "de"
    owner.user.save()
    answer = company.client(Role.OWNER).get("/w/acme/members/", headers={"accept-language": "en"})
    assert '<html lang="de"' in answer.content.decode()
