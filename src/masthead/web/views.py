"""Pages of the shell: the home of a workspace."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static

from masthead.web import home as reading
from masthead.workspaces.access import member_view
from masthead.workspaces.roles import May


@member_view(May.SEE)
def home(request: HttpRequest, slug: str) -> HttpResponse:
    """What needs attention, what goes out next, what went out last."""
    space = request.workspace
    return render(
        request,
        "web/home.html",
        {
            "concerns": reading.concerns(space, request.member.role),
            "ahead": reading.ahead(space),
            "published": reading.published(space),
            "summary": reading.summary(space),
            "steps": reading.steps(space),
        },
    )


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address by themselves."""
    return redirect(static("web/favicon.svg"), permanent=True)
