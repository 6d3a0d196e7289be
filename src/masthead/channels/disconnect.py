"""Step 4, the end: give the credentials back and wipe them. What was published keeps its channel."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.http import HttpRequest

from masthead.channels.calling import ask, platform_of
from masthead.channels.models import Channel, Credential, PendingSignIn
from masthead.channels.queries import account
from masthead.contract.errors import ConnectorError
from masthead.kit.secrets import NoKey
from masthead.workspaces.audit import record
from masthead.workspaces.models import User

log = structlog.get_logger()


def disconnect(channel: Channel, who: HttpRequest | User) -> bool:
    """Revoke at the platform as far as it can be reached, then wipe the secrets; True where the platform confirmed."""
    revoked = _revoke(channel)
    with transaction.atomic():
        Credential.objects.filter(channel=channel).delete()
        PendingSignIn.objects.filter(channel=channel).delete()
        channel.condition, channel.condition_why = Channel.Condition.DISCONNECTED, ""
        channel.save(update_fields=["condition", "condition_why"])
        record(who, channel.workspace, "channel.disconnected", channel.handle, channel=channel.pk, revoked=revoked)
    return revoked


def _revoke(channel: Channel) -> bool:
    try:
        platform, there = platform_of(channel), account(channel)
        ask(
            platform,
            channel.workspace_id,
            lambda http: platform.connecting.revoke(http, there),
            channel_id=channel.pk,
            limits=channel.limits,
        )
    except (ConnectorError, NoKey) as error:
        log.info("not revoked at the platform", channel=channel.pk, kind=type(error).__name__)
        return False
    return True
