"""How a state looks: tone, icon and word, so that colour is never the only sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from masthead.posts.states import Editorial, State


@dataclass(frozen=True)
class Look:
    """One state's tone (a CSS class `tone-<tone>`), icon and word."""

    tone: str
    icon: str
    word: Any


LOOKS: dict[str, Look] = {
    Editorial.DRAFT: Look("quiet", "pencil", pgettext_lazy("state", "Draft")),
    Editorial.IN_REVIEW: Look("info", "eye", pgettext_lazy("state", "In review")),
    Editorial.APPROVED: Look("ok", "check", pgettext_lazy("state", "Approved")),
    Editorial.ARCHIVED: Look("quiet", "archive", pgettext_lazy("state", "Archived")),
    State.SCHEDULED: Look("info", "clock", pgettext_lazy("state", "Scheduled")),
    State.PUBLISHING: Look("info", "send-horizontal", pgettext_lazy("state", "Publishing")),
    State.PROCESSING: Look("info", "hourglass", pgettext_lazy("state", "Processing")),
    State.PUBLISHED: Look("ok", "circle-check", pgettext_lazy("state", "Published")),
    State.UNCONFIRMED: Look("warn", "circle-help", pgettext_lazy("state", "Unconfirmed")),
    State.FAILED: Look("bad", "circle-x", pgettext_lazy("state", "Failed")),
    State.CANCELLED: Look("quiet", "ban", pgettext_lazy("state", "Cancelled")),
    State.EXPIRED: Look("warn", "timer-off", pgettext_lazy("state", "Expired")),
    State.REMOVED: Look("quiet", "trash-2", pgettext_lazy("state", "Removed")),
    "connected": Look("ok", "plug", _("Connected")),
    "needs_reconnect": Look("bad", "unplug", _("Needs to be reconnected")),
    "proposed": Look("info", "circle-help", _("Proposed")),
    "announced": Look("warn", "hourglass", _("Announced")),
    "in_force": Look("bad", "lock", _("In force")),
    "withdrawn": Look("quiet", "ban", _("Withdrawn")),
    "read_only": Look("quiet", "lock", _("Read-only")),
    "disconnected": Look("quiet", "unlink", _("Disconnected")),
}


def look(state: str) -> Look:
    """The look of a state; an unknown one is shown quietly by its own name."""
    return LOOKS.get(state) or Look("quiet", "circle", state)
