"""What Telegram's terms for developers of bots allow with data obtained through the Bot API."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Deletion, Kind, say, whole
from masthead.kit.words import N_ as _

DEVELOPERS = Source("https://telegram.org/tos/bot-developers", date(2026, 11, 24))
OTHERS: tuple[Kind, ...] = ("others_post", "profile", "reaction")
CONSENT = _(
    "What people send to a bot of their own accord may be used for what they were told and agreed to, each for themselves (4.3)."
)
NEEDED = _("A bot keeps and processes only what it needs to do its work (4.2, 4.3).")
NO_DATASETS = _("Collecting data for large datasets, machine learning or AI products is always forbidden (4.3).")

TERMS = whole(
    "2026-11-24",
    None,
    say(("own_post", "message", *OTHERS), "display", "allow", NEEDED, DEVELOPERS, evidence="copy"),
    say(("own_post", "message"), "store", "allow", NEEDED, DEVELOPERS, evidence="copy"),
    say("own_post", ("analyse", "redistribute"), "allow", NEEDED, DEVELOPERS, evidence="copy"),
    say("message", ("analyse", "ai_input", "combine"), "ask", CONSENT, DEVELOPERS, evidence="copy"),
    say(OTHERS, "store", "ask", NEEDED, DEVELOPERS, evidence="copy"),
    say(("message", *OTHERS), ("redistribute", "ai_train"), "deny", NO_DATASETS, DEVELOPERS, evidence="copy"),
    say(OTHERS, ("combine", "ai_input"), "deny", NO_DATASETS, DEVELOPERS, evidence="copy"),
    rest=DEVELOPERS,
    evidence="copy",
    deletion=Deletion(
        _(
            "People's data are deleted without delay when they or Telegram ask, and when they are not needed any more (4.2)."
        ),
        DEVELOPERS,
    ),
)
"""Masthead reads no messages on Telegram: what it keeps is what the workspace wrote itself."""
