"""What the platform's terms allow with data obtained here, per kind of record and use."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Term, Terms

GUIDELINES = Source("https://docs.bsky.app/docs/support/developer-guidelines", date(2026, 11, 24))
INTENTS = Source(
    "https://github.com/bluesky-social/proposals/blob/main/0008-user-intents/README.md", date(2026, 11, 24)
)

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", GUIDELINES),
        Term("own_post", "store", "allow", "", GUIDELINES),
        Term("own_post", "analyse", "allow", "", GUIDELINES),
        Term("own_post", "redistribute", "allow", "", GUIDELINES),
        Term("profile", "display", "allow", "", GUIDELINES),
        Term("others_post", "display", "allow", "", GUIDELINES),
        Term("others_post", "redistribute", "ask", "", INTENTS),
        Term("others_post", "ai_train", "ask", "", INTENTS),
    ),
)
"""Live displays of other people's records must honour deletions."""
