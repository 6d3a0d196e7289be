"""Sign-in with a secret key and a list of relays. The key never leaves this installation; it only signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from masthead.connectors.nostr import wire
from masthead.connectors.nostr.capabilities import CAPABILITIES
from masthead.connectors.nostr.keys import encoded, key_from, public_of
from masthead.connectors.nostr.notes import PROFILE_DATA
from masthead.connectors.nostr.operations import PROFILE, RELAY_INFO
from masthead.connectors.nostr.relays import ask, only, relays_of
from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TryAgain
from masthead.contract.guard import check_url
from masthead.contract.http import Http
from masthead.contract.platform import Field, FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed
from masthead.kit.words import N_ as _

PAGES = "https://njump.me"
KEY = Field(
    "key", _("Secret key"), kind="password", help=_("nsec1… or 64 hex digits. It is kept encrypted and only signs.")
)
RELAYS = Field(
    "relays",
    _("Relays"),
    help=_("Addresses with spaces between them."),
    placeholder="wss://relay.example.org wss://nos.example.org",
)
MEDIA = Field(
    "media_server",
    _("Media server"),
    required=False,
    help=_("A Blossom server that takes your files. Leave it empty to post text only."),
    placeholder="https://blossom.example.org",
)


def origin_of(typed: str, http: Http, field: str) -> str:
    """A relay's or media server's address with https (or http on private networks). Raises Refused(field)."""
    text = typed.strip().rstrip("/")
    text = text if "://" in text else f"https://{text}"
    scheme, _, rest = text.partition("://")
    scheme = {"wss": "https", "ws": "http"}.get(scheme.lower(), scheme.lower())
    if scheme == "http" and not http.transport.allow_private:
        raise Refused("The address must start with wss:// or https://.", field=field, remedy="Correct the address.")
    found = f"{scheme}://{rest}"
    check_url(found, allow_private=http.transport.allow_private, field=field)
    if urlsplit(found).query or urlsplit(found).fragment:
        raise Refused("The address has a question mark or a hash in it.", field=field, remedy="Correct the address.")
    return found


class KeyForm:
    """Sign-in by typing the key."""

    fields: Sequence[Field] = (KEY, RELAYS, MEDIA)

    async def connect(self, http: Http, answers: Mapping[str, str]) -> Profile:
        """The profile behind the key. Every relay must answer. Raises Refused(field=...)."""
        key = key_from(answers.get("key", ""))
        if not key:
            raise Refused(
                "This is not a secret key of Nostr.", field="key", remedy="Copy the nsec1… from your client again."
            )
        typed = answers.get("relays", "").replace(",", " ").split()
        relays = list(dict.fromkeys(origin_of(one, http, "relays") for one in typed))
        if not relays:
            raise Refused("At least one relay is needed.", field="relays", remedy="Type the address of a relay.")
        media = answers.get("media_server", "").strip()
        limits: dict[str, Any] = only(relays) | (
            {"media_server": origin_of(media, http, "media_server")} if media else {"max_attachments": 0}
        )
        return await _profile(http, relays, key, limits | await _told(http, relays))


async def _profile(http: Http, relays: Sequence[str], key: str, limits: Mapping[str, Any]) -> Profile:
    """What the first relay that knows them says of the person; each relay is asked."""
    author, found = public_of(key), wire.Person()
    for relay in relays:
        try:
            events = await ask(http, PROFILE, relay, {"kinds": [PROFILE_DATA], "authors": [author], "limit": 1})
        except ConnectorError as error:
            raise Refused(
                f"{urlsplit(relay).netloc}: {error.message}",
                field="relays",
                remedy="Check the address, or leave this relay out.",
                status=error.status,
            ) from None
        if events and found == wire.Person():
            found = wire.person(events[0].content)
    return _as_profile(relays[0], key, limits, found)


def _as_profile(relay: str, key: str, limits: Mapping[str, Any], found: wire.Person) -> Profile:
    name = encoded("npub", public_of(key))
    return Profile(
        server=relay,
        remote_id=public_of(key),
        handle=found.nip05 or f"{name[:12]}…{name[-6:]}",
        name=found.display_name or found.name or name,
        secrets={"key": key},
        url=f"{PAGES}/{name}",
        avatar_url=found.picture or "",
        limits=limits,
    )


async def _told(http: Http, relays: Sequence[str]) -> dict[str, int]:
    """The shortest text limit among the relays that tell one."""
    told = [limit for relay in relays if (limit := await _content_limit(http, relay))]
    return {"text_limit": min(*told, CAPABILITIES.text.limit)} if told else {}


async def _content_limit(http: Http, relay: str) -> int:
    try:
        answer = await http.call(RELAY_INFO, relay, headers={"Accept": "application/nostr+json"})
        info = wire.RelayInfo.model_validate(answer.body)
    except (ConnectorError, ValidationError):
        return 0
    return max(0, info.limitation.max_content_length or 0) if info.limitation else 0


class NostrConnecting:
    """The connect part."""

    form: FormSignIn | None = KeyForm()
    redirect: RedirectSignIn | None = None

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask the relays who we are; the first that answers decides. NeedsReconnect where it turns the key away."""
        key, away = secret_of(account), TryAgain("None of the relays answers.")
        for relay in relays_of(account):
            wanted = {"kinds": [PROFILE_DATA], "authors": [public_of(key)], "limit": 1}
            try:
                events = await ask(http, PROFILE, relay, wanted)
            except TryAgain as error:
                away = error
                continue
            found = wire.person(events[0].content) if events else wire.Person()
            return _as_profile(account.server, key, account.limits, found)
        raise away

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """None: a key does not run out."""
        return None

    async def revoke(self, http: Http, account: Account) -> None:
        """Nothing to give back: the key is the person's own."""


def secret_of(account: Account) -> str:
    """The secret key. Raises NeedsReconnect where it is missing or broken."""
    key = key_from(str(account.secrets.get("key", "")))
    if not key:
        raise NeedsReconnect("The stored key cannot be read.", remedy="Reconnect the channel.")
    return key
