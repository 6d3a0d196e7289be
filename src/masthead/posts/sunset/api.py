"""Programs' way to ends and exports: read, announce, withdraw, move, export."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from ninja import Router, Schema, Status
from pydantic import AfterValidator, Field

from masthead.channels.hanging import counts
from masthead.channels.models import Channel, Sunset
from masthead.channels.sunset import affected, announce, stage, sunset_name, withdraw
from masthead.connectors import PLATFORMS
from masthead.kit.clock import now
from masthead.kit.text import plain
from masthead.posts.compose import Invalid
from masthead.posts.export.ask import ask_for
from masthead.posts.models import Export
from masthead.posts.sunset.affected import to_move
from masthead.posts.sunset.move_on import Fate
from masthead.posts.sunset.page import target_of
from masthead.posts.sunset.views import move_rows, sunset_of
from masthead.workspaces.api import PUBLISH, READ, Forbidden
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May, allows

router = Router(tags=["sunset"])
MOST = 500
Plain = AfterValidator(plain)


class SunsetIn(Schema):
    """An end to announce. `scope`: platform, server, plan, channel, feature or api_version; `subject` names which one."""

    platform: str = ""
    scope: str = "platform"
    subject: Annotated[str, Plain] = Field("", max_length=200)
    channel: int | None = Field(None, ge=1, lt=2**63)
    ends_at: datetime
    announced_on: date | None = None
    source: Annotated[str, Plain] = Field("", max_length=500)
    note: Annotated[str, Plain] = Field("", max_length=4000)


class CountOut(Schema):
    """Something that hangs on the channels."""

    label: str
    number: int


class SunsetOut(Schema):
    """An end. `stage`: proposed, announced, in_force or withdrawn; `channels` are those it is about."""

    id: int
    name: str
    stage: str
    platform: str
    scope: str
    subject: str
    ends_at: datetime
    announced_on: date | None
    source: str
    note: str
    channels: list[int]
    counts: list[CountOut]


class MoveIn(Schema):
    """To which channel, and which publications; without `publications` all that need another channel."""

    to: int
    publications: list[int] | None = None


class MovedOut(Schema):
    """How many are scheduled there now, became drafts because they do not fit, or go out there anyway; what was in the way."""

    scheduled: int
    draft: int
    there: int
    problems: list[str]


class ExportIn(Schema):
    """Which channels; an empty list means all of the workspace."""

    channels: list[int] = Field(default_factory=list)


class ExportOut(Schema):
    """An export. `state`: waiting, ready or failed; `sha256` is that of the whole file, size in bytes."""

    key: UUID
    state: str
    channels: list[int]
    created_at: datetime
    ready_at: datetime | None
    size: int
    sha256: str
    left_out: list[dict[str, str]]


def _must(request: HttpRequest, what: May) -> None:
    if not allows(request.member.role, what):  # type: ignore[attr-defined]
        raise Forbidden("The role of this token's owner does not allow it: owners and admins may.")


def _out(request: HttpRequest, sunset: Sunset) -> dict[str, Any]:
    touched = affected(sunset, request.workspace)  # type: ignore[attr-defined]
    names = ("id", "platform", "scope", "subject", "ends_at", "announced_on", "source", "note")
    return {name: getattr(sunset, name) for name in names} | {
        "name": sunset_name(sunset),
        "stage": stage(sunset, now()),
        "channels": [one.pk for one in touched],
        "counts": [{"label": one.label, "number": one.number} for one in counts(sunset, touched)],
    }


@router.get("/sunsets", response=list[SunsetOut], auth=READ)
def sunsets(request: HttpRequest) -> list[dict[str, Any]]:
    """All ends of the workspace, withdrawn ones too."""
    rows = Sunset.objects.filter(workspace=request.workspace).select_related("channel")  # type: ignore[attr-defined]
    return [_out(request, one) for one in rows]


@router.post("/sunsets", response={201: SunsetOut}, auth=PUBLISH)
def announce_one(request: HttpRequest, body: SunsetIn) -> Status:
    """Announce an end. For owners and admins."""
    _must(request, May.CONNECT)
    if body.scope not in Sunset.Scope.values or body.ends_at.tzinfo is None:
        raise Invalid("scope" if body.ends_at.tzinfo else "ends_at", "This is not a scope, or the time has no offset.")
    if body.channel is None and body.platform not in PLATFORMS:
        raise Invalid("platform", "There is no such platform.")
    fields = body.dict()
    if body.channel is not None:
        found = Channel.objects.filter(workspace=request.workspace, pk=body.channel).first()  # type: ignore[attr-defined]
        if found is None:
            raise Http404("There is no such channel in this workspace.")
        fields |= {"channel": found, "platform": found.platform}
    made = announce(request.workspace, request, now=now(), **fields)  # type: ignore[attr-defined]
    return Status(201, _out(request, made))


@router.get("/sunsets/{sunset_id}", response=SunsetOut, auth=READ)
def one_sunset(request: HttpRequest, sunset_id: int) -> dict[str, Any]:
    """One end with what hangs on it."""
    return _out(request, sunset_of(request, sunset_id))


@router.post("/sunsets/{sunset_id}/withdrawal", response=SunsetOut, auth=PUBLISH)
def withdraw_one(request: HttpRequest, sunset_id: int) -> dict[str, Any]:
    """Take it back. For owners and admins."""
    _must(request, May.CONNECT)
    sunset = sunset_of(request, sunset_id, own=True)
    withdraw(sunset, request.workspace, request, now=now())  # type: ignore[attr-defined]
    return _out(request, sunset)


@router.post("/sunsets/{sunset_id}/moves", response=MovedOut, auth=PUBLISH)
def move_some(request: HttpRequest, sunset_id: int, body: MoveIn) -> dict[str, Any]:
    """Move what is scheduled after the end to another channel; at most 500 at a time."""
    sunset = sunset_of(request, sunset_id)
    target = target_of(sunset, request.workspace, str(body.to))  # type: ignore[attr-defined]
    if target is None:
        raise Invalid("to", "This channel does not go on.", "Choose a connected channel that has no end.")
    rows = to_move(sunset, affected(sunset, request.workspace))  # type: ignore[attr-defined]
    chosen = [one for one in rows if body.publications is None or one.pk in body.publications]
    fits, missed = move_rows(request, chosen[:MOST], target)
    sums = {str(fate): sum(one.fate is fate for one in fits) for fate in Fate}
    record(request, request.workspace, "sunset.moved", sunset_name(sunset), to=str(target), **sums)  # type: ignore[attr-defined]
    return {**sums, "problems": missed}


@router.get("/exports", response=list[ExportOut], auth=READ)
def exports(request: HttpRequest) -> list[Export]:
    """The latest exports."""
    return list(Export.objects.filter(workspace=request.workspace)[:100])  # type: ignore[attr-defined]


@router.post("/exports", response={202: ExportOut}, auth=PUBLISH)
def export(request: HttpRequest, body: ExportIn) -> Status:
    """Have everything of some channels, or of all, put into one file. For owners and admins."""
    _must(request, May.CONNECT)
    found = list(Channel.objects.filter(workspace=request.workspace, pk__in=body.channels))  # type: ignore[attr-defined]
    if len(found) != len(set(body.channels)):
        raise Http404("There is no such channel in this workspace.")
    row = ask_for(request.workspace, found, now=now(), by=request.user)  # type: ignore[attr-defined]
    record(request, request.workspace, "export.asked", "", export=row.pk)  # type: ignore[attr-defined]
    return Status(202, row)


def _export(request: HttpRequest, key: UUID) -> Export:
    row = Export.objects.filter(workspace=request.workspace, key=key).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404("There is no such export in this workspace.")
    return row


@router.get("/exports/{key}", response=ExportOut, auth=READ)
def one_export(request: HttpRequest, key: UUID) -> Export:
    """How far an export is."""
    return _export(request, key)


@router.get("/exports/{key}/file", auth=PUBLISH)
def export_file(request: HttpRequest, key: UUID) -> FileResponse:
    """The zip. For owners and admins."""
    _must(request, May.CONNECT)
    row = _export(request, key)
    if row.state != Export.State.READY or not default_storage.exists(row.storage_path):
        raise Http404("It is not ready, or not kept any more.")
    record(request, request.workspace, "export.downloaded", row.key.hex, export=row.pk)  # type: ignore[attr-defined]
    return FileResponse(default_storage.open(row.storage_path, "rb"), as_attachment=True, filename="export.zip")
