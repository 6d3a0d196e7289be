"""Where the bytes lie: disk or S3, by content hash and per workspace, so that nothing is shared between workspaces."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from asgiref.sync import sync_to_async
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from masthead.contract.errors import Refused, TryAgain

CHUNK = 1 << 20
