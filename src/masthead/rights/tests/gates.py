"""What tests of the gate are made from: items, terms, and Hypothesis strategies for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from masthead.contract.capabilities import Source
from masthead.contract.terms import KINDS, USES, VERDICTS, Term, Terms
from masthead.rights.items import Item
from masthead.rights.permit import Grant, Rules, Stop

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HERE = Source("https://terms.example", date(2026, 11, 24))
PLATFORM = "sandbox"
OTHERS = ("buyer", "lab")


def item(**changes: Any) -> Item:
    """Somebody else's post, obtained through the API an hour ago."""
    about: dict[str, Any] = {
        "id": "read:1", "workspace_id": 1, "platform": PLATFORM, "channel_id": 1, "kind": "others_post",
        "author": "@ann", "text": "Good bread.", "url": "", "remote_id": "r1", "posted_at": NOW - timedelta(days=9),
        "obtained_via": "api", "obtained_at": NOW - timedelta(hours=1), "terms_version": "1",
    }  # fmt: skip
    return Item(**about | changes)


def terms(*rules: Term, **more: Any) -> Terms:
    """Version 1 of the terms of a platform."""
    return Terms("1", date(2026, 1, 1), rules, **more)


def term(kind: Any, use: Any, verdict: Any, within: timedelta | None = None) -> Term:
    """One rule with a source."""
    return Term(kind, use, verdict, f"{kind} {use}: {verdict}.", HERE, within)


def rules(*given: Term, stops: tuple[Stop, ...] = ()) -> Rules:
    """Rules of one platform."""
    return Rules({PLATFORM: terms(*given)}, stops)


def grant(**changes: Any) -> Grant:
    """A grant to the workspace itself for everything, since yesterday."""
    about: dict[str, Any] = {"id": "1", "grantee": "", "uses": frozenset(USES), "covers": lambda _: True}
    return Grant(**about | {"since": NOW - timedelta(days=1)} | changes)


times = st.integers(-100, 100).map(lambda hours: NOW + timedelta(hours=hours))
spans = st.none() | st.integers(1, 100).map(lambda hours: timedelta(hours=hours))
uses, kinds = st.sampled_from(USES), st.sampled_from(KINDS)
ids = st.sampled_from([f"read:{number}" for number in range(6)])
chosen = st.frozensets(ids, max_size=6)

items = st.builds(
    item,
    id=ids,
    workspace_id=st.sampled_from([1, 1, 1, 2]),
    platform=st.sampled_from([PLATFORM, PLATFORM, "unheard-of"]),
    kind=kinds,
    obtained_via=st.sampled_from(["own", "export", "api", "federation"]),
    obtained_at=times,
    terms_version=st.sampled_from(["", "1", "0.9"]),
    preference=st.dictionaries(uses, st.sampled_from(["allow", "deny"])),
    gone_at=st.none() | times,
)
some_rules = st.lists(
    st.builds(term, kinds, uses, st.sampled_from(VERDICTS), spans), unique_by=lambda one: (one.kind, one.use)
)
all_allowed = st.just([term(kind, use, "allow") for kind in KINDS for use in USES])
grants = st.lists(
    st.builds(
        lambda of, **about: grant(covers=lambda one: one.id in of, **about),
        chosen,
        id=st.sampled_from("abc"),
        grantee=st.sampled_from(["", *OTHERS]),
        uses=st.frozensets(uses),
        since=times,
        until=st.none() | times,
    ),
    max_size=3,
)
stops = st.lists(
    st.builds(lambda of, uses: Stop("s", "Erased.", lambda one: one.id in of, uses), chosen, st.frozensets(uses)),
    max_size=2,
)
