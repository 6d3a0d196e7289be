"""Matrix is a protocol: each homeserver and each room has its own rules. What others write in a room is theirs."""

from __future__ import annotations

from masthead.connectors.matrix.capabilities import CLIENT_API, MESSAGES
from masthead.contract.terms import Deletion, Kind, say, whole
from masthead.kit.words import N_ as _

OTHERS: tuple[Kind, ...] = ("others_post", "message", "profile", "reaction")
CLIENTS = _("An application shows people what their account may see, and acts for it.")
ROOMS = _("Each homeserver and each room has rules of its own, and what somebody wrote there stays theirs.")

TERMS = whole(
    "2026-11-24",
    None,
    say("own_post", ("display", "store", "analyse", "redistribute"), "allow", CLIENTS, CLIENT_API),
    say(OTHERS, ("display", "store"), "ask", ROOMS, MESSAGES),
    say(
        OTHERS,
        "ai_train",
        "deny",
        _("Nothing allows anybody to train with other people's words; Masthead does not either."),
        MESSAGES,
    ),
    rest=CLIENT_API,
    silent=ROOMS,
    deletion=Deletion(_("A message that is redacted is empty for everybody."), CLIENT_API),
    per_server=True,
)
