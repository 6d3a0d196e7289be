"""The register: every platform Masthead knows. To remove one, delete its folder and its line here."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping

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
from masthead.connectors.sandbox_ads import SANDBOX_ADS
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
AD_PLATFORMS: dict[str, Platform] = {one.key: one for one in (SANDBOX_ADS,)}
"""Platforms whose channels are ad accounts: they take ads, no posts."""
EVERY: Mapping[str, Platform] = ChainMap(PLATFORMS, AD_PLATFORMS)
ONLY_TO_TRY = frozenset({SANDBOX.key, SANDBOX_ADS.key})


def platform(key: str) -> Platform:
    """The platform with this key; KeyError where it is not part of the installation."""
    return EVERY[key]


def available(sandbox: bool) -> list[Platform]:
    """The platforms a person may connect, by name; those that only serve to try Masthead out when `sandbox` is set."""
    return _by_name(PLATFORMS, sandbox)


def available_for_ads(sandbox: bool) -> list[Platform]:
    """The ad platforms a person may connect, by name."""
    return _by_name(AD_PLATFORMS, sandbox)


def _by_name(known: Mapping[str, Platform], sandbox: bool) -> list[Platform]:
    found = [one for one in known.values() if sandbox or one.key not in ONLY_TO_TRY]
    return sorted(found, key=lambda one: one.name.casefold())
