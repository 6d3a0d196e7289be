"""How to get a developer app of Meta, and what its terms say about one's own."""

from __future__ import annotations

from datetime import date

from masthead.contract.app import AppRule, Field, Scope
from masthead.contract.capabilities import Source
from masthead.kit.words import N_ as _

READ_ON = date(2026, 11, 24)
CONSOLE = Source("https://developers.facebook.com/apps/", READ_ON)
ACCESS = Source("https://developers.facebook.com/docs/graph-api/overview/access-levels/", READ_ON)
TERMS = Source("https://developers.facebook.com/terms/", READ_ON)
COST = _(
    "Free. For Pages and accounts of your own business, Standard Access is enough. Who lets others connect theirs needs "
    "Meta's app review and a verified business."
)
WARNING = _(
    "Meta's terms forbid passing app secrets and tokens on to anybody but service providers: keep the app your own, and do "
    "not use one that somebody else lends you."
)


def app_rule(
    scopes: dict[str, str], *, environment: tuple[str, str], steps: tuple[str, ...], id_label: str, secret_label: str
) -> AppRule:
    """The rule for one platform: the permissions with their reasons, variables for id and secret, and its own steps."""
    return AppRule(
        fields=(Field("client_id", id_label), Field("client_secret", secret_label, kind="password")),
        environment=(("client_id", environment[0]), ("client_secret", environment[1])),
        console=CONSOLE,
        steps=steps,
        scopes=tuple(Scope(name, why) for name, why in scopes.items()),
        cost=COST,
        cost_source=ACCESS,
        warning=WARNING,
        warning_source=TERMS,
    )
