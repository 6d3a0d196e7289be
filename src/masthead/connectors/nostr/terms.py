"""Nostr has no owner and no terms; notes are public by design. Each relay may have its own rules."""

from __future__ import annotations

from masthead.connectors.nostr.capabilities import BASICS, RELAY_LIMITS
from masthead.contract.terms import Deletion, Kind, say, whole
from masthead.kit.words import N_ as _

OTHERS: tuple[Kind, ...] = ("others_post", "profile", "reaction")
PUBLIC = _("Notes are signed by their author and public to everybody; nobody owns the network.")
RELAYS = _("A relay may publish terms of its own, and the author of a note keeps the rights in it.")

TERMS = whole(
    "2026-11-24",
    None,
    say("own_post", ("display", "store", "analyse", "redistribute"), "allow", PUBLIC, BASICS),
    say(OTHERS, "display", "allow", PUBLIC, BASICS),
    say(OTHERS, ("store", "redistribute", "ai_input", "ai_train"), "ask", RELAYS, RELAY_LIMITS),
    rest=RELAY_LIMITS,
    silent=RELAYS,
    deletion=Deletion(_("Its author may ask every relay to delete a note; who is asked follows."), BASICS),
    per_server=True,
)
