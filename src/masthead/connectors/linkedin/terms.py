"""What LinkedIn's terms allow with data obtained through its API."""

from __future__ import annotations

from masthead.connectors.linkedin.app import API_TERMS
from masthead.connectors.linkedin.plans import READ_ON
from masthead.contract.capabilities import Source
from masthead.contract.terms import Term

STORAGE = Source("https://learn.microsoft.com/en-us/linkedin/marketing/data-storage-requirements", READ_ON)

TERMS = (
    Term("own_post", "display", "allow", API_TERMS),
    Term("own_post", "store", "allow", STORAGE),
    Term("own_post", "analyse", "allow", STORAGE),
    Term("own_post", "export", "allow", STORAGE),
    Term("own_post", "combine", "deny", API_TERMS),
    Term("own_post", "train", "deny", API_TERMS),
    Term("others_post", "display", "allow", API_TERMS),
    Term("others_post", "store", "deny", STORAGE),
    Term("others_post", "export", "deny", API_TERMS),
    Term("others_post", "train", "deny", API_TERMS),
    Term("profile", "display", "allow", API_TERMS),
    Term("profile", "combine", "deny", API_TERMS),
)
"""Other members' posts may be kept for 48 hours and their profiles for 24; a Page's own numbers for a year."""
