"""The parts of Threads' answers that we read."""

from __future__ import annotations

from datetime import datetime

from masthead.connectors.meta.wire import Paging, Shape, Timed


class Me(Shape):
    """/me."""

    id: str
    username: str = ""
    name: str | None = ""
    threads_profile_picture_url: str | None = ""


class Container(Shape):
    """How far a container is."""

    id: str
    status: str = "IN_PROGRESS"
    error_message: str = ""


class Config(Shape):
    """A quota."""

    quota_total: int = 0
    quota_duration: int = 86_400


class Limit(Shape):
    """How much of the quotas of posts and replies is used."""

    quota_usage: int = 0
    config: Config = Config()
    reply_quota_usage: int = 0
    reply_config: Config = Config()


class Limits(Shape):
    """/threads_publishing_limit."""

    data: list[Limit] = []


class Named(Shape):
    """Another post."""

    id: str = ""


class Child(Shape):
    """One part of a carousel."""

    id: str
    media_type: str = ""
    media_url: str = ""
    thumbnail_url: str = ""
    alt_text: str | None = ""


class Children(Shape):
    """The parts of a carousel."""

    data: list[Child] = []


class Post(Timed, Child):
    """A post or a reply."""

    timestamp: datetime
    text: str = ""
    permalink: str = ""
    children: Children = Children()
    replied_to: Named = Named()

    @property
    def parts(self) -> list[Child]:
        """The single pictures and videos; none for a text."""
        whole: list[Child] = [self] if self.media_type in ("IMAGE", "VIDEO") else []
        return list(self.children.data) or whole


class Posts(Shape):
    """/threads and /replies."""

    data: list[Post] = []
    paging: Paging = Paging()
