"""German words are longer: no page of a busy workspace is wider than its window."""

from __future__ import annotations

import pytest
from django.urls import reverse

from masthead.web.tests.browser import WIDTHS, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGES = ("web:home", "posts:list", "posts:calendar", "channels:list", "workspaces:settings")
# a word that is cut off, or stands out of the button that holds it
CUT = """() => [...document.querySelectorAll('button, .btn, .btn-outline, .badge-state, nav a, th, label')].filter(one =>
    one.offsetParent && getComputedStyle(one).position !== 'absolute' && !one.closest('.sr-only, .table-wrap')
    && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0
    && getComputedStyle(one).display !== 'inline').map(one => one.textContent.trim())"""


@pytest.fixture
def addresses(busy):
    """The main pages, the composer and a publication."""
    found = {name: reverse(name, args=["harbour"]) for name in PAGES}
    found["compose"] = reverse("posts:compose", args=["harbour", busy[2].post_id])
    found["publication"] = reverse("posts:publication", args=["harbour", busy[3].pk])
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(page, live_server, member, addresses, width):
    member.user.language = "de"
    member.user.save()
    sign_in(page, live_server, member.user)
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    for name, address in addresses.items():
        page.goto(live_server.url + address)
        assert page.locator("html").get_attribute("lang") == "de"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate(CUT) == [], name
