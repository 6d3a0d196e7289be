"""X's own export, made up: parts, long texts, deleted posts, edits, messages, likes, files, and what can be broken in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from masthead.connectors.tests.archives import owner, told

FIRST = "1627000000000000001"


def script(name: str, items: list[Any], part: int = 0) -> str:
    return f"window.YTD.{name}.part{part} = " + json.dumps(items, ensure_ascii=False)


def tweet(number: int, text: str, **more: Any) -> dict[str, Any]:
    made = {
        "id_str": str(int(FIRST) + number),
        "full_text": text,
        "created_at": "Sat Feb 18 12:33:11 +0000 2023",
        "lang": "en",
    }
    return {"tweet": made | more}


ACCOUNT = script("account", [{"account": {"username": "ada", "accountId": "7", "accountDisplayName": "Ada"}}])
LONG = "A long thought & more of it. " * 30


def archive(**files: str) -> dict[str, str | bytes]:
    return {"data/account.js": ACCOUNT} | {f"data/{name.replace('_', '-')}.js": text for name, text in files.items()}


def test_whose_it_is() -> None:
    found = owner("x", archive())
    assert (found.handle, found.remote_id, found.name) == ("ada", "7", "Ada")


def test_posts_of_all_parts_with_their_texts_unescaped() -> None:
    parts = {"tweets": script("tweets", [tweet(0, "a &amp; b &lt;3")])}
    parts |= {
        f"tweets-part{number}": script("tweets", [tweet(number, f"part {number}")], number) for number in (1, 2, 10)
    }
    entries, troubles = told("x", archive(**parts))
    assert [one.text for one in entries] == ["a & b <3", "part 1", "part 2", "part 10"]
    assert entries[0].posted_at == datetime(2023, 2, 18, 12, 33, 11, tzinfo=UTC)
    assert entries[0].url == f"https://x.com/ada/status/{FIRST}" and entries[0].kind == "own_post"
    assert not troubles


def test_a_cut_post_gets_its_whole_text_and_a_note_without_post_is_kept() -> None:
    notes = [
        {
            "noteTweet": {
                "noteTweetId": "1627000000000000900",
                "createdAt": "2023-02-18T12:33:11.000Z",
                "core": {"text": LONG},
            }
        },
        {"noteTweet": {"noteTweetId": "5", "createdAt": "2024-02-18T12:33:11.000Z", "core": {"text": "Alone"}}},
    ]
    cut = LONG.replace("&", "&amp;")[:200] + "… https://t.co/abc"
    files = archive(tweets=script("tweets", [tweet(0, cut), tweet(1, "short")]), note_tweet=script("note_tweet", notes))
    entries, _troubles = told("x", files)
    assert [one.text for one in entries] == [LONG, "short", "Alone"]


def test_old_name_of_the_list_reposts_replies_edits_and_deleted_posts() -> None:
    edit = {"edit": {"initialTweetId": FIRST, "editTweetIds": [FIRST, "2"]}}
    files = archive(
        tweet=script(
            "tweet", [tweet(0, "RT @bob: his words"), tweet(1, "mine", in_reply_to_status_id_str="4", edit_info=edit)]
        ),
        deleted_tweets=script("deleted_tweets", [tweet(2, "regretted", deleted_at="2023-03-01T00:00:00.000Z")]),
    )
    repost, reply, gone = told("x", files)[0]
    assert (repost.kind, repost.author, repost.raw["reaction"]) == ("reaction", "bob", "repost")
    assert (reply.reply_to, reply.raw["edit_info"]) == ("4", edit)
    assert (gone.kind, gone.text, gone.visibility) == ("own_post", "regretted", "deleted")
    assert gone.raw["deleted_at"].startswith("2023-03-01")


def test_files_of_posts_with_their_descriptions() -> None:
    shown = {
        "media": [{"type": "photo", "media_url_https": "https://pbs.twimg.com/media/F1.jpg", "ext_alt_text": "A cat"}]
    }
    clip = {
        "media": [
            {
                "type": "video",
                "media_url_https": "https://pbs.twimg.com/thumb/t.jpg",
                "video_info": {"variants": [{"url": "https://video.twimg.com/v/a.mp4?tag=1"}]},
            }
        ]
    }
    files = archive(
        tweets=script("tweets", [tweet(0, "p", extended_entities=shown), tweet(1, "v", extended_entities=clip)])
    )
    files |= {f"data/tweets_media/{FIRST}-F1.jpg": b"jpg", f"data/tweets_media/{int(FIRST) + 1}-a.mp4": b"mp4"}
    pictures, video = told("x", files)[0]
    assert (pictures.media[0].kind, pictures.media[0].alt) == ("image", "A cat")
    assert pictures.media[0].name == f"data/tweets_media/{FIRST}-F1.jpg"
    assert (video.media[0].kind, video.media[0].name[-6:]) == ("video", "-a.mp4")


def test_messages_of_two_and_of_groups() -> None:
    said = {
        "id": "90",
        "senderId": "7",
        "recipientId": "8",
        "text": "hi &amp; bye",
        "createdAt": "2023-01-01T00:00:00.000Z",
    }
    answer = said | {"id": "91", "senderId": "8", "mediaUrls": ["https://ton.twitter.com/dm/91/1/pic.jpg"]}
    talk = {
        "dmConversation": {"conversationId": "7-8", "messages": [{"messageCreate": answer}, {"messageCreate": said}]}
    }
    joined = {"participantsJoin": {"userIds": ["9"]}}
    group = {
        "dmConversation": {
            "conversationId": "55",
            "name": "Crew",
            "messages": [joined, {"messageCreate": said | {"id": "92"}}],
        }
    }
    files = archive(
        direct_messages=script("direct_messages", [talk]),
        direct_messages_group=script("direct_messages_group", [group]),
    )
    files |= {"data/direct_messages_media/91-pic.jpg": b"jpg", "data/tweets.js": script("tweets", [])}
    entries, troubles = told("x", files)
    assert not troubles and {one.kind for one in entries} == {"message"}
    by_id = {one.remote_id: one for one in entries}
    assert by_id["90"].text == "hi & bye" and by_id["90"].raw["mine"] and not by_id["91"].raw["mine"]
    assert by_id["91"].media[0].name == "data/direct_messages_media/91-pic.jpg"
    assert (by_id["92"].raw["conversation"], by_id["92"].raw["group"]) == ("55", "Crew")


def test_likes_are_reactions_dated_by_what_was_liked() -> None:
    files = archive(
        like=script("like", [{"like": {"tweetId": FIRST, "fullText": "theirs"}}, {"like": {"tweetId": "20"}}])
    )
    recent, ancient = told("x", files)[0]
    assert (recent.kind, recent.text, recent.author) == ("reaction", "theirs", "")
    assert recent.posted_at and recent.posted_at.year == 2023
    assert ancient.posted_at is None, "ids of before 2010 do not say when"


def test_what_is_broken_is_named_and_nothing_else_is_lost() -> None:
    good = json.dumps(tweet(0, "before"))
    items = [good, '{"tweet": {"id_str": oops}}', '{"tweet": {"x": 1}}', json.dumps(tweet(3, "after")), '{"tw']
    text = "window.YTD.tweets.part0 = [" + ", ".join(items)
    entries, troubles = told("x", archive(tweets=text, tweets_part1=script("tweets", [tweet(9, "next file")], 1)))
    assert [one.text for one in entries] == ["before", "after", "next file"]
    assert [one.entry for one in troubles] == ["data/tweets.js, 2", "data/tweets.js, 3", "data/tweets.js"]
    assert all(one.why and one.remedy for one in troubles)


def test_a_broken_date_is_taken_from_the_id_or_named() -> None:
    bad = [
        tweet(0, "dated by its id", created_at="the ides of March"),
        {"tweet": {"id_str": "12", "full_text": "undated"}},
    ]
    entries, troubles = told("x", archive(tweets=script("tweets", bad)))
    assert entries[0].posted_at and entries[0].posted_at.year == 2023
    assert entries[1].posted_at is None and troubles[0].entry == "data/tweets.js, 12"
