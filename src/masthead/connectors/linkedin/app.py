"""The developer app that LinkedIn wants: what to ask, how to get one, what the terms say."""

from __future__ import annotations

from masthead.connectors.linkedin.plans import READ_ON, TIERS
from masthead.contract.app import AppRule, Field, Scope
from masthead.contract.capabilities import Source
from masthead.kit.words import N_ as _

CONSOLE = Source("https://www.linkedin.com/developers/apps", READ_ON)
API_TERMS = Source("https://legal.linkedin.com/api-terms-of-use", READ_ON)

APP = AppRule(
    fields=(Field("client_id", _("Client ID")), Field("client_secret", _("Primary Client Secret"), kind="password")),
    environment=(("client_id", "LINKEDIN_CLIENT_ID"), ("client_secret", "LINKEDIN_CLIENT_SECRET")),
    console=CONSOLE,
    steps=(
        _(
            "Create an app at linkedin.com/developers. It must belong to a LinkedIn Page; an administrator of the Page verifies it."
        ),
        _("For profiles only: under Products add Share on LinkedIn and Sign In with LinkedIn using OpenID Connect."),
        _(
            "For Pages: in an app of its own, request the Community Management API. It goes to registered organisations only."
        ),
        _("Under Auth enter {callback} as an authorized redirect URL."),
        _("Copy the Client ID and the Primary Client Secret, and name the product as the app's plan here."),
    ),
    scopes=(
        Scope("openid", _("to know whose profile it is (Share on LinkedIn)")),
        Scope("profile", _("to show the profile's name and picture (Share on LinkedIn)")),
        Scope("w_member_social", _("to publish, edit and delete posts of your profile")),
        Scope("r_basicprofile", _("to know whose profile it is (Community Management)")),
        Scope("rw_organization_admin", _("to show your Pages to choose from, and the numbers of their posts")),
        Scope("w_organization_social", _("to publish, edit and delete posts of your Pages")),
        Scope("r_organization_social", _("to read the Page's own posts, so that none is published twice")),
        Scope("r_member_social", _("the same for your profile; LinkedIn grants it to few")),
    ),
    cost=_(
        "Free. Profiles need no review. Pages need LinkedIn's review of your organisation and of a film that shows the use."
    ),
    cost_source=TIERS,
    warning=_(
        "LinkedIn's terms forbid a tool to make its users get developer credentials of their own, and self-serve apps to post "
        "by themselves. Ask LinkedIn if you are unsure, and keep the app for your own organisation."
    ),
    warning_source=API_TERMS,
)
