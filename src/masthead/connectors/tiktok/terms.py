"""What TikTok's guidelines allow with data obtained through its API, as far as we could read them."""

from __future__ import annotations

from masthead.connectors.tiktok.capabilities import READ_ON
from masthead.contract.capabilities import Source
from masthead.contract.terms import Term, Terms

GUIDELINES = Source("https://developers.tiktok.com/doc/our-guidelines-developer-guidelines/", READ_ON)
VIDEOS = Source("https://developers.tiktok.com/doc/tiktok-api-v2-video-object", READ_ON)

TERMS = Terms(
    "2026-11-24",
    None,
    (
        Term("own_post", "display", "allow", "", VIDEOS),
        Term("own_post", "store", "ask", "", GUIDELINES),
        Term("own_post", "analyse", "allow", "", VIDEOS),
        Term("own_post", "redistribute", "allow", "", VIDEOS),
        Term("own_post", "ai_train", "ask", "", GUIDELINES),
        Term("others_post", "store", "deny", "", GUIDELINES),
        Term("others_post", "redistribute", "deny", "", GUIDELINES),
        Term("others_post", "ai_train", "deny", "", GUIDELINES),
        Term("profile", "display", "allow", "", GUIDELINES),
    ),
)
"""TikTok's Developer Terms of Service themselves could not be read; "ask" stands where only they would tell. An export holds what the
account's owner wrote; pictures of covers live six hours at TikTok and are not kept."""
