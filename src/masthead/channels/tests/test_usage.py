"""The platform's own count of a developer app: asked at most once a day, kept by day, one failure apart from the others."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from masthead.channels import usage
from masthead.channels.models import App
from masthead.connectors import PLATFORMS
from masthead.contract.errors import TryAgain
from masthead.contract.usage import ToldUsage
from masthead.metering.models import ToldCount
from masthead.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 8, 31, 6, tzinfo=UTC)


class Told:
    """A usage part that answers by the app's token."""

    counts = ("post.read",)

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.units = 5

    async def days(self, http: Any, app: Mapping[str, str], days: int) -> ToldUsage | None:
        self.asked.append(app["client_id"])
        if app["client_id"] == "broken":
            raise TryAgain("Later.", after=5)
        return ToldUsage({date(2026, 8, 30): self.units}) if app.get("bearer_token") else None


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch) -> Told:
    told = Told()
    monkeypatch.setitem(PLATFORMS, "x", replace(PLATFORMS["x"], usage=told))
    return told


def app(slug: str, **fields: str) -> App:
    workspace = Workspace.objects.create(name=slug, slug=slug)
    secrets = {
        "workspace": workspace.pk,
        "platform": "x",
        "fields": {"client_id": slug, "client_secret": "s", **fields},
    }
    return App.objects.create(workspace=workspace, platform="x", plan="ppu", secrets=secrets)


def test_each_app_is_asked_once_a_day_and_one_failure_stays_alone(part: Told) -> None:
    app("broken", bearer_token="b")
    mine = app("bakery", bearer_token="b")
    app("silent")
    asyncio.run(usage.ask_all(NOW))
    assert sorted(part.asked) == ["bakery", "broken", "silent"]
    row = ToldCount.objects.get()
    assert (row.workspace_id, row.platform, row.day, row.units) == (mine.workspace_id, "x", date(2026, 8, 30), 5)
    assert row.app and row.asked_at == NOW
    part.asked.clear()
    asyncio.run(usage.ask_all(NOW + timedelta(hours=1)))
    assert "bakery" not in part.asked


def test_what_is_told_anew_replaces_what_was_told(part: Told) -> None:
    app("bakery", bearer_token="b")
    asyncio.run(usage.ask_all(NOW))
    part.units = 9
    asyncio.run(usage.ask_all(NOW + timedelta(days=1)))
    assert [(row.units, row.asked_at) for row in ToldCount.objects.all()] == [(9, NOW + timedelta(days=1))]
