"""Connecting a channel in a real browser, by typed credentials and through the platform's own page."""

from __future__ import annotations

import pytest

from masthead.channels.models import Channel
from masthead.channels.tests.conftest import Network
from masthead.web.tests.browser import browser, page, screenshots, sign_in  # noqa: F401
from masthead.workspaces.tests.people import Company

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company(transactional_db) -> Company:
    return Company()


@pytest.fixture(autouse=True)
def _here(settings, live_server) -> None:
    settings.PUBLIC_URL = live_server.url
    settings.ALLOWED_HOSTS = ["*"]


def test_a_wrong_token_is_told_and_the_right_one_connects(page, live_server, company: Company, network: Network):  # noqa: F811
    member, token = network.member()
    sign_in(page, live_server, company.members["owner"].user)
    page.goto(f"{live_server.url}/w/acme/channels/")
    assert screenshots(page, "channels-none") == []
    page.locator("main").get_by_role("link", name="Connect a channel").first.click()
    assert screenshots(page, "channels-choose") == []
    page.get_by_role("link", name="Connect Sandbox").click()
    form = page.locator("form", has=page.get_by_label("Account token"))
    form.get_by_label("Address").fill(network.server.url)
    form.get_by_label("Account token").fill("wrong")
    form.get_by_role("button", name="Connect").click()
    page.get_by_text("does not know this token").wait_for()
    assert screenshots(page, "channels-connect-error") == []
    assert form.get_by_label("Address").input_value() == network.server.url
    form.get_by_label("Account token").fill(token)
    form.get_by_role("button", name="Connect").click()
    page.get_by_text(f"{member.name} is connected.").wait_for()
    page.get_by_label("Time", exact=True).fill("09:30")
    page.get_by_role("button", name="Add").click()
    page.get_by_text("09:30").first.wait_for()
    assert screenshots(page, "channels-show") == []
    page.get_by_role("link", name="Disconnect").click()
    assert screenshots(page, "channels-disconnect") == []


def test_the_platforms_own_page_leads_there_and_back(page, live_server, company: Company, network: Network):  # noqa: F811
    member, _token = network.member()
    sign_in(page, live_server, company.members["owner"].user)
    page.goto(f"{live_server.url}/w/acme/channels/connect/sandbox/")
    form = page.locator("form", has=page.get_by_role("button", name="Continue to"))
    form.get_by_label("Address").fill(network.server.url)
    form.get_by_role("button", name="Continue to").click()
    page.wait_for_url(f"{network.server.url}/authorize**")
    page.locator(f"[name=handle][value={member.handle}], select[name=handle]").first.wait_for()
    choose(page, member.handle)
    page.get_by_role("button", name="Allow").click()
    page.get_by_text(f"{member.name} is connected.").wait_for()
    assert Channel.objects.get().remote_id == member.handle


def choose(there, handle: str) -> None:
    """Say who we are on the sandbox's page."""
    menu = there.locator("select[name=handle]")
    if menu.count():
        menu.select_option(handle)
    else:
        there.locator(f"[name=handle][value={handle}]").check()
