"""What Reddit's Developer Terms (24 March 2026) allow with data obtained through its API."""

from __future__ import annotations

from masthead.connectors.reddit.app import DEVELOPER_TERMS
from masthead.contract.terms import Term, Terms

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", DEVELOPER_TERMS),
        Term("own_post", "store", "allow", "", DEVELOPER_TERMS),
        Term("own_post", "analyse", "ask", "", DEVELOPER_TERMS),
        Term("own_post", "redistribute", "allow", "", DEVELOPER_TERMS),
        Term("own_post", "ai_train", "deny", "", DEVELOPER_TERMS),
        Term("others_post", "display", "allow", "", DEVELOPER_TERMS),
        Term("others_post", "analyse", "ask", "", DEVELOPER_TERMS),
        Term("others_post", "redistribute", "deny", "", DEVELOPER_TERMS),
        Term("others_post", "ai_train", "deny", "", DEVELOPER_TERMS),
    ),
)
"""What is removed on Reddit must be removed here as soon as possible. Own posts may be exported to their author, who holds the rights."""
