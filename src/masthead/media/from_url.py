"""Step 1, the other way in: a file from a public address, fetched by a guarded client."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils.translation import gettext as _

from masthead.contract.errors import Refused
from masthead.contract.http import Transport
from masthead.media.models import Asset
from masthead.media.upload import store
from masthead.workspaces.models import User, Workspace

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Fetched:
    content: bytes

    def chunks(self) -> Iterable[bytes]:
        yield self.content


def store_from_url(workspace: Workspace, user: User | None, url: str) -> Asset:
    """The asset for what lies at a public address. Raises Refused(field="url") or TryAgain; private networks are refused."""
    url = url.strip()
    if not url:
        raise Refused(_("The address is empty."), field="url", remedy=_("Paste the address of a picture or video."))
    final, _kind, content = async_to_sync(_fetch)(url)
    name = unquote(urlsplit(final).path.rsplit("/", 1)[-1])
    try:
        return store(workspace, user, _Fetched(content), name, source_url=url)
    except Refused as error:
        raise Refused(error.message, field="url", remedy=error.remedy) from None


async def _fetch(url: str) -> tuple[str, str, bytes]:
    async with Transport(allow_private=settings.ALLOW_PRIVATE, limit=4) as transport:
        return await transport.fetch(url, max_bytes=settings.MAX_UPLOAD_BYTES, seconds=SECONDS)
