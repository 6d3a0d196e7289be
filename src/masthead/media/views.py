"""Pages and answers of the media library. The composer reads JSON; without a script the same addresses lead back to the page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from masthead.contract.errors import ConnectorError, Refused
from masthead.kit.clock import now
from masthead.kit.text import plain
from masthead.media import keep
from masthead.media.describe import LONGEST, describe
from masthead.media.discard import discard
from masthead.media.formats import FORMATS, TAKEN
from masthead.media.from_url import store_from_url
from masthead.media.limits import MARK
from masthead.media.models import Asset, Rendition
from masthead.media.queries import as_json, assets, search
from masthead.media.render import thumbnail
from masthead.media.upload import store, too_large
from masthead.workspaces.access import member_view
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May, allows

PAGE = 48


@member_view(May.SEE)
@require_GET
def library(request: HttpRequest, slug: str) -> HttpResponse:
    """The grid of files, with search by name and description."""
    words, kind = plain(request.GET.get("q", "")).strip()[:200], request.GET.get("kind", "")
    page = Paginator(search(request.workspace, words, kind), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "media/library.html",
        {
            "page": page,
            "words": words,
            "kind": kind,
            "kinds": Asset.Kind.choices,
            "taken": TAKEN,
            "accept": ",".join(FORMATS),
            "limit": settings.MAX_UPLOAD_BYTES,
            "may_write": allows(request.member.role, May.WRITE),
        },
    )


@member_view(May.WRITE)
@require_POST
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one file (the answer is the asset) or several (the answer is {"files": [asset or error, ...]})."""
    answers = [_stored(request, file) for file in request.FILES.getlist("file")]
    if request.META.get(MARK):
        answers.append((problem(too_large(settings.MAX_UPLOAD_BYTES)), 413))
    if not answers:
        missing = Refused(_("No file was chosen."), field="file", remedy=_("Choose a file."))
        answers.append((problem(missing), 400))
    return _answered(request, answers)


@member_view(May.WRITE)
@require_POST
def from_url(request: HttpRequest, slug: str) -> HttpResponse:
    """Fetch a file from a public address."""
    try:
        asset = store_from_url(request.workspace, request.user, request.POST.get("url", ""))
    except ConnectorError as error:
        return _answered(request, [(problem(error, field="url"), 400 if isinstance(error, Refused) else 502)])
    return _answered(request, [(_added(request, asset), 201)])


@member_view(May.SEE)
@require_GET
def show(request: HttpRequest, slug: str, asset_id: int) -> HttpResponse:
    """One file with its facts and its description."""
    asset = get_object_or_404(assets(request.workspace).select_related("uploaded_by"), pk=asset_id)
    return _page(request, asset, asset.alt)


@member_view(May.WRITE)
@require_POST
def description(request: HttpRequest, slug: str, asset_id: int) -> HttpResponse:
    """Change the description; what was typed is kept where it is too long."""
    asset = get_object_or_404(assets(request.workspace), pk=asset_id)
    alt = request.POST.get("alt", "")
    try:
        describe(asset, alt)
    except Refused as error:
        return JsonResponse(problem(error), status=400) if wants_json(request) else _page(request, asset, alt, error)
    return _described(request, asset)


def _page(request: HttpRequest, asset: Asset, alt: str, error: Refused | None = None) -> HttpResponse:
    return render(
        request,
        "media/show.html",
        {
            "asset": asset,
            "alt": alt,
            "error": error,
            "may_write": allows(request.member.role, May.WRITE),
            "longest": LONGEST,
            "json": as_json(asset),
        },
        status=400 if error else 200,
    )


def _described(request: HttpRequest, asset: Asset) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(as_json(asset))
    messages.success(request, _("The description is saved."))
    return redirect("media:show", request.workspace.slug, asset.pk)


@member_view(May.WRITE)
@require_POST
def delete(request: HttpRequest, slug: str, asset_id: int) -> HttpResponse:
    """Take a file out of the library, unless an unpublished post uses it."""
    asset = get_object_or_404(assets(request.workspace), pk=asset_id)
    try:
        discard(asset, now=now())
    except Refused as error:
        if wants_json(request):
            return JsonResponse(problem(error), status=409)
        messages.error(request, f"{error.message} {error.remedy}")
        return redirect("media:show", slug, asset.pk)
    record(request, request.workspace, "media.deleted", asset.file_name, asset=asset.pk)
    if wants_json(request):
        return HttpResponse(status=204)
    messages.success(request, _("“%s” is deleted.") % asset.file_name)
    return redirect("media:library", slug)


@member_view(May.SEE)
@require_GET
def file(request: HttpRequest, slug: str, asset_id: int) -> HttpResponse:
    """The file itself, for members only."""
    asset = get_object_or_404(assets(request.workspace), pk=asset_id)
    download = "download" in request.GET or asset.kind == Asset.Kind.DOCUMENT
    return _served(asset, asset.file_name, download=download)


@member_view(May.SEE)
@require_GET
def thumb(request: HttpRequest, slug: str, asset_id: int) -> HttpResponse:
    """A small picture of the file; 404 where there is none."""
    asset = get_object_or_404(assets(request.workspace), pk=asset_id)
    try:
        small = thumbnail(asset)
    except (FileNotFoundError, ConnectorError):
        small = None
    if small is None:
        raise Http404
    return _served(small, "thumbnail.webp")


def _served(one: Asset | Rendition, name: str, *, download: bool = False) -> HttpResponse:
    """The bytes, with headers that keep a browser from running anything in them."""
    try:
        content = keep.opened(one.storage_path)
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(content, content_type=one.mime, filename=name, as_attachment=download)
    answer["Content-Length"] = str(one.size)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, max-age=86400"
    answer["ETag"] = f'"{one.sha256}"'
    return answer


def _stored(request: HttpRequest, incoming: Any) -> tuple[dict[str, Any], int]:
    try:
        asset = store(request.workspace, request.user, incoming, incoming.name or "")
    except ConnectorError as error:
        return problem(error) | {"name": str(incoming.name)[:200]}, 400
    return _added(request, asset), 201


def _added(request: HttpRequest, asset: Asset) -> dict[str, Any]:
    record(request, request.workspace, "media.added", asset.file_name, asset=asset.pk)
    return dict(as_json(asset))


def problem(error: ConnectorError, *, field: str = "file") -> dict[str, Any]:
    """A refusal as the composer reads it."""
    return {
        "title": _("The file was not taken"),
        "detail": error.message,
        "field": error.field or field,
        "remedy": error.remedy,
    }


def wants_json(request: HttpRequest) -> bool:
    """True for scripts: they accept JSON and not HTML."""
    return "text/html" not in request.headers.get("Accept", "") or "HX-Request" in request.headers


def _answered(request: HttpRequest, answers: list[tuple[dict[str, Any], int]]) -> HttpResponse:
    if not wants_json(request):
        for body, status in answers:
            if status == 201:
                messages.success(request, _("“%s” is in the library.") % body["name"])
            else:
                about = f"{body['name']}: " if "name" in body else ""
                messages.error(request, f"{about}{body['detail']} {body['remedy']}")
        return redirect("media:library", request.workspace.slug)
    if len(answers) == 1:
        return JsonResponse(answers[0][0], status=answers[0][1])
    return JsonResponse({"files": [body for body, _status in answers]}, status=max(status for _body, status in answers))
