"""How the double of X writes things down: users, posts, media, in X's old words or its new ones."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from masthead.connectors.x.tests.memory import Person, Post, Upload, shortened

KINDS = {"tweet_image": "photo", "tweet_gif": "animated_gif", "tweet_video": "video"}


def stamp(at: datetime) -> str:
    """A time as X writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def user(person: Person, fields: Iterable[str]) -> dict[str, Any]:
    """A user with the fields asked for."""
    more = {
        "profile_image_url": f"https://pbs.twimg.com/profile_images/{person.id}.jpg",
        "subscription_type": person.subscription,
        "verified_type": person.verified,
    }
    told = {name: more[name] for name in fields if name in more}
    return {"id": person.id, "name": person.name.title(), "username": person.name} | told


def post(one: Post, fields: Iterable[str], *, new_words: bool, private: bool) -> dict[str, Any]:
    """A post with the fields asked for; text escaped and shortened as X shows it."""
    text, urls = shortened(one.text)
    for upload in one.media[:1]:
        short = f"https://t.co/m{upload.id[-9:]}"
        text = f"{text} {short}" if text else short
        full = f"https://twitter.com/{one.owner}/status/{one.id}/photo/1"
        urls.append(
            {
                "start": len(text) - len(short),
                "end": len(text),
                "url": short,
                "expanded_url": full,
                "media_key": upload.key,
            }
        )
    told: dict[str, Any] = {"id": one.id, "text": html.escape(text, quote=False)}
    kinds = (("replied_to", one.reply_to), ("quoted", one.quotes))
    references = [{"type": kind, "id": other} for kind, other in kinds if other]
    asked = set(fields)
    if references and {"referenced_tweets", "referenced_posts"} & asked:
        told["referenced_posts" if new_words else "referenced_tweets"] = references
    if "created_at" in asked:
        told["created_at"] = stamp(one.at)
    if "lang" in asked:
        told["lang"] = "en"
    if urls and "entities" in asked:
        told["entities"] = {"urls": urls}
    if one.media and "attachments" in asked:
        told["attachments"] = {"media_keys": [upload.key for upload in one.media]}
    if len(text) > 280 and {"note_tweet", "note_post"} & asked:
        told["note_post" if new_words else "note_tweet"] = {"text": told["text"]}
        told["text"] = told["text"][:270] + "…"
    return told | _numbers(asked, new_words=new_words, private=private)


def text_of(text: str) -> dict[str, Any]:
    """A direct message's text, escaped and shortened, and its links."""
    short, urls = shortened(text)
    return {"text": html.escape(short, quote=False)} | ({"entities": {"urls": urls}} if urls else {})


def _numbers(asked: set[str], *, new_words: bool, private: bool) -> dict[str, Any]:
    reposts = "repost_count" if new_words else "retweet_count"
    counts = {reposts: 2, "reply_count": 1, "like_count": 5, "impression_count": 100}
    told: dict[str, Any] = {}
    if "public_metrics" in asked:
        told["public_metrics"] = {**counts, "quote_count": 0, "bookmark_count": 3}
    if private and "non_public_metrics" in asked:
        told["non_public_metrics"] = {"impression_count": 90, "url_link_clicks": 7, "user_profile_clicks": 4}
        told["organic_metrics"] = {**counts, "impression_count": 90}
    return told


def media(upload: Upload) -> dict[str, Any]:
    """An attached file."""
    kind = KINDS.get(upload.kind, "photo")
    told = {"media_key": upload.key, "type": kind}
    if kind == "photo":
        told["url"] = f"https://pbs.twimg.com/media/{upload.id}.jpg"
    else:
        told["preview_image_url"] = f"https://pbs.twimg.com/thumb/{upload.id}.jpg"
    return told | ({"alt_text": upload.alt} if upload.alt else {})
