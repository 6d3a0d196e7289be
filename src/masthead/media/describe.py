"""Step 2b: say what can be seen or heard, for people who cannot."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.contract.errors import Refused
from masthead.kit.text import plain
from masthead.media.models import Asset

LONGEST = 2000


def describe(asset: Asset, alt: str) -> Asset:
    """Set the description that new posts begin with. Raises Refused(field="alt") where it is too long."""
    text = plain(alt).strip()
    if len(text) > LONGEST:
        raise Refused(
            _("The description has %(used)s characters; %(limit)s are allowed.")
            % {"used": len(text), "limit": LONGEST},
            field="alt",
            remedy=_("Shorten it."),
        )
    asset.alt = text
    asset.save(update_fields=["alt"])
    return asset
