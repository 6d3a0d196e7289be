"""What X's terms allow with data obtained through its API."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Term, Terms

AGREEMENT = Source("https://docs.x.com/developer-terms/agreement", date(2026, 8, 22))
POLICY = Source("https://docs.x.com/developer-terms/policy", date(2026, 8, 22))
RESTRICTED = Source("https://docs.x.com/developer-terms/restricted-use-cases", date(2026, 11, 24))

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", POLICY),
        Term("own_post", "store", "allow", "", AGREEMENT),
        Term("own_post", "analyse", "allow", "", POLICY),
        Term("own_post", "redistribute", "allow", "", RESTRICTED),
        Term("own_post", "ai_train", "deny", "", RESTRICTED),
        Term("others_post", "display", "allow", "", POLICY),
        Term("others_post", "store", "ask", "", AGREEMENT),
        Term("others_post", "analyse", "ask", "", RESTRICTED),
        Term("others_post", "redistribute", "deny", "", RESTRICTED),
        Term("others_post", "ai_train", "deny", "", RESTRICTED),
        Term("profile", "display", "allow", "", POLICY),
        Term("profile", "combine", "ask", "", RESTRICTED),
    ),
)
"""What came through the API must be deleted when the agreement ends; the export is by hand, at most 500 posts a day. Text that
was written in Masthead is the workspace's own and does not come from X."""
