"""What may be done with an item, use by use, as the gate answers, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from masthead.channels.words import spoken
from masthead.contract.terms import USES
from masthead.rights.items import Item
from masthead.rights.permit import answer
from masthead.rights.release import rules_for

USE_WORDS: dict[str, Any] = {
    "display": gettext_lazy("Show it here"),
    "store": gettext_lazy("Keep it"),
    "analyse": gettext_lazy("Analyse"),
    "combine": gettext_lazy("Combine with other data"),
    "ai_input": gettext_lazy("Give to an AI model as input"),
    "ai_train": gettext_lazy("Train an AI model"),
    "redistribute": gettext_lazy("Take a copy of it out"),
}
VERDICTS: dict[str, tuple[Any, str, str]] = {
    "allow": (pgettext_lazy("use", "Allowed"), "ok", "check"),
    "deny": (pgettext_lazy("use", "Not allowed"), "bad", "ban"),
    "ask": (pgettext_lazy("use", "Only with consent"), "warn", "message-circle-question-mark"),
    "unknown": (pgettext_lazy("use", "Not stated, so it is not done"), "quiet", "circle-help"),
}


@dataclass(frozen=True, slots=True)
class Answered:
    """One use: whether, and why."""

    use: str
    verdict: str
    tone: str
    icon: str
    why: str
    source: str


def uses_of(item: Item, now: datetime) -> list[Answered]:
    """Every use with the gate's answer at `now`."""
    rules = rules_for(item.workspace_id)
    found: list[Answered] = []
    for use in USES:
        said = answer(item, use, rules=rules, now=now)
        word, tone, icon = VERDICTS[said.verdict]
        because = said.because
        found.append(Answered(str(USE_WORDS[use]), str(word), tone, icon, spoken(because.clause), because.source_url))
    return found
