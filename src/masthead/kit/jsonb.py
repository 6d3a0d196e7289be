"""JSON as PostgreSQL's jsonb takes it. What platforms and archives hold would otherwise fail a whole statement."""

from __future__ import annotations

import json
import math
from typing import Any

from masthead.kit.text import plain

# Made once: `json.dumps` makes one each time when it is not to write ASCII.
STRICT = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
LENIENT = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=str)
"""Writes what JSON has no form for as text."""


def dumped(value: Any, encoder: json.JSONEncoder = STRICT) -> str:
    """JSON without NUL; "?" stands for half a surrogate pair, null for a number that is none.

    TypeError for a value without a form in JSON (but with LENIENT), RecursionError for one that is nested too deeply.
    """
    try:
        text = encoder.encode(value)
    except ValueError:
        text = encoder.encode(_clean(value))
    if "\\u0000" in text:
        text = encoder.encode(_clean(value))
    return text if text.isascii() else plain(text)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {_clean(name): _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value
