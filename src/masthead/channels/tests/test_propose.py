"""Ends that Masthead proposes: a channel that keeps answering "gone", and known ends ahead. A proposal stops nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from masthead.channels import propose
from masthead.channels.ending import ending_of
from masthead.channels.models import Channel, Sunset
from masthead.channels.propose import propose_all
from masthead.channels.sunset import Stage, announce, stage, withdraw
from masthead.connectors.x.errors import explaining
from masthead.contract.errors import GoneForGood, NeedsReconnect
from masthead.contract.http import Answer, judge
from masthead.contract.operations import Operation
from masthead.metering.models import CallCount
from masthead.metering.prices import Evidence
from masthead.metering.sunsets import Known
from masthead.notifications.models import Notification
from masthead.workspaces.tests.people import Company

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def channel() -> Channel:
    company = Company()
    return Channel.objects.create(
        workspace=company.workspace, platform="sandbox", server="https://s", remote_id="1", handle="@a", name="Ticker"
    )


def called(channel: Channel, hours_ago: int, calls: int, error: str = "gone") -> None:
    hour = NOW.replace(minute=0) - hours_ago * HOUR
    place = {"workspace_id": channel.workspace_id, "channel_id": channel.pk, "platform": "sandbox", "server": "s"}
    CallCount.objects.create(**place, hour=hour, operation="me", error=error, calls=calls)


def test_a_channel_that_keeps_answering_gone_is_proposed_once(channel: Channel) -> None:
    called(channel, 3, 2), called(channel, 1, 2)
    assert (propose_all(NOW), propose_all(NOW)) == (1, 0)
    sunset = Sunset.objects.get()
    assert (stage(sunset, NOW), sunset.channel, sunset.by) == (Stage.PROPOSED, channel, None)
    assert sunset.ends_at == NOW.replace(minute=0) - 3 * HOUR
    assert ending_of(channel) is None  # it stops nothing
    told = Notification.objects.filter(kind="sunset")
    assert {one.user.email.split("@")[0] for one in told} == {"owner", "admin"}
    assert told[0].link == f"/w/acme/sunset/announce/?proposal={sunset.pk}"


@pytest.mark.parametrize(
    "calls",
    [
        [(1, 9, "gone")],  # all within one hour
        [(3, 1, "gone"), (1, 2, "gone")],  # too few
        [(30, 5, "gone"), (28, 5, "gone")],  # long ago
        [(3, 2, "gone"), (2, 1, ""), (1, 2, "gone")],  # it worked in between
        [(3, 2, "refused"), (1, 2, "try_again")],
    ],
)
def test_less_than_that_proposes_nothing(channel: Channel, calls: list[tuple[int, int, str]]) -> None:
    for one in calls:
        called(channel, *one)
    assert propose_all(NOW) == 0


def test_one_that_was_dismissed_is_not_repeated_at_once(channel: Channel) -> None:
    called(channel, 3, 2), called(channel, 1, 2)
    propose_all(NOW)
    withdraw(Sunset.objects.get(), channel.workspace, None, now=NOW)
    assert propose_all(NOW) == 0
    Sunset.objects.update(withdrawn_at=NOW - 8 * DAY)
    assert propose_all(NOW) == 1


def test_a_proposal_becomes_an_announcement(channel: Channel) -> None:
    called(channel, 3, 2), called(channel, 1, 2)
    propose_all(NOW)
    draft = Sunset.objects.get()
    announce(channel.workspace, None, now=NOW, draft=draft, ends_at=draft.ends_at)
    channel.refresh_from_db()
    assert (Sunset.objects.count(), channel.condition) == (1, "read_only")
    assert propose_all(NOW) == 0


def test_a_known_end_ahead_is_proposed_where_there_is_a_channel(channel: Channel, monkeypatch) -> None:
    row = Known("sandbox-ends", "sandbox", "platform", "", None, date(2026, 12, 24), "https://s", Evidence.PRIMARY)
    past = Known("sandbox-ended", "sandbox", "platform", "", None, date(2026, 10, 1), "https://s", Evidence.PRIMARY)
    monkeypatch.setattr(propose, "known", lambda: (past, row))
    assert (propose_all(NOW), propose_all(NOW)) == (1, 0)
    sunset = Sunset.objects.get()
    assert (sunset.known, sunset.workspace, sunset.announced_at) == ("sandbox-ends", channel.workspace, None)


def test_what_platforms_say_when_they_are_gone() -> None:
    operation = Operation("me", "GET", "/me")
    assert isinstance(judge(Answer(410, {}, None), operation), GoneForGood)
    suspended = Answer(403, {}, {"detail": "Invalid / suspended application"})
    assert isinstance(explaining()(suspended), GoneForGood)
    assert isinstance(explaining()(Answer(403, {}, {"detail": "This user is suspended"})), NeedsReconnect)
