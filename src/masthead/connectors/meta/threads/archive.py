"""Threads' own export, which comes inside that of Instagram: threads_and_replies.json.

Not verified against an export of our own: the names of the file and of its list, and the fields `media[].title`, `creation_timestamp`
and `text_app_post.is_reply`, are those that several public readers of the export agree on (read on 2026-11-24). Which post a reply
answers is not known to be in it. Posts have no ids; theirs are made as those of Instagram.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from masthead.connectors.meta.archive import base, listed, media, parts, person
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

POSTS = r"threads/threads_and_replies(?:_\d+)?\.json"
LIKES = r"threads/liked_threads\.json"


class ThreadsArchive:
    """The reader of the export."""

    guide = Guide(
        _("Download your information"),
        "https://accountscenter.instagram.com/info_and_permissions/dyi",
        (
            _("Threads has no export of its own: it comes inside the one of the Instagram profile."),
            _("Choose the profile, all time, and as format JSON: an export in HTML cannot be read here."),
            _("Download each zip when Meta writes that it is ready, and bring all of them here, one after another."),
        ),
        _("Threads and replies, likes, pictures and videos."),
    )

    def recognise(self, names: Sequence[str]) -> bool:
        """By its own file inside the export."""
        return any_matches(names, POSTS)

    def owner(self, source: Source) -> Owner:
        """The Instagram profile's, which is the same."""
        return person(source)

    def parts(self, source: Source, owner: Owner) -> list[Part]:
        """Posts with replies, likes."""
        return [
            *parts(source, POSTS, partial(_post, source, owner), ("text_post_app_text_posts",)),
            *parts(source, LIKES, partial(listed, word="like"), ("text_post_app_media_likes",)),
        ]


def _post(source: Source, owner: Owner, raw: Mapping[str, Any]) -> Iterator[Entry | Trouble]:
    files = [one for one in raw.get("media") or () if isinstance(one, dict)]
    first: Mapping[str, Any] = next(iter(files), {})
    at = raw.get("creation_timestamp") or first.get("creation_timestamp")
    text = str(raw.get("title") or first.get("title") or "")
    about = first.get("text_app_post") or {}
    entry = Entry(
        "own_post",
        made_id(at, text, [base(one.get("uri")) for one in files]),
        moment(at),
        text,
        owner.handle,
        media=media(source, files),
        raw=without(about) | without(raw, "media", "title", "creation_timestamp"),
    )
    yield from dated(entry, "threads")
