"""Nostr has no owner and no terms; notes are public by design. Each relay may have its own rules."""

from __future__ import annotations

from masthead.connectors.nostr.capabilities import BASICS, RELAY_LIMITS
from masthead.contract.terms import Term, Terms

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", BASICS),
        Term("own_post", "store", "allow", "", BASICS),
        Term("own_post", "analyse", "allow", "", BASICS),
        Term("own_post", "redistribute", "allow", "", BASICS),
        Term("others_post", "display", "allow", "", BASICS),
        Term("others_post", "store", "ask", "", RELAY_LIMITS),
        Term("others_post", "ai_train", "ask", "", RELAY_LIMITS),
    ),
)
