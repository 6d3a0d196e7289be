"""Never spend more than the cap: what a platform may still do at worst is held back before a budget is raised. Pure.

>>> from masthead.campaigns.pacing import Rule, Standing, guard
>>> rule = Rule(over_delivery_percent=200)
>>> plan = guard(100_000_000, [60_000_000], [rule], [Standing()], days_left=1)
>>> plan.orders[0].budget, plan.orders[0].days
(50000000, 1)
"""

from masthead.campaigns.pacing.guard import Order, Plan, guard
from masthead.campaigns.pacing.standing import OpenDay, Rule, Standing, exposure, reported

__all__ = ["OpenDay", "Order", "Plan", "Rule", "Standing", "exposure", "guard", "reported"]
