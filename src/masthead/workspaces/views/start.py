"""Pages before and between workspaces: the way in, the first visit, another workspace."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from masthead.workspaces.access import LAST
from masthead.workspaces.begin import AlreadyBegun, begin, begun
from masthead.workspaces.create import create_workspace
from masthead.workspaces.forms import WelcomeForm, WorkspaceForm
from masthead.workspaces.models import Member, User


@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """`/`: to the workspace of the last visit, else the oldest; to welcome, or to sign-in, where those come first."""
    if not request.user.is_authenticated:
        return redirect("account_login" if begun() else "workspaces:welcome")
    rows = Member.objects.filter(user=request.user).select_related("workspace").order_by("pk")
    slugs = [row.workspace.slug for row in rows]
    if not slugs:
        return redirect("workspaces:new")
    last = request.session.get(LAST)
    return redirect(f"/w/{last if last in slugs else slugs[0]}/")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The first visit: make the owner's account and the first workspace. Afterwards this page leads to `/`."""
    if begun():
        return redirect("workspaces:start")
    form = WelcomeForm(request.POST or None, initial={"language": get_language(), "time_zone": "UTC"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            workspace = begin(given.pop("email"), given.pop("password"), **given)
        except AlreadyBegun:
            return redirect("workspaces:start")
        owner = User.objects.get(memberships__workspace=workspace)
        login(request, owner, backend="django.contrib.auth.backends.ModelBackend")
        return redirect(f"/w/{workspace.slug}/")
    return render(request, "workspaces/welcome.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Make another workspace."""
    initial = {"language": get_language(), "time_zone": request.user.time_zone or "UTC"}
    form = WorkspaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        workspace = create_workspace(request.user, given.pop("workspace"), **given)
        return redirect(f"/w/{workspace.slug}/")
    return render(request, "workspaces/new.html", {"form": form}, status=422 if form.errors else 200)
