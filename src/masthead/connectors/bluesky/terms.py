"""What Bluesky's guidelines allow with data obtained here, and what people may declare about their own."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Deletion, Kind, say, whole
from masthead.kit.words import N_ as _

GUIDELINES = Source("https://docs.bsky.app/docs/support/developer-guidelines", date(2026, 11, 24))
INTENTS = Source(
    "https://github.com/bluesky-social/proposals/blob/main/0008-user-intents/README.md", date(2026, 11, 24)
)
OTHERS: tuple[Kind, ...] = ("others_post", "profile", "reaction")
PUBLIC = _("What people publish is public to everybody on the network, as long as they leave it there.")
DECLARED = _("People declare for themselves whether it may be used so; who has declared nothing is asked.")

TERMS = whole(
    "2026-11-24",
    None,
    say(("own_post", *OTHERS), ("display", "store"), "allow", PUBLIC, GUIDELINES),
    say("own_post", ("analyse", "redistribute"), "allow", PUBLIC, GUIDELINES),
    say(OTHERS, ("redistribute", "ai_train", "ai_input"), "ask", DECLARED, INTENTS),
    say("own_post", ("ai_train", "ai_input"), "ask", DECLARED, INTENTS),
    say("message", ("display", "store"), "allow", _("A private message is for those it was sent to."), GUIDELINES),
    say(
        "message",
        ("combine", "redistribute", "ai_train"),
        "deny",
        _("A private message is for those it was sent to, and nobody else."),
        GUIDELINES,
    ),
    rest=GUIDELINES,
    deletion=Deletion(_("Live displays of people's records follow their deletions."), GUIDELINES),
)
"""The guidelines name no version and forbid no training; the proposal on intents is a draft, and the choice of "ask" is ours."""
