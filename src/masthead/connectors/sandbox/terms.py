"""What may be done with data from the sandbox: everything, since nobody real is behind it."""

from __future__ import annotations

from masthead.connectors.sandbox.capabilities import ABOUT
from masthead.contract.terms import Term, Terms

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "store", "allow", "", ABOUT),
        Term("own_post", "analyse", "allow", "", ABOUT),
        Term("own_post", "redistribute", "allow", "", ABOUT),
        Term("others_post", "display", "allow", "", ABOUT),
        Term("profile", "display", "allow", "", ABOUT),
    ),
)
