"""What may be done with data from a WordPress site: the site is the workspace's own; comments are other people's words."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Term, Terms

RULES = Source("https://wordpress.org/about/license/", date(2026, 11, 24))

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", RULES),
        Term("own_post", "store", "allow", "", RULES),
        Term("own_post", "analyse", "allow", "", RULES),
        Term("own_post", "combine", "allow", "", RULES),
        Term("own_post", "redistribute", "allow", "", RULES),
        Term("own_post", "ai_train", "allow", "", RULES),
        Term("profile", "display", "allow", "", RULES),
        Term("profile", "store", "allow", "", RULES),
        Term("others_post", "display", "allow", "", RULES),
        Term("others_post", "store", "ask", "", RULES),
        Term("others_post", "redistribute", "ask", "", RULES),
        Term("others_post", "ai_train", "deny", "", RULES),
    ),
)
"""WordPress is a program under the GPL that asks nothing of the texts in it. What readers wrote below them stays theirs."""
