"""Open to everybody: a click on an ad, and conversions told by the workspace's server (signed) or by the tag on its pages."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from masthead.campaigns.convert import Told, check_signature, count, known_click, read
from masthead.campaigns.links import visit
from masthead.campaigns.models import TrackedLink
from masthead.contract.errors import Refused
from masthead.kit.clock import now
from masthead.workspaces.models import Workspace

LARGEST = 20_000


@require_GET
def go(request: HttpRequest, token: str) -> HttpResponse:
    """Count a click and lead on. Nothing is set in the browser, and nothing may keep the answer."""
    link = get_object_or_404(TrackedLink.objects.select_related("ad__group__channel"), token=token)
    answer = HttpResponseRedirect(visit(link, request.GET.dict(), request.headers.get("User-Agent", ""), now()))
    answer["Cache-Control"], answer["Referrer-Policy"], answer["X-Robots-Tag"] = "no-store", "no-referrer", "noindex"
    return answer


@csrf_exempt
@require_POST
def server(request: HttpRequest, slug: str) -> HttpResponse:
    """A conversion, signed by the workspace's own server: 201 when it is new, 200 when it was told before."""
    workspace = get_object_or_404(Workspace, slug=slug)
    try:
        body = _body(request)
        stamp, given = request.headers.get("Masthead-Timestamp", ""), request.headers.get("Masthead-Signature", "")
        check_signature(workspace, stamp, given, body, now())
        new = count(workspace, read(_parsed(body)), "server", now())
    except Refused as error:
        return _problem(error, 401 if error.field == "Masthead-Signature" else 422)
    return JsonResponse({"new": new}, status=201 if new else 200)


@csrf_exempt
@require_http_methods(["POST", "OPTIONS"])
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A conversion, told by the tag. Anybody can send one, so it counts only with a click of ours, and without a value."""
    workspace = get_object_or_404(Workspace, slug=slug)
    if request.method == "OPTIONS":
        return _open(HttpResponse(status=204))
    try:
        told = read(_parsed(_body(request)))
        if known_click(workspace, told.click):
            count(workspace, Told(f"page:{told.click}:{told.reference}"[:120], told.click), "page", now())
    except Refused as error:
        return _open(_problem(error, 422))
    return _open(HttpResponse(status=204))


def _body(request: HttpRequest) -> bytes:
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        raise Refused("The message is too large.", field="", remedy="Send one conversion at a time.")
    return bytes(request.body)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("This is not JSON.", field="", remedy='Send {"reference": "..."}.') from None


def _problem(error: Refused, status: int) -> JsonResponse:
    found = {"title": error.message, "field": error.field, "remedy": error.remedy, "status": status}
    return JsonResponse(found, status=status, content_type="application/problem+json")


def _open(answer: HttpResponse) -> HttpResponse:
    answer["Access-Control-Allow-Origin"], answer["Access-Control-Allow-Headers"] = "*", "Content-Type"
    return answer
