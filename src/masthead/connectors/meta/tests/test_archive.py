"""The exports of Meta, made up: broken letters, folders that moved, single items, labels in other languages, messages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from masthead.connectors.meta.archive import repaired
from masthead.connectors.tests.archives import owner, told


def written(value: Any) -> str:
    """JSON as Meta writes it: every byte of UTF-8 as a character of its own."""

    def broken(one: Any) -> Any:
        if isinstance(one, str):
            return one.encode().decode("latin-1")
        if isinstance(one, list):
            return [broken(item) for item in one]
        return {broken(name): broken(item) for name, item in one.items()} if isinstance(one, dict) else one

    return json.dumps(broken(value))


@pytest.mark.parametrize("text", ["plain", "Løye", "日本語 🎉", "naïve café", "½"])
def test_letters_are_repaired_and_right_ones_left_alone(text: str) -> None:
    assert repaired(text.encode().decode("latin-1")) == text
    assert repaired(text) == text


def facebook_post(number: int) -> dict[str, Any]:
    media = {
        "media": {
            "uri": f"your_facebook_activity/posts/media/a/{number}.jpg",
            "description": "",
            "creation_timestamp": 1,
        }
    }
    return {
        "timestamp": 1_700_000_000 + number,
        "data": [{"post": f"Grüße {number} 🎉"}, {"update_timestamp": 1}],
        "title": "Ada updated her status.",
        "attachments": [{"data": [media, {"external_context": {"url": "https://example.org/"}}]}],
    }


PROFILE = written(
    {"profile_v2": {"name": {"full_name": "Ada Løve"}, "profile_uri": "https://www.facebook.com/ada.love"}}
)


@pytest.mark.parametrize(
    "folder", ["your_facebook_activity/posts/", "posts/", "facebook-ada/your_facebook_activity/posts/"]
)
def test_facebook_posts_wherever_they_lie(folder: str) -> None:
    files = {
        f"{folder}your_posts__check_ins__photos_and_videos_1.json": written([facebook_post(1), facebook_post(2)]),
        "profile_information/profile_information.json": PROFILE,
        "your_facebook_activity/posts/media/a/1.jpg": b"jpg",
    }
    entries, troubles = told("facebook", files)
    assert [one.text for one in entries] == ["Grüße 1 🎉", "Grüße 2 🎉"] and not troubles
    assert entries[0].author == "ada.love" and entries[0].raw["links"] == ["https://example.org/"]
    assert [one.media[0].name for one in entries] == ["your_facebook_activity/posts/media/a/1.jpg", ""]


def test_ids_stay_when_folders_move() -> None:
    new = facebook_post(1)
    old = json.loads(json.dumps(new).replace("your_facebook_activity/posts/", "posts/"))
    name = "posts/your_posts_1.json"
    assert (
        told("facebook", {name: written([new])})[0][0].remote_id
        == told("facebook", {name: written([old])})[0][0].remote_id
    )


def test_a_single_post_without_a_list_comments_and_reactions() -> None:
    comment = {
        "timestamp": 1_700_000_000,
        "data": [{"comment": {"timestamp": 1_700_000_000, "comment": "Schön", "author": "A"}}],
        "title": "t",
    }
    liked = {
        "timestamp": 1_700_000_000,
        "data": [{"reaction": {"reaction": "LOVE", "actor": "A"}}],
        "title": "Ada likes a photo.",
    }
    files = {
        "posts/your_posts_1.json": written(facebook_post(1)),
        "comments_and_reactions/comments.json": written({"comments_v2": [comment]}),
        "comments_and_reactions/likes_and_reactions_1.json": written([liked]),
    }
    post, remark, reaction = told("facebook", files)[0]
    assert (post.kind, remark.text, remark.raw["comment"]) == ("own_post", "Schön", True)
    assert (reaction.kind, reaction.raw["reaction"]) == ("reaction", "love")


def messages(sender: str) -> str:
    said = {
        "sender_name": sender,
        "timestamp_ms": 1_700_000_000_123,
        "content": "Hallo Jürgen",
        "photos": [{"uri": "messages/p/1.jpg"}],
    }
    return written(
        {"participants": [{"name": sender}], "messages": [said, 7], "title": "Jürgen", "thread_path": "inbox/j_1"}
    )


def test_messages_with_broken_ones_named() -> None:
    files = {
        "your_facebook_activity/messages/inbox/j_1/message_1.json": messages("Ada Løve"),
        "profile_information/profile_information.json": PROFILE,
        "messages/p/1.jpg": b"jpg",
    }
    entries, troubles = told("facebook", files)
    assert (entries[0].text, entries[0].raw["conversation"], entries[0].raw["mine"]) == ("Hallo Jürgen", "j_1", True)
    assert entries[0].media[0].name == "messages/p/1.jpg" and entries[0].posted_at
    assert [one.entry[-18:] for one in troubles] == ["1/message_1.json, 2"[-18:]]


PERSON = written(
    {"profile_user": [{"string_map_data": {"Benutzername": {"value": "ada.l"}, "Name": {"value": "Ada Løve"}}}]}
)
PLACE = "personal_information/personal_information/personal_information.json"


@pytest.mark.parametrize("folder", ["content/", "your_instagram_activity/content/", "your_instagram_activity/media/"])
def test_instagram_posts_reels_and_stories(folder: str) -> None:
    picture = {"uri": "media/posts/202301/1.jpg", "creation_timestamp": 1_700_000_001, "title": "Größe"}
    pair = {"media": [picture, picture | {"title": ""}], "title": "Zwei", "creation_timestamp": 1_700_000_002}
    files = {
        f"{folder}posts_1.json": written([{"media": [picture]}, pair]),
        f"{folder}reels.json": written({"ig_reels_media": [{"media": [picture | {"title": "Reel"}]}]}),
        f"{folder}stories.json": written({"ig_stories": [picture | {"title": "Story"}]}),
        PLACE: PERSON,
        "media/posts/202301/1.jpg": b"jpg",
    }
    entries, troubles = told("instagram", files)
    assert sorted(one.text for one in entries) == ["Größe", "Reel", "Story", "Zwei"] and not troubles
    assert all(one.posted_at and one.author == "ada.l" and one.media[0].name for one in entries)
    assert owner("instagram", files).name == "Ada Løve"


def test_instagram_comments_likes_and_the_form_of_2018() -> None:
    comment = {"string_map_data": {"Kommentar": {"value": "Süß"}, "Zeit": {"timestamp": 1_700_000_000}}}
    liked = {
        "title": "bob",
        "string_list_data": [{"href": "https://www.instagram.com/p/1/", "value": "👍", "timestamp": 1_700_000_000}],
    }
    files = {
        "your_instagram_activity/comments/post_comments_1.json": written([comment]),
        "your_instagram_activity/likes/liked_posts.json": written({"likes_media_likes": [liked]}),
    }
    remark, like = told("instagram", files)[0]
    assert (remark.text, remark.posted_at is not None) == ("Süß", True)
    assert (like.kind, like.author, like.url) == ("reaction", "bob", "https://www.instagram.com/p/1/")
    old = {"photos": [{"caption": "Früher", "taken_at": "2018-05-01T10:00:00", "path": "photos/201805/1.jpg"}]}
    assert [
        one.text for one in told("instagram", {"media.json": written(old), "profile.json": '{"username": "ada"}'})[0]
    ] == ["Früher"]


def test_threads_inside_the_export() -> None:
    about = {"reply_control": "everyone", "is_reply": True}
    item = {
        "media": [{"uri": "", "creation_timestamp": 1_700_000_000, "title": "Schöner Faden", "text_app_post": about}]
    }
    liked = {"title": "bob", "string_list_data": [{"href": "https://www.threads.net/t/1", "timestamp": 1_700_000_000}]}
    files = {
        "your_instagram_activity/threads/threads_and_replies.json": written({"text_post_app_text_posts": [item]}),
        "your_instagram_activity/threads/liked_threads.json": written({"text_post_app_media_likes": [liked]}),
        PLACE: PERSON,
    }
    post, like = told("threads", files)[0]
    assert (post.text, post.author, post.raw["is_reply"]) == ("Schöner Faden", "ada.l", True)
    assert like.kind == "reaction"
