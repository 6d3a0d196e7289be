"""Facebook's own export as JSON: posts, comments, reactions, messages, files.

Posts have no ids; theirs are made from moment, text and the names of their files, which do not change between two exports. Albums are
not read: their pictures stand in the posts. An export in HTML is not read.
Source: https://www.facebook.com/help/212802592074644 and the folders seen in public readers of the export, read on 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from masthead.connectors.meta.archive import base, media, message_parts, parts, whole
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

POSTS = r"posts/(?:your_posts|profile_posts|page_posts)[^/]*\.json"
COMMENTS = r"(?:comments|comments_and_reactions)/(?:your_)?comments[^/]*\.json"
REACTIONS = r"(?:likes_and_reactions|comments_and_reactions)/(?:likes_and_reactions|posts_and_comments)[^/]*\.json"
PROFILE = r"profile_information/profile_information\.json"


class FacebookArchive:
    """The reader of the export."""

    guide = Guide(
        _("Download your information"),
        "https://accountscenter.facebook.com/info_and_permissions/dyi",
        (
            _("Open Accounts Centre, Your information and permissions, Export your information."),
            _("Choose the profile, all time, and as format JSON: an export in HTML cannot be read here."),
            _("Download each zip when Meta writes that it is ready, and bring all of them here, one after another."),
        ),
        _("Posts, comments, reactions, messages, pictures and videos."),
    )

    def recognise(self, names: Sequence[str]) -> bool:
        """By its posts, its profile, or its folder."""
        return any_matches(names, f"{POSTS}|{PROFILE}|your_facebook_activity/.*\\.json")

    def owner(self, source: Source) -> Owner:
        """From the profile; messages know the account by its name only."""
        told = whole(source, PROFILE)
        profile = told.get("profile_v2") or told.get("profile") or {}
        name = str((profile.get("name") or {}).get("full_name") or "")
        handle = base(str(profile.get("profile_uri") or "").rstrip("/")) or str(profile.get("username") or "")
        return Owner(handle if "profile.php" not in handle and handle else name, "", name)

    def parts(self, source: Source, owner: Owner) -> list[Part]:
        """Posts, comments, reactions, messages."""
        return [
            *parts(source, POSTS, partial(_post, source, owner), ("posts_v2", "posts")),
            *parts(source, COMMENTS, partial(_comment, owner), ("comments_v2", "comments")),
            *parts(source, REACTIONS, _reaction, ("reactions_v2", "reactions")),
            *message_parts(source, owner.name, lambda name: "your_instagram_activity/" not in name),
        ]


def _post(source: Source, owner: Owner, raw: Mapping[str, Any]) -> Iterator[Entry | Trouble]:
    texts = [str(one["post"]) for one in raw.get("data") or () if isinstance(one, dict) and one.get("post")]
    inner = [one for group in raw.get("attachments") or () for one in group.get("data") or ()]
    files = [one["media"] for one in inner if isinstance(one.get("media"), dict)]
    links = [str(one["external_context"].get("url") or "") for one in inner if one.get("external_context")]
    text = "\n".join(texts) or next((str(one.get("description") or "") for one in files), "")
    title = str(raw.get("title") or "")
    facts = (raw.get("timestamp"), text, title, [base(one.get("uri")) for one in files])
    entry = Entry(
        "own_post",
        made_id(*facts),
        moment(raw.get("timestamp")),
        text,
        owner.handle,
        media=media(source, files),
        raw={"title": title, "links": links} | without(raw, "data", "attachments", "timestamp", "title"),
    )
    yield from dated(entry, "posts")


def _comment(owner: Owner, raw: Mapping[str, Any]) -> Iterator[Entry | Trouble]:
    for one in raw.get("data") or ():
        told = one.get("comment") or {}
        text, at = str(told.get("comment") or ""), told.get("timestamp") or raw.get("timestamp")
        kept = {"comment": True, "title": str(raw.get("title") or ""), "group": str(told.get("group") or "")}
        entry = Entry("own_post", made_id("comment", at, text), moment(at), text, owner.handle, raw=kept)
        yield from dated(entry, "comments")


def _reaction(raw: Mapping[str, Any]) -> Iterator[Entry | Trouble]:
    for one in raw.get("data") or ():
        word = str((one.get("reaction") or {}).get("reaction") or "LIKE").lower()
        title, at = str(raw.get("title") or ""), raw.get("timestamp")
        kept = {"reaction": word, "title": title}
        yield from dated(Entry("reaction", made_id("reaction", at, title, word), moment(at), raw=kept), "reactions")
