"""The workspace's key: made when it is first needed, changed on wish; old ones stay, so that old signatures can be checked."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from masthead.rights.datasets.dsse import key_id, public_pem
from masthead.rights.models import SigningKey
from masthead.workspaces.models import Workspace


@transaction.atomic
def key_of(workspace: Workspace, now: datetime) -> SigningKey:
    """The key in use; a new one where there is none yet."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    found = SigningKey.objects.filter(workspace=workspace, retired_at=None).first()
    return found or _made(workspace, now)


@transaction.atomic
def change_key(workspace: Workspace, now: datetime) -> SigningKey:
    """A new key from now on. What was signed before stays valid under the old one."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    SigningKey.objects.filter(workspace=workspace, retired_at=None).update(retired_at=now)
    return _made(workspace, now)


def private_half(row: SigningKey) -> Ed25519PrivateKey:
    """What signs."""
    key = serialization.load_pem_private_key(row.private.encode(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def _made(workspace: Workspace, now: datetime) -> SigningKey:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    public = key.public_key()
    return SigningKey.objects.create(
        workspace=workspace, private=pem, public=public_pem(public), key_id=key_id(public), created_at=now
    )
