"""Programs' way to the archive: the timeline with its filters, one thing, and copies."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from ninja import Router, Schema, Status

from masthead.kit.clock import now
from masthead.rights.archive import origins
from masthead.rights.archive.asked import tidied
from masthead.rights.archive.export.ask import ask_for
from masthead.rights.archive.export.views import export_of, zipped
from masthead.rights.archive.shelves import place_from, timeline
from masthead.rights.archive.views import sees_messages
from masthead.rights.archive.wanted import Wanted
from masthead.rights.items import Item
from masthead.rights.made import is_held
from masthead.rights.models import ArchiveExport
from masthead.workspaces.api import PUBLISH, READ, Forbidden
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May, allows

router = Router(tags=["archive"])
MOST = 100


class ItemOut(Schema):
    """A thing of the archive. `id` begins with its shelf: imported, published or read; `others` are the same post on other shelves.

    `kind`: own_post, others_post, message, reaction, profile or ad_metrics. `obtained_via`: own, export, api or federation.
    """

    id: str
    platform: str
    channel: int | None
    kind: str
    author: str
    text: str
    url: str
    remote_id: str
    posted_at: datetime
    obtained_via: str
    obtained_at: datetime
    terms_version: str
    preference: dict[str, Any]
    gone_at: datetime | None
    media: list[dict[str, Any]]
    reply_to: str
    language: str
    others: list[str]


class PageOut(Schema):
    """Some things, newest first; send `after` again for those that follow, it is empty at the end."""

    items: list[ItemOut]
    after: str


class CopyIn(Schema):
    """What to copy; what is left out does not limit. Times with their offset; `end` is the first moment after."""

    q: str = ""
    channel: int | None = None
    platform: str = ""
    account: str = ""
    kind: str = ""
    shelf: str = ""
    start: datetime | None = None
    end: datetime | None = None
    media: bool = False
    gone: bool | None = None


class CopyOut(Schema):
    """A copy: one zip. `state`: waiting, ready or failed; `done` things are written."""

    key: UUID
    state: str
    wanted: dict[str, Any]
    done: int
    size: int
    sha256: str
    left_out: list[dict[str, str]]
    created_at: datetime
    ready_at: datetime | None


def _out(item: Item) -> dict[str, Any]:
    names = [name for name in ItemOut.model_fields if name not in ("channel", "media")]
    return {name: getattr(item, name) for name in names} | {"channel": item.channel_id, "media": item.told_media}


def _wanted(request: HttpRequest, body: CopyIn) -> Wanted:
    given = body.dict(exclude={"q"})
    return tidied(Wanted(words=body.q, private=sees_messages(request), **given))


@router.get("/archive", response=PageOut, auth=READ)
def archive(
    request: HttpRequest,
    q: str = "",
    channel: int | None = None,
    platform: str = "",
    account: str = "",
    kind: str = "",
    shelf: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
    media: bool = False,
    gone: bool | None = None,
    after: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """Everything, newest first, each post once; `q` searches. Messages are for owners and admins."""
    wanted = CopyIn(
        q=q, channel=channel, platform=platform, account=account, kind=kind, shelf=shelf, start=start, end=end,
        media=media, gone=gone,
    )  # fmt: skip
    workspace = request.workspace  # type: ignore[attr-defined]
    page = timeline(workspace, _wanted(request, wanted), place_from(after), min(max(limit, 1), MOST))
    items = origins.with_others(workspace, page.items)
    return {"items": [_out(one) for one in items], "after": str(page.after) if page.after else ""}


@router.get("/archive/{item_id}", response=ItemOut, auth=READ)
def one(request: HttpRequest, item_id: str) -> dict[str, Any]:
    """One thing with its origin."""
    try:
        return _out(origins.item(request.workspace, item_id, private=sees_messages(request)))  # type: ignore[attr-defined]
    except LookupError:
        raise Http404("There is no such thing in this workspace.") from None


@router.get("/archive-copies", response=list[CopyOut], auth=READ)
def copies(request: HttpRequest) -> list[ArchiveExport]:
    """The latest copies."""
    return list(ArchiveExport.objects.filter(workspace=request.workspace)[:MOST])  # type: ignore[attr-defined]


@router.get("/archive-copies/{copy_key}", response=CopyOut, auth=READ)
def one_copy(request: HttpRequest, copy_key: UUID) -> ArchiveExport:
    """How far a copy is."""
    return export_of(request, copy_key)


def _must(request: HttpRequest) -> None:
    if not allows(request.member.role, May.CONNECT):  # type: ignore[attr-defined]
        raise Forbidden("Copies of the archive are for owners and admins.")


@router.post("/archive-copies", response={202: CopyOut}, auth=PUBLISH)
def copy(request: HttpRequest, body: CopyIn) -> Status[ArchiveExport]:
    """Have what is wanted put into one file. For owners and admins."""
    _must(request)
    row = ask_for(request.workspace, _wanted(request, body), now=now(), by=request.user)  # type: ignore[attr-defined, arg-type]
    record(request, request.workspace, "archive.export_asked", "", export=row.pk)  # type: ignore[attr-defined]
    return Status(202, row)


@router.get("/archive-copies/{copy_key}/file", auth=PUBLISH)
def copy_file(request: HttpRequest, copy_key: UUID) -> FileResponse:
    """The zip. For owners and admins."""
    _must(request)
    row = export_of(request, copy_key)
    if row.state != ArchiveExport.State.READY or is_held(row) or not default_storage.exists(row.storage_path):
        raise Http404("It is not ready, not kept any more, or somebody was put on hold since: ask for a new one.")
    record(request, request.workspace, "archive.export_downloaded", row.key.hex, export=row.pk)  # type: ignore[attr-defined]
    return zipped(row, "archive.zip")
