"""What the shared contract test needs of Business Profile: the double, and accounts that are locations."""

from __future__ import annotations

from masthead.connectors.google.business_profile import business_profile_platform
from masthead.connectors.google.business_profile.tests.double import BusinessProfileDouble
from masthead.connectors.tests.app_harness import AppHarness
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.values import Account


class BusinessProfileHarness(AppHarness):
    """Fulfils `Harness`: each account is the location of a fresh person."""

    def __init__(self) -> None:
        self.double = BusinessProfileDouble()
        super().__init__(self.double)
        url = self.double.url
        self.platform = business_profile_platform(url, url, url, url, url)

    async def account(self) -> Account:
        """The verified location of a fresh person."""
        who = self.double.memory.person().id
        kept = dict(self.redirect_answers()) | self.double.memory.tokens(who)
        told = Account(7, 3, self.double.url, f"locations/{who}", "", kept, {"account": f"accounts/{who}"})
        async with Transport(allow_private=True) as transport:
            http = Http(transport, platform=self.platform.key, operations=self.platform.operations, meter=Unmetered())
            one = await self.platform.connecting.verify(http, told)
        return Account(7, 3, one.server, one.remote_id, one.handle, one.secrets, one.limits)

    async def dead_account(self) -> Account:
        """An account whose owner took the app's access away."""
        account = await self.account()
        self.double.memory.end(account.remote_id.removeprefix("locations/"))
        return account


HARNESS = BusinessProfileHarness
