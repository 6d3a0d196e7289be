"""Step 4: change a member's role, remove a member, leave. Before: invite.py. After: close.py."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from masthead.workspaces.audit import record
from masthead.workspaces.models import ApiToken, Invitation, Member, Workspace
from masthead.workspaces.roles import RANK, May, Role, allows


class Refusal(Exception):
    """A change that may not be made; the text tells the person why, and what to do instead."""


def may_give(actor: Member, role: str) -> bool:
    """Nobody gives more than they have: only owners make owners."""
    return role in RANK and RANK[role] <= RANK[actor.role]


def change_role(who: object, actor: Member, member_id: int, role: str) -> Member:
    """Give a member another role; raises Refusal for the last owner and above the actor's own role."""
    with transaction.atomic():
        member = _locked(actor.workspace, member_id)
        _check_reach(actor, member)
        if not may_give(actor, role):
            raise Refusal(_("You cannot give a role above your own. Ask an owner to do it."))
        if member.role == Role.OWNER and role != Role.OWNER:
            _check_other_owner(member)
        before, member.role = member.role, role
        member.save(update_fields=["role"])
        _withdraw_invitations(
            member, [one for one in RANK if allows(role, May.MANAGE_MEMBERS) and may_give(member, one)]
        )
        record(who, actor.workspace, "member.change_role", member.user.email, before=before, after=role)
        return member


def remove(who: object, actor: Member, member_id: int) -> Member:
    """End a membership, one's own included. Access, API tokens here and open invitations by the member end at once."""
    with transaction.atomic():
        member = _locked(actor.workspace, member_id)
        if member.pk != actor.pk:
            _check_reach(actor, member)
        if member.role == Role.OWNER:
            _check_other_owner(member)
        ApiToken.objects.filter(workspace=actor.workspace, user=member.user).delete()
        _withdraw_invitations(member, [])
        record(who, actor.workspace, "member.remove", member.user.email, role=member.role)
        member.delete()
        return member


def _withdraw_invitations(member: Member, may_still_give: list[str]) -> None:
    """Delete the person's open invitations to roles they may no longer give: a link kept back would be a way back in."""
    sent = Invitation.objects.filter(workspace_id=member.workspace_id, invited_by=member.user, accepted_at=None)
    sent.exclude(role__in=may_still_give).delete()


def _locked(workspace: Workspace, member_id: int) -> Member:
    """The member, with the workspace's row locked, so that two owners cannot remove each other at once."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    return Member.objects.select_related("user").get(workspace=workspace, pk=member_id)


def _check_reach(actor: Member, member: Member) -> None:
    if RANK[member.role] > RANK[actor.role]:
        raise Refusal(_("Only an owner can change or remove an owner."))


def _check_other_owner(member: Member) -> None:
    others = Member.objects.filter(workspace=member.workspace, role=Role.OWNER).exclude(pk=member.pk)
    if not others.exists():
        raise Refusal(_("This is the last owner. Make somebody else an owner first."))
