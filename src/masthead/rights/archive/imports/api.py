"""Programs' way to imports: begin, send pieces, see how it goes, stop, go on, remove."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from masthead.kit.clock import now
from masthead.posts.compose import Invalid
from masthead.rights.archive.imports import ask, pieces
from masthead.rights.archive.imports.remove import remove
from masthead.rights.archive.imports.views import import_of
from masthead.rights.models import Import
from masthead.workspaces.api import PUBLISH, READ, Forbidden
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May, allows

router = Router(tags=["imports"])
MOST = 100


class ImportIn(Schema):
    """The archive's file name and its size in bytes."""

    name: str = Field(min_length=1, max_length=250)
    size: int = Field(ge=1, lt=2**60)


class ProblemOut(Schema):
    """Something of the archive that was left out: which entry, why, and what to do."""

    entry: str
    why: str
    remedy: str


class ImportOut(Schema):
    """An import. `state`: waiting, reading, finished, failed or stopped. `next_piece`: which piece of `piece_size` bytes is wanted.

    `seen` entries were read, `added` of them were new, `troubled` were left out; the first 200 of these are in `problems`.
    """

    id: int
    name: str
    size: int
    state: str
    platform: str
    account: str
    channel: int | None
    seen: int
    added: int
    troubled: int
    problems: list[ProblemOut]
    next_piece: int | None
    piece_size: int
    created_at: datetime
    finished_at: datetime | None


def _out(row: Import) -> dict[str, Any]:
    names = ("name", "size", "state", "platform", "account", "seen", "added", "troubled", "problems")
    return {name: getattr(row, name) for name in (*names, "created_at", "finished_at")} | {
        "id": row.pk,
        "channel": row.channel_id,
        "next_piece": ask.next_piece(row),
        "piece_size": pieces.PIECE,
    }


def _mine(request: HttpRequest, import_id: int) -> Import:
    """For owners and admins: an import of the token's workspace."""
    _must(request)
    return import_of(request, import_id)


def _must(request: HttpRequest) -> None:
    if not allows(request.member.role, May.CONNECT):  # type: ignore[attr-defined]
        raise Forbidden("The role of this token's owner does not allow it: owners and admins may.")


def _note(request: HttpRequest, what: str, row: Import, **more: Any) -> None:
    record(request, request.workspace, what, row.name, **{"import": row.pk}, **more)  # type: ignore[attr-defined]


@router.get("/imports", response=list[ImportOut], auth=READ)
def imports(request: HttpRequest) -> list[dict[str, Any]]:
    """The latest imports."""
    return [_out(one) for one in ask.imports(request.workspace)[:MOST]]  # type: ignore[attr-defined]


@router.post("/imports", response={201: ImportOut}, auth=PUBLISH)
def begin(request: HttpRequest, body: ImportIn) -> Status:
    """Begin an import; send its pieces next. For owners and admins."""
    _must(request)
    row = ask.begin(request.workspace, request.user, body.name, body.size, now=now())  # type: ignore[attr-defined]
    _note(request, "import.begun", row)
    return Status(201, _out(row))


@router.get("/imports/{import_id}", response=ImportOut, auth=READ)
def one_import(request: HttpRequest, import_id: int) -> dict[str, Any]:
    """How far an import is."""
    return _out(import_of(request, import_id))


@router.put("/imports/{import_id}/pieces/{number}", response=ImportOut, auth=PUBLISH)
def piece(request: HttpRequest, import_id: int, number: int) -> dict[str, Any]:
    """One piece, as the body. With the last one the archive is read."""
    row = _mine(request, import_id)
    return _out(ask.take_piece(row, number, pieces.body(request.read)))


@router.post("/imports/{import_id}/stop", response=ImportOut, auth=PUBLISH)
def stop(request: HttpRequest, import_id: int) -> dict[str, Any]:
    """Stop it; what was read stays."""
    row = _mine(request, import_id)
    if ask.stop(row, now=now()):
        _note(request, "import.stopped", row)
    row.refresh_from_db()
    return _out(row)


@router.post("/imports/{import_id}/go-on", response=ImportOut, auth=PUBLISH)
def go_on(request: HttpRequest, import_id: int) -> dict[str, Any]:
    """Go on where it stopped or failed."""
    row = _mine(request, import_id)
    if not ask.go_on(row, now=now()):
        raise Invalid("import", "There is nothing to go on with.", "Upload the archive again.")
    _note(request, "import.gone_on", row)
    row.refresh_from_db()
    return _out(row)


@router.delete("/imports/{import_id}", response={204: None}, auth=PUBLISH)
def remove_one(request: HttpRequest, import_id: int) -> Status:
    """Remove it with the records it brought in. Where some are on hold these stay, and so does the import: 400 says how many."""
    row = _mine(request, import_id)
    ask.stop(row, now=now())
    removed = remove(row)
    told = {"records": removed.number, "on_hold": removed.on_hold}
    record(request, request.workspace, "import.removed", row.name, **told)  # type: ignore[attr-defined]
    if removed.on_hold:
        stay = f"{removed.number} records went; {removed.on_hold} are on hold and stay, and the import with them."
        raise Invalid("import", stay, "Lift the hold, then remove it again.")
    return Status(204, None)
