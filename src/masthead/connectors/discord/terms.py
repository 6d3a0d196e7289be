"""What Discord's terms for developers allow with data obtained through its API."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Term, Terms

POLICY = Source(
    "https://support-dev.discord.com/hc/en-us/articles/8563934450327-Discord-Developer-Policy", date(2026, 11, 24)
)

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", POLICY),
        Term("own_post", "store", "allow", "", POLICY),
        Term("own_post", "analyse", "allow", "", POLICY),
        Term("own_post", "redistribute", "allow", "", POLICY),
        Term("own_post", "ai_train", "deny", "", POLICY),
        Term("others_post", "display", "ask", "", POLICY),
        Term("others_post", "store", "ask", "", POLICY),
        Term("others_post", "analyse", "ask", "", POLICY),
        Term("others_post", "redistribute", "deny", "", POLICY),
        Term("others_post", "ai_train", "deny", "", POLICY),
        Term("profile", "display", "allow", "", POLICY),
        Term("profile", "combine", "deny", "", POLICY),
    ),
)
"""Messages that the workspace wrote with Masthead are its own. The policy was read in summaries of the version of 8 July 2024: its
own page could not be opened."""
