"""The page Rights: every rule with its clause and source, the question, the books; in German; nobody else's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from masthead.channels.models import Channel
from masthead.connectors import PLATFORMS
from masthead.contract.terms import KINDS, USES
from masthead.kit.clock import now
from masthead.posts.tests.scene import people
from masthead.rights.models import Release, Removal
from masthead.rights.permit import Rules, answer
from masthead.rights.rules.sheet import TYPICAL, example, outcomes, sheet
from masthead.workspaces.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    workspace, owner = people("bakery")
    Channel.objects.create(workspace=workspace, platform="sandbox", server="http://127.0.0.1:1", remote_id="1")
    made = Client()
    made.force_login(owner)
    return made


def shown(client: Client, **query: Any) -> str:
    page = client.get(reverse("rights:rules", args=["bakery"]), query)
    assert page.status_code == 200
    return page.content.decode()


def test_every_platform_with_every_rule(client):
    page = shown(client)
    for key, platform in PLATFORMS.items():
        part = page.partition(f'id="{key}"')[2].partition("</details>")[0]
        assert part.count("<td class=") == len(KINDS) * len(USES) + 3 * len(TYPICAL)
        marks = set(re.findall(rf'href="#{key}-(\d+)"', part))
        assert marks == set(re.findall(rf'<li id="{key}-(\d+)"', part)), "each mark has its clause, each clause a mark"
        assert len(marks) == len({(one.clause, one.source.url) for one in platform.terms.rules})
    assert "style=" not in page and "<script>" not in page


def test_own_channels_come_first_and_open(client):
    page = shown(client)
    assert re.findall(r'<details class="rules-sheet card" id="(\w+)" open>', page) == ["sandbox"]
    assert page.index('id="sandbox"') < min(page.index(f'id="{key}"') for key in PLATFORMS if key != "sandbox")


def test_may_i(client):
    page = shown(client, platform="x", kind="own_post", via="api", use="ai_train")
    answered = page.partition('id="answer"')[2].partition("</section>")[0]
    assert "Not allowed" in answered and "foundation or frontier model" in answered and "docs.x.com" in answered
    page = shown(client, platform="x", kind="own_post", via="own", use="ai_train")
    assert "Allowed" in page.partition('id="answer"')[2][:1500]
    page = shown(client, platform="x", kind="own_post", via="own", use="ai_train", to="others")
    assert "Only with consent" in page.partition('id="answer"')[2][:1500]
    page = shown(client, platform="linkedin", kind="profile", via="api", use="store")
    assert "Until" in page.partition('id="answer"')[2]


@pytest.mark.parametrize("query", [{}, {"use": "steal"}, {"use": "store", "platform": "<b>", "kind": "?", "via": "x"}])
def test_nonsense_is_no_question(client, query):
    assert "<b>" not in shown(client, **query)


def test_what_follows_is_what_the_gate_says():
    at = now()
    for platform in PLATFORMS.values():
        rules = Rules({platform.key: platform.terms})
        for one in outcomes(platform, at):
            said = answer(example(platform.key, one.kind, one.via, at), "redistribute", rules=rules, now=at)
            assert said.verdict == one.mine
            assert one.theirs in ("allow", "deny"), "with a grant for everything only a denial keeps something in"
        assert len(sheet(platform, at).rows) == len(KINDS)


def test_the_books_are_the_workspace_s_own(client):
    mine, _owner = people("other")
    at = now()
    Release.objects.create(workspace=mine, use="redistribute", purpose="a secret export", actor="eve", begun_at=at)
    Removal.objects.create(
        workspace=mine, platform="x", item="read:77", rule="x:deletion", learned_at=at, removed_at=at
    )
    assert "a secret export" not in shown(client) and "read:77" not in shown(client)
    Release.objects.create(
        workspace_id=Channel.objects.get().workspace_id,
        use="redistribute",
        purpose="our export",
        actor="ann",
        begun_at=at,
    )
    assert "our export" in shown(client)


def test_strangers_see_nothing(client):
    address = reverse("rights:rules", args=["bakery"])
    assert Client().get(address).status_code == 302
    _workspace, eve = people("elsewhere")
    stranger = Client()
    stranger.force_login(eve)
    assert stranger.get(address).status_code == 404


def test_in_german(client):
    User.objects.update(language="de")
    page = shown(client, use="ai_train", platform="x")
    assert '<html lang="de"' in page and "Nicht erlaubt" in page and "Grundlagen- oder Spitzenmodell" in page
    assert "We looked and found nothing" not in page
