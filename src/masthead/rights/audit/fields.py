"""Finds the wanted strings in lines of JSON without parsing them, and blanks out everything else.

The places of what is left do not move, so that a match in it is a match in the line as it is stored. One pass in machine code: parsing
with a library would cost more than the whole scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from masthead.rights.audit.batch import Bytes, Places

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


def keep(data: Bytes, starts: Places, fields: Sequence[str]) -> tuple[Bytes, Places, Places, NDArray[np.int8]]:
    """Keep the wanted strings of lines. `data` is a batch's text with its padding, `starts` where lines begin, and where the last ends.

    Returns the text with everything else blank, the place of each kept string's first quote, the line it belongs to, and what each line
    is (FINE, BROKEN or MISSING).
    """
    tree = paths(tuple(fields))
    blank = np.full(len(data), 0x20, np.uint8)
    states = np.empty(len(starts) - 1, np.int8)
    room = 2 * len(states) + 16
    while True:
        begun, of = np.empty(room, np.int64), np.empty(room, np.int64)
        count = _walk(
            data, starts, tree.keys, tree.key_ends, tree.parents, tree.wanted, blank, begun, of, states, DEEPEST
        )
        if count <= room:
            return blank, begun[:count], of[:count], states
        room = count


@njit(nogil=True, cache=True)
def _string_end(data, at, end):  # type: ignore[no-untyped-def]
    """The place of the quote that ends a string which begins at `at`; `end` where it does not end."""
    while at < end:
        letter = data[at]
        if letter == 0x22:
            return at
        if letter == 0x5C:
            at += 1
        at += 1
    return end


@njit(nogil=True, cache=True)
def _child(data, begin, end, node, keys, key_ends, parents):  # type: ignore[no-untyped-def]
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


@njit(nogil=True, cache=True)
def _line(data, at, end, keys, key_ends, parents, wanted, blank, begun, count, nodes, is_object):  # type: ignore[no-untyped-def]  # noqa: C901
    """Walk one line. Returns how many strings were kept in all, and what the line is."""
    depth, node, expects_key, done, fresh, seen = -1, 0, False, False, False, False
    while at < end:
        letter = data[at]
        if letter == 0x20 or letter == 0x09 or letter == 0x0D or letter == 0x0A:
            at += 1
            continue
        if done or (depth < 0 and letter != 0x7B):
            return count, 1
        if letter == 0x22:
            close = _string_end(data, at + 1, end)
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
                        blank[at : min(close + 1, end)] = data[at : min(close + 1, end)]
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


@njit(nogil=True, cache=True)
def _walk(data, starts, keys, key_ends, parents, wanted, blank, begun, of, states, deepest):  # type: ignore[no-untyped-def]
    count = 0
    nodes = np.zeros(deepest, np.int32)
    is_object = np.zeros(deepest, np.bool_)
    for line in range(starts.shape[0] - 1):
        first = count
        at, end = starts[line], starts[line + 1]
        while end > at and data[end - 1] <= 0x20:
            end -= 1
        count, state = _line(data, at, end, keys, key_ends, parents, wanted, blank, begun, count, nodes, is_object)
        if at == end:
            state = 0
        states[line] = state
        for place in range(first, min(count, of.shape[0])):
            of[place] = line
    return count
