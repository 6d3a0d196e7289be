"""The frame and the sign-in page in a real browser: light and dark, wide and narrow, by keyboard."""

from __future__ import annotations

import pytest
from django.urls import reverse

from masthead.posts.models import Post
from masthead.web.tests.browser import screenshots, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_home_is_accessible_in_every_size_and_colour(page, live_server, member):
    sign_in(page, live_server, member.user)
    page.goto(live_server.url + "/w/harbour/")
    assert page.locator("h1").inner_text() == "Harbour Coffee"
    assert screenshots(page, "home-empty") == []


def test_error_pages_are_accessible(page, live_server, member):
    page.goto(live_server.url + "/nowhere")
    assert screenshots(page, "error-404") == []


def test_home_of_a_busy_workspace(page, live_server, member, busy):
    sign_in(page, live_server, member.user)
    page.goto(live_server.url + "/w/harbour/")
    text = page.locator("main").inner_text()
    for said in (
        "Reconnect Harbour on the blue",
        "Did not go out on Harbour News",
        "Not sure whether",
        "Waits for approval",
    ):
        assert said in text
    assert "First steps" not in text
    assert "3" in page.locator(".bell:visible").inner_text()
    assert screenshots(page, "home-busy") == []


def test_switcher_lists_workspaces(page, live_server, member, busy):
    sign_in(page, live_server, member.user)
    page.goto(live_server.url + "/w/harbour/")
    page.locator(".switcher > summary").click()
    page.get_by_role("link", name="New workspace").wait_for(state="visible")
    page.screenshot(path="screenshots/switcher-1440.png")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="New workspace").wait_for(state="hidden")


def test_sign_in_page_is_accessible(page, live_server, member):
    page.goto(live_server.url + reverse("account_login"))
    assert screenshots(page, "sign-in") == []


def test_the_drawer_opens_by_keyboard_and_closes_by_escape(page, live_server, member):
    sign_in(page, live_server, member.user)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + "/w/harbour/")
    link = page.get_by_role("link", name="Channels", exact=True)
    assert not link.is_visible()
    page.get_by_role("button", name="Open the menu").focus()
    page.keyboard.press("Enter")
    link.wait_for(state="visible")
    page.screenshot(path="screenshots/drawer-390.png")
    page.keyboard.press("Escape")
    link.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.hasAttribute('data-drawer-open')")


def test_the_chosen_colours_stay(page, live_server, member):
    sign_in(page, live_server, member.user)
    page.goto(live_server.url + "/w/harbour/")
    page.locator(".user-menu > summary").click()
    page.get_by_role("button", name="Dark").click()
    page.screenshot(path="screenshots/user-menu-dark-1440.png")
    page.reload()
    assert page.evaluate("document.documentElement.classList.contains('dark')")


def test_tab_first_reaches_the_skip_link(page, live_server, member):
    sign_in(page, live_server, member.user)
    page.goto(live_server.url + "/w/harbour/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_what_cannot_be_undone_is_asked_first(page, live_server, member, space):
    post = Post.objects.create(workspace=space, author=member.user, segments=[{"text": "A draft", "attachments": []}])
    sign_in(page, live_server, member.user)
    page.goto(live_server.url + reverse("posts:compose", args=["harbour", post.pk]))
    for answer in ("Cancel", "Continue"):
        page.locator(".page-actions summary").click()
        page.get_by_role("button", name="Delete", exact=True).click()
        dialog = page.get_by_role("dialog")
        assert "cannot be undone" in dialog.inner_text()
        dialog.get_by_role("button", name=answer).click()
        if answer == "Cancel":
            dialog.wait_for(state="hidden")
            assert Post.objects.filter(pk=post.pk).exists()
    page.wait_for_url("**/posts/")
    assert not Post.objects.filter(pk=post.pk).exists()
    page.get_by_role("button", name="Dismiss").click()
    assert page.locator(".notice").count() == 0
