"""A workspace, and a sandbox network to connect to."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from masthead.channels.connect import connect_with_form, keep
from masthead.channels.models import Channel
from masthead.channels.tests.closed import KEY, ClosedServer, closed_platform
from masthead.connectors import PLATFORMS
from masthead.contract.testing import Member, SandboxServer
from masthead.contract.testing_network import SandboxNetwork, challenge_of
from masthead.contract.values import Profile
from masthead.kit.clock import now
from masthead.workspaces.models import User
from masthead.workspaces.tests.people import Company

SANDBOX = PLATFORMS["sandbox"]
NUMBERS = itertools.count(1)
CALLBACK = "/connect/callback/sandbox/"


@dataclass
class Network:
    """The sandbox seen by a test."""

    server: SandboxServer

    @property
    def inside(self) -> SandboxNetwork:
        """What lies on it."""
        return self.server.network

    def member(self) -> tuple[Member, str]:
        """A fresh member and an account token."""
        number = next(NUMBERS)
        member = Member(f"m{number}", f"Member {number}")
        return member, self.inside.add(member)

    def typed(self, token: str) -> dict[str, str]:
        """The answers of the connect form."""
        return {"way": "form", "server": self.server.url, "token": token}

    def connected(self, company: Company) -> Channel:
        """A channel connected by an account token."""
        _member, token = self.member()
        return connect_with_form(company.workspace, company.members["owner"].user, SANDBOX, self.typed(token))

    def with_tokens(self, company: Company) -> Channel:
        """A channel with an access token that runs out and a refresh token."""
        member, _token = self.member()
        tokens = self.tokens(member.handle)
        profile = Profile(self.server.url, member.handle, f"@{member.handle}", member.name, tokens, expires_at=now())
        return keep(company.workspace, company.members["owner"].user, SANDBOX, profile, expected=None)

    def tokens(self, handle: str) -> dict[str, str]:
        """Access and refresh token of a sign-in."""
        code = self.inside.allow(handle, challenge_of("v" * 43), "http://localhost:8000/")
        got = self.inside.exchange(code, "v" * 43, "http://localhost:8000/")
        return {"token": got.token, "refresh_token": got.refresh}

    def begin(self, client: Client, slug: str, **extra: str) -> dict[str, str]:
        """Start a sign-in on the sandbox's page; what the page was asked."""
        answer = client.post(
            f"/w/{slug}/channels/connect/sandbox/", {"way": "redirect", "server": self.server.url, **extra}
        )
        assert answer.status_code == 302, answer.content.decode()
        return dict(parse_qsl(urlsplit(answer["Location"]).query))

    def agree(self, asked: dict[str, str], handle: str) -> dict[str, str]:
        """The query a member's yes sends back."""
        code = self.inside.allow(handle, asked["code_challenge"], asked["redirect_uri"])
        return {"code": code, "state": asked["state"], "iss": self.server.url}


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[SandboxServer]:
    """The sandbox in a thread."""
    with SandboxServer() as server:
        yield server


@pytest.fixture
def network(sandbox_server: SandboxServer) -> Network:
    """The sandbox with no faults turned on."""
    sandbox_server.network.knobs.clear()
    return Network(sandbox_server)


@pytest.fixture
def company(db: None) -> Company:
    """A workspace with members and a stranger."""
    return Company()


@pytest.fixture
def owner(company: Company) -> User:
    """Its owner."""
    return company.members["owner"].user


@pytest.fixture(scope="session")
def _closed_server() -> Iterator[ClosedServer]:
    with ClosedServer() as server:
        yield server


@pytest.fixture
def closed(_closed_server: ClosedServer, monkeypatch: pytest.MonkeyPatch) -> ClosedServer:
    """A closed platform in the register, with one profile behind every sign-in."""
    _closed_server.asked.clear()
    monkeypatch.setitem(PLATFORMS, KEY, closed_platform(_closed_server, "bakery"))
    for variable in ("CLOSED_ID", "CLOSED_SECRET"):
        monkeypatch.delenv(variable, raising=False)
    return _closed_server


@pytest.fixture
def pages(closed: ClosedServer, monkeypatch: pytest.MonkeyPatch) -> ClosedServer:
    """The same with three profiles behind every sign-in."""
    monkeypatch.setitem(PLATFORMS, KEY, closed_platform(closed, "bakery", "cafe", "mill"))
    return closed
