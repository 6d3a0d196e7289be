"""What clients are told: a text to begin with, and telling the members of the workspace."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from masthead.channels.models import Channel, Sunset
from masthead.channels.sunset import sunset_name
from masthead.notifications.kinds import Kind
from masthead.notifications.tell import tell
from masthead.workspaces.models import User, Workspace


def template(sunset: Sunset, workspace: Workspace, channels: Sequence[Channel], others: Sequence[Channel]) -> str:
    """A text to begin with, in the language of whoever reads the page."""
    day = date_format(timezone.localtime(sunset.ends_at), "DATE_FORMAT")
    lines = [
        _("Hello,"),
        _("%(name)s ends for us on %(day)s. From then on %(workspace)s publishes nothing there any more: %(channels)s.")
        % {"name": sunset_name(sunset), "day": day, "workspace": workspace.name, "channels": _names(channels)},
        _("What was planned for later appears on our other channels: %s.") % _names(others)
        if others
        else _("What was planned for later will appear elsewhere; we will tell you where."),
        _("Nothing is lost: all drafts, past posts and their numbers are kept and can be searched."),
    ]
    if sunset.source:
        lines.append(_("The announcement: %s") % sunset.source)
    return "\n\n".join([*lines, _("Kind regards") + f"\n{workspace.name}"])


def _names(channels: Sequence[Channel]) -> str:
    return ", ".join(str(one) for one in channels)


def keep(sunset: Sunset, text: str) -> None:
    """Save the edited text."""
    sunset.message = text.replace("\r\n", "\n").strip()[:20_000]
    sunset.save(update_fields=["message"])


def send(sunset: Sunset, workspace: Workspace, *, now: datetime) -> int:
    """Tell all members in the app and by e-mail, as each of them chose; the same text once. Returns how many were told now."""
    members = User.objects.filter(memberships__workspace=workspace, is_active=True)
    digest = hashlib.sha256(sunset.message.encode()).hexdigest()[:16]
    title = _("%(name)s ends on %(date)s") % {"name": sunset_name(sunset), "date": sunset.ends_at.date().isoformat()}
    link = f"/w/{workspace.slug}/sunset/{sunset.pk}/"
    sunset.told_at = now
    sunset.save(update_fields=["told_at"])
    return tell(
        workspace, members, str(Kind.SUNSET), title, sunset.message, link, f"sunset_message:{sunset.pk}:{digest}"
    )
