"""What people on the sandbox write to a member: posts that name it or answer one of its own, and private messages.

Whoever was written to in private may answer for a day; then the other one has to write again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from masthead.contract.testing_network import Member, Problem, SandboxNetwork
from masthead.kit.text import count

DIRECT_LIMIT = 1000
WINDOW = 86_400.0
FOREVER = 2**62

Row = Mapping[str, Any]


def mentions(network: SandboxNetwork, member: Member, after: int | None, most: int) -> Sequence[Row]:
    """Others' posts that name the member or answer one of its own, oldest first: those after a place, or the newest.

    A post in processing keeps those after it back, so that no place is passed by unseen.
    """
    waiting = network.store.row("select min(seq) as seq from post where removed = 0 and ready_at > ?", network.now())
    until = (waiting and waiting["seq"]) or FOREVER
    sql = "select * from post where removed = 0 and handle != ? and seq > ? and seq < ? order by seq"
    rows = network.store.rows(sql, member.handle, after or 0, until)
    return _page([one for one in rows if names(member, one["text"]) or _answers(network, member, one)], after, most)


def details(network: SandboxNetwork, member: Member, post: Row) -> dict[str, Any]:
    """What a member is told of somebody's post beside the post itself."""
    author = network.member(post["handle"])
    return {
        "seq": post["seq"],
        "root": post["root"],
        "name": author.name if author else post["handle"],
        "answers_you": _answers(network, member, post),
        "names_you": names(member, post["text"]),
    }


def directs(network: SandboxNetwork, member: Member, after: int | None, most: int, *, key: str = "") -> Sequence[Row]:
    """Private messages from and to the member, oldest first: those after a place, or the newest; only its own with `key` where given."""
    if key:
        return network.store.rows("select * from direct where sender = ? and key = ?", member.handle, key)
    sql = "select * from direct where ? in (sender, receiver) and seq > ? order by seq"
    return _page(network.store.rows(sql, member.handle, after or 0), after, most)


def write(network: SandboxNetwork, member: Member, to: str, text: str, key: str | None) -> Row:
    """Send a private message, or give back the one with the same key. Problem 422 where the rules forbid it."""
    known = network.store.row("select * from direct where sender = ? and key = ?", member.handle, key) if key else None
    if known:
        return known
    if network.member(to) is None:
        raise Problem(422, "no_such_member", "There is nobody of this name.", "to")
    if not text.strip() or count(text, "graphemes") > DIRECT_LIMIT:
        raise Problem(422, "too_long", f"A message has 1 to {DIRECT_LIMIT} characters.", "text")
    sql = "select max(created_at) as at from direct where sender = ? and receiver = ?"
    heard = network.store.row(sql, to, member.handle)
    if heard and heard["at"] and network.now() - heard["at"] > WINDOW:
        raise Problem(422, "too_late", "The other one has to write again first.", "")
    row = {"id": secrets.token_hex(8), "sender": member.handle, "receiver": to, "key": key, "text": text}
    network.store.insert("direct", row | {"created_at": network.now()})
    made = network.store.row("select * from direct where id = ?", row["id"])
    assert made
    return made


def direct(network: SandboxNetwork, row: Row) -> dict[str, Any]:
    """A private message as a program is told of it; `talk` is the same for both directions."""
    people = {handle: network.member(handle) for handle in (row["sender"], row["receiver"])}
    named = {handle: one.name if one else handle for handle, one in people.items()}
    told = {name: row[name] for name in ("id", "seq", "sender", "receiver", "text", "created_at")}
    return told | {"talk": "+".join(sorted(named)), "names": named}


def names(member: Member, text: str) -> bool:
    """True where a text names the member."""
    return bool(re.search(rf"(?<!\w)@{re.escape(member.handle)}(?!\w)", text, re.IGNORECASE))


def _answers(network: SandboxNetwork, member: Member, post: Row) -> bool:
    parent = network.store.row("select handle from post where id = ?", post["reply_to"]) if post["reply_to"] else None
    return bool(parent and parent["handle"] == member.handle)


def _page(rows: list[dict[str, Any]], after: int | None, most: int) -> Sequence[Row]:
    return rows[-most:] if after is None else rows[:most]
