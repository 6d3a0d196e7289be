"""LinkedIn's "little text": reserved characters carry a backslash, hashtags and mentions are templates.

Source: https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format.
"""

from __future__ import annotations

import re

RESERVED = re.compile(r"[|{}@\[\]()<>#\\*_~]")
_HASHTAG = re.compile(r"(?<![\w#&/])#(\w*[^\W\d_]\w*)")
_HASHTAG_SENT = re.compile(r"\{hashtag\|\\?#\|((?:\\.|[^}\\])*)\}")
_MENTION_SENT = re.compile(r"@\[((?:\\.|[^\]\\])*)\]\((?:\\.|[^)\\])*\)")
_ESCAPED = re.compile(r"\\([|{}@\[\]()<>#\\*_~])")


def written(text: str) -> str:
    """A plain text as LinkedIn wants it. A reserved character without its backslash would cut the text off there."""
    parts, at = [], 0
    for tag in _HASHTAG.finditer(text):
        parts += [_escaped(text[at : tag.start()]), "{hashtag|\\#|", _escaped(tag[1]), "}"]
        at = tag.end()
    return "".join([*parts, _escaped(text[at:])])


def plain(sent: str) -> str:
    """A text as LinkedIn keeps it, as people see it."""
    without = _MENTION_SENT.sub(r"\1", _HASHTAG_SENT.sub(r"\#\1", sent))
    return _ESCAPED.sub(r"\1", without)


def _escaped(text: str) -> str:
    return RESERVED.sub(lambda found: "\\" + found[0], text)
