"""A newcomer in a real browser with a real installation: from the first visit to posts that are out, each exactly once.

Web, worker and database are processes of their own, as `masthead up` starts them, and the sandbox answers over HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from masthead.config.tests.surroundings import Place
from masthead.contract.testing import SandboxServer, add_demo_members
from masthead.web.tests.browser import accessible, browser, page  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLOW_MACHINE = 90_000
FIRST, SECOND = "Cardamom buns, warm at seven.", "Cardamom buns, warm at eight."
CHANNELS = {"ticker": "Ticker", "longread": "Long Read"}


@pytest.fixture
def network() -> Iterator[SandboxServer]:
    """A sandbox with the demo's members."""
    with SandboxServer() as server:
        add_demo_members(server.network)
        yield server


@pytest.fixture
def newcomer(page: Any, place: Place, network: SandboxServer) -> Any:  # noqa: F811
    """A page on the first visit of a fresh installation that knows the sandbox."""
    place.up(MASTHEAD_SANDBOX="1", MASTHEAD_ALLOW_PRIVATE="1", MASTHEAD_SANDBOX_URL=network.url)
    page.set_default_timeout(SLOW_MACHINE)
    page.set_default_navigation_timeout(SLOW_MACHINE)
    page.goto(f"http://localhost:{place.port}/")
    return page


def test_from_the_first_visit_to_posts_that_are_out_once(newcomer: Any, network: SandboxServer):
    sign_up(newcomer)
    for handle, name in CHANNELS.items():
        connect(newcomer, f"{handle}-demo-token", name)
    write(newcomer, FIRST)
    change_their_mind(newcomer, SECOND)
    newcomer.get_by_role("button", name="Publish now").click()
    newcomer.get_by_text("It goes out now.").wait_for()
    see_it_go_out(newcomer)
    for handle in CHANNELS:
        assert [one["text"] for one in network.network.recent(handle)] == [SECOND], handle
    newcomer.goto(network.url)
    assert newcomer.get_by_text(SECOND).count() == len(CHANNELS) and newcomer.get_by_text(FIRST).count() == 0


def sign_up(there: Any) -> None:
    """Make the owner's account; a password that is too common is told, and the rest stays as typed."""
    usable(there)
    there.get_by_label("Your name").fill("Nina")
    there.get_by_label("E-mail address").fill("nina@harbour.example")
    there.get_by_label("Name of the workspace").fill("Harbour Coffee")
    there.get_by_label("Password").fill("12345678")
    there.get_by_role("button", name="Start").click()
    there.get_by_text("too common").wait_for()
    assert there.get_by_label("Name of the workspace").input_value() == "Harbour Coffee"
    there.get_by_label("Password").fill("herring boat coffee")
    there.get_by_role("button", name="Start").click()
    there.get_by_role("heading", name="First steps").wait_for()
    usable(there)


def connect(there: Any, token: str, name: str) -> None:
    """Connect a member of the sandbox, whose address is there already."""
    there.get_by_role("navigation", name="Workspace").get_by_role("link", name="Channels", exact=True).click()
    there.locator("main").get_by_role("link", name="Connect a channel").first.click()
    there.get_by_role("link", name="Connect Sandbox").click()
    usable(there)
    form = there.locator("form", has=there.get_by_label("Account token"))
    form.get_by_label("Account token").fill(token)
    form.get_by_role("button", name="Connect").click()
    there.get_by_text(f"{name} is connected.").wait_for()
    usable(there)


def write(there: Any, text: str) -> None:
    """A post on all channels, scheduled for a day far off."""
    there.get_by_role("link", name="Posts", exact=True).click()
    there.get_by_role("button", name="New post").first.click()
    there.locator("#segment-0").fill(text)
    there.wait_for_function("() => document.getElementById('saved').textContent === 'Saved'")
    usable(there)
    there.locator("#publish_at").fill(there.evaluate("() => `${new Date().getFullYear() + 1}-06-01T09:00`"))
    there.get_by_role("button", name="Schedule", exact=True).click()
    there.get_by_text("It goes out as it stands here.").wait_for()
    usable(there)


def change_their_mind(there: Any, text: str) -> None:
    """Take the post off the schedule and write something else."""
    assert there.locator("#segment-0").get_attribute("readonly") is not None
    there.get_by_role("button", name="Edit it again").click()
    there.get_by_text("It is off the schedule.").wait_for()
    there.locator("#segment-0").fill(text)


def see_it_go_out(there: Any) -> None:
    """The post's page and a publication's page tell it without being loaded again."""
    out = there.locator("#states .state-link", has_text="Published")
    out.nth(len(CHANNELS) - 1).wait_for()
    usable(there)
    out.first.click()
    there.get_by_text("It is out since").wait_for()
    assert there.get_by_role("link", name="See it on the platform").count() == 1
    usable(there)


def usable(there: Any) -> None:
    """No serious accessibility violation on the page as it stands."""
    assert accessible(there) == [], there.url
