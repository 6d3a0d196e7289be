"""API tokens: made by a member, shown once, checked on each call, revoked."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from masthead.kit.clock import now
from masthead.workspaces.audit import record
from masthead.workspaces.members import Refusal
from masthead.workspaces.models import ApiToken, Member
from masthead.workspaces.roles import May, allows

SCOPES = ("read", "write", "publish")
NEEDS = {"read": May.SEE, "write": May.WRITE, "publish": May.PUBLISH}
_PREFIX = "mh_"
_USE_NOTED_EVERY = timedelta(minutes=1)


def scopes_for(member: Member) -> list[str]:
    """The scopes a member's role covers."""
    return [scope for scope in SCOPES if allows(member.role, NEEDS[scope])]


def make(
    who: object, member: Member, name: str, scopes: list[str], expires_at: datetime | None
) -> tuple[ApiToken, str]:
    """A new token that acts as the member; returns the row and the raw token, which is not kept."""
    if not scopes or not set(scopes) <= set(scopes_for(member)):
        raise Refusal("scopes")
    raw = _PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        row = ApiToken.objects.create(
            workspace=member.workspace,
            user=member.user,
            name=name,
            prefix=raw[:10],
            token_hash=_hash(raw),
            scopes=[scope for scope in SCOPES if scope in scopes],
            expires_at=expires_at,
        )
        record(who, member.workspace, "token.make", name, scopes=", ".join(row.scopes))
    return row, raw


def authenticate(raw: str, at: datetime | None = None) -> ApiToken | None:
    """The live token: not revoked or expired, its user active and still a member. Notes its use about once a minute."""
    at = at or now()
    row = ApiToken.objects.select_related("user", "workspace").filter(token_hash=_hash(raw), revoked_at=None).first()
    if row is None or (row.expires_at and row.expires_at <= at) or not row.user.is_active:
        return None
    if not Member.objects.filter(workspace=row.workspace, user=row.user).exists():
        return None
    if row.used_at is None or row.used_at < at - _USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(used_at=at)
    return row


def revoke(who: object, member: Member, token_id: int, at: datetime) -> ApiToken:
    """End a token at once. Members revoke their own; those who manage members revoke any. ApiToken.DoesNotExist else."""
    rows = ApiToken.objects.filter(workspace=member.workspace, revoked_at=None)
    if not allows(member.role, May.MANAGE_MEMBERS):
        rows = rows.filter(user=member.user)
    row = rows.get(pk=token_id)
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    record(who, member.workspace, "token.revoke", row.name)
    return row


def _hash(raw: str) -> str:
    """Tokens are long and random, so a plain hash is enough."""
    return hashlib.sha256(raw.encode()).hexdigest()
