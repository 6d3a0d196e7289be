"""Choosing among several profiles, and the attacks on it: stranger, other session, replay, too late, a number not on the list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from masthead.channels.models import Channel, PendingChoice
from masthead.channels.queries import account
from masthead.channels.tests.closed import APP, KEY, ClosedServer, begin, closed_platform, come_back
from masthead.connectors import PLATFORMS
from masthead.kit.clock import now
from masthead.workspaces.models import Member
from masthead.workspaces.roles import Role
from masthead.workspaces.tests.people import Company


@pytest.fixture
def client(company: Company, pages: ClosedServer) -> Client:
    """An admin whose workspace has an app."""
    made = company.client("admin")
    made.post(f"/w/acme/channels/apps/{KEY}/", APP)
    return made


def revealed(client: Client, pages: ClosedServer) -> str:
    """Sign in; the address of the page of profiles."""
    answer = come_back(client, pages.allow(begin(client, "acme")))
    assert answer.status_code == 302
    assert answer["Location"] == f"/w/acme/channels/choice/{PendingChoice.objects.get().pk}/"
    return answer["Location"]


def test_each_chosen_profile_becomes_a_channel(client: Client, pages: ClosedServer) -> None:
    place = revealed(client, pages)
    page = client.get(place).content.decode()
    assert all(name in page for name in ("@bakery", "@cafe", "@mill")) and "token-of-the-person" not in page
    with connection.cursor() as cursor:
        cursor.execute("select profiles from channels_pendingchoice")
        assert "bakery" not in str(cursor.fetchone()[0])
    assert "2 channels are connected" in client.post(place, {"profile": ["0", "2"]}, follow=True).content.decode()
    assert sorted(Channel.objects.values_list("handle", flat=True)) == ["@bakery", "@mill"]
    one = Channel.objects.get(handle="@mill")
    assert account(one).secrets["access_token"] == "token-of-the-person"
    assert one.credential.expires_at is not None


def test_a_choice_is_used_once(client: Client, pages: ClosedServer) -> None:
    place = revealed(client, pages)
    client.post(place, {"profile": "0"})
    assert client.post(place, {"profile": "1"}).status_code == 404
    assert client.get(place).status_code == 404
    assert Channel.objects.count() == 1


@pytest.mark.parametrize("numbers", [[], ["3"], ["-1"], ["0", "99"], ["0x0"], ["²"], ["0; drop"]])
def test_a_number_that_is_not_on_the_list_uses_nothing_up(
    client: Client, pages: ClosedServer, numbers: list[str]
) -> None:
    place = revealed(client, pages)
    assert client.post(place, {"profile": numbers}).status_code == 400
    assert not Channel.objects.exists() and PendingChoice.objects.count() == 1
    client.post(place, {"profile": "0"})
    assert Channel.objects.count() == 1


def test_nobody_else_and_no_other_session_sees_it(client: Client, company: Company, pages: ClosedServer) -> None:
    place = revealed(client, pages)
    for role, status in (("owner", 404), ("admin", 404), ("editor", 403), ("stranger", 404), ("nobody", 302)):
        other = company.client(role)
        assert (other.get(place).status_code, other.post(place, {"profile": "0"}).status_code) == (status, status), role
    assert company.client("stranger").get(place.replace("acme", "not-acme")).status_code == 404
    assert client.get("/w/acme/channels/choice/00000000-0000-0000-0000-000000000000/").status_code == 404
    assert not Channel.objects.exists()


def test_after_15_minutes_it_is_too_late(client: Client, pages: ClosedServer) -> None:
    place = revealed(client, pages)
    PendingChoice.objects.update(created_at=now() - timedelta(minutes=16))
    assert client.get(place).status_code == 404
    assert client.post(place, {"profile": "0"}).status_code == 404
    assert not Channel.objects.exists()


def test_who_lost_the_right_meanwhile_is_refused(client: Client, company: Company, pages: ClosedServer) -> None:
    place = revealed(client, pages)
    Member.objects.filter(user=company.members["admin"].user).update(role=Role.EDITOR)
    assert client.post(place, {"profile": "0"}).status_code == 403
    assert not Channel.objects.exists()


def test_a_reconnect_takes_the_matching_profile_without_asking(client: Client, pages: ClosedServer) -> None:
    client.post(revealed(client, pages), {"profile": "1"})
    channel = Channel.objects.get()
    Channel.objects.update(condition="needs_reconnect")
    come_back(client, pages.allow(begin(client, "acme", channel=str(channel.pk))))
    channel.refresh_from_db()
    assert (channel.handle, channel.condition, channel.credential.version) == ("@cafe", "connected", 2)
    assert not PendingChoice.objects.exists()


def test_a_reconnect_without_the_profile_is_refused(
    client: Client, pages: ClosedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(revealed(client, pages), {"profile": "1"})
    monkeypatch.setitem(PLATFORMS, KEY, closed_platform(pages, "bakery", "mill"))
    channel = Channel.objects.get()
    page = come_back(client, pages.allow(begin(client, "acme", channel=str(channel.pk)))).content.decode()
    assert "@cafe is not among the profiles you allowed" in page
    monkeypatch.setitem(PLATFORMS, KEY, closed_platform(pages))
    page = come_back(client, pages.allow(begin(client, "acme"))).content.decode()
    assert "none of the profiles" in page
    assert Channel.objects.count() == 1


def test_profiles_that_are_connected_already_are_marked(client: Client, pages: ClosedServer) -> None:
    client.post(revealed(client, pages), {"profile": "1"})
    assert client.get(revealed(client, pages)).content.decode().count("connected already") == 1
