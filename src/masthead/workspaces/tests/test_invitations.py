"""Invitations: the way in for new and known people, and every misuse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from masthead.kit.clock import now
from masthead.workspaces import invite as step
from masthead.workspaces.invite_by_mail import send
from masthead.workspaces.members import Refusal
from masthead.workspaces.models import Invitation, Member, User
from masthead.workspaces.roles import Role
from masthead.workspaces.tests.people import person, signed_in

ACCOUNT = {"email": "new@example.com", "password1": "correct horse battery", "password2": "correct horse battery"}


def path_of(link: str) -> str:
    """The path of an invitation's address."""
    return "/invitations/" + link.rsplit("/", 2)[1] + "/"


@pytest.fixture
def link(company) -> str:
    """An invitation of new@example.com as editor."""
    return step.invite(None, company.members[Role.OWNER], "New@example.com", Role.EDITOR, now())[1]


def test_a_new_person_comes_in(company, link):
    """Link, account, member: and the link is used up."""
    client = Client()
    page = client.get(path_of(link)).content.decode()
    assert "Join Acme" in page and "/account/signup/?email=new%40example.com" in page
    assert client.get("/account/signup/?email=new@example.com").status_code == 200
    answer = client.post("/account/signup/", ACCOUNT)
    assert answer.status_code == 302, answer.content.decode()
    assert Member.objects.get(user__email="new@example.com").role == Role.EDITOR
    assert client.get("/w/acme/members/").status_code == 200
    assert Client().get(path_of(link)).status_code == 410


def test_a_known_person_accepts(company, link):
    """With an account: one button."""
    client = signed_in(person("new@example.com"))
    assert "Accept" in client.get(path_of(link)).content.decode()
    assert client.post(path_of(link))["Location"] == "/w/acme/"
    assert client.get("/w/acme/members/").status_code == 200
    assert client.post(path_of(link)).status_code == 410


def test_without_an_invitation_sign_up_is_closed(company):
    """Neither the page nor a direct POST makes an account."""
    client = Client()
    assert "An invitation is needed" in client.get("/account/signup/").content.decode()
    client.post("/account/signup/", ACCOUNT)
    assert not User.objects.filter(email="new@example.com").exists()


def test_open_sign_up_when_so_configured(company, settings):
    """MASTHEAD_OPEN_SIGN_UP lets anybody make an account, which sees no workspace."""
    settings.OPEN_SIGN_UP = True
    client = Client()
    assert client.post("/account/signup/", ACCOUNT).status_code == 302
    assert client.get("/w/acme/members/").status_code == 404


def test_another_address_cannot_use_the_link(company, link):
    """Not for a new account, not for an account that is there."""
    client = Client()
    client.get(path_of(link))
    answer = client.post("/account/signup/", {**ACCOUNT, "email": "eve@example.com"})
    assert "The invitation is for new@example.com" in answer.content.decode()
    assert not User.objects.filter(email="eve@example.com").exists()
    eve = signed_in(person("eve@example.com"))
    assert "You are signed in as eve@example.com" in eve.get(path_of(link)).content.decode()
    eve.post(path_of(link))
    assert eve.get("/w/acme/members/").status_code == 404


@pytest.mark.parametrize(
    "bend",
    [
        lambda path: path[:-2] + ("x/" if path[-2] != "x" else "y/"),
        lambda path: "/invitations/nothing/",
        lambda path: path.swapcase().replace("/INVITATIONS", "/invitations"),
    ],
)
def test_a_tampered_link_opens_nothing(company, link, bend):
    """And does not open sign-up."""
    client = Client()
    assert client.get(bend(path_of(link))).status_code == 410
    assert "An invitation is needed" in client.get("/account/signup/").content.decode()


def test_an_expired_link(company):
    """After seven days it is over, also for a session that opened it in time."""
    row, link = step.invite(None, company.members[Role.OWNER], "new@example.com", Role.EDITOR, now())
    client = Client()
    client.get(path_of(link))
    Invitation.objects.filter(pk=row.pk).update(expires_at=now() - timedelta(seconds=1))
    assert client.get(path_of(link)).status_code == 410
    client.post("/account/signup/", ACCOUNT)
    assert not User.objects.filter(email="new@example.com").exists()
    with pytest.raises(Refusal):
        step.accept(None, person("new@example.com"), row, now())


def test_a_session_is_worth_nothing_once_the_invitation_is_revoked(company, link):
    """Between opening the link and making the account."""
    client = Client()
    client.get(path_of(link))
    step.revoke(None, company.members[Role.OWNER], Invitation.objects.get().pk)
    client.post("/account/signup/", ACCOUNT)
    assert not User.objects.filter(email="new@example.com").exists()


def test_sending_again_ends_the_earlier_link(company, link):
    """One link at a time."""
    answer = company.client(Role.ADMIN).post(f"/w/acme/invitations/{Invitation.objects.get().pk}/resend/")
    assert "/invitations/" in answer.content.decode()
    assert Client().get(path_of(link)).status_code == 410


def test_an_admin_cannot_invite_an_owner(company):
    """Not by a forged form either, and not by sending an owner's invitation again."""
    client = company.client(Role.ADMIN)
    assert client.post("/w/acme/members/invite/", {"email": "x@example.com", "role": "owner"}).status_code == 422
    row, _link = step.invite(None, company.members[Role.OWNER], "x@example.com", Role.OWNER, now())
    hash_before = Invitation.objects.get(pk=row.pk).token_hash
    client.post(f"/w/acme/invitations/{row.pk}/resend/")
    assert Invitation.objects.get(pk=row.pk).token_hash == hash_before


def test_members_are_not_invited_again(company):
    """The form says so and keeps the address."""
    answer = company.client(Role.ADMIN).post(
        "/w/acme/members/invite/", {"email": "viewer@acme.example", "role": "editor"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "is a member already" in page and 'value="viewer@acme.example"' in page


def test_only_the_hash_is_kept(company, link):
    """A copy of the database opens no invitation."""
    token = link.rsplit("/", 2)[1]
    assert token not in str(Invitation.objects.values().get())


@pytest.mark.django_db(transaction=True)
def test_the_e_mail_carries_the_link(company):
    """The job's payload is sealed; a replaced invitation sends nothing."""
    owner = company.members[Role.OWNER]
    row, link = step.invite(None, owner, "new@example.com", Role.EDITOR, now())
    payload = {"invitation": row.pk, "sealed": step.keyring().seal(link.rsplit("/", 2)[1], f"invitation:{row.pk}")}
    assert send(payload) is True
    assert link in mail.outbox[0].body and "owner of acme" in mail.outbox[0].body
    step.resend(None, owner, row.pk, now())
    assert send(payload) is False
