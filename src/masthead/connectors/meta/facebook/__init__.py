"""Facebook Pages."""

from __future__ import annotations

from masthead.connectors.meta.app import app_rule
from masthead.connectors.meta.facebook.archive import FacebookArchive
from masthead.connectors.meta.facebook.capabilities import CAPABILITIES, POSTS
from masthead.connectors.meta.facebook.connect import connecting
from masthead.connectors.meta.facebook.history import FacebookHistory
from masthead.connectors.meta.facebook.operations import OPERATIONS
from masthead.connectors.meta.facebook.publish import FacebookPublisher
from masthead.connectors.meta.facebook.terms import TERMS
from masthead.connectors.meta.facebook.video import Videos
from masthead.connectors.meta.graph import VERSION
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _

APP = app_rule(
    {
        "pages_show_list": _("to show your Pages to choose from"),
        "pages_read_engagement": _("to read the Page's own posts, so that none is published twice"),
        "pages_manage_posts": _("to publish, edit and delete posts"),
        "pages_manage_engagement": _("to write the first comment"),
        "read_insights": _("to read the numbers of the Page's posts"),
    },
    environment=("FACEBOOK_APP_ID", "FACEBOOK_APP_SECRET"),
    steps=(
        _("Create an app at developers.facebook.com, My Apps, with the use case to manage everything on your Page."),
        _("In the use case, add the permissions listed here."),
        _("Under Facebook Login, Settings, enter {callback} as a valid OAuth redirect URI."),
        _("Copy the App ID and the App Secret from App settings, Basic."),
        _("Switch the app to live mode, or others do not see what it posts."),
    ),
    id_label=_("App ID"),
    secret_label=_("App secret"),
)


def facebook_platform(
    api: str = "https://graph.facebook.com",
    video: str = "https://graph-video.facebook.com",
    site: str = "https://www.facebook.com",
) -> Platform:
    """The platform, for Facebook's servers or a test's."""
    return Platform(
        key="facebook",
        api_version=VERSION,
        name="Facebook",
        capabilities=CAPABILITIES,
        connecting=connecting(api, site),
        publisher=FacebookPublisher(Videos(video)),
        operations=OPERATIONS,
        terms=TERMS,
        home=POSTS,
        max_request_seconds=60.0,
        look_up_after_seconds=20.0,
        about=_("Pages. Profiles of persons and groups cannot be posted to by any program."),
        notes=(
            "Pages only. One sign-in shows all of a person's Pages to choose from. It needs a developer app of Meta.",
            "Facebook honours no key, so an unclear outcome is looked up in the Page's own posts.",
            "Photos with descriptions, one video, a link's preview, a first comment. Posts can be edited and deleted.",
        ),
        app=APP,
        history=FacebookHistory(),
        archive=FacebookArchive(),
        tested=(Tested.DESCRIPTION, Tested.CONTRACT),
    )


FACEBOOK = facebook_platform()

__all__ = ["FACEBOOK", "facebook_platform"]
