"""What an app may do on X depends on its plan: quotas, and what self-serve plans lack. Dates are those of the facts."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Plan, Quota, Source
from masthead.kit.words import N_ as _

RATES = Source("https://docs.x.com/x-api/fundamentals/rate-limits", date(2026, 8, 22))
LEGACY = Source(
    "https://github.com/xdevplatform/docs/blob/7c59f7be/x-api/fundamentals/rate-limits.mdx", date(2025, 12, 1)
)
PRICES = Source("https://docs.x.com/x-api/getting-started/pricing", date(2026, 8, 22))
QUOTES = Source("https://docs.x.com/changelog", date(2026, 8, 22))
ENTERPRISE = Source("https://docs.x.com/enterprise-api/getting-started/pricing", date(2026, 8, 22))

QUARTER, DAY = 900, 86_400
SELF_SERVE = {"without_options": ("quote",), "inbox_summoned": ("mention", "comment")}
"""Posts that quote another were taken out of the self-serve API on 20 April 2026; since 23 February 2026 a post may be answered only if
its author mentioned or quoted the account."""
NO_MESSAGES = {"inbox_without_streams": ("messages",), "inbox_without_answers": ("direct",)}


def _quotas(source: Source, *rows: tuple[str, str, int, int]) -> tuple[Quota, ...]:
    return tuple(Quota(bucket, scope, limit, seconds, source) for bucket, scope, limit, seconds in rows)


MEDIA = (
    ("media", "account", 500, QUARTER),
    ("media", "app", 50_000, DAY),
    ("metadata", "account", 500, QUARTER),
)
MESSAGES = (
    ("messages", "account", 15, QUARTER),
    ("messages_with", "account", 15, QUARTER),
    ("send_message", "account", 15, QUARTER),
    ("send_message", "account", 1_440, DAY),
    ("send_message", "app", 1_440, DAY),
)
PAY_PER_USE = _quotas(
    RATES,
    ("posts", "account", 100, QUARTER),
    ("posts", "app", 10_000, DAY),
    ("deletes", "account", 50, QUARTER),
    ("lookup", "account", 5_000, QUARTER),
    ("own_posts", "account", 900, QUARTER),
    ("own_posts", "app", 10_000, QUARTER),
    ("me", "account", 75, QUARTER),
    ("mentions", "account", 300, QUARTER),
    ("mentions", "app", 450, QUARTER),
    *MESSAGES,
    ("usage", "app", 50, QUARTER),
    *MEDIA,
)
BASIC = _quotas(
    LEGACY,
    ("posts", "account", 100, DAY),
    ("posts", "app", 1_667, DAY),
    ("deletes", "account", 5, QUARTER),
    ("lookup", "account", 15, QUARTER),
    ("own_posts", "account", 5, QUARTER),
    ("own_posts", "app", 10, QUARTER),
    ("me", "account", 250, DAY),
    ("mentions", "account", 10, QUARTER),
    ("mentions", "app", 15, QUARTER),
    ("messages", "account", 1, DAY),
    ("messages_with", "account", 1, DAY),
    ("send_message", "account", 1, DAY),
    ("usage", "app", 50, QUARTER),
)
PRO = _quotas(
    LEGACY,
    ("posts", "account", 100, QUARTER),
    ("posts", "app", 10_000, DAY),
    ("deletes", "account", 50, QUARTER),
    ("lookup", "account", 900, QUARTER),
    ("own_posts", "account", 900, QUARTER),
    ("own_posts", "app", 1_500, QUARTER),
    ("me", "account", 75, QUARTER),
    ("mentions", "account", 300, QUARTER),
    ("mentions", "app", 450, QUARTER),
    *MESSAGES,
    ("usage", "app", 50, QUARTER),
)
FREE = _quotas(
    LEGACY,
    ("posts", "account", 17, DAY),
    ("posts", "app", 17, DAY),
    ("deletes", "account", 17, DAY),
    ("lookup", "account", 1, QUARTER),
    ("own_posts", "account", 1, QUARTER),
    ("me", "account", 25, DAY),
    ("mentions", "account", 1, QUARTER),
    ("usage", "app", 1, QUARTER),
)

PLANS = (
    Plan("ppu", _("Pay per use"), PRICES, SELF_SERVE, PAY_PER_USE),
    Plan("basic", _("Basic (no longer sold)"), LEGACY, SELF_SERVE, BASIC),
    Plan("pro", _("Pro (no longer sold)"), LEGACY, SELF_SERVE, PRO),
    Plan("free", _("Free (no longer given out)"), LEGACY, SELF_SERVE | NO_MESSAGES, FREE),
    Plan("enterprise", _("Enterprise"), ENTERPRISE, {"without_patterns": ("cashtags",)}),
)
"""Pay per use is what a new app gets. Enterprise has no quotas of its own here: each contract names others."""
