"""The tables of campaigns. All money is whole micros of the campaign's currency."""

from __future__ import annotations

from masthead.campaigns.models.campaign import Ad, AdGroup, Campaign, Creative, Picture
from masthead.campaigns.models.experiment import Arm, Experiment
from masthead.campaigns.models.launching import Flight, Step
from masthead.campaigns.models.moving import Decision, Move
from masthead.campaigns.models.results import Conversion, DayResult, Reading, TrackedLink, Visit

__all__ = [
    "Ad",
    "AdGroup",
    "Arm",
    "Campaign",
    "Conversion",
    "Creative",
    "DayResult",
    "Decision",
    "Experiment",
    "Flight",
    "Move",
    "Picture",
    "Reading",
    "Step",
    "TrackedLink",
    "Visit",
]
