"""The parts of Threads' answers that we read."""

from __future__ import annotations

from datetime import datetime

from masthead.connectors.meta.wire import Addressed, Child, Children, Paging, Shape, Timed


class Me(Shape):
    """/me."""

    id: str
    username: str = ""
    name: str | None = ""
    threads_profile_picture_url: str | None = ""


class Named(Shape):
    """Another post."""

    id: str = ""


class Poll(Shape):
    """A poll's answers."""

    option_a: str | None = None
    option_b: str | None = None
    option_c: str | None = None
    option_d: str | None = None

    @property
    def answers(self) -> list[str]:
        """Those it has."""
        return [one for one in (self.option_a, self.option_b, self.option_c, self.option_d) if one]


class Post(Timed, Child, Addressed):
    """A post or a reply."""

    timestamp: datetime
    text: str = ""
    children: Children = Children()
    replied_to: Named = Named()
    poll_attachment: Poll = Poll()

    @property
    def parts(self) -> list[Child]:
        """The single pictures and videos; none for a text."""
        whole: list[Child] = [self] if self.media_type in ("IMAGE", "VIDEO") else []
        return list(self.children.data) or whole


class Posts(Shape):
    """/threads and /replies."""

    data: list[Post] = []
    paging: Paging = Paging()
