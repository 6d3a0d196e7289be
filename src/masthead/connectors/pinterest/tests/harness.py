"""What the shared contract test needs of Pinterest: the double, and a board that every account may pin to."""

from __future__ import annotations

from masthead.connectors.pinterest import pinterest_platform
from masthead.connectors.pinterest.tests.double import PinterestDouble
from masthead.connectors.pinterest.tests.memory import SHARED_BOARD
from masthead.connectors.pinterest.upload import Uploading
from masthead.connectors.tests.app_harness import AppHarness


class PinterestHarness(AppHarness):
    """Fulfils `Harness`."""

    options = {"board": SHARED_BOARD}

    def __init__(self) -> None:
        self.double = PinterestDouble()
        super().__init__(self.double)
        self.platform = pinterest_platform(self.double.url, self.double.url, Uploading(2.0, 0.01))


HARNESS = PinterestHarness
