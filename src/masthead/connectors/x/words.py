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

    def query(self, *, private: bool = False, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The query of a reading call."""
        fields: Sequence[str] = (*self.fields, *self.private) if private else self.fields
        return {
            self.fields_name: ",".join(fields),
            "expansions": ",".join(self.expansions),
            "media.fields": "type,url,preview_image_url,alt_text",
            **(more or {}),
        }


SHARED = ("created_at", "attachments", "entities", "public_metrics", "lang")
TWEETS = Words("tweet.fields", (*SHARED, "referenced_tweets", "note_tweet"), ("attachments.media_keys",))
POSTS = Words("post.fields", (*SHARED, "note_post"), ("attachments.media_keys", "referenced_posts"))
