"""Programs' way to the media library."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile

from masthead.media.describe import describe as set_description
from masthead.media.models import Asset
from masthead.media.upload import store
from masthead.workspaces.api import READ, WRITE
from masthead.workspaces.audit import record

router = Router(tags=["media"])


class AssetOut(Schema):
    """A file of the library; times in seconds, sizes in bytes and pixels."""

    id: int
    kind: str
    mime: str
    size: int
    width: int
    height: int
    seconds: float
    file_name: str
    alt: str
    sha256: str


class AltIn(Schema):
    """A description for people who cannot see it."""

    alt: str


def _asset(request: HttpRequest, asset_id: int) -> Asset:
    found = Asset.objects.filter(workspace=request.workspace, pk=asset_id, deleted_at=None).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404("There is no such file in this workspace.")
    return found


@router.get("/media", response=list[AssetOut], auth=READ)
def assets(request: HttpRequest, limit: int = 50, offset: int = 0) -> list[Asset]:
    """Files, newest first."""
    limit, offset = min(max(limit, 1), 100), min(max(offset, 0), 10**9)
    found = Asset.objects.filter(workspace=request.workspace, deleted_at=None).order_by("-pk")  # type: ignore[attr-defined]
    return list(found[offset : offset + limit])


@router.post("/media", response={201: AssetOut}, auth=WRITE)
def upload(request: HttpRequest, file: File[UploadedFile], alt: str = "") -> Status[Any]:
    """Upload a file; its type is found from its content."""
    asset = store(request.workspace, request.user, file, file.name or "file")  # type: ignore[attr-defined]
    if alt:
        set_description(asset, alt)
    record(request, request.workspace, "media.upload", f"file {asset.pk}")  # type: ignore[attr-defined]
    return Status(201, asset)


@router.get("/media/{asset_id}", response=AssetOut, auth=READ)
def read(request: HttpRequest, asset_id: int) -> Asset:
    """One file's facts."""
    return _asset(request, asset_id)


@router.patch("/media/{asset_id}", response=AssetOut, auth=WRITE)
def describe(request: HttpRequest, asset_id: int, body: AltIn) -> Asset:
    """Change the description."""
    return set_description(_asset(request, asset_id), body.alt)
