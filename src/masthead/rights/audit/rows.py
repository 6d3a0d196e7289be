"""A match on its way from a task to the end of a run: a row of a part, and the line of JSON that it becomes.

Where text of the corpus and the posts are of one kind there are hundreds of matches in each megabyte, so a match is written as JSON once.
Strings are kept as JSON from the beginning: those have no tabs, which part the columns.
"""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

from masthead.rights.audit.values import Match

# Letters beyond ASCII are escaped, because a corpus can hold half a surrogate pair, which no UTF-8 can.
quoted: Final = json.JSONEncoder().encode
"""A string as JSON."""


class Row(NamedTuple):
    """What of a match changes or is compared after its task: its place, its post, its words and score. The rest is JSON already."""

    post: int
    document: int
    doc_start: int
    start: int
    end: int
    words: int
    score: float
    middle: str
    """The members of the JSON between `end` and `margin`."""
    rest: str
    """Those behind `margin`."""

    @classmethod
    def read(cls, line: str) -> Row:
        """A row as `written`."""
        post, document, doc_start, start, end, words, score, middle, rest = line.rstrip("\n").split("\t")
        return cls(
            int(post), int(document), int(doc_start), int(start), int(end), int(words), float(score), middle, rest
        )

    def json(self, source: str) -> tuple[str, str]:
        """The line of JSON without its margin: what stands before it and behind it. `source` is quoted already."""
        before = (
            f'{{"post": {self.post}, "source": {source}, "document": {self.document}, "doc_start": {self.doc_start}, '
            f'"start": {self.start}, "end": {self.end}, {self.middle}, "margin": '
        )
        return before, self.rest


def written(match: Match, document: int, doc_start: int, start: int, end: int, name: str) -> bytes:
    """A match as a row of a part, with the place it has in its task and what the source calls its document."""
    one = match
    return (
        f"{one.post}\t{document}\t{doc_start}\t{start}\t{end}\t{one.words}\t{one.score!r}\t"
        f'"tier": "{one.tier}", "words": {one.words}, "post_words": {one.post_words}, "score": {one.score!r}\t'
        f', "text": {quoted(one.text)}, "name": {quoted(name)}}}\n'
    ).encode()


def margin(score: float, rival: float) -> str:
    """The score less that of the best match of the same post that is no copy, as JSON."""
    return repr(round(score - rival, 3))


Key = tuple[Any, ...]


def order(match: Match, document: int, start: int, end: int) -> Key:
    """The place of a match among those of its source: no two matches share it."""
    return (document, start, end, match.post, -match.score, match.tier)
