"""Words that people see for kinds and metrics."""

from __future__ import annotations

import re
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

METRIC_WORDS: dict[str, Any] = {
    "impressions": _("Impressions"),
    "reach": _("Reach"),
    "views": _("Views"),
    "likes": _("Likes"),
    "replies": _("Replies"),
    "reposts": _("Reposts"),
    "quotes": _("Quotes"),
    "bookmarks": _("Bookmarks"),
    "clicks": _("Clicks"),
    "profile_visits": _("Profile visits"),
    "watch_seconds": _("Seconds watched"),
}
KIND_WORDS: dict[str, Any] = {
    "post": _("Post"),
    "reply": _("Reply"),
    "repost": _("Repost"),
    "story": _("Story"),
}


def metric_word(name: str) -> str:
    """A metric in words; the platform's own name, made readable, where it has no word of ours."""
    return str(METRIC_WORDS.get(name) or re.sub(r"[_.]+|(?<=[a-z])(?=[A-Z])", " ", name).strip().capitalize())


def number(value: float) -> str:
    """A number as the reader's language writes it, with one decimal where it has any."""
    return str(number_format(value, decimal_pos=0 if value == int(value) else 1, force_grouping=True))
