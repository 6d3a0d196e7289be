"""The parts of Instagram's answers that we read."""

from __future__ import annotations

from datetime import datetime

from masthead.connectors.meta.wire import Addressed, Child, Children, Paging, Shape, Timed


class Media(Timed, Child, Addressed):
    """A post, reel or story."""

    timestamp: datetime
    caption: str = ""
    media_product_type: str = ""
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
