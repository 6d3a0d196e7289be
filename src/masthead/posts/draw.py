"""Beside step 1, the second wording; inside step 4, the draw: chance decides which of the two goes out, once and for all."""

from __future__ import annotations

import random
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from masthead.posts.compose import Invalid, cleaned, searched
from masthead.posts.models import Move, Post, Twin
from masthead.posts.twins import Segments, commitment_of, forget, reworded, twin_of, valid, wrong_text

CHANCE = secrets.SystemRandom()
"""The coin: the operating system's own randomness, which nobody can foresee or repeat."""


@transaction.atomic
def word(post: Post, wording: str) -> None:
    """Give the post a second wording of its first part, or another one; without words it is taken back.

    Raises Invalid where it is drawn already, or where the first one was on the schedule before and so may be known.
    """
    stored = Post.objects.select_for_update().get(pk=post.pk)
    twin, text = twin_of(stored), cleaned([{"text": wording}])[0]["text"]
    forget(post)
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
    forget(stored)
    Post.objects.filter(pk=stored.pk).update(search_text=searched(stored))


def draw(post: Post, *, coin: random.Random, now: datetime, actor: str) -> bool:
    """Draw where two wordings wait, and put the one that fell into the post and its channels; True when it did.

    The post's row must be locked, so that it happens once. Its version moves on: an open page knows the text of before.
    The commitment is written down among the post's moves as well.
    """
    twin = Twin.objects.select_for_update().filter(post=post, drawn=None).first()
    if twin is None:
        return False
    twin.original = post.segments[0]["text"]
    twin.drawn, twin.drawn_at = coin.choice([Twin.Drawn.FIRST, Twin.Drawn.SECOND]), now
    twin.nonce = coin.randbytes(32).hex()
    twin.commitment = commitment_of(twin)
    twin.save()
    forget(post)
    _put(post, twin.published)
    _note(post, _("one of two wordings drawn, commitment %s") % twin.commitment, actor, now)
    return True


def spoil(post: Post, segments: Segments, *, now: datetime, actor: str) -> None:
    """Make the pair void where these segments, which go out, say something else than what fell. It stays void."""
    twin = valid(post)
    if twin and wrong_text(twin, segments):
        twin.voided_at = now
        twin.save(update_fields=["voided_at"])
        _note(post, _("text changed after the draw: this pair of wordings proves nothing any more"), actor, now)


def _note(post: Post, why: str, actor: str, now: datetime) -> None:
    Move.objects.create(post=post, source=post.state, target=post.state, why=why, actor=actor, at=now)


def _put(post: Post, text: str) -> None:
    for one in post.variants.exclude(segments=None):
        one.segments = reworded(one.segments, text)
        one.save(update_fields=["segments"])
    post.segments = reworded(post.segments, text)
    post.search_text = searched(post)
    post.version += 1
    post.save(update_fields=["segments", "search_text", "version", "updated_at"])
