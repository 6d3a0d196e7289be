"""The page of members: roles, removal, invitations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from masthead.kit.clock import now
from masthead.workspaces import invite, members
from masthead.workspaces.access import member_view
from masthead.workspaces.forms import InviteForm, roles_to_give
from masthead.workspaces.members import Refusal
from masthead.workspaces.models import Invitation, Member
from masthead.workspaces.roles import May, Role


@require_safe
@member_view(May.SEE)
def member_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is in, as what; invitations for those who manage members."""
    return _page(request)


def _page(request: HttpRequest, form: InviteForm | None = None, link: str = "", status: int = 200) -> HttpResponse:
    order = {role: place for place, role in enumerate(Role)}
    rows = Member.objects.filter(workspace=request.workspace).select_related("user").order_by("pk")
    context: dict[str, Any] = {
        "members": sorted(rows, key=lambda row: order[row.role]),
        "roles": roles_to_give(request.member),
        "form": form or InviteForm(member=request.member),
        "link": link,
        "now": now(),
        "invitations": invite.open_invitations(request.workspace).select_related("invited_by").order_by("-created_at"),
    }
    return render(request, "workspaces/members.html", context, status=status)


@require_POST
@never_cache
@member_view(May.MANAGE_MEMBERS)
def send_invitation(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite; the answer shows the link, once."""
    form = InviteForm(request.POST, member=request.member)
    if form.is_valid():
        try:
            row, link = invite.invite(
                request, request.member, form.cleaned_data["email"], form.cleaned_data["role"], now()
            )
        except Refusal as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%s is invited.") % row.email)
            return _page(request, link=link)
    return _page(request, form, status=422)


@require_POST
@never_cache
@member_view(May.MANAGE_MEMBERS)
def resend_invitation(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    """A new link for an open invitation."""
    try:
        row, link = invite.resend(request, request.member, invitation_id, now())
    except Invitation.DoesNotExist:
        raise Http404 from None
    except Refusal as error:
        messages.error(request, str(error))
        return redirect("workspaces:members", slug)
    messages.success(request, _("A new invitation goes to %s. The earlier link no longer works.") % row.email)
    return _page(request, link=link)


@require_POST
@member_view(May.MANAGE_MEMBERS)
def revoke_invitation(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    try:
        row = invite.revoke(request, request.member, invitation_id)
    except Invitation.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The invitation to %s no longer works.") % row.email)
    return redirect("workspaces:members", slug)


@require_POST
@member_view(May.MANAGE_MEMBERS)
def change_role(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """Give a member another role."""
    try:
        row = members.change_role(request, request.member, member_id, request.POST.get("role", ""))
        messages.success(
            request, _("%(person)s is now %(role)s.") % {"person": row.user, "role": row.get_role_display()}
        )
    except Member.DoesNotExist:
        raise Http404 from None
    except Refusal as error:
        messages.error(request, str(error))
    return redirect("workspaces:members", slug)


@require_POST
@member_view(May.SEE)
def remove(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """Remove a member; everybody may remove themselves."""
    if request.member.pk == member_id:
        return _leave(request, slug)
    return _remove(request, slug, member_id)


@member_view(May.MANAGE_MEMBERS)
def _remove(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    try:
        row = members.remove(request, request.member, member_id)
        messages.success(request, _("%s is no longer a member and has no access any more.") % row.user)
    except Member.DoesNotExist:
        raise Http404 from None
    except Refusal as error:
        messages.error(request, str(error))
    return redirect("workspaces:members", slug)


def _leave(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        members.remove(request, request.member, request.member.pk)
    except Refusal as error:
        messages.error(request, str(error))
        return redirect("workspaces:members", slug)
    messages.success(request, _("You have left %s.") % request.workspace)
    return redirect("workspaces:start")
