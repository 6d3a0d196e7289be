"""Addresses of the shell: a workspace's home, one's own data, health, metrics."""

from django.urls import path

from masthead.web import health, mine, reservation, views

app_name = "web"
urlpatterns = [
    path("w/<slug:slug>/", views.home, name="home"),
    path("account/data/", mine.data, name="my_data"),
    path("account/data/file/", mine.download, name="my_data_file"),
    path("account/data/leave/", mine.leave, name="leave"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("robots.txt", reservation.robots, name="robots"),
    path("license.xml", reservation.license_xml, name="license"),
    path(".well-known/tdmrep.json", reservation.tdmrep, name="tdmrep"),
    path("favicon.ico", views.favicon, name="favicon"),
]
