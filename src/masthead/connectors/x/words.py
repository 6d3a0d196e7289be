"""X renames its words: tweets became posts and retweets reposts (description 2.167). Answers are read in both; which words
are asked for is set here and chosen when the platform is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """How posts are asked for: the name of the query field, the fields always wanted, those for one's own eyes, the expansions."""

    fields_name: str
    fields: tuple[str, ...]
    expansions: tuple[str, ...]
    private: tuple[str, ...] = ("non_public_metrics", "organic_metrics")
    mention_fields: tuple[str, ...] = ()
    mention_expansions: tuple[str, ...] = ()
    message_fields: tuple[str, ...] = ()

    def query(self, *, private: bool = False, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The query of a reading call."""
        fields: Sequence[str] = (*self.fields, *self.private) if private else self.fields
        return {
            self.fields_name: ",".join(fields),
            "expansions": ",".join(self.expansions),
            "media.fields": "type,url,preview_image_url,alt_text",
            **(more or {}),
        }

    def mentions(self, more: Mapping[str, str]) -> dict[str, str]:
        """The query of a reading of what others wrote: with authors and threads, without numbers."""
        fields = [one for one in self.fields if one != "public_metrics"]
        return {
            self.fields_name: ",".join((*fields, *self.mention_fields)),
            "expansions": ",".join((*self.expansions, *self.mention_expansions)),
            "media.fields": "type,url,preview_image_url,alt_text",
            "user.fields": USER_FIELDS,
            **more,
        }

    def messages(self, more: Mapping[str, str]) -> dict[str, str]:
        """The query of a reading of direct messages."""
        return {
            "event_types": "MessageCreate",
            "dm_event.fields": ",".join((*MESSAGE, *self.message_fields)),
            "expansions": ",".join(("attachments.media_keys", "sender_id")),
            "media.fields": "type,url,preview_image_url,alt_text",
            "user.fields": USER_FIELDS,
            **more,
        }


USER_FIELDS = "profile_image_url"
MESSAGE = ("id", "text", "event_type", "created_at", "dm_conversation_id", "attachments", "entities")
SHARED = ("created_at", "attachments", "entities", "public_metrics", "lang")
TWEETS = Words(
    "tweet.fields",
    (*SHARED, "referenced_tweets", "note_tweet"),
    ("attachments.media_keys",),
    mention_fields=("author_id", "conversation_id", "in_reply_to_user_id"),
    mention_expansions=("author_id",),
    message_fields=("sender_id",),
)
POSTS = Words(
    "post.fields",
    (*SHARED, "note_post"),
    ("attachments.media_keys", "referenced_posts"),
    mention_fields=("conversation_id",),
    mention_expansions=("author_id", "in_reply_to_user_id"),
)
CHOICES = {"tweets": TWEETS, "posts": POSTS}


def chosen(name: str) -> Words:
    """The words that an installation names; tweets where it names none."""
    return CHOICES.get(name.strip().lower(), TWEETS)
