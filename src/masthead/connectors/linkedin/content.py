"""A segment as the Posts API wants it."""

from __future__ import annotations

from typing import Any

from masthead.connectors.linkedin.capabilities import DAYS, PUBLIC, QUESTION_LIMIT
from masthead.connectors.linkedin.connect import is_page
from masthead.connectors.linkedin.little import written
from masthead.contract.errors import Refused
from masthead.contract.http import Http
from masthead.contract.link_preview import preview
from masthead.contract.values import Account, Delivery, MediaKind, Poll, Segment

DAY = 86_400


def frame(account: Account, delivery: Delivery, segment: Segment) -> dict[str, Any]:
    """The post without what it shows beside its text. A Page's posts are public."""
    visibility = PUBLIC if is_page(account) else str(delivery.options.get("visibility") or PUBLIC)
    return {
        "author": account.remote_id,
        "commentary": written(segment.text),
        "visibility": visibility,
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }


def files(delivery: Delivery, segment: Segment, urns: list[str]) -> dict[str, Any]:
    """The content of a post with files: one, or several pictures."""
    shown = [
        {"id": urn} | ({"altText": one.alt} if one.alt and one.kind in (MediaKind.IMAGE, MediaKind.GIF) else {})
        for urn, one in zip(urns, segment.attachments, strict=True)
    ]
    if len(shown) > 1:
        return {"multiImage": {"images": shown}}
    one, title = segment.attachments[0], str(delivery.options.get("title") or "")
    if one.kind is MediaKind.DOCUMENT:
        title = title or one.file_name or "Document"
    return {"media": shown[0] | ({"title": title} if title else {})}


def poll(delivery: Delivery, text: str, asked: Poll) -> dict[str, Any]:
    """The content of a poll. Raises Refused where there is no question of a length LinkedIn takes."""
    question = str(delivery.options.get("poll_question") or text).strip()
    if not question or len(question) > QUESTION_LIMIT:
        raise Refused(
            f"A poll on LinkedIn needs a question of at most {QUESTION_LIMIT} characters.",
            field="options.poll_question",
            remedy="Enter the question in LinkedIn's settings of the post.",
        )
    duration = next((name for days, name in DAYS if asked.seconds <= days * DAY), DAYS[-1][1])
    options = [{"text": one} for one in asked.options]
    return {"poll": {"question": question, "options": options, "settings": {"duration": duration}}}


async def article(http: Http, delivery: Delivery) -> dict[str, Any]:
    """The content of a post with a link's card; nothing where no link is asked for. LinkedIn wants a title."""
    link, title = (str(delivery.options.get(name) or "").strip() for name in ("link", "link_title"))
    if not link:
        return {}
    page = await preview(http, link)
    card = {"source": link, "title": title or (page.title if page else link)}
    return {"article": card | ({"description": page.description} if page and page.description else {})}
