"""What Telegram's terms for bots allow with data obtained through the Bot API."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Term, Terms

DEVELOPERS = Source("https://telegram.org/tos/bot-developers", date(2026, 11, 24))

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", DEVELOPERS),
        Term("own_post", "store", "allow", "", DEVELOPERS),
        Term("own_post", "analyse", "allow", "", DEVELOPERS),
        Term("own_post", "redistribute", "allow", "", DEVELOPERS),
        Term("others_post", "store", "ask", "", DEVELOPERS),
        Term("others_post", "redistribute", "deny", "", DEVELOPERS),
        Term("others_post", "ai_train", "deny", "", DEVELOPERS),
        Term("profile", "combine", "deny", "", DEVELOPERS),
    ),
)
"""Masthead reads no messages on Telegram: what it keeps is what the workspace wrote itself."""
