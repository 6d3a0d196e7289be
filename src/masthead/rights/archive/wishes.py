"""A wish in words: what a copy of the archive holds."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from masthead.channels.models import Channel
from masthead.rights.archive.wanted import Wanted
from masthead.rights.archive.words import KIND_WORDS, SHELF_WORDS, platform_name
from masthead.workspaces.models import Workspace


def in_words(wanted: Wanted, workspace: Workspace) -> str:
    """What limits it, one after the other; "Everything" where nothing does."""
    channel = Channel.objects.filter(workspace=workspace, pk=wanted.channel).first() if wanted.channel else None
    account = " · ".join(filter(None, (wanted.account, platform_name(wanted.platform) if wanted.platform else "")))
    parts = [
        f"“{wanted.words}”" if wanted.words else "",
        str(channel) if channel else "",
        account,
        str(KIND_WORDS.get(wanted.kind, wanted.kind)),
        str(SHELF_WORDS.get(wanted.shelf, wanted.shelf)),
        _("from %s") % date_format(timezone.localtime(wanted.start), "DATE_FORMAT") if wanted.start else "",
        _("to %s") % date_format(timezone.localtime(wanted.end - timedelta(days=1)), "DATE_FORMAT")
        if wanted.end
        else "",
        _("with files") if wanted.media else "",
        {True: _("gone from the platform"), False: _("not known to be gone"), None: ""}[wanted.gone],
    ]
    return ", ".join(filter(None, parts)) or _("Everything")
