"""A platform that fetches files by itself: its channel's page says when it cannot, and the composer stops before it is too late."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import override_settings

from masthead.channels.models import Channel
from masthead.channels.tests.conftest import Network
from masthead.config.doctor import check_fetching
from masthead.connectors import PLATFORMS
from masthead.workspaces.tests.people import Company

WORDS = "cannot fetch files from here"


@pytest.fixture
def channel(company: Company, network: Network, monkeypatch: pytest.MonkeyPatch) -> Channel:
    """A channel of a platform that fetches files."""
    made, sandbox = network.connected(company), PLATFORMS["sandbox"]
    fetching = replace(sandbox, capabilities=replace(sandbox.capabilities, public_media=True))
    monkeypatch.setitem(PLATFORMS, "sandbox", fetching)
    return made


def test_the_page_says_what_to_do_where_nobody_outside_can_come_in(company: Company, channel: Channel) -> None:
    place = f"/w/acme/channels/{channel.pk}/"
    page = company.client("viewer").get(place).content.decode()
    assert WORDS in page and "MASTHEAD_PUBLIC_URL" in page
    with override_settings(PUBLIC_URL="https://masthead.example.org"):
        assert WORDS not in company.client("viewer").get(place).content.decode()


def test_other_platforms_are_not_troubled(company: Company, network: Network) -> None:
    channel = network.connected(company)
    assert WORDS not in company.client("viewer").get(f"/w/acme/channels/{channel.pk}/").content.decode()
    assert check_fetching().level == "ok"


def test_the_doctor_warns_where_a_channel_needs_it(channel: Channel) -> None:
    line = check_fetching()
    assert (line.level, "Sandbox" in line.text, "S3" in line.advice) == ("warn", True, True)
    with override_settings(PUBLIC_URL="https://masthead.example.org"):
        assert check_fetching().level == "ok"
    Channel.objects.update(condition="disconnected")
    assert check_fetching().level == "ok"
