"""What this domain holds about a member: which archives the person brought in, what they let out. The records belong to the workspace."""

from __future__ import annotations

from typing import Any

from masthead.rights.models import ArchiveExport, Audit, Dataset, Erasure, Grant, Hold, Import, LicenceRequest, Release
from masthead.workspaces.models import User

HELD = {
    "imports": "which archives the person brought in, and when; the name is taken off when the person is erased",
    "datasets": "which datasets the person asked for, and when; the name is taken off then too",
    "audits": "which audits of a corpus the person asked for, and when; the name is taken off then too",
    "copies": "which copies of the archive the person asked for, and when; the name is taken off",
    "grants": "which grants the person gave, and when; the name is taken off then too",
    "licence_requests": "which requests for posts the person wrote down, and when; the name is taken off then too",
    "erasures": "which erasures the person carried out for somebody, and when; the name is taken off then too",
    "holds": "which holds the person placed, why and when; the name is taken off then too",
    "releases": "what the person let out through the gate, for what and when; the name is taken off then too",
}


def export(user: User) -> dict[str, Any]:
    """Everything held about the person, as values that fit into JSON."""
    found = Import.objects.filter(asked_by=user).order_by("pk")
    rows = found.values("workspace__name", "name", "platform", "state", "created_at")
    copies = ArchiveExport.objects.filter(asked_by=user).order_by("pk").values("workspace__name", "state", "created_at")
    audits = Audit.objects.filter(asked_by=user).order_by("pk").values("workspace__name", "name", "state", "created_at")
    let_out = Release.objects.filter(actor=user.email).order_by("pk")
    releases = let_out.values("workspace__name", "use", "purpose", "to", "begun_at")
    asked = Dataset.objects.filter(asked_by=user).order_by("pk")
    datasets = asked.values("workspace__name", "name", "use", "purpose", "created_at")
    given = Grant.objects.filter(granted_by=user).order_by("pk").values("workspace__name", "grantee", "granted_at")
    noted = LicenceRequest.objects.filter(noted_by=user).order_by("pk").values("workspace__name", "company", "asked_at")
    erased = Erasure.objects.filter(done_by=user).order_by("pk").values("workspace__name", "platform", "done_at")
    placed = (
        Hold.objects.filter(placed_by=user).order_by("pk").values("workspace__name", "platform", "why", "placed_at")
    )
    return {
        "erasures": [row | {"done_at": row["done_at"].isoformat()} for row in erased],
        "holds": [row | {"placed_at": row["placed_at"].isoformat()} for row in placed],
        "grants": [row | {"granted_at": row["granted_at"].isoformat()} for row in given],
        "licence_requests": [row | {"asked_at": row["asked_at"].isoformat()} for row in noted],
        "datasets": [row | {"created_at": row["created_at"].isoformat()} for row in datasets],
        "imports": [row | {"created_at": row["created_at"].isoformat()} for row in rows],
        "audits": [row | {"created_at": row["created_at"].isoformat()} for row in audits],
        "copies": [row | {"created_at": row["created_at"].isoformat()} for row in copies],
        "releases": [row | {"begun_at": row["begun_at"].isoformat()} for row in releases],
    }


def erase(user: User) -> None:
    """Take the person's name off."""
    Import.objects.filter(asked_by=user).update(asked_by=None)
    Erasure.objects.filter(done_by=user).update(done_by=None)
    Hold.objects.filter(placed_by=user).update(placed_by=None)
    Grant.objects.filter(granted_by=user).update(granted_by=None)
    LicenceRequest.objects.filter(noted_by=user).update(noted_by=None)
    Dataset.objects.filter(asked_by=user).update(asked_by=None)
    Audit.objects.filter(asked_by=user).update(asked_by=None)
    ArchiveExport.objects.filter(asked_by=user).update(asked_by=None)
    Release.objects.filter(actor=user.email).update(actor="-")
