"""Ways in for time: e-mails of notifications, and forgetting old ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async

from masthead.kit.clock import now
from masthead.kit.jobs import every, job
from masthead.notifications.mail import send
from masthead.notifications.models import Notification
from masthead.notifications.tell import MAIL_JOB

KEPT = timedelta(days=180)


@job(MAIL_JOB)
async def mail(payload: dict[str, Any]) -> None:
    """Send one e-mail."""
    await sync_to_async(send)(int(payload["notification"]), now())


@every("notifications.forget", "41 4 * * *")
async def forget() -> None:
    """Once a day: delete what is older than half a year."""
    await Notification.objects.filter(created_at__lt=now() - KEPT).adelete()
