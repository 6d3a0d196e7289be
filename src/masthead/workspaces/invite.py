"""Step 3: invite somebody by e-mail and link; they accept, once, within seven days. Before: create.py. After: members.py."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from masthead.kit.jobs import enqueue
from masthead.kit.secrets import keyring
from masthead.workspaces.audit import record
from masthead.workspaces.members import Refusal, may_give
from masthead.workspaces.models import Invitation, Member, User, Workspace

LASTS = timedelta(days=7)
MAIL_JOB = "workspaces.invitation"


def hash_of(token: str) -> str:
    """What is kept of a token: it cannot be turned back into the link."""
    return hashlib.sha256(token.encode()).hexdigest()


def link(token: str) -> str:
    """The address that the invited person opens."""
    return f"{settings.PUBLIC_URL}/invitations/{token}/"


def invite(who: object, actor: Member, email: str, role: str, at: datetime) -> tuple[Invitation, str]:
    """Invite and send the e-mail; returns the invitation and its link, which is shown once and not kept.

    An open invitation to the same address is replaced. Raises Refusal for members and for roles above the actor's.
    """
    email = email.strip().lower()
    if not may_give(actor, role):
        raise Refusal(_("You cannot give a role above your own. Ask an owner to do it."))
    if Member.objects.filter(workspace=actor.workspace, user__email=email).exists():
        raise Refusal(_("%s is a member already.") % email)
    with transaction.atomic():
        Invitation.objects.filter(workspace=actor.workspace, email=email, accepted_at=None).delete()
        draft = Invitation(workspace=actor.workspace, email=email, role=role, invited_by=actor.user)
        address = _send(draft, at)
        record(who, actor.workspace, "invitation.send", email, role=role)
        return draft, address


def resend(who: object, actor: Member, invitation_id: int, at: datetime) -> tuple[Invitation, str]:
    """A new link and a new week for an open invitation; the old link stops working."""
    with transaction.atomic():
        row = open_invitations(actor.workspace).select_for_update().get(pk=invitation_id)
        if not may_give(actor, row.role):
            raise Refusal(_("You cannot give a role above your own. Ask an owner to do it."))
        address = _send(row, at)
        record(who, actor.workspace, "invitation.resend", row.email, role=row.role)
        return row, address


def revoke(who: object, actor: Member, invitation_id: int) -> Invitation:
    """Take an open invitation back; its link stops working."""
    row = open_invitations(actor.workspace).get(pk=invitation_id)
    record(who, actor.workspace, "invitation.revoke", row.email, role=row.role)
    row.delete()
    return row


def open_invitations(workspace: Workspace):
    """Those not accepted yet, the expired included, so that people can send them again."""
    return Invitation.objects.filter(workspace=workspace, accepted_at=None)


def _send(row: Invitation, at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    row.token_hash, row.expires_at = hash_of(token), at + LASTS
    row.save()
    connection.ensure_connection()
    sealed = keyring().seal(token, _place(row.pk))
    enqueue(connection.connection, MAIL_JOB, {"invitation": row.pk, "sealed": sealed})
    return link(token)


def opened(payload: dict) -> tuple[Invitation, str] | None:
    """What the job that mails an invitation was given: the row and its link; None when it was replaced meanwhile."""
    token = keyring().open(payload["sealed"], _place(payload["invitation"]))
    row = (
        Invitation.objects.select_related("workspace", "invited_by")
        .filter(pk=payload["invitation"], token_hash=hash_of(token), accepted_at=None)
        .first()
    )
    return (row, link(token)) if row else None


def _place(invitation_id: int) -> str:
    return f"invitation:{invitation_id}"


def find(token_hash: str, at: datetime) -> Invitation | None:
    """The open invitation with that hash, unless it has expired."""
    rows = Invitation.objects.select_related("workspace", "invited_by")
    return rows.filter(token_hash=token_hash, accepted_at=None, expires_at__gt=at).first()


def open_for(emails: list[str], at: datetime) -> list[Invitation]:
    """Open invitations to any of these addresses."""
    lower = [email.lower() for email in emails]
    return list(Invitation.objects.filter(email__in=lower, accepted_at=None, expires_at__gt=at))


def accept(who: object, user: User, invitation: Invitation, at: datetime) -> Member:
    """Make the user a member. Works once, only for the address that was invited; raises Refusal otherwise."""
    with transaction.atomic():
        row = (
            Invitation.objects.select_for_update().filter(pk=invitation.pk, accepted_at=None, expires_at__gt=at).first()
        )
        if row is None:
            raise Refusal(_("This invitation was used, taken back or has expired. Ask for a new one."))
        if row.email != user.email.lower():
            raise Refusal(
                _("This invitation is for %(invited)s, and you are signed in as %(user)s.")
                % {"invited": row.email, "user": user.email}
            )
        member, _new = Member.objects.get_or_create(workspace=row.workspace, user=user, defaults={"role": row.role})
        row.accepted_at = at
        row.save(update_fields=["accepted_at"])
        record(user, row.workspace, "invitation.accept", row.email, role=row.role)
        return member
