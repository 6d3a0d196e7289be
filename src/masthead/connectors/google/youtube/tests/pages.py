"""The calls of the double, by YouTube's rules; each names the page it comes from."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from masthead.connectors.google.youtube.tests.memory import Fail, Upload, Video

if TYPE_CHECKING:
    from masthead.connectors.google.youtube.tests.double import YouTubeDouble

KIB_256 = 262_144


def channels(double: YouTubeDouble, channel: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/youtube/v3/docs/channels/list"""
    shown = {"title": double.memory.channels[channel], "customUrl": f"@{channel.lower()}", "thumbnails": {}}
    lists = {"relatedPlaylists": {"uploads": "UU" + channel.removeprefix("UC")}}
    item = {"kind": "youtube#channel", "etag": "e", "id": channel, "snippet": shown, "contentDetails": lists}
    return {"kind": "youtube#channelListResponse", "items": [] if channel in double.memory.empty else [item]}


def begin(double: YouTubeDouble, channel: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/youtube/v3/docs/videos/insert and .../guides/using_resumable_upload_protocol"""
    body = json.loads(raw)
    if request.query_params["uploadType"] != "resumable" or set(request.query_params["part"].split(",")) != set(body):
        raise Fail(400, "unexpectedPart")
    _judge(body["snippet"])
    if body["status"]["privacyStatus"] not in ("public", "unlisted", "private"):
        raise Fail(400, "invalidVideoMetadata")
    key = secrets.token_urlsafe(12)
    size = int(request.headers["x-upload-content-length"])
    assert request.headers["x-upload-content-type"].startswith("video/")
    double.memory.uploads[key] = Upload(channel, body, size)
    return Response(status_code=200, headers={"Location": f"{double.url}/session/{key}?upload_id=a%2Fb"})


def _judge(snippet: Mapping[str, Any]) -> None:
    title, text = snippet.get("title", ""), snippet.get("description", "")
    if not title or len(title) > 100 or re.search("[<>]", title):
        raise Fail(400, "invalidTitle", "The request metadata specifies an invalid or empty video title.")
    if len(text.encode()) > 5000 or re.search("[<>]", text):
        raise Fail(400, "invalidDescription", "The request metadata specifies an invalid video description.")
    if not str(snippet.get("categoryId", "")).isdigit():
        raise Fail(400, "invalidCategoryId")


def receive(double: YouTubeDouble, channel: str, request: Request, raw: bytes) -> Any:
    """A part of a video. All but the last are a multiple of 256 KiB long, and are answered by 308 with what arrived."""
    upload = double.memory.uploads[request.path_params["key"]]
    if request.query_params["upload_id"] != "a/b":
        raise Fail(404, "notFound")
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", request.headers["content-range"])
    assert found
    start, end, size = (int(one) for one in found.groups())
    last = end + 1 == size
    if start != len(upload.content) or end - start + 1 != len(raw) or size != upload.size:
        raise Fail(400, "badRequest", "Invalid request. The Content-Range does not fit.")
    if not last and len(raw) % KIB_256:
        raise Fail(400, "badRequest", "Parts must be a multiple of 256 KiB.")
    upload.content += raw
    if not last:
        return Response(status_code=308, headers={"Range": f"bytes=0-{len(upload.content) - 1}"})
    return shown(double.memory.finished(upload), {"snippet", "status"})


def thumbnail(double: YouTubeDouble, channel: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/youtube/v3/docs/thumbnails/set: only channels that proved a telephone number may."""
    video = _own(double, channel, request.query_params["videoId"])
    if double.no_thumbnails:
        raise Fail(403, "forbidden", "The authenticated user doesn't have permissions to upload custom thumbnails.")
    video.thumbnail = raw
    return {"kind": "youtube#thumbnailSetResponse", "etag": "e", "items": []}


def listed(double: YouTubeDouble, channel: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/youtube/v3/docs/playlistItems/list"""
    query = request.query_params
    if query["playlistId"] != "UU" + channel.removeprefix("UC"):
        raise Fail(404, "playlistNotFound")
    start, size = int(query.get("pageToken", "P0")[1:]), int(query["maxResults"])
    if size > 50:
        raise Fail(400, "invalidValue")
    mine = double.memory.of(channel)[::-1]
    items = [_item(one) for one in mine[start : start + size]]
    more = {"nextPageToken": f"P{start + size}"} if len(mine) > start + size else {}
    return {"kind": "youtube#playlistItemListResponse", "etag": "e", "items": items} | more


def _item(video: Video) -> dict[str, Any]:
    snippet = {
        "publishedAt": video.at.isoformat().replace("+00:00", "Z"),
        "title": video.snippet["title"],
        "description": video.snippet["description"],
        "thumbnails": {},
    }
    return {"kind": "youtube#playlistItem", "snippet": snippet, "contentDetails": {"videoId": video.id}}


def videos(double: YouTubeDouble, channel: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/youtube/v3/docs/videos/list"""
    wanted, parts = request.query_params["id"].split(","), set(request.query_params["part"].split(","))
    found = [one for one in double.memory.of(channel) if one.id in wanted]
    if "status" in parts:
        for one in found:
            one.left -= 1
    return {"kind": "youtube#videoListResponse", "etag": "e", "items": [shown(one, parts) for one in found]}


def shown(video: Video, parts: set[str]) -> dict[str, Any]:
    """A video with the parts that were asked for."""
    state = {"uploadStatus": "uploaded" if video.left > 0 else "processed"}
    all_parts = {
        "snippet": video.snippet | {"publishedAt": video.at.isoformat().replace("+00:00", "Z")},
        "status": state | video.status,
        "statistics": {"viewCount": "321", "likeCount": "12", "favoriteCount": "0", "commentCount": "3"},
    }
    return {"kind": "youtube#video", "etag": "e", "id": video.id} | {one: all_parts[one] for one in parts}


def update(double: YouTubeDouble, channel: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/youtube/v3/docs/videos/update: what a part does not repeat is deleted."""
    body = json.loads(raw)
    video = _own(double, channel, body["id"])
    if request.query_params["part"] != "snippet" or set(body) != {"id", "snippet"}:
        raise Fail(400, "unexpectedPart")
    _judge(body["snippet"])
    video.snippet = body["snippet"]
    return shown(video, {"snippet"})


def delete(double: YouTubeDouble, channel: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/youtube/v3/docs/videos/delete"""
    double.memory.videos.remove(_own(double, channel, request.query_params["id"]))
    return Response(status_code=204)


def _own(double: YouTubeDouble, channel: str, video: str) -> Video:
    found = next((one for one in double.memory.of(channel) if one.id == video), None)
    if found is None:
        raise Fail(404, "videoNotFound", "The video that you are trying to change cannot be found.")
    return found
