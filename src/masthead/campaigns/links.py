"""A click on an ad: counted, and led on to the landing page with our click id in its address. No cookie, no address of the visitor."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from masthead.campaigns.models import TrackedLink, Visit
from masthead.campaigns.order import rules_of

CLICK = "mh_click"
ROBOT = re.compile(r"bot\b|crawl|spider|preview|externalhit|curl/|python|monitor|scan", re.IGNORECASE)


def visit(link: TrackedLink, query: dict[str, str], agent: str, now: datetime) -> str:
    """Count a click and return where it leads. `query`: what the platform added to the address, its click id among it."""
    names = rules_of(link.ad.group.channel).click_ids
    told = next((query[name] for name in names if query.get(name)), "")
    row = Visit.objects.create(
        link=link, platform_click=told[:300], at=now, robot=not agent or bool(ROBOT.search(agent))
    )
    passed = {name: value for name, value in query.items() if name in names}
    return with_marks(link.url, {**passed, CLICK: row.click.hex})


def with_marks(url: str, marks: dict[str, str]) -> str:
    """The address with more in its query; what has the same name is replaced."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in marks]
    return urlunsplit(parts._replace(query=urlencode([*query, *marks.items()])))
