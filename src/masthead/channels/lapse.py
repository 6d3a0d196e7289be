"""Step 3, where the platform no longer takes our credentials: say so on the channel, in the trail and to who can help."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from masthead.channels.models import Channel, Credential
from masthead.contract.errors import ConnectorError
from masthead.notifications.kinds import Kind
from masthead.notifications.tell import tell
from masthead.workspaces.audit import record
from masthead.workspaces.models import Member, User, Workspace
from masthead.workspaces.roles import May, Role, allows


@transaction.atomic
def lapse(channel_id: int, seen_version: int, error: ConnectorError) -> bool:
    """Mark a channel as needing a reconnect; False where its credentials changed since or it is marked already."""
    held = Credential.objects.select_for_update().filter(channel_id=channel_id, version=seen_version).exists()
    channel = (
        Channel.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .filter(pk=channel_id, condition=Channel.Condition.CONNECTED)
        .first()
    )
    if not held or channel is None:
        return False
    Credential.objects.filter(channel_id=channel_id).update(hands_off_until=None)
    channel.condition = Channel.Condition.NEEDS_RECONNECT
    channel.condition_why = f"{error.message} {error.remedy}".strip()[:500]
    channel.save(update_fields=["condition", "condition_why"])
    record(
        None, channel.workspace, "channel.needs_reconnect", channel.handle, channel=channel.pk, why=error.message[:300]
    )
    _tell(channel, seen_version)
    return True


def _tell(channel: Channel, version: int) -> None:
    workspace = channel.workspace
    with translation.override(workspace.language):
        tell(
            workspace,
            who_can_help(workspace),
            Kind.NEEDS_RECONNECT,
            _("Connect %s again") % channel,
            _("%(why)s Nothing is published on it until then; what is scheduled waits.")
            % {"why": channel.condition_why},
            f"/w/{workspace.slug}/channels/{channel.pk}/",
            f"needs_reconnect:{channel.pk}:{version}",
        )


def who_can_help(workspace: Workspace) -> list[User]:
    """The members who may connect channels."""
    roles = [role for role in Role if allows(role, May.CONNECT)]
    return [one.user for one in Member.objects.filter(workspace=workspace, role__in=roles).select_related("user")]
