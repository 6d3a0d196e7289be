"""Developer apps, the choice of profiles and the notice of an installation inside, in a real browser."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from masthead.channels.models import Channel
from masthead.channels.tests.closed import APP, BACK, KEY, ClosedServer
from masthead.channels.tests.test_in_a_browser import _here, company  # noqa: F401
from masthead.connectors import PLATFORMS
from masthead.web.tests.browser import browser, page, screenshots, sign_in  # noqa: F401
from masthead.workspaces.tests.people import Company

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def asked_of(url: str) -> dict[str, str]:
    """What the platform's page is asked."""
    return dict(parse_qsl(urlsplit(url).query))


def test_from_the_guide_to_two_channels(page, live_server, company: Company, pages: ClosedServer):  # noqa: F811
    sign_in(page, live_server, company.members["owner"].user)
    page.route("https://closed.example/**", lambda route: route.fulfill(body="<title>closed</title>"))
    page.goto(f"{live_server.url}/w/acme/channels/")
    page.get_by_role("link", name="Apps").click()
    assert screenshots(page, "apps-list") == []
    page.get_by_role("link", name="Closed", exact=True).click()
    assert screenshots(page, "apps-guide") == []
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_label("Client ID").fill(APP["client_id"])
    page.get_by_label("Client Secret").fill(APP["client_secret"])
    page.get_by_label("Plan of the app").select_option("paid")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The app for Closed is saved").wait_for()
    assert screenshots(page, "apps-connect") == []
    page.get_by_role("button", name="Continue to Closed").click()
    page.wait_for_url("https://closed.example/authorize**")
    query = pages.allow(asked_of(page.url))
    page.goto(f"{live_server.url}{BACK}?" + "&".join(f"{name}={value}" for name, value in query.items()))
    page.get_by_role("heading", name="Which profiles on Closed?").wait_for()
    page.get_by_role("button", name="Connect these").click()
    page.get_by_text("Tick at least one profile").wait_for()
    page.get_by_label("Bakery").check()
    page.get_by_label("Mill").check()
    assert screenshots(page, "choice") == []
    page.get_by_role("button", name="Connect these").click()
    page.get_by_text("2 channels are connected.").wait_for()
    assert {one.limits["plan"] for one in Channel.objects.all()} == {"paid"}
    page.goto(f"{live_server.url}/w/acme/channels/apps/{KEY}/")
    assert screenshots(page, "apps-entered") == []
    page.get_by_role("button", name="Remove the app").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.get_by_text("The app for Closed is removed.").wait_for()


@pytest.mark.parametrize("key", sorted(key for key, one in PLATFORMS.items() if one.app is not None))
def test_every_guide_can_be_read(page, live_server, company: Company, key: str):  # noqa: F811
    sign_in(page, live_server, company.members["owner"].user)
    page.goto(f"{live_server.url}/w/acme/channels/apps/{key}/")
    page.get_by_role("heading", name="Developer app for").wait_for()
    assert "{callback}" not in page.inner_text("main")
    assert screenshots(page, f"apps-guide-{key}") == []


def test_a_channel_out_of_reach(page, live_server, company: Company, monkeypatch):  # noqa: F811
    sandbox = PLATFORMS["sandbox"]
    channel = Channel.objects.create(
        workspace=company.workspace,
        platform="sandbox",
        server="https://sandbox.example",
        remote_id="1",
        handle="@bakery",
    )
    fetching = replace(sandbox, capabilities=replace(sandbox.capabilities, public_media=True))
    monkeypatch.setitem(PLATFORMS, "sandbox", fetching)
    sign_in(page, live_server, company.members["owner"].user)
    page.goto(f"{live_server.url}/w/acme/channels/{channel.pk}/")
    page.get_by_text("cannot fetch files from here").wait_for()
    assert screenshots(page, "channels-out-of-reach") == []
