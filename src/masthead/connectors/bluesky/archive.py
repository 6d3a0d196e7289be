"""Bluesky's own export: a CAR file, the signed repository of an account as blocks named by their hash.

The records are found by walking the search tree (MST) from the signed commit, because only there stand their collection and key. Nothing
but a table of hashes and places is held in memory; every block is checked against its hash. The files themselves (blobs) are not in
a CAR. What the account wishes about AI is read from community.lexicon.preference.ai and, as an older draft,
org.user-intents.declaration, and goes with each of its records.
Source: https://atproto.com/specs/repository, https://ipld.io/specs/transport/car/carv1/, lexicon-community/lexicon, read on 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from masthead.connectors.bluesky.record_keys import ALPHABET, VALID
from masthead.contract.archive import (
    ArchivedFile,
    Entry,
    Guide,
    Owner,
    Part,
    Source,
    Trouble,
    Unreadable,
    any_matches,
    matching,
    moment,
    without,
)
from masthead.contract.preference import AI_RECORD, INTENTS_RECORD, Preference, combined, from_record
from masthead.kit.words import N_ as _

if TYPE_CHECKING:
    from masthead.connectors.bluesky.car import Blocks

CAR = r"[^/]*\.car"
CLOCK_BITS = 10
EMBEDS = {"app.bsky.embed.images": "images", "app.bsky.embed.video": "video"}


class BlueskyArchive:
    """The reader of the export."""

    guide = Guide(
        _("Download CAR file (repository)"),
        "https://bsky.app/settings/account",
        (
            _("In the Bluesky app open Settings, Account, Export my data."),
            _(
                "Choose “Download CAR file”; it is there at once. It holds everything public, but no pictures and no direct messages."
            ),
            _("Bring the file here as it is. It ends in .car."),
        ),
        _("Posts, replies, likes, reposts, the profile, and what the account wishes about AI. Pictures are not in it."),
    )

    def recognise(self, names: Sequence[str]) -> bool:
        """By the name's end."""
        return any_matches(names, CAR)

    def owner(self, source: Source) -> Owner:
        """The account's lasting id stands in the signed commit; its handle does not."""
        for name in matching(source, CAR):
            with suppress(Unreadable), closing(_car().Blocks.of(source, name)) as blocks:
                did = str(blocks.commit().get("did", ""))
                return Owner(did, did)
        return Owner()

    def parts(self, source: Source, owner: Owner) -> list[Part]:
        """One part: the records in the order of the tree."""
        return [
            Part(name, partial(_records, source, name), partial(_entries, owner, name), source.size(name))
            for name in matching(source, CAR)
        ]


def _records(source: Source, name: str) -> Iterator[Any]:
    """(key, record, what its account wishes for it); a Trouble for a block that is missing or broken."""
    with closing(_car().Blocks.of(source, name)) as blocks:
        wishes = _Wishes(blocks)
        for key, record in _car().records(blocks):
            yield record if isinstance(record, Trouble) else (key, record, wishes.of(key.partition("/")[0]))


def _car() -> Any:
    """The reader of CAR files, with its large packages: only where one is read."""
    return import_module("masthead.connectors.bluesky.car")


class _Wishes:
    """What the account declared about AI: read once, and joined for each collection that is met."""

    def __init__(self, blocks: Blocks) -> None:
        self._told: list[Mapping[str, Any]] = []
        self._known: dict[str, Preference] = {}
        for collection in (INTENTS_RECORD, AI_RECORD):
            for _key, record in _car().records(blocks, f"{collection}/"):
                if not isinstance(record, Trouble):
                    self._told.append({**record, "$type": collection})

    def of(self, collection: str) -> Preference:
        """What holds for the records of a collection; a no anywhere wins."""
        if collection not in self._known:
            said = [from_record(one, collection=collection) for one in self._told]
            self._known[collection] = combined(said)
        return self._known[collection]


def _entries(owner: Owner, name: str, item: Any) -> Iterator[Entry | Trouble]:
    key, record, preference = item
    collection, _slash, rkey = key.partition("/")
    uri = f"at://{owner.remote_id}/{key}"
    posted_at = moment(record.get("createdAt")) or _time_of(rkey)
    if collection == "app.bsky.feed.post":
        yield _post(owner, record, uri, rkey, posted_at, preference)
    elif collection in ("app.bsky.feed.like", "app.bsky.feed.repost"):
        target = str(record["subject"]["uri"])
        raw = {"reaction": collection.rpartition(".")[2], "object": target}
        yield Entry("reaction", uri, posted_at, url=_address(target), preference=preference, raw=raw)
    elif collection == "app.bsky.actor.profile":
        text, raw = str(record.get("description") or ""), without(_plain(record), "$type", "description")
        yield Entry("profile", uri, posted_at, text, owner.handle, preference=preference, raw=raw)


def _post(
    owner: Owner,
    record: Mapping[str, Any],
    uri: str,
    rkey: str,
    posted_at: datetime | None,
    preference: Preference,
) -> Entry:
    reply = record.get("reply") or {}
    return Entry(
        "own_post",
        uri,
        posted_at,
        str(record.get("text") or ""),
        owner.handle,
        f"https://bsky.app/profile/{owner.remote_id}/post/{rkey}",
        str((reply.get("parent") or {}).get("uri") or ""),
        str(next(iter(record.get("langs") or ()), "")),
        "public",
        tuple(_files(record.get("embed") or {})),
        preference,
        without(_plain(record), "$type", "text", "createdAt", "langs"),
    )


def _files(embed: Mapping[str, Any]) -> Iterator[ArchivedFile]:
    inner = embed.get("media") if isinstance(embed.get("media"), dict) else embed
    for one in (inner or {}).get("images") or ():
        yield ArchivedFile("image", alt=str(one.get("alt") or ""))
    if (inner or {}).get("video"):
        yield ArchivedFile("video", alt=str((inner or {}).get("alt") or ""))


def _address(uri: str) -> str:
    """The page of a post by its at:// address."""
    did, _slash, rest = uri.removeprefix("at://").partition("/")
    collection, _slash, rkey = rest.partition("/")
    return f"https://bsky.app/profile/{did}/post/{rkey}" if collection == "app.bsky.feed.post" else ""


def _time_of(rkey: str) -> datetime | None:
    """A record's key holds the microsecond at which it was made."""
    if not VALID.fullmatch(rkey):
        return None
    number = 0
    for char in rkey:
        number = number << 5 | ALPHABET.index(char)
    return moment((number >> CLOCK_BITS) / 1_000_000)


def _plain(value: Any) -> Any:
    """Links between blocks and other bytes as text."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return {name: _plain(one) for name, one in value.items()} if isinstance(value, dict) else value
