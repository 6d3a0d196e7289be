"""Whether platforms can fetch files from this installation: under its public address, or from S3."""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import default_storage

from masthead.contract.guard import is_outside


def files_are_outside() -> bool:
    """True where a link to a file can be given to a platform."""
    return is_outside(settings.PUBLIC_URL) or storage_is_outside()


def storage_is_outside() -> bool:
    """True where the storage makes signed addresses of its own that the internet can reach."""
    if not getattr(default_storage, "querystring_auth", False):
        return False
    return is_outside(getattr(default_storage, "endpoint_url", None) or "https://s3.amazonaws.com")
