"""Every connector's terms: each kind it can obtain and each use is stated or knowingly unknown, with source, date and clause."""

from __future__ import annotations

import importlib
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import get_args

import pytest

from masthead.connectors import EVERY, PLATFORMS
from masthead.connectors.tests.kit import package_of
from masthead.contract.inbox_rules import Kind as Message
from masthead.contract.platform import Platform
from masthead.contract.terms import KINDS, USES, Evidence, Kind, Term, Terms, Verdict, say, strictest, whole

OF_MESSAGES: dict[Message, Kind] = {
    Message.MENTION: "others_post",
    Message.COMMENT: "others_post",
    Message.DIRECT: "message",
}


@pytest.fixture(params=sorted(EVERY))
def listed(request: pytest.FixtureRequest) -> Platform:
    """A platform for what needs no server."""
    return EVERY[request.param]


def obtains(platform: Platform) -> set[Kind]:
    """What the connector's parts bring: results of ads, or own posts, and messages by the kinds its inbox reads; profiles always."""
    if platform.ads:
        return {"ad_metrics", "profile"}
    streams = platform.inbox.rules.streams if platform.inbox else ()
    return {"own_post", "profile", *(OF_MESSAGES[kind] for one in streams for kind in one.kinds)}


def test_every_kind_and_use_is_stated_or_knowingly_unknown(listed: Platform) -> None:
    assert listed.terms is importlib.import_module(f"{package_of(listed)}.terms").TERMS, "the platform carries them"
    silent = [pair for pair in product(sorted(obtains(listed)), USES) if listed.terms.rule(*pair) is None]
    assert not silent
    brought: Kind = "ad_metrics" if listed.ads else "own_post"
    assert listed.terms.verdict(brought, "display") == "allow", "else nothing could be shown"


def test_every_rule_is_sourced_and_dated(listed: Platform) -> None:
    today = datetime.now(UTC).date()
    for term in listed.terms.rules:
        assert isinstance(term, Term)
        assert (term.kind, term.use) in set(product(KINDS, USES))
        assert {term.verdict, term.to_others or "deny"} <= set(get_args(Verdict))
        assert term.evidence in get_args(Evidence)
        assert term.within is None or (term.verdict == "allow" and term.within > timedelta(0))
        assert term.source.url.startswith(("https://", "http://127.0.0.1"))
        assert date(2024, 1, 1) < term.source.checked_on <= today
        assert term.clause.endswith((".", ")")) and term.clause == term.clause.strip() and len(term.clause) < 260
    assert listed.terms.effective_on is None or listed.terms.effective_on <= today


def test_nothing_is_milder_to_others_than_to_the_workspace(listed: Platform) -> None:
    for term in listed.terms.rules:
        if term.to_others:
            assert strictest([term.verdict, term.to_others]) == term.to_others, term


def test_what_nobody_could_read_allows_nothing(listed: Platform) -> None:
    assert not [term for term in listed.terms.rules if term.evidence == "none" and term.verdict != "unknown"]


def test_a_version_is_a_date_or_a_day_of_reading(listed: Platform) -> None:
    assert date.fromisoformat(listed.terms.version) >= date(2019, 1, 1)
    if listed.terms.effective_on:
        assert listed.terms.version == listed.terms.effective_on.isoformat()


@pytest.mark.parametrize(
    ("key", "kind", "use", "verdict", "within"),
    [
        ("x", "own_post", "ai_train", "deny", None),
        ("x", "others_post", "redistribute", "deny", None),
        ("x", "ad_metrics", "store", "allow", timedelta(days=90)),
        ("x", "ad_metrics", "combine", "deny", None),
        ("linkedin", "others_post", "store", "allow", timedelta(hours=48)),
        ("linkedin", "profile", "store", "allow", timedelta(hours=24)),
        ("linkedin", "ad_metrics", "store", "allow", timedelta(days=365)),
        ("reddit", "others_post", "ai_train", "deny", None),
        ("mastodon", "others_post", "ai_train", "deny", None),
        ("youtube", "own_post", "store", "allow", timedelta(days=30)),
        ("telegram", "message", "ai_train", "deny", None),
        ("tiktok", "own_post", "ai_train", "unknown", None),
    ],
)
def test_facts_that_others_rely_on(key: str, kind: Kind, use: str, verdict: str, within: timedelta | None) -> None:
    term = PLATFORMS[key].terms.rule(kind, use)  # type: ignore[arg-type]
    assert term and (term.verdict, term.within) == (verdict, within)


def test_whole_fills_what_is_not_said_and_refuses_what_is_said_twice() -> None:
    source = PLATFORMS["sandbox"].home
    made = whole("2026-01-01", None, say("own_post", "display", "allow", "Yes.", source), rest=source)
    assert len(made.rules) == len(KINDS) * len(USES)
    assert (made.verdict("own_post", "display"), made.verdict("message", "store")) == ("allow", "unknown")
    assert Terms("1", None, ()).verdict("own_post", "display") == "unknown"
    twice = (say("own_post", "display", verdict, "Both.", source) for verdict in ("allow", "deny"))
    with pytest.raises(ValueError, match="two things"):
        whole("2026-01-01", None, *twice, rest=source)
