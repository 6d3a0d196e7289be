"""What people are told about: a table of kinds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """A kind of notification; people choose for each whether they get it, and how."""

    FAILED = "failed", _("A post was not published")
    UNCONFIRMED = "unconfirmed", _("It is not known whether a post is out")
    EXPIRED = "expired", _("A post was too late to be published")
    OVER_BUDGET = "over_budget", _("A cap on spending is reached")
    NEEDS_RECONNECT = "needs_reconnect", _("A channel needs to be connected again")
    SUNSET = "sunset", _("A platform or channel ends")
    APPROVAL_ASKED = "approval_asked", _("Somebody asks for approval")
    APPROVAL_GIVEN = "approval_given", _("A post of yours was approved")
    CHANGES_ASKED = "changes_asked", _("Somebody asks for changes to a post of yours")
    MENTION = "mention", _("Somebody mentions you")
    AUDIT = "audit", _("An audit that you asked for has ended")
