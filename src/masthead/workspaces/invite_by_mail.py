"""The e-mail of an invitation. Before: invite.py."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from masthead.workspaces.invite import opened


def send(payload: dict[str, Any]) -> bool:
    """Send it in the workspace's language; False when the invitation was accepted, revoked or replaced meanwhile."""
    found = opened(payload)
    if found is None:
        return False
    row, link = found
    with translation.override(row.workspace.language):
        subject = _("Invitation to %s") % " ".join(row.workspace.name.split())
        text = render_to_string("workspaces/invitation_mail.txt", {"row": row, "link": link})
    EmailMessage(subject, text, to=[row.email]).send()
    return True
