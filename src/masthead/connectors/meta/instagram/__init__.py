"""Instagram business and creator accounts, signed in through Facebook."""

from __future__ import annotations

from masthead.connectors.meta.app import app_rule
from masthead.connectors.meta.containers import PATIENT, Patience
from masthead.connectors.meta.graph import VERSION
from masthead.connectors.meta.instagram.archive import InstagramArchive
from masthead.connectors.meta.instagram.capabilities import CAPABILITIES, PUBLISHING
from masthead.connectors.meta.instagram.connect import connecting
from masthead.connectors.meta.instagram.history import InstagramHistory
from masthead.connectors.meta.instagram.operations import OPERATIONS
from masthead.connectors.meta.instagram.prepare import Preparing
from masthead.connectors.meta.instagram.publish import InstagramPublisher
from masthead.connectors.meta.instagram.terms import TERMS
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _

APP = app_rule(
    {
        "pages_show_list": _("to show the Pages your Instagram accounts are linked to"),
        "pages_read_engagement": _("to act through such a Page"),
        "instagram_basic": _("to read the account's own posts, so that none is published twice"),
        "instagram_content_publish": _("to publish"),
        "instagram_manage_comments": _("to write the first comment"),
        "instagram_manage_insights": _("to read the numbers of the account's posts"),
        "instagram_manage_contents": _("to delete posts"),
    },
    environment=("FACEBOOK_APP_ID", "FACEBOOK_APP_SECRET"),
    steps=(
        _("Create an app at developers.facebook.com, My Apps, with the use case to manage content on Instagram."),
        _("Choose its set-up with Facebook login. The app you use for Facebook will do."),
        _("In the use case, add the permissions listed here."),
        _("Under Facebook Login, Settings, enter {callback} as a valid OAuth redirect URI."),
        _("Copy the App ID and the App Secret from App settings, Basic. Not the Instagram app ID."),
        _("In Instagram's app, make the account a professional one and link it to a Facebook Page."),
    ),
    id_label=_("App ID"),
    secret_label=_("App secret"),
)


def instagram_platform(
    api: str = "https://graph.facebook.com", site: str = "https://www.facebook.com", patience: Patience = PATIENT
) -> Platform:
    """The platform, for Meta's servers or a test's."""
    return Platform(
        key="instagram",
        api_version=VERSION,
        name="Instagram",
        capabilities=CAPABILITIES,
        connecting=connecting(api, site),
        publisher=InstagramPublisher(Preparing(patience)),
        operations=OPERATIONS,
        terms=TERMS,
        home=PUBLISHING,
        max_request_seconds=60.0,
        look_up_after_seconds=20.0,
        about=_("Business and creator accounts that are linked to a Facebook Page."),
        notes=(
            "One sign-in with Facebook shows all accounts behind a person's Pages to choose from. It needs a developer app of Meta.",
            "Instagram fetches files itself: Masthead needs a public address, or media on S3. Pictures are made JPEG.",
            "Posts, reels, carousels of 2 to 10 files, and stories; descriptions of pictures, collaborators, a place, a first comment.",
            "Instagram honours no key, so an unclear outcome is looked up in the account's own media.",
            "The quota of posts is asked of Instagram before each one.",
        ),
        app=APP,
        history=InstagramHistory(),
        archive=InstagramArchive(),
        tested=(Tested.DESCRIPTION, Tested.CONTRACT),
    )


INSTAGRAM = instagram_platform()

__all__ = ["INSTAGRAM", "instagram_platform"]
