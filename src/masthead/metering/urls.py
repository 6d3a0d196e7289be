"""Addresses of the pages about costs."""

from django.urls import path

from masthead.metering.costs import views as costs
from masthead.metering.plans import views as plans

app_name = "metering"
urlpatterns = [
    path("w/<slug:slug>/costs/", costs.page, name="costs"),
    path("w/<slug:slug>/costs/file/", costs.file, name="costs_file"),
    path("w/<slug:slug>/costs/plans/", plans.plans, name="plans"),
    path("w/<slug:slug>/costs/plans/reading-budget/", plans.reading_budget, name="reading_budget"),
]
