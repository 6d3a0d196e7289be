"""The developer app that YouTube wants: how to get one, what it costs, what the terms say."""

from __future__ import annotations

from masthead.connectors.google.youtube.capabilities import COSTS, READ_ON
from masthead.connectors.google.youtube.operations import SCOPES
from masthead.contract.app import AppRule, Field, Scope
from masthead.contract.capabilities import Source
from masthead.kit.words import N_ as _

AUDIT = Source("https://developers.google.com/youtube/v3/docs/videos/insert", READ_ON)

APP = AppRule(
    fields=(Field("client_id", _("Client ID")), Field("client_secret", _("Client secret"), kind="password")),
    environment=(("client_id", "YOUTUBE_CLIENT_ID"), ("client_secret", "YOUTUBE_CLIENT_SECRET")),
    console=Source("https://console.cloud.google.com/apis/credentials", READ_ON),
    steps=(
        _("Create a project in the Google Cloud console and enable the YouTube Data API v3 in it."),
        _(
            "Set up the consent screen with the scope listed here, and publish it: in testing, sign-ins end after seven days."
        ),
        _("Create an OAuth client ID of the type Web application, with {callback} as an authorised redirect URI."),
        _("Copy the Client ID and the Client secret."),
        _("Ask YouTube to audit the project, or every video it uploads stays private."),
    ),
    scopes=(Scope(SCOPES[0], _("to upload, edit and delete your videos, and to read them with their numbers")),),
    cost=_("Free: 100 uploads and 10,000 units a day for the whole app. YouTube raises that after an audit."),
    cost_source=COSTS,
    warning=_("YouTube keeps videos private that a project without its audit uploads, whatever you choose here."),
    warning_source=AUDIT,
)
