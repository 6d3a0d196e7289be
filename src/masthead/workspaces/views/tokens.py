"""The page of API tokens."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from masthead.kit.clock import now
from masthead.workspaces import tokens
from masthead.workspaces.access import member_view
from masthead.workspaces.forms import TokenForm
from masthead.workspaces.models import ApiToken
from masthead.workspaces.roles import May, allows


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(May.SEE)
def token_list(request: HttpRequest, slug: str) -> HttpResponse:
    """One's tokens (those who manage members see all). A new one is shown once, in the answer to the POST."""
    form = TokenForm(request.POST or None, member=request.member)
    raw = ""
    if request.method == "POST" and form.is_valid():
        lasts = form.lasts()
        _row, raw = tokens.make(
            request,
            request.member,
            form.cleaned_data["name"],
            form.cleaned_data["scopes"],
            now() + lasts if lasts else None,
        )
        form = TokenForm(member=request.member)
    rows = (
        ApiToken.objects.filter(workspace=request.workspace, revoked_at=None)
        .select_related("user")
        .order_by("-created_at")
    )
    if not allows(request.member.role, May.MANAGE_MEMBERS):
        rows = rows.filter(user=request.user)
    context = {"form": form, "tokens": rows, "raw": raw, "now": now()}
    return render(request, "workspaces/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@member_view(May.SEE)
def revoke(request: HttpRequest, slug: str, token_id: int) -> HttpResponse:
    """End a token."""
    try:
        row = tokens.revoke(request, request.member, token_id, now())
    except ApiToken.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The token “%s” no longer works.") % row.name)
    return redirect("workspaces:tokens", slug)
