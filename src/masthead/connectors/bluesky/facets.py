"""Where links, mentions and hashtags are in a text, in UTF-8 bytes. The text itself is never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import regex

from masthead.connectors.bluesky.identity import HANDLE
from masthead.kit.text import graphemes, links

TAG_GRAPHEMES = 64
TAG_BYTES = 640
# Signs that end a sentence or a quotation in many scripts, not an address.
CLOSING = "”’“»›」』）】》〉。、，．！？…；："
_MENTION = regex.compile(r"(?<![\w@/.+\-])@([a-zA-Z0-9.-]+)")
_TAG = regex.compile(r"(?<![^\s(（「『])[#＃]([^\s\u00AD\u2060\u200A\u200B\u200C\u20E2]+)")
_TRAILING = regex.compile(r"[\p{P}\u200D]+$")
_MEANING = regex.compile(r"[^\d\p{P}\u200D\uFE0F\u20E3]")

Kind = Literal["link", "mention", "tag"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text in code points, and what it means: an address, a handle or a tag without its sign."""

    start: int
    end: int
    kind: Kind
    value: str

    def overlaps(self, other: Span) -> bool:
        """True where both share a character."""
        return self.start < other.end and other.start < self.end


def spans(text: str) -> list[Span]:
    """All links, mentions and tags in the order of the text; where two overlap, the one named first here wins."""
    found: list[Span] = []
    for one in (*_links(text), *_mentions(text), *_tags(text)):
        if not any(one.overlaps(other) for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _links(text: str) -> list[Span]:
    return [
        _link(text, one.start, one.start + len(text[one.start : one.end].rstrip(CLOSING)))
        for one in links(text, bare=True)
        if text[max(0, one.start - 1) : one.start] not in ("@", "＠")
    ]


def _link(text: str, start: int, end: int) -> Span:
    shown = text[start:end]
    return Span(start, end, "link", shown if shown.lower().startswith(("http://", "https://")) else f"https://{shown}")


def _mentions(text: str) -> list[Span]:
    found = []
    for match in _MENTION.finditer(text):
        handle = match[1].rstrip(".-")
        if HANDLE.fullmatch(handle):
            found.append(Span(match.start(), match.start(1) + len(handle), "mention", handle.lower()))
    return found


def _tags(text: str) -> list[Span]:
    found = []
    for match in _TAG.finditer(text):
        tag = _TRAILING.sub("", match[1])
        fits = len(graphemes(tag)) <= TAG_GRAPHEMES and len(tag.encode()) <= TAG_BYTES
        if fits and not tag.startswith("\ufe0f") and _MEANING.search(tag):
            found.append(Span(match.start(), match.start(1) + len(tag), "tag", tag))
    return found


def handles(found: Sequence[Span]) -> list[str]:
    """The handles mentioned, each once."""
    return list(dict.fromkeys(one.value for one in found if one.kind == "mention"))


def facets(text: str, found: Sequence[Span], dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """The facets of a record; a mention whose handle is not in `dids` stays plain text."""
    made = []
    for one in found:
        feature = _feature(one, dids)
        if feature:
            start = len(text[: one.start].encode())
            size = len(text[one.start : one.end].encode())
            made.append({"index": {"byteStart": start, "byteEnd": start + size}, "features": [feature]})
    return made


def _feature(one: Span, dids: Mapping[str, str]) -> dict[str, str] | None:
    if one.kind == "link":
        return {"$type": "app.bsky.richtext.facet#link", "uri": one.value}
    if one.kind == "tag":
        return {"$type": "app.bsky.richtext.facet#tag", "tag": one.value}
    did = dids.get(one.value)
    return {"$type": "app.bsky.richtext.facet#mention", "did": did} if did else None
