"""Addresses of the shell: a workspace's home, health, metrics."""

from django.urls import path

from masthead.web import health, views

app_name = "web"
urlpatterns = [
    path("w/<slug:slug>/", views.home, name="home"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("robots.txt", health.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
