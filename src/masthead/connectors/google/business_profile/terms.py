"""What Google's terms for the Business Profile APIs allow with data obtained through them."""

from __future__ import annotations

from masthead.connectors.google.business_profile.capabilities import READ_ON
from masthead.contract.capabilities import Source
from masthead.contract.terms import Term, Terms

POLICIES = Source("https://developers.google.com/my-business/content/policies", READ_ON)
API_TERMS = Source("https://developers.google.com/terms", READ_ON)

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", POLICIES),
        Term("own_post", "store", "allow", "", POLICIES),
        Term("own_post", "analyse", "allow", "", POLICIES),
        Term("own_post", "redistribute", "allow", "", API_TERMS),
        Term("others_post", "display", "allow", "", POLICIES),
        Term("others_post", "store", "ask", "", API_TERMS),
        Term("others_post", "redistribute", "deny", "", API_TERMS),
        Term("others_post", "ai_train", "deny", "", API_TERMS),
        Term("profile", "display", "allow", "", POLICIES),
    ),
)
"""The APIs may be used to create, manage and report on profiles that are one's own or entrusted; for nothing else. Section 5e of
Google's API terms (of 9 November 2021) forbids lasting copies of what others own, unless they allow them; one's own posts are
one's own.
"""
