"""Which files posts still need; media asks through settings.MEDIA_USED_BY."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from masthead.media.models import Asset
from masthead.posts.models import Post, Publication, Variant
from masthead.posts.states import Editorial, State

OVER = (State.PUBLISHED, State.REMOVED, State.CANCELLED, State.EXPIRED)


def is_used(asset: Asset) -> bool:
    """True where a publication that may still go out, or a post that was never published, has the file."""
    part: list[dict[str, Any]] = [{"attachments": [{"asset": asset.pk}]}]
    sent = Publication.objects.filter(workspace=asset.workspace_id)
    if sent.filter(content__segments__contains=part).exclude(state__in=OVER).exists():
        return True
    posts = (
        Post.objects.filter(workspace=asset.workspace_id)
        .exclude(state=Editorial.ARCHIVED)
        .exclude(pk__in=sent.filter(state=State.PUBLISHED).values("post"))
    )
    tailored = Variant.objects.filter(segments__contains=part).values("post")
    return posts.filter(Q(segments__contains=part) | Q(pk__in=tailored)).exists()
