"""Mastodon's own export, made up: audiences, content warnings, boosts, files, tar.gz."""

from __future__ import annotations

import io
import json
import tarfile
from typing import Any

from masthead.connectors.tests.archives import owner, pack, told

ACTOR = {
    "id": "https://m.example/users/ada",
    "preferredUsername": "ada",
    "name": "Ada",
    "summary": "<p>Hi &amp; ho</p>",
}
PUBLIC, FOLLOWERS = "https://www.w3.org/ns/activitystreams#Public", "https://m.example/users/ada/followers"


def note(number: int, to: list[str], cc: list[str], **more: Any) -> dict[str, Any]:
    made = {
        "id": f"https://m.example/users/ada/statuses/11000000000000000{number}",
        "type": "Note",
        "content": f"<p>Post {number} &lt;b&gt;</p><p>line<br/>two</p>",
        "contentMap": {"de": "x"},
        "published": f"2024-01-0{number + 1}T00:00:00Z",
        "to": to,
        "cc": cc,
    }
    return {"type": "Create", "published": made["published"], "object": made | more}


def archive(items: list[Any], **more: Any) -> dict[str, str | bytes]:
    files = {"actor.json": ACTOR, "outbox.json": {"type": "OrderedCollection", "orderedItems": items}} | more
    return {name.replace("__", "/"): json.dumps(value) for name, value in files.items()}


def test_posts_with_audience_and_text() -> None:
    items = [
        note(0, [PUBLIC], [FOLLOWERS]),
        note(1, [FOLLOWERS], [PUBLIC]),
        note(2, [FOLLOWERS], []),
        note(3, ["https://o/users/b"], []),
        note(4, [], []),
    ]
    profile, *posts = told("mastodon", archive(items))[0]
    assert profile.text == "Hi & ho"
    assert [one.visibility for one in posts] == ["public", "unlisted", "followers", "direct", "direct"]
    assert [one.kind for one in posts] == ["own_post"] * 3 + ["message"] * 2
    assert posts[0].text == "Post 0 <b>\nline\ntwo" and posts[0].remote_id == "110000000000000000"
    assert posts[0].language == "de" and posts[0].author == "ada@m.example"


def test_what_no_server_addressed_is_not_called_private_or_public() -> None:
    bare = note(0, [], [])
    del bare["object"]["to"], bare["object"]["cc"]
    post = told("mastodon", archive([bare]))[0][1]
    assert (post.kind, post.visibility) == ("own_post", "")


def test_content_warning_files_and_answers() -> None:
    attached = [
        {"type": "Document", "mediaType": "image/png", "url": "/media_attachments/files/1/cat.png", "name": "A cat"}
    ]
    items = [
        note(
            0,
            [PUBLIC],
            [],
            summary="Food",
            sensitive=True,
            attachment=attached,
            inReplyTo="https://o/users/b/statuses/42",
        )
    ]
    post = told("mastodon", archive(items) | {"media_attachments/files/1/cat.png": b"png"})[0][1]
    assert (post.raw["content_warning"], post.raw["sensitive"], post.reply_to) == ("Food", True, "42")
    assert (post.media[0].name, post.media[0].alt, post.media[0].kind) == (
        "media_attachments/files/1/cat.png",
        "A cat",
        "image",
    )


def test_boosts_favourites_and_bookmarks_are_reactions() -> None:
    boost = {
        "type": "Announce",
        "id": "b1",
        "object": "https://o/users/b/statuses/1",
        "published": "2024-01-01T00:00:00Z",
        "to": [PUBLIC],
    }
    files = archive([boost]) | {
        "likes.json": json.dumps({"orderedItems": ["https://o/1"]}),
        "bookmarks.json": json.dumps({"orderedItems": ["https://o/1"]}),
    }
    entries, troubles = told("mastodon", files)
    assert [one.raw["reaction"] for one in entries[1:]] == ["repost", "like", "bookmark"]
    assert len({one.remote_id for one in entries}) == 4 and not troubles


def test_what_is_broken_is_named() -> None:
    entries, troubles = told("mastodon", archive([{"type": "Create", "object": {"x": 1}}, 7, note(0, [PUBLIC], [])]))
    assert len(entries) == 2 and [one.entry for one in troubles] == ["outbox.json, 1", "outbox.json, 2"]


def test_a_tar_is_read_as_well() -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as target:
        for name, text in archive([note(0, [PUBLIC], [])]).items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            target.addfile(info, io.BytesIO(str(text).encode()))
        link = tarfile.TarInfo("evil.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        target.addfile(link)
    assert len(told("mastodon", made, "archive.tar.gz")[0]) == 2


def test_whose_it_is() -> None:
    assert owner("mastodon", pack(archive([]))).handle == "ada@m.example"
