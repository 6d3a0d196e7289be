"""Ways in for time: e-mails of invitations, and forgetting old ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async

from masthead.kit.clock import now
from masthead.kit.jobs import every, job
from masthead.workspaces.invite import MAIL_JOB
from masthead.workspaces.invite_by_mail import send
from masthead.workspaces.models import Invitation

KEPT = timedelta(days=60)


@job(MAIL_JOB)
async def mail(payload: dict[str, Any]) -> None:
    """Send one invitation."""
    await sync_to_async(send)(payload)


@every("workspaces.forget_invitations", "23 4 * * *")
async def forget() -> None:
    """Once a day: delete invitations that expired long ago."""
    await Invitation.objects.filter(accepted_at=None, expires_at__lt=now() - KEPT).adelete()
