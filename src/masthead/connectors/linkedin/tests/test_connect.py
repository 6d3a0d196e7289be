"""What is special about LinkedIn's sign-in: the product decides what is asked for; Pages and the profile to choose from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from masthead.connectors.linkedin.errors import limited, row_for, until_midnight
from masthead.connectors.linkedin.little import plain, written
from masthead.connectors.linkedin.plans import DEVELOPMENT, MEMBER_READ, SCOPES, SELF_SERVE
from masthead.connectors.linkedin.tests.harness import LinkedInHarness, connected
from masthead.connectors.tests.kit import delivery
from masthead.contract.errors import NeedsReconnect, Refused, TokenExpired
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Presence

BACK = "http://127.0.0.1:1/connect/callback/linkedin/"


async def signed_in(harness: LinkedInHarness, http: Http, plan: str) -> tuple[dict[str, str], list[Account]]:
    """What was asked for, and the accounts to choose from."""
    way = harness.platform.connecting.redirect
    assert way
    answers = dict(harness.redirect_answers()) | {"plan": plan}
    sent = await way.start(http, answers, redirect_uri=BACK, client=harness.client())
    query = await harness.visit(sent, allow=True)
    found = await way.finish(http, sent.keep, query, redirect_uri=BACK, client=harness.client())
    assert isinstance(found, tuple)
    return dict(parse_qsl(urlsplit(sent.url).query)), [connected(one) for one in found]


async def test_pages_and_the_profile_are_offered(harness: LinkedInHarness, http: Http) -> None:
    asked, (page, member) = await signed_in(harness, http, DEVELOPMENT)
    assert asked["scope"] == " ".join(SCOPES[DEVELOPMENT]) and "code_challenge" not in asked
    assert page.remote_id.startswith("urn:li:organization:") and page.handle.startswith("Bakery")
    assert member.remote_id.startswith("urn:li:person:")
    assert page.limits == {"plan": DEVELOPMENT, "without_options": ("visibility",)}


async def test_a_self_serve_app_offers_the_profile_only(harness: LinkedInHarness, http: Http) -> None:
    harness.double.memory.granted = SCOPES[SELF_SERVE]
    asked, found = await signed_in(harness, http, SELF_SERVE)
    harness.double.memory.granted = SCOPES[DEVELOPMENT]
    assert asked["scope"] == "openid profile w_member_social"
    assert [one.remote_id.startswith("urn:li:person:") for one in found] == [True]


async def test_a_product_the_app_does_not_have_is_refused(harness: LinkedInHarness, http: Http) -> None:
    with pytest.raises(Refused) as caught:
        await signed_in(harness, http, MEMBER_READ)
    assert caught.value.remedy


async def test_a_member_who_may_be_read_is_looked_up(harness: LinkedInHarness, http: Http) -> None:
    account = await harness.account(MEMBER_READ, member=True)
    sent = delivery("Readable")
    assert (await harness.platform.publisher.find(http, account, sent, 0, ())).presence is Presence.ABSENT
    await harness.platform.publisher.publish(http, account, sent, 0, ())
    assert (await harness.platform.publisher.find(http, account, sent, 0, ())).presence is Presence.FOUND


async def test_a_look_up_linkedin_forbids_cannot_tell(harness: LinkedInHarness, http: Http) -> None:
    account = await harness.account(SELF_SERVE, member=True)
    hopeful = replace(account, limits={"plan": MEMBER_READ})
    found = await harness.platform.publisher.find(http, hopeful, delivery("Closed"), 0, ())
    assert found.presence is Presence.CANNOT_TELL


async def test_without_a_refresh_token_a_sign_in_is_needed(harness: LinkedInHarness, http: Http) -> None:
    harness.double.memory.refreshes = False
    account = await harness.account()
    harness.double.memory.refreshes = True
    assert await harness.platform.connecting.refresh(http, account) is None
    del harness.double.memory.tokens[account.secrets["access_token"]]
    with pytest.raises(NeedsReconnect) as caught:
        await harness.platform.connecting.verify(http, account)
    assert not isinstance(caught.value, TokenExpired)


async def test_a_page_taken_away_asks_for_a_reconnect(harness: LinkedInHarness, http: Http, page: Account) -> None:
    harness.double.memory.pages.pop(page.remote_id.rpartition(":")[2])
    with pytest.raises(NeedsReconnect):
        await harness.platform.connecting.verify(http, page)


async def test_a_members_history_is_empty_and_a_pages_has_numbers(
    harness: LinkedInHarness, http: Http, page: Account, member: Account
) -> None:
    history = harness.platform.history
    assert history
    for account in (page, member):
        await harness.platform.publisher.publish(http, account, delivery("Counted (twice) #rye"), 0, ())
    assert not (await history.page(http, member, "")).posts
    (post,) = (await history.page(http, page, "")).posts
    assert post.text == "Counted (twice) #rye"
    numbers = (await history.metrics(http, page, [post]))[post.remote_id]
    assert numbers["impressionCount"] == 120 and await history.metrics(http, member, [post]) == {}


def test_a_quota_of_the_day_waits_until_midnight() -> None:
    words = "Resource level throttle APPLICATION DAY limit for calls to this resource is reached."
    error = limited(Answer(429, {}, {"status": 429, "message": words}))
    assert error.scope == "app" and 60 <= error.after <= 86_460
    assert until_midnight(datetime(2026, 11, 24, 23, 0, tzinfo=UTC)) == 3660
    assert limited(Answer(429, {}, {"message": "slow down"})).after == 300


def test_refusals_name_the_field() -> None:
    said = {
        "ERROR :: /commentary :: too long": "text",
        "ERROR :: /content/poll :: is not valid": "poll",
        "ERROR :: /content/article/source :: is not a URL": "options.link",
        "ERROR :: /content/media/id :: is not there": "attachments",
    }
    for words, field in said.items():
        row = row_for(Answer(422, {}, {"message": words}))
        assert row and row.field == field


@pytest.mark.parametrize(
    "text", ["", "a\\", "#", "##x", "x#y", "&#39;", "https://a.example/#top", "{hashtag|\\#|x}", "@[a](urn)"]
)
def test_little_text_comes_back_as_it_was(text: str) -> None:
    assert plain(written(text)) == text


def test_mentions_are_read_as_names() -> None:
    assert plain("With @[Devtestco](urn:li:organization:2414183) today") == "With Devtestco today"
