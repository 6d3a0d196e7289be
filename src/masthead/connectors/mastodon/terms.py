"""What Mastodon's terms allow with data obtained here. Each server has its own rules; these are the usual ones."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Term, Terms

READ_ON = date(2026, 11, 24)
RULES = Source("https://mastodon.social/terms-of-service", READ_ON)
GUIDELINES = Source("https://docs.joinmastodon.org/api/guidelines/", READ_ON)

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", GUIDELINES),
        Term("own_post", "store", "allow", "", GUIDELINES),
        Term("own_post", "analyse", "allow", "", GUIDELINES),
        Term("own_post", "redistribute", "allow", "", GUIDELINES),
        Term("others_post", "display", "allow", "", GUIDELINES),
        Term("others_post", "store", "ask", "", RULES),
        Term("others_post", "redistribute", "ask", "", RULES),
        Term("others_post", "ai_train", "deny", "", RULES),
    ),
)
