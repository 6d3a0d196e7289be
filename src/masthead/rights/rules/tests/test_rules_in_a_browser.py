"""The page Rights in a real browser: accessible in light and dark, wide and narrow; a question is asked and answered."""

from __future__ import annotations

from typing import Any

import pytest

from masthead.channels.models import Channel
from masthead.posts.tests.scene import people
from masthead.web.tests.browser import browser, page, screenshots, sign_in  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_ask_and_read(page: Any, live_server: Any) -> None:  # noqa: F811
    workspace, owner = people("bakery")
    for number, platform in enumerate(("x", "linkedin")):
        Channel.objects.create(
            workspace=workspace, platform=platform, server="https://a.example", remote_id=str(number), handle="@bakery"
        )
    sign_in(page, live_server, owner)
    page.goto(f"{live_server.url}/w/bakery/rights/")
    page.locator("select[name=platform]").select_option("x")
    page.locator("select[name=use]").select_option("ai_train")
    page.get_by_role("button", name="Ask").click()
    assert "Not allowed" in page.get_by_role("status").inner_text()
    page.locator("#bluesky > summary").click()
    page.locator("#bluesky-1").wait_for(state="visible", timeout=5000)
    page.locator("#bluesky > summary").click()
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
    assert screenshots(page, "rights-rules") == []
