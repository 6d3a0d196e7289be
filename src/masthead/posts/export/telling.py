"""Telling who asked, or those who connect channels, that an export is ready."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from masthead.channels.lapse import who_can_help
from masthead.notifications.kinds import Kind
from masthead.notifications.tell import tell
from masthead.posts.models import Export


def tell_ready(export_id: int) -> int:
    """Once per export; returns how many were told now."""
    row = Export.objects.select_related("workspace", "asked_by").get(pk=export_id)
    with translation.override(row.workspace.language):
        return tell(
            row.workspace,
            [row.asked_by] if row.asked_by else who_can_help(row.workspace),
            str(Kind.SUNSET),
            _("The export is ready"),
            _("All drafts, posts, schedules, past posts and files, with a checksum. It is kept for half a year."),
            f"/w/{row.workspace.slug}/exports/{row.key}/",
            f"export:{row.pk}",
        )
