"""Every call the YouTube connector makes, with its quota units. A video is there once its last part arrived."""

from __future__ import annotations

from masthead.connectors.google.sign_in import GET_TOKEN, REVOKE_TOKEN
from masthead.contract.operations import Operation, listed

SCOPES = ("https://www.googleapis.com/auth/youtube",)

CHANNELS = Operation("channels", "GET", "/youtube/v3/channels", bucket="units", scopes=SCOPES)
START_UPLOAD = Operation("start_upload", "POST", "/upload/youtube/v3/videos", bucket="uploads", scopes=SCOPES)
SEND_PART = Operation("send_part", "PUT", "", scopes=SCOPES, seconds=300, fine=(308,))
SEND_LAST = Operation("send_last", "PUT", "", creates=True, scopes=SCOPES, seconds=300)
SET_THUMBNAIL = Operation(
    "set_thumbnail", "POST", "/upload/youtube/v3/thumbnails/set", bucket="units", weight=50, scopes=SCOPES
)
VIDEOS = Operation(
    "videos",
    "GET",
    "/youtube/v3/videos",
    bucket="units",
    scopes=SCOPES,
    max_bytes=16_000_000,
    unit="resource",
    counts=("items",),
)
UPLOADS = Operation(
    "uploads",
    "GET",
    "/youtube/v3/playlistItems",
    bucket="units",
    scopes=SCOPES,
    max_bytes=16_000_000,
    unit="resource",
    counts=("items",),
)
EDIT_VIDEO = Operation("edit_video", "PUT", "/youtube/v3/videos", bucket="units", weight=50, scopes=SCOPES)
DELETE_VIDEO = Operation("delete_video", "DELETE", "/youtube/v3/videos", bucket="units", weight=50, scopes=SCOPES)

OPERATIONS = listed(
    GET_TOKEN,
    REVOKE_TOKEN,
    CHANNELS,
    START_UPLOAD,
    SEND_PART,
    SEND_LAST,
    SET_THUMBNAIL,
    VIDEOS,
    UPLOADS,
    EDIT_VIDEO,
    DELETE_VIDEO,
)
