"""X's own export: a zip of scripts that each assign a list, `window.YTD.tweets.part0 = [...]`.

Ids are strings, texts are escaped as HTML. A long post is cut in the list of posts; its whole text is among the notes, under an id
of its own, so that it is found by the moment and by how it begins. A deleted post is kept with its text, which is the
account's own, and with the day of its deletion. A like has no date: it gets that of the post that was liked.
Source: the README of the export, and https://github.com/TheExGenesis/community-archive (docs/archive_data.md), read on 2026-11-24.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

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
    dated,
    matching,
    moment,
    without,
)
from masthead.contract.archive_json import JsonStream
from masthead.kit.words import N_ as _

TWEETS = r"data/tweets?(-part\d+)?\.js"
DELETED = r"data/deleted-tweets?(-part\d+)?\.js"
NOTES = r"data/note-tweet(-part\d+)?\.js"
LIKES = r"data/likes?(-part\d+)?\.js"
MESSAGES = r"data/direct-messages?(-group)?(s)?(-part\d+)?\.js"
MOST_NOTE_CHARACTERS = 60_000_000
EPOCH_MS = 1_288_834_974_657
FIRST_TIMED_ID = 30_000_000_000
KINDS = {"photo": "image", "video": "video", "animated_gif": "gif"}
COLUMNS = (
    "id",
    "id_str",
    "full_text",
    "text",
    "created_at",
    "lang",
    "extended_entities",
    "display_text_range",
    "truncated",
)
_CUT = re.compile(r"(…|\.\.\.)?\s*(https?://t\.co/\w+)?\s*\Z")
_REPOST = re.compile(r"RT @(\w{1,20}): ")


def time_of(remote_id: str) -> datetime | None:
    """When a post with this id was made; ids of before November 2010 do not say it."""
    number = int(remote_id) if remote_id.isascii() and remote_id.isdigit() and len(remote_id) < 20 else 0
    return moment((number >> 22) + EPOCH_MS) if number > FIRST_TIMED_ID else None


@dataclass
class Notes:
    """The whole texts of long posts. `used` are those that belong to a post of the list."""

    by_id: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    by_second: dict[datetime, list[str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    characters: int = 0

    def add(self, note: Mapping[str, Any]) -> None:
        """Keep one; those beyond what fits into memory are not kept."""
        text = str(note["core"]["text"])
        self.characters += len(text)
        if self.characters > MOST_NOTE_CHARACTERS:
            return
        name, made = str(note["noteTweetId"]), moment(note.get("createdAt"))
        self.by_id[name] = (text, note)
        if made:
            self.by_second.setdefault(made.replace(microsecond=0, tzinfo=UTC), []).append(name)

    def whole(self, remote_id: str, posted_at: datetime | None, text: str) -> str:
        """The whole text of a post that was cut; its own where no note is about it."""
        if not self.by_id:
            return text
        near = self.by_second.get(posted_at, []) if posted_at else []
        begins = " ".join(_CUT.sub("", text).split())
        for name in (remote_id, *near):
            found = self.by_id.get(name)
            if found and (name == remote_id or " ".join(found[0].split()).startswith(begins)):
                self.used.add(name)
                return found[0]
        return text


class XArchive:
    """The reader of the export."""

    guide = Guide(
        _("Download an archive of your data"),
        "https://x.com/settings/download_your_data",
        (
            _("On X open Settings, Your account, Download an archive of your data."),
            _(
                "Confirm who you are and ask for the archive. It takes X a day or more; a message says when it is ready."
            ),
            _("Download the zip and bring it here as it is, without unpacking it."),
        ),
        _("Posts with their long texts, deleted posts, direct messages, likes, pictures and videos."),
    )

    def recognise(self, names: Sequence[str]) -> bool:
        """By the list of posts, or that of the account."""
        return any_matches(names, f"{TWEETS}|data/account\\.js")

    def owner(self, source: Source) -> Owner:
        """From account.js."""
        for name in matching(source, r"data/account\.js"):
            for item in _items(source, name):
                account = item.get("account") if isinstance(item, dict) else None
                if account:
                    return Owner(
                        str(account.get("username", "")),
                        str(account.get("accountId", "")),
                        str(account.get("accountDisplayName", "")),
                    )
        return Owner()

    def parts(self, source: Source, owner: Owner) -> list[Part]:
        """Profile, posts, deleted posts, notes without a post, likes, messages."""
        return _Reading(source, owner).parts()


class _Reading:
    def __init__(self, source: Source, owner: Owner) -> None:
        self.source, self.owner = source, owner
        self._notes: Notes | None = None
        self._matched = False

    def parts(self) -> list[Part]:
        """In their order."""
        found = [self._part(name, self._profile) for name in matching(self.source, r"data/profile\.js")]
        found += [self._part(name, self._post(name)) for name in matching(self.source, TWEETS)]
        found += [self._part(name, self._post(name, deleted=True)) for name in matching(self.source, DELETED)]
        found += [self._part(name, self._loose) for name in matching(self.source, NOTES)]
        found += [self._part(name, self._like) for name in matching(self.source, LIKES)]
        for name in matching(self.source, MESSAGES):
            said = partial(_messages, self.source, name)
            found.append(Part(name, said, self._message(name), self.source.size(name)))
        return found

    def _part(self, name: str, entries: Any) -> Part:
        return Part(name, lambda: _items(self.source, name), entries, self.source.size(name))

    @property
    def notes(self) -> Notes:
        """Read once, when the first post is."""
        if self._notes is None:
            self._notes = Notes()
            for name in matching(self.source, NOTES):
                _gather(self._notes, _items(self.source, name))
        return self._notes

    def _profile(self, item: Any) -> Iterator[Entry]:
        told = item["profile"]["description"]
        yield Entry(
            "profile",
            "profile",
            moment(told.get("createdAt")) or moment(item.get("createdAt")),
            html.unescape(str(told.get("bio", ""))),
            self.owner.handle,
            raw={"name": self.owner.name} | without(told, "bio") | without(item["profile"], "description"),
        )

    def _post(self, name: str, *, deleted: bool = False) -> Any:
        folder = name.rpartition("/")[0] + ("/deleted_tweets_media" if deleted else "/tweets_media")

        def entries(item: Any) -> Iterator[Entry | Trouble]:
            tweet = item.get("tweet", item)
            entry = self._entry(tweet, folder, deleted=deleted)
            return dated(entry, name)

        return entries

    def _entry(self, tweet: Mapping[str, Any], folder: str, *, deleted: bool) -> Entry:
        remote_id = str(tweet.get("id_str") or tweet["id"])
        posted_at = moment(tweet.get("created_at")) or time_of(remote_id)
        text = html.unescape(str(tweet["full_text"] if "full_text" in tweet else tweet["text"]))
        repost = _REPOST.match(text)
        raw = without(tweet, *COLUMNS, *(("entities",) if not tweet.get("entities") else ()))
        if repost:
            raw["reaction"] = "repost"
        return Entry(
            "reaction" if repost else "own_post",
            remote_id,
            posted_at,
            text if repost else self.notes.whole(remote_id, posted_at, text),
            repost.group(1) if repost else self.owner.handle,
            f"https://x.com/{self.owner.handle or 'i'}/status/{remote_id}",
            str(tweet.get("in_reply_to_status_id_str") or ""),
            str(tweet.get("lang") or "").removeprefix("und"),
            "deleted" if deleted else "public",
            tuple(self._media(tweet, remote_id, folder)),
            raw=raw,
        )

    def _media(self, tweet: Mapping[str, Any], remote_id: str, folder: str) -> Iterator[ArchivedFile]:
        shown = tweet.get("extended_entities") or tweet.get("entities") or {}
        for one in shown.get("media") or ():
            address = str(one.get("media_url_https") or one.get("media_url") or "")
            names = [address] + [str(v.get("url", "")) for v in (one.get("video_info") or {}).get("variants") or ()]
            files = (f"{folder}/{remote_id}-{name.partition('?')[0].rpartition('/')[2]}" for name in reversed(names))
            held = next((found for file in files if (found := self.source.locate(file))), "")
            yield ArchivedFile(KINDS.get(one.get("type"), "image"), held, address, str(one.get("ext_alt_text") or ""))

    def _loose(self, item: Any) -> Iterator[Entry]:
        """A note whose post is not in the list; which these are is found by reading the list once more."""
        note = item["noteTweet"]
        if not self._matched:
            self._match_all()
        if str(note["noteTweetId"]) not in self.notes.used:
            yield Entry(
                "own_post",
                str(note["noteTweetId"]),
                moment(note.get("createdAt")) or time_of(str(note["noteTweetId"])),
                str(note["core"]["text"]),
                self.owner.handle,
                raw=without(note, "noteTweetId", "createdAt", "core") | {"note": True},
            )

    def _match_all(self) -> None:
        self._matched = True
        for name in (*matching(self.source, TWEETS), *matching(self.source, DELETED)):
            for item in _items(self.source, name):
                tweet = item.get("tweet", item) if isinstance(item, dict) else {}
                text, remote_id = html.unescape(str(tweet.get("full_text", ""))), str(tweet.get("id_str", ""))
                self.notes.whole(remote_id, moment(tweet.get("created_at")) or time_of(remote_id), text)

    def _like(self, item: Any) -> Iterator[Entry]:
        like = item["like"]
        remote_id = str(like["tweetId"])
        yield Entry(
            "reaction",
            remote_id,
            moment(like.get("likedAt")) or time_of(remote_id),
            html.unescape(str(like.get("fullText") or "")),
            "",
            f"https://x.com/i/status/{remote_id}",
            raw={"reaction": "like", "dated_by": "the post that was liked"},
        )

    def _message(self, name: str) -> Any:
        stem = (
            re.sub(r"(-part\d+)?\.js\Z", "", name)
            .replace("direct-message", "direct_message")
            .replace("-group", "_group")
        )
        folder = stem + "_media"

        def entries(item: Any) -> Iterator[Entry | Trouble]:
            conversation, group, told = item
            made = told.get("messageCreate") or told.get("welcomeMessageCreate")
            if made:
                yield from dated(self._said(conversation, group, made, folder), name)

        return entries

    def _said(self, conversation: str, group: str, made: Mapping[str, Any], folder: str) -> Entry:
        remote_id = str(made["id"])
        files = (str(url).partition("?")[0].rpartition("/")[2] for url in made.get("mediaUrls") or ())
        raw = without(made, "id", "senderId", "text", "createdAt", "mediaUrls")
        return Entry(
            "message",
            remote_id,
            moment(made.get("createdAt")) or time_of(remote_id),
            html.unescape(str(made.get("text") or "")),
            str(made.get("senderId") or ""),
            reply_to="",
            visibility="private",
            media=tuple(
                ArchivedFile(
                    "video" if file.endswith(".mp4") else "image", self.source.locate(f"{folder}/{remote_id}-{file}")
                )
                for file in files
            ),
            raw={"conversation": conversation, "mine": made.get("senderId") == self.owner.remote_id}
            | ({"group": group} if group else {})
            | raw,
        )


def _items(source: Source, name: str) -> Iterator[Any]:
    with closing(source.open(name)) as file:
        stream = JsonStream(file, name, source.longest)
        stream.skip_assignment()
        yield from stream.values()


def _gather(notes: Notes, items: Iterator[Any]) -> None:
    """What is broken among the notes is named when their own part is read."""
    try:
        for item in items:
            try:
                notes.add(item["noteTweet"])
            except (LookupError, TypeError, AttributeError):
                continue
    except Unreadable:
        return


def _messages(source: Source, name: str) -> Iterator[Any]:
    """(conversation, its name, what happened), one after another; a conversation may be larger than the memory."""
    with closing(source.open(name)) as file:
        stream = JsonStream(file, name, source.longest)
        stream.skip_assignment()
        for _number in stream.items():
            if stream.peek() != "{":
                continue
            for _wrapper in stream.fields():
                if stream.peek() == "{":
                    yield from _conversation(stream)


def _conversation(stream: JsonStream) -> Iterator[Any]:
    told = {"conversationId": "", "name": ""}
    for key in stream.fields():
        if key == "messages" and stream.peek() == "[":
            for item in stream.values():
                yield item if isinstance(item, Trouble) else (told["conversationId"], told["name"], item)
        elif key in told:
            told[key] = str(stream.value())
