"""What an app may do depends on the product that LinkedIn granted it: scopes, readable posts, quotas."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Plan, Quota, Source
from masthead.kit.words import N_ as _

READ_ON = date(2026, 11, 24)
SHARE = Source("https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/share-on-linkedin", READ_ON)
TIERS = Source("https://learn.microsoft.com/en-us/linkedin/marketing/increasing-access", READ_ON)
POSTS_API = Source(
    "https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api", READ_ON
)
DAY = 86_400

SELF_SERVE, DEVELOPMENT, STANDARD, MEMBER_READ = "share", "development", "standard", "member_read"
_PAGES = (
    "r_basicprofile",
    "w_member_social",
    "w_organization_social",
    "r_organization_social",
    "rw_organization_admin",
)
SCOPES = {
    SELF_SERVE: ("openid", "profile", "w_member_social"),
    DEVELOPMENT: _PAGES,
    STANDARD: _PAGES,
    MEMBER_READ: (*_PAGES, "r_member_social"),
}
"""LinkedIn refuses the whole sign-in where an app asks for a scope it was not granted, so each product has its own list."""

PLANS = (
    Plan(
        SELF_SERVE,
        _("Share on LinkedIn, with OpenID Connect (profiles only)"),
        SHARE,
        quotas=(Quota("api", "account", 150, DAY, SHARE), Quota("api", "app", 100_000, DAY, SHARE)),
    ),
    Plan(
        DEVELOPMENT,
        _("Community Management API, Development tier"),
        TIERS,
        quotas=(Quota("api", "account", 100, DAY, TIERS), Quota("api", "app", 500, DAY, TIERS)),
    ),
    Plan(STANDARD, _("Community Management API, Standard tier"), TIERS),
    Plan(MEMBER_READ, _("Community Management API, with r_member_social"), POSTS_API),
)
"""The first is what anybody gets at once. Numbers of the Standard tier are shown in LinkedIn's developer portal only."""


def plan_of(told: object) -> str:
    """A known plan; the first for anything else."""
    return str(told) if told in SCOPES else SELF_SERVE
