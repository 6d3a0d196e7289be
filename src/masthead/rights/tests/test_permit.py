"""The gate, for any rules, records, uses, grants and times: nothing forbidden leaves, and every answer has its reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.contract.terms import USES, Terms, strictest
from masthead.rights.permit import Rules, answer
from masthead.rights.tests.gates import (
    NOW,
    OTHERS,
    PLATFORM,
    all_allowed,
    grant,
    grants,
    item,
    items,
    rules,
    some_rules,
    stops,
    term,
    terms,
    times,
    uses,
)

HOUR = timedelta(hours=1)
who = st.sampled_from(["", *OTHERS])
given_rules = some_rules | all_allowed


@settings(max_examples=500, deadline=None)
@given(items, uses, given_rules, grants, stops, times, who)
def test_nothing_forbidden_is_ever_allowed(one, use, stated, granted, stopped, now, to):
    """A second, plainer reading of the rules, written for this test: whatever it forbids is not allowed."""
    said = answer(one, use, rules=rules(*stated, stops=tuple(stopped)), grants=granted, now=now, to=to)
    by = {(rule.kind, rule.use): rule for rule in stated} if one.platform == PLATFORM else {}
    rule, stored = by.get((one.kind, use)), by.get((one.kind, "store"))
    ours = one.obtained_via == "own" or (one.obtained_via == "export" and one.kind == "own_post")
    fetched = one.obtained_via in ("api", "federation")
    forbidden = [
        one.gone_at is not None and one.obtained_via != "own",
        one.preference.get(use) == "deny",
        any(stop.covers(one) and (not stop.uses or use in stop.uses) for stop in stopped),
        fetched and rule is not None and rule.verdict == "deny",
        fetched and any(each and each.within and one.obtained_at + each.within <= now for each in (rule, stored)),
    ]
    covered = any(
        g.covers(one) and use in g.uses and g.grantee == to and g.since <= now and (g.until is None or now < g.until)
        for g in granted
    )
    stated_allow = rule is not None and rule.verdict == "allow" and one.terms_version in ("", "1")
    kept = one.obtained_via == "export" and use in ("display", "store", "analyse")
    agreed = one.preference.get(use) == "allow" and not to
    asked_only = rule is not None and rule.verdict == "ask" and one.terms_version in ("", "1")
    asked_only = asked_only or (one.obtained_via == "export")
    basis = ours or kept or (fetched and stated_allow) or (agreed and asked_only)
    if any(forbidden):
        assert said.verdict == "deny"
    elif not covered and (to or not basis):
        assert not said.allowed
    if said.allowed:
        assert not any(forbidden)


@settings(deadline=None)
@given(items, uses, given_rules, grants, times, who, st.randoms())
def test_the_order_of_rules_and_grants_changes_nothing(one, use, stated, granted, now, to, dice):
    straight = answer(one, use, rules=rules(*stated), grants=granted, now=now, to=to)
    shuffled, others = list(stated), list(granted)
    dice.shuffle(shuffled)
    dice.shuffle(others)
    again = answer(one, use, rules=rules(*shuffled), grants=others, now=now, to=to)
    assert again.verdict == straight.verdict
    assert again.because.verdict == straight.because.verdict


@settings(deadline=None)
@given(items, uses, given_rules, grants, stops, times, who)
def test_every_answer_has_a_reason_of_its_own_verdict(one, use, stated, granted, stopped, now, to):
    said = answer(one, use, rules=rules(*stated, stops=tuple(stopped)), grants=granted, now=now, to=to)
    assert said.because.verdict == said.verdict and said.because is said.reasons[0]
    assert said.because.rule and said.because.clause
    if not said.allowed:
        assert said.verdict == strictest(reason.verdict for reason in said.reasons)


@settings(deadline=None)
@given(items, uses, some_rules, times, who)
def test_a_grant_opens_no_denial_and_takes_nothing_away(one, use, stated, now, to):
    whole = grant(grantee=to, since=now - HOUR)
    before = answer(one, use, rules=rules(*stated), now=now, to=to)
    after = answer(one, use, rules=rules(*stated), grants=[whole], now=now, to=to)
    assert after.allowed == (before.verdict != "deny")


@settings(deadline=None)
@given(items, uses, some_rules, times)
def test_one_denial_more_never_opens_anything(one, use, stated, now):
    before = answer(one, use, rules=rules(*stated), now=now)
    stricter = [replace(rule, verdict="deny") if rule.use == use else rule for rule in stated]
    after = answer(one, use, rules=rules(*stricter), now=now)
    assert before.allowed or not after.allowed


def test_unknown_refuses():
    for empty in (rules(), Rules({})):
        said = answer(item(), "display", rules=empty, now=NOW)
        assert (said.verdict, said.allowed) == ("unknown", False)
    stated = rules(term("others_post", "display", "unknown"))
    assert not answer(item(), "display", rules=stated, now=NOW).allowed
    assert not answer(item(obtained_via="found"), "display", rules=stated, now=NOW).allowed
    assert not answer(item(), "sell", rules=stated, now=NOW).allowed


def test_time_that_is_up_denies_to_the_second():
    stated = rules(
        term("others_post", "store", "allow", timedelta(hours=48)), term("others_post", "display", "allow", None)
    )
    one = item(obtained_at=NOW - timedelta(hours=48) + timedelta(seconds=1))
    first = answer(one, "store", rules=stated, now=NOW)
    assert first.allowed and first.because.until == NOW + timedelta(seconds=1)
    for use in ("store", "display"):  # what may not be held any more cannot be shown either
        assert answer(one, use, rules=stated, now=NOW + timedelta(seconds=1)).verdict == "deny"


def test_own_words_are_bound_by_no_api_terms():
    deny = rules(*(term("own_post", use, "deny") for use in USES))
    for use in USES:
        assert answer(item(kind="own_post", obtained_via="own"), use, rules=deny, now=NOW).allowed
        assert answer(item(kind="own_post", obtained_via="export"), use, rules=deny, now=NOW).allowed
        assert not answer(item(kind="own_post", obtained_via="api"), use, rules=deny, now=NOW).allowed
    wished = item(kind="own_post", obtained_via="own", preference={"ai_train": "deny"})
    assert answer(wished, "ai_train", rules=deny, now=NOW).because.rule == "preference:ai_train"


def test_own_words_go_to_somebody_else_only_with_a_grant_to_them():
    own = item(kind="own_post", obtained_via="own")
    assert answer(own, "ai_train", rules=rules(), now=NOW, to="lab").verdict == "ask"
    to_lab = grant(grantee="lab", uses=frozenset(["ai_train"]))
    assert answer(own, "ai_train", rules=rules(), grants=[to_lab], now=NOW, to="lab").because.rule == "grant:1"
    assert not answer(own, "ai_train", rules=rules(), grants=[to_lab], now=NOW, to="buyer").allowed
    assert not answer(own, "redistribute", rules=rules(), grants=[to_lab], now=NOW, to="lab").allowed
    ended = replace(to_lab, until=NOW)
    assert not answer(own, "ai_train", rules=rules(), grants=[ended], now=NOW, to="lab").allowed


def test_others_in_an_archive_stay_in_the_workspace():
    message = item(kind="message", obtained_via="export")
    assert answer(message, "analyse", rules=rules(), now=NOW).allowed
    assert answer(message, "redistribute", rules=rules(), now=NOW).verdict == "ask"
    denied = rules(term("message", "redistribute", "deny"))
    assert answer(message, "redistribute", rules=denied, grants=[grant()], now=NOW).verdict == "deny"


def test_the_subject_s_yes_answers_only_the_question_put_to_them():
    wanted = item(preference={"ai_train": "allow"})
    for verdict, allowed in (("ask", True), ("unknown", False), ("deny", False)):
        stated = rules(term("others_post", "ai_train", verdict))
        assert answer(wanted, "ai_train", rules=stated, now=NOW).allowed is allowed
    assert not answer(
        wanted, "ai_train", rules=rules(term("others_post", "ai_train", "ask")), now=NOW, to="lab"
    ).allowed


def test_a_term_may_be_stricter_to_others():
    sale = replace(term("own_post", "redistribute", "allow"), to_others="deny")
    one = item(kind="own_post")
    assert answer(one, "redistribute", rules=rules(sale), now=NOW).allowed
    said = answer(one, "redistribute", rules=rules(sale), grants=[grant(grantee="buyer")], now=NOW, to="buyer")
    assert (said.verdict, said.because.rule) == ("deny", "sandbox:own_post:redistribute")


def test_a_version_that_nobody_knows_is_unknown():
    stated = terms(term("others_post", "display", "allow"), also=frozenset(["0.5"]))
    for version, verdict in (("1", "allow"), ("0.5", "allow"), ("", "allow"), ("0.1", "unknown")):
        said = answer(item(terms_version=version), "display", rules=Rules({PLATFORM: stated}), now=NOW)
        assert said.verdict == verdict


def test_two_verdicts_for_one_use_are_refused():
    with pytest.raises(ValueError, match="two things"):
        Terms("1", None, (term("message", "store", "allow"), term("message", "store", "deny")))
