"""Who this installation is to authorization servers: its public address, its name, and a key made on first use."""

from __future__ import annotations

from django.conf import settings

from masthead.channels.models import SigningKey
from masthead.contract.oauth import new_key
from masthead.contract.platform import OAuthClient

NAME = "Masthead"


def oauth_client() -> OAuthClient:
    """The client. The key lies encrypted in the database, so that all machines of an installation share it."""
    row = SigningKey.objects.filter(pk=1).first()
    if row is None:
        row, _made = SigningKey.objects.get_or_create(pk=1, defaults={"secrets": new_key()})
    return OAuthClient(settings.PUBLIC_URL, NAME, row.secrets)
