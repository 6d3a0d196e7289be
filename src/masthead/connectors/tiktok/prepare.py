"""The body of a TikTok post, held against what the account allows at this moment, as TikTok's guidelines want it."""

from __future__ import annotations

from typing import Any

from masthead.connectors.tiktok import wire
from masthead.connectors.tiktok.capabilities import AGREED, INTERACTIONS, ONLY_ME
from masthead.contract.errors import Refused
from masthead.contract.values import Attachment, Delivery, MediaKind

PUBLIC_ADDRESS = "Set MASTHEAD_PUBLIC_URL to an address that the internet can reach, or keep media on S3."


def post_info(delivery: Delivery, index: int, creator: wire.Creator) -> dict[str, Any]:
    """What is said of the post. Raises Refused where a choice is missing or the account does not allow it."""
    options, segment = delivery.options, delivery.segments[index]
    film = segment.attachments[0].kind is MediaKind.VIDEO
    told: dict[str, Any] = {
        "privacy_level": _audience(delivery, creator),
        "brand_organic_toggle": bool(options.get("your_brand")),
        "brand_content_toggle": bool(options.get("branded_content")),
    }
    for name, interaction in INTERACTIONS.items():
        if film or interaction == "comment":
            told[f"disable_{interaction}"] = creator.disabled(interaction) or not options.get(name)
    if film:
        return told | {"title": segment.text, "is_aigc": bool(options.get("made_with_ai"))}
    title = str(options.get("title") or "")
    return told | {"title": title, "description": segment.text, "auto_add_music": bool(options.get("auto_music"))}


def _audience(delivery: Delivery, creator: wire.Creator) -> str:
    options = delivery.options
    chosen = str(options.get("privacy_level") or "")
    if options.get("consent") != AGREED:
        raise Refused("The consent is missing.", field="options.consent", remedy="Agree to TikTok's conditions.")
    if chosen not in creator.privacy_level_options:
        told = "The account does not allow this audience now." if chosen else "Nobody chose who can watch it."
        raise Refused(told, field="options.privacy_level", remedy="Choose who can watch it.")
    if options.get("branded_content") and chosen == ONLY_ME:
        raise Refused(
            "What promotes another brand cannot be seen by only you.",
            field="options.privacy_level",
            remedy="Choose another audience.",
        )
    return chosen


def check_length(one: Attachment, creator: wire.Creator) -> None:
    """Refused where a video is longer than the account may post now."""
    longest = creator.max_video_post_duration_sec
    if longest and one.seconds > longest:
        raise Refused(
            f"The account may post videos of {longest} seconds.", field="attachments", remedy="Use a shorter video."
        )


async def photo_source(files: tuple[Attachment, ...]) -> dict[str, Any]:
    """Where TikTok fetches photos. Refused where this installation has no public address."""
    addresses = []
    for one in files:
        if one.public_url is None:
            raise Refused(
                "TikTok fetches photos itself and cannot reach them.", field="attachments", remedy=PUBLIC_ADDRESS
            )
        addresses.append(await one.public_url())
    return {"source": "PULL_FROM_URL", "photo_cover_index": 0, "photo_images": addresses}
