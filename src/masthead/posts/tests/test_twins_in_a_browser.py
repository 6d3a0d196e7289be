"""A second wording in a real browser: closed until opened, written by keyboard, saved by itself, drawn when scheduled."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from masthead.posts.models import Post, Publication, Twin
from masthead.posts.tests.test_in_a_browser import Writing, settled
from masthead.web.tests.browser import browser, page, screenshots, sign_in  # noqa: F401
from masthead.workspaces.models import Member, User
from masthead.workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FIRST = "Our rye bread rests two nights before it meets the oven."
SECOND = "Two nights of rest, only then does our rye see any fire."


@pytest.fixture
def writing(page, live_server) -> Writing:  # noqa: F811
    return Writing(page, live_server)


def opened(there: Any) -> None:
    """Open the second wording with the keyboard alone, and stand in its field."""
    there.locator("#twin summary").focus()
    there.keyboard.press("Enter")
    there.locator("#twin-text").wait_for()
    there.keyboard.press("Tab")
    assert there.evaluate("document.activeElement.id") == "twin-text"


def test_it_is_closed_until_opened_and_saved_while_typed(page, writing: Writing):  # noqa: F811
    page.locator("#segment-0").fill(FIRST)
    settled(page)
    assert not page.locator("#twin-text").is_visible() and not Twin.objects.exists()
    opened(page)
    page.keyboard.type("Rye tonight")
    page.locator("#twin-problems .warns").wait_for()
    assert "prove little" in page.locator("#twin-problems").inner_text()
    assert page.locator("#twin-counters").inner_text().startswith("11/")
    settled(page)
    assert Twin.objects.get().wording == "Rye tonight" and not page.locator("#twin-save").is_visible()
    assert screenshots(page, "composer-second-wording") == []
    page.locator("#twin-text").fill("")
    page.locator("#twin-problems .warns").wait_for(state="detached")
    settled(page)
    assert not Twin.objects.exists()


def test_what_did_not_reach_the_server_comes_back(page, live_server, writing: Writing):  # noqa: F811
    page.context.clear_cookies()
    page.locator("#segment-0").fill(FIRST)
    opened(page)
    page.keyboard.type(SECOND)
    page.wait_for_function("() => document.getElementById('saved').textContent.startsWith('Not saved: you were')")
    assert not Twin.objects.exists()
    sign_in(page, live_server, writing.post.author)
    page.reload()
    page.locator("#recovered").wait_for()
    settled(page)
    assert Twin.objects.get().wording == SECOND and writing.stored() == FIRST


def test_it_is_drawn_when_scheduled_and_both_pages_say_so(page, live_server, writing: Writing):  # noqa: F811
    page.locator("#segment-0").fill(FIRST)
    opened(page)
    page.keyboard.type(SECOND)
    settled(page)
    page.locator("#publish_at").fill("2027-03-01T09:00")
    page.locator("button[name=how][value=at]").click()
    page.locator("#states").wait_for()
    page.wait_for_load_state()
    twin, row = Twin.objects.get(), Publication.objects.get()
    assert twin.drawn and twin.published in (FIRST, SECOND)
    assert page.locator("#segment-0").input_value() == twin.published
    page.locator("#twin details summary").click()
    page.locator(".twin-kept").wait_for()
    assert page.locator(".twin-kept").inner_text() == twin.kept
    assert screenshots(page, "composer-two-wordings-drawn") == []
    page.goto(live_server.url + reverse("posts:publication", args=["bakery", row.pk]))
    assert page.locator(".preview-text").first.inner_text() == twin.published
    assert not page.get_by_text(twin.kept, exact=True).is_visible()
    assert screenshots(page, "publication-two-wordings") == []
    _a_viewer_sees_that_there_is_one(page, live_server, row, twin)


def _a_viewer_sees_that_there_is_one(there: Any, live_server: Any, row: Publication, twin: Twin) -> None:
    user = User.objects.create_user("viewer@bakery.example", "a long pass phrase")
    Member.objects.create(workspace=row.workspace, user=user, role=Role.VIEWER)
    there.context.clear_cookies()
    sign_in(there, live_server, user)
    for name, pk in (("posts:publication", row.pk), ("posts:compose", Post.objects.get().pk)):
        there.goto(live_server.url + reverse(name, args=["bakery", pk]))
        assert "Drawn by chance" in there.locator("#twin").inner_text()
        assert twin.kept not in there.content() and twin.nonce not in there.content()
