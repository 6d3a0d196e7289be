"""What Google refuses in a local post: each rule with where it stands and the day it was read there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

RESOURCE = "https://developers.google.com/my-business/reference/rest/v4/accounts.locations.localPosts"
PATCH = f"{RESOURCE}/patch"
MEDIA = "https://developers.google.com/my-business/reference/rest/v4/accounts.locations.media"
SEEN = "https://github.com/spotonlive/php-google-my-business/issues/26"
LENGTHS = "https://www.ayrshare.com/docs/help-center/technical-support/character_limits"
READ_ON = "2026-11-24"

KINDS = ("STANDARD", "EVENT", "OFFER")
BUTTONS = ("BOOK", "ORDER", "SHOP", "LEARN_MORE", "SIGN_UP", "CALL")
WRITABLE = {"languageCode", "summary", "callToAction", "event", "media", "topicType", "offer"}
DAY, TIME = {"year", "month", "day"}, {"hours", "minutes", "seconds", "nanos"}
Post = Mapping[str, Any]


class Fail(Exception):
    """Google refuses: a status, its word, and for bad arguments the field."""

    def __init__(self, status: int, word: str, message: str, field: str = "", code: int = 3) -> None:
        super().__init__(message)
        self.status = status
        bad = {"code": code, "field": field, "message": message}
        detail = {"@type": "type.googleapis.com/google.mybusiness.v4.ValidationError", "errorDetails": [bad]}
        outer = "Request contains an invalid argument." if field else message
        self.body = {
            "error": {"code": status, "message": outer, "status": word} | ({"details": [detail]} if field else {})
        }


@dataclass(frozen=True)
class Rule:
    """`broken` is True for a post that Google refuses; `field` is the one it names."""

    field: str
    words: str
    source: str
    broken: Callable[[Post], bool]


def _kind(post: Post) -> Any:
    return post.get("topicType")


def _schedule(post: Post) -> Mapping[str, Any]:
    return post.get("event", {}).get("schedule", {})  # type: ignore[no-any-return]


def _incomplete(post: Post) -> bool:
    """TimeInterval: it must contain all fields to be valid."""
    told = _schedule(post)
    days = all(set(told.get(name, ())) == DAY for name in ("startDate", "endDate"))
    return _dated(post) and not (days and all(set(told.get(name, ())) <= TIME for name in ("startTime", "endTime")))


def _dated(post: Post) -> bool:
    return _kind(post) in ("EVENT", "OFFER")


def _moment(post: Post, side: str) -> list[int]:
    day, time = _schedule(post)[f"{side}Date"], _schedule(post)[f"{side}Time"]
    return [day["year"], day["month"], day["day"], time.get("hours", 0), time.get("minutes", 0)]


def _photos(post: Post) -> list[Any]:
    return list(post.get("media", ()))


def _button(post: Post) -> Mapping[str, Any]:
    return post.get("callToAction", {})  # type: ignore[no-any-return]


RULES = (
    Rule("", "Unknown or read-only name.", RESOURCE, lambda post: not set(post) <= WRITABLE),
    Rule("topic_type", "Topic type is required for post creation.", SEEN, lambda post: _kind(post) not in KINDS),
    Rule("summary", "The text is too long.", LENGTHS, lambda post: len(post.get("summary", "")) > 1500),
    Rule("event.title", "Events and offers need a title.", RESOURCE, lambda post: _dated(post) and not _title(post)),
    Rule("event.title", "The title is too long.", LENGTHS, lambda post: len(_title(post)) > 58),
    Rule("event.schedule", "The interval must contain all fields.", RESOURCE, _incomplete),
    Rule(
        "event.schedule.end_date",
        "The range is inverted.",
        RESOURCE,
        lambda post: _dated(post) and _moment(post, "end") < _moment(post, "start"),
    ),
    Rule("event", "Only for events and offers.", RESOURCE, lambda post: "event" in post and not _dated(post)),
    Rule("offer", "Only for offers.", RESOURCE, lambda post: "offer" in post and _kind(post) != "OFFER"),
    Rule(
        "offer.coupon_code",
        "The code is too long.",
        LENGTHS,
        lambda post: len(post.get("offer", {}).get("couponCode", "")) > 58,
    ),
    Rule(
        "call_to_action.action_type",
        "Not a type of action.",
        RESOURCE,
        lambda post: bool(_button(post)) and _button(post).get("actionType") not in BUTTONS,
    ),
    Rule(
        "call_to_action.url",
        "The address must be left unset for Call, and set for the others.",
        RESOURCE,
        lambda post: bool(_button(post)) and (_button(post)["actionType"] == "CALL") is ("url" in _button(post)),
    ),
    Rule("media", "One photo at most.", MEDIA, lambda post: len(_photos(post)) > 1),
    Rule(
        "media.source_url",
        "sourceUrl is the only supported data field.",
        RESOURCE,
        lambda post: any(set(one) != {"mediaFormat", "sourceUrl"} for one in _photos(post)),
    ),
    Rule(
        "media.source_url",
        "The photo must be at a public address.",
        MEDIA,
        lambda post: any(not one["sourceUrl"].startswith("https://") for one in _photos(post)),
    ),
)


def _title(post: Post) -> str:
    return str(post.get("event", {}).get("title", ""))


def judge(post: Post) -> None:
    """Raises Fail for the first rule that a new or changed post breaks."""
    for rule in RULES:
        if rule.broken(post):
            raise Fail(400, "INVALID_ARGUMENT", rule.words, rule.field or "local_post")


def patched(old: Post, mask: str, new: Post) -> dict[str, Any]:
    """A post after a change: the mask must name each field that is sent; one that is not sent is emptied (PATCH, read 2026-11-24)."""
    names = mask.split(",")
    if not mask or not set(new) <= set(names) <= WRITABLE - {"topicType", "media"}:
        raise Fail(400, "INVALID_ARGUMENT", "The mask does not fit what is sent.", "update_mask")
    kept = {name: value for name, value in old.items() if name not in names}
    judge(kept | dict(new))
    return kept | dict(new)
