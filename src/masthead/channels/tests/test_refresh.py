"""Refreshing: one at a time, compare and set, transient errors never disconnect, dead credentials are told once."""

import asyncio
import threading
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import connections

from masthead.channels import refresh as refreshing
from masthead.channels.check import check_now
from masthead.channels.disconnect import disconnect
from masthead.channels.models import Channel, Credential
from masthead.channels.queries import account, due_for_check, due_for_refresh
from masthead.channels.refresh import after_refusal, refresh_now
from masthead.channels.tasks import check_due, clean, refresh_due
from masthead.channels.tests.conftest import SANDBOX, Network
from masthead.contract.errors import NeedsReconnect, TokenExpired, TryAgain
from masthead.contract.values import Refreshed
from masthead.kit.clock import now
from masthead.notifications.models import Notification
from masthead.workspaces.models import AuditEntry
from masthead.workspaces.tests.people import Company

DEAD = NeedsReconnect("The platform no longer accepts the sign-in.", remedy="Reconnect the channel.")
EXPIRED = TokenExpired("The access token ran out.")


def version(channel: Channel) -> int:
    return Credential.objects.get(channel=channel).version


def test_a_token_is_refreshed_and_the_channel_works_on(company: Company, network: Network) -> None:
    channel = network.with_tokens(company)
    old = account(channel).secrets
    network.inside.expire(old["token"])
    assert async_to_sync(refresh_now)(channel.pk, 1)
    fresh = account(channel).secrets
    assert fresh["token"] != old["token"]
    assert network.inside.whose(fresh["token"]).handle == channel.remote_id
    credential = Credential.objects.get()
    assert (credential.version, credential.hands_off_until, credential.refresh_failed_at) == (2, None, None)
    assert credential.expires_at > now()


def test_what_runs_out_soon_is_due_and_what_somebody_holds_is_not(company: Company, network: Network) -> None:
    channel, late = network.with_tokens(company), network.with_tokens(company)
    Credential.objects.filter(channel=late).update(expires_at=now() + timedelta(minutes=11))
    assert due_for_refresh(now()) == [(channel.pk, 1)]
    Credential.objects.filter(channel=channel).update(hands_off_until=now() + timedelta(minutes=1))
    assert due_for_refresh(now()) == []
    assert due_for_refresh(now() + timedelta(minutes=2)) == [(channel.pk, 1), (late.pk, 1)]


def test_the_minutely_round_refreshes_what_is_due(company: Company, network: Network) -> None:
    channels = [network.with_tokens(company) for _ in range(3)]
    async_to_sync(refresh_due)()
    assert [version(one) for one in channels] == [2, 2, 2]
    assert due_for_refresh(now()) == []


def test_a_refresh_for_an_old_version_does_nothing(company: Company, network: Network) -> None:
    channel = network.with_tokens(company)
    Credential.objects.update(version=5)
    assert async_to_sync(refresh_now)(channel.pk, 1) is True
    async_to_sync(after_refusal)(channel.pk, 1, DEAD)
    assert (version(channel), Channel.objects.get().condition) == (5, "connected")


@pytest.mark.parametrize("error", [TryAgain("away", after=3600), TimeoutError()])
def test_a_transient_error_never_disconnects(
    company: Company, network: Network, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    channel = network.with_tokens(company)

    async def away(*_args: object) -> None:
        raise error

    monkeypatch.setattr(type(SANDBOX.connecting), "refresh", away)
    assert async_to_sync(refresh_now)(channel.pk, 1) is False
    credential = Credential.objects.get()
    assert Channel.objects.get().condition == "connected"
    assert credential.refresh_failed_at
    assert now() < credential.hands_off_until <= now() + timedelta(seconds=901)
    assert not Notification.objects.exists()


def test_dead_credentials_are_marked_and_told_once_to_who_can_help(company: Company, network: Network) -> None:
    channel = network.with_tokens(company)
    network.inside.revoke(account(channel).secrets["token"])
    for _ in range(2):
        async_to_sync(after_refusal)(channel.pk, 1, EXPIRED)
    channel.refresh_from_db()
    assert channel.condition == "needs_reconnect"
    assert "no longer accepts" in channel.condition_why
    told = Notification.objects.all()
    assert {one.user for one in told} == {company.members["owner"].user, company.members["admin"].user}
    assert {(one.kind, one.link) for one in told} == {("needs_reconnect", f"/w/acme/channels/{channel.pk}/")}
    assert AuditEntry.objects.filter(action="channel.needs_reconnect").count() == 1
    page = company.client("viewer").get(f"/w/acme/channels/{channel.pk}/").content.decode()
    assert "needs to be reconnected" in page
    assert "Ask an owner or admin" in page
    assert async_to_sync(refresh_now)(channel.pk, 1) is False
    assert due_for_refresh(now()) == []


def test_an_account_token_that_is_refused_is_proved_before_anybody_is_bothered(
    company: Company, network: Network
) -> None:
    channel = network.connected(company)
    async_to_sync(after_refusal)(channel.pk, 1, EXPIRED)
    channel.refresh_from_db()
    assert (channel.condition, version(channel)) == ("connected", 2)
    network.inside.revoke(account(channel).secrets["token"])
    async_to_sync(after_refusal)(channel.pk, 2, EXPIRED)
    channel.refresh_from_db()
    assert channel.condition == "needs_reconnect"


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_burn_one_refresh_token(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight threads see the same expired token at the same moment; the platform is asked once."""
    company = Company()
    channel, asked = network.with_tokens(company), []
    real, ready = type(SANDBOX.connecting).refresh, threading.Barrier(8)

    async def slow(self, http, who) -> Refreshed | None:
        asked.append(who.secrets["refresh_token"])
        await asyncio.sleep(0.5)
        return await real(self, http, who)

    monkeypatch.setattr(type(SANDBOX.connecting), "refresh", slow)

    def work() -> None:
        ready.wait()
        try:
            async_to_sync(after_refusal)(channel.pk, 1, EXPIRED)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert len(asked) == 1
    assert version(channel) == 2
    assert Channel.objects.get(pk=channel.pk).condition == "connected"


def test_a_reconnect_during_a_refresh_wins(company: Company, network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = network.with_tokens(company)
    real = type(SANDBOX.connecting).refresh

    async def meanwhile(self, http, who) -> Refreshed | None:
        await Credential.objects.filter(channel=channel).aupdate(version=2)
        return await real(self, http, who)

    monkeypatch.setattr(type(SANDBOX.connecting), "refresh", meanwhile)
    kept = account(channel).secrets
    assert async_to_sync(refresh_now)(channel.pk, 1) is False
    assert account(channel).secrets == kept


def test_a_lease_of_a_dead_worker_runs_out(company: Company, network: Network) -> None:
    channel = network.with_tokens(company)
    Credential.objects.update(hands_off_until=now() + timedelta(minutes=1))
    assert async_to_sync(refresh_now)(channel.pk, 1) is False
    Credential.objects.update(hands_off_until=now() - timedelta(seconds=1))
    assert async_to_sync(refresh_now)(channel.pk, 1) is True


def test_new_secrets_are_saved_although_the_database_blinks(
    company: Company, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, real, turns = network.with_tokens(company), refreshing.save, []

    def blinking(*args: object) -> bool:
        turns.append(1)
        if len(turns) < 2:
            raise ConnectionError
        return real(*args)

    monkeypatch.setattr(refreshing, "save", blinking)
    assert async_to_sync(refresh_now)(channel.pk, 1) is True
    assert (len(turns), version(channel)) == (2, 2)


def test_the_daily_look_notes_what_changed_and_refreshes_on_the_way(company: Company, network: Network) -> None:
    channel = network.with_tokens(company)
    network.inside.expire(account(channel).secrets["token"])
    Channel.objects.update(checked_at=now() - timedelta(days=2), name="Old name")
    assert due_for_check(now()) == [(channel.pk, 1)]
    async_to_sync(check_due)()
    assert version(channel) == 2
    Channel.objects.update(checked_at=None)
    async_to_sync(check_due)()
    channel.refresh_from_db()
    assert channel.name.startswith("Member")
    assert due_for_check(now()) == []


def test_a_look_from_the_page_survives_an_expired_token(company: Company, network: Network) -> None:
    channel = network.with_tokens(company)
    network.inside.expire(account(channel).secrets["token"])
    check_now(channel)
    assert version(channel) == 2


def test_disconnecting_gives_the_credentials_back_and_wipes_them(company: Company, network: Network, owner) -> None:
    channel = network.with_tokens(company)
    secrets = account(channel).secrets
    assert disconnect(channel, owner) is True
    assert not Credential.objects.exists()
    assert Channel.objects.get().condition == "disconnected"
    with pytest.raises(Exception, match="not known"):
        network.inside.whose(secrets["token"])


def test_disconnecting_works_while_the_platform_is_away(company: Company, network: Network, owner) -> None:
    channel = network.with_tokens(company)
    Channel.objects.update(server="http://127.0.0.1:9")
    channel.refresh_from_db()
    assert disconnect(channel, owner) is False
    assert not Credential.objects.exists()


def test_cleaning_up_is_harmless(db: None) -> None:
    async_to_sync(clean)()
