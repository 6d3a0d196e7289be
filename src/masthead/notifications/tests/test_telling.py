"""Telling: once per event and person, as each has chosen, by e-mail through a real mail server."""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta
from email import message_from_bytes, policy

import psycopg
import pytest
from aiosmtpd.controller import Controller
from asgiref.sync import async_to_sync
from django.db import transaction

from masthead.kit import jobs
from masthead.kit.clock import now
from masthead.notifications import queries, tasks
from masthead.notifications.choose import choose
from masthead.notifications.mail import send
from masthead.notifications.models import Notification
from masthead.notifications.tell import MAIL_JOB, tell
from masthead.workspaces.roles import Role
from masthead.workspaces.tests.people import Company


@pytest.fixture
def company(db) -> Company:
    """A workspace with one member of every role."""
    return Company()


def about(company: Company, *roles: str, key: str = "failed:1", kind: str = "failed") -> int:
    """Tell the members of these roles."""
    people = [company.members[role].user for role in roles]
    return tell(
        company.workspace, people, kind, "Not published on Acme News", "Reconnect it.", "/w/acme/channels/1/", key
    )


def test_each_person_once_per_event(company):
    """However often it is told, and to the same person twice in one list."""
    assert about(company, Role.OWNER, Role.OWNER, Role.EDITOR) == 2
    assert about(company, Role.OWNER, Role.EDITOR) == 0
    assert about(company, Role.OWNER, key="failed:2") == 1
    assert about(company, Role.OWNER, key="") + about(company, Role.OWNER, key="") == 2
    assert queries.unread(company.members[Role.OWNER].user, company.workspace) == 4


def test_only_members_are_told(company):
    """Not strangers, not people who left, not those switched off."""
    company.members[Role.EDITOR].delete()
    company.members[Role.AUTHOR].user.is_active = False
    company.members[Role.AUTHOR].user.save()
    people = [company.stranger, company.members[Role.AUTHOR].user, company.members[Role.VIEWER].user]
    assert tell(company.workspace, people, "failed", "T", key="k") == 1
    assert Notification.objects.get().user == company.members[Role.VIEWER].user


@pytest.mark.parametrize(("in_app", "by_mail"), [(True, True), (True, False), (False, True), (False, False)])
def test_choices_are_kept(company, dsn, in_app, by_mail):
    """Four ways: both, either, none."""
    user = company.members[Role.OWNER].user
    choose(user, company.workspace, {"failed": {"in_app": in_app, "by_mail": by_mail}, "nonsense": {"in_app": True}})
    about(company, Role.OWNER)
    assert queries.unread(user, company.workspace) == in_app
    assert waiting(dsn) == by_mail
    assert Notification.objects.exists() is (in_app or by_mail)


def waiting(dsn: str) -> int:
    """How many e-mails wait in the queue."""
    with psycopg.connect(dsn) as direct:
        return direct.execute("SELECT count(*) FROM pgqueuer WHERE entrypoint = %s", [MAIL_JOB]).fetchone()[0]


def test_no_commit_no_e_mail(company, dsn):
    """What is rolled back was never said."""
    with transaction.atomic():
        about(company, Role.OWNER)
        transaction.set_rollback(True)
    assert waiting(dsn) == 0 and not Notification.objects.exists()


class Inbox:
    """What the mail server took."""

    def __init__(self) -> None:
        self.mails = []

    async def handle_DATA(self, server, session, envelope) -> str:
        """Take it."""
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def inbox(settings):
    """A real SMTP server on this machine, used for the test's e-mails."""
    taken = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(taken, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    yield taken
    server.stop()


def test_the_e_mail_arrives_once(company, dsn, inbox):
    """From telling through the queue to a mail server; a repeated job sends nothing."""
    assert about(company, Role.OWNER) == 1
    async_to_sync(work_until)(dsn, lambda: inbox.mails)
    (letter,) = inbox.mails
    assert letter["To"] == "owner@acme.example" and letter["Subject"] == "[Acme] Not published on Acme News"
    text = letter.get_content()
    assert "http://localhost:8000/w/acme/channels/1/" in text and "/w/acme/notifications/choices/" in text
    row = Notification.objects.get()
    assert row.mailed_at and send(row.pk, now()) is False and len(inbox.mails) == 1


async def work_until(dsn: str, done) -> None:
    """Run the worker's jobs until something is so, ten seconds at most."""
    stop = asyncio.Event()
    working = asyncio.create_task(jobs.run(dsn, stop))
    for _step in range(100):
        if done():
            break
        await asyncio.sleep(0.1)
    stop.set()
    await working


def test_titles_cannot_add_headers(company, inbox):
    """A line break in a title stays inside the subject."""
    user = company.members[Role.OWNER].user
    tell(company.workspace, [user], "failed", "Hello\r\nBcc: eve@example.com", key="k")
    assert send(Notification.objects.get().pk, now())
    assert inbox.mails[0]["Bcc"] is None and "Bcc: eve" in inbox.mails[0]["Subject"]


def test_no_mail_after_leaving_or_reading(company, inbox):
    """A job that comes late asks again."""
    about(company, Role.OWNER, Role.EDITOR)
    company.members[Role.EDITOR].delete()
    Notification.objects.filter(user=company.members[Role.OWNER].user).update(read_at=now())
    assert [send(row.pk, now()) for row in Notification.objects.all()] == [False, False]
    assert inbox.mails == []


def test_a_mail_server_that_is_down_is_tried_again(company, settings):
    """The job fails, the row stays unsent."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        9,
    )
    about(company, Role.OWNER)
    with pytest.raises(OSError):
        send(Notification.objects.get().pk, now())
    assert Notification.objects.get().mailed_at is None


def test_old_ones_are_forgotten(transactional_db):
    """After half a year; newer ones stay."""
    company = Company()
    about(company, Role.OWNER)
    about(company, Role.OWNER, key="new")
    Notification.objects.filter(key="failed:1").update(created_at=now() - tasks.KEPT - timedelta(days=1))
    async_to_sync(tasks.forget)()
    assert Notification.objects.get().key == "new"
