"""Words that people see for kinds, shelves and origins."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from masthead.connectors import PLATFORMS
from masthead.rights.archive.wanted import IMPORTED, PUBLISHED, READ
from masthead.rights.items import Item

KIND_WORDS: dict[str, Any] = {
    "own_post": gettext_lazy("Own post"),
    "others_post": gettext_lazy("Post of others"),
    "message": gettext_lazy("Message"),
    "reaction": gettext_lazy("Reaction"),
    "profile": gettext_lazy("Profile"),
    "ad_metrics": gettext_lazy("Numbers of ads"),
}
SHELF_WORDS: dict[str, Any] = {
    IMPORTED: pgettext_lazy("origin", "From an archive"),
    PUBLISHED: pgettext_lazy("origin", "Published from here"),
    READ: pgettext_lazy("origin", "Read from the platform"),
}
ICONS = {IMPORTED: "archive", PUBLISHED: "send-horizontal", READ: "eye"}


def shelf_of(item_id: str) -> str:
    """The shelf that an item's id names."""
    return item_id.partition(":")[0]


def platform_name(key: str) -> str:
    """A platform as people call it; the key itself for one that Masthead does not know."""
    return PLATFORMS[key].name if key in PLATFORMS else key


def how_obtained(item: Item) -> str:
    """How the workspace came by it, in a sentence."""
    day, platform = date_format(item.obtained_at, "DATE_FORMAT"), platform_name(item.platform)
    if item.obtained_via == "own":
        return _("Written here and published on %(platform)s on %(day)s.") % {"platform": platform, "day": day}
    if item.obtained_via == "export":
        return _("Brought in on %(day)s from an archive that %(platform)s gave to the account itself.") % {
            "platform": platform,
            "day": day,
        }
    if item.obtained_via == "federation":
        return _("Came from another server by federation on %(day)s.") % {"day": day}
    return _("Read from %(platform)s through its API on %(day)s.") % {"platform": platform, "day": day}


def under_terms(item: Item) -> str:
    """Under which terms it is kept, in a sentence."""
    if item.obtained_via == "own":
        return _("The workspace’s own words: no platform’s terms bind them.")
    if item.obtained_via == "export" and item.kind == "own_post":
        return _("The account’s own words from its own archive: the terms for the API do not bind them.")
    if item.terms_version:
        return _("The terms of %(platform)s in the version %(version)s.") % {
            "platform": platform_name(item.platform),
            "version": item.terms_version,
        }
    return _("The terms of %(platform)s as they stood then.") % {"platform": platform_name(item.platform)}
