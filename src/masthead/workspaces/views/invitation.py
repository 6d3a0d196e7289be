"""The page behind an invitation's link."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from masthead.kit.clock import now
from masthead.workspaces import invite
from masthead.workspaces.members import Refusal
from masthead.workspaces.models import Invitation
from masthead.workspaces.sign_in import SESSION_KEY


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show who invites where; accept on POST. Visitors without an account are led to make one."""
    row = invite.find(invite.hash_of(token), now())
    if row is None:
        return render(request, "workspaces/invitation_gone.html", status=410)
    if not request.user.is_authenticated:
        request.session[SESSION_KEY] = row.token_hash
    elif request.method == "POST":
        return _accept(request, row, token)
    other = request.user.is_authenticated and request.user.email.lower() != row.email
    return render(request, "workspaces/invitation.html", {"row": row, "token": token, "other": other})


def _accept(request: HttpRequest, row: Invitation, token: str) -> HttpResponse:
    try:
        invite.accept(request, request.user, row, now())
    except Refusal as error:
        messages.error(request, str(error))
        return redirect("workspaces:invitation", token)
    messages.success(request, _("Welcome to %s.") % row.workspace)
    return redirect(f"/w/{row.workspace.slug}/")
