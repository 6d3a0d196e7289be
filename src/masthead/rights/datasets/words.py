"""What the pages say about datasets: uses, rules and counts in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from masthead.channels.words import spoken
from masthead.rights.archive.words import platform_name
from masthead.rights.models import Dataset

USE_WORDS: dict[str, Any] = {
    "redistribute": _("Hand on to somebody"),
    "analyse": _("Analyse"),
    "combine": _("Combine with other data"),
    "ai_input": _("Give to an AI model as input"),
    "ai_train": _("Train an AI model"),
}
RULE_WORDS: dict[str, Any] = {
    "gone": _("Deleted on the platform, or its time is up"),
    "preference": _("The person it belongs to does not want this use"),
    "others": _("Somebody else wrote it: that needs their consent, or a grant"),
    "origin": _("Nobody wrote down how it was obtained"),
    "no-terms": _("Masthead knows no terms of this platform"),
    "grantee": _("It goes to somebody else: that needs a grant"),
    "unlisted": _("Masthead does not know this kind of record or this use"),
    "stop": _("Somebody asked for its erasure, or it is held back"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """Records that stayed in, and why."""

    why: str
    clause: str
    records: int


def kept_in(dataset: Dataset) -> list[Kept]:
    """Why records stayed in, most first."""
    found = [Kept(why_of(one["rule"]), spoken(one["clause"]), one["records"]) for one in dataset.refused]
    return sorted(found, key=lambda one: -one.records)


def why_of(rule: str) -> str:
    """Why a rule keeps records in, in words."""
    first = rule.partition(":")[0]
    if first in RULE_WORDS:
        return str(RULE_WORDS[first])
    return gettext("The terms of %(platform)s") % {"platform": platform_name(first)}


def rows_of(dataset: Dataset, names: Sequence[str] = ("records", "ids")) -> int:
    """How many records left."""
    return sum(one["rows"] for name, one in dataset.files.items() if name.partition(".")[0] in names)
