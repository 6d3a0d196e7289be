"""The page of a workspace's settings, and its end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from masthead.workspaces.access import member_view
from masthead.workspaces.audit import record
from masthead.workspaces.close import delete_workspace
from masthead.workspaces.forms import SettingsForm
from masthead.workspaces.members import Refusal
from masthead.workspaces.models import Workspace
from masthead.workspaces.roles import May


@member_view(May.MANAGE_WORKSPACE)
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Name, time zone, language, lateness, review."""
    workspace = Workspace.objects.get(pk=request.workspace.pk)
    form = SettingsForm(request.POST or None, instance=workspace)
    if request.method == "POST" and form.is_valid():
        before = {name: getattr(request.workspace, name) for name in form.changed_data}
        form.save()
        record(
            request,
            workspace,
            "workspace.change",
            workspace,
            before=before,
            after={name: form.cleaned_data[name] for name in form.changed_data},
        )
        messages.success(request, _("The settings are saved."))
        return redirect("workspaces:settings", slug)
    return render(request, "workspaces/settings.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@member_view(May.DELETE_WORKSPACE)
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Delete the workspace for good."""
    try:
        delete_workspace(request.workspace, request.POST.get("name", ""))
    except Refusal as error:
        messages.error(request, str(error))
        return redirect("workspaces:settings", slug)
    messages.success(request, _("The workspace %s and everything in it is deleted.") % request.workspace)
    return redirect("workspaces:start")
