"""Beside step 1, the second wording; inside step 4, the draw: chance decides which of the two goes out, once and for all."""

from __future__ import annotations

import hashlib
import random
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from masthead.posts.compose import Invalid, cleaned, words_of
from masthead.posts.models import Post, Twin
from masthead.posts.twins import reworded, twin_of

CHANCE = secrets.SystemRandom()
"""The coin: the operating system's own randomness, which nobody can foresee or repeat."""


@transaction.atomic
def word(post: Post, wording: str) -> None:
    """Give the post a second wording of its first part, or another one; without words it is taken back.

    Raises Invalid where it is drawn already, or where the first one was on the schedule before and so may be known.
    """
    stored = Post.objects.select_for_update().get(pk=post.pk)
    twin, text = twin_of(stored), cleaned([{"text": wording}])[0]["text"]
    post._state.fields_cache.pop("twin", None)
    if twin and twin.drawn:
        raise Invalid(
            "twin", _("The wordings are drawn; the second one is closed."), _("Write a new post for another pair.")
        )
    if not text.strip():
        Twin.objects.filter(post=stored).delete()
    elif stored.publications.exists():
        raise Invalid("twin", _("This text was on the schedule before."), _("Write a new post for a pair of wordings."))
    else:
        Twin.objects.update_or_create(post=stored, defaults={"wording": text})


def draw(post: Post, *, coin: random.Random, now: datetime) -> bool:
    """Draw where two wordings wait, and put the one that fell into the post and its channels; True when it did.

    The post's row must be locked, so that it happens once. Its version moves on: an open page knows the text of before.
    """
    twin = Twin.objects.select_for_update().filter(post=post, drawn=None).first()
    if twin is None:
        return False
    twin.original = post.segments[0]["text"]
    twin.drawn, twin.drawn_at = coin.choice([Twin.Drawn.FIRST, Twin.Drawn.SECOND]), now
    twin.published_digest, twin.kept_digest = _digest(twin.published), _digest(twin.kept)
    twin.save()
    _put(post, twin.published)
    post._state.fields_cache.pop("twin", None)
    return True


def _put(post: Post, text: str) -> None:
    for one in post.variants.exclude(segments=None):
        one.segments = reworded(one.segments, text)
        one.save(update_fields=["segments"])
    post.segments = reworded(post.segments, text)
    post.search_text = words_of(post.segments, *post.variants.values_list("segments", flat=True))
    post.version += 1
    post.save(update_fields=["segments", "search_text", "version", "updated_at"])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
