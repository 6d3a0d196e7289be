"""Reading assets: always of one workspace."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from masthead.media.models import Asset
from masthead.workspaces.models import Workspace


def assets(workspace: Workspace) -> QuerySet[Asset]:
    """The files of a workspace that are not deleted, newest first."""
    return Asset.objects.filter(workspace=workspace, deleted_at=None)


def search(workspace: Workspace, words: str = "", kind: str = "") -> QuerySet[Asset]:
    """Files whose name or description holds every one of the words."""
    found = assets(workspace)
    for word in words.split()[:10]:
        found = found.filter(Q(file_name__icontains=word) | Q(alt__icontains=word))
    return found.filter(kind=kind) if kind in Asset.Kind.values else found


def as_json(asset: Asset) -> dict[str, object]:
    """An asset for the composer and the API; addresses are paths on this installation, sizes in bytes and pixels."""
    place = f"/w/{asset.workspace.slug}/media/{asset.pk}"
    return {
        "id": asset.pk,
        "kind": asset.kind,
        "mime": asset.mime,
        "name": asset.file_name,
        "alt": asset.alt,
        "size": asset.size,
        "width": asset.width,
        "height": asset.height,
        "seconds": asset.seconds,
        "url": f"{place}/file/",
        "thumb_url": f"{place}/thumb/" if has_picture(asset) else "",
        "problems": notes(asset),
    }


def has_picture(asset: Asset) -> bool:
    """True for what can be shown small: not for sound and documents."""
    return asset.kind not in (Asset.Kind.AUDIO, Asset.Kind.DOCUMENT)


def notes(asset: Asset) -> list[dict[str, str]]:
    """What a person should know about a file that was taken, but not in full: title, detail and remedy."""
    if asset.kind == Asset.Kind.DOCUMENT:
        return [_as_it_came()]
    return [_unmeasured()] if asset.kind in (Asset.Kind.VIDEO, Asset.Kind.AUDIO) and not asset.seconds else []


def _as_it_came() -> dict[str, str]:
    return {
        "title": _("Passed on as it is"),
        "detail": _("What a document says about its author and where it was made stays inside."),
        "field": "file",
        "remedy": _("Take it out in the program the document was made with, if it should not be public."),
    }


def _unmeasured() -> dict[str, str]:
    return {
        "title": _("Not checked"),
        "detail": _(
            "This server could not look into the file: its length and size are not known, and its metadata, "
            "such as the place where it was made, is still inside."
        ),
        "field": "file",
        "remedy": _("Let the operator install ffmpeg and upload the file again."),
    }
