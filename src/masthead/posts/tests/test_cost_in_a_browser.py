"""Costs in a real browser: told while typing, a cheaper form taken with one press and given back without losing a word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from masthead.channels.models import Channel
from masthead.kit.clock import now
from masthead.metering.models import Cap
from masthead.posts.models import Post, Publication, Variant
from masthead.posts.schedule import ensure_lane
from masthead.posts.tests.scene import people, post_on
from masthead.web.tests.browser import browser, page, screenshots, sign_in  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TEXT = "Our autumn menu: https://example.org/menu Come and try it."


class Desk:
    """A signed-in owner, a draft on a channel that costs money and on one that does not."""

    def __init__(self, there: Any, live_server: Any, *, language: str = "en") -> None:
        self.workspace, self.owner = people("bakery")
        self.owner.language = language
        self.owner.save()
        self.paid, self.free = self.channel("sandbox", "Ticker"), self.channel("mastodon", "Village")
        self.post = Post.objects.create(
            workspace=self.workspace,
            author=self.owner,
            language=language,
            segments=[{"text": "", "attachments": [], "poll": None}],
        )
        for one in (self.paid, self.free):
            Variant.objects.create(post=self.post, channel=one)
        self.address = live_server.url + reverse("posts:compose", args=["bakery", self.post.pk])
        self.calendar = live_server.url + reverse("posts:calendar", args=["bakery"])
        sign_in(there, live_server, self.owner)

    def channel(self, platform: str, name: str) -> Channel:
        channel = Channel.objects.create(
            workspace=self.workspace,
            platform=platform,
            server="http://127.0.0.1:1",
            remote_id=name,
            handle=f"@{name.lower()}",
            name=name,
        )
        ensure_lane(channel)
        return channel

    def variant(self) -> list[str] | None:
        """The text of the channel that costs money; None while it is the shared one."""
        segments = Variant.objects.get(post=self.post, channel=self.paid).segments
        return segments and [one["text"] for one in segments]


def settled(there: Any) -> None:
    there.wait_for_function(
        "() => ['Saved', 'Gespeichert'].includes(document.getElementById('saved').textContent) && !localStorage.length"
    )


def card(there: Any, channel: Channel) -> Any:
    return there.locator(f'.preview[data-channel="{channel.pk}"]')


def test_a_cheaper_form_is_taken_and_given_back(page, live_server):  # noqa: F811
    desk = Desk(page, live_server)
    page.goto(desk.address)
    page.locator("#segment-0").fill("Our autumn menu.")
    settled(page)
    assert card(page, desk.paid).locator(".cost-what strong").inner_text() == "USD 0.01"
    assert not card(page, desk.paid).locator(".cost-forms").is_visible()
    page.locator("#segment-0").fill(TEXT)
    settled(page)
    assert page.locator("#cost-total strong").inner_text() == "USD 0.15"
    assert not card(page, desk.free).locator(".cost").is_visible()
    card(page, desk.paid).get_by_role("button", name="Put the link into a reply").click()
    page.get_by_role("button", name="Bring my text back").wait_for()
    settled(page)
    assert desk.variant() == ["Our autumn menu: Come and try it.", "https://example.org/menu"]
    assert page.locator("#cost-total strong").inner_text() == "USD 0.02"
    assert Post.objects.get(pk=desk.post.pk).segments[0]["text"] == TEXT
    page.reload()
    page.get_by_role("button", name="Bring my text back").click()
    settled(page)
    assert desk.variant() is None and page.locator("#cost-total strong").inner_text() == "USD 0.15"


def test_what_was_typed_since_comes_back_too(page, live_server):  # noqa: F811
    """The own text of a channel, changed before and after taking a form: every version is one press away."""
    desk = Desk(page, live_server)
    Variant.objects.filter(post=desk.post, channel=desk.paid).update(
        segments=[{"text": TEXT, "attachments": [], "poll": None}]
    )
    page.goto(desk.address)
    page.locator("#tabs button", has_text="Ticker").click()
    page.locator("#segment-0").fill(f"{TEXT} Today!")
    card(page, desk.paid).get_by_role("button", name="Leave the link out").click()  # before it is saved
    page.get_by_role("button", name="Bring my text back").wait_for()
    settled(page)
    assert desk.variant() == ["Our autumn menu: Come and try it. Today!"]
    page.locator("#segment-0").fill("Our autumn menu, changed.")
    settled(page)
    page.get_by_role("button", name="Bring my text back").click()
    settled(page)
    assert desk.variant() == [f"{TEXT} Today!"]
    page.get_by_role("button", name="Use the cheaper form again").click()
    settled(page)
    assert desk.variant() == ["Our autumn menu, changed."]


@pytest.mark.parametrize("language", ["en", "de"])
def test_it_looks_right_and_everybody_can_use_it(page, live_server, language):  # noqa: F811
    desk = Desk(page, live_server, language=language)
    full = desk.channel("instagram", "Pictures")
    day = (now() + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    for number in range(101):
        post_on(full, f"Loaf {number}", publish_at=day + timedelta(seconds=number))
    post_on(desk.paid, TEXT, publish_at=day)
    Cap.objects.create(workspace=desk.workspace, micros=200_000, currency="USD")
    page.goto(desk.address)
    page.locator("#publish_at").fill(day.strftime("%Y-%m-%dT%H:%M"))
    page.locator(".channel-chip", has_text="Pictures").click()
    page.locator("#segment-0").fill(TEXT)
    settled(page)
    card(page, desk.paid).locator(".cost-what summary").click()
    card(page, desk.paid).locator(".cost-charges li").first.wait_for()
    assert ("Nummer 102 von 100" if language == "de" else "number 102 of the 100") in page.locator(
        ".cost-crowd:visible"
    ).inner_text()
    assert card(page, desk.paid).locator(".cost-charges li").first.inner_text() == (
        "1 × Beitrag mit Link zu 0,15 USD" if language == "de" else "1 × Post with a link at USD 0.15"
    )
    assert screenshots(page, f"cost-composer-{language}") == []
    page.goto(f"{desk.calendar}?month={day:%Y-%m}")
    assert "101" in page.locator(".month-full").first.inner_text()
    assert screenshots(page, f"cost-calendar-{language}") == []
    row = Publication.objects.get(channel=desk.paid)
    page.goto(live_server.url + reverse("posts:publication", args=["bakery", row.pk]))
    assert "0,15 USD" in page.locator(".costs").inner_text() or "USD 0.15" in page.locator(".costs").inner_text()
    assert screenshots(page, f"cost-publication-{language}") == []
