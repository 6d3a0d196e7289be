"""What the shared contract test needs of Reddit: the double, and the subreddit and title that every post needs."""

from __future__ import annotations

from masthead.connectors.reddit import reddit_platform
from masthead.connectors.reddit.tests.double import RedditDouble
from masthead.connectors.tests.app_harness import AppHarness


class RedditHarness(AppHarness):
    """Fulfils `Harness`."""

    options = {"subreddit": "r/bread", "title": "Fresh today"}

    def __init__(self) -> None:
        self.double = RedditDouble()
        super().__init__(self.double)
        self.platform = reddit_platform(self.double.url, self.double.url, 0.01)


HARNESS = RedditHarness
