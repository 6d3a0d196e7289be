"""What the shared contract test needs of Instagram."""

from __future__ import annotations

from masthead.connectors.meta.containers import Patience
from masthead.connectors.meta.instagram import INSTAGRAM, instagram_platform
from masthead.connectors.meta.tests.lending import Lending
from masthead.contract.platform import Platform


class InstagramHarness(Lending):
    """Fulfils `Harness`: each account belongs to the first Page of a fresh person."""

    platform = INSTAGRAM

    def made(self, url: str) -> Platform:
        """The platform, pointing at the double, with little patience."""
        return instagram_platform(url, url, Patience(0.005, 0.01, 1.0))

    def person(self) -> str:
        """Somebody with a Page that has an Instagram account."""
        user = self.double.memory.id()
        page = self.double.memory.owner("page", user)
        self.double.memory.owner("instagram", user, page.id)
        return user


HARNESS = InstagramHarness
