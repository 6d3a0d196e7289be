"""JSON of any size, a value at a time: arrays and objects are walked, each value is decoded alone and within a limit.

A value that is broken, too large or too deep is named and stepped over, so that what comes after it is still read. Bytes that
are no UTF-8 are read as Windows-1252, which is what editors leave behind.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from masthead.contract.archive import Trouble, Unreadable
from masthead.kit.words import N_ as _

CHUNK = 1 << 20
LONGEST_PREFIX = 500
MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}
BROKEN = _("This entry is not valid JSON.")
TOO_LARGE = _("This entry is larger than the limit.")
LET_THE_OPERATOR = _("It was left out. The operator can raise MASTHEAD_IMPORT_ENTRY_BYTES.")
CUT_OFF = _("The file ends in the middle, or is not valid JSON from there on.")
ASK_ANEW = _("What stands before that place was read. Ask the platform for the archive once more and import that too.")
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_SIGNS = re.compile(r'["\[\]{}]')
_STRING_END = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_SCALAR_END = re.compile(r"[,\]}\s]")
_DECODER = json.JSONDecoder(parse_constant=lambda _name: None, strict=False)


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("masthead-windows", _as_windows)


def decoder(first: bytes) -> codecs.IncrementalDecoder:
    """A decoder for text that begins with these bytes."""
    name = next((name for mark, name in MARKS.items() if first.startswith(mark)), "utf-8")
    return codecs.getincrementaldecoder(name)("masthead-windows" if name.startswith("utf-8") else "replace")


class JsonStream:
    """A place in a JSON text that moves on. `name` is what troubles call the file, `longest` the most characters of a value."""

    def __init__(self, stream: BinaryIO, name: str, longest: int) -> None:
        self.name, self.longest = name, longest
        self._stream = stream
        self._decoder: codecs.IncrementalDecoder | None = None
        self._text, self._at, self._before, self._ended = "", 0, 0, False

    @property
    def place(self) -> int:
        """How many characters are behind us."""
        return self._before + self._at

    def peek(self) -> str:
        """The first character of what comes next; "" at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def skip_assignment(self) -> None:
        """Step over `name = ` as in a script that holds data."""
        self.peek()
        while len(self._text) - self._at < LONGEST_PREFIX and self._fill():
            pass
        head = self._text[self._at : self._at + LONGEST_PREFIX]
        if head[:1] not in ("[", "{") and "=" in head:
            self._at += head.index("=") + 1

    def value(self) -> Any:
        """The next value, decoded whole. Raises Unreadable for one that is broken or too large, having stepped over it."""
        self.peek()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):
                known = self._end()
                if known is None and self._grow():
                    continue
                self._at = len(self._text) if known is None else known
                raise Unreadable(*((CUT_OFF, ASK_ANEW) if known is None else (BROKEN,))) from None
            if end < len(self._text) or not self._fill():
                self._at = end
                return found

    def skip(self) -> None:
        """Step over the next value, however large it is."""
        sign = self.peek()
        if sign not in ("{", "["):
            self.value()
            return
        depth = 0
        while True:
            depth, at, whole = _walk(self._text, self._at, depth)
            self._at = at
            if whole:
                return
            if len(self._text) - self._at > self.longest:
                self._drop_string()
            elif not self._fill():
                self._at = len(self._text)
                raise Unreadable(CUT_OFF, ASK_ANEW)

    def items(self) -> Iterator[int]:
        """The numbers of an array's values, each time with the place before that value; what is not taken is skipped."""
        self._open("[")
        number = 0
        while (sign := self.peek()) != "]":
            if sign == ",":
                self._at += 1
                continue
            if sign in ("", "}", ":"):
                raise Unreadable(CUT_OFF, ASK_ANEW)
            number += 1
            before = self.place
            yield number
            if self.place == before:
                self.skip()
        self._at += 1

    def fields(self) -> Iterator[str]:
        """An object's names, each time with the place before the value; what is not taken is skipped."""
        self._open("{")
        while (sign := self.peek()) != "}":
            if sign == ",":
                self._at += 1
                continue
            if sign != '"':
                raise Unreadable(CUT_OFF, ASK_ANEW)
            name = str(self.value())
            self._open(":")
            self.peek()
            before = self.place
            yield name
            if self.place == before:
                self.skip()
        self._at += 1

    def values(self) -> Iterator[Any]:
        """An array's values; a Trouble in place of one that is broken."""
        for number in self.items():
            try:
                yield self.value()
            except Unreadable as error:
                if error.why == CUT_OFF:
                    raise
                yield Trouble(f"{self.name}, {number}", error.why, error.remedy)

    def _open(self, sign: str) -> None:
        if self.peek() != sign:
            raise Unreadable(CUT_OFF, ASK_ANEW)
        self._at += 1

    def _end(self) -> int | None:
        """Where the value that begins here ends; None where the window does not hold all of it."""
        if self._text[self._at : self._at + 1] in ("{", "["):
            _depth, at, whole = _walk(self._text, self._at, 0)
            return at if whole else None
        if self._text[self._at : self._at + 1] == '"':
            closed = _STRING_END.match(self._text, self._at + 1)
            return closed.end() if closed else None
        scalar = _SCALAR_END.search(self._text, self._at)
        return max(scalar.start(), self._at + 1) if scalar else None

    def _grow(self) -> bool:
        """Twice the window; False at the end. Raises Unreadable, having stepped over it, for a value beyond the limit."""
        wanted = min(2 * (len(self._text) - self._at), self.longest + CHUNK)
        if len(self._text) - self._at > self.longest:
            self._drop()
            raise Unreadable(TOO_LARGE, LET_THE_OPERATOR)
        grown = self._fill()
        while grown and len(self._text) - self._at < wanted and self._fill():
            pass
        return grown

    def _drop(self) -> None:
        if self._text[self._at] == '"':
            self._drop_string()
        else:
            self.skip()

    def _drop_string(self) -> None:
        self._at += 1
        while (closed := _STRING_END.match(self._text, self._at)) is None:
            tail = re.search(r"\\*\Z", self._text)
            self._at = len(self._text) - len(tail.group()) % 2 if tail else len(self._text)
            if not self._fill():
                raise Unreadable(CUT_OFF, ASK_ANEW)
        self._at = closed.end()

    def _fill(self) -> bool:
        """Another piece of text behind the window, whose passed part is let go; False at the end."""
        if self._ended:
            return False
        data = self._stream.read(CHUNK)
        if self._decoder is None:
            self._decoder = decoder(data)
        self._ended = not data
        more = self._decoder.decode(data, final=self._ended)
        self._before += self._at
        self._text, self._at = self._text[self._at :] + more, 0
        return bool(more) or not self._ended


def _walk(text: str, at: int, depth: int) -> tuple[int, int, bool]:
    """Over brackets and strings until the first value is closed: the depth, the place, and whether it is closed."""
    while sign := _SIGNS.search(text, at):
        char = sign.group()
        if char == '"':
            closed = _STRING_END.match(text, sign.end())
            if closed is None:
                return depth, sign.start(), False
            at = closed.end()
            continue
        at = sign.end()
        depth += 1 if char in "[{" else -1
        if depth <= 0:
            return depth, at, True
    return depth, len(text), False
