"""What waited for money is tried again at once when a workspace's caps change."""

from __future__ import annotations

from masthead.contract.errors import OverBudget
from masthead.kit.clock import now
from masthead.metering.caps.limit import then
from masthead.posts.models import HistoryImport, Lane, Publication
from masthead.posts.states import State

NO_CAP = "A cap "
"""So begins the reason of what a cap held up (see metering/caps/purse.py)."""


@then
def try_again(workspace_id: int) -> None:
    """End the pauses of channels that a cap silenced; nothing else that silences a channel is touched."""
    at = now()
    waiting = Publication.objects.filter(workspace=workspace_id, state=State.SCHEDULED, reason=OverBudget.code)
    Lane.objects.filter(channel__in=waiting.values("channel"), why__startswith=NO_CAP, paused_until__gt=at).update(
        paused_until=at
    )
    HistoryImport.objects.filter(
        channel__workspace=workspace_id, why__startswith=NO_CAP, held_until__lte=at, next_at__gt=at
    ).update(next_at=at)
