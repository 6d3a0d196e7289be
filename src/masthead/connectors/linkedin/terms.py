"""What LinkedIn's terms allow with data obtained through its API."""

from __future__ import annotations

from datetime import timedelta

from masthead.connectors.linkedin.app import API_TERMS
from masthead.connectors.linkedin.plans import READ_ON
from masthead.contract.capabilities import Source
from masthead.contract.terms import Term, Terms

STORAGE = Source("https://learn.microsoft.com/en-us/linkedin/marketing/data-storage-requirements", READ_ON)

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", API_TERMS),
        Term("own_post", "store", "allow", "", STORAGE),
        Term("own_post", "analyse", "allow", "", STORAGE),
        Term("own_post", "redistribute", "allow", "", STORAGE),
        Term("own_post", "combine", "deny", "", API_TERMS),
        Term("own_post", "ai_train", "deny", "", API_TERMS),
        Term("others_post", "display", "allow", "", API_TERMS),
        Term("others_post", "store", "allow", "", STORAGE, within=timedelta(hours=48)),
        Term("others_post", "redistribute", "deny", "", API_TERMS),
        Term("others_post", "ai_train", "deny", "", API_TERMS),
        Term("profile", "display", "allow", "", API_TERMS),
        Term("profile", "store", "allow", "", STORAGE, within=timedelta(hours=24)),
        Term("profile", "combine", "deny", "", API_TERMS),
    ),
)
"""A Page's own numbers may be kept for a year."""
