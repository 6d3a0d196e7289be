"""Addresses of the pages about costs."""

from django.urls import path

from masthead.metering.plans import views as plans

app_name = "metering"
urlpatterns = [
    path("w/<slug:slug>/costs/plans/", plans.plans, name="plans"),
    path("w/<slug:slug>/costs/plans/reading-budget/", plans.reading_budget, name="reading_budget"),
]
