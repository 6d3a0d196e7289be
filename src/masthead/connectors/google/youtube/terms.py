"""What YouTube's terms allow with data obtained through its API."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Term, Terms

POLICIES = Source("https://developers.google.com/youtube/terms/developer-policies", date(2026, 8, 22))

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", POLICIES),
        Term("own_post", "store", "allow", "", POLICIES),
        Term("own_post", "analyse", "allow", "", POLICIES),
        Term("own_post", "redistribute", "allow", "", POLICIES),
        Term("own_post", "combine", "deny", "", POLICIES),
        Term("others_post", "display", "allow", "", POLICIES),
        Term("others_post", "store", "ask", "", POLICIES),
        Term("others_post", "redistribute", "deny", "", POLICIES),
        Term("others_post", "ai_train", "deny", "", POLICIES),
        Term("profile", "display", "allow", "", POLICIES),
        Term("profile", "combine", "deny", "", POLICIES),
    ),
)
"""Numbers that need a sign-in may be kept while it holds; other data is to be refreshed or deleted within 30 days."""
