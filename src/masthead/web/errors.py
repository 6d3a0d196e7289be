"""Pages for what went wrong. 400, 403, 404 and 500 are plain templates found by name."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or cookies are blocked: say how to keep what was typed."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"detail": _("Reload the page and try again.")}, status=403)
    return render(request, "web/csrf_failure.html", status=403)
