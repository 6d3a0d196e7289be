"""Pages: copies of the archive, asking for one, getting it, deleting it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from masthead.kit.clock import now
from masthead.media import bundle
from masthead.rights.archive.asked import restored, wanted_from
from masthead.rights.archive.export.ask import ask_for
from masthead.rights.archive.views import sees_messages
from masthead.rights.archive.wishes import in_words
from masthead.rights.made import is_held
from masthead.rights.models import ArchiveExport
from masthead.workspaces.access import member_view
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May, allows

SHOWN = 50


@member_view(May.SEE)
@require_http_methods(["GET", "POST"])
def exports(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest copies; a POST with the filters of the archive asks for one more."""
    if request.method == "POST":
        return _ask(request)
    rows = list(ArchiveExport.objects.filter(workspace=request.workspace).select_related("asked_by")[:SHOWN])
    context: dict[str, Any] = {
        "rows": [
            {"row": one, "wish": in_words(restored(one.wanted), request.workspace), "held": is_held(one)}
            for one in rows
        ],
        "running": any(one.state == ArchiveExport.State.WAITING for one in rows),
    }
    return render(request, "rights/archive/exports.html", context)


def _ask(request: HttpRequest) -> HttpResponse:
    if not allows(request.member.role, May.CONNECT):
        raise Http404
    wanted = wanted_from(request.POST, private=sees_messages(request))
    row = ask_for(request.workspace, wanted, now=now(), by=request.user)
    record(request, request.workspace, "archive.export_asked", "", export=row.pk, wanted=row.wanted)
    messages.success(request, _("The copy is being made. You may leave this page."))
    return redirect("rights:archive_exports", slug=request.workspace.slug)


def export_of(request: HttpRequest, key: Any) -> ArchiveExport:
    """A copy of the workspace; 404 for another workspace's."""
    row = ArchiveExport.objects.filter(workspace=request.workspace, key=key).first()
    if row is None:
        raise Http404("There is no such copy in this workspace.")
    return row


@member_view(May.CONNECT)
@require_GET
def download(request: HttpRequest, slug: str, key: str) -> HttpResponse | FileResponse:
    """The zip; its SHA-256 is in the header and on the page. None where somebody was put on hold since it was made."""
    row = export_of(request, key)
    if row.state != ArchiveExport.State.READY or is_held(row) or not default_storage.exists(row.storage_path):
        raise Http404
    record(request, request.workspace, "archive.export_downloaded", row.key.hex, export=row.pk)
    return zipped(row, f"archive-{request.workspace.slug}-{row.created_at:%Y-%m-%d}.zip")


def zipped(row: ArchiveExport, name: str) -> FileResponse:
    """The answer that sends the file."""
    answer = FileResponse(default_storage.open(row.storage_path, "rb"), as_attachment=True, filename=name)
    answer["X-Content-SHA256"] = row.sha256
    answer["Cache-Control"] = "private, no-store"
    return answer


@member_view(May.CONNECT)
@require_POST
def delete(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The copy and its file; one that is being made stops."""
    row = export_of(request, key)
    record(request, request.workspace, "archive.export_deleted", row.key.hex, export=row.pk)
    bundle.forget(row)
    messages.success(request, _("The copy is deleted. What is in the archive stays."))
    return redirect("rights:archive_exports", slug=slug)
