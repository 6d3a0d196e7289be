"""The report to print: the same blocks, drawn on pages of A4."""

from __future__ import annotations

from datetime import datetime
from functools import singledispatch
from typing import Final

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from masthead.rights.audit.report import blocks
from masthead.rights.audit.report.fonts import Fonts
from masthead.rights.audit.report.shapes import Box, Drawing, Label, Role, Stroke

INK: Final = (28, 32, 36)
SOFT: Final = (91, 100, 112)
LINE: Final = (205, 211, 218)
CARD: Final = (240, 243, 246)
MARKED: Final = (150, 62, 0)
COLOURS: Final[dict[Role, tuple[int, int, int]]] = {
    "live": (47, 111, 214),
    "chance": (180, 84, 10),
    "grid": LINE,
    "whisker": INK,
    "label": INK,
    "quiet": SOFT,
}
MARGIN: Final = 18.0
SIZES: Final = {1: 20.0, 2: 14.0, 3: 11.0}
UNSHOWN: Final = (
    "{count} letters of posts and places are shown here as boxes, because no font of the machine that wrote this document has them. "
    "The page report.html shows them."
)


class Paper(FPDF):
    """Pages with the number at the foot, and a font that knows the letters at hand."""

    def __init__(self, fonts: Fonts, made_at: str, foot: str) -> None:
        super().__init__(format="A4")
        self.letters = fonts
        self.foot = foot
        self.unshown = 0
        self.set_creation_date(datetime.fromisoformat(made_at))
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN + 4)
        self.face = self._faces(fonts)
        self.set_title("Audit of a corpus")
        self.set_lang("en")
        self.ink("", 10)

    def _faces(self, fonts: Fonts) -> str:
        if fonts.regular is None or fonts.bold is None:
            return "helvetica"
        self.add_font("text", "", fonts.regular)
        self.add_font("text", "B", fonts.bold)
        for number, path in enumerate(fonts.more):
            self.add_font(f"more{number}", "", path)
        if fonts.more:
            self.set_fallback_fonts([f"more{number}" for number in range(len(fonts.more))], exact_match=False)
        return "text"

    def ink(self, style: str, size: float, colour: tuple[int, int, int] = INK) -> None:
        """What the next letters look like."""
        self.set_font(self.face, style, size)
        self.set_text_color(*colour)

    def told(self, text: str) -> str:
        """The text with boxes for letters that cannot be shown, which are counted."""
        shown = self.letters.shown(text)
        self.unshown += sum(one != two for one, two in zip(shown, text.replace("\t", " "), strict=True))
        return shown

    def lines(self, text: str, height: float = 5.0) -> None:
        """A paragraph over the whole width."""
        self.multi_cell(0, height, self.told(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def room(self, height: float) -> None:
        """A new page where less than this is left on this one."""
        if self.will_page_break(height):
            self.add_page()

    def footer(self) -> None:
        """Page number and the key that signs."""
        self.set_y(-MARGIN + 4)
        self.ink("", 7.5, SOFT)
        self.cell(0, 4, f"{self.foot}   page {self.page_no()} of {{nb}}", align="C")


def document(content: blocks.Blocks, fonts: Fonts, made_at: str, foot: str) -> bytes:
    """The document's bytes; the same content, fonts and time give the same bytes."""
    paper = Paper(fonts, made_at, foot)
    paper.add_page()
    for block in content:
        put(block, paper)
    if paper.unshown:
        paper.ln(3)
        paper.ink("", 9, SOFT)
        paper.lines(UNSHOWN.format(count=f"{paper.unshown:,}"), 4.5)
    return bytes(paper.output())


@singledispatch
def put(block: blocks.Block, paper: Paper) -> None:
    """A block on the paper."""
    raise TypeError(f"Nothing prints {type(block).__name__}.")


@put.register
def _(block: blocks.Heading, paper: Paper) -> None:
    paper.room(30)
    paper.ln(0 if block.level == 1 else 5)
    paper.start_section(paper.told(block.text), level=block.level - 1)
    paper.ink("B", SIZES[block.level])
    paper.lines(block.text, SIZES[block.level] * 0.5)
    paper.ln(1.5)


@put.register
def _(block: blocks.Words, paper: Paper) -> None:
    strong = block.tone == "strong"
    size = {"strong": 12.0, "about": 8.5}.get(block.tone, 10.0)
    paper.ink("B" if strong else "", size, SOFT if block.tone in ("quiet", "about") else INK)
    paper.lines(block.text, size * 0.5)
    paper.ln(3 if block.tone == "about" else 1.5)


@put.register
def _(block: blocks.Points, paper: Paper) -> None:
    paper.ink("", 10)
    for item in block.items:
        paper.lines(f"–  {item}")
        paper.ln(0.8)


@put.register
def _(block: blocks.Figures, paper: Paper) -> None:
    paper.room(22)
    width = (paper.epw - 3.0 * (len(block.items) - 1)) / len(block.items)
    top = paper.get_y() + 1
    for place, (number, label) in enumerate(block.items):
        left = MARGIN + place * (width + 3.0)
        paper.set_fill_color(*CARD)
        paper.rect(left, top, width, 19, style="F", round_corners=True, corner_radius=1.5)
        paper.set_xy(left + 2, top + 2)
        paper.ink("B", 14)
        paper.cell(width - 4, 7, number)
        paper.set_xy(left + 2, top + 9)
        paper.ink("", 8, SOFT)
        paper.multi_cell(width - 4, 3.8, label, align="L")
    paper.set_xy(MARGIN, top + 22)


@put.register
def _(block: blocks.Table, paper: Paper) -> None:
    if block.caption:
        paper.room(40)
        paper.ink("", 8.5, SOFT)
        paper.lines(block.caption, 4.5)
    paper.ink("", 7.5 if len(block.head) > 4 else 8.5)
    paper.set_draw_color(*LINE)
    paper.set_fill_color(255, 255, 255)
    widths = block.widths or (3, *(1,) * (len(block.head) - 1))
    align = tuple("RIGHT" if block.right(column) else "LEFT" for column in range(len(block.head)))
    with paper.table(
        col_widths=widths,
        text_align=align,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD"),
        line_height=4.4,
        padding=(0.6, 2),
    ) as table:
        for row in (block.head, *block.rows):
            table.row([paper.told(cell) for cell in row])
    paper.ln(2)


@put.register
def _(block: blocks.Picture, paper: Paper) -> None:
    scale = paper.epw / block.drawing.width
    paper.room(block.drawing.height * scale + 14)
    paper.ink("B", 9.5)
    paper.lines(block.title)
    top = paper.get_y() + 1
    _draw(block.drawing, paper, scale, top)
    paper.set_xy(MARGIN, top + block.drawing.height * scale + 1)
    paper.ink("", 8.5, SOFT)
    paper.lines(block.says, 4.5)
    paper.ln(2)


def _draw(drawing: Drawing, paper: Paper, scale: float, top: float) -> None:
    for shape in drawing.shapes:
        colour = COLOURS[shape.role]
        if isinstance(shape, Box):
            paper.set_fill_color(*colour)
            paper.rect(MARGIN + shape.x * scale, top + shape.y * scale, shape.width * scale, shape.height * scale, "F")
        elif isinstance(shape, Stroke):
            paper.set_draw_color(*colour)
            paper.set_line_width(0.2 if shape.role == "grid" else 0.45)
            paper.polyline([(MARGIN + x * scale, top + y * scale) for x, y in shape.points])
        else:
            _label(shape, paper, scale, top)
    paper.set_line_width(0.2)


def _label(shape: Label, paper: Paper, scale: float, top: float) -> None:
    paper.ink("", 8, COLOURS[shape.role])
    text = paper.told(shape.text)
    shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor] * paper.get_string_width(text)
    paper.text(MARGIN + shape.x * scale - shift, top + shape.y * scale, text)


@put.register
def _(block: blocks.Pair, paper: Paper) -> None:
    paper.room(62)
    paper.set_draw_color(*LINE)
    paper.line(MARGIN, paper.get_y(), MARGIN + paper.epw, paper.get_y())
    paper.ln(1.5)
    paper.ink("B", 10)
    paper.lines(block.title)
    paper.ink("", 8.5, SOFT)
    paper.lines(block.note, 4.3)
    _side("Your post", block.post, paper)
    _side("In the corpus", block.place, paper)
    paper.ink("", 7.5, SOFT)
    paper.ln(1)
    for name, value in block.facts:
        paper.lines(f"{name}: {value}", 3.8)
    paper.ln(3)


def _side(title: str, segments: blocks.Segments, paper: Paper) -> None:
    paper.ln(1)
    paper.ink("B", 8, SOFT)
    paper.lines(title, 4.5)
    for text, mark in segments:
        paper.ink("B" if mark else "", 9.5, MARKED if mark else INK)
        paper.write(4.8, paper.told(text))
    paper.ln(5.5)
