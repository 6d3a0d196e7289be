"""Ends that are announced: what they cover, when they close and open, and that nothing is called any more."""

from __future__ import annotations

import ast
import itertools
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection

from masthead.channels.calling import ask, calling
from masthead.channels.check import check_now
from masthead.channels.close import settle_all
from masthead.channels.disconnect import disconnect
from masthead.channels.ending import ENDINGS, ENDS_AT, ending_of, endings_for
from masthead.channels.for_all import announce_for_all, withdraw_for_all
from masthead.channels.models import Channel, Sunset
from masthead.channels.queries import account
from masthead.channels.refresh import refresh_now
from masthead.channels.sunset import Stage, announce, change, days_left, stage, withdraw
from masthead.channels.tests.conftest import Network
from masthead.connectors import PLATFORMS
from masthead.contract.calls import Purpose
from masthead.contract.errors import Ended, Refused
from masthead.contract.values import Account
from masthead.kit import clock
from masthead.kit.clock import now
from masthead.notifications.models import Notification
from masthead.tests import tree
from masthead.workspaces.models import AuditEntry, Workspace
from masthead.workspaces.tests.people import Company

SANDBOX = PLATFORMS["sandbox"]
DAY = timedelta(days=1)


def ending(company: Company, at: datetime, **fields: Any) -> Sunset:
    given = {"platform": "sandbox", "scope": "platform", "ends_at": at, **fields}
    return announce(company.workspace, company.members["owner"].user, now=now(), **given)


def test_a_life_is_a_function_of_the_row_and_the_time():
    at = now()
    row = Sunset(ends_at=at + DAY)
    assert stage(row, at) is Stage.PROPOSED
    row.announced_at = at
    assert stage(row, at) is Stage.ANNOUNCED
    assert stage(row, at + DAY) is Stage.IN_FORCE
    row.withdrawn_at = at
    assert stage(row, at + DAY) is Stage.WITHDRAWN
    assert [days_left(row, at + timedelta(hours=h)) for h in (0, 1, 24, 30)] == [1, 1, 0, 0]


def test_sql_and_python_agree_on_what_ends(db):
    here, elsewhere = (Workspace.objects.create(name=name, slug=name) for name in ("here", "elsewhere"))
    channels = [
        Channel.objects.create(
            workspace=space, platform=platform, server=server, remote_id="1", handle="@a", limits={"plan": plan}
        )
        for space, platform, (server, plan) in itertools.product(
            (here, elsewhere), ("sandbox", "other"), (("one", "free"), ("two", "pro"))
        )
    ]
    scopes = (
        ("platform", "", None), ("server", "two", None), ("plan", "free", None), ("channel", "", channels[0]),
        ("feature", "get_me", None), ("api_version", "v1", None),
    )  # fmt: skip
    known: list[Sunset] = []
    for scope, subject, channel in scopes:
        for workspace, announced in itertools.product((None, here), (now(), None)):
            known.append(
                Sunset.objects.create(
                    platform="sandbox",
                    scope=scope,
                    subject=subject,
                    channel=channel,
                    workspace=workspace,
                    ends_at=now() + len(known) * DAY,
                    created_at=now(),
                    announced_at=announced,
                )  # fmt: skip
            )
    for _ in range(len(known)):
        assert _by_sql() == {one.pk: _by_python(one) for one in channels}
        latest = Sunset.objects.filter(withdrawn_at=None).first()
        Sunset.objects.filter(pk=latest.pk).update(withdrawn_at=now())  # the earliest goes, the next one counts
    assert set(_by_sql().values()) == {(None, ())}


def _by_sql() -> dict[int, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"select c.id, {ENDS_AT}, {ENDINGS} from channels_channel c")  # noqa: S608 (ours)
        rows = cursor.fetchall()
    return {
        pk: (at, tuple(sorted((datetime.fromisoformat(t), op) for t, op in _json(found)))) for pk, at, found in rows
    }


def _json(found: Any) -> list[Any]:
    return json.loads(found) if isinstance(found, str) else found or []


def _by_python(channel: Channel) -> Any:
    first = ending_of(channel)
    found = endings_for(channel.workspace_id, channel.platform, channel.pk)
    return (first.ends_at if first else None, tuple(sorted((one.at, one.operation) for one in found)))


@pytest.mark.django_db(transaction=True)
def test_from_the_date_on_nothing_is_called(company: Company, network: Network):
    channel, before = network.with_tokens(company), network.inside.calls
    check_now(channel)
    assert network.inside.calls > before
    sunset, before = ending(company, now() + DAY), network.inside.calls
    check_now(channel)
    assert network.inside.calls > before  # until the date all goes on
    there = account(channel)
    with clock.given(sunset.ends_at):
        before = network.inside.calls
        with pytest.raises(Ended) as refused:
            check_now(channel)
        assert sunset.ends_at.date().isoformat() in refused.value.message
        assert "withdraw" in refused.value.remedy
        assert async_to_sync(refresh_now)(channel.pk, 1) is False
        with pytest.raises(Ended):
            ask(SANDBOX, company.workspace.pk, lambda http: SANDBOX.connecting.verify(http, there), limits={})
        with pytest.raises(Ended):
            async_to_sync(_verify)(channel, there)
        assert disconnect(channel, company.members["owner"].user) is False
        assert network.inside.calls == before


async def _verify(channel: Channel, there: Account) -> None:
    async with calling(channel, Purpose.READ) as http:
        await SANDBOX.connecting.verify(http, there)


@pytest.mark.django_db(transaction=True)
def test_a_feature_ends_alone(company: Company, network: Network):
    channel = network.connected(company)
    ending(company, now() - DAY, scope="feature", subject="me")
    with pytest.raises(Ended):
        check_now(channel)
    channel.refresh_from_db()
    assert channel.condition == Channel.Condition.CONNECTED
    endings = endings_for(company.workspace.pk, "sandbox", channel.pk)
    assert [one.operation for one in endings] == ["me"]


def test_channels_close_at_the_date_and_open_when_it_is_withdrawn(company: Company, network: Network):
    channel = network.connected(company)
    other = Channel.objects.create(
        workspace=company.workspace, platform="sandbox", server="elsewhere", remote_id="9", handle="@other"
    )
    sunset = ending(company, now() + DAY, scope="channel", channel=channel)
    assert settle_all(now()) == 0
    assert settle_all(now() + DAY) == 1
    assert settle_all(now() + DAY) == 0  # safe to run twice
    channel.refresh_from_db(), other.refresh_from_db()
    assert (channel.condition, other.condition) == ("read_only", "connected")
    assert sunset.ends_at.date().isoformat() in channel.condition_why
    assert Notification.objects.filter(kind="sunset", title__contains="read-only").count() >= 1
    change(sunset, company.workspace, company.members["owner"].user, now=now(), ends_at=now() + 9 * DAY)
    channel.refresh_from_db()
    assert channel.condition == "connected"  # it was put off
    settle_all(now() + 9 * DAY)
    withdraw(sunset, company.workspace, company.members["owner"].user, now=now())
    channel.refresh_from_db()
    assert (channel.condition, channel.condition_why) == ("connected", "")
    trail = list(AuditEntry.objects.filter(action__startswith="sunset.").values_list("action", flat=True))
    assert sorted(trail) == ["sunset.announced", "sunset.changed", "sunset.withdrawn"]


def test_what_is_announced_must_make_sense(company: Company):
    for wrong, field in (
        ({"ends_at": now() + 20 * 365 * DAY}, "ends_at"),
        ({"ends_at": now() - 800 * DAY}, "ends_at"),
        ({"source": "javascript:alert(1)"}, "source"),
        ({"scope": "plan"}, "subject"),
        ({"scope": "channel"}, "channel"),
    ):
        with pytest.raises(Refused) as refused:
            ending(company, **{"at": now() + DAY, **{k: v for k, v in wrong.items() if k != "ends_at"}}
                   | ({"at": wrong["ends_at"]} if "ends_at" in wrong else {}))  # fmt: skip
        assert refused.value.field == field
        assert refused.value.remedy
    assert not Sunset.objects.exists()


def test_an_end_of_the_whole_installation_binds_every_workspace(company: Company, network: Network):
    mine, theirs = network.connected(company), network.connected(Company("rival"))
    sunset = announce_for_all(now=now(), platform="sandbox", ends_at=now() - timedelta(seconds=1))
    assert {one.condition for one in Channel.objects.all()} == {"read_only"}
    assert AuditEntry.objects.filter(action="sunset.announced").count() == 2
    assert ending_of(mine) == ending_of(theirs) == sunset
    withdraw_for_all(sunset.pk, now=now())
    assert {one.condition for one in Channel.objects.all()} == {"connected"}
    with pytest.raises(Refused):
        withdraw_for_all(sunset.pk, now=now())
    own = ending(company, now() + DAY)
    with pytest.raises(Refused):  # that of a workspace is its own
        withdraw_for_all(own.pk, now=now())


def test_every_client_is_bound_with_the_ends_of_its_channel():
    """A place that binds a client without them would go on calling what has ended."""
    bound = []
    for path in tree.sources():
        if "connectors" in path.parts or "contract" in path.parts:
            continue
        calls = [one for one in ast.walk(tree.parsed(path)) if isinstance(one, ast.Call)]
        for call in (one for one in calls if getattr(one.func, "id", "") in ("Http", "PacedHttp")):
            names = {one.arg for one in call.keywords} | {getattr(one, "id", "") for one in call.args}
            bound.append((path.name, "endings" in names))
    assert {name for name, _with in bound} >= {"calling.py", "publish.py", "read.py"}
    assert [name for name, with_ in bound if not with_] == []
