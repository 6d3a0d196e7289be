"""Files into the site's media library: as they are, not in a form, for which PHP has small limits; and each only once."""

from __future__ import annotations

import re
import unicodedata

from masthead.connectors.wordpress import wire
from masthead.connectors.wordpress.blocks import Uploaded
from masthead.connectors.wordpress.connect import basic
from masthead.connectors.wordpress.errors import explain
from masthead.connectors.wordpress.operations import DESCRIBE, UPLOAD, UPLOADED
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Delivery

ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/quicktime": "mov",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/flac": "flac",
    "audio/mp4": "m4a",
    "audio/x-m4a": "m4a",
}
FIELDS = "id,source_url"


async def uploaded(http: Http, account: Account, delivery: Delivery) -> list[Uploaded]:
    """The post's files as they lie in the library; what an earlier try put there is taken from there."""
    files = delivery.segments[0].attachments
    return [
        await _one(http, account, file, f"masthead-{delivery.segment_key(0)}-{place}")
        for place, file in enumerate(files)
    ]


async def _one(http: Http, account: Account, file: Attachment, slug: str) -> Uploaded:
    found = await _there(http, account, slug) or await _sent(http, account, file, slug)
    if file.alt:
        told = {"alt_text": file.alt}
        await http.call(
            DESCRIBE,
            account.server,
            path={"id": found.id},
            query={"_fields": FIELDS},
            json=told,
            headers=basic(account),
            explain=explain,
        )
    return Uploaded(int(found.id), found.source_url, file.kind, file.alt)


async def _there(http: Http, account: Account, slug: str) -> wire.File | None:
    """A file that a try whose answer was lost has left."""
    query = {"slug": slug, "_fields": FIELDS}
    answer = await http.call(UPLOADED, account.server, query=query, headers=basic(account), explain=explain)
    return next(iter(wire.rows(wire.File, answer.body)), None)


async def _sent(http: Http, account: Account, file: Attachment, slug: str) -> wire.File:
    headers = {"Content-Type": file.mime, "Content-Disposition": f'attachment; filename="{named(file)}"'}
    answer = await http.call(
        UPLOAD,
        account.server,
        query={"slug": slug, "_fields": FIELDS},
        headers={**basic(account), **headers},
        data=await file.load(),
        explain=explain,
    )
    return wire.read(wire.File, answer.body)


def named(file: Attachment) -> str:
    """A file name that goes into a header and has the ending WordPress wants for the type."""
    stem = file.file_name.rpartition(".")[0] or file.file_name or file.kind.value
    letters = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return f"{re.sub(r'[^a-z0-9]+', '-', letters).strip('-')[:60] or file.kind.value}.{ENDINGS[file.mime]}"
