"""What the shared contract test needs of Threads."""

from __future__ import annotations

from collections.abc import Sequence

from masthead.connectors.meta.containers import Patience
from masthead.connectors.meta.tests.lending import Lending
from masthead.connectors.meta.threads import THREADS, threads_platform
from masthead.contract.platform import Platform
from masthead.contract.values import Account


class ThreadsHarness(Lending):
    """Fulfils `Harness`: each account is a fresh person's profile."""

    platform = THREADS

    def made(self, url: str) -> Platform:
        """The platform, pointing at the double, with little patience."""
        return threads_platform(url, url, Patience(0.005, 0.01, 1.0))

    def person(self) -> str:
        """Somebody with a profile."""
        user = self.double.memory.id()
        self.double.memory.owner("threads", user)
        return user

    def secrets(self, account: Account) -> Sequence[str]:
        """The token and the app's secret."""
        return [str(account.secrets[name]) for name in ("access_token", "client_secret")]


HARNESS = ThreadsHarness
