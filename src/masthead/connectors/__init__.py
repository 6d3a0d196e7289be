"""The register: every platform Masthead knows. To remove one, delete its folder and its line here."""

from __future__ import annotations

from masthead.connectors.bluesky import BLUESKY
from masthead.connectors.discord import DISCORD
from masthead.connectors.google.business_profile import BUSINESS_PROFILE
from masthead.connectors.google.youtube import YOUTUBE
from masthead.connectors.linkedin import LINKEDIN
from masthead.connectors.mastodon import MASTODON
from masthead.connectors.matrix import MATRIX
from masthead.connectors.meta.facebook import FACEBOOK
from masthead.connectors.meta.instagram import INSTAGRAM
from masthead.connectors.meta.threads import THREADS
from masthead.connectors.misskey import MISSKEY
from masthead.connectors.nostr import NOSTR
from masthead.connectors.pinterest import PINTEREST
from masthead.connectors.reddit import REDDIT
from masthead.connectors.sandbox import SANDBOX
from masthead.connectors.slack import SLACK
from masthead.connectors.telegram import TELEGRAM
from masthead.connectors.tiktok import TIKTOK
from masthead.connectors.wordpress import WORDPRESS
from masthead.connectors.x import X
from masthead.contract.platform import Platform

PLATFORMS: dict[str, Platform] = {
    one.key: one
    for one in (
        BLUESKY,
        BUSINESS_PROFILE,
        DISCORD,
        FACEBOOK,
        INSTAGRAM,
        LINKEDIN,
        MASTODON,
        MATRIX,
        MISSKEY,
        NOSTR,
        PINTEREST,
        REDDIT,
        SANDBOX,
        SLACK,
        TELEGRAM,
        THREADS,
        TIKTOK,
        WORDPRESS,
        X,
        YOUTUBE,
    )
}
ONLY_TO_TRY = frozenset({SANDBOX.key})


def platform(key: str) -> Platform:
    """The platform with this key; KeyError where it is not part of the installation."""
    return PLATFORMS[key]


def available(sandbox: bool) -> list[Platform]:
    """The platforms a person may connect, by name; those that only serve to try Masthead out when `sandbox` is set."""
    found = [one for one in PLATFORMS.values() if sandbox or one.key not in ONLY_TO_TRY]
    return sorted(found, key=lambda one: one.name.casefold())
