"""Step 2, pure: what must change in a file so that a channel takes it."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

from masthead.contract.capabilities import MediaRule
from masthead.contract.errors import Refused
from masthead.contract.values import MediaKind

LEAST_SIDE = 64
SHRINK = 0.8
RECIPE = "1"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file is. Sizes in bytes and pixels, time in seconds; 0 where it is not known."""

    kind: MediaKind
    mime: str
    size: int
    width: int = 0
    height: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A rendition to make: the types to try in order, the largest sides, and the most bytes (0 for no limit)."""

    mimes: tuple[str, ...]
    width: int
    height: int
    max_bytes: int


def recipe(rule: MediaRule) -> str:
    """A short name for the limits of a rule: equal limits, equal recipe."""
    limits = (rule.kind.value, rule.mimes, rule.max_bytes, rule.max_width, rule.max_height, rule.max_pixels)
    return f"fit-{RECIPE}-{hashlib.sha256(repr(limits).encode()).hexdigest()[:32]}"


def plan(shape: Shape, rule: MediaRule) -> Plan | None:
    """What to make so that `shape` meets `rule`; None where it does already. Raises Refused where nothing would help."""
    if rule.max_seconds and shape.seconds > rule.max_seconds:
        raise Refused(
            _("It plays %(seconds)s seconds; %(limit)s are allowed here.")
            % {"seconds": round(shape.seconds), "limit": round(rule.max_seconds)},
            field="attachments",
            remedy=_("Use a shorter file for this channel."),
        )
    width, height = sides(shape.width, shape.height, rule)
    fits_bytes = not rule.max_bytes or shape.size <= rule.max_bytes
    if shape.mime in rule.mimes and fits_bytes and (width, height) == (shape.width, shape.height):
        return None
    return Plan(order(shape.mime, rule.mimes), width, height, rule.max_bytes)


def sides(width: int, height: int, rule: MediaRule) -> tuple[int, int]:
    """The largest sides within the rule that keep the proportions."""
    if not width or not height:
        return width, height
    scale = min(
        1.0,
        rule.max_width / width if rule.max_width else 1.0,
        rule.max_height / height if rule.max_height else 1.0,
        math.sqrt(rule.max_pixels / (width * height)) if rule.max_pixels else 1.0,
    )
    return (width, height) if scale >= 1.0 else (max(1, math.floor(width * scale)), max(1, math.floor(height * scale)))


def order(mime: str, taken: tuple[str, ...]) -> tuple[str, ...]:
    """The types to try: its own first, then those that lose least."""
    wish = (mime, "image/webp", "image/jpeg", "image/png", "image/gif", "video/mp4")
    return tuple(dict.fromkeys(one for one in wish if one in taken))


def smaller(width: int, height: int) -> tuple[int, int] | None:
    """The next smaller sides to try; None where the picture would become too small to see."""
    next_width, next_height = round(width * SHRINK), round(height * SHRINK)
    return (next_width, next_height) if min(next_width, next_height) >= LEAST_SIDE else None


def kilobits(max_bytes: int, seconds: float) -> int:
    """The video rate in kbit/s that keeps a recording under `max_bytes` beside 128 kbit/s of sound; 0 for free."""
    return max(1, int(max_bytes * 8 * 0.92 / seconds / 1000) - 128) if max_bytes and seconds else 0


def impossible(rule: MediaRule) -> Refused:
    """No rendition meets the rule."""
    return Refused(
        _("The file cannot be made to fit: at most %(limit)s bytes as %(types)s.")
        % {"limit": rule.max_bytes, "types": ", ".join(rule.mimes)},
        field="attachments",
        remedy=_("Use another or a smaller file for this channel."),
    )
