"""Nostr has no owner and no terms; notes are public by design. Each relay may have its own rules."""

from __future__ import annotations

from masthead.connectors.nostr.capabilities import BASICS, RELAY_LIMITS
from masthead.contract.terms import Term

TERMS = (
    Term("own_post", "display", "allow", BASICS),
    Term("own_post", "store", "allow", BASICS),
    Term("own_post", "analyse", "allow", BASICS),
    Term("own_post", "export", "allow", BASICS),
    Term("others_post", "display", "allow", BASICS),
    Term("others_post", "store", "ask", RELAY_LIMITS),
    Term("others_post", "train", "ask", RELAY_LIMITS),
)
