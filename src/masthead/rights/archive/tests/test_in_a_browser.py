"""The archive in a real browser: the list narrows as filters change, an item, copies; light and dark, wide and narrow, accessible."""

from __future__ import annotations

import pytest

from masthead.kit.clock import now
from masthead.posts.tests.scene import people
from masthead.rights.archive.export.ask import ask_for
from masthead.rights.archive.export.write import write
from masthead.rights.archive.tests.scene import DAY, brought, channel_in, read, sent
from masthead.rights.archive.wanted import Wanted
from masthead.web.tests.browser import browser, page, screenshots, sign_in  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_archive(page, live_server, transactional_db, settings, tmp_path):  # noqa: F811
    settings.MEDIA_ROOT = tmp_path
    workspace, owner = people()
    sign_in(page, live_server, owner)
    page.goto(f"{live_server.url}/w/bakery/archive/")
    assert screenshots(page, "archive-empty") == []
    channel = channel_in(workspace)
    for number in range(30):
        media = [{"kind": "image", "url": "https://example.org/a.png", "alt": "A loaf"}] * (number % 2)
        brought(workspace, f"Brought bread number {number}, as it was told years ago", number, media=media)
    publication = sent(channel, "Twice told", days=0.3)
    read(channel, "Twice told", 0.3, publication=publication)
    brought(workspace, "", 0.5, gone_at=DAY)
    brought(workspace, "Somebody else", 0.6, kind="others_post", author="@other")
    page.goto(f"{live_server.url}/w/bakery/archive/")
    assert screenshots(page, "archive-list") == []
    page.get_by_label("Origin").select_option("published")
    page.wait_for_url("**shelf=published**")
    assert page.locator(".archive-row").count() == 1
    page.get_by_role("link", name="Twice told").click()
    page.get_by_text("Written here and published on Sandbox").wait_for()
    assert screenshots(page, "archive-item") == []
    row = ask_for(workspace, Wanted(), now=now(), by=owner)
    assert write(row.pk)
    ask_for(workspace, Wanted(words="bread"), now=now(), by=owner)
    page.goto(f"{live_server.url}/w/bakery/archive/exports/")
    assert screenshots(page, "archive-copies") == []
    page.get_by_role("button", name="Delete").last.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_text("The copy is deleted").wait_for()
