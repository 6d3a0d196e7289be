"""Telling people what became of a publication: its author and those who may publish."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from masthead.notifications.tell import tell
from masthead.posts.models import Publication
from masthead.posts.review import excerpt
from masthead.posts.states import State
from masthead.workspaces.models import Member, User
from masthead.workspaces.roles import Role


def tell_outcomes(states: Mapping[int, str]) -> None:
    """Tell about publications (id -> failed, expired, unconfirmed or over_budget); safe to run twice."""
    rows = Publication.objects.filter(pk__in=states).select_related(
        "post__workspace", "post__author", "channel", "workspace"
    )
    for row in rows:
        kind = states[row.pk]
        waits = row.state == State.SCHEDULED and row.reason == kind
        if row.state == kind or waits:
            tell(
                row.workspace,
                _people(row),
                kind,
                _title(row, kind),
                f"{row.why} {row.remedy}\n\n{excerpt(row.post)}",
                f"/w/{row.workspace.slug}/publications/{row.pk}/",
                f"{kind}:{row.pk}" if waits else f"{kind}:{row.pk}:{row.attempts}",
            )


def _people(row: Publication) -> list[User]:
    """The author, and owners and admins where the author is gone or left."""
    member = Member.objects.filter(workspace=row.workspace, user=row.post.author_id).exists()
    if member and row.post.author:
        return [row.post.author]
    heads = Member.objects.filter(workspace=row.workspace, role__in=[Role.OWNER, Role.ADMIN]).select_related("user")
    return [one.user for one in heads]


def _title(row: Publication, kind: str) -> str:
    channel = str(row.channel)
    return {
        "failed": _("Not published on %s") % channel,
        "expired": _("Too late to publish on %s") % channel,
        "unconfirmed": _("Is it out on %s? Please look") % channel,
        "over_budget": _("No money left to publish on %s; it waits") % channel,
    }[kind]
