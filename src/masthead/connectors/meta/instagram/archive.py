"""Instagram's own export as JSON: posts, reels, stories, comments, likes, messages, files.

Neither posts nor comments have ids; theirs are made from moment, text and the names of their files. Labels of values are in the language
of the account, so that a time is known by being one. The form of 2018 (media.json) is read too; an export in HTML is not.
Source: https://help.instagram.com/181231772500920 and the folders seen in public readers of the export, read on 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from masthead.connectors.meta.archive import PROFILE, base, listed, media, message_parts, parts, person, time_in, values
from masthead.contract.archive import (
    Entry,
    Guide,
    Owner,
    Part,
    Source,
    Trouble,
    any_matches,
    dated,
    made_id,
    moment,
    without,
)
from masthead.kit.words import N_ as _

POSTS = r"(?:content|media)/(?:posts|reels|stories|igtv_videos|archived_posts|profile_photos)(?:_\d+)?\.json"
LISTS = (
    "ig_reels_media",
    "ig_stories",
    "ig_igtv_media",
    "ig_archived_post_media",
    "ig_profile_picture",
    "photos",
    "videos",
    "stories",
)
OLD = r"media(?:_\d+)?\.json"
COMMENTS = r"comments/(?:post_comments|reels_comments)(?:_\d+)?\.json"
LIKES = r"likes/liked_(?:posts|comments)\.json"


class InstagramArchive:
    """The reader of the export."""

    guide = Guide(
        _("Download your information"),
        "https://accountscenter.instagram.com/info_and_permissions/dyi",
        (
            _("Open Accounts Centre, Your information and permissions, Export your information."),
            _("Choose the profile, all time, and as format JSON: an export in HTML cannot be read here."),
            _("Download each zip when Meta writes that it is ready, and bring all of them here, one after another."),
        ),
        _("Posts, reels, stories, comments, likes, messages, pictures and videos; what was on Threads, too."),
    )

    def recognise(self, names: Sequence[str]) -> bool:
        """By its folder, its posts, or the form of 2018."""
        old = (
            any_matches(names, OLD) and any_matches(names, r"profile\.json") and not any_matches(names, r"outbox\.json")
        )
        return old or any_matches(names, f"{POSTS}|{COMMENTS}|{LIKES}|{PROFILE}")

    def owner(self, source: Source) -> Owner:
        """From the personal information, whose labels may be in any language."""
        return person(source)

    def parts(self, source: Source, owner: Owner) -> list[Part]:
        """Posts, the form of 2018, comments, likes, messages."""
        return [
            *parts(source, POSTS, partial(_post, source, owner), LISTS),
            *parts(source, OLD, partial(_old, source, owner), LISTS),
            *parts(source, COMMENTS, partial(_comment, owner), ("comments_media_comments", "comments_reels_comments")),
            *parts(source, LIKES, partial(listed, word="like"), ("likes_media_likes", "likes_comment_likes")),
            *message_parts(source, owner.name or owner.handle, lambda name: "your_facebook_activity/" not in name),
        ]


def _post(source: Source, owner: Owner, raw: Mapping[str, Any]) -> Iterator[Entry | Trouble]:
    files = raw.get("media") if isinstance(raw.get("media"), list) else [raw]
    first: Mapping[str, Any] = next(iter(files or ()), {})
    at = raw.get("creation_timestamp") or first.get("creation_timestamp")
    text = str(raw.get("title") or first.get("title") or "")
    entry = Entry(
        "own_post",
        made_id(at, text, [base(one.get("uri")) for one in files or ()]),
        moment(at),
        text,
        owner.handle,
        media=media(source, files or ()),
        raw=without(raw, "media", "title", "creation_timestamp", "uri", "media_metadata"),
    )
    yield from dated(entry, "posts")


def _old(source: Source, owner: Owner, raw: Mapping[str, Any]) -> Iterator[Entry | Trouble]:
    text, at, path = str(raw.get("caption") or ""), raw.get("taken_at"), str(raw.get("path") or "")
    held = media(source, [{"uri": path}])
    kept = without(raw, "caption", "taken_at", "path")
    yield from dated(
        Entry("own_post", made_id(at, text, [base(path)]), moment(at), text, owner.handle, media=held, raw=kept),
        "media",
    )


def _comment(owner: Owner, raw: Mapping[str, Any]) -> Iterator[Entry | Trouble]:
    found = values(raw)
    told = found.get("Comment") or next(
        (one for one in found.values() if one.get("value") and not one.get("timestamp")), {}
    )
    text, at = str(told.get("value") or ""), time_in(found)
    whose = str((found.get("Media Owner") or {}).get("value") or "")
    kept = {"comment": True, "on": whose}
    yield from dated(
        Entry("own_post", made_id("comment", at, text, whose), at, text, owner.handle, raw=kept), "comments"
    )
