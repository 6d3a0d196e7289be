"""Which addresses a server-side request may reach (the SSRF guard)."""

from __future__ import annotations

import ipaddress
import re
import socket
from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from masthead.contract.errors import Refused

ORIGIN = re.compile(r"[^/?#]*//[^/?#]*")
# Names that never lead anywhere on the open internet (RFC 6761, 6762, 8375 and ICANN's .internal).
INSIDE = (
    ".localhost",
    ".local",
    ".internal",
    ".lan",
    ".home",
    ".home.arpa",
    ".test",
    ".invalid",
    ".example",
    ".intranet",
)


class ForbiddenAddress(OSError):
    """A name led to an address that is not public."""


def is_public(address: str) -> bool:
    """True for an IP address of the open internet; mapped and translated IPv6 forms are judged by the IPv4 inside."""
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


def check_url(url: str, *, allow_private: bool, field: str = "url") -> None:
    """Refuse an address that is not http(s) to a public host. Names are judged again when they are resolved.

    The host is read as the client will read it: it turns full-width digits and dots into plain ones. A platform's address is
    called many thousand times, and nothing behind the host matters here, so that the verdict on it is remembered.
    """
    found = ORIGIN.match(url)
    wrong = _wrong(found.group() if found else url, allow_private)
    if wrong:
        raise Refused(wrong[0], field=field, remedy=wrong[1])


@lru_cache(maxsize=4096)
def _wrong(url: str, allow_private: bool) -> tuple[str, str] | None:
    """What is wrong with an address and what to do; None where all is well."""
    try:
        parts, host = urlsplit(url), URL(url).raw_host or ""
    except ValueError:
        return "This is not a valid address.", "Correct the address."
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "The address must start with https:// and name a host.", "Correct the address."
    if parts.username or parts.password:
        return "The address must not contain a user name or password.", "Remove them."
    if not allow_private and (_is_private_literal(parts.hostname) or _is_private_literal(host)):
        return (
            "The address leads into a private network, which this server does not call.",
            "Use a public address, or let the operator set MASTHEAD_ALLOW_PRIVATE=1.",
        )
    return None


def _is_private_literal(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_outside(url: str) -> bool:
    """True where a platform could fetch from this address: http(s), and a host of the open internet by its looks.

    Nobody is asked: a name may still resolve to nothing, or a firewall may stand before it.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in ("http", "https") or not host or _is_private_literal(host):
        return False
    return ":" in host or ("." in host and not host.endswith(INSIDE))


class GuardedResolver(AbstractResolver):
    """Resolves names and drops every address that is not public, so that a name cannot lead inside after the check."""

    def __init__(self, *, allow_private: bool) -> None:
        self.allow_private = allow_private
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The public addresses of `host`; ForbiddenAddress where there is none."""
        found = await self._inner.resolve(host, port, family)
        allowed = found if self.allow_private else [one for one in found if is_public(one["host"])]
        if found and not allowed:
            raise ForbiddenAddress(f"{host} has no public address")
        return allowed

    async def close(self) -> None:
        """Release the inner resolver."""
        await self._inner.close()


def public_socket(found: AddrInfoType) -> socket.socket:
    """The last gate: a socket for an address about to be called, however it was written; ForbiddenAddress inside."""
    family, kind, protocol, _name, address = found
    if not is_public(str(address[0])):
        raise ForbiddenAddress("the address is not public")
    return socket.socket(family, kind, protocol)


def is_forbidden(error: BaseException) -> bool:
    """True where a transport error means that a name led to no public address."""
    return isinstance(error, ForbiddenAddress) or isinstance(getattr(error, "os_error", None), ForbiddenAddress)


def describe(error: BaseException) -> str:
    """A transport error in words that hold no address or secret."""
    return "its name leads into a private network" if is_forbidden(error) else type(error).__name__
