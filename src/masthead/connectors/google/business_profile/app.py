"""The developer app that Google wants, and the access to these APIs that it grants on application only."""

from __future__ import annotations

from masthead.connectors.google.business_profile.capabilities import READ_ON
from masthead.connectors.google.business_profile.operations import SCOPES
from masthead.contract.app import AppRule, Field, Scope
from masthead.contract.capabilities import Source
from masthead.kit.words import N_ as _

ACCESS = Source("https://developers.google.com/my-business/content/prereqs", READ_ON)
PRICE = Source("https://developers.google.com/my-business/content/pricing", READ_ON)

APP = AppRule(
    fields=(Field("client_id", _("Client ID")), Field("client_secret", _("Client secret"), kind="password")),
    environment=(("client_id", "GOOGLE_GMB_CLIENT_ID"), ("client_secret", "GOOGLE_GMB_CLIENT_SECRET")),
    console=Source("https://console.cloud.google.com/apis/credentials", READ_ON),
    steps=(
        _("Create a project in the Google Cloud console and note its project number."),
        _(
            "Apply to Google for Basic API Access for it, with the form at support.google.com/business/contact/api_default."
        ),
        _("Apply with an address that has owned or managed a verified profile with a website for at least 60 days."),
        _(
            "Wait: Google decides, which takes days to weeks. Until then its APIs refuse every call, and nobody can sign in here."
        ),
        _(
            "Once approved, enable the Google My Business, My Business Account Management and Business Information APIs."
        ),
        _(
            "Set up the consent screen with the scope listed here, and publish it: in testing, sign-ins end after seven days."
        ),
        _("Create an OAuth client ID of the type Web application, with {callback} as an authorised redirect URI."),
        _("Copy the Client ID and the Client secret."),
    ),
    scopes=(Scope(SCOPES[0], _("to find your locations, and to write, change, delete and read their posts")),),
    cost=_("Free, 300 calls a minute for the whole app once Google has granted access; before that its quota is 0."),
    cost_source=PRICE,
    warning=_(
        "Google grants access on application only. It may close a project that does not keep to its policies, and you may "
        "only manage profiles that are yours or that their owners entrusted to you."
    ),
    warning_source=ACCESS,
)
