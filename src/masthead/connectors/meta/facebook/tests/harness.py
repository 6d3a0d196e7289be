"""What the shared contract test needs of Facebook."""

from __future__ import annotations

from masthead.connectors.meta.facebook import FACEBOOK, facebook_platform
from masthead.connectors.meta.tests.lending import Lending
from masthead.contract.platform import Platform


class FacebookHarness(Lending):
    """Fulfils `Harness`: each account is the first Page of a fresh person."""

    platform = FACEBOOK

    def made(self, url: str) -> Platform:
        """The platform, pointing at the double."""
        return facebook_platform(url, url, url)

    def person(self) -> str:
        """Somebody with a Page."""
        user = self.double.memory.id()
        self.double.memory.owner("page", user)
        return user


HARNESS = FacebookHarness
