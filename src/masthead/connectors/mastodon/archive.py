"""Mastodon's own export: outbox.json with everything that was sent, actor.json, likes, bookmarks, and the files.

A boost is only an address. Who may see a post follows from whom it is addressed to. A post to mentioned people alone is a
message. Older servers pack the export as tar.gz.
Source: https://docs.joinmastodon.org/user/moving/#export and https://www.w3.org/TR/activitypub/#delivery, read on 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from masthead.connectors.mastodon.lookup import plain
from masthead.contract.archive import (
    ArchivedFile,
    Entry,
    Guide,
    Owner,
    Part,
    Source,
    Trouble,
    any_matches,
    dated,
    file,
    made_id,
    matching,
    moment,
    without,
)
from masthead.contract.archive_json import JsonStream
from masthead.kit.words import N_ as _

PUBLIC = {"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"}
EPOCH_BITS = 16
COLUMNS = (
    "id",
    "content",
    "contentMap",
    "published",
    "inReplyTo",
    "attachment",
    "url",
    "type",
    "to",
    "cc",
    "attributedTo",
)


class MastodonArchive:
    """The reader of the export."""

    guide = Guide(
        _("Request your archive"),
        "https://docs.joinmastodon.org/user/moving/#export",
        (
            _("On your server open Preferences, Import and export, Data export."),
            _(
                "Press “Request your archive”; the server writes to you when it is ready. It can be asked for once a week."
            ),
            _("Download it and bring it here as it is."),
        ),
        _("Posts with content warnings and audience, boosts, favourites, bookmarks, pictures and videos."),
    )

    def recognise(self, names: Sequence[str]) -> bool:
        """By what was sent, and by whom."""
        return any_matches(names, r"outbox\.json") and any_matches(names, r"actor\.json")

    def owner(self, source: Source) -> Owner:
        """From actor.json."""
        actor = _actor(source)
        address = str(actor.get("id", ""))
        host, user = urlsplit(address).hostname or "", str(actor.get("preferredUsername", ""))
        return Owner(f"{user}@{host}" if user and host else user, address, str(actor.get("name") or ""))

    def parts(self, source: Source, owner: Owner) -> list[Part]:
        """Profile, what was sent, favourites, bookmarks."""
        found = [
            Part(name, partial(_actors, source), partial(_profile, owner)) for name in matching(source, r"actor\.json")
        ]
        found += _parts(source, r"outbox\.json", partial(_sent, source, owner))
        found += _parts(source, r"likes\.json", partial(_reaction, "like"))
        return found + _parts(source, r"bookmarks\.json", partial(_reaction, "bookmark"))


def _parts(source: Source, pattern: str, entries: Callable[[Any], Iterable[Entry | Trouble]]) -> list[Part]:
    names = matching(source, pattern)
    return [Part(name, partial(_ordered, source, name), entries, source.size(name)) for name in names]


def _actors(source: Source) -> list[Mapping[str, Any]]:
    return [_actor(source)]


def _actor(source: Source) -> Mapping[str, Any]:
    for name in matching(source, r"actor\.json"):
        with closing(source.open(name)) as stream:
            found = JsonStream(stream, name, source.longest).value()
            return found if isinstance(found, dict) else {}
    return {}


def _ordered(source: Source, name: str) -> Iterator[Any]:
    with closing(source.open(name)) as opened:
        stream = JsonStream(opened, name, source.longest)
        for key in stream.fields():
            if key in ("orderedItems", "items") and stream.peek() == "[":
                yield from stream.values()


def _profile(owner: Owner, actor: Mapping[str, Any]) -> Iterator[Entry]:
    yield Entry(
        "profile",
        "profile",
        moment(actor.get("published")),
        plain(str(actor.get("summary") or "")).strip(),
        owner.handle,
        str(actor.get("url") or ""),
        raw=without(actor, "@context", "publicKey", "summary", "inbox", "outbox", "endpoints", "likes", "bookmarks"),
    )


def _sent(source: Source, owner: Owner, activity: Any) -> Iterator[Entry | Trouble]:
    if activity["type"] == "Announce":
        yield from dated(_boost(activity), "outbox.json")
    elif activity["type"] == "Create" and isinstance(activity["object"], dict):
        yield from dated(_post(source, owner, activity, activity["object"]), "outbox.json")


def _boost(activity: Mapping[str, Any]) -> Entry:
    target = activity["object"]
    address = str(target.get("id", "") if isinstance(target, dict) else target)
    return Entry(
        "reaction",
        str(activity.get("id") or made_id("boost", address, activity.get("published"))),
        moment(activity.get("published")),
        url=address if address.startswith("https://") else "",
        visibility=_audience(activity),
        raw={"reaction": "repost", "object": address},
    )


def _post(source: Source, owner: Owner, activity: Mapping[str, Any], note: Mapping[str, Any]) -> Entry:
    address = str(note["id"])
    seen_by = _audience(note)
    language = next(iter(note.get("contentMap") or {}), "")
    return Entry(
        "message" if seen_by == "direct" else "own_post",
        status_id(address),
        moment(note.get("published")) or moment(activity.get("published")) or _time_of(status_id(address)),
        plain(str(note.get("content") or "")).strip(),
        owner.handle,
        str(note.get("url") or address),
        status_id(str(note.get("inReplyTo") or "")),
        str(language),
        seen_by,
        tuple(_files(source, note)),
        raw=_kept(note, address) | ({"mine": True} if seen_by == "direct" else {}),
    )


def _kept(note: Mapping[str, Any], address: str) -> dict[str, Any]:
    raw = {"uri": address} | without(
        note, *COLUMNS, "summary", "replies", "likes", "shares", "atomUri", "inReplyToAtomUri"
    )
    return raw | ({"content_warning": str(note["summary"])} if note.get("summary") else {})


def _files(source: Source, note: Mapping[str, Any]) -> Iterator[ArchivedFile]:
    for one in note.get("attachment") or ():
        address = str(one.get("url") or "")
        held = file(source, urlsplit(address).path, url=address, alt=str(one.get("name") or ""))
        yield ArchivedFile(held.kind, held.name, address if address.startswith("https://") else "", held.alt)


def _reaction(word: str, item: Any) -> Iterator[Entry]:
    """Only an address is known: neither when, nor what it says."""
    address = str(item.get("id") if isinstance(item, dict) else item)
    yield Entry("reaction", f"{word}:{address}"[:500], None, url=address, raw={"reaction": word})


def status_id(address: str) -> str:
    """The server's own number of a status where its address ends with it; else the address."""
    last = address.rstrip("/").rpartition("/")[2]
    return last if last.isdigit() and "/statuses/" in address else address


def _time_of(number: str) -> Any:
    """Ids of statuses hold the time in milliseconds."""
    return moment(int(number) >> EPOCH_BITS) if number.isdigit() and len(number) in range(16, 20) else None


def _audience(thing: Mapping[str, Any]) -> str:
    """Who may see it; "" where that is not told. A direct post that mentions nobody is addressed to nobody, which is told."""
    to, copied = _list(thing.get("to")), _list(thing.get("cc"))
    if PUBLIC & set(to):
        return "public"
    if PUBLIC & set(copied):
        return "unlisted"
    if not {"to", "cc"} & thing.keys():
        return ""
    return "followers" if any(one.endswith("/followers") for one in (*to, *copied)) else "direct"


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value or ()]
