"""Which files are taken, and how each is recognised by its first bytes. Names and types that came with a file are not asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import filetype
from django.utils.translation import gettext as _

from masthead.contract.errors import Refused
from masthead.contract.values import MediaKind


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its MIME type, extension, what it counts as, and its name in Pillow or ffmpeg (the demuxer), if any."""

    mime: str
    extension: str
    kind: MediaKind
    reader: str


FORMATS = {
    one.mime: one
    for one in (
        Format("image/jpeg", "jpg", MediaKind.IMAGE, "JPEG"),
        Format("image/png", "png", MediaKind.IMAGE, "PNG"),
        Format("image/gif", "gif", MediaKind.IMAGE, "GIF"),
        Format("image/webp", "webp", MediaKind.IMAGE, "WEBP"),
        Format("image/avif", "avif", MediaKind.IMAGE, "AVIF"),
        Format("video/mp4", "mp4", MediaKind.VIDEO, "mov"),
        Format("video/quicktime", "mov", MediaKind.VIDEO, "mov"),
        Format("video/webm", "webm", MediaKind.VIDEO, "matroska"),
        Format("audio/mpeg", "mp3", MediaKind.AUDIO, "mp3"),
        Format("audio/mp4", "m4a", MediaKind.AUDIO, "mov"),
        Format("audio/ogg", "ogg", MediaKind.AUDIO, "ogg"),
        Format("audio/flac", "flac", MediaKind.AUDIO, "flac"),
        Format("audio/wav", "wav", MediaKind.AUDIO, "wav"),
        Format("application/pdf", "pdf", MediaKind.DOCUMENT, ""),
    )
}
SAME = {
    "image/apng": "image/png",
    "video/x-m4v": "video/mp4",
    "audio/x-wav": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
}
TAKEN = "JPEG, PNG, GIF, WebP, AVIF, MP4, MOV, WebM, MP3, M4A, OGG, FLAC, WAV, PDF"
_MARKUP = (b"<svg", b"<html", b"<!doctype", b"<?xml", b"<script", b"<head", b"<body")


def recognise(path: Path) -> Format:
    """The format of a file, from its bytes; raises Refused(field="file") with a remedy for what is not taken."""
    head = path.open("rb").read(8192)
    if not head:
        raise Refused(_("The file is empty."), field="file", remedy=_("Choose another file."))
    guess = filetype.guess_mime(head)
    found = FORMATS.get(SAME.get(guess or "", guess or ""))
    if found is None:
        raise _refusal(head, guess or "")
    return found


def _refusal(head: bytes, guess: str) -> Refused:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:2000].lower()
    if start.startswith(b"<") and b"<svg" in start:
        return Refused(
            _("SVG drawings are not taken, because they can contain programs."),
            field="file",
            remedy=_("Export the drawing as PNG and upload that."),
        )
    if start.startswith(b"<") and any(word in start for word in _MARKUP):
        return Refused(
            _("The file is a web page, not a picture or video."),
            field="file",
            remedy=_("Open it in a browser, save the picture itself and upload that."),
        )
    if guess in ("image/heic", "image/heif"):
        return Refused(
            _("HEIC pictures cannot be read here."),
            field="file",
            remedy=_("Export it as JPEG; on an iPhone choose Settings, Camera, Formats, Most Compatible."),
        )
    return Refused(
        _("This kind of file is not taken."),
        field="file",
        remedy=_("Upload one of these: %s.") % TAKEN,
    )
