"""Sandbox Ads: the make-believe ad market beside the Sandbox (contract/testing_ads.py), for trying campaigns out and for tests."""

from __future__ import annotations

from masthead.connectors.sandbox_ads.ads import SandboxAds
from masthead.connectors.sandbox_ads.connect import SandboxAdsConnecting
from masthead.connectors.sandbox_ads.operations import OPERATIONS
from masthead.connectors.sandbox_ads.rules import ABOUT, QUOTAS
from masthead.connectors.sandbox_ads.terms import TERMS
from masthead.contract.ads import NoPosts
from masthead.contract.capabilities import no_posts
from masthead.contract.platform import Platform
from masthead.kit.words import N_ as _

SANDBOX_ADS = Platform(
    key="sandbox_ads",
    name="Sandbox Ads",
    capabilities=no_posts(ABOUT, QUOTAS),
    connecting=SandboxAdsConnecting(),
    publisher=NoPosts(),
    operations=OPERATIONS,
    terms=TERMS,
    home=ABOUT,
    many_servers=True,
    max_request_seconds=60.0,
    look_up_after_seconds=2.0,
    about=_("A make-believe ad market on this machine. No money is spent, and nobody sees the ads."),
    ads=SandboxAds(),
)
