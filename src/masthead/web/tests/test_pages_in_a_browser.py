"""Every page of a busy workspace in a real browser: no serious accessibility violation in any size and colour."""

from __future__ import annotations

import pytest
from django.urls import reverse

from masthead.web.tests.browser import screenshots, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGES = {
    "posts": "/w/harbour/posts/",
    "calendar": "/w/harbour/calendar/",
    "channels": "/w/harbour/channels/",
    "media": "/w/harbour/media/",
    "members": "/w/harbour/members/",
    "settings": "/w/harbour/settings/",
    "tokens": "/w/harbour/tokens/",
    "audit": "/w/harbour/audit/",
    "notifications": "/w/harbour/notifications/",
    "profile": "/profile/",
    "new-workspace": "/workspaces/new/",
    "security": "/account/2fa/",
    "sessions": "/account/sessions/",
    "sign-out": "/account/logout/",
}


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible(page, live_server, member, busy, name):
    sign_in(page, live_server, member.user)
    answer = page.goto(live_server.url + PAGES[name])
    assert answer.status == 200
    assert screenshots(page, name) == []


def test_composer_and_publication_are_accessible(page, live_server, member, busy):
    sign_in(page, live_server, member.user)
    for name, address in (
        ("compose", reverse("posts:compose", args=["harbour", busy[1].post_id])),
        ("publication", reverse("posts:publication", args=["harbour", busy[2].pk])),
        ("unconfirmed", reverse("posts:publication", args=["harbour", busy[3].pk])),
    ):
        assert page.goto(live_server.url + address).status == 200
        assert screenshots(page, name) == []


def test_first_visit_is_accessible(page, live_server):
    page.goto(live_server.url + "/")
    assert "welcome" in page.url
    assert screenshots(page, "welcome") == []
