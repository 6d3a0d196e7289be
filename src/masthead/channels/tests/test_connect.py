"""Connecting by typed credentials, and what goes wrong with them."""

import pytest
from django.db import connection
from django.test import override_settings

from masthead.channels.answers import address
from masthead.channels.connect import keep
from masthead.channels.models import Channel, Credential
from masthead.channels.queries import account, opened
from masthead.channels.tests.conftest import SANDBOX, Network
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.values import Profile
from masthead.kit.secrets import NoKey
from masthead.metering.models import CallCount
from masthead.workspaces.models import AuditEntry, User
from masthead.workspaces.tests.people import Company

FORM = "/w/acme/channels/connect/sandbox/"


def sealed(channel: Channel) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select secrets from channels_credential where channel_id = %s", [channel.pk])
        return str(cursor.fetchone()[0])


def test_a_channel_is_connected_and_its_page_shows_it(company: Company, network: Network) -> None:
    member, token = network.member()
    answer = company.client("admin").post(FORM, network.typed(token), follow=True)
    channel = Channel.objects.get()
    page = answer.content.decode()
    assert f"{member.name} is connected." in page
    assert (channel.platform, channel.server, channel.remote_id) == ("sandbox", network.server.url, member.handle)
    assert channel.condition == "connected"
    assert token not in page
    assert AuditEntry.objects.filter(action="channel.connected").count() == 1
    assert CallCount.objects.filter(workspace_id=company.workspace.pk).exists()


def test_secrets_lie_encrypted_and_bound_to_their_channel(company: Company, network: Network) -> None:
    first, second = network.connected(company), network.connected(company)
    token = account(first).secrets["token"]
    assert token not in sealed(first)
    assert opened(first.pk, sealed(first)) == {"token": token}
    with pytest.raises(NoKey, match="another channel"):
        opened(second.pk, sealed(first))
    with connection.cursor() as cursor:
        cursor.execute("update channels_credential set secrets = %s where channel_id = %s", [sealed(first), second.pk])
    with pytest.raises(NoKey):
        account(second)


@pytest.mark.parametrize(
    ("change", "words", "field"),
    [
        ({"token": "wrong"}, "does not know this token", "token"),
        ({"token": ""}, "is empty", "token"),
        ({"server": "http://127.0.0.1:9"}, "No sandbox answers", "server"),
        ({"server": "http://[::1"}, "not the address of a server", "server"),
        ({"server": "two words"}, "not the address of a server", "server"),
        ({"server": "ftp://x"}, "not the address of a server", "server"),
        ({"server": "https://a:b@example.com"}, "user name", "server"),
        ({"server": "x" * 5000}, "too long", "server"),
    ],
)
def test_a_bad_answer_is_named_and_the_rest_is_kept(
    company: Company, network: Network, change: dict[str, str], words: str, field: str
) -> None:
    _member, token = network.member()
    answer = company.client("admin").post(FORM, network.typed(token) | change)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert f'id="form-{field}-error"' in page
    assert token not in page, "a secret is not shown again"
    if field == "token":
        assert network.server.url in page, "what was typed is kept"
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    "typed", ["http://127.0.0.1:8020", "localhost:1", "http://169.254.169.254", "https://10.0.0.7", "intern"]
)
def test_private_servers_are_refused_with_the_field(company: Company, typed: str) -> None:
    with override_settings(ALLOW_PRIVATE=False):
        answer = company.client("admin").post(FORM, {"way": "form", "server": typed, "token": "x"})
    assert answer.status_code == 400
    assert 'id="form-server-error"' in answer.content.decode()
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("mastodon.social", "https://mastodon.social"),
        ("@me@mastodon.social", "https://mastodon.social"),
        ("https://example.social/", "https://example.social"),
        ("127.0.0.1:8020", "http://127.0.0.1:8020"),
        ("localhost:3000", "http://localhost:3000"),
        ("http://pds.example:2583", "http://pds.example:2583"),
    ],
)
def test_an_address_is_read_as_people_type_it(typed: str, read: str) -> None:
    assert address(typed, "server") == read


def test_a_platform_only_to_try_is_hidden_when_the_setting_is_off(company: Company) -> None:
    client = company.client("admin")
    assert "Sandbox" in client.get("/w/acme/channels/connect/").content.decode()
    with override_settings(SANDBOX=False):
        assert FORM not in client.get("/w/acme/channels/connect/").content.decode()
        assert client.get(FORM).status_code == 404
    assert client.get("/w/acme/channels/connect/nothing/").status_code == 404


def test_reconnecting_keeps_the_row(company: Company, network: Network) -> None:
    channel = network.connected(company)
    Channel.objects.update(condition="needs_reconnect", condition_why="dead")
    fresh = network.inside.add(network.inside.member(channel.remote_id), token=f"second-{channel.remote_id}")
    client = company.client("admin")
    assert "Reconnect" in client.get(f"{FORM}?channel={channel.pk}").content.decode()
    client.post(FORM, network.typed(fresh) | {"channel": str(channel.pk)})
    again = Channel.objects.get()
    assert (again.pk, again.condition, again.condition_why) == (channel.pk, "connected", "")
    assert account(again).secrets["token"] == fresh
    assert Credential.objects.get().version == 2
    assert AuditEntry.objects.filter(action="channel.reconnected").count() == 1


def test_connecting_a_known_profile_anew_keeps_its_row_too(company: Company, network: Network) -> None:
    channel = network.connected(company)
    Channel.objects.update(condition="disconnected")
    Credential.objects.all().delete()
    fresh = network.inside.add(network.inside.member(channel.remote_id), token=f"third-{channel.remote_id}")
    company.client("admin").post(FORM, network.typed(fresh))
    assert Channel.objects.get().condition == "connected"


def test_reconnecting_as_somebody_else_is_refused(company: Company, network: Network) -> None:
    channel = network.connected(company)
    old = account(channel).secrets
    stranger, token = network.member()
    answer = company.client("admin").post(FORM, network.typed(token) | {"channel": str(channel.pk)})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f"You signed in as @{stranger.handle}, but this channel is {channel.handle}" in page
    assert account(Channel.objects.get()).secrets == old


def test_another_workspaces_channel_cannot_be_reconnected(company: Company, network: Network) -> None:
    channel = network.connected(company)
    theirs = f"/w/not-acme/channels/connect/sandbox/?channel={channel.pk}"
    assert company.client("stranger").get(theirs).status_code == 404
    _member, token = network.member()
    answer = company.client("stranger").post(theirs.split("?")[0], network.typed(token) | {"channel": str(channel.pk)})
    assert answer.status_code == 404


def test_a_profile_that_moved_keeps_its_row_where_its_id_is_a_uri(company: Company, owner: User) -> None:
    def profile(server: str, remote_id: str) -> Profile:
        return Profile(server, remote_id, "@x", "X", {"token": "t"})

    old = keep(company.workspace, owner, SANDBOX, profile("https://one.example", "did:plc:abc"), expected=None)
    moved = keep(company.workspace, owner, SANDBOX, profile("https://two.example", "did:plc:abc"), expected=old)
    assert (moved.pk, moved.server) == (old.pk, "https://two.example")
    plain = keep(company.workspace, owner, SANDBOX, profile("https://one.example", "17"), expected=None)
    with pytest.raises(Refused, match="but this channel is"):
        keep(company.workspace, owner, SANDBOX, profile("https://two.example", "17"), expected=plain)


def test_a_channel_without_secrets_says_so(company: Company, network: Network) -> None:
    channel = network.connected(company)
    Credential.objects.all().delete()
    with pytest.raises(NeedsReconnect, match="disconnected"):
        account(channel)
