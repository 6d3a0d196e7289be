"""Links by which a platform fetches one file for a while: signed, expiring, for exactly that content."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from masthead.channels.outside import storage_is_outside
from masthead.contract.guard import is_outside
from masthead.media.models import Asset, Rendition

LASTS = timedelta(hours=6)
KINDS: dict[str, type[Asset | Rendition]] = {"a": Asset, "r": Rendition}
SIGNER = TimestampSigner(salt="masthead.media.public", sep=".")


def link_to(file: Asset | Rendition) -> Callable[[], Awaitable[str]] | None:
    """What `Attachment.public_url` is for a file; None where this installation cannot be reached from outside."""
    if storage_is_outside():
        return partial(sync_to_async(_presigned, thread_sensitive=False), file)
    return partial(_ours, file) if is_outside(settings.PUBLIC_URL) else None


def signed_path(file: Asset | Rendition) -> str:
    """The path of a file's link, good from now for as long as `LASTS`."""
    kind = "a" if isinstance(file, Asset) else "r"
    signed = SIGNER.sign(f"{kind}-{file.pk}-{file.sha256[:32]}")
    return reverse("media:public", args=[f"{signed}.{_extension(file)}"])


def file_of(signed: str) -> Asset | Rendition | None:
    """The file a link is for; None where the link is forged, too old, or its file is gone or has changed."""
    bare, _dot, extension = signed.rpartition(".")
    try:
        kind, key, sha256 = SIGNER.unsign(bare, max_age=LASTS).split("-")
    except (BadSignature, ValueError):
        return None
    file = KINDS[kind].objects.filter(pk=key, sha256__startswith=sha256, **_alive(kind)).first()
    return file if file and _extension(file) == extension else None


def _alive(kind: str) -> dict[str, None]:
    return {"deleted_at": None} if kind == "a" else {"asset__deleted_at": None}


def _extension(file: Asset | Rendition) -> str:
    return file.storage_path.rsplit(".", 1)[-1]


async def _ours(file: Asset | Rendition) -> str:
    return f"{settings.PUBLIC_URL}{signed_path(file)}"


def _presigned(file: Asset | Rendition) -> str:
    told = {"ResponseContentType": file.mime}
    return str(default_storage.url(file.storage_path, parameters=told, expire=int(LASTS.total_seconds())))
