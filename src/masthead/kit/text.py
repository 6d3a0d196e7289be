"""Text as platforms see it: what counts as one character, where the links are, how long a text is."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

import regex
from linkify_it import LinkifyIt

LINK_LENGTH = 23
DIGITS = 18
_GRAPHEME = regex.compile(r"\X")
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3")
_SCHEME = regex.compile(r"(?<![A-Za-z0-9@＠$#＃_])https?:(?=//)", regex.IGNORECASE)
_REMOTE = regex.compile(r"(?<![=/\w])@(\w+(?:[\w.-]+\w+)?)@\w+(?:[.-]+\w+)*", regex.ASCII)
_LINKIFY = LinkifyIt(options={"fuzzy_email": False})
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


class Link(NamedTuple):
    """A link in a text: `start` and `end` in code points, `url` always with its scheme."""

    start: int
    end: int
    url: str


def graphemes(text: str) -> list[str]:
    """The characters a person sees (extended grapheme clusters of UAX 29)."""
    return _GRAPHEME.findall(text)


def links(text: str, *, bare: bool = False) -> list[Link]:
    """Links with http or https in the order of the text; with `bare` also such as `example.org/a`."""
    found = list(_with_scheme(text))
    if bare:
        found += [link for link in _without_scheme(text) if not any(_overlap(link, other) for other in found)]
    return sorted(found)


def has_link(text: str, *, bare: bool = False) -> bool:
    """True where `links` would find one: asked for each post of a schedule, so it stops at the first."""
    if next(_with_scheme(text), None):
        return True
    return bare and "." in text and next(_without_scheme(text), None) is not None


def _overlap(one: Link, other: Link) -> bool:
    return one.start < other.end and other.start < one.end


def _with_scheme(text: str) -> Iterator[Link]:
    position = 0
    while match := _SCHEME.search(text, position):
        length = _LINKIFY.test_schema_at(text, match.group().lower(), match.end())
        position = match.end() + length
        if length:
            yield Link(match.start(), position, text[match.start() : position])


def _without_scheme(text: str) -> Iterator[Link]:
    for match in _LINKIFY.match(text) or []:
        if not match.schema and text[match.index - 1 : match.index] not in ("@", "$", "#", "_"):
            yield Link(match.index, match.last_index, match.url)


def replaced(text: str, found: list[Link], put: str) -> str:
    """The text with `put` in the place of each link."""
    parts, position = [], 0
    for link in found:
        parts += [text[position : link.start], put]
        position = link.end
    return "".join([*parts, text[position:]])


def number(text: str) -> int | None:
    """A whole number as an address or a form holds it: plain digits, small enough for a key of the database; else None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def plain(text: str) -> str:
    """Text as the database and every platform take it: without NUL, and with "?" for half a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def handle(name: str) -> str:
    """A person's handle as it is compared: without the sign before it and what stands around it, all letters alike."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded).strip().lstrip("@").strip()


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def links_as_23(text: str) -> int:
    """Graphemes, where each http(s) link counts 23 and `@name@server` counts as `@name`."""
    short = replaced(text, links(text), "x" * LINK_LENGTH)
    return len(graphemes(_REMOTE.sub(r"@\1", short)))


def weighted_v3(text: str) -> int:
    """Weighted length, configuration v3: most Latin text 1, other characters and any emoji 2, links 23."""
    text = unicodedata.normalize("NFC", text)
    found = links(text, bare=True)
    rest = replaced(text, found, "")
    return LINK_LENGTH * len(found) + sum(_weight(cluster) for cluster in graphemes(rest))


def _weight(cluster: str) -> int:
    if _EMOJI.search(cluster):
        return 2
    return sum(1 if any(low <= ord(char) <= high for low, high in _LIGHT) else 2 for char in cluster)


def emoji_as_bytes(text: str) -> int:
    """Code points, but an emoji counts as many as it has bytes of UTF-8."""
    return sum(len(one.encode()) if _EMOJI.search(one) else len(one) for one in graphemes(text))


COUNTERS: dict[str, Callable[[str], int]] = {
    "graphemes": lambda text: len(graphemes(text)),
    "code_points": len,
    "utf16": utf16_length,
    "links_as_23": links_as_23,
    "weighted_v3": weighted_v3,
    "emoji_as_bytes": emoji_as_bytes,
}


def count(text: str, how: str) -> int:
    """The length of `text` in the units named by `how` (a key of COUNTERS); KeyError for an unknown name."""
    return COUNTERS[how](text)


def web_address(text: str, longest: int) -> str:
    """An address that a server told, as it may stand in a link: http or https and not too long, else ""."""
    fine = text.startswith(("https://", "http://")) and len(text) <= longest and "\x00" not in text
    return plain(text) if fine else ""
