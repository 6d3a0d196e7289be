"""What is held about a person, for whoever runs the installation and is asked for it."""

from __future__ import annotations

import json

from django.core.serializers.json import DjangoJSONEncoder

from masthead.web import person
from masthead.workspaces.models import User


class Unknown(Exception):
    """Cannot be done; the message says why and what to do."""


def export(email: str) -> str:
    """Everything held, as JSON. Raises Unknown where nobody signs in with the address."""
    everything = {"held": person.held(), **person.export(_user(email))}
    return json.dumps(everything, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)


def erase(email: str) -> str:
    """Erase the person. Raises Unknown for nobody, and for the last owner of a workspace."""
    try:
        person.erase(_user(email))
    except person.LastOwner as last:
        raise Unknown(
            f"{email} is the last owner of {last}: it needs another owner, or must be deleted, first."
        ) from None
    return f"{email} is erased. Backups made before today still hold what they held."


def _user(email: str) -> User:
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        raise Unknown(f"Nobody signs in here with {email}.")
    return found
