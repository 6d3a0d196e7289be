"""The audit trail: one line for each thing a person, or a token of theirs, did."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from masthead.workspaces.models import ApiToken, AuditEntry, User, Workspace

SYSTEM = "Masthead"


def record(
    who: HttpRequest | User | ApiToken | None, workspace: Workspace, action: str, subject: object = "", **details: Any
) -> AuditEntry:
    """Write one entry. `who` is the request, a user, a token, or None for Masthead itself; `action` is like "post.scheduled".

    `details` must fit into JSON and hold no secrets. The actor's name is kept as text, so it outlives the user.
    """
    user, actor = _actor(who)
    return AuditEntry.objects.create(
        workspace=workspace,
        user=user,
        actor=actor[:254],
        action=action,
        subject=str(subject)[:200],
        details=details,
        address=address(who) if isinstance(who, HttpRequest) else None,
    )


def _actor(who: HttpRequest | User | ApiToken | None) -> tuple[User | None, str]:
    if isinstance(who, HttpRequest):
        token = getattr(who, "auth", None)
        who = token if isinstance(token, ApiToken) else getattr(who, "user", None)
    if isinstance(who, ApiToken):
        return who.user, f"{who.user.email} ({who.name})"
    if isinstance(who, User) and who.pk:
        return who, who.email
    if who is not None and getattr(who, "is_authenticated", False):
        return who, who.email
    return None, SYSTEM


def address(request: HttpRequest) -> str | None:
    """The caller's address: the proxy's word only where a proxy is set up, and then the last hop it saw."""
    raw = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        raw = request.META.get("HTTP_X_FORWARDED_FOR", raw).rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(raw))
    except ValueError:
        return None
