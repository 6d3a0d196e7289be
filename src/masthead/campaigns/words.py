"""Problems of a plan in words, each with its remedy."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from masthead.campaigns.check import Problem
from masthead.kit.money import Money

WORDS: dict[str, tuple[Any, Any]] = {
    "no_creative": (_("There is no creative yet."), _("Write one.")),
    "no_boost": (
        _("A published post cannot become an ad here."),
        _("Leave this ad account out, or write a creative for it."),
    ),
    "button_not_there": (
        _("This platform has no such button; the ad goes out without one."),
        _("Choose another button."),
    ),
    "no_such_goal": (_("This goal cannot be had here."), _("Leave this ad account out, or choose another goal.")),
    "other_currency": (
        _("The ad account pays in %(account)s, the campaign in %(wanted)s."),
        _("Leave this ad account out, or make a campaign in its currency."),
    ),
    "below_minimum": (
        _("At least %(minimum)s a day are needed here; its share is %(share)s."),
        _("Raise the budget, give it a bigger share, or leave it out."),
    ),
    "no_start": (_("The first day is missing."), _("Choose one.")),
    "ends_before_start": (_("The last day is before the first."), _("Choose a later one.")),
    "too_many_days": (_("The campaign runs for %(days)s days; here it may for %(most)s."), _("Choose an earlier end.")),
    "no_place": (_("No place is chosen."), _("Choose at least one country.")),
    "countries_only": (
        _("Only whole countries can be chosen here."),
        _("Choose the country, or leave this ad account out."),
    ),
    "ages": (_("Ages from %(youngest)s to %(oldest)s can be chosen here."), _("Change the ages.")),
    "ages_turned": (_("The youngest age is above the oldest."), _("Change the ages.")),
    "no_keywords": (
        _("Ads are found by the words people search for here, and none are given."),
        _("Give some search words."),
    ),
    "category_not_there": (
        _("This platform does not know the special category."),
        _("Nothing: it is told to those that do."),
    ),
    "part_not_shown": (_("Ads have no such text here."), _("Nothing: it is shown elsewhere.")),
    "too_few": (_("%(count)s texts that fit; at least %(least)s are needed."), _("Write more.")),
    "too_many": (_("%(count)s texts; the first %(most)s are used."), _("Put the best ones first.")),
    "too_long": (_("Too long: %(used)s of %(limit)s."), _("Shorten it by %(over)s, or it is left out here.")),
    "cut_when_shown": (
        _("Only about the first %(shown)s characters are shown at first."),
        _("Say the most important thing first."),
    ),
    "no_pictures": (_("Ads have no pictures here."), _("Nothing: they are shown elsewhere.")),
    "picture_missing": (_("At least %(least)s picture is needed here."), _("Add one.")),
    "too_many_pictures": (_("%(count)s pictures; the first %(most)s are used."), _("Put the best ones first.")),
    "picture_kind": (_("Pictures of this kind are not taken here."), _("Use JPEG or PNG.")),
    "picture_too_large": (_("The picture is larger than %(bytes)s bytes."), _("Use a smaller file.")),
    "picture_too_small": (_("The picture must be at least %(width)s × %(height)s."), _("Use a larger one.")),
    "picture_shape": (_("The picture has a shape that is not taken here."), _("Crop it, or add another one.")),
    "not_reviewed": (_("A model drafted this, and nobody has reviewed it."), _("Read it, and say that it is right.")),
    "not_connected": (_("The ad account must be connected again."), _("Connect it again.")),
    "not_out": (_("The post is not out on this platform."), _("Choose a post that was published there.")),
    "no_landing": (_("The address that clicks lead to is missing."), _("Give one that begins with https://.")),
    "no_budget": (_("The budget is missing."), _("Say what may be spent a day, or in all.")),
    "no_account": (_("No ad account is chosen."), _("Choose at least one.")),
    "started": (_("The first day is over already."), _("Choose today or a later day.")),
}


def told(problem: Problem, currency: str) -> tuple[str, str]:
    """A problem and its remedy, with amounts in the campaign's currency."""
    why, remedy = WORDS[problem.code]
    numbers = {
        name: str(Money(value, currency)) if name in ("minimum", "share") else value
        for name, value in problem.numbers.items()
    }
    return (str(why) % numbers, str(remedy) % numbers) if numbers else (str(why), str(remedy))
