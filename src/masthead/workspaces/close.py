"""The last step: an owner deletes a workspace with everything in it. Before: members.py."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext as _

from masthead.kit.jobs import enqueue
from masthead.workspaces.members import Refusal
from masthead.workspaces.models import Workspace

DELETED_JOB = "workspaces.deleted"
"""Who keeps something of a workspace outside the database takes this job and deletes it there: {"workspace": its number}."""


@transaction.atomic
def delete_workspace(workspace: Workspace, typed: str) -> None:
    """Delete for good, when the name was typed exactly; raises Refusal otherwise."""
    if typed.strip() != workspace.name.strip():
        raise Refusal(_("The name does not match. Type it exactly as it is shown to delete the workspace."))
    connection.ensure_connection()
    enqueue(connection.connection, DELETED_JOB, {"workspace": workspace.pk})
    workspace.delete()
