"""Every address of Masthead. Domains keep their own; all of a workspace lies under /w/<slug>/."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/", include("masthead.api.urls")),
    path("", include("masthead.web.urls")),
    path("", include("masthead.workspaces.urls")),
    path("", include("masthead.notifications.urls")),
    path("", include("masthead.metering.urls")),
    path("", include("masthead.metering.caps.urls")),
    path("", include("masthead.channels.urls")),
    path("", include("masthead.media.urls")),
    path("", include("masthead.posts.urls")),
    path("", include("masthead.campaigns.urls")),
    path("", include("masthead.rights.urls")),
]
