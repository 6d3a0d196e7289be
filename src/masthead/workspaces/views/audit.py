"""The page of the audit trail."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from masthead.kit.text import plain
from masthead.workspaces.access import member_view
from masthead.workspaces.models import AuditEntry
from masthead.workspaces.roles import May

PAGE = 50


@require_safe
@member_view(May.MANAGE_WORKSPACE)
def audit(request: HttpRequest, slug: str) -> HttpResponse:
    """Who did what, newest first, by person and by action."""
    rows = AuditEntry.objects.filter(workspace=request.workspace)
    actors = rows.order_by("actor").values_list("actor", flat=True).distinct()
    actions = rows.order_by("action").values_list("action", flat=True).distinct()
    person, action = plain(request.GET.get("person", "")), plain(request.GET.get("action", ""))
    found = rows.filter(**({"actor": person} if person else {}), **({"action": action} if action else {}))
    return render(
        request,
        "workspaces/audit.html",
        {
            "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
            "actors": actors,
            "actions": actions,
            "person": person,
            "action": action,
        },
    )
