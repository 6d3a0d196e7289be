"""Step 1b: one sign-in revealed several profiles (pages, locations); the person says which become channels."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from masthead.channels.connect import LIVES, hashed, keep
from masthead.channels.models import Channel, PendingChoice
from masthead.contract.errors import Refused
from masthead.contract.platform import Platform
from masthead.contract.values import Profile
from masthead.workspaces.models import User, Workspace


def open_choice(
    workspace: Workspace, user: User, session: str, choice_id: object, *, now: datetime
) -> PendingChoice | None:
    """The choice that this person in this session and workspace has to make; None for anybody else and when it is too late."""
    found = PendingChoice.objects.filter(
        pk=choice_id, workspace=workspace, user=user, created_at__gte=now - LIVES
    ).first()
    return found if found and hmac.compare_digest(found.session_hash, hashed(session)) else None


def profiles_of(choice: PendingChoice) -> list[Profile]:
    """The profiles in the order the platform gave them."""
    return [Profile(**{**one, "expires_at": _time(one["expires_at"])}) for one in choice.profiles]


def connect_chosen(choice: PendingChoice, user: User, platform: Platform, numbers: Sequence[str]) -> list[Channel]:
    """A channel for every chosen profile, and the choice is used up. Raises Refused, using up nothing."""
    profiles = profiles_of(choice)
    wanted = [profiles[number] for number in _numbers(numbers, len(profiles))]
    with transaction.atomic():
        if not PendingChoice.objects.filter(pk=choice.pk).delete()[0]:
            raise Refused(_("This choice was made already."), remedy=_("Connect again."))
        return [keep(choice.workspace, user, platform, one, expected=None) for one in wanted]


def _numbers(typed: Sequence[str], most: int) -> list[int]:
    if not typed:
        raise Refused(_("Nothing is chosen."), field="profile", remedy=_("Tick at least one profile."))
    known = {str(number): number for number in range(most)}
    if any(one not in known for one in typed):
        raise Refused(_("This profile is not among those found."), field="profile", remedy=_("Choose from the list."))
    return sorted({known[one] for one in typed})


def _time(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
