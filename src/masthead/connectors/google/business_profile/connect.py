"""Sign-in with Google, and the choice among the verified locations of all accounts the person manages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from masthead.connectors.google.business_profile import wire
from masthead.connectors.google.business_profile.errors import WAY
from masthead.connectors.google.business_profile.operations import ACCOUNTS, LOCATION, LOCATIONS, SCOPES
from masthead.connectors.google.rest import call, read
from masthead.connectors.google.sign_in import GET_TOKEN, REVOKE_TOKEN, google_code, revoked
from masthead.contract.app_connecting import AppConnecting
from masthead.contract.authorization_code import Tokens
from masthead.contract.errors import Gone, NeedsReconnect
from masthead.contract.http import Http
from masthead.contract.values import Account, Profile

FIELDS = "name,title,storefrontAddress,metadata"
MOST_PAGES = 20
VERIFY = "Verify the business on business.google.com, then connect it again."


def connecting(api: str, holders: str, places: str, accounts: str, tokens: str) -> AppConnecting:
    """The connect part: the APIs of posts, of accounts and of locations, Google's sign-in site and its token endpoint."""
    asking = Asking(api, holders, places)
    code = google_code(api, accounts, tokens, GET_TOKEN, SCOPES, asking.who)
    return AppConnecting(code, asking.profile_of, partial(revoked, tokens, REVOKE_TOKEN))


@dataclass(frozen=True)
class Asking:
    """Whose a sign-in is: asks the APIs of accounts and of locations."""

    api: str
    holders: str
    places: str

    async def who(self, http: Http, tokens: Tokens) -> Profile | tuple[Profile, ...]:
        """The verified locations behind the tokens; the others cannot post."""
        found: dict[str, Profile] = {}
        for holder in await self._holders(http, tokens.secrets):
            for one in await self._locations(http, tokens.secrets, holder):
                if one.metadata.hasVoiceOfMerchant and one.name not in found:
                    found[one.name] = self._profile(one, holder, tokens.secrets, tokens.expires_at)
        if not found:
            raise NeedsReconnect("This Google account manages no verified business location.", remedy=VERIFY)
        return next(iter(found.values())) if len(found) == 1 else tuple(found.values())

    async def profile_of(self, http: Http, account: Account) -> Profile:
        """Ask Google for the location. One that is gone, or no longer ours, needs a new sign-in."""
        me = Account(0, 0, self.places, "", "", account.secrets)
        path, query = {"location": account.remote_id}, {"readMask": FIELDS}
        try:
            found = read(wire.Location, (await call(http, WAY, LOCATION, me, path=path, query=query)).body)
        except Gone:
            raise NeedsReconnect("Google no longer knows this location.", remedy=VERIFY) from None
        return self._profile(found, str(account.limits.get("account") or ""), account.secrets, None)

    async def _holders(self, http: Http, secrets: Mapping[str, Any]) -> list[str]:
        """The names of all accounts the person manages."""
        me, found, cursor = Account(0, 0, self.holders, "", "", secrets), list[str](), ""
        for _ in range(MOST_PAGES):
            query = {"pageSize": "20"} | ({"pageToken": cursor} if cursor else {})
            page = read(wire.Holders, (await call(http, WAY, ACCOUNTS, me, query=query)).body)
            found += [one.name for one in page.accounts]
            cursor = page.nextPageToken
            if not cursor:
                break
        return found

    async def _locations(self, http: Http, secrets: Mapping[str, Any], holder: str) -> list[wire.Location]:
        me, found, cursor = Account(0, 0, self.places, "", "", secrets), list[wire.Location](), ""
        for _ in range(MOST_PAGES):
            query = {"readMask": FIELDS, "pageSize": "100"} | ({"pageToken": cursor} if cursor else {})
            answer = await call(http, WAY, LOCATIONS, me, path={"account": holder}, query=query)
            page = read(wire.Locations, answer.body)
            found += page.locations
            cursor = page.nextPageToken
            if not cursor:
                break
        return found

    def _profile(
        self, one: wire.Location, holder: str, secrets: Mapping[str, Any], expires_at: datetime | None
    ) -> Profile:
        return Profile(
            server=self.api,
            remote_id=one.name,
            handle=one.label,
            name=one.title or one.name,
            secrets=dict(secrets),
            url=one.metadata.mapsUri,
            limits={"account": holder, "maps_url": one.metadata.mapsUri},
            expires_at=expires_at,
        )
