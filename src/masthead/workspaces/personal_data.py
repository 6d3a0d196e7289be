"""What this domain holds about a person: account, sign-in means, memberships, invitations, tokens, audit entries."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from masthead.workspaces.models import ApiToken, AuditEntry, Invitation, Member, User
from masthead.workspaces.roles import Role

HELD = {
    "account": "e-mail addresses, name, time zone, language; kept until the account is erased",
    "sign_in": "password hash, second factors (sealed), connected accounts, sessions with address and browser",
    "memberships": "workspaces and roles",
    "invitations": "the invited address, until accepted or 60 days after it expired; who invited, without the name once erased",
    "tokens": "names and times of API tokens",
    "audit": "what the person did, when and from which address; kept with the workspace, without the name once erased",
}


class LastOwner(Exception):
    """The person is the last owner of a workspace: it needs another owner, or must be deleted, first."""


def export(user: User) -> dict[str, Any]:
    """Everything held about the person, as values that fit into JSON; no secrets."""
    return {
        "account": {
            "email": user.email,
            "name": user.name,
            "time_zone": user.time_zone,
            "language": user.language,
            "created_at": user.created_at.isoformat(),
        },
        "emails": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "second_factors": [one.type for one in Authenticator.objects.filter(user=user)],
        "connected": list(SocialAccount.objects.filter(user=user).values("provider", "uid", "extra_data")),
        "sessions": _rows(UserSession.objects.filter(user=user), "ip", "user_agent", "created_at", "last_seen_at"),
        "memberships": _rows(Member.objects.filter(user=user), "workspace__name", "role", "created_at"),
        "invitations": _rows(Invitation.objects.filter(email=user.email), "workspace__name", "role", "created_at"),
        "invited_others": _rows(Invitation.objects.filter(invited_by=user), "workspace__name", "role", "created_at"),
        "tokens": _rows(ApiToken.objects.filter(user=user), "name", "scopes", "created_at", "used_at", "expires_at"),
        "audit": _rows(AuditEntry.objects.filter(user=user), "workspace__name", "action", "subject", "at", "address"),
    }


def _rows(found: Any, *names: str) -> list[dict[str, Any]]:
    rows = list(found.values(*names))
    return [{k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()} for row in rows]


def erase(user: User) -> None:
    """Delete the account and its sign-in means; audit entries stay without name and address. Raises LastOwner."""
    with transaction.atomic():
        for one in Member.objects.filter(user=user, role=Role.OWNER).select_related("workspace"):
            if not Member.objects.filter(workspace=one.workspace, role=Role.OWNER).exclude(pk=one.pk).exists():
                raise LastOwner(one.workspace.name)
        Session.objects.filter(pk__in=UserSession.objects.filter(user=user).values("session_key")).delete()
        AuditEntry.objects.filter(user=user).update(actor="-", address=None)
        AuditEntry.objects.filter(subject=user.email).update(subject="-")
        Invitation.objects.filter(email=user.email).delete()
        user.delete()
