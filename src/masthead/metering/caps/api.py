"""Programs' way to caps."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema

from masthead.kit.clock import now
from masthead.metering.caps.earmark import earmark
from masthead.metering.caps.forms import MOST, micros_of
from masthead.metering.caps.limit import Limit, add, change, remove
from masthead.metering.caps.shown import Shown, caps_of, in_words
from masthead.metering.models import Cap
from masthead.workspaces.api import READ, WRITE, Forbidden
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May, allows

router = Router(tags=["costs"])


class CapIn(Schema):
    """A cap. Empty fields, and channel 0, match everything; `part`: begin now, with the share of the rest of the window."""

    amount: Decimal = Field(ge=0, le=MOST, decimal_places=6)
    currency: str = Field(pattern="^[A-Z]{3}$")
    period: Literal["day", "month"] = "month"
    month_day: int = Field(1, ge=1, le=31)
    hard: bool = True
    platform: str = Field("", max_length=32, pattern="^[a-z0-9_]*$")
    app: str = Field("", max_length=64, pattern="^[!-~]*$")
    channel: int = Field(0, ge=0, lt=2**63)
    purpose: Literal["", "publish", "read", "inbox", "ads", "connect"] = ""
    part: bool = False


class AmountIn(Schema):
    """What may be changed of a cap."""

    amount: Decimal = Field(ge=0, le=MOST, decimal_places=6)
    hard: bool = True


class CapOut(Schema):
    """A cap and how its window of now stands. Amounts in main units; `limit` differs from `amount` where it began in the midst."""

    id: int
    platform: str
    app: str
    channel: int
    purpose: str
    period: str
    month_day: int
    hard: bool
    currency: str
    amount: str
    limit: str
    spent: str
    held: str
    committed: str
    ends_at: datetime


@router.get("/caps", response=list[CapOut], auth=READ)
def caps(request: HttpRequest) -> list[dict[str, Any]]:
    """All caps of the workspace. Needs a role that may see costs (editor and up)."""
    _must(request, May.SEE_COSTS)
    return [_out(one) for one in caps_of(request.workspace.pk, now())]  # type: ignore[attr-defined]


@router.post("/caps", response={201: CapOut}, auth=WRITE)
def add_cap(request: HttpRequest, given: CapIn) -> tuple[int, dict[str, Any]]:
    """Set a cap. Needs an owner or admin."""
    _must(request, May.MANAGE_WORKSPACE)
    workspace = request.workspace  # type: ignore[attr-defined]
    same = given.dict(exclude={"amount", "channel", "part"})
    limit = Limit(micros=micros_of(given.amount), channel_id=given.channel, **same)
    cap = add(workspace, limit, now=now(), part=given.part)
    earmark(workspace.pk, now())
    record(request, workspace, "cap.added", in_words(cap))
    return 201, _one(cap)


@router.patch("/caps/{cap_id}", response=CapOut, auth=WRITE)
def change_cap(request: HttpRequest, cap_id: int, given: AmountIn) -> dict[str, Any]:
    """Another amount from now on. Needs an owner or admin."""
    _must(request, May.MANAGE_WORKSPACE)
    cap = change(_cap(request, cap_id), micros_of(given.amount), hard=given.hard, now=now())
    record(request, request.workspace, "cap.changed", in_words(cap))  # type: ignore[attr-defined]
    return _one(cap)


@router.delete("/caps/{cap_id}", response={204: None}, auth=WRITE)
def remove_cap(request: HttpRequest, cap_id: int) -> tuple[int, None]:
    """Take a cap away. Needs an owner or admin."""
    _must(request, May.MANAGE_WORKSPACE)
    cap = _cap(request, cap_id)
    name = in_words(cap)
    remove(cap)
    record(request, request.workspace, "cap.removed", name)  # type: ignore[attr-defined]
    return 204, None


def _must(request: HttpRequest, what: May) -> None:
    role = request.member.role  # type: ignore[attr-defined]
    if not allows(role, what):
        raise Forbidden(f"The role “{role}” of this token's owner does not allow it.")


def _cap(request: HttpRequest, cap_id: int) -> Cap:
    found = Cap.objects.filter(workspace=request.workspace, pk=cap_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404("There is no such cap in this workspace.")
    return found


def _one(cap: Cap) -> dict[str, Any]:
    return next(_out(one) for one in caps_of(cap.workspace_id, now()) if one.cap.pk == cap.pk)


def _out(one: Shown) -> dict[str, Any]:
    names = ("platform", "app", "purpose", "period", "month_day", "hard", "currency")
    sums = {name: f"{getattr(one, name).decimal:f}" for name in ("amount", "limit", "spent", "held", "committed")}
    own = {name: getattr(one.cap, name) for name in names}
    return {"id": one.cap.pk, "channel": one.cap.channel_id, "ends_at": one.ends_at, **own, **sums}
