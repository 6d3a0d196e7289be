"""The e-mail of a notification, sent once. Before: tell.py."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from masthead.notifications.models import Notification
from masthead.workspaces.models import Member


def send(notification_id: int, at: datetime) -> bool:
    """Send the e-mail unless it was sent, read already, or its person has left; True when it went out now.

    Raises what the mail server's connection raises, so that the job is tried again.
    """
    with transaction.atomic():
        rows = Notification.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
            "user", "workspace"
        )
        row = rows.filter(pk=notification_id, mailed_at=None, read_at=None).first()
        if (
            row is None
            or not Member.objects.filter(workspace=row.workspace, user=row.user, user__is_active=True).exists()
        ):
            return False
        message(row).send()
        row.mailed_at = at
        row.save(update_fields=["mailed_at"])
        return True


def message(row: Notification) -> EmailMessage:
    """The e-mail as plain text, in the person's language, with a link to where something can be done."""
    with translation.override(row.user.language or row.workspace.language):
        text = render_to_string("notifications/mail.txt", {"row": row, "url": settings.PUBLIC_URL})
    subject = " ".join(f"[{row.workspace.name}] {row.title}".split())
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
    return EmailMessage(subject, text, to=[row.user.email], headers={"Message-ID": f"<notification-{row.pk}@{domain}>"})
