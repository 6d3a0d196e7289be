"""What Misskey can do and allows. Each server sets the length of a text and the size of a file: what it tells is put over these."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import (
    Capabilities,
    Counting,
    MediaRule,
    Option,
    PollRule,
    Quota,
    Source,
    TextRule,
    ThreadRule,
)
from masthead.contract.values import MediaKind
from masthead.kit.words import N_ as _

READ_ON = date(2026, 11, 24)
CODE = "https://github.com/misskey-dev/misskey/blob/develop/packages/backend/src/"
NOTES = Source(CODE + "server/api/endpoints/notes/create.ts", READ_ON)
FILES = Source(CODE + "server/api/endpoints/drive/files/create.ts", READ_ON)
DELETES = Source(CODE + "server/api/endpoints/notes/delete.ts", READ_ON)
CONSTANTS = Source(CODE + "const.ts", READ_ON)

TEXT_LIMIT = 3000
FILE_BYTES = 10 * 1024 * 1024  # ours, careful: each server and role sets its own, which is told at sign-in
ALT_LIMIT = 512
WARNING_LIMIT = 100
MOST_FILES = 16
MOST_SEGMENTS = 50  # ours: Misskey sets no limit on replies to oneself
POLL_SECONDS = (60, 31_536_000)  # ours: Misskey takes any time from a millisecond on

IMAGES = ("image/jpeg", "image/png", "image/webp", "image/avif")
GIFS = ("image/gif",)
VIDEOS = ("video/mp4", "video/quicktime", "video/webm")
AUDIO = ("audio/mpeg", "audio/ogg", "audio/flac", "audio/wav", "audio/x-wav", "audio/mp4", "audio/x-m4a")

VISIBILITIES = (("public", _("Public")), ("home", _("Home timeline")), ("followers", _("Followers")))


def _files(kind: MediaKind, mimes: tuple[str, ...]) -> MediaRule:
    """Misskey treats every file alike: a size and a description."""
    return MediaRule(kind, mimes, FILE_BYTES, MOST_FILES, FILES, alt_limit=ALT_LIMIT)


CAPABILITIES = Capabilities(
    text=TextRule(Counting.CODE_POINTS, TEXT_LIMIT, CONSTANTS),
    media=(
        _files(MediaKind.IMAGE, IMAGES),
        _files(MediaKind.GIF, GIFS),
        _files(MediaKind.VIDEO, VIDEOS),
        _files(MediaKind.AUDIO, AUDIO),
    ),
    max_attachments=MOST_FILES,
    threads=ThreadRule(MOST_SEGMENTS, NOTES),
    quotas=(
        Quota("notes", "account", 300, 3600, NOTES),
        Quota("files", "account", 120, 3600, FILES),
        Quota("deletes", "account", 300, 3600, DELETES),
    ),
    edit=False,
    remove=True,
    source=NOTES,
    poll=PollRule(
        max_options=10,
        option_limit=50,
        min_seconds=POLL_SECONDS[0],
        max_seconds=POLL_SECONDS[1],
        multiple=True,
        source=NOTES,
    ),
    options=(
        Option("visibility", _("Who can see it"), "choice", NOTES, choices=VISIBILITIES, default="public"),
        Option(
            "cw",
            _("Content warning"),
            "text",
            NOTES,
            limit=WARNING_LIMIT,
            help=_("Shown instead of the text until it is opened, on each part of a thread."),
        ),
        Option("sensitive", _("Hide media until it is opened"), "flag", FILES, default=False),
        Option("local_only", _("Keep it on this server"), "flag", NOTES, default=False),
    ),
    mixed_media=True,
    poll_with_media=True,
)
