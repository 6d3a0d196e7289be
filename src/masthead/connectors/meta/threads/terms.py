"""What Meta's terms allow with data obtained here: the same for its whole family."""

from __future__ import annotations

from masthead.connectors.meta.terms import TERMS

__all__ = ["TERMS"]
