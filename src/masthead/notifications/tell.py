"""Telling: one row for each person and event, and an e-mail when they want one. Before: something happened. After: mail.py."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

from masthead.kit.jobs import enqueue
from masthead.notifications.models import Choice, Notification
from masthead.workspaces.models import User, Workspace

MAIL_JOB = "notifications.mail"


def tell(
    workspace: Workspace, users: Iterable[User], kind: str, title: str, body: str = "", link: str = "", key: str = ""
) -> int:
    """Tell active members among `users`; returns how many were told now.

    The same `key` is told once per person, however often this runs. `link` is a path on this installation. What
    people chose not to get is left out. Joins the caller's transaction: no commit, no e-mail.
    """
    ids = {user.pk for user in users}
    members = User.objects.filter(pk__in=ids, is_active=True, memberships__workspace=workspace)
    choices = {one.user_id: one for one in Choice.objects.filter(workspace=workspace, user__in=members, kind=kind)}
    told = 0
    with transaction.atomic():
        for user in members:
            choice = choices.get(user.pk) or Choice()
            told += _tell(
                Notification(
                    workspace=workspace,
                    user=user,
                    kind=kind,
                    title=title[:200],
                    body=body,
                    link=link[:300],
                    key=key[:120],
                    shown=choice.in_app,
                ),
                choice,
            )
    return told


def _tell(draft: Notification, choice: Choice) -> bool:
    if not (choice.in_app or choice.by_mail):
        return False
    row, new = _saved(draft)
    if new and choice.by_mail:
        connection.ensure_connection()
        enqueue(connection.connection, MAIL_JOB, {"notification": row.pk}, key=f"{MAIL_JOB}:{row.pk}")
    return new


def _saved(draft: Notification) -> tuple[Notification, bool]:
    if not draft.key:
        draft.save()
        return draft, True
    given = {name: getattr(draft, name) for name in ("workspace", "kind", "title", "body", "link", "shown")}
    return Notification.objects.get_or_create(user=draft.user, key=draft.key, defaults=given)
