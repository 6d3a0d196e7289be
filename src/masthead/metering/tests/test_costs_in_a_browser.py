"""The page of costs in a real browser: light and dark, wide and narrow, without accessibility faults."""

from __future__ import annotations

from dataclasses import replace

import pytest

from masthead.channels.models import Channel
from masthead.metering.meter import BatchedMeter
from masthead.metering.tests.month import CALL, FIRST, played
from masthead.web.tests.browser import browser, page, screenshots, sign_in  # noqa: F401
from masthead.workspaces.tests.people import Company

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_costs(page, live_server, transactional_db):  # noqa: F811
    company = Company()
    sign_in(page, live_server, company.members["owner"].user)
    page.goto(f"{live_server.url}/w/acme/costs/")
    assert screenshots(page, "costs-empty") == []
    channel = Channel.objects.create(
        workspace=company.workspace,
        platform="x",
        server="https://api.x.com",
        remote_id="1",
        handle="@bakery",
        name="Bakery",
    )
    played(company.workspace.pk, channel.pk, own=True)
    meter = BatchedMeter()
    free = replace(CALL, platform="mastodon", operation="post", price_key="", app="", plan="", at=FIRST)
    for one in [free] * 1200 + [replace(free, error="refused", units=0)] * 3 + [replace(CALL, plan="basic", at=FIRST)]:
        meter.note(replace(one, workspace_id=company.workspace.pk, channel_id=channel.pk))
    meter.flush_sync()
    page.get_by_label("Main menu").get_by_role("link", name="Costs").click()
    page.goto(f"{page.url}?month=2026-09")
    page.get_by_label("Month").select_option("2026-09")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("Post with a link").wait_for()
    assert screenshots(page, "costs") == []
    page.get_by_text("All days").click()
    assert page.get_by_role("table", name="Costs by day").get_by_role("row").count() == 31
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as CSV").click()
    assert saved.value.suggested_filename == "costs-acme-2026-09.csv"
