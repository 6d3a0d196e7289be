"""The sandbox's sign-in for other applications: reading what is asked, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from masthead.contract.testing_network import SandboxNetwork


@dataclass(frozen=True, slots=True)
class Wish:
    """What an application asks for: who it says it is, where to go back to, and what to bring along."""

    client_id: str
    redirect_uri: str
    state: str
    challenge: str


def read(query: Mapping[str, str]) -> Wish | None:
    """The wish in a request; None where something is missing or the way back leads to another origin."""
    wish = Wish(*(query.get(name, "") for name in ("client_id", "redirect_uri", "state", "code_challenge")))
    client, back_to = urlsplit(wish.client_id), urlsplit(wish.redirect_uri)
    same = (client.scheme, client.netloc) == (back_to.scheme, back_to.netloc)
    fits = same and client.scheme in ("http", "https") and wish.state and wish.challenge
    return wish if fits and query.get("code_challenge_method") == "S256" else None


def back(network: SandboxNetwork, wish: Wish, handle: str, issuer: str) -> str:
    """The address to go back to: with a code for the member who said yes, else with the denial."""
    known = network.member(handle) is not None
    answer = {"code": network.allow(handle, wish.challenge, wish.redirect_uri)} if known else {"error": "access_denied"}
    joint = "&" if urlsplit(wish.redirect_uri).query else "?"
    return wish.redirect_uri + joint + urlencode({**answer, "state": wish.state, "iss": issuer})
