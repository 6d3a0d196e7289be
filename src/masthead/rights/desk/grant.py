"""Granting and withdrawing, and a grant as the gate knows it. What left under a grant stands in the releases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from masthead.rights import permit
from masthead.rights.archive.asked import restored
from masthead.rights.desk.covers import covering
from masthead.rights.models import Grant, LicenceRequest
from masthead.workspaces.models import User, Workspace


@transaction.atomic
def give(
    workspace: Workspace, fields: Mapping[str, Any], *, by: User | None, now: datetime, request: LicenceRequest | None
) -> Grant:
    """A grant with these fields of the model; the request it answers is granted with it."""
    row = Grant.objects.create(workspace=workspace, request=request, **fields, granted_by=by, granted_at=now)
    if request is not None:
        answer(request, str(LicenceRequest.State.GRANTED), "", now)
    return row


def answer(request: LicenceRequest, state: str, text: str, now: datetime) -> None:
    """Close an open request; one that is answered already stays as it is."""
    LicenceRequest.objects.filter(pk=request.pk, state=LicenceRequest.State.OPEN).update(
        state=state, answer=text, answered_at=now
    )


def withdraw(grant: Grant, now: datetime) -> bool:
    """Nothing leaves under it from now on; what left stays in the books. False where it was withdrawn before."""
    return bool(Grant.objects.filter(pk=grant.pk, withdrawn_at=None).update(withdrawn_at=now))


def standing(workspace: Workspace, now: datetime) -> list[Grant]:
    """Grants under which something may leave now."""
    rows = Grant.objects.filter(workspace=workspace, withdrawn_at=None, since__lte=now)
    return [one for one in rows if one.until is None or now < one.until]


def as_permit(row: Grant) -> permit.Grant:
    """The value that the gate asks; a withdrawn one has ended. During a long release it is read again."""
    ends = [one for one in (row.until, row.withdrawn_at) if one is not None]
    covers = covering(restored(row.wanted), row.items)
    uses = frozenset(one for one in row.uses)
    again = partial(_again, row.pk)
    return permit.Grant(str(row.pk), row.grantee, uses, covers, row.since, min(ends, default=None), again)


def _again(grant_id: int) -> permit.Grant:
    return as_permit(Grant.objects.get(pk=grant_id))


def stands(workspace: Workspace, grant: str, now: datetime) -> bool:
    """True while something made under the grant with this number may be handed over; "" is no grant, and always stands."""
    return not grant or any(str(one.pk) == grant for one in standing(workspace, now))
