"""Pages: the imports of a workspace, one of them while it runs, and what people may do with it. Uploads come in pieces."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from masthead.contract.errors import ConnectorError, Refused
from masthead.kit.clock import now
from masthead.media.limits import MARK
from masthead.rights.archive.imports import ask, page, pieces
from masthead.rights.archive.imports.remove import remove as remove_import
from masthead.rights.models import Import
from masthead.workspaces.access import member_view
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May

SHOWN = 100


def import_of(request: HttpRequest, import_id: int) -> Import:
    """An import of the request's workspace; 404 for another workspace's."""
    found = (
        ask.imports(request.workspace).select_related("workspace", "asked_by", "channel").filter(pk=import_id).first()
    )
    if found is None:
        raise Http404("There is no such import in this workspace.")
    return found


@member_view(May.SEE)
@require_GET
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """All imports, the form to begin one, and how to get each platform's export."""
    standings = [page.standing(one) for one in ask.imports(request.workspace).select_related("asked_by")[:SHOWN]]
    return render(
        request,
        "rights/imports/overview.html",
        {
            "standings": standings,
            "moving": any(one.moving for one in standings),
            "guides": page.guides(),
            "limit": settings.IMPORT_BYTES,
            "at_once": settings.MAX_UPLOAD_BYTES,
        },
    )


@member_view(May.SEE)
@require_GET
def show(request: HttpRequest, slug: str, import_id: int) -> HttpResponse:
    """One import: how far it is, what it found, what was wrong."""
    return render(request, "rights/imports/show.html", {"one": page.standing(import_of(request, import_id))})


@member_view(May.CONNECT)
@require_POST
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """A whole file at once, for browsers without scripts; limited as any other upload is."""
    file = request.FILES.get("file")
    if file is None or request.META.get(MARK):
        large = _("The file is too large to be sent without JavaScript.")
        messages.error(request, large if request.META.get(MARK) else _("No file was chosen."))
        return redirect("rights:imports", slug)
    try:
        row = ask.begin(request.workspace, request.user, file.name or "", file.size or 0, now=now())
        for number, data in enumerate(file.chunks(pieces.PIECE)):
            row = ask.take_piece(row, number, data)
    except ConnectorError as error:
        messages.error(request, f"{error.message} {error.remedy}")
        return redirect("rights:imports", slug)
    record(request, request.workspace, "import.begun", row.name, **{"import": row.pk})
    return redirect("rights:import", slug, row.pk)


@member_view(May.CONNECT)
@require_POST
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that a file comes in pieces; the answer says which piece is wanted first, and how large pieces are."""
    try:
        told = json.loads(request.body)
        name, size = str(told["name"]), int(told["size"])
    except (ValueError, LookupError, TypeError, RecursionError, OverflowError):
        return JsonResponse({"detail": _("No file was chosen."), "remedy": ""}, status=400)
    try:
        row = ask.begin(request.workspace, request.user, name, size, now=now())
    except Refused as error:
        return JsonResponse({"detail": error.message, "remedy": error.remedy}, status=400)
    if not row.done:
        record(request, request.workspace, "import.begun", row.name, **{"import": row.pk})
    return JsonResponse(_progress(row), status=201)


@member_view(May.CONNECT)
@require_POST
def piece(request: HttpRequest, slug: str, import_id: int, number: int) -> HttpResponse:
    """One piece, as the request's body."""
    row = import_of(request, import_id)
    data = pieces.body(request.read)
    try:
        return JsonResponse(_progress(ask.take_piece(row, number, data)))
    except Refused as error:
        return JsonResponse(_progress(row) | {"detail": error.message, "remedy": error.remedy}, status=409)
    except ConnectorError as error:
        return JsonResponse(_progress(row) | {"detail": error.message, "remedy": error.remedy}, status=503)


def _progress(row: Import) -> dict[str, Any]:
    return {"id": row.pk, "next": ask.next_piece(row), "piece": pieces.PIECE, "done": row.done, "size": row.size}


@member_view(May.CONNECT)
@require_POST
def stop(request: HttpRequest, slug: str, import_id: int) -> HttpResponse:
    """Stop it; what was read stays."""
    row = import_of(request, import_id)
    if ask.stop(row, now=now()):
        record(request, request.workspace, "import.stopped", row.name, **{"import": row.pk})
        messages.success(request, _("Stopped. What was read stays, and it can go on."))
    return redirect("rights:import", slug, row.pk)


@member_view(May.CONNECT)
@require_POST
def go_on(request: HttpRequest, slug: str, import_id: int) -> HttpResponse:
    """Go on where it stopped."""
    row = import_of(request, import_id)
    if ask.go_on(row, now=now()):
        record(request, request.workspace, "import.gone_on", row.name, **{"import": row.pk})
    else:
        messages.warning(
            request, _("There is nothing to go on with. Upload the archive again; what is there is not doubled.")
        )
    return redirect("rights:import", slug, row.pk)


@member_view(May.CONNECT)
@require_POST
def remove(request: HttpRequest, slug: str, import_id: int) -> HttpResponse:
    """Remove it with the records it brought in."""
    row = import_of(request, import_id)
    ask.stop(row, now=now())
    name, removed = row.name, remove_import(row)
    record(request, request.workspace, "import.removed", name, records=removed.number, on_hold=removed.on_hold)
    messages.success(
        request,
        ngettext("%(n)s record was removed.", "%(n)s records were removed.", removed.number) % {"n": removed.number},
    )
    if removed.on_hold:
        messages.warning(request, _on_hold(removed.on_hold))
    return redirect("rights:imports", slug)


def _on_hold(number: int) -> str:
    """What is said of records that stay."""
    words = ngettext(
        "%(n)s record is on hold and stays, and the import with it. Lift the hold under People, then remove it again.",
        "%(n)s records are on hold and stay, and the import with them. Lift the hold under People, then remove it again.",
        number,
    )
    return words % {"n": number}
