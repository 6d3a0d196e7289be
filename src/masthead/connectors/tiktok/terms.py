"""What TikTok's guidelines allow with data obtained through its API, as far as we could read them."""

from __future__ import annotations

from datetime import timedelta

from masthead.connectors.tiktok.capabilities import READ_ON
from masthead.contract.capabilities import Source
from masthead.contract.terms import Kind, say, whole
from masthead.kit.words import N_ as _

GUIDELINES = Source("https://developers.tiktok.com/doc/our-guidelines-developer-guidelines/", READ_ON)
VIDEOS = Source("https://developers.tiktok.com/doc/tiktok-api-v2-video-object", READ_ON)
TERMS_PAGE = Source("https://www.tiktok.com/legal/page/global/tik-tok-developer-terms-of-service/en", READ_ON)
OTHERS: tuple[Kind, ...] = ("others_post", "message", "reaction")
OWN = _("The account's owner sees and reports on the account's own videos.")

TERMS = whole(
    "2026-11-24",
    None,
    say("own_post", ("display", "analyse"), "allow", OWN, VIDEOS),
    say("own_post", "redistribute", "allow", OWN, VIDEOS, to_others="ask"),
    say(
        "own_post",
        "store",
        "ask",
        _("Data are kept only as long as the person who signed in wants it; covers live six hours at TikTok."),
        GUIDELINES,
    ),
    say("profile", "display", "allow", _("The signed-in account's name and picture are shown to it."), GUIDELINES),
    say(
        "profile",
        "store",
        "allow",
        _("Covers and pictures are addresses that end after six hours."),
        VIDEOS,
        within=timedelta(hours=6),
    ),
    say(
        OTHERS,
        ("store", "redistribute", "ai_train"),
        "deny",
        _("Nothing is collected about people who did not sign in to the application."),
        GUIDELINES,
    ),
    rest=TERMS_PAGE,
    silent=_("TikTok's Developer Terms of Service could not be read. Until they are, it counts as unknown."),
    evidence="none",
)
