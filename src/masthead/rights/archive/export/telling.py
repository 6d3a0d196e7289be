"""Telling who asked that a copy of the archive is ready."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from masthead.notifications.kinds import Kind
from masthead.notifications.tell import tell
from masthead.rights.models import ArchiveExport


def tell_ready(export_id: int) -> int:
    """Once for each copy; returns how many were told now."""
    row = ArchiveExport.objects.select_related("workspace", "asked_by").filter(pk=export_id).first()
    if row is None or row.asked_by is None:
        return 0
    with translation.override(row.workspace.language):
        return tell(
            row.workspace,
            [row.asked_by],
            str(Kind.SUNSET),
            _("The copy of your archive is ready"),
            _("Open index.html in it to read and to search it without a network. It is kept for a month."),
            f"/w/{row.workspace.slug}/archive/exports/",
            f"archive_export:{row.pk}",
        )
