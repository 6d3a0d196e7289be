"""What Meta's Platform Terms allow with data obtained here, per kind of record and use."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Term, Terms

PLATFORM_TERMS = Source("https://developers.facebook.com/terms/", date(2026, 11, 24))
"""The terms of 22 August 2025, read in Open Terms Archive's copy."""

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", PLATFORM_TERMS),
        Term("own_post", "store", "allow", "", PLATFORM_TERMS),
        Term("own_post", "analyse", "allow", "", PLATFORM_TERMS),
        Term("own_post", "redistribute", "allow", "", PLATFORM_TERMS),
        Term("own_post", "combine", "ask", "", PLATFORM_TERMS),
        Term("others_post", "display", "allow", "", PLATFORM_TERMS),
        Term("others_post", "store", "ask", "", PLATFORM_TERMS),
        Term("others_post", "redistribute", "deny", "", PLATFORM_TERMS),
        Term("others_post", "ai_train", "deny", "", PLATFORM_TERMS),
        Term("profile", "display", "allow", "", PLATFORM_TERMS),
        Term("profile", "combine", "deny", "", PLATFORM_TERMS),
    ),
)
"""Data may not be sold or licensed, nor processed beyond what Meta's documentation allows; profiles may not be built."""
