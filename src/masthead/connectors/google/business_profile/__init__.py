"""Google Business Profile: posts through the Google My Business API v4."""

from __future__ import annotations

from masthead.connectors.google.business_profile.app import APP
from masthead.connectors.google.business_profile.capabilities import CAPABILITIES, RESOURCE
from masthead.connectors.google.business_profile.connect import connecting
from masthead.connectors.google.business_profile.history import BusinessProfileHistory
from masthead.connectors.google.business_profile.operations import OPERATIONS
from masthead.connectors.google.business_profile.publish import BusinessProfilePublisher
from masthead.connectors.google.business_profile.terms import TERMS
from masthead.connectors.google.sign_in import ACCOUNTS, TOKENS
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _


def business_profile_platform(
    api: str = "https://mybusiness.googleapis.com",
    holders: str = "https://mybusinessaccountmanagement.googleapis.com",
    places: str = "https://mybusinessbusinessinformation.googleapis.com",
    accounts: str = ACCOUNTS,
    tokens: str = TOKENS,
) -> Platform:
    """The platform, for Google's servers or a test's."""
    return Platform(
        key="business_profile",
        name="Google Business Profile",
        capabilities=CAPABILITIES,
        connecting=connecting(api, holders, places, accounts, tokens),
        publisher=BusinessProfilePublisher(),
        operations=OPERATIONS,
        home=RESOURCE,
        terms=TERMS,
        max_request_seconds=60.0,
        look_up_after_seconds=60.0,
        about=_(
            "Updates, events and offers on Google Search and Maps. Google grants access to its API on application only."
        ),
        notes=(
            "Google lets nobody in without an application: its API's quota is 0 until Google grants Basic API Access.",
            "One sign-in shows the verified locations of all accounts you manage; each one you choose becomes a channel.",
            "Updates and events may have a button; events and offers need a title, a start and an end in the location's time.",
            "Google fetches the photo itself, so this installation must be reachable from the internet, or keep media on S3.",
            "A post is published once Google says that it is live; one that Google rejects is told.",
            "An unclear outcome is looked up in the location's own posts, by text, kind and title.",
            "The text can be edited; all else of a post stays as it is. Posts can be deleted.",
            "Past posts without numbers: Google ended the numbers of single posts in February 2023.",
        ),
        app=APP,
        history=BusinessProfileHistory(),
        tested=(Tested.DESCRIPTION, Tested.CONTRACT),
    )


BUSINESS_PROFILE = business_profile_platform()

__all__ = ["BUSINESS_PROFILE", "business_profile_platform"]
