"""What the shared contract test needs of TikTok: the double, and choices that every post needs."""

from __future__ import annotations

from masthead.connectors.tests.app_harness import AppHarness
from masthead.connectors.tiktok import tiktok_platform
from masthead.connectors.tiktok.publish import Patience
from masthead.connectors.tiktok.tests.double import TikTokDouble


class TikTokHarness(AppHarness):
    """Fulfils `Harness`."""

    media_type = "image/jpeg"
    options = {"privacy_level": "PUBLIC_TO_EVERYONE", "consent": "agreed"}

    def __init__(self) -> None:
        self.double = TikTokDouble()
        super().__init__(self.double)
        self.platform = tiktok_platform(self.double.url, self.double.url, Patience(0.3, 0.01))


HARNESS = TikTokHarness
