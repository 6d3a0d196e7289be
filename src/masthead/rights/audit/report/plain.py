"""Texts of strangers, made harmless to look at. Escaping is the work of whoever draws them; this is about letters that deceive the eye."""

from __future__ import annotations

import json
import math
import re
from datetime import datetime
from typing import Final

# control characters, and those that turn the direction of what follows or hide inside words
_INVISIBLE: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_ESCAPE: Final = re.compile(r'\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])')
_SHORT: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def plain(text: str, longest: int = 2000) -> str:
    """The text with what cannot be seen shown as a replacement character, and cut at `longest` characters."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return _INVISIBLE.sub("\ufffd", cut.replace("\r\n", "\n"))


def unescaped(text: str) -> str:
    """The text without the escapes of JSON. A place in a corpus may begin or end inside one, which then stays as it is."""
    whole = _ESCAPE.sub(_letter, text)
    return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _letter(found: re.Match[str]) -> str:
    told = found.group()[1:]
    return chr(int(told[1:], 16)) if len(told) == 5 else _SHORT.get(told, told)


def percent(share: float) -> str:
    """A share as people write it: two significant digits, none that mean nothing."""
    value = 100 * share
    if value and abs(value) < 0.01:
        return "less than 0.01 %" if value > 0 else "about 0 %"
    digits = 0 if not value else 2 if abs(value) < 1 else 1 if abs(value) < 10 else 0
    return f"{f'{value:.{digits}f}'.removesuffix('.0')} %"


def when(moment: str) -> str:
    """An ISO date with time as people write it; anything else as it is."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return plain(moment, 40)
    zone = "" if at.tzinfo is None else f" {at.tzname()}"
    return f"{at.day} {at:%B %Y, %H:%M}{zone}"


def odds(p: float) -> str:
    """A probability as people say it."""
    if p >= 0.001:
        return f"{p:.3f}"
    if p <= 1e-300:
        return "less than 1 in 10^300"
    if p > 1e-7:
        return f"about 1 in {1 / p:,.0f}"
    return f"less than 1 in {10 ** int(-math.log10(p)):,}" if p > 1e-13 else f"less than 1 in 10^{int(-math.log10(p))}"


def quoted(value: object) -> str:
    """A value as JSON, for the list of options."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
