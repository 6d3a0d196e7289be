"""The channel pages: who may see and do what, and the weekly times."""

import pytest

from masthead.channels.models import Channel, Credential, Slot
from masthead.channels.personal_data import erase, export
from masthead.channels.tests.conftest import Network
from masthead.channels.words import limits_in_words
from masthead.connectors import PLATFORMS
from masthead.metering.models import CallCount
from masthead.workspaces.models import AuditEntry
from masthead.workspaces.tests.people import Company

ADDRESSES = [
    ("get", ""),
    ("get", "connect/"),
    ("get", "connect/sandbox/"),
    ("post", "connect/sandbox/"),
    ("get", "{id}/"),
    ("post", "{id}/check/"),
    ("post", "{id}/slots/"),
    ("post", "{id}/slots/{slot}/delete/"),
    ("post", "{id}/time-zone/"),
    ("get", "{id}/disconnect/"),
    ("post", "{id}/disconnect/"),
]


@pytest.fixture
def channel(company: Company, network: Network) -> Channel:
    channel = network.connected(company)
    Slot.objects.create(channel=channel, weekday=0, time="09:00")
    return channel


def at(channel: Channel, rest: str, slug: str = "acme") -> str:
    return f"/w/{slug}/channels/{rest.format(id=channel.pk, slot=channel.slots.get().pk)}"


def untouched(channel: Channel) -> bool:
    channel.refresh_from_db()
    return channel.condition == "connected" and channel.slots.count() == 1 and Credential.objects.exists()


@pytest.mark.parametrize(("method", "rest"), ADDRESSES)
def test_a_stranger_finds_nothing(company: Company, channel: Channel, method: str, rest: str) -> None:
    assert getattr(company.client("stranger"), method)(at(channel, rest)).status_code == 404
    assert getattr(company.client("nobody"), method)(at(channel, rest)).status_code == 302
    assert untouched(channel)


@pytest.mark.parametrize(("method", "rest"), [one for one in ADDRESSES if "{id}" in one[1]])
def test_a_channel_is_not_reached_through_another_workspace(
    company: Company, channel: Channel, method: str, rest: str
) -> None:
    address = at(channel, rest, "not-acme")
    data = {"weekday": ["1"], "time": "10:00", "time_zone": "Asia/Tokyo"}
    assert getattr(company.client("stranger"), method)(address, data).status_code == 404
    assert untouched(channel)


@pytest.mark.parametrize("role", ["viewer", "author", "editor"])
@pytest.mark.parametrize(("method", "rest"), [one for one in ADDRESSES if one[1] not in ("", "{id}/")])
def test_only_owners_and_admins_change_channels(
    company: Company, channel: Channel, role: str, method: str, rest: str
) -> None:
    assert getattr(company.client(role), method)(at(channel, rest)).status_code == 403
    assert untouched(channel)


@pytest.mark.parametrize("rest", ["{id}/check/", "{id}/slots/", "{id}/slots/{slot}/delete/", "{id}/time-zone/"])
def test_changes_are_not_made_by_following_a_link(company: Company, channel: Channel, rest: str) -> None:
    assert company.client("owner").get(at(channel, rest)).status_code == 405
    assert untouched(channel)


def test_members_see_the_list_and_the_page(company: Company, channel: Channel) -> None:
    Channel.objects.create(
        workspace=company.workspace,
        platform="sandbox",
        server="s",
        remote_id="r",
        handle="@dead",
        condition="needs_reconnect",
        condition_why="The sign-in ran out.",
    )
    page = company.client("viewer").get("/w/acme/channels/").content.decode()
    assert page.index("@dead") < page.index(channel.handle), "what needs somebody comes first"
    assert "Reconnect" not in page
    assert "Reconnect" in company.client("admin").get("/w/acme/channels/").content.decode()
    page = company.client("viewer").get(at(channel, "{id}/")).content.decode()
    assert "09:00" in page
    assert "Europe/Berlin" in page
    assert "Disconnect" not in page


def test_the_calls_of_the_last_day_are_shown(company: Company, channel: Channel) -> None:
    company.client("admin").post(at(channel, "{id}/check/"))
    assert CallCount.objects.filter(channel_id=channel.pk).exists()
    assert "all right" in company.client("viewer").get(at(channel, "{id}/")).content.decode()


def test_a_check_that_fails_says_why(company: Company, channel: Channel, network: Network) -> None:
    network.inside.store.change("delete from token where handle = ?", channel.remote_id)
    page = company.client("admin").post(at(channel, "{id}/check/"), follow=True).content.decode()
    assert "no longer accepts the stored sign-in" in page
    assert "needs to be reconnected" in page


def test_times_are_added_once_and_removed(company: Company, channel: Channel) -> None:
    client, address = company.client("admin"), at(channel, "{id}/slots/")
    remove = at(channel, "{id}/slots/{slot}/delete/")
    for _ in range(2):
        client.post(address, {"weekday": ["0", "2", "9", "x"], "time": "18:30"})
    assert list(channel.slots.values_list("weekday", "time")) == [
        (0, channel.slots.all()[0].time),
        (0, channel.slots.all()[1].time),
        (2, channel.slots.all()[2].time),
    ]
    assert [str(one.time) for one in channel.slots.all()] == ["09:00:00", "18:30:00", "18:30:00"]
    client.post(remove)
    assert channel.slots.count() == 2
    assert client.post(remove).status_code == 404
    assert AuditEntry.objects.filter(action="channel.slot_removed").exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"weekday": ["1"], "time": "25:99"}, "not a time of day"),
        ({"weekday": [], "time": "10:00"}, "No day was chosen"),
        ({"weekday": ["1"]}, "not a time of day"),
    ],
)
def test_a_bad_time_is_told_and_kept(company: Company, channel: Channel, data: dict, words: str) -> None:
    answer = company.client("admin").post(at(channel, "{id}/slots/"), data)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert data.get("time", "") in answer.content.decode()


def test_the_time_zone_is_checked(company: Company, channel: Channel) -> None:
    client, address = company.client("admin"), at(channel, "{id}/time-zone/")
    assert client.post(address, {"time_zone": "Mars/Olympus"}).status_code == 400
    client.post(address, {"time_zone": "Asia/Tokyo"})
    channel.refresh_from_db()
    assert channel.time_zone == "Asia/Tokyo"


def test_disconnecting_asks_first(company: Company, channel: Channel) -> None:
    client, address = company.client("owner"), at(channel, "{id}/disconnect/")
    assert "is not published unless you connect it again" in client.get(address).content.decode()
    assert untouched(channel)
    page = client.post(address, follow=True).content.decode()
    assert "is disconnected." in page
    assert "1 disconnected channel" in page
    assert client.post(address).status_code == 404


@pytest.mark.parametrize("platform", PLATFORMS.values(), ids=PLATFORMS)
def test_limits_are_told_in_words(platform, company: Company) -> None:
    lines = dict(limits_in_words(platform.capabilities))
    assert lines["Text"] == f"{platform.capabilities.text.limit} characters"
    page = company.client("admin").get(f"/w/acme/channels/connect/{platform.key}/", follow=True)
    assert page.status_code == 200
    assert page.redirect_chain == [] or platform.app, "only a missing developer app leads to another page"


def test_what_is_held_about_a_person_is_told_and_erased(company: Company, network: Network) -> None:
    user = company.members["admin"].user
    network.begin(company.client("admin"), "acme")
    assert [one["platform"] for one in export(user)["pending_sign_ins"]] == ["sandbox"]
    erase(user)
    assert not any(export(user).values())
