"""What Slack's terms for its API allow with data obtained through it."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Term, Terms

TERMS_OF_SERVICE = Source("https://slack.com/terms-of-service/api", date(2026, 11, 24))
CHANGES = Source("https://docs.slack.dev/changelog/2025/10/13/api-terms-update", date(2026, 11, 24))

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", TERMS_OF_SERVICE),
        Term("own_post", "store", "ask", "", TERMS_OF_SERVICE),
        Term("own_post", "analyse", "allow", "", TERMS_OF_SERVICE),
        Term("own_post", "redistribute", "allow", "", CHANGES),
        Term("own_post", "ai_train", "deny", "", TERMS_OF_SERVICE),
        Term("others_post", "display", "ask", "", TERMS_OF_SERVICE),
        Term("others_post", "store", "deny", "", TERMS_OF_SERVICE),
        Term("others_post", "redistribute", "deny", "", TERMS_OF_SERVICE),
        Term("others_post", "ai_train", "deny", "", TERMS_OF_SERVICE),
        Term("profile", "combine", "deny", "", TERMS_OF_SERVICE),
    ),
)
"""Since 29 May 2025 bulk export, lasting copies and training of language models with data from the API are forbidden to apps of third
parties; read in reports about the terms. What the workspace wrote in Masthead is its own and does not come from Slack."""
