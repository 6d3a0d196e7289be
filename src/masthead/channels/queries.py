"""Reading channels: always of one workspace; and a channel as a connector sees it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from masthead.channels.models import Channel, Credential
from masthead.channels.secrets import unbound
from masthead.contract.errors import NeedsReconnect
from masthead.contract.values import Account
from masthead.kit.secrets import keyring
from masthead.metering.models import CallCount
from masthead.workspaces.models import Workspace

PLACE = Credential._meta.db_table
SOON = timedelta(minutes=10)


def opened(channel_id: int, sealed: str) -> Mapping[str, Any]:
    """The secrets in a credential's ciphertext; raises NoKey where it belongs to another table or channel."""
    return unbound(channel_id, keyring().open(sealed, PLACE))


def account(channel: Channel) -> Account:
    """The channel as a connector sees it, secrets opened. Raises NeedsReconnect where it has none."""
    credential = Credential.objects.filter(channel=channel).first()
    if credential is None:
        raise NeedsReconnect(_("The channel is disconnected."), remedy=_("Connect it again."))
    return account_with(channel, credential)


def account_with(channel: Channel, credential: Credential) -> Account:
    """The same with a credential that was read already."""
    return Account(
        channel_id=channel.pk,
        workspace_id=channel.workspace_id,
        server=channel.server,
        remote_id=channel.remote_id,
        handle=channel.handle,
        limits=channel.limits,
        secrets=unbound(channel.pk, credential.secrets),
    )


def channels(workspace: Workspace, *, gone: bool = False) -> QuerySet[Channel]:
    """The channels of a workspace; disconnected ones only with `gone`."""
    found = Channel.objects.filter(workspace=workspace)
    return found if gone else found.exclude(condition=Channel.Condition.DISCONNECTED)


def due_for_refresh(now: datetime, most: int = 500) -> list[tuple[int, int]]:
    """(channel id, credential version) of connected channels whose token runs out soon and that nobody refreshes now."""
    free = Q(hands_off_until=None) | Q(hands_off_until__lt=now)
    due = Credential.objects.filter(free, channel__condition=Channel.Condition.CONNECTED, expires_at__lt=now + SOON)
    return list(due.order_by("expires_at").values_list("channel_id", "version")[:most])


def due_for_check(now: datetime, most: int = 200) -> list[tuple[int, int]]:
    """(channel id, credential version) of connected channels that were not looked at for a day."""
    due = Channel.objects.filter(condition=Channel.Condition.CONNECTED, credential__isnull=False).filter(
        Q(checked_at=None) | Q(checked_at__lt=now - timedelta(days=1))
    )
    order = F("checked_at").asc(nulls_first=True)
    return list(due.order_by(order).values_list("pk", "credential__version")[:most])


def recent_calls(channel: Channel, now: datetime) -> list[dict[str, Any]]:
    """Calls of the last day by operation and error: operation, error ("" for success), calls, seconds on average."""
    rows = (
        CallCount.objects.filter(
            workspace_id=channel.workspace_id, channel_id=channel.pk, hour__gte=now - timedelta(hours=24)
        )
        .values("operation", "error")
        .annotate(total=Sum("calls"), time=Sum("seconds"))
        .order_by("-total")
    )
    return [{**row, "average": row["time"] / row["total"] if row["total"] else 0.0} for row in rows[:40]]
