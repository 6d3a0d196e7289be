"""A post's body: our text as WordPress's paragraph blocks, files as blocks of their own, and the mark by which the post is known.

The mark stands in the first block's `metadata`, which WordPress keeps and shows to nobody. What a person wrote means itself: tags,
shortcodes and blocks typed into a text are shown as typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from masthead.contract.values import MediaKind
from masthead.kit.text import links

BETWEEN = re.compile(r"\n[^\S\n]*\n\s*")
PARAGRAPH = re.compile(r"\s*<!-- wp:paragraph (?:[^>]* )?-->.*?<!-- /wp:paragraph -->", re.DOTALL)
PICTURES = (MediaKind.IMAGE, MediaKind.GIF)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file in the site's media library."""

    id: int
    url: str
    kind: MediaKind
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its name without "wp:", its settings, and the HTML it saves."""

    name: str
    html: str
    settings: dict[str, Any] = field(default_factory=dict)

    def written(self, mark: str = "") -> str:
        """The block as a post holds it."""
        told = self.settings | ({"metadata": {"masthead": mark}} if mark else {})
        settings = f"{json.dumps(told, separators=(',', ':'))} " if told else ""
        return f"<!-- wp:{self.name} {settings}-->\n{self.html}\n<!-- /wp:{self.name} -->"


def body(text: str, files: Sequence[Uploaded], mark: str) -> str:
    """The body of a post: paragraphs, then pictures (several as a gallery), then films and sounds."""
    return _joined([*_paragraphs(text), *_files(files)], mark)


def rewritten(raw: str, text: str, mark: str) -> str:
    """A body with other paragraphs at its beginning; all that follows them stays, whoever put it there."""
    rest = raw
    while found := PARAGRAPH.match(rest):
        rest = rest[found.end() :]
    return "\n\n".join(one for one in (_joined(_paragraphs(text), mark), rest.strip()) if one)


def _joined(blocks: Sequence[Block], mark: str) -> str:
    first, *rest = blocks or [Block("paragraph", "<p></p>")]
    return "\n\n".join([first.written(mark), *(one.written() for one in rest)])


def shown(text: str) -> str:
    """A text as HTML that shows it as it was typed."""
    return escape(text, quote=False)


def inert(html: str) -> str:
    """HTML without the brackets of shortcodes, which WordPress would carry out, in attributes too."""
    return html.replace("[", "&#91;").replace("]", "&#93;")


def linked(text: str) -> str:
    """A text as HTML with its links as links and its line breaks as line breaks."""
    parts, position = [], 0
    for one in links(text):
        address = text[one.start : one.end]
        parts += [shown(text[position : one.start]), f'<a href="{escape(address)}">{shown(address)}</a>']
        position = one.end
    return inert("".join([*parts, shown(text[position:])])).replace("\n", "<br>")


def plain(html: str) -> str:
    """The text of HTML, with paragraphs and line breaks as line breaks."""
    tree = LexborHTMLParser(f"<div>{html}</div>")
    for node in tree.css("br"):
        node.replace_with("\n")
    for node in tree.css("p, li, blockquote, pre, h1, h2, h3, h4, h5, h6"):
        node.insert_after("\n\n")
    told = tree.body.text(deep=True, separator="") if tree.body else ""
    return re.sub(r"\n{3,}", "\n\n", told).strip()


def _paragraphs(text: str) -> list[Block]:
    parts = (one.strip() for one in BETWEEN.split(text.replace("\r\n", "\n")))
    return [Block("paragraph", f"<p>{linked(one)}</p>") for one in parts if one]


def _files(files: Sequence[Uploaded]) -> list[Block]:
    pictures = [_picture(one) for one in files if one.kind in PICTURES]
    return [
        *(_gallery(pictures) if len(pictures) > 1 else pictures),
        *(_player(one) for one in files if one.kind not in PICTURES),
    ]


def _picture(one: Uploaded) -> Block:
    image = f'<img src="{escape(one.url)}" alt="{inert(escape(one.alt))}" class="wp-image-{one.id}"/>'
    settings = {"id": one.id, "sizeSlug": "full", "linkDestination": "none"}
    return Block("image", f'<figure class="wp-block-image size-full">{image}</figure>', settings)


def _gallery(pictures: Sequence[Block]) -> list[Block]:
    inner = "\n\n".join(one.written() for one in pictures)
    classes = "wp-block-gallery has-nested-images columns-default is-cropped"
    return [Block("gallery", f'<figure class="{classes}">{inner}</figure>', {"linkTo": "none"})]


def _player(one: Uploaded) -> Block:
    name = "video" if one.kind is MediaKind.VIDEO else "audio"
    player = f'<{name} controls src="{escape(one.url)}"></{name}>'
    return Block(name, f'<figure class="wp-block-{name}">{player}</figure>', {"id": one.id})
