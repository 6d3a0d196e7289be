"""What goes with a submission: its form, the id of its flair, and its files at Reddit's storage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from masthead.connectors.reddit import wire
from masthead.connectors.reddit.connect import asked
from masthead.connectors.reddit.lookup import subreddit_of
from masthead.connectors.reddit.operations import FLAIRS, LEND, UPLOAD
from masthead.contract.errors import Refused
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Delivery, MediaKind

NAME = re.compile(r"(?:u_)?[A-Za-z0-9_-]{2,24}\Z")
FLAIR_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "video/mp4": "mp4", "video/quicktime": "mov"}
FFMPEG = "Let the operator install ffmpeg, or leave the video out."


async def form_of(http: Http, account: Account, delivery: Delivery, index: int) -> dict[str, Any]:
    """What is sent with a submission. Raises Refused where subreddit, title or flair are missing or wrong."""
    options, segment, where = delivery.options, delivery.segments[index], subreddit_of(delivery)
    title, link = str(options.get("title") or "").strip(), str(options.get("link") or "").strip()
    if not NAME.match(where):
        raise Refused("A post needs a subreddit.", field="options.subreddit", remedy="Enter one, such as r/bread.")
    if not title:
        raise Refused("A post needs a title.", field="options.title", remedy="Enter one.")
    if link and segment.attachments:
        raise Refused("A link cannot go with files.", field="options.link", remedy="Leave one of them out.")
    form = {"api_type": "json", "sr": where, "title": title, "sendreplies": "true", "resubmit": "true"}
    form["validate_on_submit"] = (
        "true"  # what breaks a subreddit's rules is refused with a reason, not taken and removed
    )
    form |= {name: "true" for name in ("nsfw", "spoiler") if options.get(name)}
    form |= {"text": segment.text} if segment.text else {}
    if flair := str(options.get("flair") or "").strip():
        form["flair_id"] = await flair_id(http, account, where, flair)
    if segment.attachments:
        return form | await with_files(http, account, segment.attachments)
    return form | ({"kind": "link", "url": link} if link else {"kind": "self"})


async def with_files(http: Http, account: Account, files: Sequence[Attachment]) -> dict[str, Any]:
    """What says which files a submission has: `items` of a gallery, or kind and address of one picture or video."""
    first = files[0]
    if first.kind is MediaKind.VIDEO:
        still = await first.poster() if first.poster else None
        if still is None:
            raise Refused(
                "Reddit wants a still of each video, and none can be made here.", field="attachments", remedy=FFMPEG
            )
        film = await uploaded(http, account, first.mime, await first.load())
        poster = await uploaded(http, account, "image/jpeg", still)
        return {"kind": "video", "url": film.url, "video_poster_url": poster.url}
    stored = [await uploaded(http, account, one.mime, await one.load()) for one in files]
    if len(stored) == 1:
        return {"kind": "image", "url": stored[0].url}
    return {"items": [{"media_id": one.asset, "caption": "", "outbound_url": ""} for one in stored]}


async def flair_id(http: Http, account: Account, subreddit: str, flair: str) -> str:
    """The id of a flair that was named by its words or its id."""
    if FLAIR_ID.match(flair.lower()):
        return flair.lower()
    answer = await asked(http, account, FLAIRS, path={"subreddit": subreddit}, query={"raw_json": "1"})
    found = [wire.read(wire.Flair, one) for one in answer.body] if isinstance(answer.body, list) else []
    for one in found:
        if one.text.strip().casefold() == flair.casefold():
            return one.id
    there = ", ".join(one.text for one in found[:10]) or "none"
    raise Refused(
        f"The subreddit has no such flair. It has: {there}.", field="options.flair", remedy="Choose one of them."
    )


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file at Reddit's storage: its address, and what Reddit calls it."""

    url: str
    asset: str


async def uploaded(http: Http, account: Account, mime: str, content: bytes) -> Uploaded:
    """Bring a file to Reddit's storage. A lost answer leaves only a file nobody sees."""
    lease_form = {"filepath": f"file.{ENDINGS.get(mime, 'png')}", "mimetype": mime}
    lease = wire.read(wire.Lease, (await asked(http, account, LEND, data=lease_form)).body)
    place = f"https:{lease.args.action}" if lease.args.action.startswith("//") else lease.args.action
    form, key = aiohttp.FormData(), ""
    for field in lease.args.fields:
        form.add_field(field.name, field.value)
        key = field.value if field.name == "key" else key
    form.add_field("file", content, filename=lease_form["filepath"], content_type=mime)
    await http.call(UPLOAD, account.server, url=place, data=form, raw=True)
    return Uploaded(f"{place.rstrip('/')}/{key}", lease.asset.asset_id)
