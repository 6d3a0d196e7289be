"""Matrix is a protocol: each homeserver and each room has its own rules. What others write in a room is theirs."""

from __future__ import annotations

from masthead.connectors.matrix.capabilities import CLIENT_API, MESSAGES
from masthead.contract.terms import Term, Terms

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", CLIENT_API),
        Term("own_post", "store", "allow", "", CLIENT_API),
        Term("own_post", "analyse", "allow", "", CLIENT_API),
        Term("own_post", "redistribute", "allow", "", CLIENT_API),
        Term("others_post", "display", "ask", "", MESSAGES),
        Term("others_post", "store", "ask", "", MESSAGES),
        Term("others_post", "ai_train", "deny", "", MESSAGES),
    ),
)
