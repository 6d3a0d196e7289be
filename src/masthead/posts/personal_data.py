"""What this domain holds about a person: who wrote, scheduled, moved and commented. The posts belong to the workspace."""

from __future__ import annotations

from typing import Any

from masthead.posts.models import Comment, Export, Move, Post, Publication
from masthead.workspaces.models import User

HELD = {
    "posts": "which posts the person began, and when; the name is taken off when the person is erased",
    "scheduled": "which publications the person scheduled, and when; the name is taken off",
    "moves": "what the person did with posts, when and why; kept with the post, without the address once erased",
    "exports": "which exports the person asked for, and when; the name is taken off",
    "comments": "what the person said about posts; the text stays with the post, the name is taken off",
}


def export(user: User) -> dict[str, Any]:
    """Everything held about the person, as values that fit into JSON."""
    posts = Post.objects.filter(author=user).order_by("pk")
    scheduled = Publication.objects.filter(created_by=user).order_by("pk")
    moves = Move.objects.filter(actor=user.email).order_by("pk")
    said = Comment.objects.filter(user=user).order_by("pk")
    return {
        "posts": _rows(posts, "id", "workspace__name", "title", "state", "created_at"),
        "scheduled": _rows(scheduled, "id", "workspace__name", "channel__name", "publish_at", "created_at"),
        "moves": _rows(moves, "post_id", "publication_id", "source", "target", "why", "at"),
        "exports": _rows(Export.objects.filter(asked_by=user), "workspace__name", "state", "created_at"),
        "comments": _rows(said, "post_id", "text", "at"),
    }


def erase(user: User) -> None:
    """Take the person's name and address off."""
    Post.objects.filter(author=user).update(author=None)
    Publication.objects.filter(created_by=user).update(created_by=None)
    Export.objects.filter(asked_by=user).update(asked_by=None)
    Comment.objects.filter(user=user).update(user=None)
    Move.objects.filter(actor=user.email).update(actor="-")


def _rows(found: Any, *names: str) -> list[dict[str, Any]]:
    rows = list(found.values(*names))
    return [{k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()} for row in rows]
