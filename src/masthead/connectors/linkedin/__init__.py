"""LinkedIn: members and Pages, by the versioned REST API."""

from __future__ import annotations

from masthead.connectors.linkedin.app import APP
from masthead.connectors.linkedin.archive import LinkedInArchive
from masthead.connectors.linkedin.capabilities import CAPABILITIES
from masthead.connectors.linkedin.connect import LinkedInConnecting
from masthead.connectors.linkedin.history import LinkedInHistory
from masthead.connectors.linkedin.operations import OPERATIONS
from masthead.connectors.linkedin.plans import POSTS_API
from masthead.connectors.linkedin.publish import LinkedInPublisher
from masthead.connectors.linkedin.rest import VERSION
from masthead.connectors.linkedin.terms import TERMS
from masthead.connectors.linkedin.upload import Uploading
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _


def linkedin_platform(
    api: str = "https://api.linkedin.com",
    site: str = "https://www.linkedin.com",
    uploading: Uploading | None = None,
) -> Platform:
    """The platform, for LinkedIn's servers or a test's."""
    return Platform(
        key="linkedin",
        api_version=VERSION,
        name="LinkedIn",
        capabilities=CAPABILITIES,
        connecting=LinkedInConnecting(api, site),
        publisher=LinkedInPublisher(site, uploading or Uploading()),
        operations=OPERATIONS,
        terms=TERMS,
        home=POSTS_API,
        max_request_seconds=60.0,
        look_up_after_seconds=20.0,
        about=_("Profiles and Pages. Needs a developer app; Pages need one that LinkedIn reviewed."),
        notes=(
            "Profiles and Pages behind one sign-in. Pages need an app with the Community Management API.",
            "A Page's unclear outcomes are looked up in its own posts.",
            "A profile's unclear outcomes need a person's word: LinkedIn shows apps no posts of members.",
            "Pictures with descriptions, a video, a PDF to leaf through, a poll, a link's card, a first comment.",
            "The text can be edited; posts can be deleted. Past posts and numbers: Pages only, twelve months.",
            "Without a refresh token, which LinkedIn gives to partners, sign in again every 60 days.",
        ),
        app=APP,
        history=LinkedInHistory(site),
        archive=LinkedInArchive(),
        tested=(Tested.CONTRACT,),
    )


LINKEDIN = linkedin_platform()

__all__ = ["LINKEDIN", "linkedin_platform"]
