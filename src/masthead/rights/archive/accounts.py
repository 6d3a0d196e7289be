"""Whose posts the archive holds: channels, and accounts whose archives were brought in."""

from __future__ import annotations

from django.db import connection

from masthead.channels.queries import channels
from masthead.rights.archive.words import platform_name
from masthead.workspaces.models import Workspace

MOST = 200
MET = """
with recursive met as (
  (select platform, account from rights_record where workspace_id = %s order by platform, account limit 1)
  union all
  select more.platform, more.account from met, lateral (
    select platform, account from rights_record
    where workspace_id = %s and (platform, account) > (met.platform, met.account) order by platform, account limit 1
  ) more
) select platform, account from met limit %s
"""


def brought_in_accounts(workspace: Workspace) -> list[tuple[str, str]]:
    """Platform and handle of every account with a record, by leaps over the index: it never reads all records."""
    with connection.cursor() as cursor:
        cursor.execute(MET, [workspace.pk, workspace.pk, MOST])
        return [(platform, account) for platform, account in cursor.fetchall()]


def choices(workspace: Workspace) -> list[tuple[str, str]]:
    """What the filter offers: "platform/handle" and its words; channels and archives of the same account are one."""
    met: dict[tuple[str, str], tuple[str, str]] = {}
    for one in channels(workspace):
        met[one.platform, one.handle.removeprefix("@")] = (f"{one.platform}/{one.handle}", str(one))
    for platform, account in brought_in_accounts(workspace):
        _value, word = met.get((platform, account.removeprefix("@")), ("", account))
        met[platform, account.removeprefix("@")] = (f"{platform}/{account}", word)
    return [(value, f"{word} · {platform_name(platform)}") for (platform, _handle), (value, word) in met.items()]
