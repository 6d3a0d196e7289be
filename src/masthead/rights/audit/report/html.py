"""The report as one page: nothing is fetched, nothing runs. Built as a tree, so that every text is escaped by what writes it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import singledispatch
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from masthead.rights.audit.report import blocks
from masthead.rights.audit.report.shapes import Box, Drawing, Label, Stroke

STYLE: Final = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
NAME: Final = "Audit of a corpus"


def page(content: blocks.Blocks) -> bytes:
    """The page, UTF-8. Its policy forbids everything but its own style."""
    allowed = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{allowed}'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", {"http-equiv": "Content-Security-Policy", "content": policy}),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", NAME),
        tag("style", STYLE),
    )
    whole = tag("html", head, tag("body", tag("main", *(drawn(one) for one in content))), lang="en")
    return f"<!doctype html>\n{ElementTree.tostring(whole, encoding='unicode', method='html')}\n".encode()


def tag(name: str, /, *children: Element | str | dict[str, str], **attributes: str) -> Element:
    """An element; a dict among the children gives attributes whose names are no Python names."""
    element = Element(name, {key.rstrip("_"): value for key, value in attributes.items()})
    for child in children:
        if isinstance(child, dict):
            element.attrib.update(child)
        elif isinstance(child, Element):
            element.append(child)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + child
        else:
            element.text = (element.text or "") + child
    return element


@singledispatch
def drawn(block: blocks.Block) -> Element:
    """A block as an element."""
    raise TypeError(f"Nothing draws {type(block).__name__}.")


@drawn.register
def _(block: blocks.Heading) -> Element:
    return tag(f"h{block.level}", block.text)


@drawn.register
def _(block: blocks.Words) -> Element:
    return tag("p", block.text, **({"class_": block.tone} if block.tone else {}))


@drawn.register
def _(block: blocks.Points) -> Element:
    return tag("ul", *(tag("li", one) for one in block.items))


@drawn.register
def _(block: blocks.Figures) -> Element:
    pairs = (tag("div", tag("dt", label), tag("dd", number)) for number, label in block.items)
    return tag("dl", *pairs, class_="figures")


@drawn.register
def _(block: blocks.Table) -> Element:
    table = tag("table", class_="texts" if block.texts else "numbers")
    if block.caption:
        table.append(tag("caption", block.caption))
    sides = [{"class": "right"} if block.right(column) else {} for column in range(len(block.head))]
    head = (tag("th", one, side, scope="col") for one, side in zip(block.head, sides, strict=True))
    table.append(tag("thead", tag("tr", *head)))
    rows = (
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", *one) for one in zip(row[1:], sides[1:], strict=True)))
        for row in block.rows
    )
    table.append(tag("tbody", *rows))
    return tag("div", table, class_="scroll", tabindex="0")


@drawn.register
def _(block: blocks.Picture) -> Element:
    caption = tag("figcaption", tag("b", f"{block.title}. "), block.says)
    return tag("figure", tag("div", svg(block.drawing, block.title), class_="scroll"), caption)


@drawn.register
def _(block: blocks.Pair) -> Element:
    sides = tag("div", _side("Your post", block.post), _side("In the corpus", block.place), class_="sides")
    facts = tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in block.facts), class_="facts")
    return tag("article", tag("h3", tag("bdi", block.title)), tag("p", block.note), sides, facts)


def _side(title: str, segments: blocks.Segments) -> Element:
    pieces: Sequence[Element | str] = [tag("mark", text) if mark else text for text, mark in segments]
    return tag("section", tag("h4", title), tag("blockquote", *pieces, dir="auto"))


def svg(drawing: Drawing, title: str) -> Element:
    """A drawing as inline SVG; roles are classes, so that the page's style colours them in light and dark."""
    box = f"0 0 {drawing.width:g} {drawing.height:g}"
    element = tag("svg", {"aria-label": title}, viewBox=box, role="img", width=f"{drawing.width:g}")
    element.extend(_shape(one) for one in drawing.shapes)
    return element


def _shape(shape: Box | Stroke | Label) -> Element:
    if isinstance(shape, Box):
        places = {"x": shape.x, "y": shape.y, "width": shape.width, "height": shape.height}
        return tag("rect", {name: f"{value:.2f}" for name, value in places.items()}, class_=shape.role)
    if isinstance(shape, Stroke):
        return tag("polyline", points=" ".join(f"{x:.2f},{y:.2f}" for x, y in shape.points), class_=shape.role)
    anchor = {"text-anchor": str(shape.anchor)}
    return tag("text", shape.text, anchor, x=f"{shape.x:.2f}", y=f"{shape.y:.2f}", class_=shape.role)
