"""People and a workspace for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from masthead.workspaces.models import Member, User, Workspace
from masthead.workspaces.roles import Role

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


@cache
def _hash(_hasher: str) -> str:
    """Hashing is slow on purpose, so it is done once."""
    return make_password(PASSWORD)


def person(email: str = "ada@example.com", **extra: str) -> User:
    """A user with a confirmed address and PASSWORD."""
    user = User.objects.create(email=email, password=_hash(settings.PASSWORD_HASHERS[0]), **extra)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def signed_in(user: User) -> Client:
    """A browser signed in as the user."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@dataclass
class Company:
    """A workspace with one member of every role, and a stranger who owns another workspace."""

    slug: str = "acme"
    workspace: Workspace = field(init=False)
    members: dict[str, Member] = field(default_factory=dict)
    stranger: User = field(init=False)

    def __post_init__(self) -> None:
        self.workspace = Workspace.objects.create(name="Acme", slug=self.slug, time_zone="Europe/Berlin")
        for role in Role:
            user = person(f"{role}@{self.slug}.example", name=f"{role} of {self.slug}")
            self.members[role] = Member.objects.create(workspace=self.workspace, user=user, role=role)
        self.stranger = person(f"stranger@{self.slug}.example")
        other = Workspace.objects.create(name="Other", slug=f"not-{self.slug}")
        Member.objects.create(workspace=other, user=self.stranger, role=Role.OWNER)

    def client(self, role: str) -> Client:
        """A browser signed in as the member of that role; "stranger" and "nobody" work too."""
        if role == "nobody":
            return Client()
        return signed_in(self.stranger if role == "stranger" else self.members[role].user)
