"""Our registration as an app with a server: made once and used again by every workspace.

A connector takes part by finding `client_id` and `client_secret` in the answers, and by leaving them, with `server`, in
what it keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from masthead.channels.answers import address
from masthead.channels.models import AppRegistration, PendingSignIn
from masthead.contract.errors import Refused
from masthead.contract.oauth import origin
from masthead.contract.platform import Platform
from masthead.workspaces.models import User

PARTS = ("client_id", "client_secret")


def with_registration(platform: Platform, answers: Mapping[str, str], redirect_uri: str, user: User) -> dict[str, str]:
    """The answers, with our registration at that server if there is one.

    A sign-in of this person that never came back may mean that the server forgot us: then we register anew.
    """
    stuck = PendingSignIn.objects.filter(user=user, platform=platform.key).exists()
    if not answers.get("server") or stuck:
        return dict(answers)
    try:
        server = origin(address(answers["server"], "server"))
    except Refused:
        return dict(answers)
    row = AppRegistration.objects.filter(platform=platform.key, server=server, redirect_uri=redirect_uri).first()
    return {**answers, **{name: row.secrets[name] for name in PARTS}} if row else dict(answers)


def keep_registration(platform: Platform, kept: Mapping[str, Any], redirect_uri: str) -> None:
    """Remember the registration a connector made or used."""
    if kept.get("server") and all(kept.get(name) for name in PARTS):
        AppRegistration.objects.update_or_create(
            platform=platform.key,
            server=kept["server"],
            redirect_uri=redirect_uri,
            defaults={"secrets": {name: kept[name] for name in PARTS}},
        )


def forget_registration(platform: Platform, kept: Mapping[str, Any]) -> None:
    """Forget a registration that did not lead to a sign-in."""
    if kept.get("server"):
        AppRegistration.objects.filter(platform=platform.key, server=kept["server"]).delete()
