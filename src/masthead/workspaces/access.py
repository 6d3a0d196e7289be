"""Who may come in: every page of a workspace goes through member_view, every API call through require_member."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from masthead.workspaces.middleware import activate
from masthead.workspaces.models import Member, User
from masthead.workspaces.roles import May, Role, allows

View = Callable[..., HttpResponse]
LAST = "workspace"


def require_member(user: User, slug: str) -> Member:
    """The user's membership with its workspace loaded; Http404 for strangers and for workspaces that do not exist."""
    found = (
        Member.objects.select_related("workspace").filter(workspace__slug=slug, user=user, user__is_active=True).first()
    )
    if found is None:
        raise Http404("no such workspace")
    return found


def member_view(what: May) -> Callable[[View], View]:
    """Wrap `view(request, slug, ...)`: sign-in for anonymous, 404 for strangers, a 403 page for members who may not.

    Sets `request.workspace` and `request.member`, and the time zone and language.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                # A part of a page that asks by itself must not be given the sign-in page in its place.
                part = request.headers.get("HX-Request") == "true"
                return HttpResponse(status=401) if part else redirect_to_login(request.get_full_path())
            member = require_member(request.user, slug)
            request.member, request.workspace = member, member.workspace
            activate(request.user, member.workspace)
            if request.session.get(LAST) != slug:
                request.session[LAST] = slug
            if not allows(member.role, what):
                return refused(request, what)
            return view(request, slug, *args, **kwargs)

        guarded.needs = what
        return guarded

    return wrap


def refused(request: HttpRequest, what: May) -> HttpResponse:
    """The page for a member whose role does not allow it: says so and names who could help."""
    roles = [role for role in Role if allows(role, what)]
    able = Member.objects.filter(workspace=request.workspace, role__in=roles).select_related("user")
    return render(
        request, "workspaces/refused.html", {"role": request.member.get_role_display(), "able": able[:5]}, status=403
    )
