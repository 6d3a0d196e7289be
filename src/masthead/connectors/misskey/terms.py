"""What may be done with data from a Misskey server. Each server has its own terms; without them a careful reading stands here."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Term, Terms

RULES = Source("https://misskey-hub.net/docs/for-developers/api/", date(2026, 11, 24))

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", RULES),
        Term("own_post", "store", "allow", "", RULES),
        Term("own_post", "analyse", "allow", "", RULES),
        Term("own_post", "redistribute", "allow", "", RULES),
        Term("others_post", "display", "allow", "", RULES),
        Term("others_post", "store", "ask", "", RULES),
        Term("others_post", "redistribute", "ask", "", RULES),
        Term("others_post", "ai_train", "deny", "", RULES),
    ),
)
"""Misskey's own documentation forbids none of it and each server's terms stand on its own pages: what goes beyond own posts is asked."""
