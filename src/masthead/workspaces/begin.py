"""Step 1: the first visit makes the first owner and the first workspace; there is exactly one first. After: create.py."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import connection, transaction

from masthead.workspaces.create import create_workspace
from masthead.workspaces.models import User, Workspace

_LOCK = 7_016_002


class AlreadyBegun(Exception):
    """Somebody has made the first account before."""


def begun() -> bool:
    """True once there is any user."""
    return User.objects.exists()


def begin(
    email: str, password: str, *, name: str, workspace: str, time_zone: str = "UTC", language: str = "en"
) -> Workspace:
    """Make the first owner and workspace. Of two calls at once one succeeds, the other raises AlreadyBegun.

    The owner's address counts as confirmed: whoever does this runs the installation, perhaps without a mail server yet.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if begun():
            raise AlreadyBegun
        user = User.objects.create_user(email, password, name=name, time_zone=time_zone, language=language)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return create_workspace(user, workspace, time_zone=time_zone, language=language)
