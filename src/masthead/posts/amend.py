"""Step 7, after confirm: edit or remove on the platform; and what a person says about an unconfirmed one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils.translation import gettext as _

from masthead.channels.calling import calling
from masthead.channels.queries import account
from masthead.connectors import PLATFORMS
from masthead.contract.calls import Purpose
from masthead.contract.errors import Unsupported
from masthead.contract.values import Account, Delivery, Segment
from masthead.posts.compose import MOST_TEXT, Invalid, refuse_kept
from masthead.posts.draw import spoil
from masthead.posts.models import Move, Publication
from masthead.posts.moves import move_publication
from masthead.posts.parcel import poll_from, receipts_from, receipts_json
from masthead.posts.problems import capabilities_of
from masthead.posts.schedule import late_after, refuse_ended
from masthead.posts.states import DELIVERY, State


def remove(publication: Publication, *, now: datetime, actor: str) -> None:
    """Delete on the platform, last segment first; raises a ConnectorError when the platform does not do it."""
    DELIVERY.check_move(State(publication.state), State.REMOVED)
    async_to_sync(_remove)(publication, account(publication.channel))
    move_publication(publication, State.REMOVED, actor=actor, now=now, why=_("deleted on the platform"))


async def _remove(publication: Publication, who: Account) -> None:
    platform = PLATFORMS[publication.channel.platform]
    async with calling(publication.channel, Purpose.PUBLISH) as http:
        for receipt in reversed(receipts_from(publication.receipts)):
            await platform.publisher.remove(http, who, receipt)


def edit(publication: Publication, texts: list[str], *, now: datetime, actor: str) -> None:
    """Change the text of what is out, segment by segment; raises Unsupported where the platform cannot."""
    can = capabilities_of(publication.channel)
    if can is None or not can.edit:
        raise Unsupported(_("This platform cannot change what is published."), remedy=_("Delete it and publish anew."))
    parts = publication.content["segments"]
    if any(len(text) > MOST_TEXT for text in texts):
        raise Invalid("segments", _("The text is longer than any platform takes."), _("Shorten it."))
    if publication.state != State.PUBLISHED or len(texts) != len(parts):
        raise Invalid("segments", _("Only a published post can be changed, part by part."), _("Reload the page."))
    content = {
        **publication.content,
        "segments": [{**part, "text": text} for part, text in zip(parts, texts, strict=True)],
    }
    refuse_kept(publication.post, content["segments"])
    receipts = async_to_sync(_edit)(publication, account(publication.channel), content)
    with transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(content=content, receipts=receipts)
        spoil(publication.post, content["segments"], now=now, actor=actor)
        _note(publication, actor, now)


def _note(publication: Publication, actor: str, now: datetime) -> None:
    Move.objects.create(
        post_id=publication.post_id,
        publication=publication,
        source=State.PUBLISHED,
        target=State.PUBLISHED,
        why=_("text changed on the platform"),
        actor=actor,
        at=now,
    )


async def _edit(publication: Publication, who: Account, content: dict[str, Any]) -> list[dict[str, Any]]:
    platform = PLATFORMS[publication.channel.platform]
    receipts = receipts_from(publication.receipts)
    segments = tuple(Segment(part["text"], (), poll_from(part.get("poll"))) for part in content["segments"])
    parcel = Delivery(
        publication.key.hex, segments, publication.created_at, content.get("language", ""), content["options"]
    )
    async with calling(publication.channel, Purpose.PUBLISH) as http:
        for index, old in enumerate(publication.content["segments"]):
            if old["text"] != segments[index].text:
                fresh = await platform.publisher.edit(http, who, parcel, index, tuple(receipts))
                receipts[index] = replace(fresh, processing=False)
    return receipts_json(receipts)


def say_it_is_there(publication: Publication, url: str, *, now: datetime, actor: str) -> None:
    """A person looked and found it."""
    if url and not url.startswith(("https://", "http://")):
        raise Invalid("url", _("The address must start with https://."), _("Copy it from your browser."))
    _said(publication)
    move_publication(
        publication,
        State.PUBLISHED,
        actor=actor,
        now=now,
        why=_("a person found it on the platform"),
        remote_url=url[:1000],
        published_at=now,
        reason="",
        remedy="",
    )


def say_it_is_not_there(publication: Publication, *, again: bool, now: datetime, actor: str) -> None:
    """A person looked and did not find it: try again, or give up."""
    _said(publication)
    why = _("a person did not find it on the platform")
    if again:
        refuse_ended(publication.channel, now)
        times = {"publish_at": now, "not_before": now, "expires_at": now + late_after(publication.post)}
        move_publication(publication, State.SCHEDULED, actor=actor, now=now, why=why, reason="", remedy="", **times)
    else:
        move_publication(publication, State.FAILED, actor=actor, now=now, why=why, reason="not_there", remedy="")


def _said(publication: Publication) -> None:
    if publication.state != State.UNCONFIRMED or publication.check_at is not None:
        raise Invalid("state", _("This one is not waiting for your answer."), _("Reload the page."))
