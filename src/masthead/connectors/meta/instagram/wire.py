"""The parts of Instagram's answers that we read."""

from __future__ import annotations

from datetime import datetime

from masthead.connectors.meta.wire import Paging, Shape, Timed


class Container(Shape):
    """How far a container is."""

    id: str
    status_code: str = "IN_PROGRESS"
    status: str = ""


class Config(Shape):
    """A quota."""

    quota_total: int = 0
    quota_duration: int = 86_400


class Limit(Shape):
    """How much of the quota of posts is used."""

    quota_usage: int = 0
    config: Config = Config()


class Limits(Shape):
    """/content_publishing_limit."""

    data: list[Limit] = []


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


class Media(Timed, Child):
    """A post, reel or story."""

    timestamp: datetime
    caption: str = ""
    media_product_type: str = ""
    permalink: str = ""
    like_count: float | None = None
    comments_count: float | None = None
    children: Children = Children()

    @property
    def parts(self) -> list[Child]:
        """The single pictures and videos."""
        return list(self.children.data) or [self]


class MediaList(Shape):
    """/media and /stories."""

    data: list[Media] = []
    paging: Paging = Paging()
