"""Pinterest, API v5."""

from __future__ import annotations

from masthead.connectors.pinterest.app import APP
from masthead.connectors.pinterest.capabilities import CAPABILITIES, CREATING
from masthead.connectors.pinterest.connect import connecting
from masthead.connectors.pinterest.history import PinterestHistory
from masthead.connectors.pinterest.operations import OPERATIONS
from masthead.connectors.pinterest.publish import PinterestPublisher
from masthead.connectors.pinterest.terms import TERMS
from masthead.connectors.pinterest.upload import Uploading
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _


def pinterest_platform(
    api: str = "https://api.pinterest.com", site: str = "https://www.pinterest.com", uploading: Uploading | None = None
) -> Platform:
    """Pinterest at these servers."""
    return Platform(
        key="pinterest",
        name="Pinterest",
        capabilities=CAPABILITIES,
        connecting=connecting(api, site),
        publisher=PinterestPublisher(site, uploading or Uploading()),
        operations=OPERATIONS,
        terms=TERMS,
        home=CREATING,
        max_request_seconds=120.0,
        look_up_after_seconds=20.0,
        about=_("Needs a developer app with Standard access."),
        notes=(
            "Needs a developer app with Standard access: an app with Trial access is refused when it makes a Pin.",
            "The board is chosen for each Pin; new boards appear within a day, or when the channel is checked.",
            "A picture, 2 to 5 pictures in a carousel, or a video; title, link and alt text besides the text.",
            "Pinterest honours no key, so an unclear outcome is looked up on the board.",
            "Changing a Pin is a beta feature that Pinterest offers to some developer apps only.",
            "Past Pins are not imported: Pinterest's guidelines say that what its API tells may not be stored.",
        ),
        app=APP,
        history=PinterestHistory(site),
        tested=(Tested.DESCRIPTION,),
    )


PINTEREST = pinterest_platform()

__all__ = ["PINTEREST", "pinterest_platform"]
