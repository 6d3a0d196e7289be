"""Single sign-on against a real OpenID provider: who gets in, and who does not."""

from __future__ import annotations

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from masthead.kit.clock import now
from masthead.workspaces.invite import invite
from masthead.workspaces.models import Invitation, Member, User
from masthead.workspaces.roles import Role
from masthead.workspaces.tests.openid import running_provider, walk
from masthead.workspaces.tests.people import PASSWORD, person, signed_in

pytestmark = pytest.mark.servers
LOGIN = "/account/oidc/sso/login/"


@pytest.fixture(scope="module")
def issuer():
    """The provider, running."""
    with running_provider() as address:
        yield address


@pytest.fixture(autouse=True)
def _configured(settings, issuer):
    app = {
        "provider_id": "sso",
        "name": "Acme login",
        "client_id": "masthead",
        "secret": "secret",
        "settings": {"server_url": issuer},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    cache.clear()


def through(client: Client, name: str, start: str = LOGIN):
    """Sign in as `name` at the provider; the answer to the callback, redirects followed."""
    sent = client.post(start)
    assert sent.status_code == 302, sent.content.decode()[:800]
    back = walk(sent["Location"], name)
    return client.get(back.removeprefix("http://testserver"), follow=True)


def test_the_button_is_there(company):
    """On sign-in, and in the account."""
    assert "Continue with Acme login" in Client().get("/account/login/").content.decode()
    assert "Single sign-on" in company.client(Role.OWNER).get("/profile/").content.decode()


def test_an_invited_person_comes_in_and_returns(company):
    """The invitation is accepted with the account; the next time it is plain sign-in."""
    invite(None, company.members[Role.OWNER], "grace@example.com", Role.EDITOR, now())
    client = Client()
    answer = through(client, "grace")
    member = Member.objects.get(user__email="grace@example.com")
    assert (member.role, member.user.name, member.workspace) == (Role.EDITOR, "The grace", company.workspace)
    assert client.get("/w/acme/members/").status_code == 200, answer.redirect_chain
    assert Invitation.objects.get().accepted_at
    again = Client()
    through(again, "grace")
    assert again.get("/w/acme/members/").status_code == 200
    assert User.objects.filter(email__startswith="grace").count() == 1


@pytest.mark.parametrize("name", ["mallory", "unsure-grace"])
def test_who_was_not_invited_or_not_vouched_for(company, name):
    """No account is made: not without an invitation, not for an address the provider has not confirmed."""
    invite(None, company.members[Role.OWNER], "unsure-grace@example.com", Role.EDITOR, now())
    answer = through(Client(), name)
    assert "An invitation is needed" in answer.content.decode()
    assert not User.objects.filter(email=f"{name}@example.com").exists()


def test_holding_the_link_of_another_is_not_enough(company):
    """Mallory opens Grace's link and comes back as Mallory."""
    _row, link = invite(None, company.members[Role.OWNER], "grace@example.com", Role.EDITOR, now())
    client = Client()
    client.get("/invitations/" + link.rsplit("/", 2)[1] + "/")
    answer = through(client, "mallory")
    assert "An invitation is needed" in answer.content.decode()
    assert not User.objects.filter(email="mallory@example.com").exists()


def test_an_account_is_not_taken_over_by_its_address(company):
    """Same address, not connected: the person is told what to do; once connected, it works."""
    user = person("linus@example.com")
    Member.objects.create(workspace=company.workspace, user=user, role=Role.EDITOR)
    stranger = Client()
    answer = through(stranger, "linus")
    assert "connect single sign-on" in answer.content.decode()
    assert stranger.get("/w/acme/members/").status_code == 302 and not SocialAccount.objects.exists()
    client = signed_in(user)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    through(client, "linus", f"{LOGIN}?process=connect")
    assert SocialAccount.objects.get().user == user
    later = Client()
    through(later, "linus")
    assert later.get("/w/acme/members/").status_code == 200


def test_removal_counts_for_single_sign_on_as_well(company):
    """The account may sign in and sees no workspace."""
    invite(None, company.members[Role.OWNER], "grace@example.com", Role.EDITOR, now())
    through(Client(), "grace")
    Member.objects.filter(user__email="grace@example.com").delete()
    client = Client()
    through(client, "grace")
    assert client.get("/w/acme/members/").status_code == 404


def test_the_first_account_is_made_on_the_welcome_page(db):
    """Nobody becomes the owner by signing in elsewhere."""
    answer = through(Client(), "eve")
    assert answer.redirect_chain[-1][0] == "/welcome/"
    assert not User.objects.exists()
