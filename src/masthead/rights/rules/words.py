"""Words that people see for uses, verdicts, origins and evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from masthead.contract.terms import Verdict

USE_WORDS: dict[str, Any] = {
    "display": gettext_lazy("Show"),
    "store": gettext_lazy("Keep"),
    "analyse": gettext_lazy("Analyse"),
    "combine": gettext_lazy("Join with other data"),
    "ai_input": gettext_lazy("Give to an AI as input"),
    "ai_train": gettext_lazy("Train an AI"),
    "redistribute": gettext_lazy("Export or hand on"),
}
VIA_WORDS: dict[str, Any] = {
    "api": gettext_lazy("Read through the platform’s API"),
    "export": gettext_lazy("From the account’s own archive"),
    "own": gettext_lazy("Written in Masthead"),
    "federation": gettext_lazy("Came by federation"),
}
EVIDENCE_WORDS: dict[str, Any] = {
    "read": gettext_lazy("read there"),
    "copy": gettext_lazy("read in an archived copy"),
    "report": gettext_lazy("read in reports about it"),
    "none": gettext_lazy("could not be read"),
}


class Look(NamedTuple):
    """How a verdict is shown: never by colour alone."""

    word: Any
    icon: str
    tone: str


LOOKS: dict[Verdict, Look] = {
    "allow": Look(pgettext_lazy("terms", "Allowed"), "check", "ok"),
    "ask": Look(pgettext_lazy("terms", "Only with consent"), "message-circle-question-mark", "warn"),
    "unknown": Look(pgettext_lazy("terms", "Unknown"), "circle-help", "quiet"),
    "deny": Look(pgettext_lazy("terms", "Not allowed"), "ban", "bad"),
}


def span(within: timedelta | None) -> str:
    """A time limit in words; "" without one."""
    if within is None:
        return ""
    hours = int(within.total_seconds() // 3600)
    if hours <= 48 or hours % 24:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return _("one year") if hours == 365 * 24 else ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}
