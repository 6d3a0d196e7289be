"""Telling who asked that an audit has ended."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from masthead.notifications.kinds import Kind
from masthead.notifications.tell import tell
from masthead.rights.audits.words import summary
from masthead.rights.models import Audit


def tell_audited(audit_id: int) -> int:
    """Once for each end of an audit; returns how many were told now."""
    row = Audit.objects.select_related("workspace", "asked_by").filter(pk=audit_id).first()
    if row is None or row.asked_by is None or row.state not in (Audit.State.FINISHED, Audit.State.FAILED):
        return 0
    with translation.override(row.workspace.language):
        finished = row.state == Audit.State.FINISHED
        title = _("The audit “%s” is ready") if finished else _("The audit “%s” failed")
        return tell(
            row.workspace,
            [row.asked_by],
            str(Kind.AUDIT),
            title % row.name,
            summary(row) if finished else row.why,
            f"/w/{row.workspace.slug}/audits/{row.pk}/",
            f"audit:{row.pk}:{row.finished_at}",
        )
