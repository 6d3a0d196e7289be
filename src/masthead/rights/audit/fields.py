"""Finds the wanted strings in lines of JSON without parsing them, and blanks out everything else.

The places of what is left do not move, so that a match in it is a match in the line as it is stored. One pass in machine code: parsing
with a library would cost more than the whole scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from masthead.rights.audit.batch import Bytes, Places
from masthead.rights.audit.compiled import address, compiled, part
from masthead.rights.audit.extents import string_end

FINE: Final = 0
BROKEN: Final = 1
MISSING: Final = 2
"""What a line can be: `MISSING` means that none of the wanted fields is there. One that is null or a number is there, and has no text."""
DEEPEST: Final = 64


@dataclass(frozen=True, slots=True)
class Paths:
    """Fields as a small tree: node 0 is the line's object, an edge is a key."""

    keys: Bytes
    key_ends: Places
    parents: NDArray[np.int32]
    wanted: NDArray[np.bool_]
    """By node, whether a string there is wanted."""


def split(field: str) -> list[bytes]:
    """The keys of a path such as `message.text`; a dot that belongs to a key is written `\\.`."""
    keys = field.replace("\\.", "\0").split(".")
    return [key.replace("\0", ".").encode() for key in keys]


@lru_cache(maxsize=8)
def paths(fields: tuple[str, ...]) -> Paths:
    """The tree of some fields."""
    edges: dict[tuple[int, bytes], int] = {}
    ends = set()
    for field in fields:
        node = 0
        for key in split(field):
            node = edges.setdefault((node, key), len(edges) + 1)
        ends.add(node)
    keys = [key for _, key in edges]
    return Paths(
        np.frombuffer(b"".join(keys) or b" ", np.uint8),
        np.cumsum([0, *map(len, keys)]).astype(np.int64),
        np.array([parent for parent, _ in edges], np.int32),
        np.array([node in ends for node in range(len(edges) + 1)]),
    )


def keep(data: Bytes, starts: Places, fields: Sequence[str]) -> tuple[Places, Places, NDArray[np.int8]]:
    """Keep the wanted strings of lines and make everything else blank. `data` is a batch's text with its padding, `starts` where lines
    begin, and where the last ends.

    Returns the place of each kept string's first quote, the line it belongs to, and what each line is (FINE, BROKEN or MISSING).
    """
    tree = paths(tuple(fields))
    states = np.empty(len(starts) - 1, np.int8)
    begun, until, of = np.empty((3, 2 * len(states) + 16), np.int64)
    line = count = 0
    while True:
        line, count, needed = _walk(
            data, starts, tree.keys, tree.key_ends, tree.parents, tree.wanted, begun, until, of, states, DEEPEST, line, count
        )  # fmt: skip
        if line == len(states):
            return begun[:count], of[:count], states
        begun, until, of = (np.resize(array, 2 * needed) for array in (begun, until, of))


@part
def _child(data: Any, begin: int, end: int, node: int, keys: Any, key_ends: Any, parents: Any) -> int:
    """The node that a key leads to; -1 for none."""
    if node < 0:
        return -1
    for edge in range(parents.shape[0]):
        first = key_ends[edge]
        if parents[edge] != node or key_ends[edge + 1] - first != end - begin:
            continue
        same = True
        for place in range(end - begin):
            if keys[first + place] != data[begin + place]:
                same = False
                break
        if same:
            return edge + 1
    return -1


@part
def _line(  # noqa: C901
    data: Any, at: int, end: int, keys: Any, key_ends: Any, parents: Any, wanted: Any, begun: Any, until: Any, count: int,
    nodes: Any, is_object: Any,
) -> tuple[int, int]:  # fmt: skip
    """Walk one line. Returns how many strings were kept in all, and what the line is."""
    base = address(data)
    depth, node, expects_key, done, fresh, seen = -1, 0, False, False, False, False
    while at < end:
        letter = data[at]
        if letter == 0x20 or letter == 0x09 or letter == 0x0D or letter == 0x0A:
            at += 1
            continue
        if done or (depth < 0 and letter != 0x7B):
            return count, 1
        if letter == 0x22:
            close = string_end(base + at + 1, base + end) - base
            if expects_key:
                node = _child(data, at + 1, close, nodes[depth], keys, key_ends, parents)
                seen = seen or (node >= 0 and wanted[node])
                at = close + 1
                while at < end and (data[at] == 0x20 or data[at] == 0x09):
                    at += 1
                if at >= end or data[at] != 0x3A:
                    return count, 1
                expects_key, fresh = False, False
            else:
                if node >= 0 and wanted[node] and close > at + 1:
                    if count < begun.shape[0]:
                        begun[count] = at
                        until[count] = min(close + 1, end)
                    count += 1
                if close >= end:
                    return count, 1
                fresh = False
                at = close
        elif letter == 0x7B or letter == 0x5B:
            depth += 1
            if depth >= nodes.shape[0]:
                return count, 1
            nodes[depth] = node
            is_object[depth] = letter == 0x7B
            expects_key, fresh = letter == 0x7B, True
        elif letter == 0x7D or letter == 0x5D:
            if is_object[depth] != (letter == 0x7D) or (expects_key and not fresh):
                return count, 1
            depth -= 1
            done, expects_key, fresh = depth < 0, False, False
        elif letter == 0x2C:
            if fresh:
                return count, 1
            expects_key = is_object[depth]
            node = nodes[depth]
        elif expects_key:
            return count, 1
        else:
            fresh = False
        at += 1
    if not done:
        return count, 1
    return count, (0 if seen else 2)


@compiled
def _walk(
    data: Any, starts: Any, keys: Any, key_ends: Any, parents: Any, wanted: Any,
    begun: Any, until: Any, of: Any, states: Any, deepest: int, line: int, count: int,
) -> tuple[int, int, int]:  # fmt: skip
    """Walk lines from `line` on, before which `count` strings were kept. Gives the line that was not walked because there is no room, how
    many strings were kept before it, and how many places it needs.
    """
    nodes = np.zeros(deepest, np.int32)
    is_object = np.zeros(deepest, np.bool_)
    while line < starts.shape[0] - 1:
        first = count
        at, end = starts[line], starts[line + 1]
        while end > at and data[end - 1] <= 0x20:
            end -= 1
        count, state = _line(
            data, at, end, keys, key_ends, parents, wanted, begun, until, count, nodes, is_object
        )  # fmt: skip
        if count > begun.shape[0]:
            return line, first, count
        states[line] = 0 if at == end else state
        for place in range(first, count):
            of[place] = line
            data[at : begun[place]] = 0x20
            at = until[place]
        data[at : starts[line + 1]] = 0x20
        line += 1
    return line, count, count
