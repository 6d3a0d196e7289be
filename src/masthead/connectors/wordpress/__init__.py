"""Self-hosted WordPress sites, version 5.6 and later, through their REST API."""

from __future__ import annotations

from datetime import date

from masthead.connectors.wordpress.capabilities import CAPABILITIES
from masthead.connectors.wordpress.connect import WordPressConnecting
from masthead.connectors.wordpress.history import WordPressHistory
from masthead.connectors.wordpress.operations import OPERATIONS
from masthead.connectors.wordpress.publish import WordPressPublisher
from masthead.connectors.wordpress.terms import TERMS
from masthead.contract.capabilities import Source
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _

WORDPRESS = Platform(
    key="wordpress",
    name="WordPress",
    capabilities=CAPABILITIES,
    connecting=WordPressConnecting(),
    publisher=WordPressPublisher(),
    operations=OPERATIONS,
    home=Source(
        "https://make.wordpress.org/core/2020/11/05/application-passwords-integration-guide/", date(2026, 11, 24)
    ),
    many_servers=True,
    max_request_seconds=60.0,
    look_up_after_seconds=5.0,
    history=WordPressHistory(),
    terms=TERMS,
    about=_("Posts on your own WordPress site (5.6 or later), with an application password."),
    tested=(Tested.SERVER, Tested.CONTRACT),
    notes=(
        "A post is made as a draft that carries the publication's key; publishing that draft twice changes nothing.",
        "A post whose answer was lost is known by its key, in drafts, review and trash too.",
        "Title, category, tags, excerpt, address, format, featured image and comments are settings of the variant.",
        "A text becomes paragraphs with links, several pictures a gallery; tags and shortcodes are shown as typed.",
        "Removing moves the post to the site's trash; files stay in the media library.",
        "How large a file may be is our own careful figure: the site's web server decides, and tells only when it refuses.",
    ),
)

__all__ = ["WORDPRESS"]
