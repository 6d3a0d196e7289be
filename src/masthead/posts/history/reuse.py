"""Use a past post again: a new draft with its text, for its channel. Files are references only, so they are added anew."""

from __future__ import annotations

from django.db import transaction

from masthead.channels.models import Channel
from masthead.posts.compose import choose_channels, draft
from masthead.posts.models import PastPost, Post
from masthead.workspaces.models import User


@transaction.atomic
def use_again(past: PastPost, author: User) -> Post:
    """A draft with the text of a past post; its channel is chosen while it is connected."""
    post = draft(past.workspace, author, [{"text": past.text}], language=past.language[:12])
    if past.channel.condition == Channel.Condition.CONNECTED:
        choose_channels(post, [past.channel])
    return post
