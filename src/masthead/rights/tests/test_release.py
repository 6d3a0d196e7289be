"""The way out: every record either leaves or is on the list of refusals, whatever comes, and the row says so."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from masthead.connectors import EVERY
from masthead.posts.tests.scene import people
from masthead.rights import release as way_out
from masthead.rights.models import Refusal, Release
from masthead.rights.permit import Rules, Stop, answer
from masthead.rights.release import begin, release, stopping, stream
from masthead.rights.tests.gates import NOW, PLATFORM, grant, item, items, some_rules, term, terms, uses


class Complete(TestCase):
    """Hypothesis with a database: rolled back after each example."""

    @settings(max_examples=40, deadline=None)
    @given(st.lists(items, max_size=12), uses, some_rules)
    def test_each_record_leaves_or_is_listed(self, found, use, stated):
        workspace, _owner = people(f"bakery-{Release.objects.count()}")
        mine = [
            replace(one, id=f"read:{n}", workspace_id=one.workspace_id - 1 + workspace.pk)
            for n, one in enumerate(found)
        ]
        rules = Rules({PLATFORM: terms(*stated)})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(way_out, "rules_for", lambda _workspace: rules)
            left = list(release(workspace, use, mine, purpose="a test", actor="ann", now=lambda: NOW))
        row = Release.objects.get(workspace=workspace)
        refused = dict(Refusal.objects.filter(release=row).values_list("item", "rule"))
        assert [one for one in mine if one.id not in refused] == left, "in order, nothing twice, nothing lost"
        assert (row.released, row.refused, row.ended_at) == (len(left), len(refused), NOW)
        assert row.by_rule == dict(Counter(refused.values()))
        for one in left:
            assert one.workspace_id == workspace.pk
            assert answer(one, use, rules=rules, now=NOW).allowed


@pytest.fixture
def workspace(db):
    return people("bakery")[0]


def both(workspace):
    own = item(id="published:1:0", kind="own_post", obtained_via="own", workspace_id=workspace.pk)
    return [own, item(id="read:2", workspace_id=workspace.pk, platform="unheard-of", text="A secret.")]


def test_a_reader_that_stops_early_leaves_a_row_without_an_end(workspace):
    going = release(workspace, "redistribute", both(workspace), purpose="a file", actor="ann", now=lambda: NOW)
    assert not Release.objects.exists(), "nothing was asked for yet"
    assert next(going).id == "published:1:0"
    going.close()
    row = Release.objects.get()
    assert (row.released, row.refused, row.ended_at, row.actor) == (1, 0, None, "ann")


def test_a_refusal_holds_no_text(workspace):
    list(release(workspace, "redistribute", both(workspace), purpose="a file", actor="ann"))
    refusal = Refusal.objects.get()
    assert (refusal.item, refusal.rule, refusal.verdict) == ("read:2", "no-terms", "unknown")
    assert not [name for name in vars(refusal).values() if "secret" in str(name)]


def test_with_a_grant_it_goes_to_its_grantee_only(workspace):
    to_lab = grant(id="g7", grantee="lab", uses=frozenset(["ai_train"]), covers=lambda one: one.id == "published:1:0")
    row = begin(workspace, "ai_train", purpose="a corpus", actor="ann", grant=to_lab, at=NOW)
    assert [one.id for one in stream(row, both(workspace), to_lab, lambda: NOW)] == ["published:1:0"]
    row.refresh_from_db()
    assert (row.to, row.grant, row.released, row.refused) == ("lab", "g7", 1, 1)


def test_another_workspace_s_record_never_leaves(workspace):
    stranger, _ = people("elsewhere")
    mine = both(workspace)
    assert list(release(stranger, "redistribute", mine, purpose="a file", actor="eve", now=lambda: NOW)) == []
    assert set(Refusal.objects.values_list("rule", flat=True)) == {"workspace"}


def test_what_a_domain_stopped_stays_in(workspace, monkeypatch):
    monkeypatch.setattr(way_out, "STOPPERS", [])
    stopping(lambda pk: [Stop("erasure:1", "Erased.", lambda one: one.author == "@ann")] if pk == workspace.pk else [])
    assert list(release(workspace, "display", both(workspace), purpose="a page", actor="ann")) == []
    assert Release.objects.get().by_rule == {"stop:erasure:1": 2}


def test_more_than_a_portion_is_listed_whole(workspace):
    many = [item(id=f"read:{n}", workspace_id=workspace.pk, platform="unheard-of") for n in range(1203)]
    assert list(release(workspace, "redistribute", many, purpose="a file", actor="ann")) == []
    assert Refusal.objects.count() == Release.objects.get().refused == 1203


def test_the_rules_are_those_of_every_connector(workspace):
    assert set(way_out.rules_for(workspace.pk).terms) == set(EVERY)
    assert term("own_post", "store", "allow").evidence == "read"


def test_what_is_stopped_on_the_way_stays_in_from_then_on(workspace, monkeypatch):
    monkeypatch.setattr(way_out, "STOPPERS", [])
    monkeypatch.setattr(way_out, "AT_ONCE", 2)
    own = both(workspace)[0]
    going = release(
        workspace, "redistribute", (replace(own, id=f"published:{n}:0") for n in range(6)), purpose="p", actor="a"
    )
    assert next(going) and next(going)
    stopping(lambda _workspace: [Stop("hold", "On hold.", lambda _item: True)])
    assert not list(going)
    assert Release.objects.get().by_rule == {"stop:hold": 4}


def test_a_slow_reader_is_asked_anew_after_seconds(workspace, monkeypatch):
    monkeypatch.setattr(way_out, "STOPPERS", [])
    monkeypatch.setattr(way_out, "SECONDS", 0.0)
    own = both(workspace)[0]
    going = release(
        workspace, "redistribute", (replace(own, id=f"published:{n}:0") for n in range(3)), purpose="p", actor="a"
    )
    assert next(going)
    stopping(lambda _workspace: [Stop("hold", "On hold.", lambda _item: True)])
    assert not list(going)


def test_a_grant_that_ends_on_the_way_opens_nothing_more(workspace, monkeypatch):
    monkeypatch.setattr(way_out, "AT_ONCE", 2)
    ends = [None]
    whole = grant(id="g7", grantee="lab", uses=frozenset(["ai_train"]), covers=lambda _item: True)
    standing = replace(whole, again=lambda: replace(whole, until=ends[0]))
    row = begin(workspace, "ai_train", purpose="a corpus", actor="ann", grant=standing, at=NOW)
    own = both(workspace)[0]
    going = stream(row, (replace(own, id=f"published:{n}:0") for n in range(5)), standing, lambda: NOW)
    assert next(going) and next(going)
    ends[0] = NOW
    assert not list(going) and Release.objects.get().by_rule == {"grantee": 3}
