"""Step 2 of a workspace's life: somebody signed in makes one and becomes its owner. Before: begin.py. After: invite.py."""

from __future__ import annotations

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from masthead.workspaces.audit import record
from masthead.workspaces.models import Member, User, Workspace
from masthead.workspaces.roles import Role


def create_workspace(owner: User, name: str, *, time_zone: str = "UTC", language: str = "en") -> Workspace:
    """A new workspace with `owner` as its only member; the slug is made from the name and stays for good."""
    with transaction.atomic():
        workspace = Workspace.objects.create(name=name, slug=_free_slug(name), time_zone=time_zone, language=language)
        Member.objects.create(workspace=workspace, user=owner, role=Role.OWNER)
        record(owner, workspace, "workspace.create", name)
        return workspace


def _free_slug(name: str) -> str:
    """A slug nobody has: the name's own, else with a few random letters. Two at once meet the unique constraint."""
    wanted = slugify(name)[:50].strip("-") or "workspace"
    if not Workspace.objects.filter(slug=wanted).exists():
        return wanted
    return f"{wanted}-{get_random_string(6, 'abcdefghjkmnpqrstuvwxyz23456789')}"
