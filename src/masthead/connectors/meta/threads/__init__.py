"""Threads."""

from __future__ import annotations

from masthead.connectors.meta.app import app_rule
from masthead.connectors.meta.containers import PATIENT, Patience
from masthead.connectors.meta.threads.archive import ThreadsArchive
from masthead.connectors.meta.threads.capabilities import CAPABILITIES, OVERVIEW
from masthead.connectors.meta.threads.connect import connecting
from masthead.connectors.meta.threads.history import ThreadsHistory
from masthead.connectors.meta.threads.operations import OPERATIONS
from masthead.connectors.meta.threads.publish import ThreadsPublisher
from masthead.connectors.meta.threads.terms import TERMS
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _

APP = app_rule(
    {
        "threads_basic": _("to read the profile and its own posts, so that none is published twice"),
        "threads_content_publish": _("to publish"),
        "threads_manage_replies": _("to continue a thread with replies to oneself"),
        "threads_read_replies": _("to look up the parts of a thread"),
        "threads_manage_insights": _("to read the numbers of the profile's posts"),
        "threads_delete": _("to delete posts"),
    },
    environment=("THREADS_APP_ID", "THREADS_APP_SECRET"),
    steps=(
        _("Create an app at developers.facebook.com, My Apps, with the use case to access the Threads API."),
        _("In the use case, add the permissions listed here."),
        _("In the use case's settings, enter {callback} as a redirect callback URL."),
        _("Copy the Threads App ID and the Threads App secret there. They are not those of the app itself."),
        _("Until the app is reviewed, add your profile as a Threads tester under App roles, and accept in Threads."),
    ),
    id_label=_("Threads App ID"),
    secret_label=_("Threads App secret"),
)


def threads_platform(
    api: str = "https://graph.threads.net", site: str = "https://www.threads.net", patience: Patience = PATIENT
) -> Platform:
    """The platform, for Threads' servers or a test's."""
    return Platform(
        key="threads",
        name="Threads",
        capabilities=CAPABILITIES,
        connecting=connecting(api, site),
        publisher=ThreadsPublisher(patience),
        operations=OPERATIONS,
        terms=TERMS,
        home=OVERVIEW,
        max_request_seconds=60.0,
        look_up_after_seconds=20.0,
        about=_("Needs a developer app of Meta with the use case for Threads."),
        notes=(
            "A sign-in of its own, which lasts 60 days and is renewed before it ends. It needs a developer app of Meta.",
            "Threads fetches files itself: for media Masthead needs a public address, or media on S3.",
            "Threads are chains of replies to oneself. Who can reply and the topic are settings of the variant.",
            "Threads honours no key, so an unclear outcome is looked up in the profile's own posts and replies.",
            "A poll goes with a text alone: up to four answers, open for a day.",
            "The quotas of posts and replies are asked of Threads before each one, and shown as it tells them.",
        ),
        app=APP,
        history=ThreadsHistory(),
        archive=ThreadsArchive(),
        tested=(Tested.DESCRIPTION, Tested.CONTRACT),
    )


THREADS = threads_platform()

__all__ = ["THREADS", "threads_platform"]
