"""The one address of media that needs no sign-in: a signed link to one file, whole or in part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from masthead.media import keep
from masthead.media.models import Asset, Rendition
from masthead.media.public import file_of

CHUNK = 1 << 16
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@require_safe
def public(request: HttpRequest, signed: str) -> HttpResponseBase:
    """The bytes of the file the link is for; 404 for every link that is not good, whatever is wrong with it."""
    file = file_of(signed)
    if file is None:
        raise Http404
    asked = request.headers.get("Range", "") if request.headers.get("If-Range", tag(file)) == tag(file) else ""
    part = piece(asked, file.size)
    if part is None:
        return _headed(HttpResponse(status=416), file, {"Content-Range": f"bytes */{file.size}"})
    try:
        content = keep.opened(file.storage_path)
    except FileNotFoundError:
        raise Http404 from None
    first, last = part
    whole = (first, last) == (0, file.size - 1)
    headers = {"Content-Length": str(last - first + 1)}
    if not whole:
        headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    if request.method == "HEAD":
        content.close()
        return _headed(HttpResponse(status=200 if whole else 206), file, headers)
    answer = StreamingHttpResponse(_read(content, first, last - first + 1), status=200 if whole else 206)
    return _headed(answer, file, headers)


def piece(asked: str, size: int) -> tuple[int, int] | None:
    """The first and last byte of a Range header (RFC 9110, 14); all of them without one or for several; None if there is none."""
    found = RANGE.fullmatch(asked.replace(" ", ""))
    if not found or not (found[1] or found[2]):
        return 0, size - 1
    if not found[1]:
        length = min(int(found[2]), size)
        return (size - length, size - 1) if length else None
    first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    if found[2] and int(found[2]) < first:
        return 0, size - 1
    return (first, last) if first < size else None


def tag(file: Asset | Rendition) -> str:
    """The entity tag of a content."""
    return f'"{file.sha256}"'


def _headed(answer: Any, file: Asset | Rendition, headers: dict[str, str]) -> HttpResponseBase:
    """With what keeps it a file and nothing else: no sniffing, no running, no showing on other pages as a page, no index."""
    facts = {
        "Content-Type": file.mime,
        "Content-Disposition": "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=300",
        "ETag": tag(file),
    }
    for name, value in (facts | headers).items():
        answer[name] = value
    return answer  # type: ignore[no-any-return]


def _read(content: Any, first: int, length: int) -> Iterator[bytes]:
    with content:
        content.seek(first)
        while length > 0 and (block := content.read(min(CHUNK, length))):
            length -= len(block)
            yield block
