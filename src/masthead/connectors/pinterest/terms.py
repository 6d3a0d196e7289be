"""What Pinterest's guidelines for developers allow with data obtained through its API."""

from __future__ import annotations

from masthead.connectors.pinterest.app import GUIDELINES
from masthead.contract.terms import Term, Terms

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", GUIDELINES),
        Term("own_post", "store", "deny", "", GUIDELINES),
        Term("own_post", "analyse", "allow", "", GUIDELINES),
        Term("own_post", "combine", "deny", "", GUIDELINES),
        Term("own_post", "redistribute", "allow", "", GUIDELINES),
        Term("others_post", "store", "deny", "", GUIDELINES),
        Term("others_post", "combine", "deny", "", GUIDELINES),
        Term("others_post", "redistribute", "deny", "", GUIDELINES),
        Term("profile", "store", "deny", "", GUIDELINES),
        Term("profile", "combine", "deny", "", GUIDELINES),
    ),
)
"""Handing somebody the data of their own account is allowed in so many words. Text that was written in Masthead is the workspace's
own and does not come from Pinterest. Training is not spoken of in the guidelines we read."""
